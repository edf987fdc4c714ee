"""Means with their uncertainty."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from simulator.records import Floats

CONFIDENCE = 0.95
RESAMPLES = 2_000
"""Of a bootstrap interval, whose ends then vary by a few hundredths of its width."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its confidence interval."""

    mean: float
    low: float
    high: float
    n: int
    """Replications in which the figure is defined."""
    unit: str = ""

    @property
    def half_width(self) -> float:
        """Half the width of the interval, NaN where there is none."""
        return (self.high - self.low) / 2


def t_interval(sample: Floats, confidence: float = CONFIDENCE, unit: str = "") -> Estimate:
    """Mean and Student's t-interval of independent values, those that are NaN left out.

    Law, *Simulation Modeling and Analysis*, 5th edition (2015), section 4.5. One value has a mean but no interval.
    """
    defined = np.asarray(sample, dtype=np.float64)
    defined = defined[~np.isnan(defined)]
    n = int(defined.size)
    if n == 0:
        return Estimate(math.nan, math.nan, math.nan, 0, unit)
    mean = float(defined.mean())
    if n == 1:
        return Estimate(mean, math.nan, math.nan, 1, unit)
    # scipy.special, since importing scipy.stats would cost every worker a third of a second.
    reach = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * standard_error(defined)
    return Estimate(mean, mean - reach, mean + reach, n, unit)


def bootstrap_interval(sample: Floats, confidence: float = CONFIDENCE, unit: str = "") -> Estimate:
    """Mean and bias-corrected, accelerated bootstrap interval of independent values, those that are NaN left out.

    For skewed figures, such as money and quantiles: it need not be symmetric. Given differences of pairs it is the
    paired bootstrap. The same sample always gives the same interval. Efron, JASA 82 (1987), 171-185, in SciPy. Fewer
    than two values have no interval, and values that are all the same one without width.
    """
    estimate = t_interval(sample, confidence, unit)
    if estimate.n < 2 or estimate.low == estimate.high:
        return estimate
    from scipy import stats  # a third of a second to import, and few need it

    defined = np.asarray(sample, dtype=np.float64)
    defined = defined[~np.isnan(defined)]
    with warnings.catch_warnings(action="ignore", category=stats.DegenerateDataWarning):
        found = stats.bootstrap(
            (defined,), np.mean, n_resamples=RESAMPLES, confidence_level=confidence, method="BCa", rng=1
        ).confidence_interval
    if math.isnan(found.low):  # acceleration cannot be told, as with two values
        return replace(estimate, low=math.nan, high=math.nan)
    return replace(estimate, low=float(found.low), high=float(found.high))


def standard_error(defined: Floats) -> float:
    """Standard error of the mean of two or more values; exactly 0 when they are all the same."""
    if (defined == defined[0]).all():
        return 0.0  # the mean of equal values may be off in the last bit, which would leave a spurious spread
    return float(defined.std(ddof=1)) / math.sqrt(defined.size)
