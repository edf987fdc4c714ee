"""The catalogue: complete, unique, explained, and in step with what is measured."""

import re

import pytest

from simulator.kpis.catalogue import Kpi, catalogue
from simulator.kpis.formulas import DECLARED, HEADLINES

GROUPS = ("volume", "conversion", "time", "waiting", "people", "money", "customers")


def test_measured_and_declared_are_the_same_in_the_same_order(program, diary, kpis_of):
    """Every KPI of the catalogue has a value, and every value is declared."""
    assert list(kpis_of(diary)) == list(catalogue(program))


def test_each_entry_is_complete(program):
    """A snake-case name that is its key, a label, a unit, a direction, a group, and a formula of one plain sentence."""
    for name, kpi in catalogue(program).items():
        assert kpi.name == name
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert kpi.label[0].isupper()
        assert kpi.unit in {"EUR", "h", "d", "months", "share", "times", "points", "cases"}
        assert kpi.better in {"higher", "lower", "neither"}
        assert kpi.group in GROUPS
        assert re.fullmatch(r"[A-Z][^.]*\.", kpi.formula)
        assert "{" not in kpi.label + kpi.name


def test_no_label_stands_twice(company):
    """Two figures are never shown under the same words."""
    labels = [kpi.label for kpi in catalogue(company()).values()]
    assert sorted(set(labels)) == sorted(labels)


def test_the_figures_of_the_field_have_its_own_names(company):
    """Collection, retention, acquisition, response, load, ageing, forecast and score stand under their usual names."""
    those = {
        "dso", "dpo", "cei", "bad_debt_rate", "cash_conversion_cycle", "cost_of_finance", "dispute_rate",
        "ageing_current", "ageing_1_30", "ageing_31_60", "ageing_61_90", "ageing_over_90",
        "nrr", "grr", "churn_rate", "expansion_share", "ltv", "ltv_cac", "cac", "cac_payback", "nps", "referral_share",
        "first_response_mean", "first_response_median", "first_response_p90", "first_response_within_1h",
        "never_contacted", "misrouted", "utilisation_sales", "load_gini_sales", "revenue_per_sales_hour",
        "weighted_pipeline", "forecast_error", "score_precision", "score_recall", "cost_per_lead",
        "channel_return_web", "first_contact_resolution", "escalation_rate", "satisfaction",
    }  # fmt: skip
    assert those <= set(catalogue(company()))


def test_groups_stand_together_in_their_order(program):
    """What belongs together is shown together: volumes first, customers last."""
    order = [kpi.group for kpi in catalogue(program).values()]
    assert list(dict.fromkeys(order)) == list(GROUPS)
    assert order == sorted(order, key=GROUPS.index)


def test_headlines_are_few_and_all_declared(program):
    """Ten figures come first, and each of them exists."""
    assert {name for name, kpi in catalogue(program).items() if kpi.headline} == HEADLINES
    assert len(HEADLINES) == 10


def test_money_is_counted_in_the_currency_of_the_scenario(company):
    """A Romanian company is measured in RON."""
    amounts = {"rent": {"cost": "0.5 RON/h"}}
    text = {
        "horizon__currency": "RON", "overheads": amounts, "tools": {}, "teams": {},
        "channels": {"web": {"process": "deal", "rate": "1 /d"}},
        "processes": {"deal": {"steps": {"won": {"kind": "end", "outcome": "won"}}}},
    }  # fmt: skip
    assert catalogue(company(**text))["margin"].unit == "RON"


def test_families_have_a_member_for_each_thing(program):
    """Stages, channels, segments, teams, causes, cost centres and summaries are spelled out."""
    expected = {
        "reached_contact", "reached_offer", "reached_order", "conversion_offer_from_previous", "leads_web",
        "orders_referral", "conversion_order_web", "conversion_order_large", "first_response_p90", "lead_to_cash_mean",
        "stage_time_contact_mean", "waiting_off_shift", "waiting_policy", "waiting_sales", "queue_fitters",
        "utilisation_sales", "abandoned_sales", "cost_acquisition", "cost_administration",
    }  # fmt: skip
    assert expected <= set(catalogue(program))


def test_families_carry_the_words_of_the_scenario(program):
    """A segment with a label of its own is shown by it, one without by its name."""
    kpis = catalogue(program)
    assert kpis["conversion_order_large"].label == "Conversion to order, Large firms"
    assert kpis["utilisation_sales"].label == "Utilisation of Sales"


def test_a_name_that_is_taken_gets_its_family_added(company):
    """A team called customer and a segment called web keep apart from the cause and the channel."""
    kpis = catalogue(company(segments={"web": {}, "small": {}}, teams__customer={"head_count": 1, "cost": "1 EUR/h"}))
    assert kpis["waiting_customer"].label == "Waiting: for the customer"
    assert kpis["waiting_customer_team"].label == "Waiting for Customer"
    assert kpis["conversion_order_web_segment"].group == "conversion"
    assert kpis["conversion_order_stage"].label == "Conversion to Order"


def test_a_fixed_name_is_never_given_to_a_family(company, diary_of, kpis_of):
    """A team called busiest does not take the place of the utilisation of the busiest team, though it comes later."""
    program = company(teams__busiest={"head_count": 1, "cost": "1 EUR/h", "shifts": "always"})
    assert catalogue(program)["utilisation_busiest"].headline
    assert not catalogue(program)["utilisation_busiest_team"].headline
    diary = diary_of(program)
    diary.visit(diary.case(170), "deal.call", 177, 177, 185, "sales.ann")
    kpis = kpis_of(diary)
    assert kpis["utilisation_busiest"] == pytest.approx(8 / 96)
    assert kpis["utilisation_busiest_team"] == 0


def test_names_of_a_scenario_become_snake_case(company):
    """A channel written with a hyphen and capitals gets a plain name."""
    channels = {"Web-Ads": {"process": "deal", "rate": "1 /d"}}
    assert "leads_web_ads" in catalogue(company(channels=channels))


def test_entries_cannot_be_changed(program):
    """The catalogue is one text for all readers."""
    kpi = catalogue(program)["leads"]
    with pytest.raises(AttributeError):
        kpi.label = "Prospects"


def test_every_direction_and_every_declaration_is_of_its_kind():
    """Declarations are unique, and an entry is exactly what the contract names."""
    templates = [declared.template for declared in DECLARED]
    assert len(set(templates)) == len(templates)
    assert list(Kpi.__dataclass_fields__) == ["name", "label", "unit", "better", "formula", "group", "headline"]
