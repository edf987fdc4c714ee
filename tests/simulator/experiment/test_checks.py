import dataclasses

import numpy as np
import pytest

from simulator.experiment.checks import TWIN_LEADS, checked_card, twin_checks, weeks_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all
from simulator.experiment.trust import TWIN_WEEKS, Checks, trust_card
from simulator.schema.loading import load_scenario

PLAN = Plan(replications=3, jobs=1, warm_up=0.0, length=336.0)


@pytest.fixture(scope="module")
def scenarios(toy, variant):
    """The toy scenario, and one with a seller more."""
    return [toy, variant("head_count: 2", "head_count: 3", "Three")]


def test_both_engines_run_every_scenario(scenarios):
    """In the order of the scenarios, over all of the two weeks, and they agree."""
    told = []
    found = twin_checks(scenarios, run_all(scenarios, PLAN), PLAN, lambda done, total: told.append((done, total)))
    assert [each.scenario for each in found] == [each.scenario.name for each in scenarios]
    assert {(each.weeks, each.difference) for each in found} == {(2.0, "")}
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize(("leads", "weeks"), [(10.0, TWIN_WEEKS), (0.0, TWIN_WEEKS), (4 * TWIN_LEADS, 0.5)])
def test_where_many_come_a_shorter_time_is_enough(scenarios, leads, weeks):
    """Of 4 times the leads that are looked at in two weeks, half a week; of few, or none, the usual thirteen weeks."""
    (study,) = run_all(scenarios[:1], PLAN)
    many = dataclasses.replace(study, samples={"leads": np.full(3, leads)})
    assert weeks_of(many) == weeks


def test_a_queue_without_leads_is_compared_too():
    """A scenario of which the leads are not counted has the usual weeks."""
    (study,) = run_all([load_scenario("theory/m_m_1")], dataclasses.replace(PLAN, replications=1))
    assert weeks_of(dataclasses.replace(study, samples={})) == TWIN_WEEKS


def test_the_card_of_an_answer_is_that_of_its_scenarios(scenarios):
    """The same lines as with studies and twins made by hand; progress counts both to the end."""
    told = []
    card = checked_card(scenarios, PLAN, ["orders"], progress=lambda done, total: told.append((done, total)))
    studies = run_all(scenarios, PLAN)
    expected = trust_card(studies, ["orders"], Checks(twins=twin_checks(scenarios, studies, PLAN)))
    assert [line for line in card if line.topic != "Evidence"] == [
        each for each in expected if each.topic != "Evidence"
    ]
    assert [each.standing for each in card if each.topic == "Engines"] == ["fine"]
    assert told == [(done, 8) for done in range(1, 9)]
