"""Canonical forms against formulas worked by hand, one line a case."""

import math

import pytest

from simulator.chance.forms import canonical
from simulator.chance.reductions import Z90, finite_number, finite_numbers, inside

NUMBERS = [
    ("fixed", {"value": -2}, {"value": -2.0}),
    ("uniform", {"low": -1, "high": 4}, {"low": -1.0, "high": 4.0}),
    ("triangular", {"low": 0, "mode": 4, "high": 4}, {"low": 0.0, "mode": 4.0, "high": 4.0}),
    ("pert", {"low": 0, "mode": 0, "high": 2}, {"a": 1.0, "b": 5.0, "low": 0.0, "high": 2.0}),
    ("pert", {"low": 0, "mode": 2, "high": 2}, {"a": 5.0, "b": 1.0, "low": 0.0, "high": 2.0}),
    ("pert", {"low": 2, "mode": 4, "high": 10}, {"a": 2.0, "b": 4.0, "low": 2.0, "high": 10.0}),
    ("normal", {"mean": 3, "sd": 2}, {"mean": 3.0, "sd": 2.0}),
    ("lognormal", {"median": math.e, "sigma": 0.7}, {"mu": 1.0, "sigma": 0.7}),
    ("lognormal", {"median": 1, "p90": math.exp(Z90)}, {"mu": 0.0, "sigma": 1.0}),
    ("lognormal", {"median": 5, "p90": 5 * math.exp(2 * Z90)}, {"mu": math.log(5), "sigma": 2.0}),
    ("lognormal", {"mean": 1, "cv": 1}, {"mu": -math.log(2) / 2, "sigma": math.sqrt(math.log(2))}),
    ("lognormal", {"mean": 4, "sd": 8}, {"mu": math.log(4) - math.log(5) / 2, "sigma": math.sqrt(math.log(5))}),
    ("exponential", {"mean": 7}, {"mean": 7.0}),
    ("gamma", {"mean": 3, "cv": 1}, {"shape": 1.0, "scale": 3.0}),
    ("gamma", {"mean": 8, "cv": 2}, {"shape": 0.25, "scale": 32.0}),
    ("gamma", {"shape": 2.5, "scale": 4}, {"shape": 2.5, "scale": 4.0}),
    ("erlang", {"mean": 9, "stages": 3}, {"shape": 3.0, "scale": 3.0}),
    ("erlang", {"mean": 9, "stages": 1}, {"shape": 1.0, "scale": 9.0}),
    ("weibull", {"shape": 1, "mean": 6}, {"shape": 1.0, "scale": 6.0}),
    ("weibull", {"shape": 0.5, "mean": 6}, {"shape": 0.5, "scale": 3.0}),
    ("weibull", {"shape": 2, "mean": math.sqrt(math.pi)}, {"shape": 2.0, "scale": 2.0}),
    ("weibull", {"shape": 2, "scale": 5}, {"shape": 2.0, "scale": 5.0}),
    ("beta", {"mean": 0.5, "sd": math.sqrt(1 / 12)}, {"a": 1.0, "b": 1.0, "low": 0.0, "high": 1.0}),
    ("beta", {"mean": 0.5, "sd": math.sqrt(1 / 20)}, {"a": 2.0, "b": 2.0, "low": 0.0, "high": 1.0}),
    ("beta", {"mean": 5, "sd": math.sqrt(5), "low": 0, "high": 10}, {"a": 2.0, "b": 2.0, "low": 0.0, "high": 10.0}),
    ("beta", {"a": 3, "b": 4, "high": 2}, {"a": 3.0, "b": 4.0, "low": 0.0, "high": 2.0}),
    ("poisson", {"mean": 0}, {"mean": 0.0}),
    ("geometric", {"mean": 1e6}, {"mean": 1e6}),
]
LISTS = [
    ("choice", {"values": [2], "weights": [9]}, {"values": (2.0,), "weights": (1.0,)}),
    ("choice", {"values": [4, 2], "weights": [1, 3]}, {"values": (2.0, 4.0), "weights": (0.75, 0.25)}),
    ("choice", {"values": [1, 1, 1], "weights": [1, 2, 5]}, {"values": (1.0,), "weights": (1.0,)}),
    ("choice", {"values": [-1, 0, 1], "weights": [0, 1, 0]}, {"values": (0.0,), "weights": (1.0,)}),
    ("empirical", {"values": [5]}, {"probabilities": (0.0, 1.0), "values": (5.0, 5.0)}),
    ("empirical", {"values": [9, 1, 4]}, {"probabilities": (0.0, 0.5, 1.0), "values": (1.0, 4.0, 9.0)}),
    (
        "empirical",
        {"values": (2, 2, 1, 1, 3)},
        {"probabilities": (0.0, 0.25, 0.5, 0.75, 1.0), "values": (1, 1, 2, 2, 3)},
    ),
    ("empirical", {"quantiles": {1: 8, 0: 2}}, {"probabilities": (0.0, 1.0), "values": (2.0, 8.0)}),
    ("empirical", {"quantiles": {0: 2, 0.9: 2, 1: 8}}, {"probabilities": (0.0, 0.9, 1.0), "values": (2.0, 2.0, 8.0)}),
]


@pytest.mark.parametrize(("form", "given", "expected"), NUMBERS)
def test_numbers_reduce_as_worked_by_hand(form, given, expected):
    """Every form of numbers, at its corners and between them; without bounds these are infinite."""
    reduced = canonical(form, given)
    assert (reduced.pop("min"), reduced.pop("max")) == (-math.inf, math.inf)
    assert reduced == pytest.approx(expected, rel=1e-13, abs=1e-15)
    assert all(type(value) is float for value in reduced.values())


@pytest.mark.parametrize(("form", "given", "expected"), LISTS)
def test_lists_reduce_as_worked_by_hand(form, given, expected):
    """Sorted, merged, normed; a single value spans the whole of the probabilities."""
    assert canonical(form, given | {"min": 1}) == expected | {"min": 1.0, "max": math.inf}


@pytest.mark.parametrize(
    ("weights", "shares"),
    [((1,), (1.0,)), ((1, 3), (0.25, 0.75)), ((0, 2), (0.0, 1.0)), ((2, 2, 4), (0.25, 0.25, 0.5))],
)
def test_a_mix_keeps_its_parts_in_order(weights, shares):
    """Shares are weights over their sum; a part without weight stays, and parameters stay raw."""
    parts = [(weight, "fixed", {"value": at}) for at, weight in enumerate(weights)]
    reduced = canonical("mix", {"parts": parts})["parts"]
    assert reduced == tuple((share, "fixed", {"value": at}) for at, share in enumerate(shares))


@pytest.mark.parametrize(
    ("value", "least", "most", "fits"),
    [
        (0.0, 0.0, 1.0, False), (1e-300, 0.0, 1.0, True), (1.0, 0.0, 1.0, True), (1.1, 0.0, 1.0, False),
        (1.0, 1.0, 2.0, True), (0.9, 1.0, 2.0, False), (2.0, 1.0, 2.0, True), (1e300, 0.0, math.inf, True),
        (-1.0, 0.0, math.inf, False),
    ],
)  # fmt: skip
def test_a_least_of_zero_is_itself_outside(value, least, most, fits):
    """Any other least, and every most, is inside."""
    if fits:
        assert inside("f", "n", value, least, most) is None
        return
    with pytest.raises(ValueError, match=r"^f: n must be "):
        inside("f", "n", value, least, most)


def test_numbers_come_back_as_plain_floats():
    """Whole numbers and tuples too."""
    assert (finite_number("f", "n", 3), type(finite_number("f", "n", 3))) == (3.0, float)
    assert finite_numbers("f", "n", (1, 2.5)) == [1.0, 2.5]
    with pytest.raises(ValueError, match=r"^f: n must be a finite number, not 1j\.$"):
        finite_number("f", "n", 1j)


@pytest.mark.parametrize(("form", "p"), [("beta", {"mean": 0.3, "sd": 0.1}), ("beta", {"mean": 0.9, "sd": 0.05})])
def test_a_beta_reduced_has_the_stated_moments(form, p):
    """The textbook's mean and variance of a and b give back what was stated."""
    reduced = canonical(form, p)
    a, b = reduced["a"], reduced["b"]
    assert a / (a + b) == pytest.approx(p["mean"], rel=1e-13)
    assert math.sqrt(a * b / (a + b + 1)) / (a + b) == pytest.approx(p["sd"], rel=1e-13)
