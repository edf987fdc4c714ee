"""A response surface: what single levels and pairs of them do, fitted to noisy trials, so that luck evens out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np

from simulator.experiment.search.space import Choice, Space
from simulator.records import Floats

PENALTIES: Final = np.geomspace(1e-6, 1e4, 41)
"""Ridge penalties that are tried, relative to the number of trials."""


def smoothed(space: Space, tried: Sequence[Choice], values: Floats, wanted: Sequence[Choice]) -> Floats:
    """Expected values of choices, from the values of those that were tried.

    A quadratic response surface (Box and Wilson, Journal of the Royal Statistical Society B 13 (1951), 1-45) over the
    levels of each dimension and pairs of dimensions, fitted by ridge regression whose penalty minimises generalised
    cross-validation (Golub, Heath and Wahba, Technometrics 21 (1979), 215-223). Every trial tells something of every
    level that it has, so that the surface is far less noisy than any one trial.
    """
    seen, asked = features(space, tried), features(space, wanted)
    middle, level = seen.mean(axis=0), float(values.mean())
    left, singular, right = np.linalg.svd(seen - middle, full_matrices=False)
    along = left.T @ (values - level)
    rest = float(((values - level) ** 2).sum() - (along**2).sum())
    kept = singular**2 / (singular**2 + PENALTIES[:, None] * len(tried))
    missed = (((1 - kept) * along) ** 2).sum(axis=1) + max(rest, 0.0)
    freedom = len(tried) - 1 - kept.sum(axis=1)
    scores = np.where(freedom > 1e-6, missed / np.maximum(freedom, 1e-6) ** 2, np.inf)
    best = kept[int(np.argmin(scores))]
    weights = right.T @ np.divide(best * along, singular, out=np.zeros_like(along), where=singular > 1e-9)
    return np.asarray(level + (asked - middle) @ weights, np.float64)


def features(space: Space, choices: Sequence[Choice]) -> Floats:
    """One row for each choice: whether each dimension has at least each level, and the same of both of each pair."""
    chosen = np.array(choices).reshape(len(choices), len(space.dimensions))
    steps = [
        (chosen[:, [place]] >= np.arange(1, len(each.levels))).astype(np.float64)
        for place, each in enumerate(space.dimensions)
    ]
    pairs = [(one[:, :, None] * other[:, None, :]).reshape(len(choices), -1) for one, other in combinations(steps, 2)]
    return np.hstack([*steps, *pairs])
