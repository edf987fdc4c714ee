"""What is tried: everything where it is little, otherwise the base, each level alone, and then what pays."""

import math

import numpy as np
import pytest

from simulator.experiment.plan import LARGEST_SEED
from simulator.experiment.search.proposals import Score, explore
from simulator.experiment.search.space import Dimension, Level, Space

PRICES = np.array([5, 9, 3, 8, 6, 4, 7, 2, 9, 5])
WORTH = np.array([9, 4, 6, 2, 8, 1, 9, 3, 1, 7])
BUDGET = 25


def tools(number):
    """So many tools to take or leave."""
    return Space(tuple(Dimension(f"tool {n}", (Level("no"), Level("yes"))) for n in range(number)))


def knapsack(choices):
    """Worth with one synergy, and how far the prices are beyond the budget; what is over it has no value."""
    scores = []
    for choice in choices:
        taken = np.array(choice)
        over = float(taken @ PRICES[: taken.size]) / BUDGET - 1
        scores.append(
            Score(math.nan if over > 0 else float(taken @ WORTH[: taken.size]) + 4 * taken[0] * taken[2], over)
        )
    return scores


def best_of(choices):
    """The greatest worth among choices within the budget."""
    return max(score.value for score in knapsack(choices) if score.excess <= 0)


def test_a_small_space_is_tried_in_full():
    """As many trials as choices, or more, try each choice once."""
    assert explore(tools(4), knapsack, 16, 1) == list(tools(4).choices())


def test_the_base_and_single_levels_come_first():
    """So that the value of each is known before pairs are looked at."""
    space = tools(10)
    assert explore(space, knapsack, 30, 1)[:11] == [space.base, *space.singles()]


def test_so_many_different_choices_are_tried():
    """A proposal that is made again costs no trial."""
    found = explore(tools(10), knapsack, 60, 1)
    assert len(found) == len(set(found)) == 60


def test_a_space_that_is_nearly_tried_out_ends():
    """Where the sampler has nothing new to say, the search ends."""
    assert 16 <= len(explore(tools(5), knapsack, 31, 1)) <= 31


def test_same_seed_same_proposals():
    """And another seed, others."""
    one, again, other = (explore(tools(10), knapsack, 40, seed) for seed in (3, 3, 4))
    assert one == again != other


def test_every_seed_of_a_plan_will_do():
    """A plan states a seed of up to 63 bits, and the sampler takes 32."""
    one, largest = (explore(tools(10), knapsack, 20, seed) for seed in (5_000_000_000, LARGEST_SEED))
    assert len(one) == len(largest) == 20


def test_it_learns():
    """Over three seeds, 120 of 1,024 choices hold the best within the budget, or one within 3 % of it, and mean more
    than as many random ones do.
    """
    space = tools(10)
    every = list(space.choices())
    best = best_of(every)
    rng = np.random.default_rng(1)
    found, chance = [], []
    for seed in range(3):
        found.append(best_of(explore(space, knapsack, 120, seed)))
        chance.append(best_of([every[k] for k in rng.permutation(1024)[:120]]))
    assert min(found) >= 0.97 * best
    assert sum(found) > sum(chance)


@pytest.mark.parametrize("value", [math.nan, -math.inf])
def test_choices_without_a_value_are_no_obstacle(value):
    """A space of which nothing can be simulated is looked at all the same."""
    assert len(explore(tools(10), lambda choices: [Score(value, math.inf) for _ in choices], 20, 1)) == 20
