"""The credit check of an order, and what is owed to suppliers for it, told from the records of order to pay."""

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run_all
from simulator.kpis.integrity import violations
from simulator.records import ACCOUNTS
from simulator.schema.loading import load_changed, load_scenario

pytestmark = pytest.mark.slow
ORDERS = "processes/order_to_pay"
ALL_CHECKED = {"policies.credit_limit": "0 EUR", "channels.orders.rate": "600 /y", "teams.crews.head_count": 40,
               "teams.engineering.head_count": 9, "teams.finance.head_count": 9}  # fmt: skip
"""Every order is checked, in a firm large enough for many of them."""


class Lived:
    """Program and records of one replication, asked by the names of steps and accounts."""

    def __init__(self, **changes):
        changes = ALL_CHECKED | {path.replace("__", "."): to for path, to in changes.items()}
        self.program = compiled(load_changed(load_scenario(ORDERS), changes), Plan(replications=1))
        self.records = simulate(self.program, 1, 0)
        assert violations(self.program, self.records) == []

    def orders(self, step):
        """Orders that came to a step."""
        return np.unique(self.records.visits.case[self.visited(step)])

    def visited(self, step):
        """Whether each visit is one to the step."""
        return self.records.visits.step == self.program.names.steps.index(step)

    def attribute(self, cases, name):
        """An attribute of some cases, as last set."""
        return self.records.cases.attributes[cases, self.program.names.attributes.index(name)]

    def posted(self, account):
        """Cents posted to an account, by order."""
        rows = self.records.postings.account == ACCOUNTS.index(account)
        order = self.records.cases.root[self.records.postings.case[rows]]
        return np.bincount(order, self.records.postings.cents[rows], self.records.cases.root.size)


@pytest.fixture(scope="module")
def lived():
    """The firm that checks every order."""
    return Lived()


def within(share, expected, number):
    """Whether a share of a number of draws lies within four standard errors of what is stated."""
    assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / number)


def test_orders_are_refused_and_asked_in_advance_as_often_as_stated():
    """Where the report says nothing: 10 % are refused, 20 % asked in advance, of whom a quarter go elsewhere."""
    blind = Lived(effects__late_payer_known__coefficient=0, policies__credit_refused="10 %",
                  policies__asked_in_advance="20 %")  # fmt: skip
    checked, refused, asked, agreed = (
        blind.orders(f"lead.{step}").size for step in ("creditworthy", "no_credit", "agrees_in_advance", "in_advance")
    )
    assert checked > 500
    within(asked / checked, 0.2, checked)
    within(agreed / asked, 0.75, asked)
    within((refused - (asked - agreed)) / checked, 0.1, checked)


def test_only_orders_above_the_limit_are_checked():
    """With the limit as shipped, those that are checked are exactly the larger ones."""
    some = Lived(policies__credit_limit="60 000 EUR")
    asked, checked = some.orders("lead.credit_question"), some.orders("lead.credit_check")
    large = some.attribute(asked, "deal_value") > 60_000
    assert 20 < large.sum() < asked.size / 2
    assert set(checked) == set(asked[large])


def test_a_refused_order_costs_and_brings_nothing(lived):
    """It is lost before anything is booked, invoiced, bought or planned."""
    refused = lived.orders("lead.no_credit")
    assert refused.size > 20
    for account in ("booked", "invoiced", "collected", "cost", "paid"):
        assert not lived.posted(account)[refused].any()
    assert not np.isin(refused, lived.orders("lead.plan")).any()
    assert set(lived.records.cases.outcome[refused]) == {lived.program.names.outcomes.index("no_credit")}


def test_who_pays_in_advance_gets_two_invoices_and_no_term(lived):
    """70 % before anything is ordered and the rest on acceptance; the others get three. All invoice what was booked."""
    cases, names = lived.records.cases, lived.program.names
    done = lived.orders("lead.delivered")
    advance = np.isin(done, lived.orders("lead.in_advance"))
    assert 20 < advance.sum() < done.size / 5
    invoices = cases.process == names.processes.index("invoice")
    number = np.bincount(cases.parent[invoices], minlength=cases.root.size)[done]
    assert set(number[advance]) == {2}
    assert set(number[~advance]) == {3}
    assert (lived.attribute(done[advance], "terms") == 0).all()
    sent = lived.records.postings.step == names.steps.index("invoice.sent")
    first = {}
    for case, cents in zip(lived.records.postings.case[sent], lived.records.postings.cents[sent], strict=True):
        first.setdefault(cases.parent[case], cents / 100)
    shares = np.array([first[order] for order in done]) / lived.attribute(done, "deal_value")
    np.testing.assert_allclose(shares, np.where(advance, 0.7, 0.3), atol=1e-6)


def test_deposit_milestones_and_credit_add_up(lived):
    """Of orders with nothing open: what was invoiced, interest apart, is what was booked; it came in or was lost."""
    cases, postings, steps = lived.records.cases, lived.records.postings, lived.program.names.steps
    going_on = np.bincount(cases.root, np.isnan(cases.ended), cases.root.size) > 0
    over = np.setdiff1d(lived.orders("lead.book"), np.flatnonzero(going_on))
    rows = postings.step == steps.index("invoice.interest")
    interest = np.bincount(cases.root[postings.case[rows]], postings.cents[rows], cases.root.size)
    booked, invoiced, collected, credited, lost = (
        lived.posted(account)[over] for account in ("booked", "invoiced", "collected", "credited", "written_off")
    )
    assert over.size > 200
    assert credited.any()
    assert lost.any()
    assert interest.any()
    assert np.abs(invoiced - interest[over] - booked).max() <= 2
    np.testing.assert_array_equal(collected + credited + lost, invoiced)


def test_an_advance_is_paid_before_anything_is_planned(lived):
    """Of those who pay in advance nobody has a term or pays late, and no plan is begun before the money is there."""
    visits, cases, steps = lived.records.visits, lived.records.cases, lived.program.names.steps
    postings = lived.records.postings
    paid = {}
    rows = postings.step == steps.index("invoice.paid")
    for case, time in zip(postings.case[rows], postings.time[rows], strict=True):
        paid.setdefault(cases.parent[case], time)
    planned = lived.visited("lead.plan") & np.isin(visits.case, lived.orders("lead.in_advance"))
    assert planned.sum() > 20
    assert all(paid[case] <= time for case, time in zip(visits.case[planned], visits.entered[planned], strict=True))
    advance = np.flatnonzero(
        (cases.process == lived.program.names.processes.index("invoice"))
        & np.isin(cases.parent, lived.orders("lead.in_advance"))
        & (lived.attribute(slice(None), "final") == 0)
    )
    assert not lived.attribute(advance, "terms").any()
    assert not lived.attribute(advance, "lateness").any()
    usual = lived.visited("lead.plan") & ~np.isin(visits.case, lived.orders("lead.in_advance"))
    early = [paid.get(case, np.inf) > at for case, at in zip(visits.case[usual], visits.entered[usual], strict=True)]
    assert np.mean(early) > 0.9, "the others are planned while the deposit is awaited"


@pytest.mark.parametrize("share", [0, 1])
def test_an_order_called_off_leaves_booked_what_was_invoiced(share):
    """Where each deposit comes 300 days late: three tenths are invoiced, or seven tenths of those asked in advance."""
    late = Lived(
        processes__lead__steps__deposit__values__lateness="300 d",
        policies__asked_in_advance=share * 0.9999,
        effects__late_payer_known__coefficient=0,
    )
    off = late.orders("lead.called_off")
    invoiced, booked = late.posted("invoiced")[off], late.posted("booked")[off]
    assert off.size > 50
    assert np.abs(invoiced - booked).max() <= 1
    np.testing.assert_allclose(invoiced / 100, (0.3 + 0.4 * share) * late.attribute(off, "deal_value"), atol=0.02)


def test_the_credit_report_knows_who_pays_late(lived):
    """Those who are refused or asked in advance would have paid later than the others."""
    checked = lived.orders("lead.creditworthy")
    doubted = np.isin(checked, [*lived.orders("lead.no_credit"), *lived.orders("lead.agrees_in_advance")])
    late = lived.attribute(checked, "lateness") / 24
    error = np.sqrt(late[doubted].var() / doubted.sum() + late[~doubted].var() / (~doubted).sum())
    assert late[doubted].mean() - late[~doubted].mean() > 2 * error


def test_a_stricter_check_loses_orders_and_bad_debt():
    """On the same chance: fewer deliveries, and less is written off, in the sum over three years."""
    base = load_changed(load_scenario(ORDERS), ALL_CHECKED)
    strict = load_changed(base, {"policies.credit_refused": "10 %", "effects.late_payer_known.coefficient": 1.5})
    loose, tight = run_all([base, strict], Plan(replications=3, jobs=1))
    assert (tight.samples["reached_delivered"] < loose.samples["reached_delivered"]).all()
    assert tight.samples["written_off"].sum() < loose.samples["written_off"].sum()


def test_suppliers_are_paid_in_the_first_run_after_the_term(lived):
    """Each bill is paid once, with what is owed, on a Monday or Thursday at 17:00, 30 to 34 days after it came."""
    postings, steps = lived.records.postings, lived.program.names.steps
    owed, paid = (
        postings.step == steps.index(f"supplier_bill.{step}") for step in ("owed_to_supplier", "supplier_paid")
    )
    came = {case: (time, cents) for case, time, cents in
            zip(postings.case[owed], postings.time[owed], postings.cents[owed], strict=True)}  # fmt: skip
    assert paid.sum() == len(set(postings.case[paid])) > 300
    for case, time, cents in zip(postings.case[paid], postings.time[paid], postings.cents[paid], strict=True):
        days = (time - came[case][0]) / 24
        assert 30 <= days < 34
        assert cents == came[case][1]
        assert round(time % 168, 6) in {17.0, 3 * 24 + 17.0}  # The run begins on a Monday.


def test_longer_supplier_terms_keep_cash_longer():
    """60 d in place of 30: a month more of days payable, a shorter cycle and more cash, in each replication."""
    base = load_scenario(ORDERS)
    later = load_changed(base, {"policies.supplier_terms": "60 d"})
    before, after = (study.samples for study in run_all([base, later], Plan(replications=3, jobs=1)))
    assert after["dpo"] - before["dpo"] == pytest.approx(30, abs=4)
    assert (after["cash_conversion_cycle"] < before["cash_conversion_cycle"] - 20).all()
    assert after["dso"] == pytest.approx(before["dso"])
    assert after["margin"] == pytest.approx(before["margin"])
