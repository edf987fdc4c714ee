"""What could not be carried out is told before anything runs."""

import pytest
import yaml

from simulator.errors import ScenarioError
from simulator.experiment.declared.reading import read_study
from tests.simulator.experiment.declared.conftest import LEVERS, TOY

RON = {"horizon": {"currency": "RON"}, "policies": {"price": "120 RON"}}
STEADY = {"mode": "steady_state", "warm_up": "3 wk"}
PAIR = {"rows": "policies.price", "columns": "policies.price=1 EUR..2 EUR"}
ALONE = {"scenarios": [str(LEVERS)], "kpis": ["utilisation_desk"]}


def refused(path):
    """The places and words of everything that is wrong."""
    with pytest.raises(ScenarioError) as found:
        read_study(path)
    assert all(problem.line for problem in found.value.problems)
    return {problem.path: problem.message for problem in found.value.problems}


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"scenarios": [str(LEVERS), str(TOY)], "kpis": ["orders", "waiting_desk"]}, "kpis[1]", "has no KPI"),
        ({"scenarios": [str(LEVERS), str(TOY)], "precision": {"target": "5 %", "kpis": ["waiting_desk"]}},
         "precision.kpis[0]", "toy_funnel.yaml' has no KPI 'waiting_desk'"),
        ({"sensitivity": [{"method": "sobol", "points": 100}]}, "sensitivity[0].points", "power of two"),
        ({"sensitivity": [{"points": 8}]}, "sensitivity[0].points", "is read with 'method: morris'"),
        ({"sensitivity": [{}], "scenarios": [str(TOY)]}, "sensitivity[0]", "name some as PATH=LOW..HIGH"),
        ({"interactions": [PAIR]}, "interactions[0].columns", "the same number"),
        ({"bottlenecks": {"kpi": "work_in_progress"}}, "bottlenecks.kpi", "nothing is worth anything"),
        (ALONE | {"bottlenecks": {}}, "bottlenecks.kpi", "nothing is worth anything"),
        ({"bottlenecks": {"kpi": "cost_total", "rungs": 2}}, "bottlenecks.rungs", "leave it out, or name margin"),
        ({"bottlenecks": {"kinds": []}}, "bottlenecks.kinds", "at least 1"),
        ({"search": {"teams": ["desk=1..2"], "kpi": "utilisation_desk"}}, "search.kpi", "most or least"),
        ({"search": {"teams": ["desk=1..2"], "budget": "-9 EUR"}}, "search.budget", "0 or more"),
        ({"search": {"teams": ["desk=1..2"], "indifference": "2 d"}}, "search.indifference", "'2 d' is not in the"),
        ({"search": {"teams": ["desk=1..2"], "indifference": 0}}, "search.indifference", "must be positive"),
        ({"search": {"teams": ["desk=1..2"], "discount": "-200 %"}}, "search.discount", "the discount rate must be"),
        ({"forecast": {}}, "forecast", "neither an open pipeline nor a warm-up"),
        ({"diary": {}, "scenarios": [str(TOY)]}, "diary", "name another to compare with the base"),
        ({"length": "200 years"}, "length", "at most 100 years"),
        (STEADY | {"warm_up": "-3 d"}, "warm_up", "0 h or more"),
        ({"seed": 2**63}, "seed", "must lie between"),
    ],
)  # fmt: skip
def test_what_could_not_be_carried_out_is_told_before(study_file, changes, place, words):
    """Each at its own place and alone, though the form allows it."""
    (found,) = refused(study_file(**changes)).items()
    assert found[0] == place
    assert words in found[1]


@pytest.mark.parametrize(
    ("variant", "changes", "words"),
    [
        (RON, {}, "counts in RON and the base in EUR"),
        ({"horizon": {"length": "3 wk"}}, {"length": None}, "measures 504 h after 0 h of warm-up, the base 336 h"),
        ({"horizon": {"warm_up": "1 wk"}}, {"mode": "steady_state", "warm_up": "mser5"}, "after 168 h of warm-up"),
    ],
)
def test_scenarios_that_cannot_be_paired_are_told_before(study_file, variant, changes, words):
    """Another currency, another length, another run from which the warm-up is to be read."""
    path = study_file(scenarios=[str(LEVERS), "other.yaml"], **changes)
    text = yaml.safe_dump({"caudal": 1, "name": "Other", "based_on": str(LEVERS)} | variant)
    (path.parent / "other.yaml").write_text(text, encoding="utf-8")
    (found,) = refused(path).items()
    assert found[0] == "scenarios[1]"
    assert words in found[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"sensitivity": [{"method": "sobol", "points": 64}, {"method": "morris", "points": 100}]},
        {"interactions": [PAIR | {"columns": "policies.fee"}]},
        ALONE | {"bottlenecks": {"kpi": "orders"}},
        {"search": {"teams": ["desk=1..2"], "kpi": "utilisation_desk", "want": "least"}},
        {"search": {"teams": ["desk=1..2"], "indifference": "500 EUR", "discount": "8 %"}},
        {"search": {"teams": ["desk=1..2"], "indifference": 500}},
        STEADY | {"length": None},
    ],
)
def test_what_can_be_carried_out_is_not_refused(study_file, changes):
    """The neighbours of what is refused."""
    assert read_study(study_file(**changes)).base.scenario.name == "Levers"
