"""Which levels of a portfolio are looked at in pairs, and with which luck."""

from itertools import combinations

import numpy as np
import pytest

from simulator.experiment.search.evaluation import Trial, Trials
from simulator.experiment.search.goal import Goal, Target, target_of
from simulator.experiment.search.interactions import MOST, interactions
from simulator.experiment.search.selection import FIRST
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.kpis.catalogue import Kpi, catalogue
from simulator.program.compiler import compile_scenario

CHOOSING, TELLING = 2, 3
EIGHT = Space(tuple(Dimension(name, (Level("no"), Level("yes"))) for name in "abcdefgh"))


@pytest.fixture
def target(portfolio):
    """The margin, of which more is better."""
    return target_of(Goal("margin"), catalogue(compile_scenario(portfolio.scenario, portfolio.folder)), "EUR")


def test_the_figures_have_luck_that_did_not_choose_the_levels(portfolio, six_tools, quickly, target):
    """Of six levels four are chosen by ten replications of one seed; all figures are of another, and of these alone."""
    every = (1,) * 6
    with Trials(portfolio, six_tools, quickly, ("margin",), None) as trials:
        found = interactions(trials, every, target, "EUR", CHOOSING, TELLING, 3)
        alone = [each for each in trials.known(CHOOSING) if sum(each) == 1]
        gains = trials.tried([six_tools.base, *alone], CHOOSING, FIRST)
        told = trials.known(TELLING)
    worth = {
        choice.index(1): (trial.kpis - gains[0].kpis).mean() for choice, trial in zip(alone, gains[1:], strict=True)
    }
    best = sorted(sorted(worth, key=lambda place: -worth[place])[:MOST])
    named = [six_tools.dimensions[place].name for place in best]
    assert len(worth) == 6
    assert [(each.one, each.other) for each in found] == [(f"{a} yes", f"{b} yes") for a, b in combinations(named, 2)]
    assert {sum(choice) for choice in told} == {0, 1, 2}
    assert len(told) == 1 + MOST + len(found)
    assert all(trial.kpis.shape == (1, 3) for trial in told.values())


class Luck:
    """Choices that are worth nothing: every figure of every choice is luck of its own."""

    space = EIGHT

    def tried(self, choices, seed, replications):
        """Standard normal values, the same ones for the same choice and seed."""
        return [
            Trial(
                0.0,
                np.random.default_rng([seed, *choice]).normal(size=(1, replications)) * any(choice),
                np.empty((0, 0)),
            )
            for choice in choices
        ]


def test_levels_that_are_worth_nothing_have_no_synergy():
    """Over 200 portfolios the mean synergy is 0 within three standard errors; by the luck that chose them, -0.5."""
    target = Target(Kpi("orders", "Orders", "orders", "higher", "", "volumes", headline=False), 1.0, ())
    means = []
    for number in range(200):
        found = interactions(Luck(), (1,) * 8, target, "EUR", 2 * number, 2 * number + 1, 10)
        means.append(np.mean([each.synergy.mean for each in found]))
    assert abs(np.mean(means)) < 3 * np.std(means, ddof=1) / np.sqrt(len(means))


def test_few_levels_are_all_looked_at(portfolio, six_tools, quickly, target):
    """Of two there is one pair, which no other luck has to choose; of one or none there is none."""
    with Trials(portfolio, six_tools, quickly, ("margin",), None) as trials:
        (pair,) = interactions(trials, (1, 1, 0, 0, 0, 0), target, "EUR", CHOOSING, TELLING, 3)
        assert trials.known(CHOOSING) == {}
        assert interactions(trials, (1, 0, 0, 0, 0, 0), target, "EUR", CHOOSING, TELLING, 3) == ()
    assert (pair.one, pair.other, pair.both.n) == ("crm yes", "quoting yes", 3)
