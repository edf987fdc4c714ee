"""What can be picked on the screens: nothing, long names, one scenario alone, something that is gone."""

import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from simulator.experiment.plan import Plan
from workbench import navigation, session, shelf
from workbench.jobs.registry import Registry
from workbench.parts.pickers import MOST_OTHERS, load
from workbench.parts.running import leads_of
from workbench.shelf import Title, first_base, label, titles, what_ifs
from workbench.uploads import Uploads

LONG = "Company with a name that goes on and on, with *stars* and [brackets](x) " * 4


@pytest.fixture(autouse=True)
def jobs(monkeypatch):
    """The jobs of this test alone."""
    registry = Registry()
    monkeypatch.setattr(session, "registry", lambda: registry)
    monkeypatch.setattr("workbench.parts.running.registry", lambda: registry)
    return registry


@pytest.fixture
def nothing_ships(monkeypatch):
    """An installation without scenarios."""
    monkeypatch.setattr(shelf, "shipped", dict)


def screen(name, uploads=None, **state):
    """A screen that has been drawn."""
    app = AppTest.from_file(str(navigation.SCREENS / f"{name}.py"), default_timeout=60)
    if uploads is not None:
        app.session_state["uploads"] = uploads
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def said(app):
    """Notes and errors of a screen."""
    return "\n".join(each.value for kind in (app.info, app.error, app.warning) for each in kind)


def title(key, name="Name", based_on="", folder="baselines"):
    """A title as it is offered."""
    return Title(key, name, "", folder, based_on, Path(f"{key}.yaml"))


def test_without_any_scenario_every_screen_says_so(nothing_ships):
    """No list is empty without a word, and nothing breaks."""
    assert "No results yet" in said(screen("compare"))
    assert not screen("compare").selectbox
    assert "There is no scenario to read" in said(screen("scenario"))
    assert "No scenario comes with this installation" in said(screen("your_scenario"))


def test_one_scenario_alone_can_be_run(nothing_ships, uploads):
    """With nothing to compare it with, the button says Run."""
    uploads.remove("more.yaml")
    app = screen("compare", uploads)
    assert app.selectbox(key="base").value == "tiny.yaml"
    assert app.multiselect(key="others").value == []
    assert app.multiselect(key="others").options == []
    assert app.button(key="run").label == "Run"
    assert not app.button(key="run").disabled


def test_a_base_brings_its_what_ifs(uploads):
    """Another base proposes other scenarios, and is not among them itself."""
    app = screen("compare", uploads)
    assert app.multiselect(key="others").value == ["more.yaml"]
    app.selectbox(key="base").set_value("more.yaml").run()
    assert app.multiselect(key="others").value == []
    app.selectbox(key="base").set_value("baselines/pt_installation").run()
    known = what_ifs(titles(uploads.loaded), "baselines/pt_installation")
    assert app.multiselect(key="others").value == known[:MOST_OTHERS]
    assert app.button(key="run").label == "Run and compare"


def test_a_choice_that_is_gone_gives_way(uploads):
    """A file that was removed is no longer chosen, as base or as other."""
    app = screen("compare", uploads, base="gone.yaml", others=["gone.yaml", "more.yaml"])
    assert app.selectbox(key="base").value == "tiny.yaml"
    assert app.multiselect(key="others").value == ["more.yaml"]


def test_a_study_starts_with_what_the_scenario_states(uploads):
    """Twenty replications, seed 1, and empty fields that say what the scenario states."""
    app = screen("compare", uploads)
    values = {key: app.number_input(key=key).value for key in ("replications", "seed", "warm_up_days", "length_days")}
    assert values == {"replications": 20, "seed": 1, "warm_up_days": None, "length_days": None}
    assert app.number_input(key="warm_up_days").placeholder == "as stated: 20 d"
    assert app.number_input(key="length_days").placeholder == "as stated: 60 d"
    assert any(caption.value.startswith("40 replications, about ") for caption in app.caption)


def test_long_names_with_marks_stay_words(uploads):
    """A name of three hundred letters neither breaks a screen nor is set in bold."""
    text = f"caudal: 1\nname: '{LONG}'\ndescription: '{LONG}'\nbased_on: tiny.yaml\n"
    uploads.add({"long.yaml": text.encode()})
    assert "long.yaml" in uploads.loaded
    app = screen("compare", uploads, base="long.yaml", others=["tiny.yaml"])
    assert app.selectbox(key="base").value == "long.yaml"
    assert any("\\*stars\\*" in caption.value for caption in app.caption)
    assert not any(" *stars*" in caption.value for caption in app.caption)
    assert not said(screen("scenario", uploads, read="long.yaml"))
    table = screen("your_scenario", uploads).table[0].value
    assert "\\*stars\\*" in table["Name"]["long.yaml"]


def test_files_are_listed_with_their_state_and_can_be_removed(uploads):
    """Scenarios that can be picked, those with problems, and traces; a button takes one away."""
    uploads.add({"times.csv": b"at\n", "bad.yaml": b"caudal: 1\n"})
    app = screen("your_scenario", uploads)
    states = app.table[0].value["State"]
    assert "can be picked" in states["tiny.yaml"]
    assert "has problems" in states["bad.yaml"]
    assert states["times.csv"] == "trace"
    assert any(each.value.startswith("Next: run") for each in app.caption)
    app.selectbox[1].set_value("bad.yaml").run()
    next(button for button in app.button if button.label == "Remove").click().run()
    assert uploads.names == ("more.yaml", "times.csv", "tiny.yaml")
    assert not app.error


def test_a_visitor_without_files_sees_no_list():
    """An empty table would only be in the way."""
    app = screen("your_scenario", Uploads())
    assert not app.table
    assert [button for button in app.button if button.label == "Remove"] == []


def test_names_that_two_scenarios_share_bear_their_keys():
    """Otherwise nobody could tell them apart; uploads always bear their file name."""
    offered = {
        each.key: each for each in (title("a"), title("b"), title("c", "Other"), title("d.yaml", "D", "", "uploaded"))
    }
    assert [label(offered, key) for key in offered] == ["Name (a)", "Name (b)", "Other", "D (d.yaml)"]
    assert label(offered, "gone") == "gone"


def test_what_ifs_are_direct_and_never_the_base_itself():
    """A what-if of a what-if belongs to that one; challenges and tools are not proposed."""
    offered = {
        each.key: each
        for each in (
            title("a", based_on="a"), title("b", folder="whatifs", based_on="a"),
            title("c", folder="uploaded", based_on="b"),
            title("d", folder="challenges", based_on="a"),
        )
    }  # fmt: skip
    assert what_ifs(offered, "a") == ["b"]
    assert what_ifs(offered, "b") == ["c"]
    assert what_ifs(offered, "nothing") == []


def test_the_first_base_is_the_first_or_what_it_changes():
    """A what-if on top leads to its base, unless that is not there."""
    base, change = title("base"), title("change", based_on="base")
    assert first_base({"change": change, "base": base}) == "base"
    assert first_base({"base": base, "change": change}) == "base"
    assert first_base({"change": change}) == "change"


def test_a_broken_shipped_file_does_not_take_the_others_with_it(tmp_path, monkeypatch):
    """Someone who edits the folder of shipped scenarios can still pick the rest."""
    for name, text in (("good", "caudal: 1\nname: Good\n"), ("bad", "a: ["), ("nameless", "caudal: 1\n")):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    files = {f"whatifs/{path.stem}": path for path in sorted(tmp_path.iterdir())}
    monkeypatch.setattr(shelf, "shipped", lambda: files)
    offered = titles({})
    assert {key: each.name for key, each in offered.items()} == {
        "whatifs/good": "Good", "whatifs/nameless": "whatifs/nameless",
    }  # fmt: skip


def test_no_more_what_ifs_are_proposed_than_fit(uploads):
    """Seven or more would not fit into a table; the others can be chosen in their place."""
    for number in range(MOST_OTHERS + 2):
        text = f"caudal: 1\nname: What-if {number}\nbased_on: tiny.yaml\n"
        (uploads.folder / f"w{number}.yaml").write_text(text, encoding="utf-8")
    uploads.add({})
    app = screen("compare", uploads)
    assert len(app.multiselect(key="others").value) == MOST_OTHERS
    assert len(app.multiselect(key="others").options) > MOST_OTHERS


def test_a_shipped_file_that_is_edited_is_read_anew(uploads, tmp_path, monkeypatch):
    """Without a restart of the workbench, both where it is offered and where it is run."""
    path = tmp_path / "firm.yaml"
    monkeypatch.setattr(shelf, "shipped", lambda: {str(path): path})
    monkeypatch.setattr(shelf, "shipped_parts", dict)
    for turn, name in enumerate(("Before", "After"), start=1):
        path.write_text((uploads.folder / "tiny.yaml").read_text().replace("Tiny firm", name), encoding="utf-8")
        os.utime(path, ns=(turn, turn))
        offered = titles({})
        assert offered[str(path)].name == name
        assert load(offered[str(path)]).scenario.name == name


def test_the_leads_expected_are_those_of_each_scenario(uploads):
    """A scenario with twice the leads takes its own time, not that of the first one asked for."""
    text = (uploads.folder / "tiny.yaml").read_text().replace("rate: 8 /d", "rate: 16 /d")
    uploads.add({"twice.yaml": text.encode()})
    once, twice = (uploads.loaded[name] for name in ("tiny.yaml", "twice.yaml"))
    assert leads_of(twice, Plan()) == pytest.approx(2 * leads_of(once, Plan()))
