"""Which of several scenarios is the best in a KPI: intervals against the best of the others, and probabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.comparison import ROUNDING, often_skewed
from simulator.experiment.intervals import CONFIDENCE, Estimate, skewed_interval, t_interval
from simulator.experiment.study import Study
from simulator.records import Floats

DRAWS: Final = 5_000
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
    """95 % interval, which in this KPI holds for all scenarios at once; one end is 0 where it is told apart."""
    probability: float
    """Chance that the scenario is the best: see ``probability_best``."""


def against_best(studies: Sequence[Study], kpi: str) -> tuple[AgainstBest, ...]:
    """Multiple comparison with the best of scenarios that share their replications; empty with fewer than two pairs.

    Intervals: ``intervals_against_best``, of money and quantiles with the bootstrap of each pair.
    An interval below 0 in a KPI of which more is better says that the scenario is not the best; one above, that it is.
    Probabilities: ``probability_best``. Replications in which a scenario has no value are left out. Raises StudyError
    for a KPI of which neither more nor less is better.
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
    every = intervals_against_best(sample, interval=_interval_of(studies[0], kpi))
    for i, (study, ends) in enumerate(zip(studies, every, strict=True)):
        difference = means[i] - np.delete(means, i).max()
        if abs(difference) <= least:
            difference = 0.0
        told = np.where(np.abs(ends) <= least, 0.0, ends)
        low, high = sorted(float(sign * end) + 0.0 for end in told)  # -0.0 + 0.0 is 0.0
        found.append(AgainstBest(study.name, float(sign * difference), low, high, float(chances[i])))
    return tuple(found)


def _interval_of(study: Study, kpi: str) -> Callable[[Floats, float], Estimate]:
    return skewed_interval if often_skewed(study.catalogue[kpi], study.currency) else t_interval


def intervals_against_best(
    sample: Floats, confidence: float = CONFIDENCE, interval: Callable[[Floats, float], Estimate] = t_interval
) -> Floats:
    """Ends of the intervals of each row's mean less the greatest of the others, array of shape (rows, 2).

    Columns are replications. All intervals of one KPI hold at once with this confidence, whatever the variances: each
    pair of rows has the interval of its own paired difference, and the pairs with the best share the error of the whole
    by Bonferroni. Edwards and Hsu, Journal of the American Statistical Association 78 (1983), 965-971.
    """
    rows = sample.shape[0]
    of_a_pair = 1 - 2 * (1 - confidence) / (rows - 1)  # two-sided; of each pair one side alone is used
    most, least = np.full((rows, rows), np.inf), np.full((rows, rows), np.inf)
    for one, other in combinations(range(rows), 2):
        apart = interval(sample[one] - sample[other], of_a_pair)
        most[one, other], least[one, other] = apart.high, apart.low
        most[other, one], least[other, one] = -apart.low, -apart.high
    highest = most.min(axis=1)
    least[:, highest < 0] = np.inf  # who is surely not the best is nobody's best of the others
    lowest = np.minimum(least.min(axis=1), 0.0)
    return np.column_stack([lowest, np.maximum(highest, 0.0)])


def probability_best(sample: Floats, draws: int = DRAWS) -> Floats:
    """Chance that each row has the greatest true mean, by what the replications tell of all means; ties are shared.

    Columns are replications, two or more, shared by the rows so that pairs stay pairs. Draws are of a multivariate
    Student's t around the means, with the covariance of the rows and n - 1 degrees of freedom: of two rows the chance
    is one less the one-sided p-value of the paired t-test, which holds with few replications too, where a bootstrap of
    the means is far too sure. Box and Tiao, *Bayesian Inference in Statistical Analysis* (1973), sections 2.4 and 8.4.
    """
    n = sample.shape[1]
    luck, means = np.random.default_rng(_SEED), sample.mean(axis=1, keepdims=True)
    normal = luck.standard_normal((n, draws)) / np.sqrt(n * (n - 1))
    drawn = means + (sample - means) @ normal * np.sqrt((n - 1) / luck.chisquare(n - 1, draws))
    first = np.isclose(drawn, drawn.max(axis=0), rtol=1e-12, atol=0.0)
    return np.asarray((first / first.sum(axis=0)).mean(axis=1), np.float64)
