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
    said = StudyFolder(uploads.folder).read(text.encode(), "Pays?").declaration
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
    said = StudyFolder(uploads.folder).read(text.encode(), "Plain").declaration
    assert (said.sensitivity, said.bottlenecks, said.search, said.forecast) == ((), None, None, None)


def test_a_firm_without_warm_up_is_studied_from_its_start(uploads):
    """There is no steady state to wait for."""
    uploads.add({"new.yaml": b"caudal: 1\nname: New\nbased_on: tiny.yaml\nhorizon: {warm_up: 0 d}\n"})
    text = declaration("New", {"new.yaml": uploads.loaded["new.yaml"]}, ("orders",), 8, Questions())
    assert StudyFolder(uploads.folder).read(text.encode(), "New").declaration.mode == "terminating"


def test_mistakes_of_a_study_file_are_told_under_its_own_name(uploads):
    """The folder on the server is nobody's business."""
    folder = StudyFolder(uploads.folder)
    with pytest.raises(ScenarioError) as caught:
        folder.read(b"caudal: 1\nstudy: x\nscenarios: [nowhere.yaml]\nkpis: [margin]\nmode: terminating\n", "Mine")
    assert "nowhere.yaml" in str(caught.value)
    assert all(each.file == "mine.yaml" for each in caught.value.problems)
    assert str(folder.path) not in str(caught.value)


def test_a_study_takes_no_scenario_s_place(uploads):
    """A study may be called what a scenario is called: both files stay."""
    folder = StudyFolder(uploads.folder)
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
    """A study of the same name gets a number, also while the first is still under way."""
    monkeypatch.setenv(HOME, str(tmp_path))
    (tmp_path / "mine").mkdir()
    second = free_folder("Mine")
    assert second == tmp_path / "mine-2"
    assert free_folder("Mine", frozenset({second})) == tmp_path / "mine-3"


def test_the_folder_goes_when_nobody_needs_it(uploads):
    """A server that runs for months keeps no files of yesterday's visitors."""
    folder = StudyFolder(uploads.folder)
    path = folder.path
    assert (path / "tiny.yaml").is_file()
    del folder
    assert not path.exists()
