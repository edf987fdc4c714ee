"""Working hours as intervals: against a clock that ticks every quarter of an hour, and leave by the calendar."""

import datetime as dt
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.program.working_time import (
    cumulated,
    finish,
    last_at_most,
    leave_days,
    weekly_intervals,
    worked_until,
)
from simulator.schema.calendar import parse_shifts

MONDAY = dt.date(2024, 1, 1)
OFFICE = parse_shifts("Mon-Fri 09:00-13:00, 14:00-18:00")
STEP = 0.25
ORACLE = settings(max_examples=120, deadline=None, derandomize=True)


def arrays(intervals, before=0):
    """A calendar as the engines get it, behind some other calendar of ``before`` intervals."""
    other = [(float(i), i + 0.5) for i in range(before)]
    flat = np.array([*other, *intervals], np.float64).reshape(-1, 2)
    worked = np.array([*cumulated(other), *cumulated(intervals)])
    return before, len(intervals), flat[:, 0].copy(), flat[:, 1].copy(), worked


def laid(week=OFFICE, first=MONDAY, days=7, away=(), hired=0.0, departs=math.inf):
    """Intervals of a weekly pattern."""
    return weekly_intervals(week, first, days, away, hired, departs)


@st.composite
def calendars(draw):
    """Disjoint intervals on a grid of quarters of an hour, with a gap between any two."""
    cuts = sorted(draw(st.sets(st.integers(0, 160), max_size=16)))
    return [(a * STEP, b * STEP) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


def ticking(intervals, now):
    """Every quarter of an hour from a moment on, and whether it is worked."""
    while now < 48:
        yield now, any(a <= now < b for a, b in intervals)
        now += STEP


@ORACLE
@given(calendars(), st.integers(0, 190).map(lambda n: n * STEP), st.integers(0, 3))
def test_the_hours_worked_are_the_ticks_counted(intervals, moment, before):
    """Whatever other calendar lies before it in the flat arrays."""
    slow = sum(STEP for tick, worked in ticking(intervals, 0.0) if worked and tick < moment)
    assert worked_until(moment, *arrays(intervals, before)) == slow


@ORACLE
@given(calendars(), st.integers(0, 180), st.integers(1, 60), st.integers(0, 3))
def test_work_is_done_when_enough_ticks_have_been_worked(intervals, start, effort, before):
    """Night and lunch pass without counting; work that outlives the calendar is never done."""
    left, done = effort, math.inf
    for tick, worked in ticking(intervals, start * STEP):
        left -= worked
        if left == 0:
            done = tick + STEP
            break
    assert finish(start * STEP, effort * STEP, *arrays(intervals, before)) == done


@ORACLE
@given(calendars(), st.floats(0, 45), st.floats(1e-6, 12))
def test_between_start_and_end_of_work_lies_its_effort(intervals, now, hours):
    """Off the grid too: what was worked until the end is what was worked until the start, and the effort."""
    calendar = arrays(intervals)
    done = finish(now, hours, *calendar)
    if math.isinf(done):
        left = sum(b - a for a, b in intervals) - worked_until(now, *calendar)
        assert left < hours + 1e-9
    else:
        assert done >= now
        assert any(a <= done <= b + 1e-9 for a, b in intervals)
        assert worked_until(done, *calendar) == pytest.approx(worked_until(now, *calendar) + hours, abs=1e-9)


@ORACLE
@given(calendars(), st.integers(0, 180), st.lists(st.integers(1, 16), min_size=2, max_size=5))
def test_work_in_parts_ends_with_the_whole(intervals, start, parts):
    """Doing one part after another takes as long as doing them at once."""
    calendar, now = arrays(intervals), start * STEP
    for part in parts:
        now = finish(now, part * STEP, *calendar) if math.isfinite(now) else now
    assert now == finish(start * STEP, sum(parts) * STEP, *calendar)


@pytest.mark.parametrize(
    ("now", "hours", "done"),
    [
        (9, 1, 10), (12, 2, 15), (8, 1, 10), (13, 1, 15), (9, 4, 13), (9, 8, 18), (9, 8.5, 33.5), (13, 4, 18),
        (17, 2, 34), (104, 12, 181), (113, 1, 114), (113, 2, 178), (0, 40, 114), (0, 41, 178),
        (20, 0, 20), (20, -3, 20), (185, 1, 186), (185.5, 1, math.inf), (500, 1, math.inf),
    ],
)  # fmt: skip
def test_an_office_week(now, hours, done):
    """From Monday 1 January 2024 to Monday evening a week later, nine to six with an hour for lunch."""
    week = laid(days=8)
    assert finish(float(now), float(hours), *arrays(week)) == done


def test_the_end_of_a_shift_is_reached_and_not_passed():
    """Work that just fits ends at the closing, not at the next opening; an ulp too much is forgiven."""
    calendar = arrays([(9.0, 13.0), (14.0, 18.0)])
    assert finish(9.0, 4.0, *calendar) == 13.0
    assert finish(9.0, np.nextafter(4.0, 5.0), *calendar) == pytest.approx(14.0)
    assert finish(9.0, np.nextafter(8.0, 9.0), *calendar) == 18.0
    assert finish(9.0, 8.0 + 1e-6, *calendar) == math.inf


@ORACLE
@given(st.lists(st.integers(0, 30), max_size=12), st.integers(-1, 31), st.integers(0, 4))
def test_the_last_not_after_a_moment_is_found_by_halving(times, moment, before):
    """As by reading all of them, with -1 for none."""
    flat = np.array([*range(before), *sorted(times)], np.float64)
    expected = sum(time <= moment for time in times) - 1
    assert last_at_most(float(moment), flat, before, len(times)) == expected


@ORACLE
@given(calendars())
def test_hours_before_each_interval_add_up(intervals):
    """The first has none before it, and each adds its length."""
    before = cumulated(intervals)
    assert before == [sum(b - a for a, b in intervals[:i]) for i in range(len(intervals))]


@pytest.mark.parametrize("weekday", range(7))
def test_a_week_is_laid_from_the_weekday_of_its_first_day(weekday):
    """Whatever day the run begins on, Sunday 10:00 is worked and nothing else is."""
    first = MONDAY + dt.timedelta(days=weekday)
    day = 6 - weekday
    assert laid(parse_shifts("Sun 10:00-11:00"), first, 7) == [(24 * day + 10, 24 * day + 11)]


def test_shifts_over_midnight_are_one_interval():
    """The two halves that the days hold are joined, and only where they touch."""
    assert laid(parse_shifts("Mon-Tue 22:00-06:00"), days=3) == [(22, 30), (46, 54)]
    assert laid(parse_shifts("always"), days=5) == [(0, 120)]
    assert laid(parse_shifts("Mon 09:00-13:00, 13:00-17:00"), days=1) == [(9, 17)]


def test_a_shift_over_midnight_goes_with_its_days_when_one_is_away():
    """What lies on the day away is not worked, what lies on the other is."""
    night = parse_shifts("Mon-Tue 22:00-06:00")
    assert laid(night, days=3, away={1}) == [(22, 24), (48, 54)]
    assert laid(parse_shifts("always"), days=3, away={1}) == [(0, 24), (48, 72)]


@pytest.mark.parametrize(
    ("hired", "departs", "expected"),
    [
        (0, math.inf, [(9, 13), (14, 18), (33, 37), (38, 42)]), (24, math.inf, [(33, 37), (38, 42)]),
        (0, 24, [(9, 13), (14, 18)]), (10, 35, [(10, 13), (14, 18), (33, 35)]), (13, 14, []), (48, math.inf, []),
        (0, 9, []), (24, 24, []),
    ],
)  # fmt: skip
def test_first_and_last_hour_cut_the_whole(hired, departs, expected):
    """Two days, cut inside and between shifts."""
    assert laid(days=2, hired=float(hired), departs=float(departs)) == expected


@ORACLE
@given(st.sets(st.integers(-3, 20)), st.integers(0, 6), st.integers(1, 15))
def test_days_away_are_not_worked_and_all_others_are(away, weekday, days):
    """Eight hours on every weekday of the run that is not away."""
    first = MONDAY + dt.timedelta(days=weekday)
    intervals = laid(OFFICE, first, days, away)
    worked = {int(a // 24) for a, _ in intervals}
    expected = {d for d in range(days) if d not in away and (first + dt.timedelta(days=d)).weekday() < 5}
    assert worked == expected
    assert sum(b - a for a, b in intervals) == 8 * len(expected)


def dates(numbers, first):
    """Day numbers as dates."""
    return sorted(first + dt.timedelta(days=number) for number in numbers)


@pytest.mark.parametrize("per_year", [1, 4, 5, 6, 10, 22, 25, 30, 60])
@pytest.mark.parametrize("order", [0, 3, 6])
def test_leave_is_the_stated_number_of_working_days(per_year, order):
    """In the 52 weeks of a year, from Monday on, never at a week-end and no day twice."""
    taken = dates(leave_days(per_year, order, MONDAY, 364), MONDAY)
    assert len(taken) == per_year
    assert all(day.weekday() < 5 for day in taken)


def test_leave_comes_in_blocks_of_five_spread_over_the_year():
    """22 days: four weeks of five and one of two, about ten weeks apart, each beginning on a Monday."""
    taken = dates(leave_days(22, 0, MONDAY, 366), MONDAY)
    weeks = {}
    for day in taken:
        weeks.setdefault(day.isocalendar()[1], []).append(day.weekday())
    assert list(weeks.values()) == [[0, 1, 2, 3, 4]] * 4 + [[0, 1]]
    numbers = list(weeks)
    assert all(10 <= later - sooner <= 11 for sooner, later in pairwise(numbers))


@pytest.mark.parametrize("colleagues", [1, 2, 5])
def test_colleagues_are_away_at_different_times(colleagues):
    """With five blocks a year in 52 weeks, up to five people never meet on leave, so the desk is never empty."""
    away = [leave_days(25, order, MONDAY, 366) for order in range(colleagues)]
    assert all(not away[a] & away[b] for a in range(colleagues) for b in range(a))


def test_leave_of_a_large_team_is_level():
    """Of 52 people with one week each, at most two are away in any week."""
    away = [leave_days(5, order, MONDAY, 364) for order in range(52)]
    per_day = [sum(day in one for one in away) for day in range(364)]
    assert max(per_day[day] for day in range(364) if day % 7 < 5) == 2
    assert {per_day[day] for day in range(364) if day % 7 >= 5} == {0}


@pytest.mark.parametrize("first", [MONDAY, dt.date(2024, 12, 30), dt.date(2027, 1, 1), dt.date(2026, 7, 15)])
def test_leave_belongs_to_the_calendar_and_not_to_the_run(first):
    """Runs that begin on other days see the same days of leave."""
    whole = set(dates(leave_days(25, 1, dt.date(2023, 1, 1), 2000), dt.date(2023, 1, 1)))
    last = first + dt.timedelta(days=400)
    assert set(dates(leave_days(25, 1, first, 400), first)) == {day for day in whole if first <= day < last}


def test_no_leave_is_no_day():
    """Neither zero days nor a run too short for any."""
    assert leave_days(0, 0, MONDAY, 366) == set()
    assert leave_days(5, 0, MONDAY, 7) == set()
