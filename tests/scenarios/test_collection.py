"""What a reminder does, invoice by invoice on the same chance: it never costs money."""

import itertools

import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run_all
from simulator.schema.loading import load_changed, load_scenario

PLAN = Plan(replications=1, jobs=1)
GAPS = ("7 d", "10 d", "15 d", "21 d", "30 d", "45 d")
ALONE = """
caudal: 1
name: Invoices alone
horizon: {start: 2025-01-06, warm_up: 0 d, length: 4 y, currency: EUR, business_hours: Mon-Fri 09:00-18:00}
parts: [library/invoicing]
channels:
  bills:
    process: invoice
    rate: 1 000 /y
    stops: 104 wk
    brings: {amount: {uniform: {low: 500 EUR, high: 9 000 EUR}}, terms: 30 d}
teams: {finance: {head_count: 60}}
processes: {invoice: {steps: {remind: {effort: 0 min}}}}
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Invoices of two years and nothing else, with so many in finance that a reminder takes no time of its own."""
    path = tmp_path_factory.mktemp("collection") / "alone.yaml"
    path.write_text(ALONE, encoding="utf-8")
    return load_scenario(path)


def collected(loaded, changes):
    """By key of each case that is over: when its money came, infinite where it never does."""
    program = compiled(load_changed(loaded, changes), PLAN)
    cases = engine_of("compiled")(program, 1, 0).cases
    outcomes = program.names.outcomes
    ends = {outcomes.index("settled"): 1.0, outcomes.index("bad_debt"): np.inf}
    rows = np.isin(cases.outcome, list(ends))
    when = cases.ended[rows] * np.vectorize(ends.get)(cases.outcome[rows])
    return dict(zip(cases.key[rows].tolist(), when.tolist(), strict=True))


def later(short, long):
    """Of the cases that are over in both: how many bring money later with the second, and how many the first loses."""
    both = short.keys() & long.keys()
    assert len(both) > 1000
    never = [key for key in both if short[key] > long[key]]
    assert never == []
    return sum(long[key] > short[key] for key in both)


@pytest.mark.parametrize("gaps", list(itertools.pairwise(GAPS)), ids="-".join)
def test_a_shorter_gap_between_reminders_brings_every_invoice_in_no_later(alone, gaps):
    """None is paid later or given up that a longer gap would have brought in; some come sooner."""
    short, long = (collected(alone, {"policies.reminder_gap": gap}) for gap in gaps)
    assert later(short, long) > 0


def test_reminders_save_money(alone):
    """With reminders every week fewer invoices are given up than with one every six weeks, and some are with both."""
    lost = [sum(map(np.isinf, collected(alone, {"policies.reminder_gap": gap}).values())) for gap in ("7 d", "45 d")]
    assert 0 < lost[0] < lost[1]


def test_reminders_that_help_nobody_change_nothing(alone):
    """Where a reminder moves no customer, the gap between reminders is without effect, to the last bit."""
    found = [collected(alone, {"policies.reminder_helps": 0, "policies.reminder_gap": gap}) for gap in ("10 d", "45 d")]
    both = found[0].keys() & found[1].keys()
    moved = [key for key in both if abs(found[0][key] - found[1][key]) > 1e-6]
    assert len(both) > 1000
    assert moved == []


@pytest.mark.slow
def test_a_shorter_dunning_gap_brings_the_money_of_credit_sales_sooner():
    """Trade credit: with every lengthening of the gap DSO and what is overdue rise, in each replication."""
    loaded = load_scenario("baselines/ro_distributor")
    plan = Plan(replications=3, jobs=1)
    studies = run_all([load_changed(loaded, {"policies.dunning_gap": gap}) for gap in ("7 d", "14 d", "30 d")], plan)
    for kpi in ("dso", "overdue_share"):
        assert all((short.samples[kpi] < long.samples[kpi]).all() for short, long in itertools.pairwise(studies))


def ended_as(gap, replication):
    """By key of each order on credit of the distributor: its value and how it had ended by the end of the run."""
    program = compiled(load_changed(load_scenario("baselines/ro_distributor"), {"policies.dunning_gap": gap}), PLAN)
    records, names = engine_of("compiled")(program, 1, replication), program.names
    cases, visits = records.cases, records.visits
    rows = np.unique(visits.case[visits.step == names.steps.index("trade_order.sent")])
    ends = np.array([*names.outcomes, "open"])[cases.outcome[rows]]
    values = cases.attributes[rows, names.attributes.index("order_value")]
    return {key: (end, value) for key, end, value in zip(cases.key[rows].tolist(), ends, values, strict=True)}


def unpaid(orders, among):
    """Value of some orders that were given up or are still open."""
    return sum(orders[key][1] for key in among if orders[key][0] != "fulfilled")


@pytest.mark.slow
def test_late_dunning_sells_on_to_accounts_that_no_longer_pay():
    """Of the orders that only the longer gap sells on credit more is unpaid than of those that only the shorter does:
    a write-off ends the credit of an account. Orders that both let out mostly move by their date only.
    """
    lost_sooner = still_open = 0.0
    for replication in range(3):
        short, long = ended_as("14 d", replication), ended_as("30 d", replication)
        assert unpaid(long, long.keys() - short.keys()) > 100_000 + unpaid(short, short.keys() - long.keys())
        for key in short.keys() & long.keys():
            (end, value), (later_end, _) = short[key], long[key]
            if end == "bad_debt" != later_end:
                lost_sooner += value
                still_open += value * (later_end == "open")
    assert lost_sooner > 100_000
    assert still_open > 0.8 * lost_sooner


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pt_installation", "b2b_saas", "b2c_home_improvement", "ro_distributor"])
def test_the_cei_is_what_lateness_leaves_of_it(name):
    """CEI = 1 / (1 + days of sales overdue / 30.4): by Little's law the overdue balance is the flow times the delay."""
    samples = run_all([load_scenario(f"baselines/{name}")], Plan(replications=10, jobs=1))[0].samples
    days_overdue = samples["dso"] * samples["overdue_share"]
    expected = 1 / (1 + days_overdue / (365 / 12))
    assert samples["cei"].mean() == pytest.approx(expected.mean(), abs=0.03)
    assert samples["cei"].mean() < 0.8


@pytest.mark.slow
def test_a_firm_whose_customers_pay_a_week_late_collects_effectively():
    """Four days and the payment run in place of 22.6: the Portuguese firm passes the 80 called effective."""
    loaded = load_changed(load_scenario("baselines/pt_installation"), {"attributes.lateness.initial": "4 d"})
    assert run_all([loaded], PLAN)[0].samples["cei"].mean() > 0.8


def test_a_dispute_grants_no_new_term(alone):
    """Every invoice falls due its term after it went out, or when a dispute that took longer is settled."""
    program = compiled(load_changed(alone, {"policies.disputed_share": "50 %"}), PLAN)
    visits = engine_of("compiled")(program, 1, 0).visits
    went_out, settled, due = (_entered(program, visits, step) for step in ("correct", "due", "habit"))
    rows = ~np.isnan(due)
    assert (settled[rows] > went_out[rows]).sum() > 500
    np.testing.assert_allclose(due[rows], np.maximum(went_out + 30 * 24, settled)[rows], atol=1e-6)


def _entered(program, visits, step):
    """When each case came to a step of the invoice; NaN where it did not."""
    moments = np.full(visits.case.max() + 1, np.nan)
    rows = visits.step == program.names.steps.index(f"invoice.{step}")
    moments[visits.case[rows]] = visits.entered[rows]
    return moments
