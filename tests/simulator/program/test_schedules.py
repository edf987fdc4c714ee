"""Schedules as moments: weekdays, days of the month, its last day, dates, and what a leap year does to them."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.program.schedules import moments_of
from simulator.program.workforce import Days, days_of
from simulator.schema.calendar import WEEKDAYS, Schedule
from tests.simulator.program.builders import MONDAY, program, scenario, step_of


def hours(first=MONDAY, count=31, country="", **said):
    """Moments of a schedule, in hours."""
    return moments_of(Schedule(**said), Days(first, count, frozenset()), country).tolist()


def days(first=MONDAY, count=31, **said):
    """Dates of a schedule."""
    return [first + dt.timedelta(hours=hour) for hour in hours(first, count, **said)]


def of(month, *numbers, year=2024):
    """Some days of a month."""
    return [dt.date(year, month, number) for number in numbers]


@pytest.mark.parametrize("weekday", WEEKDAYS)
def test_a_weekday_comes_every_week(weekday):
    """From the first one in the run on, a week apart."""
    first = 24 * WEEKDAYS.index(weekday)
    assert hours(count=28, weekdays=(weekday,)) == [first + 168 * week for week in range(4)]


def test_weekdays_count_from_the_day_that_the_run_begins_on():
    """A run from a Thursday sees its Monday four days later."""
    assert hours(dt.date(2024, 1, 4), 7, weekdays=("Mon", "Thu"), at="17:00") == [17.0, 4 * 24 + 17.0]


@pytest.mark.parametrize(
    ("at", "hour"), [("00:00", 0), ("17:00", 17), ("09:45", 9.75), ("7:20", 22 / 3), ("24:00", 24)]
)
def test_the_time_of_day_is_added(at, hour):
    """In hours, to the minute; 24:00 is the end of the day."""
    assert hours(count=1, weekdays=("Mon",), at=at) == [pytest.approx(hour)]


def test_days_of_the_month_come_every_month():
    """The 15th and the 1st, in the order of the calendar."""
    assert days(count=91, month_days=(15, 1)) == [*of(1, 1, 15), *of(2, 1, 15), *of(3, 1, 15), *of(4, 1)][:6]


@pytest.mark.parametrize(("year", "last"), [(2023, 28), (2024, 29), (1900, 28), (2000, 29), (2100, 28)])
def test_the_last_day_of_february_knows_leap_years(year, last):
    """Every fourth year, the full centuries only by four hundred."""
    found = days(dt.date(year, 1, 1), 100, month_days=("last",))
    assert found == [*of(1, 31, year=year), *of(2, last, year=year), *of(3, 31, year=year)]


def test_the_last_day_of_every_month():
    """Twelve in a year, at the lengths that the months have."""
    found = days(count=366, month_days=("last",))
    assert [day.day for day in found] == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert [day.month for day in found] == list(range(1, 13))


def test_a_day_chosen_twice_is_one_moment():
    """28 February 2023 is a Tuesday, the 28th, the last of its month and a date."""
    said = {"weekdays": ("Tue",), "month_days": (28, "last"), "dates": (dt.date(2023, 2, 28),)}
    assert hours(dt.date(2023, 2, 28), 1, **said) == [0.0]


def test_dates_come_once_and_only_inside_the_future():
    """Before the run there is none; after its end there may be, since a wait may reach over it."""
    dates = (dt.date(2024, 3, 1), dt.date(2023, 12, 31), dt.date(2024, 1, 3))
    assert days(count=7, dates=dates) == [dt.date(2024, 1, 3), dt.date(2024, 3, 1)]
    assert hours(count=7, dates=(dt.date(2023, 12, 31),)) == []


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    st.dates(dt.date(2019, 1, 1), dt.date(2030, 1, 1)),
    st.integers(1, 400),
    st.sets(st.sampled_from(WEEKDAYS), max_size=3),
    st.sets(st.integers(1, 28) | st.just("last"), max_size=3),
    st.sets(st.dates(dt.date(2019, 1, 1), dt.date(2031, 1, 1)), max_size=3),
)
def test_a_day_is_chosen_by_any_of_the_three(first, count, weekdays, month_days, dates):
    """Against reading the calendar day by day; moments ascend."""
    if not (weekdays or month_days or dates):
        weekdays = {"Mon"}
    found = days(first, count, weekdays=tuple(weekdays), month_days=tuple(month_days), dates=tuple(dates))
    slow = {date for date in dates if date >= first}
    for number in range(count):
        day = first + dt.timedelta(days=number)
        numbers = {day.day} | ({"last"} if (day + dt.timedelta(days=1)).day == 1 else set())
        if day.strftime("%a") in weekdays or numbers & month_days:
            slow.add(day)
    assert found == sorted(slow)


@pytest.mark.parametrize(
    ("country", "easter"),
    [
        ("PT", [dt.date(2024, 3, 31), dt.date(2025, 4, 20), dt.date(2026, 4, 5)]),
        ("RO", [dt.date(2024, 5, 5), dt.date(2025, 4, 20), dt.date(2026, 4, 12)]),
        ("DE", [dt.date(2024, 4, 1), dt.date(2025, 4, 21), dt.date(2026, 4, 6)]),
    ],
)
def test_easter_moves_and_is_that_of_the_country(country, easter):
    """Of the tables of 2024 to 2026: Catholic, Orthodox, and a country whose only such holiday is the Monday."""
    assert days(count=400, country=country, holidays=("Easter",)) == easter


def test_a_holiday_of_several_days_is_its_first():
    """Christmas has two days in Romania and one in Portugal; the year after the run's end is known too."""
    assert days(country="RO", holidays=("Christmas",)) == [dt.date(2024, 12, 25), dt.date(2025, 12, 25)]
    assert days(country="RO", holidays=("christmas",)) == days(country="PT", holidays=("Christmas Day",))


def test_a_greeting_goes_out_days_before():
    """A week before Christmas and a week before Easter, at nine, in the order of the calendar."""
    found = hours(count=7, country="PT", holidays=("Christmas", "Easter"), days_before=7, at="09:00")
    eves = [dt.date(2024, 3, 24), dt.date(2024, 12, 18), dt.date(2025, 4, 13), dt.date(2025, 12, 18)]
    assert found == [24 * (eve - MONDAY).days + 9 for eve in eves]
    assert hours(count=7, country="PT", holidays=("New Year",), days_before=7)[0] > 24 * 300


def test_all_holidays_are_those_on_which_the_teams_rest():
    """The calendar of schedules and that of people is one."""
    horizon = {"holidays": "NL", "length": "365 d"}
    whole = program({"rest": {"kind": "wait", "until": {"holidays": ["all"]}}}, horizon=horizon)
    free = days_of(scenario(horizon=horizon), 365 * 24.0).holidays
    assert [hour / 24 for hour in whole.tables.moments if hour < 365 * 24] == sorted(day for day in free if day < 365)


def test_schedules_of_several_steps_lie_behind_one_another():
    """Each step names its own run of moments."""
    wait = {"kind": "wait", "duration": "1 h"}
    whole = program({
        "none": wait,
        "one": wait | {"until": {"weekdays": ["Tue"], "at": "10:00"}},
        "two": wait | {"until": {"dates": ["2024-01-02", "2024-01-06"]}},
        "three": {"kind": "wait", "until": {"weekdays": ["Sun"]}},
    })  # fmt: skip
    assert [step_of(whole, name)["schedule"] for name in ("none", "one", "two", "three")] == [-1, 0, 1, 2]
    assert [tuple(span) for span in whole.tables.schedules.tolist()] == [(0, 1), (1, 2), (3, 1)]
    assert whole.tables.moments.tolist() == [34.0, 24.0, 120.0, 144.0]


def test_a_program_without_schedules_has_no_moments():
    """Two empty arrays."""
    tables = program().tables
    assert (tables.schedules.size, tables.moments.size) == (0, 0)
