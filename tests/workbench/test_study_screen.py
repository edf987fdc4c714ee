"""The screen that shows the results folders of declared studies."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from simulator.errors import StudyError
from workbench import navigation, session
from workbench.study_results import HOME, ShownStudy, read_results, results_folders

PICTURE = {"name": "p", "title": "A line", "alt": "Up.", "spec": {"mark": "line", "config": {}, "title": {}}}
SHOWN = {
    "study": "One *more* seller", "description": "Is it worth it?", "title": "Today", "verdict": "Better by far.",
    "trust": [{"topic": "Unfinished", "standing": "spoils", "found": "40% of the leads.", "advice": "Go on."}],
    "sections": [
        {"title": "What each scenario changes", "note": "Declared: orders.", "pictures": [],
         "tables": [{"caption": "Differences", "header": ["KPI", "Same", "Same"], "rows": [["Orders", "1", "2"]]}]},
        {"title": "Charts", "note": "", "tables": [], "pictures": [PICTURE, PICTURE | {"name": "q", "spec": None,
         "missing": "Nothing moved."}]},
        {"title": "Empty", "note": "Nobody asked.", "tables": [], "pictures": []},
    ],
}  # fmt: skip


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Where results lie, with one folder in it."""
    monkeypatch.setenv(HOME, str(tmp_path))
    (tmp_path / "sellers").mkdir()
    (tmp_path / "sellers" / "study.json").write_text(json.dumps(SHOWN), encoding="utf-8")
    return tmp_path


def screen():
    """The screen, run."""
    return AppTest.from_file(str(navigation.SCREENS / "studies.py"), default_timeout=60).run()


def test_the_trust_card_comes_before_the_verdict_and_all_else(home):
    """Then every section with its tables and charts; what a section does not have is left out."""
    app = screen()
    assert not app.exception
    assert not app.error
    card, differences = (table.value for table in app.table)
    assert card.loc["Unfinished", "Verdict"] == ":red[**✗ spoils**]"
    assert differences.shape == (1, 2)
    assert list(differences.iloc[0]) == ["1", "2"]
    places = [element.type for element in app.main if element.type in {"table", "markdown", "header"}]
    assert places[:4] == ["header", "markdown", "table", "markdown"]
    assert app.header[0].value == "One \\*more\\* seller"
    assert len(app.get("vega_lite_chart") + app.get("arrow_vega_lite_chart")) == 1
    assert [each.value for each in app.info] == ["Nothing moved."]
    assert "Empty" not in [each.value for each in app.subheader]


def test_without_results_the_screen_says_how_to_make_some(tmp_path, monkeypatch):
    """Neither an error nor an empty page."""
    monkeypatch.setenv(HOME, str(tmp_path / "nowhere"))
    assert "caudal study" in screen().info[0].value


def asking(uploads):
    """The screen with the toy firm at hand, its name in the form."""
    app = AppTest.from_file(str(navigation.SCREENS / "studies.py"), default_timeout=120)
    app.session_state["uploads"] = uploads
    app.session_state["study_base"] = "tiny.yaml"
    return app.run()


@pytest.mark.slow
def test_a_study_is_asked_for_and_read_without_a_terminal(tmp_path, monkeypatch, uploads):
    """From the ticked question to the results on the same screen; meanwhile it says how far it is."""
    monkeypatch.setenv(HOME, str(tmp_path))
    app = asking(uploads)
    assert app.multiselect[0].value == ["more.yaml"]
    app.checkbox(key="study_hangs_on").uncheck().run()
    app.number_input(key="study_replications").set_value(8).run()
    app.button(key="carry").click().run()
    assert not app.exception
    assert not app.error
    assert app.button(key="carry").disabled
    [job] = session.registry().all()
    job.join(240)
    app.run()
    assert (job.state, app.selectbox(key="study").value) == ("done", "study-of-tiny-firm")
    assert app.header[0].value == "Study of Tiny firm"
    assert app.table[0].value.loc["Engines", "Verdict"].endswith("fine**]")


def test_a_question_that_cannot_be_asked_is_told_before_it_runs(tmp_path, monkeypatch, uploads):
    """The toy firm states no ranges, so nothing can be moved over them; no job is begun."""
    monkeypatch.setenv(HOME, str(tmp_path))
    app = asking(uploads)
    app.button(key="carry").click().run()
    assert "no number of this scenario has a range" in app.error[0].value
    assert session.registry().all() == ()


def test_a_study_needs_something_to_decide_by(tmp_path, monkeypatch, uploads):
    """Without it there is nothing to press."""
    monkeypatch.setenv(HOME, str(tmp_path))
    app = asking(uploads)
    app.multiselect[1].set_value([]).run()
    assert app.button(key="carry").disabled


def test_a_broken_folder_is_told_in_a_sentence(home):
    """What is no results file, or lacks what is to be shown, is refused by name."""
    for text in ("{", "[]", json.dumps({**SHOWN, "trust": [{"topic": "x", "standing": "odd", "found": ""}]})):
        (home / "sellers" / "study.json").write_text(text, encoding="utf-8")
        app = screen()
        assert "holds no results of a study" in app.error[0].value
        assert not app.exception


def test_the_newest_results_are_offered_first(home):
    """Only folders that hold results are offered."""
    import os

    for name, time in (("old", 1_000), ("new", 4_000_000_000), ("empty", None)):
        (home / name).mkdir()
        if time is not None:
            (home / name / "study.json").write_text("{}")
            os.utime(home / name / "study.json", (time, time))
    assert list(results_folders()) == ["new", "sellers", "old"]
    assert isinstance(read_results(home / "sellers"), ShownStudy)
    with pytest.raises(StudyError, match="holds no results"):
        read_results(home / "empty")
