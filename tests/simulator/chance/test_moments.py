"""Distributions over grids of parameters: means, variances and quantiles are those of SciPy."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from simulator.chance.distributions import DistributionTable, samples

UNIFORMS = (np.arange(4000) + 0.5) / 4000
"""The middles of equal slices: a mean over them is a mean of the distribution."""
LEVELS = np.array([0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])


def lognormal(mean, sd):
    """SciPy's lognormal with a mean and a standard deviation."""
    variance = math.log1p((sd / mean) ** 2)
    return stats.lognorm(math.sqrt(variance), scale=mean / math.exp(variance / 2))


def beta(mean, sd, low=0.0, high=1.0):
    """SciPy's beta with a mean and a standard deviation between two ends."""
    m, s = (mean - low) / (high - low), sd / (high - low)
    strength = m * (1 - m) / s**2 - 1
    return stats.beta(m * strength, (1 - m) * strength, low, high - low)


def pert(low, mode, high):
    """SciPy's beta with the shapes of PERT."""
    width = high - low
    return stats.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, low, width)


CONTINUOUS = [
    *[("uniform", {"low": a, "high": b}, stats.uniform(a, b - a)) for a, b in ((0, 1), (-3, 5), (10, 10.5))],
    *[("triangular", {"low": a, "mode": m, "high": b}, stats.triang((m - a) / (b - a), a, b - a))
      for a, m, b in ((0, 1, 4), (0, 0, 1), (-2, 3, 3), (5, 6, 20))],
    *[("pert", {"low": a, "mode": m, "high": b}, pert(a, m, b)) for a, m, b in ((0, 1, 4), (2, 2, 9), (-1, 0, 1))],
    *[("normal", {"mean": m, "sd": s}, stats.norm(m, s)) for m, s in ((0, 1), (100, 3), (-7, 0.01))],
    *[("lognormal", {"median": m, "sigma": s}, stats.lognorm(s, scale=m)) for m, s in ((1, 0.2), (30, 1), (0.1, 1.8))],
    *[("lognormal", {"median": m, "p90": p}, stats.lognorm(math.log(p / m) / stats.norm.ppf(0.9), scale=m))
      for m, p in ((1, 2), (20, 45), (3, 30))],
    *[("lognormal", {"mean": m, "sd": s}, lognormal(m, s)) for m, s in ((1, 1), (50, 10), (3, 9))],
    *[("lognormal", {"mean": m, "cv": c}, lognormal(m, m * c)) for m, c in ((2, 0.3), (8, 1.5))],
    *[("exponential", {"mean": m}, stats.expon(scale=m)) for m in (0.01, 1, 250)],
    *[("gamma", {"mean": m, "cv": c}, stats.gamma(c**-2, scale=m * c**2)) for m, c in ((1, 0.2), (6, 0.5), (3, 1.4))],
    *[("gamma", {"shape": k, "scale": s}, stats.gamma(k, scale=s)) for k, s in ((0.7, 2), (1, 2), (4.5, 0.3), (90, 1))],
    *[("erlang", {"mean": m, "stages": k}, stats.gamma(k, scale=m / k)) for m, k in ((6, 1), (6, 2), (10, 7))],
    *[("weibull", {"shape": k, "scale": s}, stats.weibull_min(k, scale=s)) for k, s in ((0.8, 3), (1, 3), (2.5, 10))],
    *[("weibull", {"shape": k, "mean": m}, stats.weibull_min(k, scale=m / math.gamma(1 + 1 / k)))
      for k, m in ((0.7, 5), (3, 40))],
    *[("beta", {"a": a, "b": b}, stats.beta(a, b)) for a, b in ((2, 3), (0.7, 0.9), (20, 1.5), (1, 1))],
    *[("beta", {"mean": m, "sd": s}, beta(m, s)) for m, s in ((0.5, 0.2), (0.1, 0.05), (0.8, 0.1))],
    ("beta", {"mean": 14, "sd": 2, "low": 10, "high": 20}, beta(14, 2, 10, 20)),
]  # fmt: skip
DISCRETE = [
    *[("poisson", {"mean": m}, stats.poisson(m)) for m in (0.1, 1, 4.5, 60)],
    *[("geometric", {"mean": m}, stats.geom(1 / (1 + m), loc=-1)) for m in (0.2, 1, 7, 40)],
]
TRUNCATED = [
    ("normal", {"mean": 10, "sd": 4}, stats.norm(10, 4), 5, 16),
    ("normal", {"mean": 0, "sd": 1}, stats.norm(0, 1), 1, 3),
    ("exponential", {"mean": 3}, stats.expon(scale=3), 1, 8),
    ("lognormal", {"median": 2, "p90": 9}, stats.lognorm(math.log(4.5) / stats.norm.ppf(0.9), scale=2), 0.5, 20),
    ("gamma", {"shape": 2, "scale": 3}, stats.gamma(2, scale=3), 2, 12),
    ("weibull", {"shape": 1.5, "scale": 4}, stats.weibull_min(1.5, scale=4), 1, 9),
    ("beta", {"a": 2, "b": 3}, stats.beta(2, 3), 0.2, 0.7),
    ("uniform", {"low": 0, "high": 10}, stats.uniform(0, 10), 2, 5),
    ("triangular", {"low": 0, "mode": 2, "high": 10}, stats.triang(0.2, 0, 10), 1, 6),
]
EVERY = CONTINUOUS + DISCRETE


def named(case):
    """What a case is called in the list of tests."""
    return f"{case[0]} {case[1]}"


def drawn(table, row, uniforms):
    """Values of a row at stated uniform numbers."""
    return samples(np.asarray(uniforms, np.float64), row, table.rows, table.points)


@pytest.mark.parametrize("case", EVERY, ids=named)
def test_mean_and_variance_are_those_of_scipy(case):
    """What the table says of a row is the mean and the variance of the law."""
    form, parameters, law = case
    table = DistributionTable()
    row = table.add(form, parameters)
    assert table.mean(row) == pytest.approx(law.mean(), rel=1e-9, abs=1e-9)
    assert table.variance(row) == pytest.approx(law.var(), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("case", CONTINUOUS, ids=named)
def test_continuous_draws_lie_at_the_quantiles_of_scipy(case):
    """A uniform number is turned into the value below which that share of the law lies."""
    form, parameters, law = case
    table = DistributionTable()
    row = table.add(form, parameters)
    assert drawn(table, row, LEVELS) == pytest.approx(law.ppf(LEVELS), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("case", DISCRETE, ids=named)
def test_counts_lie_at_the_quantiles_of_scipy(case):
    """Counts are whole, and the share of uniform numbers that gives each of them is its probability."""
    form, parameters, law = case
    table = DistributionTable()
    found = drawn(table, table.add(form, parameters), UNIFORMS)
    assert (found == np.rint(found)).all()
    assert (found >= 0).all()
    for count in range(int(law.ppf(0.99)) + 1):
        assert (found == count).mean() == pytest.approx(law.pmf(count), abs=3e-4)


@pytest.mark.parametrize("case", EVERY, ids=named)
def test_draws_rise_with_their_uniform_number(case):
    """More luck never gives less, which is what makes scenarios comparable under common random numbers."""
    form, parameters, _ = case
    table = DistributionTable()
    assert (np.diff(drawn(table, table.add(form, parameters), UNIFORMS)) >= 0).all()


@pytest.mark.parametrize("case", CONTINUOUS, ids=named)
@pytest.mark.parametrize("factor", [0.25, 3.0])
def test_another_unit_of_time_scales_the_law(case, factor):
    """Parameters in another unit give the same values in that unit."""
    form, parameters, _ = case
    plain = {"cv", "sigma", "shape", "a", "b", "stages"}
    if form == "beta" and "low" not in parameters:
        return  # a share has no unit
    scaled = {name: value if name in plain else value * factor for name, value in parameters.items()}
    table = DistributionTable()
    one, other = table.add(form, parameters), table.add(form, scaled)
    assert drawn(table, other, LEVELS) == pytest.approx(factor * drawn(table, one, LEVELS), rel=1e-9, abs=1e-9)
    assert table.mean(other) == pytest.approx(factor * table.mean(one))
    assert table.variance(other) == pytest.approx(factor**2 * table.variance(one))


@pytest.mark.parametrize("case", TRUNCATED, ids=named)
def test_a_truncated_law_is_the_law_under_its_condition(case):
    """Mean and variance are integrals over what is left, quantiles are those of the share that is left."""
    form, parameters, law, low, high = case
    table = DistributionTable()
    row = table.add(form, parameters | {"min": low, "max": high})
    below, above = law.cdf(low), law.cdf(high)
    mean = integrate.quad(lambda x: x * law.pdf(x), low, high)[0] / (above - below)
    square = integrate.quad(lambda x: (x - mean) ** 2 * law.pdf(x), low, high)[0] / (above - below)
    assert table.mean(row) == pytest.approx(mean, rel=1e-4)
    assert table.variance(row) == pytest.approx(square, rel=1e-3)
    found = drawn(table, row, LEVELS)
    assert found == pytest.approx(law.ppf(below + LEVELS * (above - below)), rel=1e-6)
    assert (low <= found).all()
    assert (found <= high).all()


@pytest.mark.parametrize("weights", [(1, 1), (3, 1), (0.2, 0.5)])
@pytest.mark.parametrize("case", CONTINUOUS[::6], ids=named)
def test_the_moments_of_a_mix_are_those_of_its_parts(case, weights):
    """The mean is the weighted mean, the variance that within the parts plus that between them."""
    form, parameters, law = case
    table = DistributionTable()
    other = stats.uniform(1, 2)
    row = table.add("mix", {"parts": [(weights[0], form, parameters), (weights[1], "uniform", {"low": 1, "high": 3})]})
    share = weights[0] / sum(weights)
    mean = share * law.mean() + (1 - share) * other.mean()
    within = share * law.var() + (1 - share) * other.var()
    between = share * (law.mean() - mean) ** 2 + (1 - share) * (other.mean() - mean) ** 2
    assert table.mean(row) == pytest.approx(mean)
    assert table.variance(row) == pytest.approx(within + between)


@pytest.mark.parametrize(
    ("values", "weights"), [([1, 2, 3], [1, 1, 1]), ([5, -1], [0.9, 0.1]), ([0, 10, 100], [70, 25, 5])]
)
def test_a_choice_has_the_moments_of_its_weights(values, weights):
    """Each value comes as often as its weight says."""
    table = DistributionTable()
    row = table.add("choice", {"values": values, "weights": weights})
    mean = np.average(values, weights=weights)
    assert table.mean(row) == pytest.approx(mean)
    assert table.variance(row) == pytest.approx(np.average((np.array(values) - mean) ** 2, weights=weights))
    found = drawn(table, row, UNIFORMS)
    for value, weight in zip(values, weights, strict=True):
        assert (found == value).mean() == pytest.approx(weight / sum(weights), abs=3e-4)


@pytest.mark.parametrize("values", [[1, 2, 4], [3], [0, 0, 9], [5, 1, 7, 7, 2]])
def test_an_empirical_law_is_the_line_through_its_sorted_values(values):
    """Quantiles are NumPy's, mean and variance those of many draws."""
    table = DistributionTable()
    row = table.add("empirical", {"values": values})
    assert drawn(table, row, LEVELS) == pytest.approx(np.quantile(values, LEVELS))
    many = drawn(table, row, UNIFORMS)
    assert table.mean(row) == pytest.approx(many.mean(), rel=1e-6)
    assert table.variance(row) == pytest.approx(many.var(), rel=1e-5, abs=1e-12)
