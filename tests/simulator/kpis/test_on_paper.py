"""Every KPI of a simulated shop against a count on paper, over several windows and seeds."""

import functools
import math

import pytest

from simulator.kpis.catalogue import catalogue
from simulator.kpis.measures import measure
from tests.simulator.engines.toys import run
from tests.simulator.kpis.paper import CENTRES, STAGES, on_shift, rank
from tests.simulator.kpis.paper_growth import Growth
from tests.simulator.kpis.shop import SHIFTS, SHOP, WINDOWS, shop, simulated

SEEDS = (1, 2, 3)
RUNS = [(window, seed) for window in WINDOWS for seed in SEEDS]
GROUPS = ("volume", "conversion", "time", "waiting", "people", "money", "customers")


@functools.cache
def both(window, seed):
    """What the program measures, and what is counted on paper."""
    program, records = simulated(window, seed)
    return measure(program, records), Growth(program, records).kpis(), catalogue(program)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(("window", "seed"), RUNS)
def test_each_kpi_is_what_one_counts_on_paper(window, seed, group):
    """Arrays and plain loops give the same figure for every KPI of the group."""
    measured, counted, kpis = both(window, seed)
    mine = [name for name, kpi in kpis.items() if kpi.group == group]
    assert mine
    assert {name: measured.kpis[name] for name in mine} == pytest.approx(
        {name: counted[name] for name in mine}, rel=1e-9, abs=1e-9, nan_ok=True
    )


def test_paper_and_catalogue_name_the_same_figures():
    """No KPI is left uncounted, and nothing is counted that is no KPI."""
    measured, counted, kpis = both("two weeks and a rest", 1)
    assert set(counted) == set(kpis) == set(measured.kpis)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_shop_shows_every_figure(seed):
    """In two weeks and a half everything happens, so that no KPI passes only by being 0 or undefined everywhere."""
    counted = both("two weeks and a rest", seed)[1]
    undefined = {name for name, value in counted.items() if math.isnan(value)}
    costless, alone = {"channel_return_friend", "channel_return_old"}, {"load_gini_fitters", "load_gini_clerks"}
    foretold = {"weighted_pipeline", "forecast_error", "forecast_bias", "pipeline_coverage", "targets_reached"}
    contracts = {"ltv_cac", "cac_payback"}
    assert undefined == costless | alone | foretold | contracts
    assert not any(math.isnan(both("months with a past", seed)[1][name]) for name in foretold)
    silent = {name for name, value in counted.items() if value == 0}
    assert silent <= {
        "waiting_ownership", "waiting_limit", "waiting_priority", "abandoned_fitters", "abandoned_clerks",
        "written_off", "bad_debt_rate", "orders_fair", "orders_friend", "leads_friend", "conversion_order_fair",
        "conversion_order_friend", "never_contacted", "mql_never_contacted", "orders_old", "conversion_order_old",
        "cost_per_lead_old", "cost_presales", "rework_clerks", "rework_sales",
        "cost_per_lead_friend", "ageing_31_60", "ageing_61_90",
        "ageing_over_90", "ageing_current",
    }  # fmt: skip


def test_a_shop_that_lives_on_contracts_earns_its_acquisition_back():
    """Old customers who pay 40 000 EUR a year make recurring revenue the business, and both figures are defined."""
    attributes = SHOP["attributes"] | {"yearly": {"measures": "money", "initial": "40 000 EUR"}}
    program = shop(*WINDOWS["two weeks and a rest"], attributes=attributes)
    records = run(program, 1)
    measured, counted = measure(program, records).kpis, Growth(program, records).kpis()
    for name in ("ltv", "ltv_cac", "cac_payback"):
        assert measured[name] == pytest.approx(counted[name])
        assert measured[name] > 0


@pytest.mark.parametrize(("member", "hours"), [("sales.ann", 40), ("sales.bob", 32), ("fitters.cy", 168)])
def test_the_paper_knows_a_week(member, hours):
    """The count of hours on shift is right for a whole week, for two, and for none."""
    assert set(SHIFTS) == set(shop().names.members)
    assert on_shift(member, 0, 168) == hours
    assert on_shift(member, 0, 336) == 2 * hours
    assert on_shift(member, 50, 50) == 0


def test_the_paper_knows_ranks():
    """Median and 90th percentile lie on the line between neighbours."""
    assert rank([3, 1, 2], 0.5) == 2
    assert rank([4, 1, 2, 3], 0.5) == 2.5
    assert rank([0, 10], 0.9) == 9
    assert math.isnan(rank([], 0.5))


@pytest.mark.parametrize(("window", "seed"), RUNS)
def test_parts_add_up(window, seed):
    """Channels make the whole, causes the waiting, centres the cost, and the conversions of stages a product."""
    kpis = both(window, seed)[0].kpis
    buckets = ("current", "1_30", "31_60", "61_90", "over_90")
    assert sum(kpis[f"ageing_{bucket}"] for bucket in buckets) == pytest.approx(kpis["receivables_open"])
    for whole in ("leads", "orders"):
        assert sum(kpis[f"{whole}_{channel}"] for channel in ("web", "fair", "friend", "old")) == kpis[whole]
    causes = ("off_shift", "contention", "ownership", "limit", "priority")
    for_teams = sum(kpis[f"waiting_{cause}"] for cause in causes)
    assert for_teams == pytest.approx(kpis["waiting_for_teams"])
    delays = sum(kpis[f"waiting_{cause}"] for cause in ("customer", "schedule", "policy"))
    assert for_teams + delays == pytest.approx(kpis["waiting_total"])
    assert sum(kpis[f"cost_{centre}"] for centre in CENTRES) == pytest.approx(kpis["cost_total"])
    product = 1.0
    for stage in STAGES:
        product *= kpis[f"conversion_{stage}_from_previous"]
        if not math.isnan(product):
            assert product == pytest.approx(kpis[f"conversion_{stage}"])


@pytest.mark.parametrize(("window", "seed"), RUNS)
def test_quotients_are_those_of_the_figures_beside_them(window, seed):
    """Each share and unit cost is the quotient of KPIs that stand in the same list."""
    kpis = both(window, seed)[0].kpis
    quotients = {
        "conversion_order": ("orders", "leads"), "margin_rate": ("margin", "revenue_invoiced"),
        "bad_debt_rate": ("written_off", "revenue_invoiced"),
        "acquisition_cost_per_lead": ("cost_acquisition", "leads"),
        "cac": ("cost_acquisition", "orders"), "conversion_contact": ("reached_contact", "leads"),
    }  # fmt: skip
    for name, (above, below) in quotients.items():
        if kpis[below]:
            assert kpis[name] == pytest.approx(kpis[above] / kpis[below])
        else:
            assert math.isnan(kpis[name])
    assert kpis["margin"] == pytest.approx(kpis["revenue_invoiced"] - kpis["written_off"] - kpis["cost_total"])
    assert kpis["orders"] == kpis["reached_deal"]
    teams = [kpis[f"utilisation_{team}"] for team in ("sales", "fitters", "clerks")]
    assert kpis["utilisation_busiest"] == max(share for share in teams if not math.isnan(share))


@pytest.mark.parametrize(("window", "seed"), RUNS)
def test_bounds_that_no_run_can_leave(window, seed):
    """Shares lie in their bounds, nothing counted is negative, medians stand below 90th percentiles."""
    kpis = both(window, seed)[0].kpis
    shares = (
        "unfinished", "abandoned_sales", "utilisation_sales", "utilisation_fitters", "utilisation_busiest",
        "score_precision", "mql_rejection_rate", "load_gini_sales", "cei", "overdue_share", "grr", "churn_rate",
        "expansion_share", "referral_share",
    )  # fmt: skip
    for name in shares:
        assert math.isnan(kpis[name]) or 0 <= kpis[name] <= 1 + 1e-12
    assert math.isnan(kpis["nrr"]) or kpis["grr"] <= kpis["nrr"] + 1e-12
    assert all(value >= 0 for name, value in kpis.items() if name.startswith(("waiting_", "queue_", "lead")))
    for name in ("first_response", "lead_to_order", "lead_to_cash", "invoice_to_cash"):
        if not math.isnan(kpis[f"{name}_median"]):
            assert kpis[f"{name}_median"] <= kpis[f"{name}_p90"]


@pytest.mark.parametrize(("window", "seed"), RUNS)
def test_pictures_show_what_the_kpis_say(window, seed):
    """Funnel, last point of the cash curve, waiting, queues and utilisation agree with the figures."""
    (kpis, pictures), _, _ = both(window, seed)
    assert pictures.funnel.tolist() == [kpis[f"reached_{stage}"] for stage in STAGES]
    last = ("revenue_booked", "revenue_invoiced", "cash_collected", "cost_total")
    assert pictures.cash[-1] == pytest.approx([kpis[name] for name in last])
    assert pictures.cash[0].tolist() == [0, 0, 0, 0]
    assert pictures.waiting.sum() / kpis["leads"] == pytest.approx(kpis["waiting_for_teams"])
    assert pictures.delays / kpis["leads"] == pytest.approx(
        [kpis[f"waiting_{cause}"] for cause in ("customer", "schedule", "policy")]
    )
    assert pictures.utilisation == pytest.approx(
        [kpis[f"utilisation_{team}"] for team in ("sales", "fitters", "clerks")], nan_ok=True
    )
