"""Quantiles of every kind of row, of truncations and of mixes, worked by hand."""

import math

import pytest

from simulator.chance.distributions import DistributionTable
from simulator.chance.keyed import LARGEST, SMALLEST
from simulator.chance.reductions import Z90
from simulator.chance.sampling import sample

LN2 = math.log(2)


def quantile(form, parameters, u):
    """Return the value of a distribution at one uniform number."""
    table = DistributionTable()
    row = table.add(form, parameters)
    return sample(u, row, table.rows, table.points)


TRIANGLE = {"low": 0, "mode": 2, "high": 6}
CHOICE = {"values": [1, 2, 5], "weights": [1, 2, 1]}
LINES = {"quantiles": {0: 0, 0.5: 10, 1: 30}}
EXACT = [
    ("fixed", {"value": 4}, ((SMALLEST, 4), (0.5, 4), (LARGEST, 4))),
    ("uniform", {"low": -2, "high": 6}, ((0.25, 0), (0.5, 2), (0.75, 4))),
    ("triangular", TRIANGLE, ((1 / 12, 1), (1 / 3, 2), (5 / 6, 4), (23 / 24, 5))),
    ("triangular", {"low": 1, "mode": 1, "high": 5}, ((0.75, 3), (7 / 16, 2))),
    ("triangular", {"low": 1, "mode": 5, "high": 5}, ((0.25, 3), (9 / 16, 4))),
    ("normal", {"mean": 5, "sd": 2}, ((0.5, 5), (0.9, 5 + 2 * Z90), (0.1, 5 - 2 * Z90))),
    ("lognormal", {"median": 3, "p90": 8}, ((0.5, 3), (0.9, 8), (0.1, 9 / 8))),
    ("exponential", {"mean": 2}, ((0.5, 2 * LN2), (0.75, 4 * LN2), (1 - math.exp(-1), 2))),
    ("erlang", {"mean": 2, "stages": 1}, ((0.5, 2 * LN2), (0.875, 6 * LN2))),
    ("gamma", {"mean": 2, "cv": 1}, ((0.5, 2 * LN2), (0.75, 4 * LN2))),
    ("weibull", {"shape": 2, "scale": 3}, ((1 - math.exp(-1), 3), (1 - math.exp(-4), 6))),
    ("weibull", {"shape": 0.5, "scale": 1}, ((0.5, LN2**2), (0.75, 4 * LN2**2))),
    ("beta", {"a": 1, "b": 1, "low": 2, "high": 6}, ((0.25, 3), (0.5, 4), (0.9, 5.6))),
    ("beta", {"a": 2, "b": 1}, ((0.25, 0.5), (0.81, 0.9))),
    ("beta", {"a": 1, "b": 2}, ((0.75, 0.5), (0.19, 0.1))),
    ("beta", {"a": 0.5, "b": 0.5}, ((0.5, 0.5), (1 / 3, 0.25), (2 / 3, 0.75))),
    ("pert", {"low": 0, "mode": 0, "high": 1}, ((31 / 32, 0.5), (1 - 0.9**5, 0.1))),
    ("pert", {"low": 0, "mode": 1, "high": 1}, ((1 / 32, 0.5), (0.9**5, 0.9))),
    ("empirical", {"values": [8, 0, 2]}, ((0.25, 1), (0.5, 2), (0.75, 5))),
    ("empirical", {"values": [7]}, ((0.1, 7), (0.9, 7))),
    ("empirical", LINES, ((0.1, 2), (0.5, 10), (0.75, 20), (0.95, 28))),
    ("empirical", {"quantiles": {0: 1, 0.4: 1, 1: 4}}, ((0.2, 1), (0.4, 1), (0.6, 2), (0.8, 3))),
]
COUNTS = [
    ("choice", CHOICE, ((0.25, 1), (0.26, 2), (0.75, 2), (0.76, 5))),
    ("choice", {"values": [9], "weights": [3]}, ((0.01, 9), (0.99, 9))),
    ("poisson", {"mean": LN2}, ((0.49, 0), (0.51, 1), (0.84, 1), (0.85, 2))),
    ("poisson", {"mean": 0}, ((SMALLEST, 0), (LARGEST, 0))),
    ("geometric", {"mean": 1}, ((0.49, 0), (0.51, 1), (0.74, 1), (0.76, 2), (0.88, 3))),
    ("geometric", {"mean": 3}, ((0.24, 0), (0.26, 1), (0.43, 1), (0.44, 2))),
    ("geometric", {"mean": 0}, ((SMALLEST, 0), (LARGEST, 0))),
]
CUT = [
    ("uniform", {"low": 0, "high": 10, "min": 2, "max": 6}, ((0.25, 3), (0.5, 4), (0.75, 5))),
    ("uniform", {"low": 0, "high": 10, "min": 8}, ((0.5, 9),)),
    ("uniform", {"low": 0, "high": 10, "max": 5}, ((0.5, 2.5),)),
    ("exponential", {"mean": 2, "min": 3}, ((0.5, 3 + 2 * LN2), (0.75, 3 + 4 * LN2))),
    ("exponential", {"mean": 1, "max": LN2}, ((0.5, -math.log(0.75)),)),
    ("normal", {"mean": 5, "sd": 2, "min": 5}, ((0.8, 5 + 2 * Z90),)),
    ("normal", {"mean": 5, "sd": 2, "max": 5}, ((0.2, 5 - 2 * Z90),)),
    ("normal", {"mean": 5, "sd": 2, "min": 4, "max": 6}, ((0.5, 5),)),
    ("lognormal", {"median": 3, "p90": 8, "min": 3}, ((0.8, 8),)),
    ("weibull", {"shape": 2, "scale": 3, "min": 3}, ((1 - math.exp(-3), 6),)),
    ("triangular", TRIANGLE | {"min": 2}, ((0.75, 4), (15 / 16, 5))),
    ("triangular", TRIANGLE | {"max": 2}, ((0.25, 1),)),
    ("beta", {"a": 2, "b": 1, "max": 0.5}, ((0.25, 0.25), (0.64, 0.4))),
    ("choice", CHOICE | {"min": 2}, ((0.6, 2), (0.7, 5))),
    ("choice", CHOICE | {"max": 4}, ((0.33, 1), (0.34, 2))),
    ("choice", CHOICE | {"min": 1.5, "max": 3}, ((0.01, 2), (0.99, 2))),
    ("geometric", {"mean": 1, "min": 2}, ((0.49, 2), (0.51, 3), (0.76, 4))),
    ("geometric", {"mean": 1, "max": 1}, ((0.66, 0), (0.67, 1), (0.99, 1))),
    ("poisson", {"mean": LN2, "min": 1}, ((0.69, 1), (0.70, 2))),
    ("empirical", LINES | {"min": 5}, ((1 / 3, 10), (2 / 3, 20))),
    ("empirical", LINES | {"max": 20}, ((1 / 3, 5), (2 / 3, 10))),
    ("empirical", LINES | {"min": 5, "max": 20}, ((0.25, 7.5), (0.5, 10), (0.75, 15))),
]
HALF_UNIFORM = {"parts": [(1, "fixed", {"value": -1}), (1, "uniform", {"low": 0, "high": 8})]}
NESTED = {"parts": [(1, "mix", HALF_UNIFORM), (1, "fixed", {"value": 9})]}
MIXES = [
    ("mix", {"parts": [(3, "exponential", {"mean": 2})]}, ((0.5, 2 * LN2),)),
    ("mix", HALF_UNIFORM, ((0.1, -1), (0.5, -1), (0.5625, 1), (0.75, 4), (0.875, 6))),
    ("mix", NESTED, ((0.25, -1), (0.375, 4), (0.4375, 6), (0.6, 9))),
    ("mix", HALF_UNIFORM | {"min": 0}, ((0.5, 4), (0.75, 6))),
    ("mix", HALF_UNIFORM | {"max": 4}, ((0.6, -1), (2 / 3 + 1 / 6, 2))),
    ("mix", {"parts": [(0, "fixed", {"value": 1}), (1, "fixed", {"value": 2})]}, ((0.01, 2), (0.99, 2))),
]


@pytest.mark.parametrize(("form", "parameters", "pairs"), EXACT + CUT + MIXES)
def test_a_quantile_is_what_the_hand_finds(form, parameters, pairs):
    """Each kind, whole, cut at either side and both, and mixed."""
    for u, expected in pairs:
        assert quantile(form, parameters, u) == pytest.approx(expected, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize(("form", "parameters", "pairs"), COUNTS)
def test_a_discrete_quantile_steps_where_the_hand_says(form, parameters, pairs):
    """On both sides of each step."""
    assert [quantile(form, parameters, u) for u, _ in pairs] == [value for _, value in pairs]


@pytest.mark.parametrize(("form", "parameters", "pairs"), CUT)
def test_the_bounds_hold_at_the_extreme_numbers(form, parameters, pairs):
    """Neither the smallest nor the largest uniform number leaves the bounds, and they are in order."""
    least, most = quantile(form, parameters, SMALLEST), quantile(form, parameters, LARGEST)
    assert parameters.get("min", -math.inf) <= least < pairs[0][1] + 1e-9
    assert least <= most <= parameters.get("max", math.inf)


@pytest.mark.parametrize(
    ("form", "parameters", "mean", "variance"),
    [
        ("uniform", {"low": 0, "high": 10, "min": 2, "max": 6}, 4, 16 / 12),
        ("exponential", {"mean": 2, "min": 3}, 5, 4),
        ("normal", {"mean": 0, "sd": 1, "min": 0}, math.sqrt(2 / math.pi), 1 - 2 / math.pi),
        ("choice", CHOICE, 2.5, 2.25),
        ("geometric", {"mean": 1, "min": 2}, 3, 2),
        ("empirical", LINES, 12.5, 700 / 3 - 12.5**2),
        ("mix", HALF_UNIFORM, 1.5, 6.25 + 16 / 6),
        ("triangular", TRIANGLE, 8 / 3, 28 / 18),
        ("erlang", {"mean": 6, "stages": 3}, 6, 12),
        ("pert", {"low": 2, "mode": 4, "high": 10}, 2 + 8 / 3, 64 * 8 / 36 / 7),
    ],
)
def test_moments_are_what_the_hand_finds(form, parameters, mean, variance):
    """Whole, truncated and mixed."""
    table = DistributionTable()
    row = table.add(form, parameters)
    assert table.mean(row) == pytest.approx(mean, rel=1e-6)
    assert table.variance(row) == pytest.approx(variance, rel=1e-5)
