"""Journeys: all cases that stem from one lead, and the moments at which they came to stages and milestones."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from simulator.kpis.window import Flags, Numbers, visits_of
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
    journey = number[cases.root]
    passages = _passages(program, records, journey)
    first, stages = _first_moments(program, passages, root.size), len(program.names.stages)
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
    belongs = journey >= 0
    ends = np.full(size, -np.inf)
    np.maximum.at(ends, journey[belongs], np.where(np.isnan(records.cases.ended), np.inf, records.cases.ended)[belongs])
    return np.where(np.isinf(ends), np.nan, ends)


def _passages(program: Program, records: Records, journey: Numbers) -> Passages:
    visits = records.visits
    rows = visits_of(_telling(program), records)
    moment = visits.started.take(rows)
    if not (begun := ~np.isnan(moment)).all():
        rows, moment = rows[begun], moment[begun]
    case = visits.case.take(rows)
    return Passages(case, journey.take(case), visits.step.take(rows), moment)


def _first_moments(program: Program, passages: Passages, size: int) -> Floats:
    """First moments of stages, then of marks, shape (stages + marks, journeys)."""
    # What cases outside journeys, of number -1, come to is written to a last column of its own.
    first = np.full((len(program.names.stages) + len(_marks(program)), size + 1), np.nan)
    # Small codes are sorted in one pass, and step by step one row after the other is written.
    step = passages.step.astype(np.min_scalar_type(program.tables.steps.size))
    by_step = np.argsort(step, kind="stable")
    journey, moment = passages.journey.take(by_step), passages.moment.take(by_step)
    edges = np.cumsum(np.bincount(step, minlength=program.tables.steps.size)).tolist()
    for (begin, end), rows in zip(pairwise([0, *edges]), _rows(program), strict=True):
        for row in rows:
            np.fmin.at(first[row], journey[begin:end], moment[begin:end])
    return first[:, :size]


@kept
def _telling(program: Program) -> Flags:
    """Whether each step has a stage or a mark."""
    steps = program.tables.steps
    return np.asarray((steps["stage"] >= 0) | (steps["marks"] > 0), np.bool_)


@kept
def _marks(program: Program) -> list[Milestone]:
    """Milestones that a step marks."""
    marked = int(np.bitwise_or.reduce(program.tables.steps["marks"]))
    return [bit for bit in Milestone if marked & bit]


@kept
def _rows(program: Program) -> list[list[int]]:
    """Rows of the first moments that each step tells of: its stage and its marks."""
    stages, marks = len(program.names.stages), _marks(program)
    return [
        [stage] * (stage >= 0) + [stages + place for place, bit in enumerate(marks) if marked & bit]
        for stage, marked in program.tables.steps[["stage", "marks"]].tolist()
    ]
