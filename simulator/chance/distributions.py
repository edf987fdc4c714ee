"""The table of all distributions of a program, flat arrays that the compiled samplers read."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.chance import sampling
from simulator.chance.forms import OPTIONAL, PARAMETERS, canonical, check
from simulator.chance.keyed import LARGEST, SMALLEST
from simulator.chance.laws import LAWS, Law
from simulator.chance.sampling import draw, sample, samples

__all__ = ["OPTIONAL", "PARAMETERS", "DistributionTable", "check", "draw", "sample", "samples"]

Floats = NDArray[np.float64]
LEAST_MASS = 1e-9
"""Truncation that leaves less probability than this is refused: uniform numbers are too coarse for it."""


class _Part(NamedTuple):
    """A law with its share of the whole and its truncation."""

    weight: float
    law: Law
    u_low: float
    u_span: float
    least: float
    most: float


class DistributionTable:
    """Distributions in rows: `add` returns a row, `rows` and `points` are what `sample` reads."""

    def __init__(self) -> None:
        self._rows: list[tuple[float, ...]] = []
        self._points: list[Floats] = []
        self._size = 0
        self._starts: dict[bytes, int] = {}
        self._known: dict[tuple[Any, ...], int] = {}
        self._forms: list[str] = []
        self._moments: list[tuple[float, float]] = []
        self._arrays: tuple[Floats, Floats] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, form: str, parameters: Mapping[str, Any]) -> int:
        """Return the row of a distribution, an old one if the same was added before.

        `forms.PARAMETERS` says what each form accepts, in base units. Raises a ValueError of one sentence that
        names the parameter and the mend.
        """
        parts = _parts(form, canonical(form, parameters), -math.inf, math.inf)
        if len(parts) == 1:
            return self._put(form, _row(parts[0]), parts[0].law.points, _moments(parts[0]))
        members = [self._put("mix", _row(part), part.law.points, _moments(part)) for part in parts]
        weights = np.array([part.weight for part in parts])
        weights /= math.fsum(weights)
        moments = [self._moments[member] for member in members]
        mean = math.fsum(weight * m for weight, (m, _) in zip(weights, moments, strict=True))
        variance = math.fsum(weight * (v + (m - mean) ** 2.0) for weight, (m, v) in zip(weights, moments, strict=True))
        heights = np.cumsum(weights)
        heights[-1] = 1.0
        mixed = _Part(1.0, Law(sampling.MIX, nodes=len(parts)), 0.0, 1.0, -math.inf, math.inf)
        return self._put("mix", _row(mixed), np.concatenate((heights, members)), (mean, variance))

    @property
    def rows(self) -> Floats:
        """One row a distribution: read-only float64[n, sampling.COLUMNS]."""
        return self._frozen()[0]

    @property
    def points(self) -> Floats:
        """Tables that rows refer to, end to end: read-only float64[m], at least one long."""
        return self._frozen()[1]

    def mean(self, row: int) -> float:
        """Return the mean of a row, exact but for truncated continuous forms, which are integrated numerically."""
        return self._moments[row][0]

    def variance(self, row: int) -> float:
        """Return the variance of a row, as exact as the mean."""
        return self._moments[row][1]

    def form(self, row: int) -> str:
        """Return the form as which a row was first added; rows of a mix's parts say mix."""
        return self._forms[row]

    def _put(self, form: str, row: list[float], points: Floats, moments: tuple[float, float]) -> int:
        """Store a row with its points unless they are there; return its index."""
        if points.size:
            content = points.tobytes()
            if content not in self._starts:
                self._starts[content] = self._size
                self._points.append(points)
                self._size += points.size
            row[sampling.START] = self._starts[content]
        known = tuple(row)
        if known not in self._known:
            self._known[known] = len(self._rows)
            self._rows.append(known)
            self._forms.append(form)
            self._moments.append(moments)
            self._arrays = None
        return self._known[known]

    def _frozen(self) -> tuple[Floats, Floats]:
        """Return the arrays, made anew only after something was added."""
        if self._arrays is None:
            rows = np.array(self._rows, np.float64).reshape(-1, sampling.COLUMNS)
            # Numba indexes without bounds checks, so an empty array would still need a first element.
            points = np.concatenate([*self._points, np.zeros(1)])
            rows.flags.writeable = points.flags.writeable = False
            self._arrays = rows, points
        return self._arrays


def _parts(form: str, parameters: Mapping[str, Any], low: float, high: float) -> list[_Part]:
    """Return the laws that a distribution, cut to low and high, is a mix of; weights sum to the probability left.

    Raises a ValueError if the distribution's own bounds leave nothing.
    """
    own = parameters["min"], parameters["max"]
    both = max(own[0], low), min(own[1], high)
    whole = _pieces(form, parameters, *own)
    if not whole:
        bounds = f"min ({own[0]:g}) and max ({own[1]:g})"
        raise ValueError(f"{form}: {bounds} leave no probability between them; widen them.")
    kept = whole if both == own else _pieces(form, parameters, *both)
    total = math.fsum(part.weight for part in whole)
    return [part._replace(weight=part.weight / total) for part in kept]


def _pieces(form: str, parameters: Mapping[str, Any], low: float, high: float) -> list[_Part]:
    """Return the laws between low and high, weighted by their unconditional probability; none if nothing is left."""
    if form == "mix":
        return [
            piece._replace(weight=piece.weight * share)
            for share, part, its in parameters["parts"]
            if share > 0.0
            for piece in _parts(part, canonical(part, its), low, high)
        ]
    law = LAWS[form]({**parameters, "min": low, "max": high}) if low <= high else None
    if law is None or law.mass < LEAST_MASS:
        return []
    if law.truncated or (low == -math.inf and high == math.inf):
        return [_Part(law.mass, law, 0.0, 1.0, -math.inf, math.inf)]
    u_low, u_high = _crossing(law, low, upwards=True), _crossing(law, high, upwards=False)
    if u_high - u_low < LEAST_MASS:
        return []
    if (u_low, u_high) == (0.0, 1.0):
        return [_Part(1.0, law, 0.0, 1.0, -math.inf, math.inf)]
    return [_Part(u_high - u_low, law, u_low, u_high - u_low, low, high)]


def _crossing(law: Law, bound: float, *, upwards: bool) -> float:
    """Return the least uniform number whose value reaches a bound, or the largest whose value does not exceed it.

    Bisection on the sampler itself, to the last bit: no distribution function is needed, and both agree.
    """
    rows = np.array([_row(_Part(1.0, law, 0.0, 1.0, -math.inf, math.inf))])
    points = law.points if law.points.size else np.zeros(1)

    def beyond(u: float) -> bool:
        value = float(sample(u, 0, rows, points))
        return value >= bound if upwards else value > bound

    below, above = SMALLEST, LARGEST
    if beyond(below):
        return 0.0
    if not beyond(above):
        return 1.0
    while below < (middle := 0.5 * (below + above)) < above:
        below, above = (below, middle) if beyond(middle) else (middle, above)
    return above if upwards else below


def _row(part: _Part) -> list[float]:
    """Return the numbers of a row, in the order of the columns of `sampling`."""
    law = part.law
    return [law.kind, law.a, law.b, law.c, 0, law.nodes, part.u_low, part.u_span, part.least, part.most]


def _moments(part: _Part) -> tuple[float, float]:
    """Return mean and variance of a part, by quadrature if it is truncated.

    The quantile function is integrated over the normal quantile, where it is smooth, by Gauss-Legendre panels.
    """
    law = part.law
    if part.u_span == 1.0:
        return law.mean, law.variance
    nodes, weights = np.polynomial.legendre.leggauss(16)
    half = 1.0 / 32.0
    z = (np.arange(-8.125, 8.125, 2.0 * half)[:, None] + half + half * nodes).ravel()
    density = np.tile(half * weights, z.size // nodes.size) * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    density /= density.sum()
    rows = np.array([_row(part)])
    values = samples(_normal_cdfs(z), 0, rows, law.points if law.points.size else np.zeros(1))
    mean = float(density @ values)
    return mean, float(density @ (values - mean) ** 2.0)


def _normal_cdfs(z: Floats) -> Floats:
    """Return standard normal probabilities."""
    return np.array([0.5 * math.erfc(-x * math.sqrt(0.5)) for x in z])
