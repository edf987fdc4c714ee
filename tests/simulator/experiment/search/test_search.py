"""The whole search on a scenario whose margin is known, and on machines that are repaired."""

import dataclasses
import json
import math

import numpy as np
import pytest

from simulator.errors import Cancelled, StudyError
from simulator.experiment.intervals import skewed_interval, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.queueing import machine_repair
from simulator.experiment.replications import run
from simulator.experiment.search.confirmation import limit_of
from simulator.experiment.search.evaluation import Trials
from simulator.experiment.search.goal import Constraint, Goal
from simulator.experiment.search.search import SearchPlan, search
from simulator.experiment.search.shortlist import Outlook
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.experiment.search.staffing import head_count
from simulator.schema.loading import load_changed, load_scenario
from workbench.cli.files import defined

BEST = {"crm", "quoting", "erp", "mail"}
"""Without a budget: web and analytics cost more than they bring, erp and mail pay together only."""
PRICED = {text: {"policies.price": text} for text in ("900 EUR", "1 100 EUR")}
"""Prices that make a revenue safely less or more."""
COSTS = {1: 175.46, 2: 129.66, 3: 132.42, 4: 145.82, 5: 160.71}
"""EUR an hour of a crew of one to five, who cost 15, with five machines, which cost 60 while they are down."""


def bought(portfolio):
    """Names of the tools of a portfolio."""
    return set(portfolio.levels)


@pytest.fixture(scope="module")
def found(portfolio, six_tools):
    """A search that sees half of the 64 choices."""
    plan = Plan(replications=1, jobs=1, engine="simpy")
    return search(portfolio, six_tools, SearchPlan(Goal("margin"), plan, trials=32))


def test_the_best_set_is_found_without_trying_all(found):
    """Half of the choices suffice to see that two tools pay only together, and the selection is sure of it."""
    assert bought(found.best) == BEST
    assert (len(found.tried), found.size, found.complete) == (32, 64, False)
    assert found.settled


def test_regret_against_full_enumeration_is_nought(found, portfolio, six_tools, quickly):
    """With the fresh replications that confirmed it, none of all 64 choices is better than the one found."""
    with Trials(portfolio, six_tools, quickly, ("margin",), None) as trials:
        every = trials.tried(six_tools.choices(), found.fresh_seed, 2)
        (chosen,) = trials.tried([found.best.choice], found.fresh_seed, 2)
    best = max(trial.kpis[0].mean() for trial in every)
    assert (best - chosen.kpis[0].mean()) / best == 0


def test_figures_are_of_luck_by_which_nothing_was_chosen(found, portfolio, six_tools, quickly):
    """Result and gain of every portfolio, the money and the synergies are those of a third seed, as many replications
    of the base as of the best, whichever of them the selection left out first.
    """
    choices = [each.choice for each in (*found.candidates, *found.frontier)]
    assert len({found.seed, found.fresh_seed, found.confirmed_seed}) == 3
    with Trials(portfolio, six_tools, quickly, ("margin",), None) as trials:
        base, best, *others = trials.tried([six_tools.base, found.best.choice, *choices], found.confirmed_seed, 30)
    gain = best.kpis[0] - base.kpis[0]
    assert found.best.gain.n == found.base.replications == 30
    assert found.best.gain == skewed_interval(gain, unit="EUR") != t_interval(gain, unit="EUR")
    assert sum(each.mean for each in found.investment.cash) == pytest.approx((best.cash - base.cash)[:, -1].mean())
    assert [each.result.mean for each in (*found.candidates, *found.frontier)] == pytest.approx(
        [trial.kpis[0].mean() for trial in others]
    )
    assert all(each.both.n == 30 for each in found.interactions)


def test_the_best_stands_first_and_the_others_by_gain(found):
    """What ranking and selection says of its systems, it says of the candidates in the order in which they stand."""
    gains = [each.gain.mean for each in found.candidates[1:]]
    assert found.candidates[0] == found.best
    assert gains == sorted(gains, reverse=True)
    assert found.selected.best == 0
    assert found.selected.replications[0] == max(found.selected.replications)
    assert {each.choice for each in found.frontier} <= {each.choice for each in found.candidates}


@pytest.mark.parametrize(("budget", "tools"), [(3_999, set()), (10_000, {"crm", "quoting"})])
def test_a_budget_is_kept(portfolio, six_tools, quickly, budget, tools):
    """The best for the money, which is not what is best without limit; what costs more is never simulated."""
    plan = SearchPlan(Goal("margin", budget=budget), quickly, trials=64, candidates=2, fresh=10)
    found = search(portfolio, six_tools, plan)
    assert bought(found.best) == tools
    assert found.best.spending <= budget
    over = [each for each in found.tried if each.spending > budget]
    assert over
    assert all(each.refused == "over the budget" and math.isnan(each.value) for each in over)


def test_constraints_are_kept(portfolio, six_tools, quickly, found):
    """With a limit on costs the best margin is another one, and the KPI stands beside it with its interval."""
    goal = Goal("margin", constraints=("cost_total <= 31 000",))
    bound = search(portfolio, six_tools, SearchPlan(goal, quickly, trials=64, candidates=2, fresh=10))
    assert bought(bound.best) == {"crm", "quoting"} != bought(found.best)
    (limit,) = bound.best.limits
    assert str(limit.constraint) == "cost_total <= 31000"
    assert limit.value.mean <= 31_000
    assert limit.kept == "kept"
    assert all(each.allowed for each in bound.frontier)


def between_the_seeds(portfolio, space, plan):
    """A limit that the scenario as it is keeps with the selecting luck and breaks with that of the figures."""
    with Trials(portfolio, space, plan.study, ("revenue_invoiced",), None) as trials:
        fresh, confirmed = (trials.tried([space.base], seed, 10)[0].kpis.mean()
                            for seed in (plan.fresh_seed, plan.confirmed_seed))  # fmt: skip
    sense = "<=" if fresh < confirmed else ">="
    return f"revenue_invoiced {sense} {(fresh + confirmed) / 2:.2f}"


def test_the_best_keeps_to_its_limits_with_new_luck_or_the_next_best_is_named(portfolio, quickly):
    """With a limit between the means of two seeds, the scenario as it is costs least and breaks it by one of them: the
    next is named in its place, which keeps to it by both, and no candidate breaks it.
    """
    plan = SearchPlan(Goal("cost_total"), quickly, fresh=10)
    one_person = Space((head_count(portfolio, "desk=1..2"),))
    limit = between_the_seeds(portfolio, one_person, plan)
    other = "1 100 EUR" if ">=" in limit else "900 EUR"
    prices = Space((*one_person.dimensions, Dimension("price", (Level("same"), Level(other, (), PRICED[other])))))
    found = search(portfolio, prices, dataclasses.replace(plan, goal=Goal("cost_total", constraints=(limit,))))
    assert found.best.levels == {"price": other}
    assert found.base.kept == "broken"
    assert {each.kept for each in found.candidates} <= {"kept", "not certain"}
    assert found.frontier[0] == found.best


def test_where_no_best_keeps_to_its_limits_with_new_luck_none_is_named(portfolio, quickly):
    """It is said how far beyond the nearest is, by the replications that refused it."""
    plan = SearchPlan(Goal("cost_total"), quickly, fresh=10)
    space = Space((head_count(portfolio, "desk=1..2"),))
    goal = Goal("cost_total", constraints=(between_the_seeds(portfolio, space, plan),))
    with pytest.raises(StudyError, match=r"the nearest \(.*\) is (less than 1|[1-9])% beyond"):
        search(portfolio, space, dataclasses.replace(plan, goal=goal))


@pytest.mark.parametrize(
    ("sense", "limit", "kept"),
    [("<=", 13, "kept"), ("<=", 10.5, "not certain"), ("<=", 9, "broken"), (">=", 8, "kept"),
     (">=", 9.5, "not certain"), (">=", 11, "broken")],
)  # fmt: skip
def test_a_limit_is_kept_where_the_whole_interval_keeps_it(sense, limit, kept):
    """Of a sample about 10, whose 95 % interval is 10 plus and minus 1."""
    assert limit_of(Constraint("dso", sense, limit, "d"), np.array([9.0, 9.5, 10.0, 10.5, 11.0])).kept == kept


def test_of_equals_the_cheapest_is_best(portfolio, quickly):
    """A second person at the desk changes no revenue, so that one stays."""
    space = Space((head_count(portfolio, "desk=1..3"),))
    found = search(portfolio, space, SearchPlan(Goal("revenue_invoiced"), quickly, fresh=2))
    assert found.best.choice == space.base
    assert [each.choice for each in found.frontier] == [space.base]


def test_what_cannot_be_kept_is_said(portfolio, six_tools, quickly):
    """The nearest choice, and how far beyond it is."""
    told = r"no choice keeps to cost_total <= 20 000: the nearest \(nothing changed\) is 4% beyond cost_total <= 20000"
    with pytest.raises(StudyError, match=told):
        search(portfolio, six_tools, SearchPlan(Goal(constraints=("cost_total <= 20 000",)), quickly, trials=64))


def shortlisted(monkeypatch, likely, front):
    """Let the response surface err: it names these as the likely best and the likely frontier."""
    monkeypatch.setattr(Outlook, "best", lambda *_: likely)
    monkeypatch.setattr(Outlook, "frontier", lambda *_: front)


def test_the_best_may_come_from_the_likely_frontier(portfolio, six_tools, quickly, monkeypatch):
    """All that is measured afresh can be selected, not the likely best alone."""
    crm, both = (1, 0, 0, 0, 0, 0), (1, 1, 0, 0, 0, 0)
    shortlisted(monkeypatch, [crm], [both])
    found = search(portfolio, six_tools, SearchPlan(Goal("margin"), quickly, trials=7, fresh=10))
    assert found.best.choice == both
    assert {each.choice for each in found.candidates} == {six_tools.base, crm, both}


def test_what_the_surface_overlooks_is_measured_before_nothing_is_allowed(portfolio, six_tools, quickly, monkeypatch):
    """Where no likely choice keeps to the limits, those that the search saw nearest to them are asked."""
    shortlisted(monkeypatch, [], [])
    goal = Goal("cost_total", constraints=("margin >= 25 000",))
    found = search(portfolio, six_tools, SearchPlan(goal, quickly, trials=64, fresh=10))
    assert found.best.choice != six_tools.base
    assert found.best.allowed


def test_the_nearest_is_that_of_fresh_luck(portfolio, quickly):
    """What is said to be beyond the limit by so much is, by the replications that refused it: with a limit between the
    means of two seeds, nothing is said to be 0 % beyond.
    """
    space = Space((head_count(portfolio, "desk=1..2"),))
    plan = SearchPlan(Goal("cost_total"), quickly, fresh=10)
    with Trials(portfolio, space, quickly, ("revenue_invoiced",), None) as trials:
        tried, fresh = (trials.tried([space.base], seed, n)[0].kpis.mean()
                        for seed, n in ((quickly.seed, 1), (plan.fresh_seed, 10)))  # fmt: skip
    sense = "<=" if tried < fresh else ">="
    goal = Goal("cost_total", constraints=(f"revenue_invoiced {sense} {tried:.2f}",))
    with pytest.raises(StudyError, match=rf"is {abs(fresh - tried) / tried:.0%} beyond"):
        search(portfolio, space, dataclasses.replace(plan, goal=goal))


def test_the_frontier_rises(found):
    """More spending brings more, from nothing to the best; every point was measured with the fresh seed."""
    spending = [each.spending for each in found.frontier]
    values = [each.result.mean for each in found.frontier]
    assert spending == sorted(spending)
    assert values == sorted(values)
    assert [bought(each) for each in found.frontier] == [set(), {"crm"}, {"crm", "quoting"}, BEST]


def test_synergies_are_found(found):
    """CRM and quoting are worth more together, ERP and mail too; CRM and ERP are worth the sum of both."""
    pairs = {frozenset((each.one.split()[0], each.other.split()[0])): each for each in found.interactions}
    together = pairs[frozenset(("crm", "quoting"))]
    assert together.synergy.low > 0
    assert together.p_adjusted < 0.001
    assert together.both.mean == pytest.approx(
        together.one_alone.mean + together.other_alone.mean + together.synergy.mean
    )
    assert pairs[frozenset(("erp", "mail"))].synergy.low > 0
    assert abs(pairs[frozenset(("crm", "erp"))].synergy.mean) < 0.01


def test_the_investment_is_that_of_the_best(found):
    """Spending is the price of the four tools, the gain in margin is that of cash, since all is paid at once."""
    assert found.investment.spending == 18_000
    assert found.investment.discount == 0.1
    gain = sum(month.mean for month in found.investment.cash)
    assert gain == pytest.approx(found.best.gain.mean, rel=1e-6)
    assert found.investment.return_on_investment.mean == pytest.approx(gain / 18_000)
    assert 0 < found.investment.payback.months < 6


@pytest.mark.slow
def test_same_seed_same_result_whatever_the_workers(portfolio, six_tools, found):
    """Two workers propose, try and find what one does."""
    plan = Plan(replications=1, jobs=2, engine="simpy")
    again = search(portfolio, six_tools, SearchPlan(Goal("margin"), plan, trials=32))
    assert again.tried == found.tried
    assert again == found


def test_a_result_is_json(found):
    """Nothing in it that JSON does not know, once what is not finite is null."""
    content = json.loads(json.dumps(defined(dataclasses.asdict(found)), allow_nan=False))
    assert content["best"]["levels"] == dict.fromkeys(sorted(BEST, key=list(found.best.levels).index), "yes")
    assert len(content["tried"]) == 32


def test_progress_comes_to_its_end(portfolio, six_tools, quickly):
    """Never beyond the total, and at it in the end."""
    told = []
    plan = SearchPlan(Goal("margin"), quickly, trials=10, candidates=1, fresh=2)
    search(portfolio, six_tools, plan, lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert all(done <= total for done, total in told)
    assert told[-1][0] == told[-1][1]


def test_cancelling_ends_it(portfolio, six_tools):
    """A caller who says stop gets Cancelled, and no processes stay."""
    plan = Plan(replications=1, jobs=2, engine="simpy")
    with pytest.raises(Cancelled):
        search(portfolio, six_tools, SearchPlan(Goal("margin"), plan), cancelled=lambda: True)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"trials": 0}, "number of trials must lie between"),
        ({"candidates": 0}, "number of candidates must lie between"),
        ({"fresh": 1}, "number of fresh replications must lie between"),
        ({"indifference": 0.0}, "must be positive"),
        ({"discount": -1.0}, "the discount rate"),
    ],
)
def test_plans_that_make_no_sense_are_refused(wrong, sentence):
    """Before anything is simulated."""
    with pytest.raises(StudyError, match=sentence):
        SearchPlan(**wrong)


def test_the_published_costs_are_those_of_the_formula():
    """15 EUR for each of the crew and 60 EUR for each machine that is down, by birth and death; they were published
    from numbers of machines with three decimals.
    """
    hourly = {crew: 15 * crew + 60 * machine_repair(5, 0.1, 0.25, crew).number for crew in COSTS}
    assert hourly == pytest.approx(COSTS, abs=60 * 0.0005)


@pytest.mark.slow
@pytest.mark.theory
def test_the_search_finds_two_repairers():
    """Of crews of one to five, two cost least, and it is sure of it."""
    loaded = load_scenario("theory/machine_repair_cost")
    plan = SearchPlan(Goal("cost_total"), Plan(replications=2, jobs=1), indifference=1.0 * 4800)
    found = search(loaded, Space((head_count(loaded, "crew=1..5"),)), plan)
    assert found.best.levels == {"teams.crew.head_count": "2"}
    assert found.settled
    assert found.complete


@pytest.mark.slow
@pytest.mark.theory
@pytest.mark.parametrize("crew", COSTS)
def test_simulated_costs_cover_the_published_ones(crew):
    """The 99.9 % interval of the hourly cost over 30 replications holds the formula's."""
    loaded = load_changed(load_scenario("theory/machine_repair_cost"), {"teams.crew.head_count": crew})
    hourly = t_interval(run(loaded, Plan(replications=30, jobs=1)).samples["cost_total"] / 4800, 0.999)
    exact = 15 * crew + 60 * machine_repair(5, 0.1, 0.25, crew).number
    assert hourly.low < exact < hourly.high
    assert hourly.half_width < 0.03 * exact
