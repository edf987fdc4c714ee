"""Visits to work steps: what hours, queues, rework and sellers are told from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.kpis.window import Flags, Numbers, Window, rows_of
from simulator.kpis.work_scans import scan_work
from simulator.program.kept import kept
from simulator.program.layout import Kind
from simulator.program.program import Program
from simulator.records import Floats, Records


class WorkDone(NamedTuple):
    """Visits to work steps inside the window, in numbers by team."""

    begun: Floats
    """Those that someone of the team began."""
    lost: Floats
    """Those that gave up on the team unserved."""
    finished: Floats
    """Those that someone of the team finished."""
    wrong: Floats
    """Those that someone of the team finished, found wrong and sent back."""


def work_of(program: Program, records: Records) -> Numbers:
    """Rows of the visits at which someone or a tool worked, or was to work."""
    return rows_of(_works(program), records.visits.step)


def work_done(program: Program, records: Records, work: Numbers, window: Window) -> WorkDone:
    """Count visits to work steps inside the window."""
    visits, number = records.visits, np.zeros((len(WorkDone._fields), len(program.names.teams)))
    scan_work(
        work, visits.step, visits.member, visits.started, visits.finished, visits.next, window.start, window.end,
        team_of_step(program), team_of_member(program), _wrong_to(program), number,
    )  # fmt: skip
    return WorkDone(*number)


@kept
def team_of_step(program: Program) -> Numbers:
    """Team of each step, -1 for none."""
    return program.tables.steps["team"].astype(np.intp)


@kept
def team_of_member(program: Program) -> Numbers:
    """Team of each member."""
    return program.tables.members["team"].astype(np.intp)


@kept
def _wrong_to(program: Program) -> Numbers:
    """Step to which work of each step goes back that is found wrong, -1 where none is."""
    steps = program.tables.steps
    return np.where(steps["defect"] >= 0, steps["defect_to"], -1).astype(np.intp)


@kept
def _works(program: Program) -> Flags:
    return np.asarray(program.tables.steps["kind"] == Kind.WORK, np.bool_)
