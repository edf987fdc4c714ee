"""Accounts of the distributor between two orders: silence, tickets, returns, contacts, ranges, recommendations."""

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run_all
from simulator.kpis.measures import measure
from simulator.records import ACCOUNTS
from simulator.schema.loading import load_changed, load_scenario
from tests.scenarios.published_trade import DISTRIBUTOR

pytestmark = pytest.mark.slow
HALF_A_YEAR = 182 * 24.0


@pytest.fixture(scope="module")
def program():
    """Program of the distributor."""
    return compiled(load_scenario(DISTRIBUTOR), Plan(replications=1))


@pytest.fixture(scope="module")
def lived(program):
    """Records of three replications."""
    return [simulate(program, 1, number) for number in range(3)]


def entered(program, records, step):
    """Cases and moments of the visits to a step."""
    rows = records.visits.step == program.names.steps.index(step)
    return records.visits.case[rows], records.visits.entered[rows]


def orders_of(program, records):
    """Account and moment of every order."""
    cases = records.cases
    ours = np.flatnonzero(cases.process == program.names.processes.index("trade_order"))
    return cases.parent[ours], cases.born[ours]


def silent_at(program, records, moment):
    """Accounts with an order before a moment, and those of them without one in the half year before it."""
    account, born = orders_of(program, records)
    last = np.full(records.cases.root.size, -np.inf)
    np.maximum.at(last, account[born < moment], born[born < moment])
    return last > -np.inf, last < moment - HALF_A_YEAR


def test_churn_is_half_a_year_without_an_order(program, lived):
    """The churn rate is that of accounts that bought in the half year before the window and not in its last half."""
    counted, told = [], []
    for records in lived:
        known, silent = silent_at(program, records, program.warm_up)
        ours = known & ~silent
        counted.append((ours & silent_at(program, records, records.end)[1]).sum() / ours.sum())
        told.append(measure(program, records).kpis["churn_rate"])
    assert np.mean(told) == pytest.approx(np.mean(counted), abs=0.02)
    assert np.mean(told) > 0.08


def test_a_lapsed_account_has_been_silent_and_owes_no_more_purchases(program, lived):
    """Between the last order and the lapse lies half a year, and what was gained and lost adds up to nothing."""
    for records in lived:
        gone, at = entered(program, records, "account.lapsed")
        account, born = orders_of(program, records)
        last = np.full(records.cases.root.size, -np.inf)
        np.maximum.at(last, account, born)
        assert gone.size > 30
        assert (last[gone] <= at - HALF_A_YEAR + 1e-6).all()
        postings = records.postings
        rows = postings.account == ACCOUNTS.index("recurring")
        left = np.bincount(records.cases.root[postings.case[rows]], postings.cents[rows], records.cases.root.size)
        assert (left[records.cases.root[gone]] == 0).all()


def test_what_accounts_buy_in_a_year_is_what_the_ledger_says(program, lived):
    """Recurring revenue at the start of the window is what the same accounts order in it, but for those who leave."""
    for records in lived:
        kpis = measure(program, records).kpis
        ordered = kpis["revenue_booked"]
        assert 0.8 * kpis["recurring_revenue"] < ordered < 1.1 * kpis["recurring_revenue"]


def test_the_margin_of_repeated_purchases_is_that_of_the_firm(program, lived):
    """All that is invoiced is bought again and again, so its gross margin is the firm's, and LTV and payback follow."""
    for records in lived:
        kpis = measure(program, records).kpis
        cost, invoiced = kpis["cost_delivery"] + kpis["cost_service"], kpis["revenue_invoiced"]
        assert kpis["recurring_margin"] == pytest.approx(1 - cost / invoiced, abs=0.02)
        assert 0.1 < kpis["recurring_margin"] < 0.4
        assert 5 < kpis["cac_payback"] < 40


def test_questions_are_solved_at_once_as_published_and_wrong_goods_never(program, lived):
    """66 % of the questions at the first contact; wrong goods have to be fetched."""
    solved, asked = 0, 0
    for records in lived:
        visits, steps = records.visits, program.names.steps
        rows = visits.step == steps.index("ticket.solved_at_once")
        wrong = records.cases.attributes[visits.case[rows], program.names.attributes.index("wrong_goods")] == 1
        at_once = visits.next[rows] == steps.index("ticket.at_once")
        assert wrong.sum() > 100
        assert not at_once[wrong].any()
        solved, asked = solved + at_once[~wrong].sum(), asked + (~wrong).sum()
    assert solved / asked == pytest.approx(0.66, abs=3 * np.sqrt(0.66 * 0.34 / asked))


def test_what_comes_back_is_credited_less_the_restocking_fee(program, lived):
    """A quarter of the order less 15 %, and the goods are back on the shelf at what they cost."""
    for records in lived:
        cases, postings, names = records.cases, records.postings, program.names
        back = np.unique(entered(program, records, "trade_order.returned")[0])
        attribute = {name: cases.attributes[back, names.attributes.index(name)] for name in ("credit", "goods_share")}
        sent = postings.step == names.steps.index("trade_order.sent")
        value = dict(zip(postings.case[sent].tolist(), (postings.cents[sent] / 100).tolist(), strict=True))
        invoiced = np.array([value[case] for case in back.tolist()])
        assert back.size > 150
        np.testing.assert_allclose(attribute["credit"], 0.25 * 0.85 * invoiced, atol=0.006)
        shelf = postings.step == names.steps.index("trade_order.on_the_shelf")
        cost = dict(zip(postings.case[shelf].tolist(), (postings.cents[shelf] / 100).tolist(), strict=True))
        stored = np.array([cost[case] for case in back.tolist()])
        np.testing.assert_allclose(stored, -0.25 * invoiced * attribute["goods_share"], atol=0.006)


def test_a_year_of_an_account_holds_its_contacts(program, lived):
    """Greetings before Easter and Christmas, a birthday and a check-up call; account managers make the call."""
    for records in lived:
        years = entered(program, records, "account.looks_back")[0].size
        calls, _ = entered(program, records, "contact.check_up_call")
        greetings, _ = entered(program, records, "contact.contact")
        assert years > 300
        assert 0.3 * years < calls.size < 0.6 * years
        assert 2.2 < greetings.size / calls.size < 4
        assert entered(program, records, "contact.christmas")[0].size > 300
        sales = program.names.teams.index("sales")
        assert program.tables.steps["team"][program.names.steps.index("contact.check_up_call")] == sales


CHANGES: list[tuple[str, object, str, int]] = [
    ("policies.silence_noticed", "90 %", "churn_rate", -1),
    ("policies.contacts_remembered", "100 %", "satisfaction", 1),
    ("policies.contacts_welcome", 1, "satisfaction", -1),
    ("policies.range_growth", "30 %", "nrr", 1),
    ("processes.word_of_mouth.steps.recommends.outcomes.yes_.probability", "25 %", "referral_share", 1),
    ("processes.trade_order.steps.entered_right.outcomes.wrong.probability", "12 %", "first_contact_resolution", -1),
    ("processes.account.steps.questions.count", {"poisson": 0.3}, "tickets_per_customer", 1),
    ("teams.sales_office.head_count", 4, "ticket_resolution_mean", -1),
    ("processes.trade_order.steps.accepted.outcomes.too_much.probability", "20 %", "revenue_invoiced", -1),
]
"""A change of the distributor, a KPI, and which way it goes."""


@pytest.fixture(scope="module")
def changed():
    """Two years of the distributor as it is and with each change, on the same chance."""
    base = load_scenario(DISTRIBUTOR)
    loaded = [load_changed(base, {place: value}) for place, value, _, _ in CHANGES]
    return run_all([base, *loaded], Plan(replications=3, jobs=1))


@pytest.mark.parametrize("number", range(len(CHANGES)), ids=lambda number: CHANGES[number][0])
def test_what_a_change_does_to_accounts(changed, number):
    """On the same chance the mean of each figure goes the way that the trade expects."""
    _, _, kpi, goes = CHANGES[number]
    assert np.mean(goes * (changed[number + 1].samples[kpi] - changed[0].samples[kpi])) > 0
