"""Visits to work steps: what hours, queues, rework and sellers are told from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.kpis.window import Flags, Numbers, visits_of
from simulator.program.kept import kept
from simulator.program.layout import Kind
from simulator.program.program import Program
from simulator.records import Floats, Indices, Records


class Work(NamedTuple):
    """One row for every visit to a work step, in the order of arrival, with the columns of the visits."""

    visit: Numbers
    """Row in the visits."""
    step: Indices
    member: Indices
    started: Floats
    finished: Floats


def work_of(program: Program, records: Records) -> Work:
    """Visits at which someone or a tool worked, or was to work."""
    visits, rows = records.visits, visits_of(_works(program), records)
    return Work(rows, visits.step[rows], visits.member[rows], visits.started[rows], visits.finished[rows])


@kept
def _works(program: Program) -> Flags:
    return np.asarray(program.tables.steps["kind"] == Kind.WORK, np.bool_)
