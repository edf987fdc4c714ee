"""Waiting: for teams by cause, for customers, schedules and policies; and the queues that it makes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.kpis.window import Figures, Flags, Numbers, Window, quotient, ratio, rows_of
from simulator.kpis.work import WorkDone, team_of_step
from simulator.kpis.work_scans import scan_delays, scan_waits
from simulator.program.kept import kept
from simulator.program.layout import Kind
from simulator.program.program import Program
from simulator.records import CAUSES, TEAM_CAUSES, TICKS, Floats, Integers, Records


class Queueing(NamedTuple):
    """What visits that queued for a team add up to, by team."""

    ticks: Integers
    """Ticks of waits that ended inside the window or lasted until the end of the run, shape (teams, 5)."""
    unserved: Floats
    """Number of those after which no work began."""
    lengths: Floats
    """Mean number of cases that wait in each week, shape (weeks, teams)."""


class Waiting(NamedTuple):
    """Hours of waits that ended inside the window or lasted until the run ended; each counts whole."""

    teams: Floats
    """Array of shape (teams, 5) in the order of ``TEAM_CAUSES``."""
    delays: Floats
    """By customer, schedule and policy."""


def queueing(program: Program, records: Records, window: Window) -> Queueing:
    """Add up the visits that waited for a team."""
    visits, waits, teams = records.visits, records.waits, len(program.names.teams)
    ticks, unserved = np.zeros((teams, len(TEAM_CAUSES)), np.int64), np.zeros(teams)
    number, sums = np.zeros((2, 2, window.weeks, teams))
    scan_waits(
        waits.visit, waits.ticks, visits.step, team_of_step(program), visits.entered, visits.started, visits.finished,
        window.start, window.end, records.end, window.begins, ticks, unserved, number, sums,
    )  # fmt: skip
    joined, left = hours_since(number, sums, window)
    return Queueing(ticks, unserved, ratio(joined - left, window.lengths[:, None]))


def hours_since(number: Floats, sums: Floats, window: Window) -> Floats:
    """Hours in each week since moments that are given by week, in number and as sums of hours since the start.

    All of shape (2, weeks, teams).
    """
    since = (window.edges[1:] - window.start)[:, None] * np.cumsum(number, axis=1) - np.cumsum(sums, axis=1)
    hours = since.copy()
    hours[:, 1:] -= since[:, :-1]
    return hours


def waiting(program: Program, records: Records, queues: Queueing, window: Window) -> Waiting:
    """Waiting by team and cause, and by the delays of wait and join steps."""
    visits = records.visits
    delays = scan_delays(
        visits.step, _delay_of(program), visits.entered, visits.finished, window.start, window.end, records.end
    )
    return Waiting(queues.ticks / TICKS, np.array(delays))


@kept
def _delay_of(program: Program) -> Numbers:
    """Which of the causes that no team has each step waits for, -1 for a step of another kind."""
    cause = program.tables.steps["cause"] - len(TEAM_CAUSES)
    return np.where(_delays_cases(program), cause, -1).astype(np.intp)


@kept
def _delays_cases(program: Program) -> Flags:
    """Whether each step waits, for a customer, a schedule, a policy or other cases."""
    return np.isin(program.tables.steps["kind"], (Kind.WAIT, Kind.JOIN))


def hours_of_visits(program: Program, records: Records) -> Floats:
    """Hours of each visit by cause, shape (visits, causes): in the queue of a team, or in a step that waits."""
    visits, steps = records.visits, program.tables.steps
    hours = np.zeros((visits.case.size, len(CAUSES)))
    hours[records.waits.visit, : len(TEAM_CAUSES)] = records.waits.ticks / TICKS
    rows = rows_of(_delays_cases(program), visits.step)
    left = np.where(np.isnan(visits.finished), records.end, visits.finished)[rows]
    hours[rows, steps["cause"][visits.step[rows]]] = left - visits.entered[rows]
    return hours


def waits(work: WorkDone, window: Window, leads: float, queues: Queueing, hours: Waiting) -> Figures:
    """Waiting for a lead by cause, waiting of a visit by team, and lengths of queues."""
    by_cause = np.concatenate([hours.teams.sum(axis=0), hours.delays])
    return {
        "waiting_{cause}": ratio(by_cause, leads),
        "waiting_for_teams": quotient(hours.teams.sum(), leads),
        "waiting_total": quotient(by_cause.sum(), leads),
        "waiting_{team}": ratio(hours.teams.sum(axis=1), work.begun + queues.unserved),
        "queue_{team}": ratio((queues.lengths * window.lengths[:, None]).sum(axis=0), window.hours),
        "abandoned_{team}": ratio(work.lost, work.begun + work.lost),
    }
