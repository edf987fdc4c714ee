"""What levels of a portfolio are worth to each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from simulator.experiment.comparison import holm, paired
from simulator.experiment.search.evaluation import Trials
from simulator.experiment.search.result import Interaction
from simulator.experiment.search.space import Choice
from simulator.records import Floats

MOST = 4
"""Levels of a portfolio of which all pairs are looked at: those that are worth most alone."""


def interactions(
    trials: Trials, best: Choice, sign: float, unit: str, seed: int, replications: int
) -> tuple[Interaction, ...]:
    """Every pair of the levels of a portfolio that are worth most alone: each alone, both, and the synergy.

    The synergy of A and B is (both - base) - (A - base) - (B - base), the interaction contrast of a 2 by 2 factorial
    design, in each replication (Law, *Simulation Modeling and Analysis*, 5th edition (2015), section 12.2).
    """
    space, taken = trials.space, trials.space.taken(best)
    if len(taken) < 2:
        return ()
    alone = _gains(trials, best, [(place,) for place in taken], seed, replications)
    worth = sorted(alone, key=lambda places: -sign * float(np.nanmean(alone[places])))[:MOST]
    pairs = list(combinations(sorted(place for (place,) in worth), 2))
    both = _gains(trials, best, pairs, seed, replications)
    tests = {(a, b): paired(alone[a,] + alone[b,], gain, unit) for (a, b), gain in both.items()}
    adjusted = holm(np.array([p for _, p in tests.values()])) if tests else np.zeros(0)
    names = {place: f"{space.dimensions[place].name} {space.dimensions[place].levels[best[place]].label}"
             for place in taken}  # fmt: skip
    nothing = np.zeros(replications)
    return tuple(
        Interaction(
            names[a], names[b], paired(nothing, alone[a,], unit)[0], paired(nothing, alone[b,], unit)[0],
            paired(nothing, both[a, b], unit)[0], synergy, p,
        )
        for ((a, b), (synergy, _)), p in zip(tests.items(), adjusted.tolist(), strict=True)
    )  # fmt: skip


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
