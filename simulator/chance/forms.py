"""The forms of distribution that a scenario may name, and the check of their parameters, in plain Python.

All numbers are in base units already. Neither Numba nor SciPy is imported, so that validating a scenario stays fast.
"""

import math
from collections.abc import Mapping
from typing import Any

from simulator.chance.reductions import REDUCTIONS, finite_number, inside

PARAMETERS: dict[str, list[tuple[str, ...]]] = {
    "fixed": [("value",)],
    "uniform": [("low", "high")],
    "triangular": [("low", "mode", "high")],
    "pert": [("low", "mode", "high")],
    "normal": [("mean", "sd")],
    "lognormal": [("median", "p90"), ("median", "sigma"), ("mean", "sd"), ("mean", "cv")],
    "exponential": [("mean",)],
    "gamma": [("mean", "cv"), ("shape", "scale")],
    "erlang": [("mean", "stages")],
    "weibull": [("shape", "scale"), ("shape", "mean")],
    "beta": [("mean", "sd"), ("a", "b")],
    "poisson": [("mean",)],
    "geometric": [("mean",)],
    "choice": [("values", "weights")],
    "empirical": [("values",), ("quantiles",)],
    "mix": [("parts",)],
}
"""Form -> the sets of parameters that it accepts; one whole set must be given."""

OPTIONAL: dict[str, tuple[str, ...]] = dict.fromkeys(PARAMETERS, ("min", "max")) | {
    "beta": ("low", "high", "min", "max")
}
"""Form -> parameters that may be added to any set; `min` and `max` truncate (the conditional distribution)."""

LIMITS: dict[tuple[str, str], tuple[float, float]] = {
    ("normal", "sd"): (0.0, math.inf),
    ("lognormal", "median"): (0.0, math.inf),
    ("lognormal", "sigma"): (0.0, 10.0),
    ("lognormal", "mean"): (0.0, math.inf),
    ("lognormal", "sd"): (0.0, math.inf),
    ("lognormal", "cv"): (0.0, 1000.0),
    ("exponential", "mean"): (0.0, math.inf),
    ("gamma", "mean"): (0.0, math.inf),
    ("gamma", "cv"): (1e-3, 10.0),
    ("gamma", "shape"): (0.01, 1e6),
    ("gamma", "scale"): (0.0, math.inf),
    ("erlang", "mean"): (0.0, math.inf),
    ("erlang", "stages"): (1.0, 1e6),
    ("weibull", "shape"): (0.05, 1e3),
    ("weibull", "scale"): (0.0, math.inf),
    ("weibull", "mean"): (0.0, math.inf),
    ("beta", "sd"): (0.0, math.inf),
    ("beta", "a"): (0.05, 1e6),
    ("beta", "b"): (0.05, 1e6),
}
"""(Form, parameter) -> the least and the most; a least of 0 is itself excluded."""

DEEPEST = 4
"""How many mixes may be nested in a mix."""

_LISTS = ("values", "weights", "quantiles", "parts")


def check(form: str, parameters: Mapping[str, Any]) -> None:
    """Raise a ValueError of one sentence, naming the parameter and the mend, if a distribution makes no sense.

    Whether `min` and `max` leave any probability between them is known only when the distribution is built.
    """
    canonical(form, parameters)


def canonical(form: str, parameters: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """Return the checked parameters of a form reduced to one set: numbers as float, lists as tuples.

    Lognormal becomes mu and sigma; gamma, erlang and weibull shape and scale; beta and pert a, b, low and high; choice
    ascending values with weights that sum to 1; empirical probabilities and values; mix parts. `min` and `max` are
    always there, infinite when not given. `depth` counts the mixes around. Errors: as `check`.
    """
    if depth > DEEPEST:
        raise ValueError(f"mix: parts are mixes in mixes more than {DEEPEST} deep; flatten them.")
    given = _whole_set(form, parameters)
    numbers = {name: finite_number(form, name, value) for name, value in given.items() if name not in _LISTS}
    least, most = numbers.pop("min", -math.inf), numbers.pop("max", math.inf)
    if least >= most:
        raise ValueError(f"{form}: min ({least:g}) must be below max ({most:g}).")
    for name, value in numbers.items():
        if (form, name) in LIMITS:
            inside(form, name, value, *LIMITS[form, name])
    lists = {name: value for name, value in given.items() if name in _LISTS}
    reduced: dict[str, Any] = REDUCTIONS[form](form, numbers | lists)
    for _, part, its_parameters in reduced.get("parts", ()):
        canonical(part, its_parameters, depth + 1)
    return reduced | {"min": least, "max": most}


def _whole_set(form: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the parameters if they are exactly one accepted set, with options or without."""
    if form not in PARAMETERS:
        raise ValueError(f"{form!r} is not a distribution; use one of {', '.join(PARAMETERS)}.")
    if not isinstance(parameters, Mapping):
        raise ValueError(f"{form}: parameters must map name to value, not {parameters!r}.")
    optional, sets = OPTIONAL[form], PARAMETERS[form]
    wanted = " or ".join("{" + ", ".join(names) + "}" for names in sets)
    for name in parameters:
        if name not in optional and not any(name in names for names in sets):
            raise ValueError(f"{form}: there is no parameter {name!r}; give {wanted}, or add {', '.join(optional)}.")
    required = [name for name in parameters if name not in optional]
    if any(set(required) == set(names) for names in sets):
        return parameters
    if any(set(required) > set(names) for names in sets) or len(required) > max(map(len, sets)):
        raise ValueError(f"{form}: {', '.join(required)} together say too much; give only {wanted}.")
    missing = min(([name for name in names if name not in required] for names in sets), key=len)
    extra = f" beside {', '.join(required)}" if required else ""
    raise ValueError(f"{form}: {', '.join(missing)} is missing{extra}; give {wanted}.")
