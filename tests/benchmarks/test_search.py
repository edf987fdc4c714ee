"""The benchmark of the search: its portfolios, its regret, and its table."""

import pytest

from benchmarks.search import BASELINE, BUDGET, DESK, PRICES, Contest, desk, measure, shown, twelve
from simulator.experiment.intervals import Estimate
from simulator.experiment.plan import Plan
from simulator.experiment.search.space import Space
from simulator.schema.loading import load_scenario


def test_portfolios_have_the_sets_that_are_said():
    """4 096 sets of twelve."""
    baseline = load_scenario(BASELINE)
    assert [space.size for space in (twelve(baseline), desk())] == [4096, 4096]


def test_all_twelve_can_be_had_together():
    """Tools and measures of the baseline do not exclude each other: each is there in the set of all."""
    baseline = load_scenario(BASELINE)
    space = twelve(baseline)
    laid = space.laid(baseline, (1,) * 12).scenario
    engineers = laid.teams["engineering"].people().values()
    assert sum(each.head_count for each in engineers) == 4
    assert {"crm", "erp", "quoting", "hiring"} <= set(laid.tools)


def test_a_budget_rules_out_some_sets():
    """All tools of the desk cost about twice the budget."""
    assert BUDGET < sum(PRICES.values()) < 2.5 * BUDGET


@pytest.mark.slow
def test_a_small_contest_is_decided_with_fresh_luck():
    """Of four tools of the desk, searched with ten trials, what is found is hardly worse than the best of all sets."""
    space = Space(desk().dimensions[:4])
    plan = Plan(replications=1, jobs=1, engine="simpy")
    found = measure(load_scenario(DESK), space, plan, 9_000, trials=10, fresh=3, judging=3)
    assert (found.sets, found.tried) == (16, 10)
    assert found.lost.n == 3
    assert found.lost.mean == pytest.approx(found.best - found.found)
    assert abs(found.lost.mean) < 0.1 * found.best
    assert found.base < found.found
    assert 0 < found.processor < 2 * found.seconds + 1


def test_the_table_shows_regret_and_gain():
    """Regret is of the best margin, the share of what could be gained."""
    lost = Estimate(4_000, -1_000, 9_000, 100, "")
    contest = Contest(4096, 150, 73.4, 140.2, 100_000, 196_000, 200_000, lost)
    assert contest.regret == "2.0% (-0.5% to 4.5%)"
    assert contest.share_of_gain == pytest.approx(0.96)
    assert shown({"desk": contest}).splitlines()[2] == (
        "| desk | 4 096 | 150 | 73 | 140 | 100 000 | 196 000 | 200 000 | 2.0% (-0.5% to 4.5%) | 96% |"
    )
