import pytest

from simulator.schema.loading import load_scenario
from tests.scenarios.helped import CHALLENGES, HEALTHY, cases, table

SYMPTOMS = [(name, kpi) for name in CHALLENGES for kpi in load_scenario(name).scenario.symptoms]


@pytest.fixture(scope="module")
def found():
    """Eight years of every firm with a challenge, of its healthy twin, and of itself with tools."""
    return cases(16)


def test_the_twelve_complaints_of_the_field_are_shipped():
    """Each on the healthy baseline, with two symptoms or more, tools, and a description that speaks of both."""
    assert len(CHALLENGES) == 12
    for name in CHALLENGES:
        scenario = load_scenario(name).scenario
        assert scenario.based_on == HEALTHY
        assert len(scenario.symptoms) >= 2
        assert scenario.helped_by
        assert "It shows in" in scenario.description
        assert "should help" in scenario.description


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kpi"), SYMPTOMS, ids=lambda value: value.rpartition("/")[2])
def test_a_challenge_shows_its_symptoms(found, name, kpi):
    """Against the healthy twin, lead by lead the same, the 95 % interval of each difference lies on the side stated."""
    difference = found[name].symptom(kpi)
    assert difference.n == 16
    side = found[name].challenge.scenario.symptoms[kpi]
    assert difference.low > 0 if side == "higher" else difference.high < 0, difference


@pytest.mark.slow
@pytest.mark.parametrize("name", CHALLENGES)
def test_the_tools_help_where_they_should(found, name):
    """They take a part of at least one symptom back in their first year, with an interval above zero."""
    case = found[name]
    assert any(case.relief(kpi).low > 0 for kpi in case.challenge.scenario.symptoms), table({name: case})


@pytest.mark.slow
@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_is_ill_and_not_drowned(found, name):
    """No team is overloaded, with tools or without, so that the figures are those of a firm that goes on."""
    for study in (found[name].ill, found[name].helped):
        assert not [warning for warning in study.warnings if "overloaded" in warning]
