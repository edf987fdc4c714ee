import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run
from simulator.schema.loading import load_scenario
from tests.scenarios.published import meets, table
from tests.scenarios.published_saas import BY_CARD, SELF_SERVE, attribute, followed, self_serve_study, visits

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
PLAN = Plan(replications=10, jobs=1)
PAIRED = Plan(replications=4, jobs=1)


@pytest.fixture(scope="module")
def baseline():
    """Ten years of the firm."""
    return self_serve_study(PLAN)


@pytest.fixture(scope="module")
def paired():
    """The firm as it is, on the chance of the comparisons."""
    return self_serve_study(PAIRED)


@pytest.fixture(scope="module")
def one_year():
    """Program and records of one replication."""
    program = compiled(load_scenario(SELF_SERVE), PAIRED)
    return program, engine_of("compiled")(program, 1, 0)


@pytest.mark.parametrize("published", BY_CARD, ids=lambda published: published.label)
def test_the_firm_lies_in_the_published_range(baseline, published):
    """The mean over ten years is what the trade publishes, or the table says why it just misses it."""
    assert meets(published, baseline), table(baseline, BY_CARD)


def test_the_firm_is_as_announced_and_healthy(baseline):
    """About 2 600 sign-ups, support is not overloaded, and a margin of a few to 25 per cent is left."""
    assert baseline.estimate("leads").mean == pytest.approx(2600, rel=0.05)
    assert not [warning for warning in baseline.warnings if "overloaded" in warning]
    assert 0.03 < baseline.estimate("margin_rate").mean < 0.25
    assert 0.45 < baseline.estimate("utilisation_support").mean < 0.85


def test_a_month_is_charged_at_once_or_taken_back(baseline):
    """A card pays on the day, so that hours are outstanding rather than days and nothing is written off."""
    assert baseline.estimate("dso").mean < 1
    assert baseline.estimate("written_off").mean == 0
    assert baseline.samples["revenue_invoiced"] == pytest.approx(baseline.samples["recurring_revenue"], rel=0.15)


def test_yearly_churn_is_below_twelve_times_the_monthly(baseline):
    """The hazard falls with tenure, so that those there at the start of the year leave less than all do on the mean."""
    twelve_months = 1 - (1 - baseline.samples["lost_in_a_month"]) ** 12
    assert (baseline.samples["churn_rate"] < twelve_months).all()


def test_the_first_months_lose_most(one_year):
    """New customers leave in their first three months at more than one and a half times the rate of all."""
    program, records = one_year
    rows = visits(program, records, "subscription.renewal")
    left = ~followed(program, records, rows, "subscription.renewed")
    new = attribute(program, records, "customer_of_old", rows) == 0
    early = new & (records.visits.entered[rows] - records.cases.born[records.visits.case[rows]] < 93 * 24)
    assert left[early].mean() > 1.5 * left.mean()


def test_cards_are_tried_four_times_in_sixteen_days(one_year):
    """From the failed charge to the end of a subscription pass four tries, four days apart."""
    program, records = one_year
    lost = visits(program, records, "subscription.card_lost")
    failed = visits(program, records, "subscription.failed")
    last = {
        int(case): moment
        for case, moment in zip(records.visits.case[failed], records.visits.entered[failed], strict=True)
    }
    waits = [
        records.visits.entered[row] - last[case]
        for row, case in zip(lost, records.visits.case[lost].tolist(), strict=True)
        if case in last
    ]
    assert len(waits) > 30
    np.testing.assert_allclose(waits, 16 * 24.0)


def test_recovered_cards_raise_revenue_retention(paired):
    """With 75 % of failed charges recovered, fewer customers are lost and more revenue is kept, in each replication."""
    better = self_serve_study(PAIRED, policies__recovery="75 %")
    assert better.samples["recovered"].mean() == pytest.approx(0.75, abs=0.05)
    for kpi in ("nrr", "grr", "customers"):
        assert (better.samples[kpi] > paired.samples[kpi]).all()
    assert (better.samples["churn_rate"] < paired.samples["churn_rate"]).all()


def test_more_failing_cards_lose_customers(paired):
    """Twice as many failed charges cost customers in each replication, and none leaves of its own will for it."""
    worse = self_serve_study(PAIRED, policies__card_failure="3 %")
    assert (worse.samples["lost_by_card"] > 1.5 * paired.samples["lost_by_card"]).all()
    assert (worse.samples["nrr"] < paired.samples["nrr"]).all()


def test_more_support_activates_more_trials(paired):
    """With one more to answer, questions wait less and no fewer trials come to a result."""
    more = self_serve_study(PAIRED, teams__support__head_count=3)
    assert (more.samples["first_response_mean"] < paired.samples["first_response_mean"]).all()
    assert (more.samples["conversion_activated"] > paired.samples["conversion_activated"]).all()


def test_upgrades_are_all_expansion(paired):
    """Without upgrades nothing expands, and revenue retention is gross retention."""
    none = self_serve_study(PAIRED, policies__upgrade_size="0 %")
    assert (none.samples["expansion_share"] == 0).all()
    assert none.samples["nrr"] == pytest.approx(none.samples["grr"])
    assert (none.samples["nrr"] < paired.samples["nrr"]).all()


def test_the_recovery_service_keeps_revenue_and_costs_what_it_costs(paired):
    """From the same leads and the same start, more revenue is kept in each replication, and the licence is paid."""
    with_service = run(load_scenario("whatifs/card_recovery"), PAIRED)
    for kpi in ("nrr", "grr", "revenue_invoiced"):
        assert (with_service.samples[kpi] > paired.samples[kpi]).all()
    assert (with_service.samples["churned"] < paired.samples["churned"]).all()
    extra = with_service.samples["cost_administration"] - paired.samples["cost_administration"]
    assert extra == pytest.approx(1800 + 290 * 12, rel=0.01)
