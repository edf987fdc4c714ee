"""Backtests: on simulated truths the bands hold what they promise, and a forecast that sees nothing does not."""

from pathlib import Path

import numpy as np
import pytest

from simulator.errors import StudyError
from simulator.experiment.forecast import backtest as tested
from simulator.experiment.forecast.backtest import Backtest, backtest
from simulator.experiment.plan import Plan
from simulator.schema.loading import load_changed, load_scenario

SHOP = Path(__file__).with_name("shop.yaml")
TRUTHS = 120


@pytest.fixture(scope="module")
def shop():
    """A small shop with a warm-up."""
    return load_scenario(SHOP)


@pytest.mark.slow
def test_bands_hold_what_they_promise(shop):
    """Within three and a half standard errors of one half and nine tenths, for bookings and cash, sums and months."""
    found = backtest(shop, Plan(replications=39, jobs=1), 3, TRUTHS)
    assert {(each.account, each.nominal) for each in found.coverage} == {
        ("booked", 0.5), ("booked", 0.9), ("collected", 0.5), ("collected", 0.9),
    }  # fmt: skip
    for each in found.coverage:
        # The error under the promise, since that of a share near 1 is too small to judge by.
        promised = np.sqrt(each.nominal * (1 - each.nominal) / TRUTHS)
        assert abs(each.total - each.nominal) < 3.5 * promised, each
        assert abs(each.monthly - each.nominal) < 3.5 * max(each.monthly_error, promised / np.sqrt(3)), each
    # Neither too high nor too low: the medians are wrong by chance and not to one side.
    bias = (found.median - found.actual).mean(axis=0) / found.actual.mean(axis=0)
    noise = (found.median - found.actual).std(axis=0) / np.sqrt(TRUTHS) / found.actual.mean(axis=0)
    assert (np.abs(bias) < 3.5 * noise).all()
    assert (found.error(found.median) < found.error(found.weighted)).all()


def test_a_forecast_that_sees_no_pipeline_fails_the_backtest(shop, monkeypatch):
    """Without the open cases next month's cash is far too low: the backtest tells."""
    monkeypatch.setattr(tested, "open_cases_at_end", lambda *_: {})
    found = backtest(shop, Plan(replications=19, jobs=1, engine="simpy"), 1, 6)
    held = {(each.account, each.nominal): each.total for each in found.coverage}
    assert held["collected", 0.9] == 0
    errors = {(each.account, each.nominal): each.total_error for each in found.coverage}
    assert errors["collected", 0.9] == pytest.approx(np.sqrt(0.2 * 0.8 / 10))  # Of 6 + 4 truths 2: never nothing.
    assert (found.median < found.actual).all()


def test_how_futures_are_cut_changes_nothing(shop, monkeypatch):
    """Tasks of a few futures, whose past each simulates anew, leave the same to the last bit; progress counts them."""
    plan, seen = Plan(seed=5, replications=19, jobs=1, engine="simpy"), []
    whole = backtest(shop, plan, 2, 2)
    monkeypatch.setattr(tested, "FUTURES", 8)
    cut = backtest(shop, plan, 2, 2, lambda *count: seen.append(count))
    for name in ("actual", "median", "weighted"):
        assert getattr(cut, name).tobytes() == getattr(whole, name).tobytes()
    assert cut.coverage == whole.coverage
    assert seen == [(done, 38) for done in (8, 16, 19, 27, 35, 38)]


def test_errors_are_shares_of_what_happened():
    """Wrong by 10 of 100 and by 30 of 300 is a tenth, whichever side."""
    actual = np.array([[100.0], [300.0]])
    found = Backtest(2, 19, (), actual, np.array([[90.0], [330.0]]), actual)
    assert found.error(found.median).tolist() == [0.1]
    assert found.error(found.weighted).tolist() == [0.0]


@pytest.mark.parametrize("truths", [0, 1, 10_001])
def test_too_few_or_too_many_truths(shop, truths):
    """One tells nothing of how often."""
    with pytest.raises(StudyError, match="the number of truths must lie between"):
        backtest(shop, Plan(replications=19, jobs=1), 1, truths)


def test_a_backtest_needs_a_past(shop):
    """Its end is the day from which is forecast."""
    with pytest.raises(StudyError, match="needs a warm-up"):
        backtest(load_changed(shop, {"horizon.warm_up": "0 d"}), Plan(replications=19, jobs=1), 1, 2)
