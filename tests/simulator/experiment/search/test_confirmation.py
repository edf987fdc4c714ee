"""What is told of a choice: an investment only where it begins with the time in which cash is counted."""

from pathlib import Path

import pytest

from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.experiment.search.confirmation import Confirmation
from simulator.experiment.search.evaluation import Trials
from simulator.experiment.search.goal import Goal, target_of
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.experiment.search.staffing import head_count
from simulator.kpis.catalogue import catalogue
from simulator.schema.loading import load_changed, load_scenario

SHOP = Path(__file__).parents[1] / "forecast/shop.yaml"
"""With a warm-up of 120 days."""
QUICKER = {"processes.deal.steps.think.duration": {"lognormal": {"median": "10 d", "p90": "25 d"}}}


@pytest.fixture(scope="module")
def confirmed():
    """A third seller, paid, and customers who think for half the time, alone and together."""
    shop = load_changed(load_scenario(SHOP), {"teams.sales.cost": "20 EUR/h"})
    plan = Plan(replications=3, jobs=1)
    space = Space((
        head_count(shop, "sales=2..3"), Dimension("quicker", (Level("no"), Level("yes", (), QUICKER))),
    ))  # fmt: skip
    target = target_of(Goal("revenue_booked"), catalogue(compiled(shop, plan)), "EUR")
    choices = [(0, 0), (1, 0), (0, 1), (1, 1)]
    with Trials(shop, space, plan, target.kpis, None) as trials:
        return Confirmation(trials, target, "EUR", 5, 3, choices)


def test_who_is_hired_on_the_first_measured_day_is_an_investment(confirmed):
    """The third seller costs wages from that day on, and the money has to come back."""
    found = confirmed.investment((1, 0), 0.08)
    assert found is not None
    assert found.spending > 0
    assert found.payback is not None
    assert found.cash[0].mean < 0


def test_what_was_there_before_is_none(confirmed):
    """Customers who thought for half the time since the run began brought cash into the first month: no payback."""
    assert confirmed.investment((0, 1), 0.08) is None
    assert confirmed.investment((1, 1), 0.08) is None


def test_nothing_changed_is_no_investment(confirmed):
    """The scenario as it is pays nothing back, at once or ever."""
    assert confirmed.investment((0, 0), 0.08) is None
