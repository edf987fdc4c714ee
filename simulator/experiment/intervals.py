"""Means with their uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from simulator.records import Floats

CONFIDENCE = 0.95
RESAMPLES = 2_000
"""Of a bootstrap interval, whose ends then vary by a few hundredths of its width."""
FEWEST = 8
"""Values below which resamples are too much alike for a bootstrap: some of its intervals were endless."""
_SEED = 1


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
    """Mean and bootstrap-t interval of independent values, those that are NaN left out.

    For skewed figures, such as money and quantiles: it need not be symmetric. Given differences of pairs it is the
    paired bootstrap. The same sample always gives the same interval. Efron and Tibshirani, *An Introduction to the
    Bootstrap* (1993), section 12.5; of the bootstrap intervals it alone covers as it should with as few values as there
    are replications (docs/validation.md). It is Student's with fewer than ``FEWEST`` values, and where most values are
    the same, since too many resamples then have no spread.
    """
    estimate = t_interval(sample, confidence, unit)
    if estimate.n < FEWEST or estimate.low == estimate.high:
        return estimate
    defined = np.asarray(sample, dtype=np.float64)
    defined = defined[~np.isnan(defined)]
    drawn = defined[np.random.default_rng(_SEED).integers(0, estimate.n, (RESAMPLES, estimate.n))]
    off, errors = drawn.mean(axis=1) - estimate.mean, drawn.std(axis=1, ddof=1) / math.sqrt(estimate.n)
    same = (drawn == drawn[:, :1]).all(axis=1)
    ratios = np.where(same, np.copysign(np.inf, off), off / np.where(same, 1.0, errors))
    least, most = np.quantile(ratios, [(1 - confidence) / 2, (1 + confidence) / 2], method="inverted_cdf").tolist()
    if math.isinf(least) or math.isinf(most):
        return estimate
    error = standard_error(defined)
    return replace(estimate, low=estimate.mean - most * error, high=estimate.mean - least * error)


def ratio_values(numerators: Floats, denominators: Floats) -> Floats:
    """Values, one a replication, whose mean is the ratio of two means and whose spread is that of this ratio.

    An interval of their mean is thus one of the ratio, with what both vary and vary together in it: the delta method of
    regenerative simulation (Crane and Iglehart, Operations Research 23 (1975), 33-45; Law, *Simulation Modeling and
    Analysis*, 5th edition (2015), section 9.5.3). Pairs of which one is NaN are left out; where the denominators are
    not above 0 on the average all values are NaN.
    """
    defined = ~(np.isnan(numerators) | np.isnan(denominators))
    above, below = numerators[defined], denominators[defined]
    if not below.size or not below.mean() > 0:
        return np.full(below.size, np.nan)
    ratio = above.mean() / below.mean()
    return np.asarray(ratio + (above - ratio * below) / below.mean(), np.float64)


def standard_error(defined: Floats) -> float:
    """Standard error of the mean of two or more values; exactly 0 when they are all the same."""
    if (defined == defined[0]).all():
        return 0.0  # the mean of equal values may be off in the last bit, which would leave a spurious spread
    return float(defined.std(ddof=1)) / math.sqrt(defined.size)
