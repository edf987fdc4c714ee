from pathlib import Path

import pytest

from simulator.experiment.plan import Plan
from simulator.schema.loading import load_scenario


@pytest.fixture(scope="session")
def by_hand():
    """A scenario in which every worth is known to the cent."""
    return load_scenario(Path(__file__).with_name("by_hand.yaml"))


@pytest.fixture(scope="session")
def two_constraints():
    """Callers at 130 % load and, once one more is hired, installers at 117 %."""
    return load_scenario(Path(__file__).with_name("two_constraints.yaml"))


@pytest.fixture(scope="session")
def plan():
    """Replications enough for the sign test over a dozen levers, in this process."""
    return Plan(replications=10, jobs=1, engine="simpy")
