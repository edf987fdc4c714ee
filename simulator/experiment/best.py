"""Which of several scenarios is the best in a KPI: intervals against the best of the others, and probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.comparison import ROUNDING
from simulator.experiment.intervals import CONFIDENCE
from simulator.experiment.study import Study
from simulator.records import Floats

RESAMPLES: Final = 5_000
_SEED: Final = 1


@dataclass(frozen=True)
class AgainstBest:
    """One scenario against the best of the others."""

    scenario: str
    """Name for people."""
    difference: float
    """Mean less that of the best of the others, in units of the KPI: positive means more, whether good or bad."""
    low: float
    high: float
    """95 % interval, which holds for all scenarios at once; one of its ends is 0 where the scenario is told apart."""
    probability: float
    """Chance, by the bootstrap, that the scenario is the best."""


def against_best(studies: Sequence[Study], kpi: str) -> tuple[AgainstBest, ...]:
    """Multiple comparison with the best of scenarios that share their replications; empty with fewer than two pairs.

    Intervals: Hsu, Annals of Statistics 12 (1984), 1136-1144, with the variance under common random numbers of Nelson
    and Matejcik, Management Science 41 (1995), 1935-1945, which takes all pairs of scenarios to be equally correlated.
    An interval below 0 in a KPI of which more is better says that the scenario is not the best; one above, that it is.
    Probabilities: share of resamples of the replications in which its mean is the best, ties shared. Replications in
    which a scenario has no value are left out. Raises StudyError for a KPI of which neither more nor less is better.
    """
    better = studies[0].catalogue[kpi].better
    if better == "neither":
        raise StudyError(f"of {kpi} neither more nor less is better, so no scenario is the best in it")
    sign = 1.0 if better == "higher" else -1.0
    n = min(study.replications for study in studies)
    sample = sign * np.array([study.samples[kpi][:n] for study in studies])
    sample = sample[:, ~np.isnan(sample).any(axis=0)]
    if sample.shape[1] < 2 or len(studies) < 2:
        return ()
    means, chances = sample.mean(axis=1), probability_best(sample)
    least = ROUNDING * float(np.abs(sample).max())
    reach = exact if (exact := _reach(sample)) > least else 0.0
    found = []
    for i, study in enumerate(studies):
        difference = means[i] - np.delete(means, i).max()
        if abs(difference) <= least:
            difference = 0.0
        ends = min(0.0, difference - reach), max(0.0, difference + reach)
        low, high = sorted(float(sign * end) + 0.0 for end in ends)  # -0.0 + 0.0 is 0.0
        found.append(AgainstBest(study.name, float(sign * difference), low, high, float(chances[i])))
    return tuple(found)


def probability_best(sample: Floats, resamples: int = RESAMPLES) -> Floats:
    """Share of bootstrap resamples of the columns in which each row has the greatest mean; ties are shared.

    Columns are replications, drawn whole so that pairs stay pairs. Efron and Tibshirani, *An Introduction to the
    Bootstrap* (1993), chapter 6.
    """
    n = sample.shape[1]
    weights = np.random.default_rng(_SEED).multinomial(n, np.full(n, 1 / n), size=resamples)
    means = sample @ weights.T / n
    first = np.isclose(means, means.max(axis=0), rtol=1e-12, atol=0.0)
    return np.asarray((first / first.sum(axis=0)).mean(axis=1), np.float64)


@lru_cache(maxsize=256)
def critical_value(others: int, freedom: int, confidence: float = CONFIDENCE) -> float:
    """Quantile of the greatest of ``others`` Student t variables that correlate by one half (Dunnett, one-sided)."""
    from scipy import optimize, stats

    if others == 1:
        return float(stats.t.ppf(confidence, freedom))
    shape = np.full((others, others), 0.5) + 0.5 * np.eye(others)
    joint = stats.multivariate_t(shape=shape, df=freedom)

    def missing(quantile: float) -> float:
        return float(joint.cdf(np.full(others, quantile), random_state=_SEED)) - confidence

    highest = float(stats.t.ppf(1 - (1 - confidence) / others, freedom))  # Bonferroni's, which is never too low
    return float(optimize.brentq(missing, 0.0, highest + 0.01, xtol=1e-3))


def _reach(sample: Floats) -> float:
    """Half of the interval of a difference of two means: rows and columns taken out, what is left is noise."""
    k, n = sample.shape
    rest = sample - sample.mean(axis=1, keepdims=True) - sample.mean(axis=0) + sample.mean()
    freedom = (k - 1) * (n - 1)
    variance = float((rest**2).sum()) / freedom
    return critical_value(k - 1, freedom) * float(np.sqrt(2 * variance / n))
