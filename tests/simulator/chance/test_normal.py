import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.chance.keyed import LARGEST, SMALLEST
from simulator.chance.normal import normal_quantile

GRID = np.unique(
    np.concatenate([10.0 ** -np.linspace(0.3, 300, 5000), 1 - 10.0 ** -np.linspace(0.3, 15.9, 2000), [0.075, 0.925]])
)


def test_quantiles_agree_with_scipy_into_the_tails():
    """From 1e-300 to one minus 1e-16, to a few units in the last place."""
    mine = np.array([normal_quantile(u) for u in GRID])
    np.testing.assert_allclose(mine, stats.norm.ppf(GRID), rtol=3e-15, atol=1e-16)


def test_published_check_values_of_as_241():
    """Wichura's own test values for PPND16: p = 0.25, 0.001 and 1e-20."""
    assert normal_quantile(0.25) == pytest.approx(-0.6744897501960817, rel=1e-15)
    assert normal_quantile(0.001) == pytest.approx(-3.090232306167814, rel=1e-15)
    assert normal_quantile(1e-20) == pytest.approx(-9.262340089798408, rel=1e-15)


@given(st.floats(SMALLEST, LARGEST))
def test_the_probability_of_a_quantile_is_the_one_one_began_with(u):
    """SciPy's distribution function undoes it."""
    assert stats.norm.cdf(normal_quantile(u)) == pytest.approx(u, rel=1e-12)


@given(st.floats(1e-10, 0.5))
def test_quantiles_are_symmetric(u):
    """The two tails mirror each other exactly where one minus u is exact."""
    mirrored = 1.0 - u
    assert normal_quantile(1.0 - mirrored) == -normal_quantile(mirrored)


def test_the_ends_are_infinite_and_beyond_is_not_a_number():
    """Nothing raises: the samplers keep uniform numbers inside."""
    assert normal_quantile(0.0) == -math.inf
    assert normal_quantile(1.0) == math.inf
    assert math.isnan(normal_quantile(1.5))
    assert math.isnan(normal_quantile(-0.5))
    assert normal_quantile(0.5) == 0.0


@pytest.mark.parametrize("u", [1e-300, 1e-12, 0.02, 0.074, 0.076, 0.5, 0.7, 0.99, 1 - 1e-15])
def test_compiled_code_equals_plain_python(u):
    """The compiler reorders nothing."""
    assert normal_quantile(u) == normal_quantile.py_func(u)
