"""Waiting by cause with what it lost, by hand: losses of teams fall to causes by the hours that hands leave out."""

import pytest

from simulator.experiment.bottlenecks.bottlenecks import bottlenecks
from simulator.experiment.bottlenecks.causes import causes_of
from simulator.experiment.bottlenecks.prices import Price
from simulator.experiment.bottlenecks.waiting import Wait
from simulator.experiment.intervals import Estimate

REST = Wait("a.rest", "Rest", "", {"customer": 50.0}, {"customer": 7.0})
CALL = Wait("a.call", "Call", "desk", {"off_shift": 30.0, "contention": 10.0}, {"contention": 2.0})
CHECK = Wait("a.check", "Check", "bench", {"contention": 5.0}, {"contention": 3.0, "priority": 1.0})


def price(team, lost, orders, **causes):
    """A team whose hours left out are these by cause."""
    told = [Estimate(each, each, each, 9) for each in (lost, 0.0, orders)]
    return Price(team, team, 99.0, sum(causes.values()), causes, *told, 0.0, 0.01)


def test_losses_fall_to_causes_by_the_hours_left_out():
    """A quarter of what the desk lost to who was not on shift, the rest to who was busy, with all of the bench."""
    prices = [price("desk", 400.0, 8.0, off_shift=5.0, contention=15.0), price("bench", 60.0, 1.0, contention=5.0)]
    found = {each.cause: each for each in causes_of([REST, CALL, CHECK], prices)}
    assert list(found) == ["customer", "off_shift", "contention", "priority"]
    assert [each.hours for each in found.values()] == [50, 30, 15, 0]
    assert [each.cash_late for each in found.values()] == [7, 0, 5, 1]
    assert [each.avoided for each in found.values()] == [0, 5, 20, 0]
    assert [each.lost for each in found.values()] == [None, 100, 300 + 60, 0]
    assert [each.orders for each in found.values()] == [None, 2, 6 + 1, 0]


def test_hands_that_leave_nothing_out_have_nothing_to_share():
    """A team at which no wait is left out divides by nothing; where nothing waited there is no line."""
    assert [(each.avoided, each.lost) for each in causes_of([CALL], [price("desk", 5.0, 1.0)])] == [(0, 0), (0, 0)]
    assert causes_of([], []) == ()


def test_they_add_up_to_what_teams_lost(by_hand, plan):
    """Over the causes the same hours, late cash and losses as over steps and teams."""
    found = bottlenecks(by_hand, plan, kinds=["delay"])
    assert sum(each.hours for each in found.causes) == pytest.approx(sum(each.total for each in found.waits))
    assert sum(each.cash_late for each in found.causes) == pytest.approx(sum(each.total_late for each in found.waits))
    assert sum(each.lost or 0 for each in found.causes) == pytest.approx(sum(each.lost.mean for each in found.prices))
    assert {each.cause: each.lost for each in found.causes} == pytest.approx(
        {"policy": None, "customer": None, "contention": 30}
    )
