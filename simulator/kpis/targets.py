"""Sellers and their targets: who sells, what was booked against the plan, and what the pipeline holds of it."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.kpis.settling_scans import scan_sellers
from simulator.kpis.window import DAY, Figures, Flags, Numbers, counted, quotient, ratio, window_of
from simulator.program.kept import kept
from simulator.program.layout import Kind, Milestone
from simulator.program.program import Program
from simulator.records import ACCOUNTS, Floats, Records

PERIOD: Final = 91 * DAY
"""Hours of a quarter of thirteen weeks, of which a year of whole weeks has four."""


def sellers(program: Program) -> Numbers:
    """Members with a target, in their order."""
    return np.flatnonzero(program.targets > 0)


@kept
def selling(program: Program) -> Flags:
    """Whether each member sells: those with a target or, where nobody has one, teams of acquisition in the pipeline.

    Such a team works at a step of a stage in which opportunities stand.
    """
    steps, begin = program.tables.steps, first_of_pipeline(program)
    if np.any(program.targets > 0) or begin < 0:
        return np.asarray(program.targets > 0, np.bool_)
    teams = np.unique(steps["team"][(steps["kind"] == Kind.WORK) & (steps["stage"] >= begin)])
    wins = np.array([centre == "acquisition" for centre in program.names.team_centres], np.bool_)
    team = program.tables.members["team"]
    return np.asarray(np.isin(team, teams) & wins[team], np.bool_)


@kept
def first_of_pipeline(program: Program) -> int:
    """First stage in which opportunities stand, the one before the quote; -1 where no stage is that of a quote."""
    steps = program.tables.steps
    quoted = steps["stage"][(steps["marks"] & Milestone.QUOTED > 0) & (steps["stage"] >= 0)]
    return max(int(quoted.min()) - 1, 0) if quoted.size else -1


def targets(program: Program, records: Records, work: Numbers, pipeline: float) -> Figures:
    """What was booked over what was to be booked, by seller and in all; NaN where nobody has a target."""
    those, edges, target = _due(program)
    booked = _booked(records, work, those, edges, program.tables.members.size)
    whole = edges.size - 2
    reached = booked[:whole].sum(axis=1) >= target[:whole].sum(axis=1)
    quarter = quotient(target.sum(), window_of(program).hours) * PERIOD
    return {
        "target_attainment": quotient(booked.sum(), target.sum()),
        "target_attainment_{seller}": ratio(booked.sum(axis=0), target.sum(axis=0)),
        "targets_reached": quotient(reached.sum(), whole) if those.size else np.nan,
        "pipeline_coverage": quotient(pipeline, quarter),
    }


@kept
def _due(program: Program) -> tuple[Numbers, Floats, Floats]:
    """Sellers, edges of periods, and what each seller is to book in each while employed, shape (periods, sellers)."""
    window, those = window_of(program), sellers(program)
    edges = np.append(np.arange(window.start, window.end + 1e-6, PERIOD), window.end)
    members = program.tables.members[those]
    employed = np.clip(edges[:, None], members["hired"], members["departs"])
    return those, edges, np.asarray(np.diff(employed, axis=0) * program.targets[those], np.float64)


def _booked(records: Records, work: Numbers, those: Numbers, edges: Floats, members: int) -> Floats:
    """What each seller booked, shape (periods, sellers)."""
    place = np.full(members + 1, -1)
    place[those] = np.arange(those.size)
    if those.size == 0:
        return np.zeros((edges.size - 1, 0))
    rows = np.flatnonzero(records.postings.account == ACCOUNTS.index("booked"))
    seller, time = _seller(records, work, rows, place), records.postings.time[rows]
    period = np.searchsorted(edges, time, "right") - 1
    inside = (seller >= 0) & (period >= 0) & (time < edges[-1])
    cell = period[inside] * those.size + seller[inside]
    amounts = records.postings.cents[rows][inside] / 100
    return counted(cell, (edges.size - 1) * those.size, amounts).reshape(edges.size - 1, those.size)


def _seller(records: Records, work: Numbers, rows: Numbers, place: Numbers) -> Numbers:
    """Who of the sellers worked last on the case of each posting before it; -1 for nobody."""
    postings, visits, latest = records.postings, records.visits, np.full(records.cases.root.size, -1)
    (before, seller), since = np.empty((2, rows.size), np.intp), np.empty(rows.size)
    scan_sellers(
        work, visits.member, visits.case, visits.started, place, postings.case.take(rows), postings.time.take(rows),
        latest, before, since, seller,
    )  # fmt: skip
    return seller
