"""What is told of journeys, in compiled passes over visits and cases, in the order of the rows.

Functions read plain columns and write into arrays that they are given.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulator.chance.compiled import bare
from simulator.records import Floats, Indices

if TYPE_CHECKING:
    from simulator.kpis.window import Flags, Numbers


@bare
def scan_rows(flagged: Flags, code: Indices, rows: Numbers) -> int:
    """Write the rows whose code is flagged; returns their number."""
    count = 0
    for row in range(code.size):
        # Written always and kept where it counts: what a branch comes to here is hard to foretell.
        rows[count] = row
        count += flagged[code[row]]
    return count


@bare
def scan_journeys(
    root: Indices, channel: Indices, ended: Floats, leads: Numbers, number: Numbers, journey: Numbers, last: Floats
) -> int:
    """Write the cases with which journeys begin, the journey of each case, -1 for none, and when its last case ended.

    ``number`` is room for a journey of each case; ``last``, for as many, is NaN for journeys with an unfinished case.
    Returns the number of journeys.
    """
    count = 0
    for case in range(root.size):
        begins = root[case] == case and channel[case] >= 0
        leads[count], last[count] = case, -math.inf
        number[case] = count if begins else -1
        count += begins
    for case in range(root.size):
        own = number[root[case]]
        journey[case] = own
        if own >= 0 and not ended[case] <= last[own]:  # as NaN never is, nor any moment where there is NaN before
            last[own] = math.nan if math.isnan(last[own]) else ended[case]
    return count


@bare
def scan_passages(
    rows: Numbers, step: Indices, started: Floats, case: Indices, journey_of: Numbers, begins: Numbers, told: Numbers,
    of_case: Indices, of_journey: Numbers, of_step: Indices, of_moment: Floats, first: Floats,
) -> int:  # fmt: skip
    """Write case, journey, step and moment of visits that began, and the first of the moments in each journey.

    Args:
        rows: Visits to steps that tell of something.
        begins: By step, where its places in ``told`` begin; shape (steps + 1,).
        told: Rows of ``first`` that a step tells of, step by step.
        first: Shape (rows, journeys), NaN for never.

    Returns:
        The number of visits that began.
    """
    count = 0
    for visit in rows:
        at, moment = step[visit], started[visit]
        journey = journey_of[case[visit]]
        of_case[count], of_journey[count], of_step[count], of_moment[count] = case[visit], journey, at, moment
        if math.isnan(moment):
            continue
        count += 1
        if journey < 0:
            continue
        for place in range(begins[at], begins[at + 1]):
            before = first[told[place], journey]
            comes_first = not before <= moment  # as any moment does where there is none before, which is NaN
            first[told[place], journey] = moment if comes_first else before
    return count


@bare
def scan_stage(stages: Floats, stage: int, start: float, end: float, until: Floats, hours: Floats) -> int:
    """Write the hours from one stage, shape (stages, journeys), to the first of the later ones that lies in the window.

    ``until`` is room for a moment of each journey. Returns the number of hours.
    """
    until[:] = math.inf
    for later in range(stage + 1, stages.shape[0]):
        for journey in range(until.size):
            moment = stages[later, journey]
            sooner = (stages[stage, journey] <= moment) & (moment < until[journey])
            until[journey] = moment if sooner else until[journey]
    count = 0
    for journey in range(until.size):
        hours[count] = until[journey] - stages[stage, journey]
        count += (start <= until[journey]) & (until[journey] < end)
    return count


@bare
def scan_following(journey: Numbers, moment: Floats, before: Numbers, following: Numbers, latest: Numbers) -> None:
    """Write the row that follows each in time in the same journey, -1 for none; equal moments keep their order.

    Rows that are almost in the order of time need few steps. ``before`` is room for a row of each, and ``latest``, of
    -1, for one of each journey; nothing follows what lies outside journeys, in number -1.
    """
    for row in range(journey.size):
        if journey[row] < 0:
            following[row] = -1
            continue
        after, place = -1, latest[journey[row]]
        while place >= 0 and moment[place] > moment[row]:
            after, place = place, before[place]
        before[row], following[row] = place, after
        if place >= 0:
            following[place] = row
        if after >= 0:
            before[after] = row
        else:
            latest[journey[row]] = row
