"""Who is measured afresh: the likely best and the likely frontier, within budget and constraints."""

import numpy as np
import pytest

from simulator.experiment.search.evaluation import Trial
from simulator.experiment.search.goal import Constraint, Target
from simulator.experiment.search.shortlist import Outlook, undominated
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.kpis.catalogue import Kpi

SPACE = Space(tuple(Dimension(f"tool {n}", (Level("no"), Level("yes"))) for n in range(6)))
GAINS, PRICES, DELAYS = np.array([9, 7, 5, 3, -1, -4]), np.array([6, 2, 3, 4, 1, 2]), np.array([0, 4, 0, 0, 0, -3])
KPI = Kpi("margin", "Margin", "EUR", "higher", "", "money", headline=True)
TARGET = Target(KPI, 1.0, (Constraint("dso", "<=", 52.0),))


def seen(choices, budget=np.inf):
    """Trials of choices whose margin and DSO are sums of what their tools bring; refused over the budget."""
    trials = {}
    for choice in choices:
        taken = np.array(choice)
        price = float(taken @ PRICES)
        kpis = np.array([[100.0 + taken @ GAINS], [50.0 + taken @ DELAYS]])
        trials[choice] = Trial(price, kpis[:, :0], np.empty((0, 0)), "over") if price > budget else Trial(
            price, kpis, np.empty((1, 0))
        )  # fmt: skip
    return trials


@pytest.fixture(scope="module")
def some():
    """Forty of the 64 choices, the two best left out."""
    every = [choice for choice in SPACE.choices() if choice not in {(1, 0, 1, 1, 0, 0), (1, 1, 1, 1, 0, 1)}]
    rng = np.random.default_rng(1)
    return [SPACE.base, *SPACE.singles(), *(every[k] for k in rng.permutation(len(every))[:33])]


def test_the_best_need_not_have_been_tried(some):
    """The second tool alone delays payment too much: it takes the sixth with it, which no trial has shown."""
    known = seen(some)
    first, second = Outlook(SPACE, known, TARGET, None).best(2)
    assert first == (1, 1, 1, 1, 0, 1)
    assert second == (1, 1, 1, 1, 1, 1)
    assert first not in known


def test_a_budget_is_kept_by_what_was_not_tried(some):
    """Spending is foretold as exactly as it adds up, and what was refused is out."""
    outlook = Outlook(SPACE, seen(some, 9), TARGET, 9)
    best = outlook.best(64)
    assert best[0] == (1, 0, 1, 0, 0, 0)
    assert all(np.array(choice) @ PRICES <= 9 for choice in best)


def test_the_frontier_is_thinned_to_its_ends(some):
    """No more points than asked for, the cheapest and the best among them."""
    outlook = Outlook(SPACE, seen(some), TARGET, None)
    whole, thin = outlook.frontier(99), outlook.frontier(3)
    assert len(thin) == 3 < len(whole)
    assert (thin[0], thin[-1]) == (whole[0], whole[-1])
    assert thin[0] == SPACE.base
    assert thin[-1] == outlook.best(1)[0]


def test_only_what_no_other_beats_is_kept():
    """Dearer and no better is out, also at the same price or with the same value."""
    spending, values = np.array([0.0, 5, 5, 7, 9, 9]), np.array([1.0, 3, 4, 4, 2, 8])
    assert undominated(spending, values) == [0, 2, 5]
    assert undominated(np.zeros(0), np.zeros(0)) == []
