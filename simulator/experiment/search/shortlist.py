"""Which choices deserve fresh replications: the likely best, and the likely frontier of spending against result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from simulator.experiment.search.evaluation import Trial
from simulator.experiment.search.goal import Target
from simulator.experiment.search.response import smoothed
from simulator.experiment.search.space import Choice, Space
from simulator.records import Floats

LARGEST: Final = 5_000
"""Choices of a space up to which the response surface is asked about all of them."""
FRONTIER: Final = 8
"""Points of the frontier that are measured afresh."""


class Outlook:
    """What the response surface expects of choices, from the trials of a search."""

    def __init__(self, space: Space, known: Mapping[Choice, Trial], target: Target, budget: float | None) -> None:
        seen = {choice: trial for choice, trial in known.items() if not trial.refused}
        means = np.array([trial.kpis.mean(axis=1) for trial in seen.values()])
        usable = np.isfinite(means).all(axis=1)
        tried = [choice for choice, fits in zip(seen, usable, strict=True) if fits]
        spent = np.array([seen[choice].spending for choice in tried])
        refused = known.keys() - set(tried)
        self.choices = [each for each in _pool(space, tried, known) if each not in refused]
        expected = [smoothed(space, tried, means[usable, k], self.choices) for k in range(means.shape[1])]
        self.values = target.sign * expected[0]
        self.spending = smoothed(space, tried, spent, self.choices)
        for place, choice in enumerate(self.choices):
            if choice in seen:
                self.spending[place] = seen[choice].spending
        excess = [target.excess(dict(zip(target.kpis, row, strict=True))) for row in zip(*expected, strict=True)]
        self.allowed = (np.array(excess) <= 0) & (self.spending <= (np.inf if budget is None else budget))

    def best(self, most: int) -> list[Choice]:
        """The choices that are likely to be allowed, the likely best first, and of equals the cheaper."""
        worth = np.round(self.values / (np.abs(self.values).max() or 1.0), 9)
        order = np.lexsort((self.spending, -worth))
        return [self.choices[place] for place in order if self.allowed[place]][:most]

    def frontier(self, most: int = FRONTIER) -> list[Choice]:
        """The likely frontier, thinned evenly where it has too many points."""
        places = np.flatnonzero(self.allowed)
        front = places[undominated(self.spending[places], self.values[places])]
        thinned = np.unique(np.linspace(0, front.size - 1, min(most, front.size)).round().astype(int))
        return [self.choices[place] for place in front[thinned]]


def undominated(spending: Floats, values: Floats) -> list[int]:
    """Positions of the points that no other beats in both less spending and more value, the cheapest first."""
    kept: list[int] = []
    for place in np.lexsort((-values, spending)):
        if not kept or values[place] > values[kept[-1]]:
            kept.append(int(place))
    return kept


def _pool(space: Space, tried: Sequence[Choice], known: Mapping[Choice, Trial]) -> list[Choice]:
    """Choices that are asked about: all of a space that is not too large, otherwise those tried and around them."""
    if len(known) >= space.size:
        return list(tried)
    if space.size <= LARGEST:
        return list(space.choices())
    around = (each for choice in tried for each in space.neighbours(choice))
    pool = list(dict.fromkeys([*tried, *around]))
    return pool[: max(LARGEST, len(tried))]
