"""People: hours on shift, hours at work, and the utilisation of teams."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kpis.targets import selling
from simulator.kpis.window import Figures, Flags, Window, counted, filled, ratio
from simulator.program.layout import Tables
from simulator.program.program import Program
from simulator.records import Floats, Records


def worked_until(tables: Tables, calendar: NDArray[Any], moments: Floats) -> Floats:
    """Hours on shift from the start of the run to each moment, each by its own calendar."""
    hours = np.zeros(moments.shape)
    order = np.argsort(calendar, kind="stable")
    numbers, firsts = np.unique(calendar[order], return_index=True)
    for number, rows in zip(numbers, np.split(order, firsts[1:]), strict=False):
        span = tables.calendars[number]
        if span["count"] > 0:
            shifts = slice(span["first"], span["first"] + span["count"])
            hours[rows] = _worked(moments[rows], tables.opens[shifts], tables.closes[shifts], tables.worked[shifts])
    return hours


def _worked(moments: Floats, opens: Floats, closes: Floats, worked: Floats) -> Floats:
    at = np.searchsorted(opens, moments, "right") - 1
    return np.where(at < 0, 0.0, worked[at] + np.minimum(moments, closes[at]) - opens[at])


def on_shift(program: Program, edges: Floats) -> Floats:
    """Hours on shift of each member from the first edge to each edge, shape (edges, members)."""
    numbers, calendar = np.unique(program.tables.members["calendar"], return_inverse=True)
    moments = np.tile(edges, numbers.size)
    hours = worked_until(program.tables, np.repeat(numbers, edges.size), moments).reshape(numbers.size, edges.size)
    return np.asarray((hours - hours[:, :1])[calendar].T, np.float64)


def at_work(program: Program, records: Records, window: Window, among: Flags | None = None) -> Floats:
    """Hours on shift inside the window that each member spent on visits, on all or on those chosen by ``among``."""
    visits = records.visits
    rows = np.flatnonzero(visits.member >= 0)
    rows = rows if among is None else rows[among[rows]]
    begun, left = visits.started[rows], filled(visits.finished[rows], records)
    inside = (begun < window.end) & (left > window.start)
    member, begun, left = visits.member[rows[inside]], begun[inside], left[inside]
    calendar = program.tables.members["calendar"][member]
    hours = worked_until(program.tables, calendar, window.clip(left))
    hours -= worked_until(program.tables, calendar, window.clip(begun))
    return counted(member, program.tables.members.size, hours)


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
