"""People: hours on shift, hours at work, and the utilisation of teams."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simulator.kpis.targets import selling
from simulator.kpis.window import DAY, Figures, Flags, Numbers, Window, counted, quotient, ratio, window_of
from simulator.kpis.work_scans import scan_moments, scan_worked
from simulator.program.kept import kept
from simulator.program.program import Program
from simulator.records import Floats, Indices, Records

_NEVER: Final = (np.inf, np.inf, 0.0)
"""Opening, closing and hours before it of a shift that never is."""


class Worked(NamedTuple):
    """One row for every visit on which a member worked inside the window."""

    visit: Numbers
    """Row in the visits."""
    member: Indices
    hours: Floats
    """Hours on shift inside the window that the visit took."""


class Shifts(NamedTuple):
    """Shifts of all calendars, one calendar after the other, each between an empty one at hour 0 and one that never is.

    The shift in which a moment lies, or the last before it, is among the few after that of its day's beginning.
    """

    at_day: Numbers
    """Row of the last shift that has opened when a day begins, shape (calendars, days)."""
    opens: Floats
    closes: Floats
    worked: Floats
    """Working hours of the calendar before each opening."""


@kept
def shifts_of(program: Program) -> Shifts:
    """Shifts of all calendars of a program."""
    tables, days = program.tables, int(program.end // DAY) + 1
    columns: list[list[Floats]] = [[], [], []]
    at_day, row = np.zeros((tables.calendars.size, days), np.intp), 0
    for number, (first, count) in enumerate(tables.calendars.tolist()):
        own = slice(first, first + count)
        for column, values, last in zip(columns, (tables.opens, tables.closes, tables.worked), _NEVER, strict=True):
            column.append(np.concatenate([np.zeros(1), values[own], np.full(1, last)]))
        opened = np.searchsorted(tables.opens[own], np.arange(days) * DAY, "right")
        at_day[number] = row + opened
        row += count + 2
    return Shifts(at_day, *map(np.concatenate, columns))


def worked_until(program: Program, calendars: Numbers, moments: Floats) -> Floats:
    """Hours on shift from the start of the run to each moment by each calendar, shape (moments, calendars)."""
    hours = np.empty((moments.size, calendars.size))
    scan_moments(moments, calendars, DAY, *shifts_of(program), hours)
    return hours


@kept
def present_of(program: Program) -> Floats:
    """Hours on shift of each member from the start of the window to each of its edges, shape (edges, members)."""
    return on_shift(program, window_of(program).edges)


def on_shift(program: Program, edges: Floats) -> Floats:
    """Hours on shift of each member from the first edge to each edge, shape (edges, members)."""
    hours = worked_until(program, _calendars(program), edges)
    return np.asarray(hours - hours[:1], np.float64)


def worked_of(program: Program, records: Records, work: Numbers, window: Window) -> Worked:
    """Hours on shift inside the window by visit, of the visits to work steps on which someone worked in it."""
    visits, rows, hours = records.visits, np.empty(work.size, np.intp), np.empty(work.size)
    number = scan_worked(
        work, visits.member, visits.started, visits.finished, window.start, window.end, records.end,
        _calendars(program), DAY, *shifts_of(program), rows, hours,
    )  # fmt: skip
    rows = rows[:number]
    return Worked(rows, visits.member.take(rows), hours[:number])


@kept
def _calendars(program: Program) -> Numbers:
    """Calendar of each member."""
    return program.tables.members["calendar"].astype(np.intp)


def at_work(program: Program, worked: Worked, among: Flags | None = None) -> Floats:
    """Hours on shift inside the window that each member worked, in all or on the rows chosen by ``among``."""
    if among is None:
        return counted(worked.member, program.tables.members.size, worked.hours)
    rows = np.flatnonzero(among)
    return counted(worked.member.take(rows), program.tables.members.size, worked.hours.take(rows))


def utilisation(program: Program, busy: Floats, present: Floats) -> Floats:
    """Hours at work over hours on shift, by team; both are given by member."""
    team, teams = program.tables.members["team"], len(program.names.teams)
    shares: Floats = ratio(counted(team, teams, busy), counted(team, teams, present))
    return shares


def people(program: Program, shares: Floats, busy: Floats, present: Floats, booked: float) -> Figures:
    """Utilisation of teams, how evenly the load lies within each, and what an hour of a seller brings.

    Callers and marketing win no orders of their own.
    """
    known, team = shares[~np.isnan(shares)], program.tables.members["team"]
    loads = ratio(busy, present)
    return {
        "utilisation_{team}": shares,
        "utilisation_busiest": float(known.max()) if known.size else np.nan,
        "load_gini_{team}": np.array([gini(loads[team == each]) for each in range(len(program.names.teams))]),
        "revenue_per_sales_hour": quotient(booked, busy[selling(program)].sum()),
    }


def gini(loads: Floats) -> float:
    """Gini coefficient: half the mean difference between two of the loads over their mean; NaN of fewer than two.

    NaN loads, of those never on shift, are left out.
    """
    ordered = np.sort(loads[~np.isnan(loads)])
    if ordered.size < 2:
        return float(np.nan)
    ranks = 2 * np.arange(ordered.size) + 1 - ordered.size
    return quotient((ranks * ordered).sum(), ordered.size * ordered.sum())
