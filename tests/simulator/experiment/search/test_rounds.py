"""Rounds of a search: luck of their own, read against the base of the same luck."""

import numpy as np
import pytest

from simulator.experiment.search import rounds as module
from simulator.experiment.search.evaluation import Trials
from simulator.experiment.search.rounds import Rounds
from simulator.experiment.search.space import Dimension, Level, Space

KPIS = ("margin", "revenue_invoiced")
SEED = 3


@pytest.fixture
def wages(portfolio, quickly, monkeypatch):
    """Rounds of one choice, of desks that cost more and earn the same; four wages, two lucks."""
    monkeypatch.setattr(module, "ROUND", 2)
    levels = (
        Level("same"),
        *(Level(f"{cost} EUR/h", (), {"teams.desk.cost": f"{cost} EUR/h"}) for cost in (11, 12, 13)),
    )
    space = Space((Dimension("wage", levels),))
    with Trials(portfolio, space, quickly, KPIS, None) as trials:
        yield Rounds(trials, SEED, 2, 4)


def test_each_round_has_its_own_luck_until_it_comes_back(wages):
    """The first round has replications 1 and 2, the second 3 and 4, the third those of the first again."""
    assert wages.lucks == 2
    base = wages.seen[0,].kpis[1]
    assert base.size == 4
    revenue = [wages.tried([(level,)])[0].kpis[1] for level in (1, 2, 3)]  # wages leave it as it is
    raw = [base[:2], base[2:], base[:2]]
    assert not np.allclose(raw[0], raw[1])
    for seen, drawn in zip(revenue, raw, strict=True):
        assert seen == pytest.approx(drawn - drawn.mean() + base.mean())


def test_what_luck_does_to_the_base_is_taken_off(wages):
    """An hour that costs one euro more costs the same in every round, though revenues differ by much more."""
    means = [wages.seen[0,].kpis[0].mean(), *(wages.tried([(level,)])[0].kpis[0].mean() for level in (1, 2, 3))]
    steps = np.diff(means)
    assert steps == pytest.approx(steps.mean(), abs=1e-6)
    assert steps.mean() < 0


def test_nothing_is_tried_twice(wages):
    """A choice that was seen keeps its place, its figures and its luck, and begins no round."""
    first = wages.tried([(1,)])[0].kpis
    second, again = wages.tried([(2,), (1,)])
    assert np.array_equal(again.kpis, first)
    assert list(wages.seen) == [(0,), (1,), (2,)]
    wages.tried([(1,), (2,)])
    assert wages.tried([(3,)])[0].kpis[1] == pytest.approx(first[:][1]), "the third round, after two"
    assert second.kpis.shape == (2, 2)


def test_few_choices_share_one_luck(portfolio, quickly):
    """Where all fit into a round they pair with each other, and nothing has to be taken off."""
    space = Space((Dimension("wage", (Level("same"), Level("more", (), {"teams.desk.cost": "11 EUR/h"}))),))
    with Trials(portfolio, space, quickly, KPIS, None) as trials:
        rounds = Rounds(trials, SEED, 2, 4)
        (seen,) = rounds.tried([(1,)])
        (raw,) = trials.tried([(1,)], SEED, 2)
    assert rounds.lucks == 1
    assert np.array_equal(seen.kpis, raw.kpis)


def test_what_is_refused_stays_refused(portfolio, quickly):
    """A choice over the budget has no figures to take anything off."""
    wages = Dimension("wage", (Level("same"), Level("more", (), {"teams.desk.cost": "99 EUR/h"})))
    with Trials(portfolio, Space((wages,)), quickly, KPIS, 0.0) as trials:
        (seen,) = Rounds(trials, SEED, 2, 4).tried([(1,)])
    assert seen.refused == "over the budget"
    assert seen.kpis.size == 0


def test_a_figure_that_is_not_defined_is_left_as_it_is(portfolio, quickly):
    """Where the base has none, nothing is taken off."""
    space = Space((Dimension("wage", (Level("same"), Level("more", (), {"teams.desk.cost": "11 EUR/h"}))),))
    with Trials(portfolio, space, quickly, ("no_such_kpi",), None) as trials:
        (seen,) = Rounds(trials, SEED, 2, 4).tried([(1,)])
    assert np.isnan(seen.kpis).all()
