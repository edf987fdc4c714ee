"""Tools of the Romanian distributor, priced in its own currency."""

import pytest

from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all
from simulator.schema.loading import load_scenario

TOOLS = ("whatifs/distributor_crm", "whatifs/distributor_e_invoicing")


@pytest.fixture(scope="module")
def studies():
    """Half a year of the distributor, without and with each of its tools."""
    plan = Plan(replications=2, length=26 * 168.0, jobs=1)
    return run_all([load_scenario(name) for name in ("baselines/ro_distributor", *TOOLS)], plan)


@pytest.mark.parametrize("name", TOOLS)
def test_prices_are_in_the_currency_of_the_firm(name):
    """Licence and set-up are stated in RON, as all else."""
    (tool,) = load_scenario(name).scenario.tools.values()
    assert {tool.licence.currency, tool.set_up.currency} == {"RON"}


def test_the_crm_finds_duplicates_and_right_desks(studies):
    """Fewer leads lie on the wrong desk, in every replication, against the same leads."""
    before, crm, _ = studies
    assert (crm.samples["leads"] == before.samples["leads"]).all()
    assert (crm.samples["misrouted"] < before.samples["misrouted"]).all()


def test_invoices_that_go_out_each_evening_are_owed_for_less_time(studies):
    """What waits for the weekly run is not invoiced yet: orders are paid sooner, and finance works fewer hours."""
    before, _, invoices = studies
    assert (invoices.samples["utilisation_finance"] < before.samples["utilisation_finance"]).all()
    assert (invoices.samples["order_to_cash_mean"] < before.samples["order_to_cash_mean"]).all()
