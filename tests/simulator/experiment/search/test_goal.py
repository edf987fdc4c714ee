"""Goals: which way is best, and what constraints say."""

import math

import pytest

from simulator.errors import StudyError
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.experiment.search.goal import Constraint, Goal, constraints_of, target_of
from simulator.kpis.catalogue import catalogue


@pytest.fixture(scope="module")
def kpis(portfolio):
    """The catalogue of a scenario in EUR with one team, the desk."""
    return catalogue(compiled(portfolio, Plan()))


@pytest.mark.parametrize(
    ("goal", "sign"),
    [
        (Goal("margin"), 1), (Goal("cost_total"), -1), (Goal("margin", "least"), -1),
        (Goal("utilisation_desk", "most"), 1),
    ],
)  # fmt: skip
def test_the_direction_is_that_of_the_kpi_unless_stated(goal, sign, kpis):
    """More margin, less cost; what is said explicitly goes before."""
    assert target_of(goal, kpis, "EUR").sign == sign


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("dso <= 45 d", 45), ("dso<=45", 45), ("dso <= 1080 h", 45), ("utilisation_desk <= 85 %", 0.85),
        ("margin >= 1 000 EUR", 1000), ("cac_payback <= 1 y", 8766 / 730),
    ],
)  # fmt: skip
def test_limits_are_read_in_the_unit_of_their_kpi(text, limit, kpis):
    """Days, hours, shares and money become what the KPI counts in; a bare number is in its unit."""
    [found] = constraints_of(text, kpis, "EUR")
    assert found.limit == pytest.approx(limit)


def test_a_star_stands_for_every_name_that_fits(kpis):
    """All utilisations of the scenario, the busiest among them."""
    found = constraints_of("utilisation_* <= 85 %", kpis, "EUR")
    assert [each.kpi for each in found] == ["utilisation_busiest", "utilisation_desk"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("dso = 45", "is no constraint"),
        ("dsso <= 45", "did you mean 'dso'"),
        ("dso <= 45 EUR", "not in the unit of dso, which is d"),
        ("margin >= 3 USD", "not in the unit of margin, which is EUR"),
        ("dso <= soon", "not in the unit"),
    ],
)
def test_constraints_that_cannot_be_read_are_refused(text, sentence, kpis):
    """With the text, what is wrong, and the mend."""
    with pytest.raises(StudyError, match=sentence):
        constraints_of(text, kpis, "EUR")


@pytest.mark.parametrize(
    ("goal", "sentence"),
    [
        (Goal("margn"), "did you mean 'margin'"),
        (Goal("utilisation_desk"), "say whether most or least"),
    ],
)
def test_goals_that_make_no_sense_are_refused(goal, sentence, kpis):
    """A KPI that is not there, or has no better side."""
    with pytest.raises(StudyError, match=sentence):
        target_of(goal, kpis, "EUR")


@pytest.mark.parametrize("budget", [-1.0, math.nan, math.inf])
def test_a_budget_is_an_amount(budget):
    """Not negative, and finite."""
    with pytest.raises(StudyError, match="the budget must be an amount"):
        Goal(budget=budget)


@pytest.mark.parametrize(
    ("sense", "value", "excess"), [("<=", 54, 0.2), ("<=", 45, 0.0), (">=", 36, 0.2), (">=", 54, -0.2)]
)
def test_excess_is_relative_to_the_limit(sense, value, excess):
    """Above nought beyond the limit, on either side; an undefined KPI keeps nothing."""
    limit = Constraint("dso", sense, 45)
    assert limit.excess(value) == pytest.approx(excess)
    assert limit.excess(math.nan) == math.inf


def test_the_worst_constraint_counts(kpis):
    """A target is as far beyond as the constraint that is furthest beyond."""
    target = target_of(Goal(constraints=("dso <= 45", "utilisation_desk <= 50 %")), kpis, "EUR")
    assert target.kpis == ("margin", "dso", "utilisation_desk")
    assert target.excess({"margin": 0, "dso": 54, "utilisation_desk": 0.75}) == pytest.approx(0.5)
