"""The response surface: exact where nothing is random, and calmer than the trials where something is."""

from itertools import product

import numpy as np
import pytest

from simulator.experiment.search.response import features, smoothed
from simulator.experiment.search.space import Dimension, Level, Space

SPACE = Space((
    *(Dimension(f"tool {n}", (Level("no"), Level("yes"))) for n in range(6)),
    Dimension("crew", tuple(map(Level, "123"))),
))  # fmt: skip
CHOICES = list(SPACE.choices())


def worth(choice):
    """A sum of single levels and of pairs."""
    a, b, c, d, *_, crew = choice
    return 100 + 10 * a - 4 * b + 7 * c + 12 * a * b - 5 * c * d + (0, 9, 11)[crew] + 3 * a * (crew == 2)


WORTHS = np.array([worth(choice) for choice in CHOICES])


def test_features_are_levels_and_pairs():
    """Eight steps of the dimensions and all products of steps of different dimensions."""
    rows = features(SPACE, CHOICES)
    assert rows.shape == (192, 8 + 15 + 6 * 2)
    assert rows[CHOICES.index((1, 0, 0, 0, 0, 0, 2)), :8].tolist() == [1, 0, 0, 0, 0, 0, 1, 1]


def test_what_is_made_of_pairs_is_found_exactly():
    """From 80 of 192 exact values the others follow."""
    rng = np.random.default_rng(1)
    seen = rng.permutation(len(CHOICES))[:80]
    found = smoothed(SPACE, [CHOICES[k] for k in seen], WORTHS[seen], CHOICES)
    assert found == pytest.approx(WORTHS, abs=0.05)


def test_luck_is_evened_out():
    """With noise, the surface is at most half as far from the truth as the trials themselves are."""
    rng = np.random.default_rng(2)
    noisy = WORTHS + rng.normal(0, 8, WORTHS.size)
    found = smoothed(SPACE, CHOICES, noisy, CHOICES)
    error = [float(np.sqrt(np.mean((each - WORTHS) ** 2))) for each in (noisy, found)]
    assert error[1] < 0.5 * error[0]


def test_equal_values_stay_equal():
    """A KPI that nothing moves is expected to be what it is, everywhere."""
    assert smoothed(SPACE, CHOICES[:20], np.full(20, 7.0), CHOICES) == pytest.approx(np.full(192, 7.0))


def test_few_trials_give_no_nonsense():
    """Two trials of a space with two choices are kept in their order."""
    space = Space((Dimension("tool", (Level("no"), Level("yes"))),))
    low, high = smoothed(space, list(product((0, 1))), np.array([1.0, 3.0]), list(space.choices()))
    assert 1.0 <= low < high <= 3.0
