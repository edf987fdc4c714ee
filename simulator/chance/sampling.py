"""Inversion samplers, compiled: a row of a `DistributionTable` turns a uniform number into a value.

Each sampler is the quantile function of its distribution, so a value never falls when its uniform number grows
(beyond rounding), except in a mix, where the uniform number first picks the part. The columns of a row are named
below; what A, B and C hold, and what lies in `points` from START on, is said at each kind.
"""

import math

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import FLOAT_ROWS, FLOATS, bare, compiled, inlined
from simulator.chance.keyed import LARGEST, SMALLEST, uniform
from simulator.chance.normal import normal_quantile

KIND = 0
A = 1
B = 2
C = 3
START = 4
"""Index of the row's first number in `points`."""
COUNT = 5
"""How many nodes lie there."""
U_LOW = 6
"""Truncation: the uniform number that stands for 0."""
U_SPAN = 7
"""Truncation: how much of (0, 1) is left."""
LEAST = 8
MOST = 9
COLUMNS = 10

CONSTANT = 0
"""A: value."""
STRAIGHT = 1
"""Uniform distribution. A: low. B: width."""
TRIANGLE = 2
"""A: low. B: mode. C: high."""
NORMAL = 3
"""A: mean. B: standard deviation."""
LOGNORMAL = 4
"""A and B: mean and standard deviation of the logarithm."""
EXPONENTIAL = 5
"""A: mean."""
WEIBULL = 6
"""A: scale. B: one over the shape."""
GEOMETRIC = 7
"""Failures before a success. A: logarithm of the probability of a failure."""
STEPS = 8
"""Discrete values. Points: COUNT cumulated probabilities, then COUNT values."""
POLYLINE = 9
"""Linear between quantiles. Points: COUNT probabilities, then COUNT values."""
CURVE_LOG = 10
"""A: factor of exp(curve). Points: COUNT pairs of height and slope of the curve over the normal quantile."""
CURVE_LOGIT = 11
"""A: low, B: width, around 1 / (1 + exp(-curve)). Points as in CURVE_LOG."""
MIX = 12
"""Points: COUNT cumulated weights, then COUNT rows."""

CURVE_REACH = 8.3125
"""Curves span normal quantiles from minus to plus this, beyond those of `SMALLEST` and `LARGEST` (-8.21 and 8.13)."""
CURVE_DENSITY = 32.0
"""Nodes of a curve for one standard deviation; a power of two keeps the arithmetic of positions exact."""


@bare
def _first_at_least(u: float, points: NDArray[np.float64], start: int, count: int) -> int:
    """Return the first position among `count` ascending points whose value is at least u, or the last position."""
    low = 0
    high = count - 1
    while low < high:
        middle = (low + high) >> 1
        if points[start + middle] < u:
            low = middle + 1
        else:
            high = middle
    return low


@bare
def _on_polyline(u: float, points: NDArray[np.float64], start: int, count: int) -> float:
    """Return the height at u of a polyline whose first and last probabilities are 0 and 1."""
    right = start + max(1, _first_at_least(u, points, start, count))
    left = right - 1
    share: float = (u - points[left]) / (points[right] - points[left])
    height: float = points[count + left]
    rise: float = points[count + right] - height
    return height + share * rise


@bare
def _on_curve(u: float, points: NDArray[np.float64], start: int, count: int) -> float:
    """Return the height at the normal quantile of u of a piecewise cubic Hermite curve."""
    position = (normal_quantile(u) + CURVE_REACH) * CURVE_DENSITY
    piece = min(max(int(position), 0), count - 2)
    s = position - piece
    left = start + 2 * piece
    height: float = points[left]
    slope: float = points[left + 1]
    rise: float = points[left + 2] - height
    next_slope: float = points[left + 3]
    value: float = height + s * (
        slope + s * (3.0 * rise - 2.0 * slope - next_slope + s * (slope + next_slope - 2.0 * rise))
    )
    return value


@bare
def _on_triangle(u: float, low: float, mode: float, high: float) -> float:
    """Return the quantile of a triangular distribution, each side measured from its own end."""
    width = high - low
    if u * width < mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


@inlined
def _quantile(u: float, row: int, rows: NDArray[np.float64], points: NDArray[np.float64]) -> float:
    """Return the quantile of an untruncated row that is not a mix."""
    kind = int(rows[row, KIND])
    a: float = rows[row, A]
    b: float = rows[row, B]
    start = int(rows[row, START])
    count = int(rows[row, COUNT])
    if kind == CONSTANT:
        return a
    if kind == LOGNORMAL:
        return math.exp(a + b * normal_quantile(u))
    if kind == EXPONENTIAL:
        # Twice as fast as log1p. The difference is exact for 53 bits, and loses 1e-16 of truncated rows and parts.
        return -a * math.log(1.0 - u)
    if kind == STEPS:
        value: float = points[start + count + _first_at_least(u, points, start, count)]
        return value
    if kind == CURVE_LOG:
        return a * math.exp(_on_curve(u, points, start, count))
    if kind == CURVE_LOGIT:
        return a + b / (1.0 + math.exp(-_on_curve(u, points, start, count)))
    if kind == TRIANGLE:
        return _on_triangle(u, a, b, rows[row, C])
    if kind == STRAIGHT:
        return a + b * u
    if kind == NORMAL:
        return a + b * normal_quantile(u)
    if kind == WEIBULL:
        return a * math.pow(-math.log1p(-u), b)
    if kind == POLYLINE:
        return _on_polyline(u, points, start, count)
    if kind == GEOMETRIC:
        return float(math.floor(math.log1p(-u) / a))
    return math.nan


@compiled(f"float64(float64, int64, {FLOAT_ROWS}, {FLOATS})", inline=True)
def sample(u: float, row: int, rows: NDArray[np.float64], points: NDArray[np.float64]) -> float:
    """Return the value of a distribution for a uniform number u inside (0, 1).

    `rows` is float64[n, COLUMNS] and `points` float64[m], both from one `DistributionTable`; `row` is what its `add`
    returned. The value has the base unit of the parameters. Nothing is checked here.
    """
    if rows[row, KIND] == MIX:
        start = int(rows[row, START])
        count = int(rows[row, COUNT])
        part = start + _first_at_least(u, points, start, count)
        below: float = points[part - 1] if part > start else 0.0
        # What is left of u inside the part is again uniform and samples it, so that a mix needs one draw too.
        u = (u - below) / (points[part] - below)
        u = min(max(u, SMALLEST), LARGEST)
        row = int(points[part + count])
    least: float = rows[row, LEAST]
    most: float = rows[row, MOST]
    cut = least > -math.inf or most < math.inf
    if cut:
        # Rounding may reach 0 or 1, where quantiles are infinite.
        u = min(max(rows[row, U_LOW] + u * rows[row, U_SPAN], SMALLEST), LARGEST)
    value = _quantile(u, row, rows, points)
    return min(max(value, least), most) if cut else value


@compiled(f"float64[::1]({FLOATS}, int64, {FLOAT_ROWS}, {FLOATS})", makes_arrays=True)
def samples(
    us: NDArray[np.float64], row: int, rows: NDArray[np.float64], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return `sample` for each uniform number: float64[n] -> float64[n]."""
    values = np.empty(us.size, np.float64)
    for position in range(us.size):
        values[position] = sample(us[position], row, rows, points)
    return values


@compiled(f"float64(int64, int64, int64, int64, int64, int64, {FLOAT_ROWS}, {FLOATS})")
def draw(
    seed: int,
    replication: int,
    case_key: int,
    purpose: int,
    visit: int,
    row: int,
    rows: NDArray[np.float64],
    points: NDArray[np.float64],
) -> float:
    """Return `sample` of `uniform` in one call; no chance is spent on what is constant."""
    u = 0.5 if rows[row, KIND] == CONSTANT else uniform(seed, replication, case_key, purpose, visit)
    return sample(u, row, rows, points)
