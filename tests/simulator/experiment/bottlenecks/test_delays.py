"""What waits that no hands shorten lost, by hand: a tenth less of them, times ten."""

from dataclasses import replace

import numpy as np
import pytest

from simulator.experiment.bottlenecks.delays import delays_of, losses_of
from simulator.experiment.bottlenecks.worth import directed
from simulator.schema.loading import load_changed


def losses(loaded, plan, kpi="margin", **how):
    """What each cause lost."""
    return losses_of(loaded, plan, directed(loaded, plan, kpi), **how)


def test_every_hour_of_a_wait_costs_what_the_lead_loses_in_it(by_hand, plan):
    """Three leads rest three days by a rule and ten hours for the customer, and pay 10 EUR less for every hour."""
    found = losses(by_hand, replace(plan, replications=2))
    assert list(found) == ["policy", "customer"]
    assert found["policy"].kpi == pytest.approx([3 * 72 * 10] * 2)
    assert found["customer"].kpi == pytest.approx([3 * 10 * 10] * 2)
    assert found["policy"].orders.tolist() == [0, 0]


def test_leads_gone_cold_are_counted(by_hand, plan):
    """Who has waited for more than 75 h goes: a tenth less of the rule keeps all three, which times ten is thirty."""
    outcomes = {"cold": {"when": "age > 75 h", "to": "lost"}, "warm": {"to": "call"}}
    gone = {
        "processes.sale.steps.gone": {"after": "short", "kind": "decide", "outcomes": outcomes},
        "processes.sale.steps.lost": {"kind": "end", "outcome": "lost", "result": "lost"},
        "processes.sale.steps.short.duration": "4 h",
    }
    found = losses(load_changed(by_hand, gone), replace(plan, replications=2))
    assert found["policy"].orders.tolist() == [30, 30]
    assert found["customer"].orders.tolist() == [0, 0]


def test_waits_of_one_cause_are_shortened_together(by_hand, plan):
    """Two steps of the same cause make one change; a wait for a date alone has no duration and is not among them."""
    monday = {"weekdays": ["Mon"], "at": "09:00"}
    changed = load_changed(by_hand, {
        "processes.sale.steps.rest.cause": "customer",
        "processes.sale.steps.monday": {"after": "short", "kind": "wait", "until": monday},
    })  # fmt: skip
    assert {cause: len(steps) for cause, steps in delays_of(changed.scenario).items()} == {"customer": 2}
    told = []
    plain = load_changed(by_hand, {"processes.sale.steps.rest.cause": "customer"})
    found = losses(plain, replace(plan, replications=2), progress=lambda done, total: told.append((done, total)))
    assert found["customer"].kpi == pytest.approx([3 * 82 * 10] * 2)
    assert told == [(2, 4), (4, 4)]


def test_a_scenario_without_such_waits_lost_nothing_by_them(by_hand, plan):
    """No wait steps, no causes; and what has no value in the KPI is left out."""
    steps = "processes.sale.steps"
    found = losses(
        load_changed(by_hand, {f"{steps}.rest": None, f"{steps}.short": None}), replace(plan, replications=1)
    )
    assert found == {}
    unpaid = load_changed(by_hand, {f"{steps}.order": None})
    assert losses(unpaid, replace(plan, replications=1), "dso") == {}
    assert np.isfinite(losses(by_hand, replace(plan, replications=1))["policy"].kpi).all()
