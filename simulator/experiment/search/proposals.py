"""Which choices to try: all of them where they are few, otherwise those that a sampler of Optuna proposes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.experiment.search.rounds import ROUND
from simulator.experiment.search.space import Choice, Space

if TYPE_CHECKING:
    from optuna import Study as Optimisation
    from optuna.trial import Trial as Proposal

DULL: Final = 10
"""Rounds in a row without a new choice after which the sampler has nothing more to say."""
_WORST: Final = 1e12


class Score(NamedTuple):
    """How good a choice turned out to be."""

    value: float
    """More is better; NaN where it was not simulated."""
    excess: float
    """How far it is beyond what is allowed; 0 or less where it is allowed."""


Scoring = Callable[[Sequence[Choice]], Sequence[Score]]
"""Tries choices and says how good they are."""


def explore(space: Space, scores: Scoring, trials: int, seed: int) -> list[Choice]:
    """Try up to ``trials`` different choices, the same ones for the same seed; returns them in their order.

    A space that is no larger is tried in full. Otherwise the base and each level alone come first, then what the
    multivariate tree-structured Parzen estimator proposes under the constraints (Watanabe, arXiv 2304.11127; Watanabe
    and Hutter, IJCAI 2023, 4371-4379), as implemented in Optuna.
    """
    if space.size <= trials:
        everything = list(space.choices())
        for first in range(0, len(everything), ROUND):
            scores(everything[first : first + ROUND])
        return everything
    import optuna  # half a second to import, and small spaces do without

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=seed % 2**32, multivariate=True)
    optimisation = optuna.create_study(direction="maximize", sampler=sampler)
    for choice in [space.base, *space.singles()][:trials]:
        optimisation.enqueue_trial(_named(choice))
    return _asked(space, optimisation, scores, trials)


def _asked(space: Space, optimisation: Optimisation, scores: Scoring, trials: int) -> list[Choice]:
    """Ask for rounds of choices until enough different ones were tried, or none that is new comes any more."""
    from optuna.distributions import BaseDistribution, CategoricalDistribution

    places: dict[str, BaseDistribution] = {
        str(place): CategoricalDistribution(range(len(each.levels))) for place, each in enumerate(space.dimensions)
    }
    tried: dict[Choice, None] = {}
    dull = 0
    while len(tried) < trials and dull < DULL:
        proposals = [optimisation.ask(places) for _ in range(min(ROUND, trials - len(tried)))]
        choices = [tuple(int(proposal.params[place]) for place in places) for proposal in proposals]
        dull = 0 if set(choices) - tried.keys() else dull + 1
        tried |= dict.fromkeys(choices)
        for proposal, score in zip(proposals, scores(choices), strict=True):
            _tell(optimisation, proposal, score)
    return list(tried)


def _tell(optimisation: Optimisation, proposal: Proposal, score: Score) -> None:
    """Let the sampler learn; what was not simulated counts as worst, and as not allowed."""
    proposal.set_constraint("allowed", min(score.excess, _WORST))
    optimisation.tell(proposal, -_WORST if math.isnan(score.value) else score.value)


def _named(choice: Choice) -> dict[str, int]:
    return {str(place): level for place, level in enumerate(choice)}
