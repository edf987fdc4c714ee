"""From the reduced parameters of a form to what its sampler needs, with exact moments."""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.chance import curves, sampling

Floats = NDArray[np.float64]
_NONE: Floats = np.empty(0)


class Law(NamedTuple):
    """A distribution as its sampler sees it; see the kinds in `sampling` for A, B, C and points."""

    kind: int
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0
    points: Floats = _NONE
    nodes: int = 0
    mean: float = math.nan
    variance: float = math.nan
    mass: float = 1.0
    """Probability that truncation leaves; 0 when nothing is left."""
    truncated: bool = False
    """Whether `min` and `max` have been applied already."""


NOTHING = Law(sampling.CONSTANT, mass=0.0, truncated=True)


def _steps(values: Floats, weights: Floats, least: float, most: float) -> Law:
    """Return ascending discrete values with their probabilities, truncated by leaving values out."""
    kept = (values >= least) & (values <= most)
    mass = math.fsum(weights[kept])
    if mass <= 0.0:
        return NOTHING
    values, weights = values[kept], weights[kept] / mass
    mean = math.fsum(values * weights)
    variance = math.fsum((values - mean) ** 2.0 * weights)
    if values.size == 1:
        return Law(sampling.CONSTANT, float(values[0]), mean=mean, variance=0.0, mass=mass, truncated=True)
    heights = np.cumsum(weights)
    heights[-1] = 1.0
    points = np.concatenate((heights, values))
    return Law(
        sampling.STEPS, points=points, nodes=values.size, mean=mean, variance=variance, mass=mass, truncated=True
    )


def _fixed(p: Mapping[str, Any]) -> Law:
    """Return a constant."""
    return _steps(np.array([p["value"]]), np.ones(1), p["min"], p["max"])


def _choice(p: Mapping[str, Any]) -> Law:
    """Return stated values with stated weights."""
    return _steps(np.array(p["values"]), np.array(p["weights"]), p["min"], p["max"])


def _poisson(p: Mapping[str, Any]) -> Law:
    """Return a Poisson count; without truncation its moments are exact."""
    law = _steps(*curves.poisson_steps(p["mean"]), p["min"], p["max"])
    if p["min"] <= 0.0 and p["max"] == math.inf:
        return law._replace(mean=p["mean"], variance=p["mean"], mass=1.0)
    return law


def _geometric(p: Mapping[str, Any]) -> Law:
    """Return the number of failures before a success; truncated, it becomes a table."""
    mean = p["mean"]
    if mean == 0.0:
        return _steps(np.zeros(1), np.ones(1), p["min"], p["max"])
    fail = -math.log1p(1.0 / mean)
    if p["min"] <= 0.0 and p["max"] == math.inf:
        return Law(sampling.GEOMETRIC, fail, mean=mean, variance=mean * (1.0 + mean), truncated=True)
    # Failures are memoryless, so 40 means beyond the least less than 2**-54 is left.
    first = math.ceil(max(0.0, p["min"]))
    last = math.floor(min(p["max"], first + 40.0 * (mean + 1.0)))
    if last - first > 1_000_000:
        raise ValueError(f"geometric: mean ({mean:g}) is too large to be truncated; use exponential.")
    values = np.arange(first, last + 1.0)
    law = _steps(values, np.exp(fail * (values - first)) / (1.0 + mean), -math.inf, math.inf)
    return law._replace(mass=law.mass * math.exp(fail * first))


def _empirical(p: Mapping[str, Any]) -> Law:
    """Return a polyline through quantiles, truncated by cutting it off."""
    at, x = np.array(p["probabilities"]), np.array(p["values"])
    low, high = max(p["min"], x[0]), min(p["max"], x[-1])
    if low > high:
        return NOTHING
    first, last = int(np.searchsorted(x, low, "left")), int(np.searchsorted(x, high, "right")) - 1
    start, end = float(at[first]), float(at[last])
    if x[first] > low:
        start = at[first - 1] + (low - x[first - 1]) / (x[first] - x[first - 1]) * (at[first] - at[first - 1])
    if x[last] < high:
        end = at[last] + (high - x[last]) / (x[last + 1] - x[last]) * (at[last + 1] - at[last])
    if end <= start:
        return NOTHING
    between = (at > start) & (at < end)
    at = (np.concatenate(([start], at[between], [end])) - start) / (end - start)
    at[-1] = 1.0
    x = np.concatenate(([low], x[between], [high]))
    widths, middles, rises = np.diff(at), (x[1:] + x[:-1]) / 2.0, np.diff(x)
    mean = math.fsum(widths * middles)
    variance = math.fsum(widths * ((middles - mean) ** 2.0 + rises**2.0 / 12.0))
    points = np.concatenate((at, x))
    return Law(sampling.POLYLINE, 0.0, 0.0, 0.0, points, at.size, mean, variance, end - start, truncated=True)


def _uniform(p: Mapping[str, Any]) -> Law:
    """Return equally likely values between two ends."""
    width = p["high"] - p["low"]
    return Law(sampling.STRAIGHT, p["low"], width, mean=p["low"] + width / 2.0, variance=width**2.0 / 12.0)


def _triangular(p: Mapping[str, Any]) -> Law:
    """Return a triangle."""
    low, mode, high = p["low"], p["mode"], p["high"]
    variance = ((high - low) ** 2.0 - (mode - low) * (high - mode)) / 18.0
    return Law(sampling.TRIANGLE, low, mode, high, mean=(low + mode + high) / 3.0, variance=variance)


def _normal(p: Mapping[str, Any]) -> Law:
    """Return a normal distribution."""
    return Law(sampling.NORMAL, p["mean"], p["sd"], mean=p["mean"], variance=p["sd"] ** 2.0)


def _lognormal(p: Mapping[str, Any]) -> Law:
    """Return a lognormal distribution."""
    mean = math.exp(p["mu"] + 0.5 * p["sigma"] ** 2.0)
    return Law(sampling.LOGNORMAL, p["mu"], p["sigma"], mean=mean, variance=mean**2.0 * math.expm1(p["sigma"] ** 2.0))


def _exponential(p: Mapping[str, Any]) -> Law:
    """Return an exponential distribution."""
    return Law(sampling.EXPONENTIAL, p["mean"], mean=p["mean"], variance=p["mean"] ** 2.0)


def _gamma(p: Mapping[str, Any]) -> Law:
    """Return a gamma distribution; one stage is exactly exponential."""
    shape, scale = p["shape"], p["scale"]
    if shape == 1.0:
        return _exponential({"mean": scale})
    points = curves.gamma_curve(shape)
    mean = shape * scale
    return Law(sampling.CURVE_LOG, scale, 0.0, 0.0, points, points.size // 2, mean, mean * scale)


def _weibull(p: Mapping[str, Any]) -> Law:
    """Return a Weibull distribution."""
    power, scale = 1.0 / p["shape"], p["scale"]
    mean = scale * math.gamma(1.0 + power)
    return Law(
        sampling.WEIBULL, scale, power, mean=mean, variance=scale**2.0 * math.gamma(1.0 + 2.0 * power) - mean**2.0
    )


def _beta(p: Mapping[str, Any]) -> Law:
    """Return a beta distribution between two ends."""
    a, b, low, width = p["a"], p["b"], p["low"], p["high"] - p["low"]
    points = curves.beta_curve(a, b)
    variance = width**2.0 * a * b / ((a + b) ** 2.0 * (a + b + 1.0))
    return Law(sampling.CURVE_LOGIT, low, width, 0.0, points, points.size // 2, low + width * a / (a + b), variance)


LAWS: dict[str, Callable[[Mapping[str, Any]], Law]] = {
    "fixed": _fixed,
    "uniform": _uniform,
    "triangular": _triangular,
    "pert": _beta,
    "normal": _normal,
    "lognormal": _lognormal,
    "exponential": _exponential,
    "gamma": _gamma,
    "erlang": _gamma,
    "weibull": _weibull,
    "beta": _beta,
    "poisson": _poisson,
    "geometric": _geometric,
    "choice": _choice,
    "empirical": _empirical,
}
"""Form -> the function that makes its law of canonical parameters; a mix has none, it is made of its parts."""
