"""What the parts of the library do to a firm that is made of them."""

import operator
import re
from functools import cache
from pathlib import Path

import pytest

from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.schema.document import read_document
from simulator.schema.loading import load_changed, load_scenario
from simulator.schema.shipped import shipped_parts
from tests.scenarios import process_maps
from tests.scenarios.published import BASELINE

MODEL = Path(__file__).resolve().parents[2] / "docs" / "model.md"
LOWER, NO_MORE, HIGHER, NO_LESS = operator.lt, operator.le, operator.gt, operator.ge
CHANGES = [
    ("policies.duplicates_found", "95 %", "utilisation_sdr", LOWER),
    ("policies.wrong_desk_share", "20 %", "misrouted", HIGHER),
    ("policies.wrong_desk_share", "20 %", "first_response_mean", HIGHER),
    ("channels.website.brings.data_quality", 0.4, "misrouted", HIGHER),
    ("channels.website.brings.data_quality", 0.2, "conversion_sql", LOWER),
    ("policies.sales_minimum", 60, "mql_rejection_rate", HIGHER),
    ("policies.good_lead", 65, "score_precision", LOWER),
    ("policies.call_within", "24 h", "sla_missed", HIGHER),
    ("policies.put_aside", "15 %", "sla_missed", HIGHER),
    ("policies.put_aside", "15 %", "first_response_mean", HIGHER),
    ("policies.reminder_ignored", "100 %", "accepted_never_contacted", HIGHER),
    ("policies.reminder_ignored", "100 %", "utilisation_direction", HIGHER),
    ("policies.approved_by_rule", "70 %", "utilisation_direction", LOWER),
    ("policies.disputed_share", "15 %", "dispute_rate", HIGHER),
    ("policies.credit_share", "100 %", "cash_collected", LOWER),
    ("policies.interest_claimed", "50 %", "revenue_invoiced", NO_LESS),
    ("policies.contacts_remembered", "100 %", "satisfaction", HIGHER),
    ("policies.contacts_welcome", 1, "satisfaction", LOWER),
    ("policies.fee_rise", "6 %", "recurring_revenue", HIGHER),
    ("policies.usual_onboarding", 20, "renewal_rate", NO_MORE),
    ("policies.usual_onboarding", 20, "satisfaction", LOWER),
    ("attributes.install_quality.initial", 0.4, "tickets_per_customer", HIGHER),
    ("policies.complaint_costs", "100 %", "renewal_rate", NO_MORE),
    ("policies.answer_within", "12 h", "escalation_rate", HIGHER),
    ("policies.answer_within", "12 h", "satisfaction", LOWER),
    ("policies.upsell_share", "35 %", "revenue_booked", HIGHER),
    ("teams.marketing.head_count", 4, "waiting_marketing", LOWER),
    ("teams.sales.members.marta.head_count", 3, "waiting_sales", LOWER),
    ("teams.direction.head_count", 2, "waiting_direction", LOWER),
    ("teams.engineering.head_count", 5, "waiting_engineering", LOWER),
    ("teams.crews.head_count", 8, "waiting_crews", LOWER),
    ("teams.finance.head_count", 4, "waiting_finance", LOWER),
    ("teams.support.head_count", 5, "waiting_support", LOWER),
    ("policies.mql_threshold", 65, "reached_mql", LOWER),
    ("policies.sql_threshold", 62, "reached_sql", LOWER),
    ("policies.speed_credit", "100 %", "reached_sql", LOWER),
    ("policies.most_attempts", 1, "reached_sql", LOWER),
    ("policies.contract_fee", "4 %", "recurring_revenue", HIGHER),
    ("segments.small.brings.terms", "60 d", "dso", HIGHER),
    ("segments.small.brings.terms", "60 d", "invoice_to_cash_mean", HIGHER),
    ("attributes.lateness.initial", "0 d", "overdue_share", LOWER),
    ("attributes.lateness.initial", "0 d", "cei", HIGHER),
    ("attributes.lateness.initial", "0 d", "bad_debt_rate", NO_MORE),
    ("cost_of_finance", "9 %", "cost_of_finance", HIGHER),
]
"""One change of the baseline, a KPI, and which way it goes."""


@cache
def samples(place="", value=None):
    """KPIs of half a year of the baseline, with one change, by replication."""
    base = load_scenario(BASELINE)
    changed = load_changed(base, {place: value}) if place else base
    return run(changed, Plan(replications=2, length=26 * 168.0, jobs=1)).samples


@pytest.mark.slow
@pytest.mark.parametrize(("place", "value", "kpi", "goes"), CHANGES)
def test_what_a_policy_does(place, value, kpi, goes):
    """In every replication, against the same leads, the KPI goes the way that the trade expects."""
    assert goes(samples(place, value)[kpi], samples()[kpi]).all(), (samples(place, value)[kpi], samples()[kpi])


def test_each_part_of_the_baseline_is_in_the_table_of_the_model():
    """What a part expects and gives is written where a reader looks for it."""
    table = MODEL.read_text(encoding="utf-8")
    files = load_scenario(BASELINE).files
    names = [name for name, path in shipped_parts().items() if path in files]
    assert len(names) > 10
    assert [name for name in names if f"| `{name.partition('/')[2]}` |" not in table] == []


def test_the_table_of_the_model_names_what_is_in_the_parts():
    """Every step, team, policy and attribute that a row says a part gives stands in the file of that part."""
    parts = {name.partition("/")[2]: path for name, path in shipped_parts().items()}
    rows = [row.split("|") for row in MODEL.read_text(encoding="utf-8").splitlines() if row.startswith("| `")]
    given = {cells[1].strip(" `"): set(re.findall(r"`(\w+)`", "".join(cells[2:5]))) for cells in rows}
    written = {name: set(re.findall(r"\w+", path.read_text(encoding="utf-8"))) for name, path in parts.items()}
    unknown = {name: given[name] - written[name] - parts.keys() for name in parts.keys() & given.keys()}
    assert len(unknown) > 10
    assert {name: words for name, words in unknown.items() if words} == {}


def test_the_process_maps_are_those_of_the_files():
    """The page is what the program that draws it would write now."""
    assert process_maps.PAGE.read_text(encoding="utf-8") == process_maps.page()


@pytest.mark.parametrize("name", sorted(shipped_parts()))
def test_a_part_says_what_it_is(name):
    """Its first line and its description are sentences, before anything else is read."""
    path = shipped_parts()[name]
    description = str(read_document(path, name).data.get("description", ""))
    assert path.read_text(encoding="utf-8").startswith("# ")
    assert description.strip().endswith(".")
