"""Shifts, times of day, absences and schedules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulator.schema.calendar import DAY, WEEKDAYS, Absence, Schedule, parse_shifts, parse_time_of_day


def test_shifts_of_a_week():
    """Days, ranges of days and several intervals a day."""
    week = parse_shifts("Mon-Wed, Fri 09:00-13:00, 14:00-18:00; Sat 09:00-13:00")
    full = ((540, 780), (840, 1080))
    assert week == (full, full, full, (), full, ((540, 780),), ())


def test_a_night_shift_goes_on_the_next_morning():
    """What ends before it begins ends the day after, over the week-end too."""
    week = parse_shifts("Sun 22:00-06:00")
    assert week[6] == ((1320, DAY),)
    assert week[0] == ((0, 360),)


def test_intervals_that_touch_or_overlap_are_one():
    """No hour is counted twice."""
    assert parse_shifts("Mon 09:00-12:00, 11:00-13:00, 13:00-14:00")[0] == ((540, 840),)


def test_a_range_of_days_may_run_over_the_weekend():
    """Fri-Mon is four days."""
    assert [bool(day) for day in parse_shifts("Fri-Mon 08:00-09:00")] == [True, False, False, False, True, True, True]


def test_always_is_every_minute():
    """No day and no night is left out."""
    assert parse_shifts("always") == (((0, DAY),),) * 7


@given(st.sampled_from(WEEKDAYS), st.integers(0, DAY - 1), st.integers(1, DAY))
def test_a_shift_lasts_as_long_as_it_says(day, start, length):
    """Minutes of the week are those between start and end, wherever midnight lies."""
    end = (start + length) % DAY
    week = parse_shifts(f"{day} {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}")
    assert sum(last - first for intervals in week for first, last in intervals) == length
    assert week[WEEKDAYS.index(day)][-1][0] == start or start == 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "cannot read the shift"),
        ("9-17", "cannot read the shift"),
        ("Mon-Fri", "cannot read the shift"),
        ("Mon-Fry 09:00-17:00", "'Fry' is no weekday"),
        ("Mon 9-17", "cannot read the hours '9-17'"),
        ("Mon 09:00-25:00", "no time of day"),
        ("Mon 09:00-24:30", "no time of day"),
        ("Mon 09:70-10:00", "no time of day"),
        ("Mon 09:00-10:00;", "cannot read the shift"),
    ],
)
def test_bad_shifts_are_refused_in_a_sentence(text, word):
    """The sentence names what cannot be read."""
    with pytest.raises(ValueError) as caught:
        parse_shifts(text)
    assert word in str(caught.value)


def test_a_time_of_day():
    """Minutes from midnight, up to the midnight that ends the day."""
    assert parse_time_of_day("17:05") == 1025
    assert parse_time_of_day(" 24:00 ") == DAY
    for text in ("24:01", "17", "17:60", "5 pm", "1020"):
        with pytest.raises(ValueError, match="cannot read the time of day"):
            parse_time_of_day(text)


def test_an_absence_ends_after_it_begins():
    """Dates in the wrong order are refused."""
    with pytest.raises(ValidationError, match="before it begins"):
        Absence(first="2026-02-02", last="2026-02-01")


def test_a_schedule_is_never_empty():
    """A schedule without any moment would hold a case for ever."""
    with pytest.raises(ValidationError, match="needs weekdays, month_days, dates or holidays"):
        Schedule(at="17:00")


def test_time_of_day_in_a_file_stays_text(accepts):
    """17:00 is no sexagesimal number, and a date is a date."""
    until = "until: {weekdays: [Mon], month_days: [1, last], dates: [2026-04-25], at: 17:00}"
    scenario = accepts("      decision:\n", f"      pause: {{kind: wait, {until}}}\n      decision:\n")
    pause = scenario.processes["sales"].steps["pause"]
    assert pause.until.at == "17:00"
    assert pause.until.month_days == (1, "last")
    assert pause.until.dates[0].isoformat() == "2026-04-25"
