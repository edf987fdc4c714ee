"""Ranking and selection: the guarantee on normals with known means, and how it ends."""

import numpy as np
import pytest

from simulator.errors import StudyError
from simulator.experiment.search.selection import FIRST, kim_nelson


def normals(means, seed, together=0.0, spread=1.0):
    """Samples of normals that share a part of their luck, kept so that more of them begin with those before."""
    rng = np.random.default_rng(seed)
    table = np.sqrt(together) * rng.normal(size=5_000) + np.sqrt(1 - together) * rng.normal(size=(len(means), 5_000))
    table = np.array(means)[:, None] + spread * table

    def sampling(systems, replications):
        return [table[each, :replications] for each in systems]

    return sampling


@pytest.mark.parametrize("together", [0.0, 0.8])
def test_the_best_is_selected_as_often_as_promised(together):
    """With means in the least favourable configuration, the best of five is missed in at most 5 % of 400 selections,
    within three standard errors, with and without common luck.
    """
    means = (0.0, 0.0, 1.0, 0.0, 0.0)
    found = [kim_nelson(5, normals(means, seed, together), 5_000, 1.0).best for seed in range(400)]
    wrong = sum(each != 2 for each in found) / 400
    assert wrong <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


@pytest.mark.parametrize("means", [(0.0, 0.5, 1.0, 0.9), (0.0, 0.1, 0.95, 0.9), (0.9, 0.8, 1.7, 0.6)])
def test_close_rivals_cost_no_more_than_promised(means):
    """Where the best leads by less than the indifference, or rivals crowd around it, what is selected is more than the
    indifference behind the best in at most 5 % of 400 selections, within three standard errors.
    """
    found = [means[kim_nelson(4, normals(means, seed, 0.5), 5_000, 0.8).best] for seed in range(400)]
    behind = sum(max(means) - each > 0.8 for each in found) / 400
    assert behind <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_common_luck_spares_replications():
    """Systems that share their luck are told apart with fewer replications."""
    means = (0.0, 0.5, 1.0)
    apart, shared = (
        sum(sum(kim_nelson(3, normals(means, seed, together), 5_000, 0.5).replications) for seed in range(30))
        for together in (0.0, 0.9)
    )
    assert shared < 0.5 * apart


def test_clearly_worse_ones_are_left_out_first():
    """What is far behind gets the first replications and no more, and the guarantee holds at the end."""
    found = kim_nelson(3, normals((0.0, 9.0, 10.0), 1, spread=2.0), 5_000, 0.5)
    assert found.best == 2
    assert found.replications[0] == FIRST < found.replications[2]
    assert found.remaining == (2,)
    assert found.confidence == 0.95


def test_ending_early_is_said():
    """Where the replications do not suffice, there is no confidence, and those that remain are named."""
    found = kim_nelson(2, normals((0.0, 0.0), 3), 30, 0.01)
    assert found.confidence == 0.0
    assert found.remaining == (0, 1)
    assert found.replications == (30, 30)


def test_equal_systems_without_spread_end_at_once():
    """Without any luck the first look decides, and ties go to the first."""
    found = kim_nelson(2, lambda systems, n: [np.ones(n) for _ in systems], 100, 0.1)
    assert (found.best, found.replications) == (0, (FIRST, FIRST))


@pytest.mark.parametrize("apart", [0.0, 100.0])
def test_rounding_is_no_variance(apart):
    """Systems whose differences are the same in every replication, but for the order of additions, have no spread; the
    first of equals is best even where rounding puts another before it.
    """
    luck = np.random.default_rng(1).normal(1e6, 1e5, 50)
    table = [luck, (luck + 0.1) - 0.1 + 1e-9, luck - apart]
    found = kim_nelson(3, lambda systems, n: [table[each][:n] for each in systems], 50)
    assert (found.best, found.indifference, found.confidence) == (0, 0.0, 0.95)
    assert found.replications == (FIRST, FIRST, FIRST)
    assert found.remaining == ((0, 1, 2) if apart == 0 else (0, 1))


def test_one_system_is_the_best():
    """There is nothing to tell apart."""
    found = kim_nelson(1, normals((3.0,), 1), 100, 0.1)
    assert (found.best, found.remaining, found.confidence) == (0, (0,), 0.95)


def test_without_a_stated_difference_the_replications_settle_it():
    """It always ends with the guarantee, for a difference that halves with four times the replications; and in 300
    selections among means closer than that, the one selected is more than it behind in at most 5 %, within three
    standard errors.
    """
    few, many = (kim_nelson(3, normals((0.0, 0.1, 0.2), 1), most) for most in (50, 200))
    assert few.confidence == many.confidence == 0.95
    assert many.indifference == pytest.approx(few.indifference / 2)
    means = (0.0, 0.5, 1.0, 1.5)
    found = [kim_nelson(4, normals(means, seed), 40) for seed in range(300)]
    wrong = np.mean([max(means) - means[each.best] > each.indifference for each in found])
    assert wrong <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


@pytest.mark.parametrize("indifference", [0.0, -1.0, float("nan")])
def test_some_difference_must_not_matter(indifference):
    """A zone of nothing would never be reached."""
    with pytest.raises(StudyError, match="must be positive"):
        kim_nelson(2, normals((0.0, 1.0), 1), 100, indifference)
