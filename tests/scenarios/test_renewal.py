"""Why customers stay or leave: what moves the odds of each firm, and what it does on the same chance."""

import pytest

from simulator.experiment.plan import Plan
from simulator.schema.formula import parse_formula
from simulator.schema.loading import load_scenario
from simulator.schema.quantity import fixed
from tests.scenarios.on_the_same_chance import samples_of

pytestmark = pytest.mark.slow
BASELINE = "baselines/pt_installation"
PLAN = Plan(replications=4, jobs=1)


@pytest.fixture(scope="module")
def changed():
    """The firm as it is and with one change each, on the same chance."""
    changes = {
        "as it is": {},
        "no contact": {"policies.contacts_remembered": "0 %"},
        "two check-ups": {"policies.check_ups": 2},
        "six check-ups": {"policies.check_ups": 6},
        "dearer": {"policies.fee_rise": "6 %"},
        "discount": {"policies.fee_rise": "-10 %"},
        "small firms go": {"segments.small.brings.loyalty": -1.5},
        "slow": {"policies.usual_onboarding": 20},
        "patient": {"policies.usual_onboarding": 20, "policies.delay_costs": "0 %"},
        "bitter": {"policies.complaint_costs": "100 %"},
    }
    return samples_of(BASELINE, changes, PLAN)


@pytest.mark.parametrize(
    ("more", "less", "kpi"),
    [
        ("as it is", "no contact", "satisfaction"),
        ("two check-ups", "six check-ups", "satisfaction"),
        ("six check-ups", "two check-ups", "utilisation_support"),
        ("as it is", "dearer", "renewal_rate"),
        ("discount", "as it is", "renewal_rate"),
        ("dearer", "discount", "recurring_revenue"),
        ("dearer", "discount", "price_rise_rate"),
        ("as it is", "bitter", "satisfaction"),
        ("as it is", "bitter", "renewal_rate"),
        ("as it is", "slow", "satisfaction"),
        ("patient", "slow", "renewal_rate"),
        ("as it is", "small firms go", "renewal_rate"),
        ("as it is", "slow", "renewal_rate"),
    ],
)
def test_what_customers_feel_shows(changed, more, less, kpi):
    """In the sum of four years on the same chance: contacts please, too many tire; price, segment, delay."""
    assert changed[more][kpi].sum() > changed[less][kpi].sum()


DRIVERS = {
    BASELINE: ("care.renewal", {"satisfaction", "tenure", "fee_rise", "loyalty"}),
    "baselines/b2b_saas": (
        "subscription.renewal",
        {"satisfaction", "time_to_value", "tenure", "price_rise", "loyalty"},
    ),
    "baselines/self_serve_saas": (
        "subscription.renewal",
        {"satisfaction", "activated", "tenure", "price_rise", "loyalty"},
    ),
    "baselines/ro_distributor": ("account.loyalty", {"satisfaction", "tenure", "price_against_market", "loyalty"}),
}
"""Where customers stay or leave, and what moves the odds.

Complaints, wrong deliveries and a late installation act through satisfaction, and by no second way.
"""


@pytest.mark.parametrize("name", DRIVERS)
def test_renewal_depends_on_all_that_it_should(name):
    """Each effect on the decision has weight, and together they read these names and no others of the customer."""
    scenario = load_scenario(name).scenario
    (process, step), drivers = DRIVERS[name][0].split("."), DRIVERS[name][1]
    first = next(iter(scenario.processes[process].steps[step].outcomes.values()))
    effects = [scenario.effects[effect] for effect in first.effects]
    assert all(effect.points or fixed(effect.coefficient) != 0 for effect in effects)
    known = {*scenario.attributes, *scenario.policies} - {"usual_onboarding"}
    assert set().union(*(parse_formula(effect.reads).names & known for effect in effects)) == drivers


def test_a_price_rise_is_no_expansion(changed):
    """Where fees rise by 6 % or fall by 10 % renewals are not the same, but only what was sold besides expands."""
    plain, dearer, discount = (changed[name]["expansion_share"] for name in ("as it is", "dearer", "discount"))
    assert (changed["dearer"]["price_rise_rate"] > 0.04).all()
    assert (changed["discount"]["price_rise_rate"] == 0).all()
    # Less than the 3.5 points by which prices rise more; other years lose and extend other customers.
    assert (abs(dearer - plain) < 0.02).all()
    assert (abs(discount - plain) < 0.03).all()
