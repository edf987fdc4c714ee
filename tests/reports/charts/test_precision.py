import math

import pytest

from reports.charts.precision import precision
from simulator.experiment.replication_rule import PrecisionPath
from tests.reports.reading import layers, plain


def path(scenario="Today", means=(10.0, 10.0, 10.0, 20.0), halves=(math.nan, 5.0, 2.0, 1.0)):
    """A figure whose interval narrows."""
    return PrecisionPath(scenario, "orders", 0.1, list(means), list(halves))


def test_each_scenario_has_a_line_from_the_third_replication_on():
    """Half of the interval over the mean, and a rule at what was asked for."""
    line, rule = layers(precision("Orders", [path(), path("More", halves=(math.nan, 9.0, 4.0, 3.0))]))
    assert [(row["replications"], row["width"]) for row in line.rows if row["scenario"] == "Today"] == [
        (3, pytest.approx(0.2)), (4, pytest.approx(0.05)),
    ]  # fmt: skip
    assert [row["width"] for row in line.rows if row["scenario"] == "More"] == [0.4, 0.15]
    assert rule.rows == [{"width": 0.1}]
    assert "After 4 replications: Today ±5.0 % and More ±15.0 %." in plain(precision("Orders", [path(), path(
        "More", halves=(math.nan, 9.0, 4.0, 3.0))]).alt)  # fmt: skip


def test_what_cannot_be_drawn_is_said():
    """Two replications, or a mean of nothing, leave no line."""
    assert precision("Orders", [path(means=(1.0, 1.0), halves=(math.nan, 1.0))]).missing
    assert precision("Orders", [path(means=(0.0,) * 4, halves=(0.0,) * 4)]).missing
