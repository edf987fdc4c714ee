from dataclasses import replace

import pytest

from simulator.errors import Cancelled
from simulator.experiment.checks import (
    LEAST_LEADS,
    TWIN_LEADS,
    checked_card,
    checked_studies,
    checked_tornado,
    compared,
)
from simulator.experiment.evidence import added_by
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run, run_all
from simulator.experiment.sensitivity.parameters import chosen
from simulator.experiment.sensitivity.tornado import tornado
from simulator.experiment.trust import TWIN_WEEKS, Checks, trust_card
from simulator.kpis.measures import Measures
from simulator.schema.loading import load_scenario

PLAN = Plan(replications=3, jobs=1, warm_up=0.0, length=336.0)
ACCEPTANCE = "processes.funnel.steps.sold.outcomes.yes_please.probability=20 %..40 %"


@pytest.fixture(scope="module")
def scenarios(toy, variant):
    """The toy scenario, and one with a seller more."""
    return [toy, variant("head_count: 2", "head_count: 3", "Three")]


@pytest.fixture
def brief(monkeypatch):
    """Weeks over which the engines were asked to be compared, in a list that grows; they are not."""
    asked = []
    monkeypatch.setattr("simulator.experiment.checks.twin_check", lambda loaded, plan, weeks: asked.append(weeks))
    return asked


def test_both_engines_run_every_scenario(scenarios):
    """In the order of the scenarios, over all of the two weeks, and they agree; the studies are those without."""
    told = []
    studies, found = checked_studies(scenarios, PLAN, lambda done, total: told.append((done, total)))
    assert [each.scenario for each in found] == [each.scenario.name for each in scenarios]
    assert {(each.weeks, each.difference) for each in found} == {(2.0, "")}
    assert told == [(done, 6) for done in range(1, 7)]
    for one, other in zip(studies, run_all(scenarios, PLAN), strict=True):
        assert one.estimates() == other.estimates()


@pytest.mark.slow
def test_workers_find_out_the_same(scenarios):
    """Over two workers the twins come in the order of the scenarios too, and from each scenario's own records."""
    told = []
    studies, found = checked_studies(scenarios, replace(PLAN, jobs=2), lambda done, _: told.append(done))
    assert found == checked_studies(scenarios, PLAN)[1]
    assert [study.name for study in studies] == [each.scenario for each in found]
    assert told == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("leads", "weeks"), [(10.0, TWIN_WEEKS), (0.0, TWIN_WEEKS), (4 * TWIN_LEADS, 0.5)])
def test_where_many_come_a_shorter_time_is_enough(toy, brief, leads, weeks):
    """Of 4 times the leads that are looked at in two weeks, half a week; of few, or none, the usual thirteen weeks."""
    compared(toy, PLAN, Measures({"leads": leads}, None))
    assert brief == [weeks]


@pytest.mark.parametrize(("scenarios", "leads"), [(1, TWIN_LEADS), (2, TWIN_LEADS / 2), (9, LEAST_LEADS)])
def test_several_scenarios_share_the_leads(toy, brief, scenarios, leads):
    """One is compared over all leads, of two each over half of them, of many each over no fewer than a hundred."""
    plan = replace(PLAN, replications=1)
    studies, _ = checked_studies([toy] * scenarios, plan)
    weekly = studies[0].samples["leads"][0] / 2
    assert brief == [pytest.approx(min(TWIN_WEEKS, leads / weekly))] * scenarios


def test_a_queue_without_leads_is_compared_too(brief):
    """A scenario of which the leads are not counted has the usual weeks."""
    compared(load_scenario("theory/m_m_1"), PLAN, Measures({}, None))
    assert brief == [TWIN_WEEKS]


def test_the_card_of_an_answer_is_that_of_its_scenarios(scenarios):
    """The same lines as with studies and twins made by hand; progress counts the replications to the end."""
    told = []
    card = checked_card(scenarios, PLAN, ["orders"], progress=lambda done, total: told.append((done, total)))
    studies, twins = checked_studies(scenarios, PLAN)
    assert card == trust_card(studies, ["orders"], Checks(twins=twins, added=added_by(scenarios)))
    assert [each.standing for each in card if each.topic == "Engines"] == ["fine"]
    assert told == [(done, 6) for done in range(1, 7)]


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_tornado_has_the_card_of_the_scenario_that_it_began_from(toy, jobs):
    """Bars and card are those of a tornado and a study made apart, though the scenario was replicated once."""
    told, plan, moved = [], replace(PLAN, jobs=jobs), chosen(toy, [ACCEPTANCE])
    found, card = checked_tornado(toy, plan, ["orders", "revenue_booked"], moved, lambda *count: told.append(count))
    assert found == tornado(toy, plan, ["orders", "revenue_booked"], moved)
    twins = (compared(toy, plan, Measures({}, None)),)
    checks = Checks(found[0], twins, added=added_by([toy]))
    assert card == trust_card([run(toy, PLAN)], ["orders", "revenue_booked"], checks)
    assert told == [(done * PLAN.replications, 3 * PLAN.replications) for done in (1, 2, 3)]


def test_a_tornado_with_a_card_can_be_stopped(toy):
    """A wish to stop ends it as it ends one without."""
    with pytest.raises(Cancelled):
        checked_tornado(toy, PLAN, ["orders"], chosen(toy, [ACCEPTANCE]), cancelled=lambda: True)
