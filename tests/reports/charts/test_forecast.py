"""The fan: bands inside each other, from nothing today to the totals, and words for who cannot see it."""

import datetime as dt

import numpy as np
import pytest

from reports.charts.forecast import fan_chart
from simulator.experiment.forecast.forecast import Fan, Forecast, quantiles
from simulator.experiment.plan import Plan
from tests.reports.reading import layer, plain, shapes

SAMPLES = np.random.default_rng(1).normal(1000, 100, (99, 3))


def found(weighted=2_500.0):
    """A forecast of three months."""
    today = dt.datetime(2026, 3, 1)
    ends = tuple(dt.datetime(2026, month, 1) for month in (4, 5, 6))
    fans = {account: Fan(account, SAMPLES, weighted) for account in ("booked", "collected")}
    return Forecast("Shop", "EUR", today, ends, {}, True, fans, Plan(replications=99))


def test_the_fan_opens_from_today():
    """Running totals: nothing on the first day, the quantiles of the sum on the last, each band inside the next."""
    rows = layer(fan_chart(found(), "booked"), "line").rows
    bounds = np.array([[row[name] for name in ("p5", "p25", "p50", "p75", "p95")] for row in rows])
    assert [row["date"][:10] for row in rows] == ["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"]
    assert bounds[0].tolist() == [0.0] * 5
    assert bounds[-1] == pytest.approx(quantiles(SAMPLES.sum(axis=1)))
    assert (np.diff(bounds[1:], axis=1) > 0).all()
    assert (np.diff(bounds[:, 4] - bounds[:, 0]) > 0).all()


def test_the_weighted_pipeline_is_a_line_of_its_own():
    """And none where nothing is known of it."""
    with_line, without = (fan_chart(found(weighted), "collected").svg() for weighted in (2_500.0, float("nan")))
    assert "weighted pipeline" in with_line
    assert "weighted pipeline" not in without
    assert shapes(with_line, "rule") == shapes(without, "rule") + 1


def test_words_say_what_is_seen():
    """Median and both bands stand in the description; the picture says that the bands are for what happens."""
    picture = fan_chart(found(), "booked")
    assert picture.title == "What may be booked from 1 March 2026"
    assert plain(picture.alt).startswith("Shop, until 1 June 2026: median 2 962 EUR")
    assert "half of all futures from 2 863 EUR to 3 066 EUR" in plain(picture.alt)
    assert "prediction intervals" in picture.svg()
