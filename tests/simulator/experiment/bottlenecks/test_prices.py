"""What waiting for a team lost, by hand: the same leads with hands enough."""

import math
from dataclasses import replace

import pytest

from simulator.experiment.bottlenecks.prices import priced
from simulator.experiment.bottlenecks.waiting import waits_of
from simulator.experiment.bottlenecks.worth import directed
from simulator.schema.loading import load_changed


def prices(loaded, plan, kpi="margin"):
    """Prices by team."""
    found = priced(loaded, plan, directed(loaded, plan, kpi), waits_of(loaded, plan))
    return {each.team: each for each in found.prices}


def test_an_hour_of_waiting_costs_what_the_lead_loses_in_it(by_hand, plan):
    """One hour and two hours for 10 EUR each; the hands themselves are not counted."""
    desk = prices(by_hand, plan)["desk"]
    assert (desk.hours, desk.avoided) == pytest.approx((3, 3))
    assert desk.causes == pytest.approx({"contention": 3})
    assert (desk.lost.mean, desk.lost.low, desk.lost.high) == pytest.approx((30, 30, 30))
    assert desk.an_hour.mean == pytest.approx(10)
    assert desk.orders.mean == 0
    assert desk.cash_late == pytest.approx((160 * 1 + 150 * 2) * 1e-5)
    assert desk.p_adjusted < 0.05


def test_the_price_of_an_hour_is_as_sure_as_it_is(by_hand, plan):
    """With calls of random length loss and hours vary, but not what an hour costs: its interval has no width."""
    random = load_changed(by_hand, {"processes.sale.steps.call.effort": {"exponential": "1 h"}})
    desk = prices(random, plan)["desk"]
    assert desk.lost.high - desk.lost.low > 10
    assert (desk.an_hour.mean, desk.an_hour.low, desk.an_hour.high) == pytest.approx((10, 10, 10), abs=0.02)


def test_a_team_that_nobody_waits_for_lost_nothing(by_hand, plan):
    """No hours, no loss, and no price of an hour; the team that lost most stands first."""
    found = prices(by_hand, plan)
    bench = found["bench"]
    assert list(found) == ["desk", "bench"]
    assert (bench.hours, bench.avoided, bench.lost.mean, bench.cash_late, bench.p_adjusted) == (0, 0, 0, 0, 1)
    assert math.isnan(bench.an_hour.mean)


def test_leads_gone_cold_are_orders(by_hand, plan):
    """Who waits for more than half an hour goes: two of three leads, and what they would have paid."""
    patient = {"processes.sale.steps.call.patience": {"after": "30 min", "to": "done"}}
    desk = prices(load_changed(by_hand, patient), plan)["desk"]
    assert desk.orders.mean == 2
    assert desk.lost.mean == pytest.approx(2 * (1000 - 10 * 83))


def test_a_seat_of_the_hands_is_not_counted(by_hand, plan):
    """A licence for each member would drown what waiting lost."""
    licensed = load_changed(by_hand, {"tools.crm": {"licence": "24 EUR/d", "seats": "desk"}})
    assert prices(licensed, plan)["desk"].lost.mean == pytest.approx(30)
    assert prices(licensed, plan, "cost_total")["desk"].lost.mean == pytest.approx(0)


def test_of_times_less_is_better(by_hand, plan):
    """In the time to the order the loss is a difference below zero, and the team with the most of it stands first."""
    found = prices(by_hand, replace(plan, replications=2), "lead_to_order_mean")
    assert found["desk"].lost.mean == pytest.approx(-1 / 24)
    assert next(iter(found)) == "desk"


def test_a_scenario_without_teams_has_no_prices(by_hand, plan):
    """Nobody to wait for: an empty list."""
    steps = "processes.sale.steps"
    alone = load_changed(by_hand, {f"{steps}.call": None, f"{steps}.check": None})
    assert prices(alone, replace(plan, replications=2)) == {}


def test_losses_fall_to_causes_by_the_hours_left_out(by_hand, plan):
    """A desk that opens at two makes the three wait for the shift, and then for each other: 6 h and 3 h, 10 EUR each.

    Hands enough leave out only the latter, so that all of the loss falls to it; late callers make it fall to neither.
    """
    shifts = {"teams.desk.shifts": "mon-sun 12:00-24:00"}
    found = priced(load_changed(by_hand, shifts), plan, directed(by_hand, plan, "margin"), ())
    assert found.losses["contention"].kpi == pytest.approx([30] * 10)
    assert found.losses["off_shift"].kpi == pytest.approx([0] * 10)
    assert sum(each.kpi.mean() for each in found.losses.values()) == pytest.approx(
        sum(each.lost.mean for each in found.prices)
    )


def test_what_a_cause_lost_varies_with_the_loss_and_with_its_part(by_hand, plan):
    """By the delta method: with two causes whose parts vary the values add up to the loss in every replication."""
    changes = {"processes.sale.steps.call.effort": {"exponential": "3 h"}, "teams.desk.shifts": "mon-sun 08:00-12:00"}
    found = priced(load_changed(by_hand, changes), plan, directed(by_hand, plan, "margin"), ())
    (desk,) = [each for each in found.prices if each.team == "desk"]
    whole = sum(each.kpi for each in found.losses.values())
    assert whole.mean() == pytest.approx(desk.lost.mean)
    assert min(found.losses[cause].kpi.std() for cause in ("off_shift", "contention")) > 0
    part = desk.causes["contention"] / desk.avoided
    assert found.losses["contention"].kpi.mean() == pytest.approx(part * desk.lost.mean)
