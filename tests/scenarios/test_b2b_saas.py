import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run_all
from simulator.records import ACCOUNTS
from simulator.schema.loading import load_changed, load_scenario
from tests.scenarios.published import BASELINE, meets, table
from tests.scenarios.published_saas import BY_CONTRACT, CONTRACT, SELF_SERVE, contract_study

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
PLAN = Plan(replications=20, jobs=1)
PAIRED = Plan(replications=4, jobs=1)
BUSY = ("sdr", "sales", "engineering", "onboarding", "account_managers", "support")
"""Teams whose cases the model holds; the others spend most of their day on what it does not show."""


@pytest.fixture(scope="module")
def baseline():
    """Twenty years of the firm."""
    return contract_study(PLAN)


@pytest.fixture(scope="module")
def paired():
    """The firm as it is, on the chance of the comparisons."""
    return contract_study(PAIRED)


def records_of(name):
    """Program and records of one replication."""
    program = compiled(load_scenario(name), PAIRED)
    return program, engine_of("compiled")(program, 1, 0)


def visited(program, records, step):
    """Rows of the visits to a step in the whole run."""
    return np.flatnonzero(records.visits.step == program.names.steps.index(step))


@pytest.mark.parametrize("published", BY_CONTRACT, ids=lambda published: published.label)
def test_the_firm_lies_in_the_published_range(baseline, published):
    """The mean over twenty years is what the trade publishes, or the table says why it just misses it."""
    assert meets(published, baseline), table(baseline, BY_CONTRACT)


def test_the_firm_is_as_announced_and_healthy(baseline):
    """About 4 000 leads, no team overloaded, a margin of up to 25 %, and customers worth their acquisition."""
    assert baseline.estimate("leads").mean == pytest.approx(4000, rel=0.05)
    assert not [warning for warning in baseline.warnings if "overloaded" in warning]
    assert 0.03 < baseline.estimate("margin_rate").mean < 0.25
    assert baseline.estimate("ltv_cac").mean > 3
    assert max(baseline.estimate(f"waiting_{team}").mean for team in baseline.names.teams) < 4 * 24


@pytest.mark.parametrize("team", BUSY)
def test_people_are_busy_but_not_drowned(baseline, team):
    """Teams that work on cases are at work 45 to 85 % of their time."""
    assert 0.45 < baseline.estimate(f"utilisation_{team}").mean < 0.85


@pytest.mark.parametrize(
    ("name", "begins", "fee", "some"),
    [
        (CONTRACT, "subscription.begins", "arr", 200),
        (SELF_SERVE, "subscription.begins", "arr", 200),
        (BASELINE, "care.signed", "yearly_fee", 100),
    ],
)
def test_recurring_revenue_is_conserved(name, begins, fee, some):
    """What each contract has gained less lost is its fee, to the cent, and 0 when it is over; no other case has any."""
    program, records = records_of(name)
    size = records.cases.root.size
    rows = records.postings.account == ACCOUNTS.index("recurring")
    posted = np.bincount(records.postings.case[rows], records.postings.cents[rows], size)
    began = np.unique(records.visits.case[visited(program, records, begins)])
    brings = records.cases.attributes[began, program.names.attributes.index(fee)]
    lives = np.isnan(records.cases.ended[began])
    assert some < lives.sum() < began.size
    np.testing.assert_array_equal(posted[began], np.rint(100 * brings) * lives)
    assert posted.sum() == posted[began].sum()
    assert visited(program, records, "care.fee_rises" if name == BASELINE else begins).size > 0


def test_who_is_asked_to_pay_in_advance_pays_each_year_on_the_day():
    """Where every large contract is asked for in advance its invoices have no term and are never late; others are."""
    asked = {"policies.credit_limit": "25 000 EUR", "policies.asked_in_advance": "99 %"}
    program = compiled(load_changed(load_scenario(CONTRACT), asked), PAIRED)
    cases, names = engine_of("compiled")(program, 1, 0).cases, program.names
    bills = np.flatnonzero((cases.process == names.processes.index("invoice")) & ~np.isnan(cases.ended))
    advance, terms, lateness = (
        cases.attributes[bills, names.attributes.index(name)] for name in ("up_front", "terms", "lateness")
    )
    assert (advance == 1).sum() > 20
    assert not terms[advance == 1].any()
    assert not lateness[advance == 1].any()
    assert lateness[advance == 0].mean() > 24


def test_each_year_is_invoiced_once(baseline):
    """What is invoiced in a year is what recurs on the mean, and the part of a year that extensions leave."""
    recurring = baseline.samples["recurring_revenue"] * (1 - 0.5 * 0.15)
    assert baseline.samples["revenue_invoiced"] == pytest.approx(recurring, rel=0.15)


def test_slower_onboarding_lowers_renewal(paired):
    """Data that come a month later bring customers live later, and fewer of them renew the first time."""
    later = {"lognormal": {"median": "37 d", "p90": "60 d"}, "source": "own assumption", "grade": "D"}
    slow = contract_study(PAIRED, processes__onboarding__steps__data_wait__duration=later)
    assert (slow.samples["order_to_delivery_median"] > paired.samples["order_to_delivery_median"] + 20).all()
    assert (slow.samples["renewal_rate"] < paired.samples["renewal_rate"]).all()
    assert (slow.samples["churned"] > paired.samples["churned"]).all()


@pytest.mark.parametrize(
    ("changes", "kpi"),
    [
        ({"policies__price_rise": "8 %"}, "renewal_rate"),
        ({"policies__complaint_costs": "100 %"}, "renewal_rate"),
        ({"policies__contraction_size": "60 %"}, "grr"),
        ({"policies__expansion_size": "10 %"}, "nrr"),
        ({"teams__account_managers__head_count": 1}, "upsells"),
        ({"teams__account_managers__head_count": 1}, "satisfaction"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_what_customers_dislike_is_lost(paired, changes, kpi):
    """Higher prices, heavier complaints, deeper cuts, smaller extensions, fewer account managers: each costs."""
    assert (contract_study(PAIRED, **changes).samples[kpi] < paired.samples[kpi]).all()


def test_more_staff_never_raises_waiting():
    """One more for onboarding, support and accounts shortens the wait for each, in each replication."""
    loaded = load_scenario(CONTRACT)
    teams = {"onboarding": 3, "support": 4, "account_managers": 4}
    more = load_changed(loaded, {f"teams.{team}.head_count": count for team, count in teams.items()})
    before, after = run_all([loaded, more], PAIRED)
    for team in teams:
        assert (after.samples[f"waiting_{team}"] < before.samples[f"waiting_{team}"]).all()
        assert (after.samples[f"utilisation_{team}"] < before.samples[f"utilisation_{team}"]).all()
