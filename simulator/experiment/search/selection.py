"""Which of a few is best: ranking and selection with a guarantee."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.intervals import CONFIDENCE
from simulator.records import Floats

FIRST: Final = 10
"""Replications of all before any is left out."""
STEP: Final = 5
"""Replications between two looks."""

Sampling = Callable[[Sequence[int], int], Sequence[Floats]]
"""Given some of the systems and a number, the first so many values of each; replication i of all shares its luck."""


@dataclass(frozen=True)
class Selected:
    """What ranking and selection found."""

    best: int
    remaining: tuple[int, ...]
    """Systems that were not told apart from the best when it ended."""
    replications: tuple[int, ...]
    """Of each system."""
    indifference: float
    """Difference that is too small to matter, in units of the values."""
    confidence: float
    """Chance, at least, that the best is within the indifference of the truly best; 0 where it ended too early."""


def kim_nelson(
    systems: int, sampling: Sampling, indifference: float, most: int, confidence: float = CONFIDENCE
) -> Selected:
    """Find the system with the greatest mean, leaving out those that are clearly worse one after another.

    Procedure KN with c = 1 of Kim and Nelson, ACM Transactions on Modeling and Computer Simulation 11 (2001), 251-273:
    for normal values, independent over replications and with any correlation between systems, the best is selected
    with at least the ``confidence`` when it is at least ``indifference`` better than every other; otherwise one that
    is within it of the best. Looks come only every few replications, which errs on the safe side. After ``most``
    replications it ends without the guarantee. Raises StudyError for an indifference that is not positive.
    """
    if not indifference > 0:
        raise StudyError(f"the difference that does not matter must be positive, not {indifference:g}")
    made = min(FIRST, most)
    counts = np.full(systems, made)
    alive = list(range(systems))
    values = np.array(sampling(alive, made))
    reach = _reach(values, indifference, confidence)
    while True:
        means = values.mean(axis=1)
        slack = np.maximum(0.0, reach[np.ix_(alive, alive)] / made - indifference / 2)
        np.fill_diagonal(slack, 0.0)
        alive = [each for row, each in enumerate(alive) if (means[row] >= means - slack[row]).all()]
        settled = len(alive) == 1 or not slack.any()  # without slack only ties are left
        if settled or made >= most:
            break
        made = min(made + STEP, most)
        counts[alive] = made
        values = np.array(sampling(alive, made))
    values = np.array(sampling(alive, made))
    best = alive[int(np.argmax(values.mean(axis=1)))]
    return Selected(best, tuple(alive), tuple(counts.tolist()), indifference, confidence if settled else 0.0)


def _reach(values: Floats, indifference: float, confidence: float) -> Floats:
    """For each pair h2 S2 / (2 delta), which over r, less delta / 2, is the lead at which the other is left out."""
    systems, made = values.shape
    if systems == 1 or made < 2:
        return np.zeros((systems, systems))
    eta = 0.5 * ((2 * (1 - confidence) / (systems - 1)) ** (-2 / (made - 1)) - 1)
    variances = (values[:, None, :] - values[None, :, :]).var(axis=2, ddof=1)
    return np.asarray(2 * eta * (made - 1) * variances / (2 * indifference), np.float64)
