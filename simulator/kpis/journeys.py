"""Journeys: all cases that stem from one lead, and the moments at which they came to stages and milestones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.kpis.journey_scans import scan_journeys, scan_passages
from simulator.kpis.window import Flags, Numbers, rows_of
from simulator.program.kept import kept
from simulator.program.layout import Milestone
from simulator.program.program import Program
from simulator.records import ACCOUNTS, Floats, Indices, Records


class Passages(NamedTuple):
    """One row for every visit to a step with a stage or a mark that started."""

    case: Indices
    journey: Numbers
    step: Indices
    moment: Floats


class Journeys(NamedTuple):
    """One row for every lead: a case that is its own root and counts for a channel."""

    root: Numbers
    """Row of the lead in the cases."""
    channel: Indices
    segment: Numbers
    """-1 where the program knows no segments."""
    born: Floats
    ended: Floats
    """When the last case of the journey ended; NaN while one is unfinished."""
    stages: Floats
    """First moment at which a case of the journey came to each stage, shape (journeys, stages); NaN for never."""
    milestones: dict[Milestone, Floats]
    """The same by milestone, for those that a step of the program marks."""
    of_case: Numbers
    """Journey of each case, -1 for none."""
    passages: Passages

    def reached(self, milestone: Milestone) -> Floats:
        """First moment of a milestone in each journey; NaN for never."""
        found = self.milestones.get(milestone)
        return np.full(self.born.size, np.nan) if found is None else found

    def known(self, milestone: Milestone) -> float:
        """1 where a step of the program marks the milestone, else NaN: a factor of figures that need it."""
        return 1.0 if milestone in self.milestones else np.nan


def journeys_of(program: Program, records: Records) -> Journeys:
    """Gather the cases of a run into journeys."""
    cases = records.cases
    (leads, number, journey), last = np.empty((3, cases.root.size), np.intp), np.empty(cases.root.size)
    root = leads[: scan_journeys(cases.root, cases.channel, cases.ended, leads, number, journey, last)]
    passages, first = _passages(program, records, journey, root.size)
    stages = len(program.names.stages)
    return Journeys(
        root,
        cases.channel.take(root),
        _segments(program, cases.attributes, root),
        cases.born.take(root),
        last[: root.size],
        first[:stages].T,
        dict(zip(_marks(program), first[stages:], strict=True)),
        journey,
        passages,
    )


def posted_to(account: str, records: Records, journeys: Journeys) -> tuple[Numbers, Numbers]:
    """Postings of journeys to an account: their rows, and the journey of each."""
    postings = records.postings
    rows = np.flatnonzero(postings.account == ACCOUNTS.index(account))
    journey = journeys.of_case.take(postings.case.take(rows))
    known = journey >= 0
    return (rows, journey) if known.all() else (rows[known], journey[known])


def _segments(program: Program, attributes: Floats, root: Numbers) -> Numbers:
    # A run without cases does not know how many attributes a case has.
    if program.tables.segment < 0 or attributes.size == 0:
        return np.full(root.size, -1)
    return np.rint(attributes[:, program.tables.segment].take(root)).astype(np.intp)


def _passages(program: Program, records: Records, journey: Numbers, size: int) -> tuple[Passages, Floats]:
    """Passages, and first moments of stages, then of marks, shape (stages + marks, journeys)."""
    visits, (begins, rows) = records.visits, _rows(program)
    telling = rows_of(_tells(program), visits.step)
    indices, numbers = np.empty((2, telling.size), np.int32), np.empty(telling.size, np.intp)
    room = Passages(indices[0], numbers, indices[1], np.empty(telling.size))
    first = np.full((len(program.names.stages) + len(_marks(program)), size), np.nan)
    number = scan_passages(telling, visits.step, visits.started, visits.case, journey, begins, rows, *room, first)
    return Passages._make(column[:number] for column in room), first


@kept
def _tells(program: Program) -> Flags:
    """Whether each step has a stage or a mark."""
    begins, _ = _rows(program)
    return np.asarray(begins[1:] > begins[:-1], np.bool_)


@kept
def _marks(program: Program) -> list[Milestone]:
    """Milestones that a step marks."""
    marked = int(np.bitwise_or.reduce(program.tables.steps["marks"]))
    return [bit for bit in Milestone if marked & bit]


@kept
def _rows(program: Program) -> tuple[Numbers, Numbers]:
    """Rows of the first moments that steps tell of, their stage and their marks, and where those of each step begin."""
    stages, marks = len(program.names.stages), _marks(program)
    rows = [
        [stage] * (stage >= 0) + [stages + place for place, bit in enumerate(marks) if marked & bit]
        for stage, marked in program.tables.steps[["stage", "marks"]].tolist()
    ]
    begins = np.cumsum([0, *map(len, rows)], dtype=np.intp)
    return begins, np.array([row for told in rows for row in told], np.intp)
