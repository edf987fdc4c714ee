"""Choices tried in rounds, each with luck of its own, and read against the base of the same luck."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from simulator.experiment.search.evaluation import Trial, Trials
from simulator.experiment.search.space import Choice
from simulator.records import Floats

ROUND: Final = 16
"""Choices that are tried at the same time, however many workers there are, so that all see the same history."""
LUCKS: Final = 10
"""Rounds before luck comes back."""


class Rounds:
    """What a search sees of choices with few replications of each.

    Replications of one round pair, those of another are others: if all choices had the same few, what these happen to
    do to a tool would stand in every trial of it, and no number of trials would even it out. What the luck of a round
    does to the base is taken off all its choices, a control variate with coefficient 1 (Law, *Simulation Modeling and
    Analysis*, 5th edition (2015), section 11.4), so that rounds can be compared.
    """

    def __init__(self, trials: Trials, seed: int, replications: int, most: int) -> None:
        self.trials, self.seed, self.replications = trials, seed, replications
        self.lucks = min(LUCKS, math.ceil(min(trials.space.size, most) / ROUND))
        base = trials.space.base
        (found,) = trials.tried([base], seed, self.lucks * replications)
        self._base: Floats = found.kpis
        self.seen: dict[Choice, Trial] = {base: found}
        """Every choice that was tried, in its order, its KPIs as they would be with the mean luck of the base."""
        self._rounds = 0

    def tried(self, choices: Sequence[Choice]) -> list[Trial]:
        """Try those that were not yet, in a round of their own."""
        new = [choice for choice in dict.fromkeys(choices) if choice not in self.seen]
        if new:
            first = self._rounds % self.lucks * self.replications
            self._rounds += 1
            lucky = self._lucky(first)[:, None]
            for choice, trial in zip(new, self.trials.tried(new, self.seed, self.replications, first), strict=True):
                self.seen[choice] = trial if trial.refused else trial._replace(kpis=trial.kpis - lucky)
        return [self.seen[choice] for choice in choices]

    def _lucky(self, first: int) -> Floats:
        """What the luck of some replications adds to each KPI of the base; nothing to one that is not defined."""
        here = self._base[:, first : first + self.replications].mean(axis=1)
        return np.asarray(np.nan_to_num(here - self._base.mean(axis=1)), np.float64)
