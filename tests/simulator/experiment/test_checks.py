from dataclasses import replace

import pytest

from simulator.errors import Cancelled
from simulator.experiment.checks import (
    LEAST_LEADS,
    TWIN_LEADS,
    checked_card,
    checked_studies,
    checked_tornado,
    comparing,
)
from simulator.experiment.evidence import added_by
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run, run_all
from simulator.experiment.sensitivity.parameters import chosen
from simulator.experiment.sensitivity.tornado import tornado
from simulator.experiment.trust import TWIN_WEEKS, Checks, trust_card
from simulator.kpis.measures import Measures
from simulator.schema.loading import load_changed, load_scenario

PLAN = Plan(replications=3, jobs=1, warm_up=0.0, length=336.0)
LONG = replace(PLAN, length=28 * 168.0)
TOOL = "whatifs/quoting_tool"
ACCEPTANCE = "processes.funnel.steps.sold.outcomes.yes_please.probability=20 %..40 %"


@pytest.fixture(scope="module")
def scenarios(toy, variant):
    """The toy scenario, and one with a seller more."""
    return [toy, variant("head_count: 2", "head_count: 3", "Three")]


@pytest.fixture
def brief(monkeypatch):
    """Weeks over which the engines were asked to be compared, in a list that grows; they are not."""
    asked = []
    monkeypatch.setattr(
        "simulator.experiment.checks.difference_in",
        lambda program, *_: asked.append((program.end - program.warm_up) / 168) or "",
    )
    return asked


def compared(loaded, plan, first):
    """What is found in a scenario whose first replication was measured so."""
    return comparing(loaded, plan, compiled(loaded, plan))(first)


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


@pytest.mark.parametrize(("leads", "weeks"), [(10.0, TWIN_WEEKS), (0.0, TWIN_WEEKS), (28 * TWIN_LEADS, 1.0)])
@pytest.mark.parametrize("plan", [LONG, replace(LONG, warm_up=168.0)])
def test_where_many_come_a_shorter_time_is_enough(toy, brief, plan, leads, weeks):
    """Of 28 times the leads that are looked at in 28 weeks, one week; of few, or none, the usual thirteen weeks."""
    found = compared(toy, plan, Measures({"leads": leads}, None))
    assert brief == [weeks]
    assert found.weeks == weeks


@pytest.mark.parametrize(("plan", "weeks"), [(PLAN, 2.0), (replace(PLAN, warm_up=None, length=None), TWIN_WEEKS)])
def test_no_more_is_compared_than_the_plan_measures(toy, brief, plan, weeks):
    """Two weeks of a study of two; thirteen where the scenario says how long, though it says fewer."""
    toy = load_changed(toy, {"horizon.warm_up": "0 d", "horizon.length": "3 wk"})
    compared(toy, plan, Measures({}, None))
    assert brief == [weeks]


@pytest.mark.parametrize("warm_up", [0.0, 336.0])
def test_a_tool_that_goes_live_after_the_warm_up_is_there_from_the_start(warm_up, monkeypatch):
    """Whatever the warm-up, the engines are compared on the very program that is measured from its first hour on."""
    compiled_from_start, programs = compiled(load_scenario(TOOL), replace(LONG, length=TWIN_WEEKS * 168.0)), []
    monkeypatch.setattr("simulator.experiment.checks.difference_in", lambda program, *_: programs.append(program) or "")
    compared(load_scenario(TOOL), replace(LONG, warm_up=warm_up), Measures({}, None))
    assert programs[0].warm_up == 0.0
    assert programs[0].end == TWIN_WEEKS * 168
    assert (programs[0].tables.automations == compiled_from_start.tables.automations).all()


@pytest.mark.parametrize(("scenarios", "leads"), [(1, TWIN_LEADS), (2, TWIN_LEADS / 2), (9, LEAST_LEADS)])
def test_several_scenarios_share_the_leads(toy, brief, scenarios, leads):
    """One is compared over all leads, of two each over half of them, of many each over no fewer than a hundred."""
    plan = replace(LONG, replications=1)
    studies, _ = checked_studies([toy] * scenarios, plan)
    weekly = studies[0].samples["leads"][0] / 28
    assert brief == [pytest.approx(min(TWIN_WEEKS, leads / weekly))] * scenarios


def test_a_queue_without_leads_is_compared_too(brief):
    """A scenario of which the leads are not counted has the usual weeks."""
    compared(load_scenario("theory/m_m_1"), LONG, Measures({}, None))
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
