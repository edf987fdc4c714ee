from pathlib import Path

import pytest

from simulator.experiment.plan import Plan
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.schema.loading import load_scenario

PORTFOLIO = Path(__file__).with_name("portfolio.yaml")
SET_UP = {"crm": 4_000, "quoting": 6_000, "erp": 5_000, "web": 1_000, "mail": 3_000, "analytics": 2_000}
"""Price of each tool, in EUR."""


@pytest.fixture(scope="session")
def portfolio():
    """A scenario whose margin is a formula of the tools that are bought."""
    return load_scenario(PORTFOLIO)


@pytest.fixture(scope="session")
def six_tools():
    """Six tools, each bought or not: 64 choices."""
    return Space(tuple(
        Dimension(name, (Level("no"), Level("yes", (), {
            f"policies.{name}": 1, f"tools.{name}": {"licence": "0 EUR/month", "set_up": f"{price} EUR"},
        })))
        for name, price in SET_UP.items()
    ))  # fmt: skip


@pytest.fixture
def quickly():
    """A plan that stays in this process and needs no compiled engine."""
    return Plan(replications=1, jobs=1, engine="simpy")


@pytest.fixture(scope="session")
def baseline():
    """The shipped baseline."""
    return load_scenario("baselines/pt_installation")
