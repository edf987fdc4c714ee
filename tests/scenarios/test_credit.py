"""Trade credit: what an account owes is what its orders say, and who is bankrupt orders no more."""

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import load_changed, load_scenario

pytestmark = pytest.mark.slow
SOON = {"formula": "now", "exponential": "2 y", "source": "own assumption", "grade": "D", "range": ["1 y", "4 y"]}


@pytest.fixture(scope="module")
def lived():
    """Program and records of a year of the distributor in which many accounts stop paying."""
    changes = {"attributes.stops_paying_at.initial": SOON}
    program = compiled(load_changed(load_scenario("baselines/ro_distributor"), changes), Plan(replications=1))
    return program, simulate(program, 1, 0)


def attribute(lived, cases, name):
    """An attribute of some cases, as last set."""
    program, records = lived
    return records.cases.attributes[cases, program.names.attributes.index(name)]


def came(lived, *steps):
    """Whether each case came to one of the steps."""
    program, records = lived
    wanted = [program.names.steps.index(f"trade_order.{step}") for step in steps]
    found = np.zeros(records.cases.root.size, dtype=bool)
    found[records.visits.case[np.isin(records.visits.step, wanted)]] = True
    return found


@pytest.mark.parametrize(
    ("figure", "begins", "over"),
    [
        ("owed", ("use_limit",), ("frees_limit", "nothing_more")),
        ("overdue", ("falls_overdue",), ("clears_overdue", "nothing_more")),
    ],
)
def test_an_account_owes_what_its_open_orders_say(lived, figure, begins, over):
    """At the end of the run, and so also where orders were written off."""
    cases = lived[1].cases
    assert came(lived, "write_off").sum() > 20
    still = np.flatnonzero(came(lived, *begins) & ~came(lived, *over))
    expected = np.zeros(cases.root.size)
    amounts = attribute(lived, still, "order_value") if figure == "owed" else np.ones(still.size)
    np.add.at(expected, cases.parent[still], amounts)
    accounts = np.flatnonzero(cases.process == lived[0].names.processes.index("account"))
    np.testing.assert_allclose(attribute(lived, accounts, figure), expected[accounts], atol=1e-4)


def test_who_is_out_of_business_orders_no_more(lived):
    """No order begins once an account has been silent for its notice."""
    cases = lived[1].cases
    ours = np.flatnonzero(cases.process == lived[0].names.processes.index("trade_order"))
    account = cases.parent[ours]
    last = attribute(lived, account, "stops_paying_at") + 160 * 24
    assert (last < np.nanmax(cases.born)).sum() > 100
    assert (cases.born[ours] <= last + 1e-6).all()


def test_after_a_write_off_an_account_buys_for_cash(lived):
    """What an account orders afterwards is no longer on credit."""
    program, records = lived
    visits, cases = records.visits, records.cases
    rows = visits.step == program.names.steps.index("trade_order.write_off")
    lost = np.full(cases.root.size, np.inf)
    np.minimum.at(lost, cases.parent[visits.case[rows]], visits.entered[rows])
    ours = np.flatnonzero(cases.process == program.names.processes.index("trade_order"))
    after = ours[cases.born[ours] > lost[cases.parent[ours]]]
    assert (attribute(lived, after, "on_credit") == 0).all()


def test_late_interest_is_that_of_the_directive(lived):
    """Claimed from about one in twenty who pay two months late: the fee, and the statutory rate on what was owed."""
    program, records = lived
    postings, steps = records.postings, program.names.steps
    charged = postings.step == steps.index("trade_order.interest")
    orders, paid_at = postings.case[charged], postings.time[charged]
    due = attribute(lived, orders, "invoiced_at") + attribute(lived, orders, "terms")
    days = (paid_at - due) / 24
    assert days.min() > 60
    expected = 200 + attribute(lived, orders, "order_value") * 0.145 * days / 365
    np.testing.assert_allclose(postings.cents[charged] / 100, expected, atol=0.006)
    collected = postings.step == steps.index("trade_order.interest_paid")
    np.testing.assert_array_equal(postings.cents[collected], postings.cents[charged])
    visits = records.visits
    asked = visits.step == steps.index("trade_order.much_too_late")
    asked_of = visits.case[asked]
    late = visits.entered[asked] - attribute(lived, asked_of, "invoiced_at") - attribute(lived, asked_of, "terms")
    liable = (late > 60 * 24).sum()
    assert liable > 100
    assert abs(charged.sum() / liable - 0.05) < 4 * np.sqrt(0.05 * 0.95 / liable)
