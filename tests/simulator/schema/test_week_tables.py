"""Shifts of a week, schedules and absences, one row each."""

import pytest
from pydantic import TypeAdapter, ValidationError

from simulator.schema.calendar import WEEKDAYS, Absence, Schedule, Shifts, TimeOfDay, parse_shifts, parse_time_of_day


def shown(week):
    """The days with work and their hours, such as ``Mon 540-780``."""
    return "; ".join(
        f"{day} {','.join(f'{start}-{end}' for start, end in intervals)}"
        for day, intervals in zip(WEEKDAYS, week, strict=True)
        if intervals
    )


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Mon 09:00-17:00", "Mon 540-1020"),
        ("mon 9:00-17:00", "Mon 540-1020"),
        ("MON-TUE 09:00-10:00", "Mon 540-600; Tue 540-600"),
        ("  Mon - Tue   09:00 - 10:00  ", "Mon 540-600; Tue 540-600"),
        ("Mon,Wed 09:00-10:00", "Mon 540-600; Wed 540-600"),
        ("Mon, Wed-Thu 09:00-10:00", "Mon 540-600; Wed 540-600; Thu 540-600"),
        ("Sat-Sun 00:00-24:00", "Sat 0-1440; Sun 0-1440"),
        ("Sun-Mon 08:00-09:00", "Mon 480-540; Sun 480-540"),
        ("Mon 14:00-18:00, 09:00-13:00", "Mon 540-780,840-1080"),
        ("Mon 09:00-12:00; Mon 11:00-13:00", "Mon 540-780"),
        ("Mon 09:00-18:00, 10:00-11:00", "Mon 540-1080"),
        ("Mon 22:00-06:00", "Mon 1320-1440; Tue 0-360"),
        ("Mon-Tue 22:00-06:00", "Mon 1320-1440; Tue 0-360,1320-1440; Wed 0-360"),
        ("Sun 22:00-00:30", "Mon 0-30; Sun 1320-1440"),
        ("Mon 22:00-00:00", "Mon 1320-1440"),
        ("Mon 20:00-24:00; Tue 00:00-04:00", "Mon 1200-1440; Tue 0-240"),
        ("Mon 09:00-09:00", "Mon 540-1440; Tue 0-540"),
        ("Mon 22:00-06:00; Tue 05:00-09:00", "Mon 1320-1440; Tue 0-540"),
    ],
)
def test_the_working_hours_of_a_week(text, week):
    """Days in any spelling, nights that go on the next morning, overlaps counted once."""
    assert shown(parse_shifts(text)) == week
    assert TypeAdapter(Shifts).validate_python(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Monday 09:00-17:00", "cannot read the shift 'Monday 09:00-17:00'"),
        ("Mon09:00-17:00", "cannot read the shift"),
        ("weekdays", "cannot read the shift 'weekdays': write 'Mon-Fri 09:00-13:00"),
        ("Always", "or 'always'"),
        ("Abc 09:00-17:00", "'Abc' is no weekday: write Mon, Tue, Wed, Thu, Fri, Sat, Sun"),
        ("Mon-Xyz 09:00-17:00", "'Xyz' is no weekday"),
        ("Mon 09:00", "cannot read the hours '09:00'"),
        ("Mon 09:00-12:00,", "cannot read the hours ''"),
        ("Mon 9h-17h", "cannot read the hours '9h-17h': write '09:00-13:00'"),
        ("Mon 09:00-17:60", "'09:00-17:60' is no time of day: hours go to 24:00, minutes to 59"),
        ("Mon 24:01-25:00", "is no time of day"),
        ("Tue 09:00-10:00;;", "cannot read the shift ''"),
    ],
)
def test_hours_that_cannot_be_read(text, words):
    """What cannot be read is quoted, with a way to write it."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Shifts).validate_python(text)
    assert words in str(caught.value)


def test_shifts_may_be_a_list():
    """Each item is a shift, and they are kept as one text."""
    listed = ["Mon 09:00-17:00", "Sat 09:00-13:00"]
    assert TypeAdapter(Shifts).validate_python(listed) == "Mon 09:00-17:00; Sat 09:00-13:00"


@pytest.mark.parametrize(
    ("text", "minutes"), [("00:00", 0), ("0:05", 5), ("9:30", 570), (" 17:00", 1020), ("23:59", 1439), ("24:00", 1440)]
)
def test_times_of_day(text, minutes):
    """Minutes from midnight, and the text is kept."""
    assert parse_time_of_day(text) == minutes
    assert TypeAdapter(TimeOfDay).validate_python(text) == text


@pytest.mark.parametrize("text", ["", "17", "17.00", "17:0", "17:00:00", "24:01", "25:00", "12:60", "-1:00", 1020])
def test_what_is_no_time_of_day(text):
    """The sentence quotes it and shows how a time is written."""
    with pytest.raises(ValidationError, match="write '17:00'"):
        TypeAdapter(TimeOfDay).validate_python(text)


@pytest.mark.parametrize(
    "fields",
    [
        {"weekdays": ["Mon", "Sun"]},
        {"month_days": [1, 28, "last"]},
        {"dates": ["2026-12-31"], "at": "24:00"},
        {"weekdays": ["Fri"], "month_days": ["last"], "dates": ["2026-01-05"], "at": "9:00"},
    ],
)
def test_schedules(fields):
    """Any of the three ways is enough, and midnight is the default."""
    schedule = Schedule.model_validate(fields)
    assert schedule.at == fields.get("at", "00:00")
    assert len(schedule.month_days) == len(fields.get("month_days", []))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"weekdays": []},
        {"weekdays": ["Monday"]},
        {"month_days": [0]},
        {"month_days": [29]},
        {"month_days": ["first"]},
        {"dates": ["soon"]},
        {"weekdays": ["Mon"], "at": "noon"},
    ],
)
def test_what_is_no_schedule(fields):
    """Days that not every month has, other names of days, and times that are none."""
    with pytest.raises(ValidationError):
        Schedule.model_validate(fields)


@pytest.mark.parametrize(("first", "last", "days"), [("2026-02-01", "2026-02-01", 0), ("2026-02-28", "2026-03-01", 1)])
def test_absences(first, last, days):
    """One day is an absence too."""
    absence = Absence.model_validate({"first": first, "last": last})
    assert (absence.last - absence.first).days == days
