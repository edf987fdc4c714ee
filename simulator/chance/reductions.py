"""What the parameters of each form mean: each accepted set is reduced to the one that the samplers use."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from numbers import Real
from typing import Any

Z90 = 1.2815515655446004
"""The 90th percentile of the standard normal distribution."""


def finite_number(form: str, name: str, value: Any) -> float:
    """Return a number as float, or raise a ValueError if it is text, truth, NaN or infinite."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise ValueError(f"{form}: {name} must be a finite number, not {value!r}.")
    return float(value)


def finite_numbers(form: str, name: str, values: Any) -> list[float]:
    """Return a list of at least one number as floats, or raise a ValueError."""
    values = values.tolist() if hasattr(values, "tolist") else values
    if isinstance(values, (str, bytes)) or not isinstance(values, Sequence) or not values:
        raise ValueError(f"{form}: {name} must be a list of at least one number.")
    return [finite_number(form, name, value) for value in values]


def inside(form: str, name: str, value: float, least: float, most: float) -> None:
    """Raise a ValueError if a value is outside its limits; a least of 0 is itself outside."""
    if least < value <= most or value == least != 0.0:
        return
    if least == 0.0:
        wanted = "above 0" if most == math.inf else f"above 0 and at most {most:g}"
    else:
        wanted = f"between {least:g} and {most:g}"
    hint = "; use fixed for a value without spread" if value == 0.0 and name in {"sd", "cv", "sigma"} else ""
    raise ValueError(f"{form}: {name} must be {wanted}, not {value:g}{hint}.")


def _plain(_form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters that need no reduction."""
    return dict(p)


def _ends(form: str, low: float, high: float) -> None:
    """Refuse a low that is not below high."""
    if low >= high:
        raise ValueError(f"{form}: low ({low:g}) must be below high ({high:g}); use fixed for a value without spread.")


def _uniform(form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Check the ends."""
    _ends(form, p["low"], p["high"])
    return dict(p)


def _triangular(form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Check the ends and the mode."""
    _ends(form, p["low"], p["high"])
    if not p["low"] <= p["mode"] <= p["high"]:
        raise ValueError(f"{form}: mode ({p['mode']:g}) must lie between low ({p['low']:g}) and high ({p['high']:g}).")
    return dict(p)


def _pert(form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Return the beta distribution of PERT with its usual weight of 4 on the mode (Malcolm et al., 1959)."""
    _triangular(form, p)
    low, mode, high = p["low"], p["mode"], p["high"]
    width = high - low
    return {"a": 1.0 + 4.0 * (mode - low) / width, "b": 1.0 + 4.0 * (high - mode) / width, "low": low, "high": high}


def _lognormal(form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Return mu and sigma, the mean and the standard deviation of the logarithm."""
    if "median" in p:
        mu = math.log(p["median"])
        if "sigma" in p:
            return {"mu": mu, "sigma": p["sigma"]}
        if p["p90"] <= p["median"]:
            raise ValueError(
                f"{form}: p90 ({p['p90']:g}) must be above the median ({p['median']:g}), "
                "because nine of ten values lie below it."
            )
        sigma = (math.log(p["p90"]) - mu) / Z90
        if sigma > 10.0:
            raise ValueError(f"{form}: p90 ({p['p90']:g}) is too far above the median ({p['median']:g}); lower it.")
        return {"mu": mu, "sigma": sigma}
    cv = p["cv"] if "cv" in p else p["sd"] / p["mean"]
    inside(form, "sd / mean" if "sd" in p else "cv", cv, 0.0, 1000.0)
    variance = math.log1p(cv * cv)
    return {"mu": math.log(p["mean"]) - 0.5 * variance, "sigma": math.sqrt(variance)}


def _gamma(_form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Return shape and scale."""
    if "shape" in p:
        return dict(p)
    return {"shape": p["cv"] ** -2.0, "scale": p["mean"] * p["cv"] ** 2.0}


def _erlang(form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Return shape and scale of a sum of exponential stages."""
    if p["stages"] != round(p["stages"]):
        raise ValueError(f"{form}: stages must be a whole number, not {p['stages']:g}; use gamma for one in between.")
    return {"shape": p["stages"], "scale": p["mean"] / p["stages"]}


def _weibull(_form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Return shape and scale."""
    scale = p["scale"] if "scale" in p else p["mean"] / math.gamma(1.0 + 1.0 / p["shape"])
    return {"shape": p["shape"], "scale": scale}


def _beta(form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Return a, b, low and high."""
    low, high = p.get("low", 0.0), p.get("high", 1.0)
    _ends(form, low, high)
    if "a" in p:
        return {"a": p["a"], "b": p["b"], "low": low, "high": high}
    mean = (p["mean"] - low) / (high - low)
    if not 0.0 < mean < 1.0:
        raise ValueError(f"{form}: mean ({p['mean']:g}) must lie between low ({low:g}) and high ({high:g}).")
    most = (high - low) * math.sqrt(mean * (1.0 - mean))
    strength = (most / p["sd"]) ** 2.0 - 1.0
    a, b = mean * strength, (1.0 - mean) * strength
    if min(a, b) < 0.05:
        raise ValueError(f"{form}: sd ({p['sd']:g}) must be clearly below {most:g}, the most that this mean allows.")
    if max(a, b) > 1e6:
        raise ValueError(f"{form}: sd ({p['sd']:g}) is too small for a beta; use normal or fixed.")
    return {"a": a, "b": b, "low": low, "high": high}


def _count(form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Check the mean of a count."""
    if not 0.0 <= p["mean"] <= 1e6:
        raise ValueError(f"{form}: mean must be between 0 and 1e+06, not {p['mean']:g}.")
    return dict(p)


def _choice(form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values in ascending order, each once, and weights that sum to 1."""
    values, weights = finite_numbers(form, "values", p["values"]), finite_numbers(form, "weights", p["weights"])
    if len(values) != len(weights):
        raise ValueError(f"{form}: values ({len(values)}) and weights ({len(weights)}) must be equally many.")
    total = _total(form, weights)
    merged = dict.fromkeys(sorted(values), 0.0)
    for value, weight in zip(values, weights, strict=True):
        merged[value] += weight / total
    kept = {value: weight for value, weight in merged.items() if weight > 0.0}
    return {"values": tuple(kept), "weights": tuple(kept.values())}


def _total(form: str, weights: list[float]) -> float:
    """Return the sum of weights, or raise a ValueError if one is negative or none is positive."""
    if min(weights) < 0.0:
        raise ValueError(f"{form}: weights must not be negative, and {min(weights):g} is.")
    if (total := math.fsum(weights)) <= 0.0:
        raise ValueError(f"{form}: weights must sum to more than 0; make at least one positive.")
    return total


def _empirical(form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Return probabilities from 0 to 1 and the values that belong to them."""
    if "values" in p:
        values = sorted(finite_numbers(form, "values", p["values"]))
        if len(values) == 1:
            values *= 2
        return {"probabilities": tuple(i / (len(values) - 1) for i in range(len(values))), "values": tuple(values)}
    quantiles = p["quantiles"]
    if not isinstance(quantiles, Mapping):
        raise ValueError(f"{form}: quantiles must map probability to value, not {quantiles!r}.")
    pairs = sorted(
        (finite_number(form, "quantiles", at), finite_number(form, "quantiles", value))
        for at, value in quantiles.items()
    )
    if len(pairs) < 2 or pairs[0][0] != 0.0 or pairs[-1][0] != 1.0:
        raise ValueError(f"{form}: quantiles must begin at probability 0 (the least) and end at 1 (the most).")
    for (lower, least), (upper, most) in pairwise(pairs):
        if most < least:
            raise ValueError(f"{form}: quantiles must not fall, and {upper:g}: {most:g} is below {lower:g}: {least:g}.")
    return {"probabilities": tuple(at for at, _ in pairs), "values": tuple(value for _, value in pairs)}


def _mix(form: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """Return parts of (share, form, parameters) whose shares sum to 1."""
    parts = p["parts"]
    if isinstance(parts, (str, bytes)) or not isinstance(parts, Sequence) or not parts:
        raise ValueError(f"{form}: parts must be a list of at least one (weight, form, parameters).")
    for part in parts:
        if not isinstance(part, (list, tuple)) or len(part) != 3 or not isinstance(part[1], str):
            raise ValueError(f"{form}: each of parts must be (weight, form, parameters), not {part!r}.")
    weights = finite_numbers(form, "weights", [part[0] for part in parts])
    total = _total(form, weights)
    shares = [weight / total for weight in weights]
    return {"parts": tuple((share, part[1], part[2]) for share, part in zip(shares, parts, strict=True))}


REDUCTIONS: dict[str, Callable[[str, Mapping[str, Any]], dict[str, Any]]] = {
    "fixed": _plain,
    "uniform": _uniform,
    "triangular": _triangular,
    "pert": _pert,
    "normal": _plain,
    "lognormal": _lognormal,
    "exponential": _plain,
    "gamma": _gamma,
    "erlang": _erlang,
    "weibull": _weibull,
    "beta": _beta,
    "poisson": _count,
    "geometric": _count,
    "choice": _choice,
    "empirical": _empirical,
    "mix": _mix,
}
"""Form -> the function that reduces its parameters, which are finite numbers within their limits, and raw lists."""
