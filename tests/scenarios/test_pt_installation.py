import pytest

from simulator.experiment.plan import Plan
from simulator.experiment.replications import run, run_all
from simulator.experiment.warnings import cautions_of
from simulator.schema.loading import load_changed, load_scenario
from tests.scenarios.published import BASELINE, INSIDE, estimate, meets, table

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
BUSY = ("sdr", "sales", "engineering", "crews", "support")
"""Teams whose cases the model holds; the others spend most of their day on what it does not show."""


@pytest.fixture(scope="module")
def baseline():
    """Ten years of the baseline."""
    return run(load_scenario(BASELINE), Plan(replications=10))


@pytest.mark.parametrize("published", INSIDE, ids=lambda published: published.label)
def test_the_baseline_lies_in_the_published_range(baseline, published):
    """The mean is in the range that the trade publishes, or the table says why it just misses it."""
    assert meets(published, baseline), table(baseline)


def test_about_six_thousand_leads_a_year_come(baseline):
    """The volume is the one that the file announces."""
    assert baseline.estimate("leads").mean == pytest.approx(6000, rel=0.05)


def test_profit_and_loss_are_plausible(baseline):
    """The company earns its people: a margin around 5 to 15 %, and winning customers costs less than they bring."""
    margin = baseline.estimate("margin").mean / baseline.estimate("revenue_invoiced").mean
    assert 0.03 < margin < 0.15
    assert baseline.estimate("cost_acquisition").mean < 0.25 * baseline.estimate("revenue_invoiced").mean
    assert baseline.estimate("cost_delivery").mean < 0.70 * baseline.estimate("revenue_invoiced").mean


@pytest.mark.parametrize("team", BUSY)
def test_people_are_busy_but_not_drowned(baseline, team):
    """Teams that work on cases are at work 55 to 85 % of their time."""
    assert 0.55 < baseline.estimate(f"utilisation_{team}").mean < 0.85


def test_no_queue_grows_without_bound(baseline):
    """No team is overloaded, no queue grows though people have time, and waits for a team are days, not weeks."""
    assert not [caution for caution in cautions_of(baseline) if caution.topic in {"overload", "warm-up"}]
    assert max(baseline.estimate(f"waiting_{team}").mean for team in baseline.names.teams) < 14 * 24


def test_the_warm_up_covers_the_way_from_lead_to_cash(baseline):
    """Nine in ten paying leads pay within the warm-up, so the measured year begins with a full pipeline."""
    assert baseline.estimate("lead_to_cash_p90").mean * 24 < baseline.warm_up
    assert baseline.estimate("cash_collected").mean == pytest.approx(
        baseline.estimate("revenue_invoiced").mean, rel=0.08
    )


def test_customers_pay_as_late_as_portuguese_firms_do(baseline):
    """From final invoice to payment: terms, 22.6 d of delay less who is given up, and the next payment run."""
    terms, latest, given_up = 0.7 * 30 + 0.3 * 60, (90 + 100 + 263) / 3, 0.053 * 0.42
    delay = (22.6 - given_up * latest) / (1 - given_up)
    assert baseline.estimate("invoice_to_cash_mean").mean == pytest.approx(terms + delay + 1.75, abs=6)


def test_the_better_channel_sells_more(baseline):
    """Referrals and partners convert better than the website, and that better than trade fairs."""
    names = ("referral", "partners", "website", "trade_fairs")
    rates = {name: estimate(_orders(name), baseline).mean for name in names}
    assert min(rates["referral"], rates["partners"]) > rates["website"] > rates["trade_fairs"]


def _orders(channel):
    return INSIDE[0]._replace(samples=lambda study: study.samples[f"conversion_order_{channel}"])


def test_sellers_come_near_their_targets_and_the_best_comes_nearest(baseline):
    """The plan is neither idle nor out of reach, a higher win factor books more of it, and the parts add up."""
    assert 0.8 < baseline.estimate("target_attainment").mean < 1.15
    shares = {name: baseline.samples[f"target_attainment_sales_{name}"] for name in ("marta", "joao", "ines", "tiago")}
    assert shares["marta"].mean() > shares["tiago"].mean()
    assert baseline.samples["target_attainment"] == pytest.approx(sum(shares.values()) / 4)
    assert 0 < baseline.estimate("targets_reached").mean < 1
    assert 0.3 < baseline.estimate("pipeline_coverage").mean < 3


def test_more_callers_never_lengthen_the_first_response():
    """With two more SDRs every replication answers sooner, on average and in the middle."""
    plan = Plan(replications=2, length=26 * 168.0)
    without, with_them = run_all([load_scenario(BASELINE), load_scenario("whatifs/two_more_sdrs")], plan)
    for kpi in ("first_response_mean", "first_response_median", "waiting_sdr"):
        assert (with_them.samples[kpi] <= without.samples[kpi]).all()
    assert (with_them.samples["utilisation_sdr"] < without.samples["utilisation_sdr"]).all()


def test_tools_do_what_they_are_bought_for_and_cost_what_they_cost():
    """Routing answers in minutes and people still call; the quoting tool shortens quotes; both add to cost."""
    names = [BASELINE, "whatifs/instant_routing", "whatifs/quoting_tool"]
    plan = Plan(replications=2, length=26 * 168.0)
    base, routing, quoting = run_all([load_scenario(name) for name in names], plan)
    assert (routing.samples["first_response_median"] < 0.25 * base.samples["first_response_median"]).all()
    assert (routing.samples["utilisation_sdr"] > 0.6 * base.samples["utilisation_sdr"]).all()
    assert (quoting.samples["stage_time_opportunity_mean"] < base.samples["stage_time_opportunity_mean"]).all()
    assert (quoting.samples["utilisation_engineering"] > 0.4 * base.samples["utilisation_engineering"]).all()
    for tool in (routing, quoting):
        assert (tool.samples["cost_acquisition"] > base.samples["cost_acquisition"]).all()


def test_a_higher_fee_of_extensions_raises_net_revenue_retention():
    """Half of the fee in place of a quarter, in force from the renewal after the extension: more recurs, each time."""
    base = load_scenario(BASELINE)
    less, more = run_all([base, load_changed(base, {"policies.upsell_fee": "50 %"})], Plan(replications=3))
    for kpi in ("nrr", "recurring_revenue"):
        assert (more.samples[kpi] > less.samples[kpi]).all()
