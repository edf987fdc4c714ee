"""Teams as flat arrays: members, their calendars, and who is on shift in each segment of time."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from simulator.program.layout import MEMBER, SPAN, TEAM, Discipline, Table
from simulator.program.working_time import Interval, cumulated, leave_days, weekly_intervals
from simulator.records import Floats
from simulator.schema.calendar import Absence, Week, parse_shifts
from simulator.schema.people import Member, Team
from simulator.schema.public_holidays import named_holidays
from simulator.schema.quantity import Quantity, fixed
from simulator.schema.scenario import Scenario


@dataclass(frozen=True)
class Days:
    """The days of a run."""

    first: dt.date
    count: int
    holidays: frozenset[int]

    def number(self, date: dt.date) -> int:
        """Day of the run, from 0."""
        return (date - self.first).days

    def hour(self, date: dt.date) -> float:
        """Hour at which a date begins."""
        return 24.0 * self.number(date)


def days_of(scenario: Scenario, end: float) -> Days:
    """Days of a run that lasts some hours, with the public holidays of its country."""
    first, count = scenario.horizon.start, math.ceil(end / 24) + 1
    if not scenario.horizon.holidays:
        return Days(first, count, frozenset())
    years = range(first.year, (first + dt.timedelta(days=count)).year + 1)
    return Days(
        first, count, frozenset((date - first).days for date in named_holidays(scenario.horizon.holidays, years))
    )


@dataclass
class CalendarBook:
    """Collects working-time calendars; equal ones share one entry."""

    known: dict[tuple[Interval, ...], int] = field(default_factory=dict)

    def add(self, intervals: Sequence[Interval]) -> int:
        """Add a calendar and return its number."""
        return self.known.setdefault(tuple(intervals), len(self.known))

    def freeze(self) -> tuple[Table, Floats, Floats, Floats]:
        """Return spans, openings, closings and the hours worked before each opening."""
        spans = np.zeros(len(self.known), SPAN)
        first = 0
        for index, intervals in enumerate(self.known):
            spans[index] = (first, len(intervals))
            first += len(intervals)
        opens, closes, worked = np.concatenate([np.zeros((3, 0)), *map(_columns, self.known)], axis=1)
        return spans, opens, closes, worked


@lru_cache(maxsize=512)
def _columns(intervals: tuple[Interval, ...]) -> Floats:
    """Openings, closings and the hours worked before, shape (3, intervals): variants share most calendars."""
    return np.array([*zip(*intervals, strict=True), cumulated(intervals)], np.float64).reshape(3, -1)


@dataclass
class Workforce:
    """Everything about people that the engines read."""

    teams: Table
    members: Table
    wages: Floats
    names: list[str]
    people: list[Member]
    """Description of each member."""
    roster_start: Floats
    roster_opening: Floats
    presence: np.ndarray


def build_workforce(scenario: Scenario, days: Days, calendars: CalendarBook) -> Workforce:
    """Lay out all teams of a scenario over the days of a run."""
    rows: list[tuple[float, ...]] = []
    wages: list[float] = []
    names: list[str] = []
    people: list[Member] = []
    teams = np.zeros(len(scenario.teams), TEAM)
    starts, openings, presence = [], [], []
    segments = flags = 0
    for index, (key, team) in enumerate(scenario.teams.items()):
        crew = [(name, member) for name, member in team.people().items() for _ in range(member.head_count)]
        laid = tuple(_intervals(team, member, order, days) for order, (_, member) in enumerate(crew))
        first = len(rows)
        for (_, member), intervals in zip(crew, laid, strict=True):
            rows.append((index, calendars.add(intervals), *_abilities(team, member, days)))
            wages.append(fixed(_quantity(team, member, "cost")))
        names += _numbered(key, [name for name, _ in crew])
        people += [member for _, member in crew]
        leaving = tuple(days.hour(member.leaves) + 24 for _, member in crew if member.leaves)
        start, opening, present = _roster(laid, leaving)
        code = Discipline[team.discipline.upper()]
        teams[index] = (first, len(crew), code, 0, 0, segments, len(start), flags)
        segments, flags = segments + len(start), flags + present.size
        starts.append(start)
        openings.append(opening)
        presence.append(present.ravel())
    return Workforce(
        teams, np.array(rows, MEMBER), np.array(wages), names, people,
        _joined(starts, np.float64), _joined(openings, np.float64), _joined(presence, np.uint8),
    )  # fmt: skip


def _joined(parts: list[np.ndarray], dtype: type) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype)


def _numbered(team: str, names: list[str]) -> list[str]:
    repeated = {name for name in names if names.count(name) > 1}
    seen: dict[str, int] = {}
    numbered = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        numbered.append(f"{team}.{name} {seen[name]}" if name in repeated else f"{team}.{name}")
    return numbered


def _quantity(team: Team, member: Member, name: str) -> Quantity | None:
    found = team.inherited(member, name)
    return found if isinstance(found, Quantity) else None


def _abilities(team: Team, member: Member, days: Days) -> tuple[float, ...]:
    speed = fixed(_quantity(team, member, "speed"), 1.0) * fixed(_quantity(team, member, "availability"), 1.0)
    return (
        speed,
        fixed(member.win_factor, 1.0),
        fixed(member.weight, 1.0),
        int(team.inherited(member, "open_cases") or 0),  # type: ignore[arg-type]
        days.hour(member.hired) if member.hired else -math.inf,
        fixed(_quantity(team, member, "ramp_up")) if member.hired else 0.0,
        fixed(_quantity(team, member, "ramp_from"), 0.3),
        days.hour(member.leaves) + 24 if member.leaves else math.inf,
    )


def _intervals(team: Team, member: Member, order: int, days: Days) -> tuple[Interval, ...]:
    absences: tuple[Absence, ...] = (*team.absences, *member.absences)
    away = {day for absence in absences for day in range(days.number(absence.first), days.number(absence.last) + 1)}
    away |= leave_days(int(team.inherited(member, "annual_leave") or 0), order, days.first, days.count)  # type: ignore[arg-type]
    if not team.works_holidays:
        away |= days.holidays
    week = parse_shifts(str(team.inherited(member, "shifts")))
    hired = days.hour(member.hired) if member.hired else 0.0
    departs = days.hour(member.leaves) + 24 if member.leaves else math.inf
    return _laid(week, days.first, days.count, frozenset(away), hired, departs)


@lru_cache(maxsize=512)
def _laid(
    week: Week, first_day: dt.date, days: int, away: frozenset[int], hired: float, departs: float
) -> tuple[Interval, ...]:
    """Variants of a scenario share most of their calendars, so each is laid once."""
    return tuple(weekly_intervals(week, first_day, days, away, hired, departs))


@lru_cache(maxsize=64)
def _roster(laid: tuple[tuple[Interval, ...], ...], leaving: tuple[float, ...]) -> tuple[Floats, Floats, np.ndarray]:
    """Segments of a team's time between any two changes: start, next opening after it, and who is on shift.

    When someone leaves the firm, the colleagues look at what is left: that counts as an opening too. Variants of a
    scenario share most of their rosters, so the arrays are kept, and nobody may change them.
    """
    moments = {0.0, *leaving, *(moment for intervals in laid for interval in intervals for moment in interval)}
    start = np.array(sorted(moments), np.float64)
    present = np.zeros((start.size, len(laid)), np.uint8)
    for member, intervals in enumerate(laid):
        for first, last in np.searchsorted(start, np.array(intervals, np.float64).reshape(-1, 2)):
            present[first:last, member] = 1
    comes = np.append((present[1:] > present[:-1]).any(axis=1) | np.isin(start[1:], leaving), False)
    opening = np.where(comes, np.append(start[1:], math.inf), math.inf)
    return start, np.minimum.accumulate(opening[::-1])[::-1], present
