"""The distributor buys its stock through purchase to pay: what is sold is bought again, stored, paid for in runs."""

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run_all
from simulator.schema.loading import load_changed, load_scenario
from tests.scenarios.published_trade import DISTRIBUTOR

pytestmark = pytest.mark.slow
DAY, WEEK, WEEKS = 24.0, 168.0, 52


@pytest.fixture(scope="module")
def lived():
    """Program and records of one run."""
    program = compiled(load_scenario(DISTRIBUTOR), Plan(replications=1))
    return program, simulate(program, 1, 0)


@pytest.fixture(scope="module")
def studies():
    """Two years as it is, and with half a month more from suppliers, on the same chance."""
    base = load_scenario(DISTRIBUTOR)
    return run_all([base, load_changed(base, {"policies.supplier_terms": "60 d"})], Plan(replications=2, jobs=1))


def posted(lived, step):
    """Cases, moments and cents of the postings of a step."""
    program, records = lived
    rows = records.postings.step == program.names.steps.index(step)
    return records.postings.case[rows], records.postings.time[rows], records.postings.cents[rows]


def test_what_is_sold_to_an_account_is_bought_again(lived):
    """Purchases and what is left to buy are the cost of what was handed over, account by account."""
    program, records = lived
    cases, size = records.cases, records.cases.root.size

    def attribute(name):
        return cases.attributes[:, program.names.attributes.index(name)]

    order, _, cents = posted(lived, "trade_order.goods")
    sold = np.bincount(cases.parent[order], cents / 100, size)
    purchases = np.flatnonzero(cases.process == program.names.processes.index("purchase"))
    bought = np.bincount(cases.parent[cases.parent[purchases]], attribute("purchase_value")[purchases], size)
    accounts = np.flatnonzero(cases.process == program.names.processes.index("account"))
    assert 8 < purchases.size / (records.end / WEEK) < 30
    np.testing.assert_allclose((bought + attribute("to_buy"))[accounts], sold[accounts], atol=1)


def test_what_lies_in_stock_is_no_cost(lived):
    """The invoice of a supplier goes into stock at the moment at which it is posted, to the cent."""
    owed, stored = posted(lived, "supplier_invoice.owe"), posted(lived, "stock.capitalised")
    assert owed[0].size > 1000
    np.testing.assert_array_equal(owed[1], stored[1])
    np.testing.assert_array_equal(owed[2], -stored[2])


def test_suppliers_are_paid_what_they_invoiced_after_the_term(lived):
    """Once, in the first run on a Monday or Thursday after 45 d at least, unless finance took longer to release it."""
    owed, paid = posted(lived, "supplier_invoice.owe"), posted(lived, "supplier_invoice.pay")
    claims = dict(zip(owed[0].tolist(), zip(owed[1].tolist(), owed[2].tolist(), strict=True), strict=True))
    assert np.unique(paid[0]).size == paid[0].size > 500
    days = []
    for case, moment, cents in zip(*(each.tolist() for each in paid), strict=True):
        came, amount = claims[case]
        assert cents == amount
        days.append((moment - came) / DAY)
    assert min(days) >= 45
    assert np.median(days) < 45 + 4
    assert set(np.round(paid[1] % WEEK, 6)) <= {17.0, 3 * DAY + 17.0}


def test_dpo_is_the_balance_of_payables_over_purchases(lived, studies):
    """By Little's law the KPI is the mean time from a supplier's invoice to its payment, weighted by value."""
    program, records = lived
    owed, paid = posted(lived, "supplier_invoice.owe"), posted(lived, "supplier_invoice.pay")
    balance = sum(
        sign * (cents * (records.end - np.maximum(moment, program.warm_up))).sum()
        for sign, (_, moment, cents) in ((1, owed), (-1, paid))
    )
    expected = balance / owed[2][owed[1] >= program.warm_up].sum() / DAY
    assert studies[0].samples["dpo"][0] == pytest.approx(expected, abs=0.1)
    assert 45 < expected < 60


def test_longer_terms_of_suppliers_are_credit_that_costs_no_margin(studies):
    """Half a month more raises DPO by as much; margin is the same, and without days of inventory no cycle is known."""
    before, after = studies
    gained = after.samples["dpo"] - before.samples["dpo"]
    assert np.all((gained > 12) & (gained < 17))
    assert np.isnan(after.samples["cash_conversion_cycle"]).all()
    np.testing.assert_allclose(after.samples["margin"], before.samples["margin"], rtol=1e-9)
