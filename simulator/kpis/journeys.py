"""Journeys: all cases that stem from one lead, and the moments at which they came to stages and milestones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.kpis.window import Numbers
from simulator.program.layout import Milestone, Program
from simulator.records import Floats, Indices, Records


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
    milestones: Floats
    """The same for the milestones, in the order of ``Milestone``."""

    def reached(self, milestone: Milestone) -> Floats:
        """First moment of a milestone in each journey; NaN for never."""
        return self.milestones[:, tuple(Milestone).index(milestone)]


def journeys_of(program: Program, records: Records) -> Journeys:
    """Gather the cases of a run into journeys."""
    cases = records.cases
    own = cases.root == np.arange(cases.root.size)
    root = np.flatnonzero(own & (cases.channel >= 0))
    number = np.full(cases.root.size, -1)
    number[root] = np.arange(root.size)
    journey = number[cases.root]
    return Journeys(
        root,
        cases.channel[root],
        _segments(program, cases.attributes[root]),
        cases.born[root],
        _last_ends(records, journey, root.size),
        *_first_moments(program, records, journey, root.size),
    )


def _segments(program: Program, attributes: Floats) -> Numbers:
    # A run without cases does not know how many attributes a case has.
    if program.tables.segment < 0 or attributes.size == 0:
        return np.full(attributes.shape[0], -1)
    segments: Numbers = np.rint(attributes[:, program.tables.segment]).astype(np.intp)
    return segments


def _last_ends(records: Records, journey: Numbers, size: int) -> Floats:
    belongs = journey >= 0
    ends = np.full(size, -np.inf)
    np.maximum.at(ends, journey[belongs], np.where(np.isnan(records.cases.ended), np.inf, records.cases.ended)[belongs])
    return np.where(np.isinf(ends), np.nan, ends)


def _first_moments(program: Program, records: Records, journey: Numbers, size: int) -> tuple[Floats, Floats]:
    """First moments of stages and of milestones by journey."""
    steps, visits, stages = program.tables.steps, records.visits, len(program.names.stages)
    bits = tuple(Milestone)
    first = np.full((size, stages + len(bits)), np.inf)
    telling = (steps["stage"] >= 0) | (steps["marks"] > 0)
    rows = np.flatnonzero(telling[visits.step] & ~np.isnan(visits.started) & (journey[visits.case] >= 0))
    of, step, moment = journey[visits.case[rows]], visits.step[rows], visits.started[rows]
    staged = steps["stage"][step] >= 0
    np.minimum.at(first, (of[staged], steps["stage"][step[staged]]), moment[staged])
    for column, bit in enumerate(bits, stages):
        marked = steps["marks"][step] & bit > 0
        np.minimum.at(first[:, column], of[marked], moment[marked])
    first[np.isinf(first)] = np.nan
    return first[:, :stages], first[:, stages:]
