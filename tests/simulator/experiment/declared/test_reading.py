import re
from pathlib import Path

import pytest

from simulator.errors import ScenarioError, StudyError
from simulator.experiment.declared.reading import read_study
from simulator.schema.shipped import shipped, shipped_studies
from tests.simulator.experiment.declared.conftest import LEVERS


def test_a_study_names_its_scenarios_beside_it(study_file):
    """The first is the base; a path starts from the folder of the study."""
    declared = read_study(study_file())
    assert [each.scenario.name for each in declared.scenarios] == ["Levers", "Dearer"]
    assert declared.base is declared.scenarios[0]
    assert declared.kpi("") == "revenue_booked"
    assert declared.kpi("orders") == "orders"


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"kpi": ["orders"]}, "kpi", "did you mean 'kpis'"),
        ({"mode": "steady"}, "mode", "expected one of terminating, steady_state"),
        ({"mode": "steady_state"}, "mode", "needs a warm-up"),
        ({"warm_up": "mser5"}, "warm_up", "counts from the start"),
        ({"warm_up": "soon", "mode": "steady_state"}, "warm_up", "mser5"),
        ({"kpis": ["revenu_booked"]}, "kpis[0]", "did you mean 'revenue_booked'"),
        ({"kpis": ["utilisation_desk"]}, "kpis[0]", "neither more nor less"),
        ({"kpis": []}, "kpis", "at least 1"),
        ({"length": "0 d"}, "length", "positive"),
        ({"scenarios": [str(LEVERS), str(LEVERS)]}, "scenarios[1]", "named twice"),
        ({"scenarios": ["baselines/pt_instalation"]}, "scenarios[0]", "did you mean"),
        ({"precision": {"target": "120 %"}}, "precision.target", "between 0 and 1"),
        ({"precision": {"target": "5 %", "most": 2}}, "precision.most", "less than the 6"),
        ({"precision": {"target": "5 %", "kpis": ["order"]}}, "precision.kpis[0]", "did you mean 'orders'"),
        ({"sensitivity": [{"kpi": "profit"}]}, "sensitivity[0].kpi", "there is no KPI"),
        ({"sensitivity": [{"parameters": ["policies.prise"]}]}, "sensitivity[0].parameters[0]", "policies.price"),
        ({"sensitivity": [{"metod": "morris"}]}, "sensitivity[0].metod", "did you mean 'method'"),
        ({"bottlenecks": {"kpi": "profit"}}, "bottlenecks.kpi", "there is no KPI"),
        ({"bottlenecks": {"kinds": ["people"]}}, "bottlenecks.kinds[0]", "expected one of person"),
        ({"search": {"tools": ["tools/crm_smal"]}}, "search", "crm_smal"),
        ({"search": {"teams": ["desk=1..2"], "constraints": ["dso < 45 d"]}}, "search.constraints[0]", "no constraint"),
        ({"search": {"teams": ["desk=1..2"], "budget": "9 RON"}}, "search.budget", "the base is in EUR"),
        ({"forecast": {"replications": 3}}, "forecast.replications", "at least 20"),
        ({"interactions": [{"rows": "policies.price"}]}, "interactions[0].columns", "missing"),
        ({"interactions": [{"rows": "policies.price", "columns": "policies.unknown"}]}, "interactions[0].columns",
         "no range"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_mend(study_file, changes, place, words):
    """Before anything runs, by the name of the file and the line on which the statement stands."""
    path = study_file(**changes)
    with pytest.raises(ScenarioError) as refused:
        read_study(path)
    (problem,) = (each for each in refused.value.problems if each.path == place)
    assert words in problem.message
    key = place.split(".")[-1].split("[")[0]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert problem.file == str(path)
    assert words == "missing" or key in lines[problem.line - 1] or lines[problem.line - 1].strip().startswith("-")


def test_all_mistakes_are_told_at_once(study_file):
    """Those of the form together, and those of a scenario at their own file and line."""
    with pytest.raises(ScenarioError) as refused:
        read_study(study_file(mode="steady", seed=-1))
    assert [each.path for each in refused.value.problems] == ["mode", "seed"]
    path = study_file(scenarios=["broken.yaml"])
    (path.parent / "broken.yaml").write_text(f"caudal: 1\nname: B\nbased_on: {LEVERS}\nteams: {{desk: {{heads: 2}}}}\n")
    with pytest.raises(ScenarioError, match=r"broken\.yaml:4: teams\.desk\.heads"):
        read_study(path)


def test_a_study_that_is_nowhere_is_told_with_the_nearest_name():
    """Neither a file nor a shipped study."""
    with pytest.raises(StudyError, match="did you mean 'studies/first_study'"):
        read_study("studies/first_stud")
    with pytest.raises(ScenarioError, match="no such file"):
        read_study("nowhere.yaml")


@pytest.mark.parametrize("name", shipped_studies())
def test_every_shipped_study_is_sound_and_no_scenario(name):
    """All that they name exists, and no list of scenarios shows them."""
    assert len(read_study(name).scenarios) > 1
    assert name not in shipped()


@pytest.mark.slow
def test_the_study_of_the_documentation_is_sound(tmp_path):
    """What the page on studies shows can be run as it stands."""
    page = Path(__file__).resolve().parents[4] / "docs" / "studies.md"
    (text,) = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "shown.yaml"
    path.write_text(text, encoding="utf-8")
    declared = read_study(path).declaration
    assert all(
        getattr(declared, block) for block in ("sensitivity", "interactions", "bottlenecks", "search", "forecast")
    )
