"""Waiting: for teams by cause, for customers, schedules and policies; and the queues that it makes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.kpis.window import Figures, Flags, Numbers, Window, counted, filled, ratio, visits_of, weekly_time
from simulator.program.layout import Kind
from simulator.program.program import Program
from simulator.records import CAUSES, TEAM_CAUSES, TICKS, Floats, Records


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
    started, finished = visits.started[visit], visits.finished[visit]
    left = np.where(np.isnan(started), finished, started)
    counts, left = window.holds(left) | np.isnan(left), filled(left, records)
    team = program.tables.steps["team"][visits.step[visit]].astype(np.intp)
    return Queueing(team, visits.entered[visit], left, ~np.isnan(started), counts)


def waiting(program: Program, records: Records, queues: Queueing, window: Window) -> Waiting:
    """Waiting by team and cause, and by the delays of wait and join steps."""
    teams, causes = len(program.names.teams), len(TEAM_CAUSES)
    hours = records.waits.ticks[queues.counts] / TICKS
    cell = queues.team[queues.counts][:, None] * causes + np.arange(causes)
    by_team = counted(cell.ravel(), teams * causes, hours.ravel()).reshape(teams, causes)
    return Waiting(by_team, _delays(program, records, window))


def _delays(program: Program, records: Records, window: Window) -> Floats:
    steps, visits = program.tables.steps, records.visits
    rows = visits_of(np.isin(steps["kind"], (Kind.WAIT, Kind.JOIN)), records)
    finished = visits.finished[rows]
    counts = window.holds(finished) | np.isnan(finished)
    rows = rows[counts]
    hours = filled(finished[counts], records) - visits.entered[rows]
    cause = steps["cause"][visits.step[rows]].astype(np.intp) - len(TEAM_CAUSES)
    return counted(cause, len(CAUSES) - len(TEAM_CAUSES), hours)


def hours_of_visits(program: Program, records: Records) -> Floats:
    """Hours of each visit by cause, shape (visits, causes): in the queue of a team, or in a step that waits."""
    visits, steps = records.visits, program.tables.steps
    hours = np.zeros((visits.case.size, len(CAUSES)))
    hours[records.waits.visit, : len(TEAM_CAUSES)] = records.waits.ticks / TICKS
    rows = visits_of(np.isin(steps["kind"], (Kind.WAIT, Kind.JOIN)), records)
    left = np.where(np.isnan(visits.finished), records.end, visits.finished)[rows]
    hours[rows, steps["cause"][visits.step[rows]]] = left - visits.entered[rows]
    return hours


def queue_lengths(program: Program, queues: Queueing, window: Window) -> Floats:
    """Mean number of cases that wait for each team in each week, shape (weeks, teams)."""
    time = weekly_time(queues.team, len(program.names.teams), queues.joined, queues.left, window)
    lengths: Floats = ratio(time, np.diff(window.edges)[:, None])
    return lengths


def waits(
    program: Program, records: Records, window: Window, leads: float, queues: Queueing, hours: Waiting, lengths: Floats
) -> Figures:
    """Waiting for a lead by cause, waiting of a visit by team, and lengths of queues."""
    teams = len(program.names.teams)
    visits = records.visits
    works = visits_of(program.tables.steps["kind"] == Kind.WORK, records)
    team = program.tables.steps["team"][visits.step[works]].astype(np.intp)
    started, finished = visits.started[works], visits.finished[works]
    served = counted(team[(visits.member[works] >= 0) & window.holds(started)], teams)
    without = queues.counts & ~queues.served
    waited = served + counted(queues.team[without], teams)
    lost = counted(team[np.isnan(started) & window.holds(finished)], teams)
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
