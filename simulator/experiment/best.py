"""Which of several scenarios is the best in a KPI: intervals against the best of the others, and probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

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

    Intervals: ``intervals_against_best``.
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
    found = []
    for i, (study, ends) in enumerate(zip(studies, intervals_against_best(sample), strict=True)):
        difference = means[i] - np.delete(means, i).max()
        if abs(difference) <= least:
            difference = 0.0
        told = np.where(np.abs(ends) <= least, 0.0, ends)
        low, high = sorted(float(sign * end) + 0.0 for end in told)  # -0.0 + 0.0 is 0.0
        found.append(AgainstBest(study.name, float(sign * difference), low, high, float(chances[i])))
    return tuple(found)


def intervals_against_best(sample: Floats, confidence: float = CONFIDENCE) -> Floats:
    """Ends of the intervals of each row's mean less the greatest of the others, array of shape (rows, 2).

    Columns are replications. All intervals hold at once with this confidence, whatever the variances: each pair of
    rows has the error of its own paired difference, and the pairs with the best share the error of the whole by
    Bonferroni. Edwards and Hsu, Journal of the American Statistical Association 78 (1983), 965-971.
    """
    rows, columns = sample.shape
    apart = sample[:, None, :] - sample[None, :, :]
    differences, errors = apart.mean(axis=2), apart.std(axis=2, ddof=1) / math.sqrt(columns)
    reach = float(special.stdtrit(columns - 1, 1 - (1 - confidence) / (rows - 1))) * errors
    most, least = differences + reach, differences - reach
    np.fill_diagonal(most, np.inf)
    np.fill_diagonal(least, np.inf)
    highest = most.min(axis=1)
    least[:, highest < 0] = np.inf  # who is surely not the best is nobody's best of the others
    lowest = np.minimum(least.min(axis=1), 0.0)
    return np.column_stack([lowest, np.maximum(highest, 0.0)])


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
