"""State of one replication that all steps share."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

import simpy

from simulator.engines.simpy_engine.case import Case
from simulator.engines.simpy_engine.chance import Chance
from simulator.engines.simpy_engine.recorder import Recorder
from simulator.engines.simpy_engine.team import Team
from simulator.program.layout import Step
from simulator.program.program import Program
from simulator.program.working_time import finish

Stay = Generator[simpy.Event, Any, int]
"""A step that takes time: it yields events and returns the step that follows."""


class Person(NamedTuple):
    """A row of the table of members."""

    team: int
    calendar: int
    speed: float
    win_factor: float
    weight: float
    open_cases: int
    hired: float
    ramp_up: float
    ramp_from: float
    departs: float


class Run:
    """One replication under way."""

    def __init__(self, program: Program, seed: int, replication: int) -> None:
        self.program = program
        self.tables = program.tables
        self.env = simpy.Environment(program.begins)
        self.recorder = Recorder(program.tables.births.shape[-1])
        self.chance = Chance(program, seed, replication)
        self.teams = [Team(self.env, program, index, self.recorder) for index in range(program.tables.teams.size)]
        self.steps = [Step(*row) for row in program.tables.steps.tolist()]
        self.outcomes: list[tuple[int, int, int]] = program.tables.outcomes.tolist()
        self.assignments: list[tuple[int, int]] = program.tables.assignments.tolist()
        self.members = [Person(*row) for row in program.tables.members.tolist()]
        self.calendars: list[tuple[int, int]] = program.tables.calendars.tolist()
        self.width = program.tables.births.shape[-1]
        self.newborn: list[Case] = []
        """Children whose lives are yet to begin."""

    def create(self, key: int, process: int, channel: int, parent: Case | None) -> Case:
        """Create a case, whose life is yet to begin."""
        case = Case(len(self.recorder.cases), key, process, channel, parent, self.env.now, self.width)
        self.recorder.cases.append(case)
        return case

    def on_clock(self, calendar: int, hours: float) -> float:
        """Moment at which some working hours of a calendar that begin now are over."""
        first, count = self.calendars[calendar]
        tables = self.tables
        done: float = finish(self.env.now, hours, first, count, tables.opens, tables.closes, tables.worked)
        return done
