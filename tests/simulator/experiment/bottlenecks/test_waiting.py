"""Hours of waiting by step and cause, and what late cash costs, by hand and against the KPIs."""

import numpy as np
import pytest

from simulator.experiment.bottlenecks.waiting import waits_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.records import TEAM_CAUSES
from simulator.schema.loading import load_changed, load_scenario

FAMILY = """
caudal: 1
name: A delivery that bills in two parts
horizon: {start: 2024-01-01, warm_up: 0 d, length: 20 d, currency: EUR}
channels: {web: {process: order, drops: [{date: 2024-01-01, leads: 1}]}}
processes:
  order:
    steps:
      ordered: {kind: wait, duration: 4 d, cause: schedule}
      first: {kind: spawn, process: bill, joined: true}
      built: {kind: wait, duration: 3 d, cause: schedule}
      paid_up: {kind: join}
      later: {kind: wait, duration: 1 d, cause: policy}
      rest: {kind: post, account: collected, amount: 200 EUR}
      done: {kind: end, outcome: done}
  bill:
    steps:
      term: {kind: wait, duration: 5 d, cause: customer}
      money: {kind: post, account: collected, amount: 1 000 EUR}
      done: {kind: end, outcome: paid}
cost_of_finance: 36.5 %
"""


@pytest.fixture
def family(tmp_path):
    """A case that begins another, whose cash it awaits."""
    path = tmp_path / "family.yaml"
    path.write_text(FAMILY, encoding="utf-8")
    return load_scenario(path)


def by_step(waits):
    """Waits by the name of their step."""
    return {wait.path.rpartition(".")[2]: wait for wait in waits}


def test_hours_and_causes_by_hand(by_hand, plan):
    """Three rest for 72 and 10 hours; at the desk the second waits an hour and the third two."""
    waits = waits_of(by_hand, plan)
    assert [(wait.label, wait.team) for wait in waits] == [("Rest", ""), ("Short rest", ""), ("Call", "desk")]
    assert waits[0].hours == pytest.approx({"policy": 216})
    assert waits[1].hours == pytest.approx({"customer": 30})
    assert waits[2].hours == pytest.approx({"contention": 3})
    assert waits[0].total == pytest.approx(216)


def test_late_cash_by_hand(by_hand, plan):
    """Amounts of 170, 160 and 150 EUR, each as many hours late as its case waited, at a hundred-thousandth an hour."""
    late = {wait.label: wait.cash_late for wait in waits_of(by_hand, plan)}
    assert late["Rest"] == pytest.approx({"policy": (170 + 160 + 150) * 72e-5})
    assert late["Call"] == pytest.approx({"contention": (160 * 1 + 150 * 2) * 1e-5})


def test_late_cash_is_kept_by_cause(by_hand, plan):
    """At 10:00 on the fourth day two hours lie before the desk opens; the second and third then wait for the first."""
    loaded = load_changed(by_hand, {"teams.desk.shifts": "Mon-Fri 12:00-20:00"})
    [call] = [wait for wait in waits_of(loaded, plan) if wait.label == "Call"]
    assert call.hours == pytest.approx({"off_shift": 3 * 2, "contention": 1 + 2})
    late = {"off_shift": (150 + 140 + 130) * 2e-5, "contention": (140 * 1 + 130 * 2) * 1e-5}
    assert call.cash_late == pytest.approx(late)
    assert call.total_late == pytest.approx(sum(late.values()))


def test_cash_is_late_by_the_waits_that_came_before_it(family):
    """The child's 1 000 EUR by its own term and by what its parent waited before; the parent's 200 EUR by its own.

    A day costs a thousandth.
    """
    found = by_step(waits_of(family, Plan(replications=1, jobs=1, engine="simpy")))
    late = {name: wait.total_late for name, wait in found.items()}
    assert late == pytest.approx(
        {"ordered": 4 * 1.2, "built": 3 * 0.2, "term": 5 * 1.0, "paid_up": 2 * 0.2, "later": 1 * 0.2}
    )


def test_only_cash_of_the_measured_time_counts(family):
    """The child pays on the ninth day, before the measured time: only the parent's 200 EUR came late in it.

    All of its waits count for that, but their hours only where they ended inside.
    """
    plan = Plan(replications=1, jobs=1, engine="simpy", warm_up=9.5 * 24, length=48)
    found = by_step(waits_of(family, plan))
    assert {name: wait.total_late for name, wait in found.items()} == pytest.approx(
        {"ordered": 4 * 0.2, "built": 3 * 0.2, "paid_up": 2 * 0.2, "later": 1 * 0.2}
    )
    assert {name: wait.total for name, wait in found.items()} == {"ordered": 0, "built": 0, "paid_up": 0, "later": 24}


def test_a_journey_of_its_own_is_not_held_up(family):
    """Cash of a child with a channel of its own is not the parent's, whatever that waited for before."""
    changes = {
        "processes.order.steps.first": {"kind": "spawn", "process": "bill", "channel": "web"},
        "processes.order.steps.paid_up": None,
    }
    late = by_step(waits_of(load_changed(family, changes), Plan(replications=1, jobs=1, engine="simpy")))
    assert late["ordered"].total_late == pytest.approx(4 * 0.2)
    assert late["term"].total_late == pytest.approx(5 * 1.0)


def test_hours_agree_with_the_pictures_of_a_study(two_constraints):
    """Two ways to the same hours, by team and cause, and by the causes of delays, in a scenario with chance in it."""
    plan = Plan(replications=2, jobs=1, warm_up=24.0 * 70, length=24.0 * 140)
    study, waits = run(two_constraints, plan), waits_of(two_constraints, plan)
    for index, team in enumerate(study.names.teams):
        of_team = [wait.hours for wait in waits if wait.team == team]
        hours = [sum(each.get(cause, 0.0) for each in of_team) for cause in TEAM_CAUSES]
        assert hours == pytest.approx(study.pictures.waiting[index].tolist())
    delays = [sum(wait.hours.get(cause, 0.0) for wait in waits) for cause in ("customer", "schedule", "policy")]
    assert delays == pytest.approx(study.pictures.delays.tolist())
    assert np.sum(study.pictures.waiting) > 0


def test_nothing_waits_where_nothing_waits(family):
    """No posting, no wait: an empty list."""
    changes = {f"processes.order.steps.{step}": None for step in ("ordered", "built", "paid_up", "rest", "later")}
    lean = load_changed(family, changes | {"processes.bill.steps.term": None, "processes.bill.steps.money": None})
    assert waits_of(lean, Plan(replications=1, jobs=1, engine="simpy")) == ()
