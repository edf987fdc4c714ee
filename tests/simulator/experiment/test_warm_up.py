import dataclasses

import numpy as np
import pandas as pd
import pytest
from kim_convergence import mser_m

from simulator.errors import StudyError
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.experiment.warm_up import (
    moving_average,
    mser5,
    run_from_empty,
    settlings_of,
    stands_for,
    suggested_warm_up,
)

YEAR = 364 * 24.0


def test_mser_worked_by_hand():
    """Batch means 0 5 5 6 4 5 6 4 5: squares of 26.22 over 9 squared, without the first 4 over 8 squared, the least.

    Without two it is 4 over 7 squared, and so on upward; so one batch of five observations goes.
    """
    means = np.array([0.0, 5, 5, 6, 4, 5, 6, 4, 5])
    assert mser5(np.repeat(means, 5)) == 5


def _series(number: int) -> np.ndarray:
    """A rise, a fall, a ramp, nothing but noise, or a random walk, of 60 to 600 noisy observations."""
    rng = np.random.default_rng(number)
    hours = np.arange(rng.integers(60, 600))
    reach = rng.uniform(1, hours.size)
    shape = (
        20 * (1 - np.exp(-hours / reach)),
        20 * np.exp(-hours / reach),
        10 * np.minimum(hours / reach, 1),
        np.zeros(hours.size),
        0.2 * np.cumsum(rng.normal(size=hours.size)),
    )[number % 5]
    return shape + rng.uniform(0.1, 3) * rng.normal(size=hours.size)


def test_mser_is_that_of_a_published_implementation():
    """Where kim-convergence accepts a truncation of 1,000 random series, ours is the same one.

    It seeks the least error to nearly the end and refuses a series whose least lies in the second half, which happens
    to one in four series of ten batches that are nothing but noise; ours is sought in the first half only. A least
    exactly in the middle is the last that it accepts, and the first that we refuse.
    """
    accepted = 0
    for number in range(1000):
        series = _series(number)
        truncated, theirs = mser_m(series)
        if truncated:
            accepted += 1
            assert mser5(series) == (theirs if theirs // 5 < series.size // 5 // 2 else None)
    assert accepted > 400


def _noisy_level(size: int) -> np.ndarray:
    return 10 + np.random.RandomState(12345).random_sample(size) - 0.5


@pytest.mark.parametrize(("beginning", "expected"), [
    (np.arange(10.0), 10),
    (np.arange(20.0, 10, -1), 10),
    (np.zeros(0), 0),
])  # fmt: skip
def test_mser_agrees_with_published_examples(beginning, expected):
    """The examples in the tests of kim-convergence 0.1: what leads up or down to a noisy level is cut off.

    Papers on MSER print results of random series without the series. Of the numbers expected there two are bounds
    (at least 10, the length of the beginning); the package itself is asked for the number that it gives.
    """
    series = np.concatenate([beginning, _noisy_level(1000)])
    found = mser5(series)
    assert found is not None
    assert found >= expected
    assert (True, found) == mser_m(series)


def test_mser_finds_where_a_system_has_filled():
    """A series that rises for sixty observations and then stays loses its rise, to within two batches."""
    rng = np.random.default_rng(4)
    series = np.minimum(np.arange(400) / 60, 1) * 20 + rng.normal(0, 1, 400)
    assert mser5(series) == pytest.approx(55, abs=10)


def test_mser_leaves_what_is_settled_and_refuses_what_is_not():
    """A flat series loses nothing; one that never settles, and one that is too short, have no truncation."""
    assert mser5(np.tile([1.0, 3.0, 2.0, 4.0, 0.0], 20)) == 0
    assert mser5(np.arange(200.0)) is None
    assert mser5(np.arange(29.0)) is None


def test_what_does_not_fill_a_batch_is_left_out():
    """The last few observations beyond whole batches change nothing."""
    series = np.repeat([0.0, 5, 5, 6, 4, 5, 6, 4, 5], 5)
    assert mser5(np.append(series, [1000.0, -1000.0])) == mser5(series)


def test_welch_by_hand_and_by_pandas():
    """Fewer neighbours near the beginning, a plain centred average after it, and no end without neighbours."""
    assert moving_average(np.array([1.0, 3, 5, 10, 12]), 1) == pytest.approx([1, 3, 6, 9])
    series = np.random.default_rng(1).normal(size=60)
    centred = pd.Series(series).rolling(9, center=True).mean().to_numpy()
    smoothed = moving_average(series, 4)
    assert smoothed.size == 56
    assert smoothed[4:] == pytest.approx(centred[4:56])
    assert smoothed[2] == pytest.approx(series[:5].mean())


def test_series_of_a_study_are_its_own_figures(toy):
    """The weekly queue averages to the KPI, the weekly cash adds up to it."""
    (study,) = run_from_empty([toy], Plan(replications=3, jobs=1, warm_up=28 * 24.0, length=YEAR - 28 * 24.0))
    found = {settling.kpi: settling for settling in settlings_of(study)}
    assert (study.warm_up, study.end) == (0.0, YEAR)
    assert set(found) == {"queue_sellers", "revenue_booked", "revenue_invoiced", "cash_collected", "cost_total"}
    assert found["queue_sellers"].weekly.size == 52
    assert found["queue_sellers"].weekly.mean() == pytest.approx(study.estimate("queue_sellers").mean)
    assert found["revenue_booked"].weekly.sum() == pytest.approx(study.estimate("revenue_booked").mean)
    assert found["cash_collected"].weekly[0] < found["cash_collected"].weekly.mean()  # nobody pays in the first week


def test_the_slowest_scenario_decides(toy):
    """Over scenarios that are compared the longest truncation counts, on top of the warm-up that there is."""
    study = run(toy, Plan(replications=2, jobs=1, warm_up=168.0, length=YEAR))

    def with_queue(queue):
        pictures = study.pictures._replace(queue=np.asarray(queue, float)[:, None])
        return settlings_of(dataclasses.replace(study, pictures=pictures))

    flat = np.tile([1.0, 2.0], 26)
    late, never = np.r_[np.zeros(10), flat[10:]], np.arange(52.0)
    assert suggested_warm_up([with_queue(flat)])["queue_sellers"] == 168
    assert suggested_warm_up([with_queue(late), with_queue(flat)])["queue_sellers"] == 11 * 168
    assert suggested_warm_up([with_queue(late), with_queue(never)])["queue_sellers"] is None


def test_scenarios_of_different_length_do_not_go_together(toy, variant):
    """Their beginnings could not be compared week by week."""
    longer = variant("warm_up: ", "warm_up: 1", "Longer")
    with pytest.raises(StudyError, match="different times"):
        run_from_empty([toy, longer], Plan(replications=1, jobs=1))


def test_what_leaves_no_series_has_one_that_stands_for_it():
    """A queue for the waits of its team, a flow for the KPIs that hang on it, and only those that there are."""
    known = ["queue_crews", "waiting_crews", "margin", "revenue_invoiced", "orders", "cac"]
    assert stands_for("queue_crews", known) == {"queue_crews", "waiting_crews"}
    odd = {"queue_queue_desk", "waiting_desk", "waiting_queue_desk"}
    assert stands_for("queue_queue_desk", odd) == {"queue_queue_desk", "waiting_queue_desk"}
    assert stands_for("revenue_invoiced", known) == {"revenue_invoiced", "margin"}
    assert stands_for("cost_total", known) == {"cac"}
    assert stands_for("orders", known) == {"orders"}
