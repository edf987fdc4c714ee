"""Quantile tables for distributions without a closed quantile function, made by SciPy when a distribution is built.

A curve holds a transformed quantile (a logarithm or a log-odds, which keeps both tails) at equally spaced normal
quantiles, with its exact slope. Between nodes it is a cubic Hermite polynomial. SciPy's functions take a tenth of a
second to import, so they are not where an earlier command has made the same curves.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import scipy
from numpy.typing import NDArray

from simulator.chance.sampling import CURVE_DENSITY, CURVE_REACH
from simulator.kept_on_disk import kept_on_disk

_FLOOR = 1e-290
"""Quantiles of very skewed shapes underflow; curves are flat below this, which no duration or sum can tell from 0."""


def _nodes() -> NDArray[np.float64]:
    """Return the normal quantiles at which curves have nodes."""
    count = int(2 * CURVE_REACH * CURVE_DENSITY) + 1
    return np.arange(count) / CURVE_DENSITY - CURVE_REACH


def _curve(heights: NDArray[np.float64], slopes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return pairs of height and slope for one step between nodes, with slopes so limited that the curve never falls.

    The limit of three times the neighbouring rises is sufficient: Fritsch and Carlson, "Monotone piecewise cubic
    interpolation", SIAM J. Numer. Anal. 17 (1980).
    """
    heights = np.maximum.accumulate(heights)
    rises = np.diff(heights)
    limit = 3.0 * np.minimum(np.append(rises, rises[-1]), np.insert(rises, 0, rises[0]))
    steps = np.clip(slopes / CURVE_DENSITY, 0.0, limit)
    return np.column_stack((heights, steps)).ravel()


def _kept(made: Callable[..., NDArray[np.float64]], *parameters: float) -> NDArray[np.float64]:
    """Return a curve as the function makes it or has made it: text says numbers to the last bit."""
    name = " ".join((made.__name__, *(float(each).hex() for each in parameters)))
    return np.array(kept_on_disk(_computed_by(), name, lambda: made(*parameters).tolist()))


@lru_cache(maxsize=1)
def _computed_by() -> str:
    """What the last bits of a curve depend on: versions, and how this machine rounds, since folders may be shared."""
    z = _nodes() + 0.1
    rounded = blake2b(np.array((np.exp(z), np.log(np.abs(z)), np.sqrt(np.abs(z)))).tobytes(), digest_size=8)
    rounded.update(np.array([f(x) for f in (math.exp, math.lgamma, math.erfc) for x in z.tolist()[::8]]).tobytes())
    return f"curves numpy {np.__version__} scipy {scipy.__version__} {rounded.hexdigest()}"


@lru_cache(maxsize=256)
def gamma_curve(shape: float) -> NDArray[np.float64]:
    """Return the curve of the logarithm of a gamma quantile with scale 1: float64[2 n]."""
    return _kept(_gamma, shape)


def _gamma(shape: float) -> NDArray[np.float64]:
    from scipy import special

    z = _nodes()
    lower, upper = special.ndtr(z[z < 0.0]), special.ndtr(-z[z >= 0.0])
    x = np.concatenate((special.gammaincinv(shape, lower), special.gammainccinv(shape, upper)))
    log_x = np.log(np.maximum(x, _FLOOR))
    log_density = shape * log_x - np.exp(log_x) - special.gammaln(shape)
    return _curve(log_x, np.exp(-0.5 * z * z - 0.5 * np.log(2.0 * np.pi) - log_density))


@lru_cache(maxsize=256)
def beta_curve(a: float, b: float) -> NDArray[np.float64]:
    """Return the curve of the log-odds of a beta quantile on (0, 1): float64[2 n]."""
    return _kept(_beta, a, b)


def _beta(a: float, b: float) -> NDArray[np.float64]:
    from scipy import special

    z = _nodes()
    lower, upper = special.ndtr(z[z < 0.0]), special.ndtr(-z[z >= 0.0])
    y = np.concatenate((special.betaincinv(a, b, lower), special.betainccinv(a, b, upper)))
    rest = np.concatenate((special.betainccinv(b, a, lower), special.betaincinv(b, a, upper)))
    log_y, log_rest = np.log(np.maximum(y, _FLOOR)), np.log(np.maximum(rest, _FLOOR))
    log_density = a * log_y + b * log_rest - special.betaln(a, b)
    slopes = np.exp(-0.5 * z * z - 0.5 * np.log(2.0 * np.pi) - log_density)
    return _curve(log_y - log_rest, slopes)


_SMALL = 1e4
"""Means up to which a table of counts is short enough to be read faster than SciPy's functions are imported."""


@lru_cache(maxsize=256)
def poisson_steps(mean: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the counts that a uniform number can reach, and their probabilities: two float64[n]."""
    counts, probabilities = _kept(_poisson, mean) if mean <= _SMALL else _poisson(mean)
    return counts, probabilities


def _poisson(mean: float) -> NDArray[np.float64]:
    from scipy import special

    # Beyond 9 standard deviations and 60 counts (for small means) less than 2**-54 is left on either side.
    reach = 9.0 * np.sqrt(mean) + 60.0
    counts = np.arange(max(0.0, np.floor(mean - reach)), np.ceil(mean + reach) + 1.0)
    return np.array((counts, np.exp(special.xlogy(counts, mean) - special.gammaln(counts + 1.0) - mean)))
