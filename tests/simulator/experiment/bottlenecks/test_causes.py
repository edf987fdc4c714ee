"""Waiting by cause with what it lost, by hand: hours, late cash, and losses with their intervals."""

import numpy as np
import pytest

from simulator.experiment.bottlenecks.bottlenecks import bottlenecks
from simulator.experiment.bottlenecks.causes import causes_of
from simulator.experiment.bottlenecks.delays import Loss
from simulator.experiment.bottlenecks.prices import Price
from simulator.experiment.bottlenecks.waiting import Wait
from simulator.experiment.intervals import Estimate, skewed_interval, t_interval
from simulator.kpis.catalogue import Kpi

MARGIN = Kpi("margin", "Margin", "EUR", "higher", "", "money", headline=True)
REST = Wait("a.rest", "Rest", "", {"customer": 50.0}, {"customer": 7.0})
MONTH = Wait("a.month", "Month", "", {"schedule": 40.0}, {})
CALL = Wait("a.call", "Call", "desk", {"off_shift": 30.0, "contention": 10.0}, {"contention": 2.0})
CHECK = Wait("a.check", "Check", "bench", {"contention": 5.0}, {"contention": 3.0, "priority": 1.0})


def price(team, **causes):
    """A team whose hours left out are these by cause."""
    nothing = [Estimate(0.0, 0.0, 0.0, 9)] * 3
    return Price(team, team, 99.0, sum(causes.values()), causes, *nothing, 0.0, 0.01)


def test_each_cause_has_its_hours_its_late_cash_and_its_loss():
    """Over steps and teams; of a cause of which nothing was measured no loss is made up."""
    prices = [price("desk", off_shift=5.0, contention=15.0), price("bench", contention=5.0)]
    money, orders = np.random.default_rng(1).lognormal(3, 1, (2, 20))
    losses = {"contention": Loss(money, orders), "customer": Loss(money * 2, orders * 2)}
    found = {each.cause: each for each in causes_of([REST, CALL, CHECK, MONTH], prices, losses, MARGIN, "EUR")}
    assert list(found) == ["customer", "schedule", "off_shift", "contention", "priority"]
    assert [each.hours for each in found.values()] == [50, 40, 30, 15, 0]
    assert [each.cash_late for each in found.values()] == [7, 0, 0, 5, 1]
    assert [each.avoided for each in found.values()] == [0, 0, 5, 20, 0]
    assert [each.lost is None for each in found.values()] == [False, True, True, False, True]
    assert found["contention"].lost == skewed_interval(money, unit="EUR")
    assert found["customer"].orders == t_interval(orders * 2, unit="orders")


def test_where_nothing_waited_there_is_no_line():
    """Whatever the teams and the losses."""
    assert causes_of([], [price("desk")], {"policy": Loss(np.ones(3), np.ones(3))}, MARGIN, "EUR") == ()


def test_they_add_up_to_what_teams_lost(by_hand, plan):
    """Over the causes the same hours, late cash and losses as over steps and teams, and what delays lost beside."""
    found = bottlenecks(by_hand, plan, kinds=["delay"])
    assert sum(each.hours for each in found.causes) == pytest.approx(sum(each.total for each in found.waits))
    assert sum(each.cash_late for each in found.causes) == pytest.approx(sum(each.total_late for each in found.waits))
    lost = {each.cause: (each.lost.mean, each.lost.low, each.lost.high) for each in found.causes}
    assert lost["contention"][0] == pytest.approx(sum(each.lost.mean for each in found.prices))
    assert lost == {
        "policy": pytest.approx((2160,) * 3), "customer": pytest.approx((300,) * 3),
        "contention": pytest.approx((30,) * 3),
    }  # fmt: skip
