"""Study files that the workbench writes, and the folders that their results get."""

import pytest

from simulator.errors import ScenarioError
from simulator.schema.loading import load_scenario
from workbench.study_files import Questions, StudyFolder, declaration, folder_name, free_folder
from workbench.study_results import HOME


def test_every_question_becomes_a_block_that_is_read_back(uploads):
    """What the form asks is what the study asks: nothing is lost on the way through the file."""
    asked = Questions(True, True, True, 5_000.0, 0.85, 45.0, 6, True)
    shipped = ("baselines/pt_installation", "whatifs/quoting_tool")
    scenarios = {key: load_scenario(key) for key in shipped}
    text = declaration("Pays?", scenarios, ("margin", "orders"), 12, asked)
    said = StudyFolder(uploads).read(text.encode(), "Pays?").declaration
    assert said.scenarios == shipped
    assert (said.study, said.kpis, said.replications, said.mode) == ("Pays?", ("margin", "orders"), 12, "steady_state")
    assert [each.kpi for each in said.sensitivity] == ["margin"]
    assert said.bottlenecks is not None
    assert said.search is not None
    assert said.search.budget.fixed == 5_000
    assert said.search.constraints == ("utilisation_* <= 85%", "dso <= 45 d")
    assert said.forecast.months == 6
    assert said.diary is not None


def test_a_question_that_was_not_asked_leaves_no_block(uploads):
    """A comparison alone stays one."""
    text = declaration("Plain", {"tiny.yaml": uploads.loaded["tiny.yaml"]}, ("orders",), 8, Questions())
    said = StudyFolder(uploads).read(text.encode(), "Plain").declaration
    assert (said.sensitivity, said.bottlenecks, said.search, said.forecast) == ((), None, None, None)


def test_a_firm_without_warm_up_is_studied_from_its_start(uploads):
    """There is no steady state to wait for."""
    uploads.add({"new.yaml": b"caudal: 1\nname: New\nbased_on: tiny.yaml\nhorizon: {warm_up: 0 d}\n"})
    text = declaration("New", {"new.yaml": uploads.loaded["new.yaml"]}, ("orders",), 8, Questions())
    assert StudyFolder(uploads).read(text.encode(), "New").declaration.mode == "terminating"


def test_mistakes_of_a_study_file_are_told_under_its_own_name(uploads):
    """The folder on the server is nobody's business."""
    folder = StudyFolder(uploads)
    with pytest.raises(ScenarioError) as caught:
        folder.read(
            b"caudal: 1\nstudy: x\nscenarios: [tiny.yaml, tiny.yaml]\nkpis: [margin]\nmode: terminating\n", "Mine"
        )
    assert "named twice" in str(caught.value)
    assert all(each.file == "mine.yaml" for each in caught.value.problems)
    assert str(folder.path) not in str(caught.value)


def test_a_study_takes_no_scenario_s_place(uploads):
    """A study may be called what a scenario is called: both files stay."""
    folder = StudyFolder(uploads)
    text = declaration("Tiny", uploads.loaded, ("orders",), 8, Questions())
    assert folder.read(text.encode(), "Tiny").path.name == "tiny-study.yaml"
    assert (folder.path / "tiny.yaml").read_bytes() == (uploads.folder / "tiny.yaml").read_bytes()


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Vale a pena? Três ferramentas", "vale-a-pena-tres-ferramentas"), ("../../etc", "etc"), ("…", "study"),
     ("x" * 200, "x" * 60)],
)  # fmt: skip
def test_names_for_people_become_names_of_folders(name, plain):
    """Whatever is typed, the folder lies among the results."""
    assert folder_name(name) == plain


def test_earlier_results_stay(tmp_path, monkeypatch):
    """A study of the same name gets a number."""
    monkeypatch.setenv(HOME, str(tmp_path))
    for expected in ("mine", "mine-2", "mine-3"):
        assert free_folder("Mine") == tmp_path / expected
        (tmp_path / expected).mkdir()


@pytest.mark.parametrize(
    ("block", "place"),
    [
        ("scenarios: [tiny.yaml, SECRET]", "scenarios[1]"),
        ("scenarios: [../secret.yaml]", "scenarios[0]"),
        ("scenarios: [refused.yaml]", "scenarios[0]"),
        ("scenarios: [tiny.yaml]\nsearch: {tools: ['crm_small, SECRET']}", "search.tools[0]"),
    ],
)
def test_a_study_file_opens_nothing_that_was_not_brought(uploads, tmp_path, block, place):
    """Neither by its path nor through an upload that was refused: of a file of the server nothing is told."""
    secret = tmp_path / "secret.yaml"
    secret.write_text("caudal: 1\nname: Secret\ndb_password: hunter2\n", encoding="utf-8")
    uploads.add({"refused.yaml": f"caudal: 1\nname: Mine\nbased_on: '{secret}'\n".encode()})
    text = f"caudal: 1\nstudy: x\nkpis: [orders]\nmode: terminating\n{block.replace('SECRET', str(secret))}\n"
    with pytest.raises(ScenarioError) as caught:
        StudyFolder(uploads).read(text.encode(), "Mine")
    assert [each.path for each in caught.value.problems] == [place]
    assert "neither ships nor is a scenario that you brought" in str(caught.value)
    assert "db_password" not in str(caught.value)


def test_a_trace_goes_with_its_scenario(uploads):
    """What a scenario reads lies beside it in the folder of the study too."""
    uploads.add({"times.csv": b"time\n2026-01-05T09:00\n"})
    assert (StudyFolder(uploads).path / "times.csv").is_file()


def test_the_folder_goes_when_nobody_needs_it(uploads):
    """A server that runs for months keeps no files of yesterday's visitors."""
    folder = StudyFolder(uploads)
    path = folder.path
    assert (path / "tiny.yaml").is_file()
    del folder
    assert not path.exists()


def test_a_ladder_climbs_by_money_or_not_at_all(uploads):
    """Where orders are judged by, relief is told without a ladder; with the margin beside them, by the margin."""
    tiny = {"tiny.yaml": uploads.loaded["tiny.yaml"]}
    for kpis, kpi in ((("orders",), ""), (("orders", "margin"), "margin")):
        text = declaration("Clogs", tiny, kpis, 8, Questions(clogs=True))
        said = StudyFolder(uploads).read(text.encode(), "Clogs").declaration
        assert said.bottlenecks.kpi == kpi
        assert ("rungs" in said.bottlenecks.model_fields_set) == bool(kpi)
