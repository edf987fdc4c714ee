"""Means with their uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from simulator.records import Floats

CONFIDENCE = 0.95
RESAMPLES = 2_000
"""Of a bootstrap interval, whose ends then vary by a few hundredths of its width."""
FEWEST = 8
"""Values below which resamples are too much alike for a bootstrap: some of its intervals were endless."""
MOST = 1_000
"""Values from which skewness no longer counts, and a bootstrap would take memory without an end."""
_SEED = 1
_ALIKE = 1e-12
"""Variance of a resample, relative to the largest square, that is rounding."""


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
    from scipy import special  # a sixth of all imports, which workers need not wait for; scipy.stats is many times that

    reach = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * standard_error(defined)
    return Estimate(mean, mean - reach, mean + reach, n, unit)


def bootstrap_interval(sample: Floats, confidence: float = CONFIDENCE, unit: str = "") -> Estimate:
    """Mean and bootstrap-t interval of independent values, those that are NaN left out.

    For skewed figures, such as money and quantiles: it need not be symmetric. Given differences of pairs it is the
    paired bootstrap. The same sample always gives the same interval. Efron and Tibshirani, *An Introduction to the
    Bootstrap* (1993), section 12.5; of the bootstrap intervals it alone covers as it should with as few values as there
    are replications (docs/validation.md). It is Student's with fewer than ``FEWEST`` values or more than ``MOST``, and
    where most values are the same, since too many resamples then have no spread.
    """
    estimate = t_interval(sample, confidence, unit)
    if not FEWEST <= estimate.n <= MOST or estimate.low == estimate.high:
        return estimate
    defined = np.asarray(sample, dtype=np.float64)
    off = defined[~np.isnan(defined)] - estimate.mean
    weights = _resamples(estimate.n)
    means = weights @ off
    variances = weights @ off**2 - means**2
    same = variances <= _ALIKE * np.abs(off).max() ** 2
    spreads = np.sqrt(np.where(same, 1.0, variances) / (estimate.n - 1))
    ratios = np.where(same, np.copysign(np.inf, means), means / spreads)
    least, most = np.quantile(ratios, [(1 - confidence) / 2, (1 + confidence) / 2], method="inverted_cdf").tolist()
    if not -math.inf < least < 0 < most < math.inf:
        return estimate
    error = standard_error(defined[~np.isnan(defined)])
    return replace(estimate, low=estimate.mean - most * error, high=estimate.mean - least * error)


def skewed_interval(sample: Floats, confidence: float = CONFIDENCE, unit: str = "") -> Estimate:
    """The bootstrap-t interval, on neither side shorter than Student's; for differences that are tested.

    Few values make the resampled quantiles noisy, and a verdict among many tests asks for p-values far below 5 %: the
    bootstrap alone would give them too freely of figures that are not skewed, Student's t of those that are
    (docs/validation.md).
    """
    student, resampled = (interval(sample, confidence, unit) for interval in (t_interval, bootstrap_interval))
    return replace(student, low=min(student.low, resampled.low), high=max(student.high, resampled.high))


def p_value_of(estimate: Estimate, confidence: float = CONFIDENCE) -> float:
    """Two-sided p-value of a mean of 0 that agrees with an interval: below 5 % where a 95 % interval leaves 0 out.

    Of Student's interval it is that of the t-test. Of an interval with another reach it is that of Student's t after
    the statistic is scaled so that both have the same critical value on the side of 0: so many resamples as a small
    p-value asks for are never drawn. NaN with fewer than two values. Where all values are equal there is no spread to
    judge by, and a few counts differ equally by coincidence: then it is that of the sign test, that all n lie on one
    side (Dixon and Mood, JASA 41 (1946), 557-566).
    """
    n, mean = estimate.n, estimate.mean
    if n < 2:
        return math.nan
    if mean == 0.0:
        return 1.0
    from scipy import special

    reach = mean - estimate.low if mean > 0 else estimate.high - mean
    if reach == 0.0:
        return float(2.0 ** (1 - n))
    return float(2 * special.stdtr(n - 1, -special.stdtrit(n - 1, (1 + confidence) / 2) * abs(mean) / reach))


@lru_cache(maxsize=4)
def _resamples(n: int) -> Floats:
    """Weights of n values in each resample, array of shape (resamples, n); the same for all figures of a study."""
    return np.random.default_rng(_SEED).multinomial(n, np.full(n, 1 / n), RESAMPLES) / n


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


def part_values(amounts: Floats, parts: Floats, wholes: Floats) -> Floats:
    """Values, one a replication, whose mean is the mean amount times the ratio of the mean part to the mean whole.

    Their spread has in it what amounts and parts vary (delta method, as in ``ratio_values``). All are 0 where the
    wholes are not above 0 on the average; NaN where the amount is.
    """
    if not wholes.mean() > 0:
        return np.zeros(amounts.size)
    share = parts.mean() / wholes.mean()
    moved = (parts - share * wholes) / wholes.mean()
    return np.asarray(share * amounts + np.nan_to_num(t_interval(amounts).mean) * moved, np.float64)


def standard_error(defined: Floats) -> float:
    """Standard error of the mean of two or more values; exactly 0 when they are all the same."""
    if (defined == defined[0]).all():
        return 0.0  # the mean of equal values may be off in the last bit, which would leave a spurious spread
    return float(defined.std(ddof=1)) / math.sqrt(defined.size)
