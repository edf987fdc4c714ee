"""Journeys: all cases that stem from one lead, and the moments at which they came to stages and milestones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.kpis.journey_scans import scan_firsts, scan_last_ends, scan_passages
from simulator.kpis.window import Numbers, rows_of
from simulator.program.kept import kept
from simulator.program.layout import Milestone
from simulator.program.program import Program
from simulator.records import Floats, Indices, Records


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
    own = cases.root == np.arange(cases.root.size)
    root = np.flatnonzero(own & (cases.channel >= 0))
    number = np.full(cases.root.size, -1)
    number[root] = np.arange(root.size)
    journey = number.take(cases.root)
    passages, first = _passages(program, records, journey, root.size)
    stages = len(program.names.stages)
    return Journeys(
        root,
        cases.channel[root],
        _segments(program, cases.attributes, root),
        cases.born[root],
        _last_ends(records, journey, root.size),
        first[:stages].T,
        dict(zip(_marks(program), first[stages:], strict=True)),
        journey,
        passages,
    )


def _segments(program: Program, attributes: Floats, root: Numbers) -> Numbers:
    # A run without cases does not know how many attributes a case has.
    if program.tables.segment < 0 or attributes.size == 0:
        return np.full(root.size, -1)
    segments: Numbers = np.rint(attributes[root, program.tables.segment]).astype(np.intp)
    return segments


def _last_ends(records: Records, journey: Numbers, size: int) -> Floats:
    ends = np.full(size, -np.inf)
    scan_last_ends(journey, records.cases.ended, ends)
    return np.where(np.isinf(ends), np.nan, ends)


def _passages(program: Program, records: Records, journey: Numbers, size: int) -> tuple[Passages, Floats]:
    """Passages, and first moments of stages, then of marks, shape (stages + marks, journeys)."""
    visits, (begins, rows) = records.visits, _rows(program)
    telling = rows_of(begins[1:] > begins[:-1], visits.step)
    indices, numbers = np.empty((2, telling.size), np.int32), np.empty(telling.size, np.intp)
    room = Passages(indices[0], numbers, indices[1], np.empty(telling.size))
    number = scan_passages(telling, visits.step, visits.started, visits.case, journey, *room)
    passages = Passages._make(column[:number] for column in room)
    first = np.full((len(program.names.stages) + len(_marks(program)), size), np.nan)
    scan_firsts(passages.journey, passages.step, passages.moment, begins, rows, first)
    return passages, first


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
