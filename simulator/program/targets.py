"""What people are to book, as the scenario states it."""

from __future__ import annotations

import numpy as np

from simulator.records import Floats
from simulator.schema.quantity import Quantity, fixed
from simulator.schema.scenario import Scenario


def stated_targets(scenario: Scenario) -> Floats:
    """The targets that a scenario states, in the order of its members; shape (members,)."""
    stated = [
        team.inherited(member, "sales_target")
        for team in scenario.teams.values()
        for member in team.people().values()
        for _ in range(member.head_count)
    ]
    return np.array([fixed(target) if isinstance(target, Quantity) else 0.0 for target in stated], np.float64)
