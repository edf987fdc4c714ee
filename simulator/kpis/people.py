"""People: hours on shift, hours at work, and the utilisation of teams."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.kpis.targets import selling
from simulator.kpis.window import DAY, Figures, Flags, Numbers, Window, counted, filled, ratio
from simulator.kpis.work import Work
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

    opens: Floats
    closes: Floats
    worked: Floats
    """Working hours of the calendar before each opening."""
    at_day: Numbers
    """Row of the last shift that has opened when a day begins, flat by calendar and day."""
    days: int
    most: int
    """Most shifts that open in one day of a calendar."""


@kept
def shifts_of(program: Program) -> Shifts:
    """Shifts of all calendars of a program."""
    tables, days = program.tables, int(program.end // DAY) + 1
    columns: list[list[Floats]] = [[], [], []]
    at_day, row, most = np.zeros((tables.calendars.size, days), np.intp), 0, 0
    for number, (first, count) in enumerate(tables.calendars.tolist()):
        own = slice(first, first + count)
        for column, values, last in zip(columns, (tables.opens, tables.closes, tables.worked), _NEVER, strict=True):
            column.append(np.concatenate([np.zeros(1), values[own], np.full(1, last)]))
        opened = np.searchsorted(tables.opens[own], np.arange(days) * DAY, "right")
        at_day[number] = row + opened
        most = max(most, int(np.diff(opened, append=count).max()))
        row += count + 2
    opens, closes, worked = map(np.concatenate, columns)
    return Shifts(opens, closes, worked, at_day.ravel(), days, most)


def worked_until(program: Program, calendar: NDArray[Any], moments: Floats) -> Floats:
    """Hours on shift from the start of the run to each moment, shape (..., calendars), each by its own calendar."""
    shifts = shifts_of(program)
    day = np.minimum((moments / DAY).astype(np.intp), shifts.days - 1)
    at = shifts.at_day.take(calendar * shifts.days + day)
    for _ in range(shifts.most):
        at += shifts.opens.take(at + 1) <= moments
    hours: Floats = shifts.worked.take(at) + np.minimum(moments, shifts.closes.take(at)) - shifts.opens.take(at)
    return hours


def on_shift(program: Program, edges: Floats) -> Floats:
    """Hours on shift of each member from the first edge to each edge, shape (edges, members)."""
    hours = worked_until(program, program.tables.members["calendar"], edges[:, None])
    return np.asarray(hours - hours[:1], np.float64)


def worked_of(program: Program, records: Records, work: Work, window: Window) -> Worked:
    """Hours on shift inside the window by visit, of the visits on which someone worked in it."""
    rows = np.flatnonzero((work.member >= 0) & (work.started < window.end) & ~(work.finished <= window.start))
    spans = window.clip(np.stack([work.started[rows], filled(work.finished[rows], records)]))
    member = work.member[rows]
    since, until = worked_until(program, program.tables.members["calendar"].take(member), spans)
    return Worked(work.visit[rows], member, until - since)


def at_work(program: Program, worked: Worked, among: Flags | None = None) -> Floats:
    """Hours on shift inside the window that each member worked, in all or on the rows chosen by ``among``."""
    rows = slice(None) if among is None else np.flatnonzero(among)
    return counted(worked.member[rows], program.tables.members.size, worked.hours[rows])


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
        "revenue_per_sales_hour": float(ratio(booked, busy[selling(program)].sum())),
    }


def gini(loads: Floats) -> float:
    """Gini coefficient: half the mean difference between two of the loads over their mean; NaN of fewer than two.

    NaN loads, of those never on shift, are left out.
    """
    ordered = np.sort(loads[~np.isnan(loads)])
    if ordered.size < 2:
        return float(np.nan)
    ranks = 2 * np.arange(ordered.size) + 1 - ordered.size
    return float(ratio((ranks * ordered).sum(), ordered.size * ordered.sum()))
