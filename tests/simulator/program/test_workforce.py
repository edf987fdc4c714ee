"""Teams as arrays: who there is, what they can do, and who is on shift in each segment of time."""

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.program.layout import Discipline
from simulator.program.workforce import CalendarBook, Days, _roster, build_workforce, days_of
from tests.simulator.program.builders import MONDAY, scenario

OFFICE = "Mon-Fri 09:00-13:00, 14:00-18:00"


def workforce(length="7 d", horizon=None, **teams):
    """People of some teams over a run, with the calendars that they share."""
    built = scenario(teams=teams, horizon={"length": length} | (horizon or {}))
    calendars = CalendarBook()
    end = built.horizon.length.fixed
    return build_workforce(built, days_of(built, end), calendars), calendars


def only(member=None, **team):
    """The row of the one member of a team."""
    found, _ = workforce(crew=team | {"members": {"ann": member or {}}})
    (row,) = found.members
    return row


def hours_of(member=None, length="7 d", horizon=None, **team):
    """Intervals of the one member of a team."""
    found, calendars = workforce(length, horizon, crew=team | {"members": {"ann": member or {}}})
    return list(list(calendars.known)[found.members["calendar"][0]])


# (stated, field, value when nothing is stated, value of what is stated)
FIELDS = [
    ({"speed": 1.25}, "speed", 1.0, 1.25),
    ({"availability": "80 %"}, "speed", 1.0, 0.8),
    ({"speed": 1.5, "availability": 0.5}, "speed", 1.0, 0.75),
    ({"open_cases": 7}, "open_cases", 0, 7),
    ({"ramp_from": "50 %"}, "ramp_from", 0.3, 0.5),
]
OWN = [({"win_factor": 1.4}, "win_factor", 1.0, 1.4), ({"weight": 3}, "weight", 1.0, 3.0)]


@pytest.mark.parametrize(("said", "field", "unsaid", "value"), [*FIELDS, *OWN])
def test_what_a_member_states_stands_in_its_field(said, field, unsaid, value):
    """And a default where nothing is stated."""
    assert only()[field] == unsaid
    assert only(said)[field] == pytest.approx(value)


@pytest.mark.parametrize(("said", "field", "unsaid", "value"), FIELDS)
def test_what_a_team_states_holds_for_its_members_unless_they_say_otherwise(said, field, unsaid, value):
    """The member goes before the team."""
    assert only(**said)[field] == pytest.approx(value)
    other = {name: 2 if name == "open_cases" else 0.25 for name in said}
    expected = math.prod(other.values()) if field == "speed" else next(iter(other.values()))
    assert only(other, **said)[field] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("said", "hired", "ramp_up", "departs"),
    [
        ({}, -math.inf, 0.0, math.inf),
        ({"ramp_up": "30 d"}, -math.inf, 0.0, math.inf),
        ({"hired": "2024-01-03"}, 48.0, 0.0, math.inf),
        ({"hired": "2024-01-03", "ramp_up": "2 d"}, 48.0, 48.0, math.inf),
        ({"leaves": "2024-01-03"}, -math.inf, 0.0, 72.0),
        ({"hired": "2023-12-31"}, -24.0, 0.0, math.inf),
    ],
)
def test_first_and_last_day_are_hours_of_the_run(said, hired, ramp_up, departs):
    """The last day is worked; nobody who was there before the run ramps up."""
    row = only(said)
    assert (row["hired"], row["ramp_up"], row["departs"]) == (hired, ramp_up, departs)


def test_first_and_last_day_cut_the_calendar():
    """From the morning of the first day to the evening of the last."""
    said = {"hired": "2024-01-03", "leaves": "2024-01-04"}
    assert hours_of(said) == [(57, 61), (62, 66), (81, 85), (86, 90)]


def test_shifts_come_from_the_team_unless_the_member_has_some():
    """And are the usual office hours where nobody says."""
    assert hours_of(length="1 d")[:2] == [(9, 13), (14, 18)]
    assert hours_of(length="1 d", shifts="Mon 08:00-12:00") == [(8, 12)]
    assert hours_of({"shifts": "Mon 20:00-23:00"}, length="1 d", shifts="Mon 08:00-12:00") == [(20, 23)]


def test_absences_of_team_and_member_are_both_away():
    """First and last day included, whatever lies outside of the run."""
    away = {"first": "2024-01-01", "last": "2024-01-02"}
    mine = {"absences": [{"first": "2024-01-04", "last": "2024-01-04"}, {"first": "2023-12-01", "last": "2023-12-30"}]}
    assert hours_of(mine, shifts="Mon-Sun 10:00-11:00", absences=[away], length="5 d") == [
        (58, 59),
        (106, 107),
        (130, 131),
    ]


NEW_YEAR = {"PT": {0}, "RO": {0, 1, 5, 6, 23}}


@pytest.mark.parametrize("country", ["PT", "RO"])
def test_public_holidays_are_those_of_the_country(country):
    """January 2024: one day in Portugal, in Romania New Year, Epiphany, St John and the union too."""
    built = scenario(horizon={"holidays": country, "length": "31 d"})
    days = days_of(built, 744.0)
    assert {day for day in days.holidays if 0 <= day < 31} == NEW_YEAR[country]


@pytest.mark.parametrize(
    ("country", "date", "free"),
    [
        ("PT", "2024-04-25", True),
        ("PT", "2024-06-10", True),
        ("PT", "2024-03-29", True),
        ("PT", "2024-12-08", True),
        ("PT", "2024-12-01", True),
        ("PT", "2025-10-05", True),
        ("PT", "2024-05-02", False),
        ("PT", "2024-12-26", False),
        ("RO", "2024-05-03", True),
        ("RO", "2024-05-06", True),
        ("RO", "2024-12-26", True),
        ("RO", "2024-08-15", True),
        ("RO", "2024-11-30", True),
        ("RO", "2025-12-01", True),
        ("RO", "2024-04-25", False),
        ("RO", "2024-03-29", False),
    ],
)
def test_holidays_that_move_and_those_that_stay(country, date, free):
    """Carnation day and Good Friday in Portugal; the Orthodox Easter, five weeks later, in Romania."""
    days = days_of(scenario(horizon={"holidays": country, "length": "730 d"}), 730 * 24.0)
    assert (days.number(dt.date.fromisoformat(date)) in days.holidays) == free


def test_a_run_over_new_year_knows_the_holidays_of_both_years():
    """And a run without a country knows none."""
    horizon = {"start": "2024-12-20", "length": "30 d"}
    days = days_of(scenario(horizon=horizon | {"holidays": "PT"}), 720.0)
    assert {5, 12} <= days.holidays
    assert days_of(scenario(horizon=horizon), 720.0).holidays == frozenset()


@pytest.mark.parametrize(("end", "count"), [(0.0, 1), (1.0, 2), (24.0, 2), (24.5, 3), (168.0, 8)])
def test_a_run_is_laid_over_its_days_and_one_more(end, count):
    """So that the end itself lies inside."""
    days = days_of(scenario(), end)
    assert (days.first, days.count) == (MONDAY, count)


def test_days_count_from_the_first():
    """Backwards too."""
    days = Days(MONDAY, 10, frozenset())
    assert [days.number(dt.date(2024, 1, 1)), days.number(dt.date(2024, 3, 1)), days.number(dt.date(2023, 12, 25))] == [
        0,
        60,
        -7,
    ]
    assert days.hour(dt.date(2024, 1, 3)) == 48.0


@pytest.mark.parametrize(("works", "expected"), [(False, []), (True, [(9, 13), (14, 18)])])
def test_holidays_are_worked_by_those_who_do(works, expected):
    """1 January 2024 is a Monday."""
    found = hours_of(length="1 d", horizon={"holidays": "PT"}, works_holidays=works)
    assert [interval for interval in found if interval[0] < 24] == expected


def test_annual_leave_is_taken_and_staggered():
    """25 days a year are 25 days less of work, and the two are never away together."""
    found, calendars = workforce("364 d", crew={"head_count": 2, "annual_leave": 25, "shifts": "Mon-Fri 09:00-17:00"})
    one, other = (
        {int(a // 24) for a, _ in list(calendars.known)[number] if a < 364 * 24} for number in found.members["calendar"]
    )
    assert (len(one), len(other)) == (260 - 25, 260 - 25)
    assert len(one | other) == 260


def test_teams_are_runs_of_members():
    """A group is as many people as it counts; a head-count stands before the members that are named."""
    found, _ = workforce(
        crew={"head_count": 2, "members": {"ann": {}}, "discipline": "lifo"},
        nobody={"head_count": 0},
        desk={"members": {"bob": {"head_count": 2}, "eve": {}}, "discipline": "due"},
    )
    assert found.teams["first_member"].tolist() == [0, 3, 3]
    assert found.teams["members"].tolist() == [3, 0, 3]
    assert found.members["team"].tolist() == [0, 0, 0, 2, 2, 2]
    assert found.names == ["crew.staff 1", "crew.staff 2", "crew.ann", "desk.bob 1", "desk.bob 2", "desk.eve"]
    assert [Discipline(code).name for code in found.teams["discipline"]] == ["LIFO", "FIFO", "DUE"]
    assert len(found.people) == 6


def test_wages_are_those_of_the_member_or_the_team():
    """By the hour, 0 where nobody says; a month has 730.5 hours."""
    members = {"ann": {"cost": "30 EUR/h"}, "bob": {}}
    found, _ = workforce(crew={"members": members, "cost": "20 EUR/h"}, desk={"head_count": 1})
    assert found.wages.tolist() == [30.0, 20.0, 0.0]
    assert workforce(crew={"head_count": 1, "cost": "1461 EUR/month"})[0].wages.tolist() == pytest.approx([2.0])


def test_equal_calendars_are_shared():
    """Two teams at the same hours have one, and a third another."""
    found, calendars = workforce(
        a={"head_count": 2}, b={"head_count": 1, "shifts": OFFICE}, c={"head_count": 1, "shifts": "always"}
    )
    assert found.members["calendar"].tolist() == [0, 0, 0, 1]
    spans, opens, closes, worked = calendars.freeze()
    assert [tuple(span) for span in spans.tolist()] == [(0, 12), (12, 1)]
    assert (opens[0], closes[0], opens[12], closes[12]) == (9.0, 13.0, 0.0, 192.0)
    assert worked[:3].tolist() == [0.0, 4.0, 8.0]
    assert worked[12] == 0.0


def test_no_calendars_are_empty_arrays():
    """Also one without any interval is a calendar."""
    book = CalendarBook()
    assert [part.size for part in book.freeze()] == [0, 0, 0, 0]
    assert (book.add([]), book.add([(1.0, 2.0)]), book.add([])) == (0, 1, 0)
    assert [tuple(span) for span in book.freeze()[0].tolist()] == [(0, 0), (0, 1)]


@st.composite
def teams(draw):
    """Intervals of up to four people on a grid of hours, and when some of them leave."""
    laid, leaving = [], []
    for _ in range(draw(st.integers(0, 4))):
        cuts = sorted(draw(st.sets(st.integers(0, 40), max_size=8)))
        departs = draw(st.none() | st.integers(0, 44))
        last = 99 if departs is None else departs
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        laid.append(tuple((float(a), float(min(b, last))) for a, b in pairs if a < min(b, last)))
        leaving += [] if departs is None else [float(departs)]
    return tuple(laid), tuple(leaving)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(teams())
def test_presence_is_who_is_on_shift_at_every_hour(team):
    """Against looking into everybody's own intervals."""
    laid, leaving = team
    start, _, present = _roster(laid, leaving)
    assert start[0] == 0.0
    assert (np.diff(start) > 0).all()
    for hour in range(50):
        segment = np.searchsorted(start, hour, side="right") - 1
        assert present[segment].tolist() == [any(a <= hour < b for a, b in mine) for mine in laid]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(teams())
def test_the_next_opening_is_when_someone_comes_or_leaves_the_firm(team):
    """Strictly after the start of the segment; infinite when neither happens any more."""
    laid, leaving = team
    start, opening, _ = _roster(laid, leaving)
    events = sorted({a for mine in laid for a, _ in mine} | set(leaving))
    assert opening.tolist() == [next((e for e in events if e > moment), math.inf) for moment in start]


def test_rosters_of_several_teams_lie_behind_one_another():
    """Segments and flags of each team begin where those of the one before end."""
    found, _ = workforce(
        "1 d", crew={"head_count": 2, "shifts": "Mon 09:00-12:00"}, desk={"head_count": 1, "shifts": "Mon 10:00-11:00"}
    )
    assert found.roster_start.tolist() == [0.0, 9.0, 12.0, 0.0, 10.0, 11.0]
    assert found.roster_opening.tolist() == [9.0, math.inf, math.inf, 10.0, math.inf, math.inf]
    assert found.presence.tolist() == [0, 0, 1, 1, 0, 0, 0, 1, 0]
    assert found.teams["roster_first"].tolist() == [0, 3]
    assert found.teams["roster_count"].tolist() == [3, 3]
    assert found.teams["presence_first"].tolist() == [0, 6]
    assert (found.presence.dtype, found.roster_start.dtype) == (np.uint8, np.float64)
