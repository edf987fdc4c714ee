"""Tables of a search: the best first with what it gains, and the limits that it keeps or breaks."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reports import wording
from reports.inquiries import backtest_table, investment_table, limits_table, portfolios_table, synergies_table
from simulator.experiment.forecast.backtest import Backtest, Coverage
from simulator.experiment.intervals import Estimate
from simulator.experiment.investment import Payback
from simulator.experiment.plan import Plan
from simulator.experiment.search.goal import Goal
from simulator.experiment.search.result import Interaction
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


def test_a_backtest_tells_how_often_each_band_held():
    """The share of each account in each band, with its standard error, and of how many pasts."""
    held = [Coverage("booked", 0.5, 0.48, 0.07, 0.51, 0.02), Coverage("collected", 0.9, 0.92, 0.04, 0.9, 0.01)]
    table = backtest_table(Backtest(50, 200, tuple(held), *np.zeros((3, 50, 2))))
    assert "50 simulated pasts, each with 200 futures" in table.caption
    assert [plain(cell) for cell in table.rows[0]] == ["Bookings", "50.0 %", "48.0 %", "7.0 %", "51.0 %", "2.0 %"]
    assert [row[0] for row in table.rows] == ["Bookings", "Cash collected"]


@pytest.mark.parametrize("kept", ["kept", "not certain", "broken"])
def test_each_limit_stands_with_its_interval_and_verdict(found, kept):
    """The KPI, the limit in its unit, mean, interval, and what the search says of it."""
    (limit,) = found.best.limits
    best = replace(found.best, limits=(replace(limit, kept=kept),))
    (row,) = limits_table(replace(found, best=best)).rows
    assert [plain(cell) for cell in row[:2]] == ["cost_total", "<= 31 000 EUR"]
    assert row[-1] == kept


def test_synergies_are_told_with_interval_and_p(found):
    """What each is worth alone, both, and what that is beyond the sum of them."""
    worth = [Estimate(each, each - 1, each + 1, 9, "EUR") for each in (100.0, 200.0, 350.0, 50.0)]
    pair = Interaction("crm yes", "quoting yes", *worth, 0.02)
    (row,) = synergies_table(replace(found, interactions=(pair,))).rows
    assert [plain(cell) for cell in row] == [
        "crm yes and quoting yes", "+100 EUR", "+200 EUR", "+350 EUR", "+50.00 EUR", "from +49.00 to +51.00 EUR",
        "p = 0.020",
    ]  # fmt: skip


def test_the_investment_says_whether_the_money_comes_back(found):
    """Net present value, payback and, where something is spent, the return; never is a word, not a number."""
    value = Estimate(1_000.0, 900.0, 1_100.0, 9, "EUR")
    spent = replace(
        found.investment, spending=4_000.0, discount=0.08, months=12, net_present_value=value,
        return_on_investment=Estimate(0.25, 0.2, 0.3, 9, "share"),
        payback=Payback(9.5, 0.0, math.inf, 0.9),
    )  # fmt: skip
    table = investment_table(found, spent)
    assert plain(table.caption) == "price more against the base over 12 months, for 4 000 EUR in the first year"
    assert [[plain(cell) for cell in row] for row in table.rows] == [
        ["Net present value at 8.0 % a year", "+1 000 EUR", "from +900 to +1 100 EUR"],
        ["Payback", "9.5 months", "from at once to not within that time"],
        ["Return on first-year spending", "25.0 %", "from 20.0 to 30.0 %"],
    ]
    once = replace(spent, return_on_investment=None, payback=Payback(math.nan, math.nan, math.nan, 0.0))
    rows = investment_table(found, once).rows
    assert [row[0] for row in rows] == ["Net present value at 8.0\u00a0% a year", "Payback"]
    assert rows[1][1] == wording.UNDEFINED
    (row,) = investment_table(found, replace(once, payback=None)).rows
    assert row[0].startswith("Net present value")
