"""People: hours on shift, hours at work, and the utilisation of teams."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.kpis.targets import selling
from simulator.kpis.window import Figures, Flags, Numbers, Window, counted, filled, ratio
from simulator.program.layout import Tables
from simulator.program.program import Program
from simulator.records import Floats, Indices, Records


class Worked(NamedTuple):
    """One row for every visit on which a member worked inside the window."""

    visit: Numbers
    """Row in the visits."""
    member: Indices
    hours: Floats
    """Hours on shift inside the window that the visit took."""


def worked_until(tables: Tables, calendar: NDArray[Any], moments: Floats) -> Floats:
    """Hours on shift from the start of the run to each moment, shape (..., calendars), each by its own calendar."""
    hours = np.zeros(moments.shape)
    # Small codes are sorted in one pass, and moments that keep their order in time are found sooner.
    order = np.argsort(calendar.astype(np.min_scalar_type(tables.calendars.size)), kind="stable")
    numbers, firsts = np.unique(calendar[order], return_index=True)
    for number, rows in zip(numbers, np.split(order, firsts[1:]), strict=False):
        span = tables.calendars[number]
        if span["count"] > 0:
            shifts = slice(span["first"], span["first"] + span["count"])
            hours[..., rows] = _worked(
                moments[..., rows], tables.opens[shifts], tables.closes[shifts], tables.worked[shifts]
            )
    return hours


def _worked(moments: Floats, opens: Floats, closes: Floats, worked: Floats) -> Floats:
    at = np.searchsorted(opens, moments, "right") - 1
    return np.where(at < 0, 0.0, worked[at] + np.minimum(moments, closes[at]) - opens[at])


def on_shift(program: Program, edges: Floats) -> Floats:
    """Hours on shift of each member from the first edge to each edge, shape (edges, members)."""
    numbers, calendar = np.unique(program.tables.members["calendar"], return_inverse=True)
    moments = np.broadcast_to(edges[:, None], (edges.size, numbers.size))
    hours = worked_until(program.tables, numbers, moments)
    return np.asarray((hours - hours[:1])[:, calendar], np.float64)


def worked_of(program: Program, records: Records, window: Window) -> Worked:
    """Hours on shift inside the window by visit, of the visits on which someone worked in it."""
    visits = records.visits
    visit = np.flatnonzero(visits.member >= 0)
    begun, left = visits.started[visit], filled(visits.finished[visit], records)
    inside = (begun < window.end) & (left > window.start)
    member, spans = visits.member[visit[inside]], np.stack([begun[inside], left[inside]])
    since, until = worked_until(program.tables, program.tables.members["calendar"][member], window.clip(spans))
    return Worked(visit[inside], member, until - since)


def at_work(program: Program, worked: Worked, among: Flags | None = None) -> Floats:
    """Hours on shift inside the window that each member worked, in all or on the rows chosen by ``among``."""
    rows = slice(None) if among is None else among
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
