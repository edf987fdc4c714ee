"""What a lever is worth: known values by hand, their cost, words, screening, and intervals that cover."""

import math
from dataclasses import replace

import numpy as np
import pytest

from simulator.errors import Cancelled, StudyError
from simulator.experiment.bottlenecks import worth
from simulator.experiment.bottlenecks.bottlenecks import bottlenecks
from simulator.experiment.bottlenecks.levers import Lever, levers_of
from simulator.experiment.bottlenecks.stages import Stages
from simulator.experiment.bottlenecks.worth import measured, named
from simulator.experiment.intervals import skewed_interval, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.sensitivity.variants import sampled
from simulator.kpis.window import YEAR
from simulator.schema.loading import load_changed


@pytest.fixture(scope="module")
def found(by_hand, plan):
    """Everything that there is to know of the scenario by hand."""
    return bottlenecks(by_hand, plan)


def of(found, kind, label):
    """The value of one lever."""
    [value] = [each for each in found.values if each.lever.kind == kind and each.lever.label.startswith(label)]
    return value


def test_values_are_those_worked_out_by_hand(found):
    """A day less is 24 hours of 10 EUR for three leads; calls a tenth shorter save 0.1, 0.2 and 0.3 hours."""
    worked_out = {
        ("delay", "Rest"): 3 * 24 * 10,
        ("delay", "Short rest"): 3 * 1 * 10,
        ("effort", "Call"): (0.1 + 0.2 + 0.3) * 10,
        ("effort", "Check"): 0,
        ("speed", "Desk"): (1 + 2 + 3) * (1 - 1 / 1.1) * 10,
        ("person", "Desk"): (0 + 1 + 1) * 10 - 2 * 240,
        ("person", "Bench"): -4 * 240,
    }
    for (kind, label), value in worked_out.items():
        estimate = of(found, kind, label).value
        assert (estimate.mean, estimate.low, estimate.high) == pytest.approx((value,) * 3, abs=0.02), (kind, label)
    assert found.base.mean == pytest.approx(3000 - 10 * (3 * 82 + 6) - 240 * (2 + 1 + 3 * 5))


def test_only_people_cost(found):
    """Their pay over the ten days and over a year; the scenario says of nothing else what it costs."""
    costs = {each.lever.label: (each.cost, each.cost_a_year) for each in found.values if each.cost}
    assert costs["Desk"] == pytest.approx((480, 480 * YEAR / 240))
    assert costs["Bench"] == pytest.approx((960, 960 * YEAR / 240))
    assert len(costs) == 2


def test_values_are_in_words_and_in_order(found):
    """The best first; what brings nothing is not distinguishable, pay for nothing costs more than it brings,
    and what harms without a cost is worse.
    """
    means = [each.value.mean for each in found.values]
    assert means == sorted(means, reverse=True)
    assert of(found, "delay", "Rest").worth == "worth it"
    assert of(found, "delay", "Rest").p_adjusted == pytest.approx(15 * 2.0**-9)  # ten on one side, fifteen tests
    assert of(found, "effort", "Check").worth == "not distinguishable"
    assert of(found, "effort", "Check").p_adjusted == 1
    assert of(found, "person", "Bench").worth == "costs more than it brings"
    cheaper = next(each for each in found.values if each.lever.changes == {"policies.price": "900 EUR"})
    assert (cheaper.value.mean, cheaper.worth) == (pytest.approx(-300), "worse")


def test_other_kpis_have_other_words(by_hand, plan):
    """Of the time to the order less is better, and nothing is deducted: a person makes it shorter and better."""
    found = bottlenecks(by_hand, plan, "lead_to_order_mean", kinds=["person", "delay"])
    assert found.values[0].lever.label == "Rest"
    assert found.values[0].value.mean == pytest.approx(-1)
    assert [each.worth for each in found.values] == ["better", "better", "better", "not distinguishable"]
    slower = Lever("delay", "processes", "Rest", "longer", {"processes.sale.steps.rest.duration": "9 d"})
    [value] = measured(by_hand, plan, ["lead_to_order_mean"], [slower], 20, Stages(None, 0), None).values
    assert value.worth == "worse"


def test_one_replication_tells_nothing_apart(by_hand, plan):
    """A value without interval and without p-value."""
    found = bottlenecks(by_hand, replace(plan, replications=1), kinds=["delay"])
    assert found.values[0].value.mean == pytest.approx(720)
    assert math.isnan(found.values[0].p_adjusted)
    assert found.values[0].worth == "not distinguishable"


def test_what_makes_no_valid_scenario_is_left_out(by_hand, plan):
    """With its place and the reason; the others are measured."""
    broken = Lever("policy", "policies.price", "Price", "none", {"policies.price": "nothing"})
    undefined = Lever("policy", "channels.web", "Leads", "none", {"channels.web.drops[0].date": "2024-02-01"})
    good = levers_of(by_hand, ["delay"])
    found = measured(by_hand, plan, ["lead_to_order_mean"], [broken, *good, undefined], 20, Stages(None, 0), None)
    assert [each.lever for each in found.values] == good
    assert list(found.left_out) == ["policies.price: none", "channels.web: none"]
    assert "policies.price" in found.left_out["policies.price: none"]
    assert found.left_out["channels.web: none"] == "the KPI is not defined there"


def test_a_screening_finds_what_moves_most(by_hand, plan):
    """People, speed and delays in any case; of the rest what relieves most, of two opposite moves the better one."""
    few, every = replace(plan, replications=1), levers_of(by_hand)
    kept = [lever for lever in every if lever.kind in {"person", "speed", "delay"}]
    found = bottlenecks(by_hand, few, most=1)
    assert {named(each.lever) for each in found.values} == {*map(named, kept), "policies.price: 10 % more"}
    assert (found.levers, found.screening) == (15, 2)
    assert len(bottlenecks(by_hand, few, most=3).values) == len(kept) + 3
    everything = bottlenecks(by_hand, few, most=15)
    assert (len(everything.values), everything.screening) == (15, 0)


def test_the_screening_has_luck_of_its_own(by_hand, plan, monkeypatch):
    """What decides who is measured is not what is measured: another seed, the same for the same seed."""
    seeds = []

    def noted(loaded, variants, plan, *others):
        seeds.append((plan.seed, plan.replications))
        return sampled(loaded, variants, plan, *others)

    monkeypatch.setattr(worth, "sampled", noted)
    measured(by_hand, replace(plan, seed=6), ["margin"], levers_of(by_hand), 1, Stages(None, 0), None)
    assert seeds == [(7, 2), (6, 10)]


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_same_seed_gives_the_same_to_the_last_bit(by_hand, plan, jobs):
    """With chance in it, whatever the number of workers; progress comes to its end."""
    loaded = load_changed(by_hand, {"processes.sale.steps.rest.duration": {"exponential": "3 d"}})
    few, told, kinds = replace(plan, replications=2), [], ["person", "delay"]
    one = bottlenecks(loaded, few, kinds=kinds, most=3)
    other = bottlenecks(loaded, replace(few, jobs=jobs), "margin", lambda *x: told.append(x), kinds=kinds, most=3)
    assert repr(one) == repr(other)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {total for _, total in told} == {told[-1][0]}


def test_mistakes_are_sentences(by_hand, plan):
    """An unknown KPI, one without a direction, and one that the scenario does not define."""
    with pytest.raises(StudyError, match=r"there is no KPI 'magrin'; did you mean 'margin'\?"):
        bottlenecks(by_hand, plan, "magrin")
    with pytest.raises(StudyError, match="of utilisation_desk neither more nor less is better"):
        bottlenecks(by_hand, plan, "utilisation_desk")
    with pytest.raises(StudyError, match="'satisfaction' is not defined in every replication"):
        bottlenecks(by_hand, plan, "satisfaction")


def test_a_cancellation_ends_it(by_hand, plan):
    """The word is heard before the study is done."""
    with pytest.raises(Cancelled):
        bottlenecks(by_hand, plan, cancelled=lambda: True)


@pytest.fixture(scope="module")
def rested(by_hand):
    """Rests of 20 hours on the mean, and a desk at which nobody waits."""
    changes = {"processes.sale.steps.rest.duration": {"exponential": "20 h"}, "teams.desk.head_count": 9}
    return load_changed(by_hand, changes)


def asked(rested, replications, kpi):
    """What a tenth of the rest is worth."""
    rest = [lever for lever in levers_of(rested, ["delay"]) if lever.label == "Rest"]
    return measured(rested, Plan(replications=replications, jobs=1), [kpi], rest, 20, Stages(None, 0), None)


@pytest.mark.parametrize(("kpi", "interval"), [("margin", skewed_interval), ("lead_to_cash_mean", t_interval)])
def test_money_has_bootstrap_intervals(rested, kpi, interval):
    """What a lever is worth in money has that of the paired bootstrap, in a mean time Student's."""
    found = asked(rested, 12, kpi)
    [(base,), (other,)] = found.samples
    value = found.values[0].value
    assert value == interval(other - base, unit=value.unit)
    assert value != t_interval(other - base, unit=value.unit) or interval is t_interval


@pytest.mark.slow
def test_intervals_cover_what_is_known(rested):
    """Ten per cent of a mean rest of 20 hours is worth 3 x 2 x 10 EUR, which 95 % of the intervals hold.

    A hundred studies of twelve replications each; three standard errors of their share are 6.5 points.
    """
    found = asked(rested, 1200, "margin")
    assert found.values[0].value.low < 60 < found.values[0].value.high
    base, other = (each.reshape(100, 12) for each in found.samples[:, 0])
    intervals = [skewed_interval(after - before) for before, after in zip(base, other, strict=True)]
    assert np.mean([each.low <= 60 <= each.high for each in intervals]) >= 0.95 - 0.065
