"""Laws and curves: kinds, mass left by truncation, monotone curves, and quantiles undone by distribution functions."""

import math

import numpy as np
import pytest
from scipy import stats

from simulator.chance import curves, sampling
from simulator.chance.distributions import DistributionTable
from simulator.chance.forms import PARAMETERS, canonical
from simulator.chance.laws import LAWS, NOTHING
from simulator.chance.sampling import samples

US = np.linspace(0.01, 0.99, 99)
KINDS = [
    ("fixed", {"value": 2}, sampling.CONSTANT), ("uniform", {"low": 0, "high": 1}, sampling.STRAIGHT),
    ("triangular", {"low": 0, "mode": 1, "high": 2}, sampling.TRIANGLE),
    ("pert", {"low": 0, "mode": 1, "high": 2}, sampling.CURVE_LOGIT), ("normal", {"mean": 0, "sd": 1}, sampling.NORMAL),
    ("lognormal", {"median": 2, "sigma": 1}, sampling.LOGNORMAL), ("exponential", {"mean": 2}, sampling.EXPONENTIAL),
    ("gamma", {"shape": 2, "scale": 1}, sampling.CURVE_LOG), ("gamma", {"shape": 1, "scale": 1}, sampling.EXPONENTIAL),
    ("erlang", {"mean": 2, "stages": 2}, sampling.CURVE_LOG),
    ("erlang", {"mean": 2, "stages": 1}, sampling.EXPONENTIAL),
    ("weibull", {"shape": 2, "scale": 1}, sampling.WEIBULL), ("beta", {"a": 2, "b": 2}, sampling.CURVE_LOGIT),
    ("poisson", {"mean": 2}, sampling.STEPS), ("geometric", {"mean": 2}, sampling.GEOMETRIC),
    ("geometric", {"mean": 0}, sampling.CONSTANT), ("geometric", {"mean": 2, "max": 9}, sampling.STEPS),
    ("choice", {"values": [1, 2], "weights": [1, 1]}, sampling.STEPS),
    ("choice", {"values": [1, 2], "weights": [1, 0]}, sampling.CONSTANT),
    ("empirical", {"values": [1, 2]}, sampling.POLYLINE),
]  # fmt: skip


@pytest.mark.parametrize(("form", "parameters", "kind"), KINDS)
def test_each_form_has_its_kind(form, parameters, kind):
    """Degenerate cases take the simpler sampler."""
    assert LAWS[form](canonical(form, parameters)).kind == kind


def test_every_form_but_the_mix_has_a_law():
    """The table of laws is that of the forms."""
    assert set(LAWS) == set(PARAMETERS) - {"mix"}


@pytest.mark.parametrize(
    ("form", "parameters", "mass"),
    [
        ("fixed", {"value": 2, "min": 2}, 1), ("fixed", {"value": 2, "min": 3}, 0),
        ("choice", {"values": [1, 2, 3], "weights": [1, 2, 1], "min": 2}, 0.75),
        ("choice", {"values": [1, 2, 3], "weights": [1, 2, 1], "max": 0}, 0),
        ("geometric", {"mean": 1, "min": 3}, 0.125), ("geometric", {"mean": 1, "max": 2}, 0.875),
        ("geometric", {"mean": 1, "min": 1, "max": 2}, 0.375), ("geometric", {"mean": 0, "min": 1}, 0),
        ("poisson", {"mean": 2, "min": 1}, 1 - math.exp(-2)), ("poisson", {"mean": 2, "max": 1}, 3 * math.exp(-2)),
        ("empirical", {"values": [0, 4], "min": 1}, 0.75), ("empirical", {"values": [0, 4], "min": 1, "max": 2}, 0.25),
        ("empirical", {"values": [0, 4], "min": 5}, 0),
    ],
)  # fmt: skip
def test_truncation_leaves_the_mass_that_the_hand_finds(form, parameters, mass):
    """Laws that truncate themselves say how much is left."""
    law = LAWS[form](canonical(form, parameters))
    assert law.truncated
    assert law.mass == pytest.approx(mass, rel=1e-12)
    assert (law is NOTHING) == (mass == 0)


@pytest.mark.parametrize(
    ("form", "parameters", "cdf"),
    [
        ("uniform", {"low": 1, "high": 5}, lambda x: (x - 1) / 4),
        ("exponential", {"mean": 3}, lambda x: 1 - np.exp(-x / 3)),
        ("weibull", {"shape": 1.5, "scale": 2}, lambda x: 1 - np.exp(-((x / 2) ** 1.5))),
        ("normal", {"mean": 1, "sd": 4}, lambda x: stats.norm.cdf((x - 1) / 4)),
        ("lognormal", {"median": 2, "sigma": 0.6}, lambda x: stats.norm.cdf(np.log(x / 2) / 0.6)),
        ("erlang", {"mean": 4, "stages": 2}, lambda x: 1 - np.exp(-x / 2) * (1 + x / 2)),
        ("erlang", {"mean": 3, "stages": 3}, lambda x: 1 - np.exp(-x) * (1 + x + x**2 / 2)),
        ("beta", {"a": 2, "b": 2}, lambda x: x**2 * (3 - 2 * x)),
        ("beta", {"a": 3, "b": 1}, lambda x: x**3),
        ("pert", {"low": 0, "mode": 0.5, "high": 1}, lambda x: x**3 * (10 - 15 * x + 6 * x**2)),
        ("triangular", {"low": 0, "mode": 0, "high": 2}, lambda x: 1 - (1 - x / 2) ** 2),
    ],
)
def test_a_distribution_function_undoes_the_quantiles(form, parameters, cdf):
    """Closed formulas, over the whole of the middle."""
    table = DistributionTable()
    row = table.add(form, parameters)
    assert cdf(samples(US, row, table.rows, table.points)) == pytest.approx(US, abs=1e-8)


@pytest.mark.parametrize("shape", [0.01, 0.5, 2.0, 30.0])
def test_a_gamma_curve_never_falls(shape):
    """Heights ascend, slopes are not negative, and there is a pair for each node."""
    curve = curves.gamma_curve(shape).reshape(-1, 2)
    assert len(curve) == 2 * sampling.CURVE_REACH * sampling.CURVE_DENSITY + 1
    assert (np.diff(curve[:, 0]) >= 0).all()
    assert (curve[:, 1] >= 0).all()


@pytest.mark.parametrize(("a", "b"), [(1, 1), (0.5, 2), (4, 4), (20, 0.3)])
def test_a_beta_curve_mirrors_when_its_ends_are_exchanged(a, b):
    """The log-odds of y and of 1 - y differ by their sign, node by node."""
    one, other = (curves.beta_curve(*ends).reshape(-1, 2)[:, 0] for ends in ((a, b), (b, a)))
    assert one == pytest.approx(-other[::-1], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("mean", [0.0, 0.5, 3.0, 50.0, 20000.0])
def test_poisson_steps_hold_all_the_probability(mean):
    """Whole counts in a row, whose weights sum to 1 and have the mean."""
    counts, weights = curves.poisson_steps(mean)
    assert (np.diff(counts) == 1).all()
    assert counts[0] >= 0
    assert math.fsum(weights) == pytest.approx(1.0, rel=1e-10)
    assert math.fsum(counts * weights) == pytest.approx(mean, rel=1e-9)
