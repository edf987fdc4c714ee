"""Which of a few is best: ranking and selection with a guarantee."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.comparison import ROUNDING
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
    """Difference that is too small to matter, in units of the values; 0 where no difference has any luck in it."""
    confidence: float
    """Chance, at least, that none is more than the indifference better; 0 where it ended too early."""

    def ordered(self, systems: Sequence[int]) -> Selected:
        """The same with the systems in another order, given as their present positions."""
        places = {before: place for place, before in enumerate(systems)}
        return replace(
            self, best=places[self.best], remaining=tuple(sorted(places[each] for each in self.remaining)),
            replications=tuple(self.replications[each] for each in systems),
        )  # fmt: skip


def kim_nelson(
    systems: int, sampling: Sampling, most: int, indifference: float | None = None, confidence: float = CONFIDENCE
) -> Selected:
    """Find the system with the greatest mean, leaving out those that are clearly worse one after another.

    Procedure KN with c = 1 of Kim and Nelson, ACM Transactions on Modeling and Computer Simulation 11 (2001), 251-273:
    for normal values, independent over replications and with any correlation between systems, with at least the
    ``confidence`` no system is more than ``indifference`` better than the one selected. Looks come only every few
    replications, which errs on the safe side. They prove it for a best that leads by at least the indifference; where
    rivals are closer it is not proved (Eckman and Henderson, the same journal 31 (2021), article 7), and simulated
    selections do not contradict it (``test_close_rivals_cost_no_more_than_promised``). After ``most`` replications it
    ends without the guarantee; where no indifference is stated, it is the smallest that as many can settle, which
    depends on the variances of the first replications alone and so leaves the guarantee as it is: their proof is
    conditional on these. Raises StudyError for an indifference that is not positive.
    """
    if indifference is not None and not indifference > 0:
        raise StudyError(f"the difference that does not matter must be positive, not {indifference:g}")
    made = min(FIRST, most)
    counts = np.full(systems, made)
    alive = list(range(systems))
    values = np.array(sampling(alive, made))
    spread = _spread(values, confidence)
    close = float(np.sqrt(spread.max() / most)) if indifference is None else indifference
    reach = spread / (2 * close) if close > 0 else spread
    while True:
        means = values.mean(axis=1)
        slack = np.maximum(0.0, reach[np.ix_(alive, alive)] / made - close / 2)
        alive = [each for row, each in enumerate(alive) if (means[row] >= means - slack[row] - _rounding(values)).all()]
        settled = len(alive) == 1 or slack.max() <= ROUNDING * close  # without slack only ties are left
        if settled or made >= most:
            break
        made = min(made + STEP, most)
        counts[alive] = made
        values = np.array(sampling(alive, made))
    values = np.array(sampling(alive, made))
    means = values.mean(axis=1)
    best = alive[int(np.argmax(means >= means.max() - _rounding(values)))]  # the first of equals
    return Selected(best, tuple(alive), tuple(counts.tolist()), close, confidence if settled else 0.0)


def _spread(values: Floats, confidence: float) -> Floats:
    """For each pair h2 S2, in the letters of the paper: variance of the difference times what the confidence asks."""
    systems, made = values.shape
    if systems == 1 or made < 2:
        return np.zeros((systems, systems))
    eta = 0.5 * ((2 * (1 - confidence) / (systems - 1)) ** (-2 / (made - 1)) - 1)
    variances = (values[:, None, :] - values[None, :, :]).var(axis=2, ddof=1)
    return np.where(np.sqrt(variances) <= _rounding(values), 0.0, 2 * eta * (made - 1) * variances)


def _rounding(values: Floats) -> float:
    """Most that the order of additions can make of figures as large as these."""
    return ROUNDING * float(np.abs(values).max())
