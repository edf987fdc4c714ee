"""What levels of a portfolio are worth to each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from simulator.experiment.comparison import contrasted, holm
from simulator.experiment.search.evaluation import Trials
from simulator.experiment.search.goal import Target
from simulator.experiment.search.result import Interaction
from simulator.experiment.search.selection import FIRST
from simulator.experiment.search.space import Choice
from simulator.records import Floats

MOST = 4
"""Levels of a portfolio of which all pairs are looked at: those that are worth most alone."""


def interactions(
    trials: Trials, best: Choice, target: Target, currency: str, choosing: int, seed: int, replications: int
) -> tuple[Interaction, ...]:
    """Every pair of the levels of a portfolio that are worth most alone: each alone, both, and the synergy.

    The synergy of A and B is (both - base) - (A - base) - (B - base), the interaction contrast of a 2 by 2 factorial
    design, in each replication (Law, *Simulation Modeling and Analysis*, 5th edition (2015), section 12.2). Which
    levels are looked at is seen with the seed ``choosing``: by the seed of the figures those would be chosen that it
    flatters alone, and their synergies look smaller than they are.
    """
    space, taken = trials.space, trials.space.taken(best)
    if len(taken) < 2:
        return ()
    if len(taken) > MOST:
        taken = _telling(trials, best, target.sign, choosing)
    alone = _gains(trials, best, [(place,) for place in taken], seed, replications)
    pairs = list(combinations(sorted(place for (place,) in alone), 2))
    both = _gains(trials, best, pairs, seed, replications)
    tests = {(a, b): contrasted(alone[a,] + alone[b,], gain, target.kpi, currency) for (a, b), gain in both.items()}
    adjusted = holm(np.array([p for _, p in tests.values()])) if tests else np.zeros(0)
    names = {place: f"{space.dimensions[place].name} {space.dimensions[place].levels[best[place]].label}"
             for place in taken}  # fmt: skip
    worth = {places: contrasted(np.zeros(replications), gain, target.kpi, currency)[0]
             for places, gain in (alone | both).items()}  # fmt: skip
    return tuple(
        Interaction(names[a], names[b], worth[a,], worth[b,], worth[a, b], synergy, p)
        for ((a, b), (synergy, _)), p in zip(tests.items(), adjusted.tolist(), strict=True)
    )


def _telling(trials: Trials, best: Choice, sign: float, seed: int) -> list[int]:
    """The dimensions whose levels of the best are worth most alone, by few replications."""
    gains = _gains(trials, best, [(place,) for place in trials.space.taken(best)], seed, FIRST)
    worth = {place: sign * float(np.nan_to_num(gain.mean(), nan=-np.inf)) for (place,), gain in gains.items()}
    return sorted(sorted(worth, key=lambda place: -worth[place])[:MOST])


def _gains(
    trials: Trials, best: Choice, sets: Sequence[tuple[int, ...]], seed: int, replications: int
) -> dict[tuple[int, ...], Floats]:
    """What each set of levels of the best adds to the base, by replication; those that are refused are left out."""
    space = trials.space
    choices = [space.moved(space.base, {place: best[place] for place in places}) for places in sets]
    base, *tried = trials.tried([space.base, *choices], seed, replications)
    return {
        places: trial.kpis[0, :replications] - base.kpis[0, :replications]
        for places, trial in zip(sets, tried, strict=True)
        if not trial.refused
    }
