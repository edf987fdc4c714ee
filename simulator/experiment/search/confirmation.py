"""The figures of a search: of replications that no choice was made by, as many of each choice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.experiment.comparison import contrasted, differences_of
from simulator.experiment.intervals import t_interval
from simulator.experiment.investment import Investment, investment
from simulator.experiment.search.evaluation import Trials
from simulator.experiment.search.goal import Constraint, Target
from simulator.experiment.search.result import Kept, Limit, Portfolio
from simulator.experiment.search.shortlist import undominated
from simulator.experiment.search.space import Choice
from simulator.records import Floats


class Confirmation:
    """Choices measured with a seed by which none of them was proposed, shortlisted or selected.

    What is best of several by some replications is so partly by their luck: they flatter it, new ones do not.
    """

    def __init__(
        self, trials: Trials, target: Target, currency: str, seed: int, replications: int, choices: Sequence[Choice]
    ) -> None:
        self.space, self.target, self.currency = trials.space, target, currency
        found = trials.tried([self.space.base, *choices], seed, replications)
        self._base = found[0]
        self._trials = dict(zip(choices, found[1:], strict=True))

    def portfolio(self, choice: Choice) -> Portfolio:
        """A choice as these replications show it."""
        trial, target = self._trials[choice], self.target
        samples = dict(zip(target.kpis, trial.kpis, strict=True))
        limits = tuple(limit_of(each, samples[each.kpi]) for each in target.constraints)
        return Portfolio(
            choice, self.space.labels(choice), trial.spending, t_interval(trial.kpis[0], unit=target.kpi.unit),
            contrasted(self._base.kpis[0], trial.kpis[0], target.kpi, self.currency)[0], limits,
            all(each.kept != "broken" for each in limits), trial.kpis.shape[1],
        )  # fmt: skip

    def ranked(self, choices: Sequence[Choice], best: Choice) -> list[Choice]:
        """The best first, then the others by what they gain over the base."""
        return sorted(choices, key=lambda choice: (choice != best, -self._worth(choice)))

    def frontier(self, choices: Sequence[Choice]) -> tuple[Portfolio, ...]:
        """Of the choices that keep to the constraints those that none beats in both spending and gain."""
        found = [each for each in map(self.portfolio, choices) if each.allowed]
        spending = np.array([each.spending for each in found])
        worth = np.array([self._worth(each.choice) for each in found])
        return tuple(found[place] for place in undominated(spending, worth))

    def investment(self, best: Choice, rate: float) -> Investment | None:
        """The best against the base; None where it is the base, or was there before cash is counted."""
        trial = self._trials[best]
        if best == self.space.base or (trial.history != self._base.history).any():
            return None
        return investment(self._base.cash, trial.cash, trial.spending, rate, self.currency)

    def _worth(self, choice: Choice) -> float:
        return self.target.sign * float(differences_of(self._base.kpis[0], self._trials[choice].kpis[0]).mean())


def limit_of(constraint: Constraint, sample: Floats) -> Limit:
    """What a sample says of a constraint."""
    value = t_interval(sample, unit=constraint.unit)
    kept: Kept = "kept"
    if not constraint.excess(value.mean) <= 0:
        kept = "broken"
    elif not max(constraint.excess(value.low), constraint.excess(value.high)) <= 0:
        kept = "not certain"
    return Limit(constraint, value, kept)
