"""The frontier as a picture: every point in its place, the best marked, words for who cannot see it."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports.charts.frontier import chart
from simulator.experiment.plan import Plan
from simulator.experiment.search.goal import Goal
from simulator.experiment.search.search import SearchPlan, search
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.schema.loading import load_scenario
from tests.reports.reading import layer, layers, plain, shapes

PORTFOLIO = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "search" / "portfolio.yaml"


def bought(name, price):
    """A tool to buy or not, and the policy that it moves."""
    changes = {f"policies.{name}": 1, f"tools.{name}": {"licence": "0 EUR/month", "set_up": f"{price} EUR"}}
    return Dimension(name, (Level("no"), Level("yes", (), changes)))


@pytest.fixture(scope="module")
def found():
    """Two tools that pay, and one that is beyond the budget."""
    space = Space((bought("crm", 4_000), bought("quoting", 6_000), bought("erp", 90_000)))
    plan = SearchPlan(Goal("margin", budget=50_000), Plan(replications=1, jobs=1, engine="simpy"), fresh=3)
    return search(load_scenario(PORTFOLIO), space, plan)


def test_points_lie_where_the_search_measured_them(found):
    """What is tried and allowed in grey, the frontier with names and intervals, the best apart."""
    picture = chart(found)
    tried, steps = layers(picture)[:2]
    assert len(tried.rows) == sum(each.allowed for each in found.tried) < len(found.tried)
    assert [(row["spending"], row["value"]) for row in steps.rows] == [
        (each.spending, each.result.mean) for each in found.frontier
    ]
    dots = layer(picture, "point").rows
    assert [row["name"] for row in dots if row["best"]] == ["crm, quoting"]
    assert shapes(picture.svg(), "rule") == len(found.frontier)


def test_words_say_what_is_seen(found):
    """The best and each point of the frontier with its figure."""
    assert plain(chart(found).alt).startswith("Portfolio: best crm, quoting, ")
    assert "for 10 000 EUR. Frontier: as it is " in plain(chart(found).alt)


def test_one_point_is_no_frontier(found):
    """Where spending brings nothing a sentence stands instead of the chart."""
    picture = chart(replace(found, frontier=(found.base,)))
    assert picture.chart is None
    assert plain(picture.missing) == "Nothing that costs more than crm, quoting brings more Margin."


def test_without_intervals_no_lines(found):
    """A point measured once has no line."""
    once = tuple(replace(each, result=replace(each.result, n=1)) for each in found.frontier)
    assert len(once) >= 1
    picture = chart(replace(found, frontier=(*once, *once)))
    assert shapes(picture.svg(), "rule") == 0
