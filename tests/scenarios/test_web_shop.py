"""Where the costs of the web shop stand."""

import pytest

from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all
from simulator.schema.loading import load_changed, load_scenario


@pytest.mark.slow
def test_card_fees_are_no_cost_of_winning_customers():
    """Without the fee of the card administration costs less, and acquisition as much as before."""
    loaded = load_scenario("tools/cms_web_shop_small")
    free = load_changed(loaded, {"processes.shop_order.steps.card_fee.amount": 0})
    with_fee, without = run_all([loaded, free], Plan(replications=1, jobs=1))
    assert (with_fee.samples["cost_administration"] > without.samples["cost_administration"]).all()
    assert (with_fee.samples["cost_acquisition"] == without.samples["cost_acquisition"]).all()
