"""What people are to book: known to KPIs, while engines read the program alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simulator.program.layout import Program
from simulator.records import Floats
from simulator.schema.quantity import Quantity, fixed
from simulator.schema.scenario import Scenario


@dataclass(frozen=True, eq=False)
class SalesProgram(Program):
    """A program with the sales targets of its people."""

    targets: Floats = field(default_factory=lambda: np.zeros(0))
    """What each member is to book in an hour of the calendar, in currency units; 0 for who has no target."""


def targets_of(program: Program) -> Floats:
    """What each member is to book in an hour of the calendar, in currency units; shape (members,)."""
    return program.targets if isinstance(program, SalesProgram) else np.zeros(program.tables.members.size)


def stated_targets(scenario: Scenario) -> Floats:
    """The targets that a scenario states, in the order of its members; shape (members,)."""
    stated = [
        team.inherited(member, "sales_target")
        for team in scenario.teams.values()
        for member in team.people().values()
        for _ in range(member.head_count)
    ]
    return np.array([fixed(target) if isinstance(target, Quantity) else 0.0 for target in stated], np.float64)
