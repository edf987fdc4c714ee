import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run, run_all
from simulator.schema.loading import load_changed, load_scenario
from tests.scenarios.published import meets, table
from tests.scenarios.published_trade import DISTRIBUTOR, ON_CREDIT, credit_study

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
PLAN = Plan(replications=6, jobs=1)
PAIRED = Plan(replications=4, jobs=1)


@pytest.fixture(scope="module")
def baseline():
    """Six years of the distributor."""
    return credit_study(PLAN)


def changed(changes):
    """The distributor before and after a change, on the same chance."""
    loaded = load_scenario(DISTRIBUTOR)
    return run_all([loaded, load_changed(loaded, changes)], PAIRED)


@pytest.mark.parametrize("published", ON_CREDIT, ids=lambda published: published.label)
def test_the_distributor_lies_in_the_published_range(baseline, published):
    """The mean is what the trade publishes, or the table says why it just misses it."""
    assert meets(published, baseline), table(baseline, ON_CREDIT)


def test_the_distributor_is_healthy(baseline):
    """No team is overloaded, most accounts stay, and a margin of one to ten per cent is left."""
    assert not [warning for warning in baseline.warnings if "overloaded" in warning]
    assert 0.01 < baseline.estimate("margin_rate").mean < 0.10
    assert max(baseline.estimate(f"waiting_{team}").mean for team in baseline.names.teams) < 3 * 24
    assert baseline.estimate("collected_share").mean == pytest.approx(
        1 - baseline.estimate("bad_debt_rate").mean, abs=0.03
    )


def test_cash_sales_leave_nothing_open():
    """Where no account is on credit nothing is ever owed, overdue or lost."""
    loaded = load_changed(load_scenario(DISTRIBUTOR), {"attributes.on_credit.initial": 0})
    study = run(loaded, Plan(replications=1, jobs=1))
    assert study.samples["dso"] == pytest.approx(0, abs=1e-9)
    assert study.samples["written_off"] == 0
    assert study.samples["cash_collected"] == study.samples["revenue_invoiced"]


def test_longer_terms_never_lower_dso():
    """Thirty more days for every segment raise the days that sales are outstanding, in each replication."""
    before, after = changed({f"segments.{name}.brings.terms": "90 d" for name in ("installer", "builder", "shop")})
    assert (after.samples["dso"] > before.samples["dso"]).all()


def days_to_money(changes):
    """Mean days from hand-over to money of the orders on credit of one run; DSO begins with the invoice only."""
    program = compiled(load_changed(load_scenario(DISTRIBUTOR), changes), PAIRED)
    visits = engine_of("compiled")(program, 1, 0).visits
    first, last = (np.full(visits.case.max() + 1, np.nan) for _ in range(2))
    for step, moments in (("handed_over", first), ("money_in", last)):
        rows = visits.step == program.names.steps.index(f"trade_order.{step}")
        moments[visits.case[rows]] = visits.entered[rows]
    return np.nanmean(last - first) / 24


def test_invoices_at_the_end_of_the_month_bring_money_later():
    """A run at the end of the month in place of every Friday costs about the eleven days between their mean waits."""
    run_at = "processes.trade_order.steps.invoice_run.until"
    later = days_to_money({run_at: {"weekdays": None, "month_days": ["last"], "at": "16:00"}}) - days_to_money({})
    assert later == pytest.approx(30.4 / 2 - 7 / 2, abs=2.5)


@pytest.mark.parametrize("policy", ["policies.released_on_hold", "policies.tolerated_overdue"])
def test_a_stricter_credit_check_lowers_bad_debt(policy):
    """Releasing no order on hold, or holding at the first overdue invoice, costs sales and saves money."""
    before, after = changed({policy: 0})
    assert (after.samples["written_off"] < before.samples["written_off"]).all()
    assert (after.samples["overdue_share"] < before.samples["overdue_share"]).all()
    assert (after.samples["revenue_booked"] < before.samples["revenue_booked"]).all()


def test_more_pickers_never_raise_waiting():
    """With one more picker orders wait less for the warehouse, in each replication."""
    before, after = changed({"teams.warehouse.head_count": 3})
    assert (after.samples["waiting_warehouse"] < before.samples["waiting_warehouse"]).all()
    assert (after.samples["utilisation_warehouse"] < before.samples["utilisation_warehouse"]).all()


def test_fewer_entry_errors_mean_fewer_disputes_and_happier_customers():
    """What is entered rightly is neither disputed nor credited, and customers stay."""
    path = "processes.trade_order.steps.entered_right.outcomes.wrong.probability"
    before, after = changed({path: "0.5 %"})
    assert (after.samples["dispute_rate"] < before.samples["dispute_rate"]).all()
    assert (after.samples["satisfaction"] > before.samples["satisfaction"]).all()


def leaving(changes):
    """Share of the decisions to stay or leave that end with leaving, by years as a customer; leaving is made common."""
    often = {"processes.account.steps.loyalty.outcomes.leaves.probability": "1.5 %"}
    program = compiled(load_changed(load_scenario(DISTRIBUTOR), often | changes), PAIRED)
    records = engine_of("compiled")(program, 1, 0)
    visits, cases, names = records.visits, records.cases, program.names
    rows = visits.step == names.steps.index("account.loyalty")
    of = visits.case[rows]
    years = cases.attributes[of, names.attributes.index("tenure")] + (visits.entered[rows] - cases.born[of]) / 8760
    gone = visits.next[rows] == names.steps.index("account.falls_silent")
    return [gone[(years >= low) & (years < high)].mean() for low, high in ((0, 3), (3, 99))]


def test_accounts_of_old_leave_less():
    """The hazard falls with the years as a customer, and not where the effect is switched off."""
    new, old = leaving({})
    assert new > 1.3 * old
    new, old = leaving({"effects.newcomers_leave.coefficient": 0})
    assert new < 1.3 * old


@pytest.mark.parametrize(
    "changes",
    [
        {"policies.price_against_market": "5 %"},
        {f"segments.{name}.brings.loyalty": -2 for name in ("installer", "builder", "shop")},
        {"processes.trade_order.steps.entered_right.outcomes.wrong.probability": "40 %"},
    ],
    ids=["price", "segment", "wrong deliveries"],
)
def test_what_drives_accounts_away(changes):
    """Dearer than elsewhere, a fickle segment, the wrong goods: more accounts leave on the same chance."""
    before, after = changed(changes)
    assert after.samples["churned"].sum() > before.samples["churned"].sum()


def test_a_discount_is_paid_out_of_the_margin():
    """Five points below the market keep accounts, and cost more than they bring."""
    before, after = changed({"policies.price_against_market": "-5 %"})
    assert after.samples["churned"].sum() < before.samples["churned"].sum()
    assert (after.samples["margin"] < before.samples["margin"]).all()
