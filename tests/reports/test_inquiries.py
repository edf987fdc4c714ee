"""Tables of a search: the best first with what it gains, and the limits that it keeps or breaks."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports.inquiries import limits_table, portfolios_table
from simulator.experiment.plan import Plan
from simulator.experiment.search.goal import Goal
from simulator.experiment.search.search import SearchPlan, search
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.schema.loading import load_scenario
from tests.reports.reading import plain

PORTFOLIO = Path(__file__).resolve().parents[1] / "simulator" / "experiment" / "search" / "portfolio.yaml"


@pytest.fixture(scope="module")
def found():
    """A price of 1 000 or 1 100 EUR, with a limit on costs that no price touches."""
    space = Space((Dimension("price", (Level("as it is"), Level("more", (), {"policies.price": "1 100 EUR"}))),))
    goal = Goal("margin", constraints=("cost_total <= 31 000",))
    plan = SearchPlan(goal, Plan(replications=1, jobs=1, engine="simpy"), fresh=3)
    return search(load_scenario(PORTFOLIO), space, plan)


def test_the_best_stands_first_with_its_pairs_and_its_limits(found):
    """As the caption says, which speaks of the first; replications are the pairs behind the gain."""
    table = portfolios_table(found)
    assert [row[0] for row in table.rows] == ["price more", "as it is"]
    assert table.rows[0][-2:] == (str(found.best.gain.n), "kept")
    assert "better than the first" in plain(table.caption)


def test_differences_without_luck_are_called_identical(found):
    """No difference of nothing is named; where one choice alone is allowed, the caption says that."""
    exact = replace(found, selected=replace(found.selected, indifference=0.0))
    assert "identical in every fresh replication" in plain(portfolios_table(exact).caption)
    alone = plain(portfolios_table(replace(exact, candidates=(found.best,))).caption)
    assert "no other choice was found to be allowed" in alone


def test_without_limits_none_is_said_to_be_kept(found):
    """An empty place, not a word that sounds like a check."""
    free = replace(found, candidates=tuple(replace(each, limits=()) for each in found.candidates))
    assert {row[-1] for row in portfolios_table(free).rows}.isdisjoint({"kept", "broken", "not certain"})


@pytest.mark.parametrize("kept", ["kept", "not certain", "broken"])
def test_each_limit_stands_with_its_interval_and_verdict(found, kept):
    """The KPI, the limit in its unit, mean, interval, and what the search says of it."""
    (limit,) = found.best.limits
    best = replace(found.best, limits=(replace(limit, kept=kept),))
    (row,) = limits_table(replace(found, best=best)).rows
    assert [plain(cell) for cell in row[:2]] == ["cost_total", "<= 31 000 EUR"]
    assert row[-1] == kept
