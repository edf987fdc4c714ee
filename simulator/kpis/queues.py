"""Waiting: for teams by cause, for customers, schedules and policies; and the queues that it makes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.kpis.window import Figures, Flags, Numbers, Window, counted, filled, ratio, visits_of, weekly_time
from simulator.kpis.work import Work
from simulator.program.kept import kept
from simulator.program.layout import Kind
from simulator.program.program import Program
from simulator.records import CAUSES, TEAM_CAUSES, TICKS, Floats, Integers, Records


class Queueing(NamedTuple):
    """One row for every visit that queued for a team."""

    team: Numbers
    joined: Floats
    left: Floats
    """When work began, the case gave up, or the run ended."""
    served: Flags
    """Whether work began."""
    counts: Flags
    """Whether the wait ended inside the window, or lasted until the end of the run."""


class Waiting(NamedTuple):
    """Hours of waits that ended inside the window or lasted until the run ended; each counts whole."""

    teams: Floats
    """Array of shape (teams, 5) in the order of ``TEAM_CAUSES``."""
    delays: Floats
    """By customer, schedule and policy."""


def queueing(program: Program, records: Records, window: Window) -> Queueing:
    """Times in the queue of every visit that waited for a team."""
    visits, visit = records.visits, records.waits.visit
    started, finished = visits.started.take(visit), visits.finished.take(visit)
    served = ~np.isnan(started)
    left = np.where(served, started, finished)
    counts, left = window.holds(left) | np.isnan(left), filled(left, records)
    team = program.tables.steps["team"].take(visits.step.take(visit))
    return Queueing(team, visits.entered.take(visit), left, served, counts)


def waiting(program: Program, records: Records, queues: Queueing, window: Window) -> Waiting:
    """Waiting by team and cause, and by the delays of wait and join steps."""
    by_team = _by_team(queues, records.waits.ticks, len(program.names.teams))
    return Waiting(by_team, _delays(program, records, window))


def _by_team(queues: Queueing, ticks: Integers, teams: int) -> Floats:
    """Hours in the queues by team and cause, added up in whole ticks."""
    rows = np.flatnonzero(queues.counts)
    team = queues.team.take(rows)
    # Small codes are sorted in one pass.
    in_order = rows[np.argsort(team.astype(np.min_scalar_type(teams)), kind="stable")]
    so_far = np.zeros((rows.size + 1, ticks.shape[1]), np.int64)
    np.cumsum(ticks.take(in_order, axis=0), axis=0, out=so_far[1:])
    return np.diff(so_far[np.cumsum(np.bincount(team, minlength=teams))], axis=0, prepend=0) / TICKS


def _delays(program: Program, records: Records, window: Window) -> Floats:
    visits = records.visits
    counts = window.holds(visits.finished) | np.isnan(visits.finished)
    rows = np.flatnonzero(counts & _delays_cases(program).take(visits.step))
    hours = filled(visits.finished.take(rows), records) - visits.entered.take(rows)
    cause = program.tables.steps["cause"].take(visits.step.take(rows)) - len(TEAM_CAUSES)
    return counted(cause, len(CAUSES) - len(TEAM_CAUSES), hours)


@kept
def _delays_cases(program: Program) -> Flags:
    """Whether each step waits, for a customer, a schedule, a policy or other cases."""
    return np.isin(program.tables.steps["kind"], (Kind.WAIT, Kind.JOIN))


def hours_of_visits(program: Program, records: Records) -> Floats:
    """Hours of each visit by cause, shape (visits, causes): in the queue of a team, or in a step that waits."""
    visits, steps = records.visits, program.tables.steps
    hours = np.zeros((visits.case.size, len(CAUSES)))
    hours[records.waits.visit, : len(TEAM_CAUSES)] = records.waits.ticks / TICKS
    rows = visits_of(_delays_cases(program), records)
    left = np.where(np.isnan(visits.finished), records.end, visits.finished)[rows]
    hours[rows, steps["cause"][visits.step[rows]]] = left - visits.entered[rows]
    return hours


def queue_lengths(program: Program, queues: Queueing, window: Window) -> Floats:
    """Mean number of cases that wait for each team in each week, shape (weeks, teams)."""
    time = weekly_time(queues.team, len(program.names.teams), queues.joined, queues.left, window)
    lengths: Floats = ratio(time, np.diff(window.edges)[:, None])
    return lengths


def waits(
    program: Program, work: Work, window: Window, leads: float, queues: Queueing, hours: Waiting, lengths: Floats
) -> Figures:
    """Waiting for a lead by cause, waiting of a visit by team, and lengths of queues."""
    teams = len(program.names.teams)
    team = program.tables.steps["team"].take(work.step)
    served = counted(team[np.flatnonzero((work.member >= 0) & window.holds(work.started))], teams)
    without = queues.counts & ~queues.served
    waited = served + counted(queues.team[without], teams)
    lost = counted(team[np.flatnonzero(np.isnan(work.started) & window.holds(work.finished))], teams)
    by_cause = np.concatenate([hours.teams.sum(axis=0), hours.delays])
    length_of_week = np.diff(window.edges)
    return {
        "waiting_{cause}": ratio(by_cause, leads),
        "waiting_for_teams": float(ratio(hours.teams.sum(), leads)),
        "waiting_total": float(ratio(by_cause.sum(), leads)),
        "waiting_{team}": ratio(hours.teams.sum(axis=1), waited),
        "queue_{team}": ratio((lengths * length_of_week[:, None]).sum(axis=0), window.hours),
        "abandoned_{team}": ratio(lost, served + lost),
    }
