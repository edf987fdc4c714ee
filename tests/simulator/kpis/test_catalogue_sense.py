"""The catalogue says what is measured: units, directions and formulas fit the figures, in random scenarios too."""

import math
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.engines.simpy_engine import simulate
from simulator.errors import CaudalError
from simulator.kpis.catalogue import catalogue, entries
from simulator.kpis.formulas import DECLARED
from simulator.kpis.measures import measure
from tests.simulator.engines.random_scenarios import scenarios
from tests.simulator.engines.toys import compiled
from tests.simulator.kpis.shop import shop

RANDOM = settings(
    derandomize=True, deadline=None, max_examples=15,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
MAY_BE_NEGATIVE = {"dso", "dpo", "cash_conversion_cycle"}
"""Customers, and the firm itself, may have paid more than was due, and suppliers be paid after the customers have."""
UNITS = {
    "leads": "cases", "orders": "cases", "reached": "cases", "work_in_progress": "cases", "queue": "cases",
    "journeys_in_progress": "cases", "unfinished_cases": "cases", "conversion": "share", "unfinished": "share",
    "abandoned": "share", "utilisation": "share", "never_contacted": "share", "first_response_within": "share",
    "first_response": "h", "waiting": "h", "stage_time": "d", "lead_to": "d", "order_to": "d", "invoice_to": "d",
    "dso": "d", "revenue": "money", "cash": "money", "receivables": "money", "written_off": "money", "cost": "money",
    "margin": "money", "net_cash": "money", "cac": "money", "bad_debt_rate": "share", "margin_rate": "share",
    "score_": "share", "mql_": "share", "misrouted": "share", "win_rate": "share", "sla_missed": "share",
    "load_gini": "share", "channel_return": "times", "weighted_pipeline": "money", "forecast_": "share",
    "acquisition_cost": "money", "campaign_cost": "money", "campaign_return": "times", "target": "share",
    "pipeline": "times",
    "cei": "share", "overdue": "share", "ageing": "money", "dispute": "share", "dunning": "times",
    "cash_conversion_cycle": "d", "dpo": "d", "collected": "share", "price_rise": "share", "recurring_margin": "share",
    "customers": "cases", "recurring": "money", "nrr": "share", "grr": "share",
    "churn_rate": "share", "churned": "cases", "renewal": "share", "expansion": "share", "upsells": "cases",
    "ltv": "money", "ltv_cac": "times", "cac_payback": "months", "satisfaction": "points", "referral": "share",
    "first_contact": "share", "late_payment": "share", "recovery": "share", "nps": "points", "ticket_resolution": "h",
     "escalation": "share", "tickets": "cases", "review": "share", "ended": "share", "rework": "share",
    "accepted": "share",
}  # fmt: skip
"""Unit by the longest beginning of a name that stands here."""
LOWER = ("unfinished", "first_response_", "never", "stage_time", "lead_to", "order_to", "invoice_to", "waiting",
         "acquisition_cost", "campaign_cost", "queue_",
         "abandoned", "dso", "cash_conversion_cycle", "written_off", "bad_debt", "cost_", "cac", "mql_",
         "misrouted", "accepted_never", "sla_missed", "load_gini", "forecast_error", "overdue", "dispute",
         "churn", "escalation", "ticket", "late_payment", "rework")  # fmt: skip
NEITHER = {"work_in_progress", "journeys_in_progress", "utilisation_busiest", "utilisation_{team}", "receivables_open",
           "weighted_pipeline", "pipeline_coverage", "forecast_bias", "target_attainment_{seller}", "ageing_{bucket}",
           "dunning_per_invoice", "dpo", "price_rise_rate", "ended_{outcome}"}  # fmt: skip


@pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.template)
def test_the_unit_is_that_of_the_figure(declared):
    """Counts are cases, shares are shares, times to cash are days, waits are hours, and money is money."""
    beginning = max((name for name in UNITS if declared.template.startswith(name)), key=len)
    assert declared.unit == UNITS[beginning]


@pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.template)
def test_the_direction_is_what_an_owner_wants(declared):
    """Less waiting and cost, more leads and cash; stocks and utilisation are neither good nor bad."""
    wanted = "higher"
    if declared.template in NEITHER:
        wanted = "neither"
    elif declared.template.startswith(LOWER) and declared.template != "first_response_within_1h":
        wanted = "lower"
    assert declared.better == wanted


@pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.template)
def test_label_and_formula_can_be_read(declared):
    """A label of a few words with the placeholder of its name, and a formula that ends like a sentence."""
    assert re.findall(r"{\w+}", declared.template) == re.findall(r"{\w+}", declared.label)
    assert 2 <= len(declared.label) <= 40
    assert 25 <= len(declared.formula) <= 250
    assert declared.formula[0].isupper()
    assert declared.formula.endswith(".")
    assert "  " not in declared.formula
    if declared.unit == "share" and declared.group in {"conversion", "time"}:
        kinds = {"Flow ratio: ": " over ", "Share of the ": " inside the window"}
        says = [words for begin, words in kinds.items() if declared.formula.startswith(begin)]
        assert len(says) == 1
        assert says[0] in declared.formula


def test_every_member_of_a_family_has_its_own_place():
    """Places in a family count from 0, and names, labels and places stand once."""
    found = entries(shop())
    assert (
        len({entry.kpi.name for entry in found}) == len({(entry.figure, entry.member) for entry in found}) == len(found)
    )
    places = {}
    for entry in found:
        places.setdefault(entry.figure, []).append(entry.member)
    assert all(members == list(range(len(members))) for members in places.values())
    sizes = {"leads_{channel}": 4, "ageing_{bucket}": 5,
             "reached_{stage}": 4, "stage_time_{passage}_mean": 3, "waiting_{cause}": 8,
             "cost_{centre}": 4, "utilisation_{team}": 3, "first_response_{summary}": 3, "leads": 1}  # fmt: skip
    assert {name: len(places[name]) for name in sizes} == sizes


@pytest.mark.parametrize("family", ["segments", "teams", "stages"])
def test_what_a_scenario_does_not_have_has_no_kpis(family):
    """A company without segments, stages or teams has a shorter catalogue, and all of it is measured."""
    said = {"segments": {"small": {}}, "stages": {"s": "S"}, "teams": {"t": {"head_count": 1, "cost": "1 EUR/h"}}}
    said[family] = {}
    steps = {"in": {"kind": "wait", "duration": "1 h"}, "out": {"kind": "end", "outcome": "out"}}
    if said["stages"]:
        steps["in"]["stage"] = "s"
    horizon = {"start": "2024-01-01", "warm_up": "0 d", "length": "3 d", "currency": "EUR"}
    program = compiled({"caudal": 1, "name": "Short", "horizon": horizon, "processes": {"p": {"steps": steps}},
                        "channels": {"web": {"process": "p", "rate": "3 /d"}}} | said)  # fmt: skip
    kpis = measure(program, simulate(program, 1, 0)).kpis
    assert list(kpis) == list(catalogue(program))
    gone = {"segments": "conversion_order_small", "teams": "queue_t", "stages": "reached_s"}
    assert {name for name, kpi in gone.items() if kpi in kpis} == set(gone) - {family}


def consistent(program, records):
    """What must hold between the figures of any scenario."""
    kpis, pictures = measure(program, records)
    names = program.names
    assert sum(kpis[f"leads_{name}"] for name in names.channels) == kpis["leads"]
    if not math.isnan(kpis["waiting_total"]):
        total = (pictures.waiting.sum() + pictures.delays.sum()) / kpis["leads"]
        assert kpis["waiting_total"] == pytest.approx(total)
        assert kpis["waiting_for_teams"] <= kpis["waiting_total"] + 1e-9
    centres = ("acquisition", "delivery", "service", "administration")
    assert sum(kpis[f"cost_{centre}"] for centre in centres) == pytest.approx(kpis["cost_total"])
    assert kpis["margin"] == pytest.approx(kpis["revenue_invoiced"] - kpis["written_off"] - kpis["cost_total"])
    assert pictures.cash[-1, 0] == pytest.approx(kpis["revenue_booked"])
    assert pictures.cash[-1, 3] == pytest.approx(kpis["cost_total"])
    assert kpis["journeys_in_progress"] <= kpis["work_in_progress"] + 1e-9
    if not math.isnan(kpis["ageing_current"]):
        buckets = ("current", "1_30", "31_60", "61_90", "over_90")
        assert sum(kpis[f"ageing_{bucket}"] for bucket in buckets) >= kpis["receivables_open"] - 1e-6
    for name, kpi in catalogue(program).items():
        if kpi.unit == "cases" or (kpi.unit in {"h", "d"} and name not in MAY_BE_NEGATIVE):
            assert math.isnan(kpis[name]) or kpis[name] >= -1e-9, name
    for team in names.teams:
        share = kpis[f"utilisation_{team}"]
        assert math.isnan(share) or -1e-9 <= share <= 1 + 1e-9


@pytest.mark.slow
@RANDOM
@given(scenarios(), st.integers(0, 2**31))
def test_figures_agree_with_each_other_in_any_scenario(said, seed):
    """Sums, differences and bounds hold whatever the scenario does."""
    program = compiled(said)
    try:
        records = simulate(program, seed, 0)
    except CaudalError:
        return  # a case that goes round for ever, which a random scenario may say
    consistent(program, records)
