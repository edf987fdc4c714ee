"""Payback, net present value and return against figures worked out by hand, and cash that ties out with the KPI."""

import math

import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.errors import StudyError
from simulator.experiment.investment import cash_of, investment, payback
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.measures import measure
from simulator.schema.loading import load_changed


def twice(curve):
    """Two equal replications, so that nothing is left to luck."""
    return np.array([curve, curve], dtype=float)


def test_net_present_value_and_payback_by_hand():
    """1 200 paid in the first month, 660 back in each of two: at 21 % a year, the twelfth root of it a month."""
    found = investment(twice([0, 0, 0]), twice([-1200, -540, 120]), 1200, 0.21, "EUR")
    month = 1.21 ** (-1 / 12)
    value = -1200 * month + 660 * month**2 + 660 * month**3
    assert found.net_present_value.mean == pytest.approx(value)
    assert [month.mean for month in found.cash] == pytest.approx([-1200, 660, 660])
    assert found.payback.months == pytest.approx(2 + 540 / 660)


def test_without_discount_the_value_is_the_sum():
    """At 0 % a month later is worth as much."""
    found = investment(twice([5, 5, 5]), twice([0, 0, 40]), 10, 0.0, "EUR")
    assert found.net_present_value.mean == pytest.approx(35)


@pytest.mark.parametrize(("months", "known"), [(6, False), (11, False), (12, True), (13, True), (24, False)])
def test_a_return_is_that_of_a_year(months, known):
    """What is spent in a year is set against what comes back in it, not in half of it nor in two; a begun month counts,
    so that a leap year has thirteen.
    """
    base, other = twice([0] * months), twice([-1200 + 110 * (month + 1) for month in range(months)])
    found = investment(base, other, 1200, 0.0, "EUR").return_on_investment
    assert (found is not None) == known
    if found is not None:
        assert found.mean == pytest.approx((-1200 + 110 * months) / 1200)


def test_what_costs_nothing_has_no_return():
    """Nothing spent, or money saved: there is nothing to divide by."""
    for spending in (0.0, -5.0):
        assert investment(twice([0] * 12), twice([1] * 12), spending, 0.1, "EUR").return_on_investment is None


@pytest.mark.parametrize(
    ("curve", "months"),
    [
        ([1, 2, 3], 0.0), ([-2, 2, 3], 1.5), ([-1, -2, -3], math.inf), ([1, -1, 1], 2.5), ([-1, 0, 2], 2.0),
        ([3, 2, -1], math.inf), ([0, 0], 0.0),
    ],
)  # fmt: skip
def test_payback_is_the_last_time_that_it_turns(curve, months):
    """From then on the running difference is never below nothing; a gain that is lost again pays nothing back."""
    found = payback(twice(curve))
    assert found.months == pytest.approx(months)
    assert (found.low, found.high) == pytest.approx((months, months))
    assert found.share == float(math.isfinite(months))


def test_payback_may_never_come_in_some_replications():
    """Where half of the replications lose, the interval reaches to never, and the share says so."""
    gained = np.array([[-1.0, 3.0], [-1.0, -2.5]] * 10)
    found = payback(gained)
    assert found.share == 0.5
    assert found.low < found.high == math.inf


def test_intervals_are_paired():
    """Replications that differ much but gain the same leave no doubt about the gain."""
    rng = np.random.default_rng(1)
    base = rng.normal(0, 1000, (20, 3)).cumsum(axis=1)
    found = investment(base, base + np.array([-10.0, 5.0, 20.0]), 10, 0.0, "EUR")
    assert found.net_present_value.mean == pytest.approx(20)
    assert found.net_present_value.half_width < 1e-6


def test_one_replication_has_no_interval():
    """A figure, and nothing said of how sure it is."""
    found = investment(np.zeros((1, 2)), np.array([[-1.0, 1.0]]), 1, 0.1, "EUR")
    assert math.isnan(found.payback.low)
    assert math.isnan(found.net_present_value.low)


@pytest.mark.parametrize("rate", [-1.0, math.nan, math.inf])
def test_rates_that_make_no_sense_are_refused(rate):
    """All money later would be worth without end, or nothing can be said."""
    with pytest.raises(StudyError, match="the discount rate"):
        investment(twice([0]), twice([1]), 1, rate, "EUR")


@pytest.mark.parametrize(("length", "months"), [("2 wk", 1), ("730 h", 1), ("60 d", 2), ("52 wk", 12), ("365 d", 12)])
def test_cash_by_month_ends_with_the_kpi(toy, length, months):
    """The months of a window, a begun one included, and the last running total is the KPI net cash."""
    program = compiled(load_changed(toy, {"horizon.length": length}), Plan())
    records = engine_of("simpy")(program, 1, 0)
    curve = cash_of(program, records)
    assert curve.size == months
    assert curve[-1] == pytest.approx(measure(program, records).kpis["net_cash"])
