"""One replication of a scenario, arranged so that single leads can be followed through it."""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple

import numpy as np

from simulator.kpis.journeys import Journeys, journeys_of
from simulator.kpis.queues import hours_of_visits
from simulator.program.layout import Milestone
from simulator.program.program import Program
from simulator.records import ACCOUNTS, CAUSES, Floats, Records

_BOOKED: Final = ACCOUNTS.index("booked")
Fate = Literal["won", "lost", "open"]


class Event(NamedTuple):
    """One visit of a case to a step."""

    time: float
    """Hours since the start of the run at which the case came."""
    process: str
    step: str
    """Label of the step."""
    waited: dict[str, float]
    """Hours of waiting by cause; causes without any are left out."""
    member: str
    """Who worked on it; empty where nobody did, as in a wait or where a tool did it."""
    finished: float
    """Hours; NaN while unfinished."""


class Side(NamedTuple):
    """One scenario, run."""

    program: Program
    records: Records
    journeys: Journeys
    waits: Floats
    """Hours of each visit by cause."""
    visits: dict[int, list[int]]
    """Rows of the visits of each case, in their order."""
    cases: dict[int, list[int]]
    """Rows of the cases of each journey, by the row of its lead."""
    booked: Floats
    """By journey, by the row of its lead."""


def side_of(program: Program, records: Records) -> Side:
    """Arrange the records of one replication."""
    visits: dict[int, list[int]] = {}
    for row, case in enumerate(records.visits.case.tolist()):
        visits.setdefault(case, []).append(row)
    cases: dict[int, list[int]] = {}
    for row, root in enumerate(records.cases.root.tolist()):
        cases.setdefault(root, []).append(row)
    postings = records.postings
    orders = postings.account == _BOOKED
    booked = np.zeros(records.cases.key.size)
    np.add.at(booked, records.cases.root[postings.case[orders]], postings.cents[orders] / 100)
    return Side(
        program, records, journeys_of(program, records), hours_of_visits(program, records), visits, cases, booked
    )


def roots(side: Side) -> dict[int, int]:
    """Row of each lead that came after the warm-up, by its key."""
    cases, journeys = side.records.cases, side.journeys
    counted = journeys.root[journeys.born >= side.program.warm_up]
    return {int(cases.key[row]): int(row) for row in counted}


def fate(side: Side, root: int) -> Fate:
    """Won where the journey came to an order or, in a scenario without orders, where its lead ended as won."""
    journey = int(side.journeys.of_case[root])
    outcome = int(side.records.cases.outcome[root])
    if Milestone.ORDER in side.journeys.milestones:
        won = not math.isnan(float(side.journeys.reached(Milestone.ORDER)[journey]))
    else:
        won = outcome >= 0 and side.program.names.outcome_results[outcome] == "won"
    if won:
        return "won"
    return "open" if outcome < 0 else "lost"


def event(side: Side, visit: int) -> Event:
    """A visit in the words of the scenario."""
    visits, names = side.records.visits, side.program.names
    hours, member = side.waits[visit], int(visits.member[visit])
    return Event(
        time=float(visits.entered[visit]),
        process=step(side, visit).partition(".")[0],
        step=label(side, visit),
        waited={cause: float(each) for cause, each in zip(CAUSES, hours, strict=True) if each > 0},
        member=names.members[member] if member >= 0 else "",
        finished=float(visits.finished[visit]),
    )


def step(side: Side, visit: int) -> str:
    """Step of a visit as ``process.step``."""
    return side.program.names.steps[int(side.records.visits.step[visit])]


def label(side: Side, visit: int) -> str:
    """Step of a visit for people."""
    return side.program.names.step_labels[int(side.records.visits.step[visit])]
