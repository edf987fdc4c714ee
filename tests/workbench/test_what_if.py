"""The screen with sliders, without a browser: what it shows, how changes come and go, and where they can be taken."""

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from simulator.errors import StudyError
from simulator.experiment import quick
from simulator.schema.loading import load_changed
from workbench import navigation, shelf
from workbench.parts import estimates as part
from workbench.parts.keep import overlay

SALES = "teams.sales.head_count"


@pytest.fixture
def screen(uploads):
    """The screen with the toy firm, drawn."""

    def draw(scenario="tiny.yaml"):
        app = AppTest.from_file(str(navigation.SCREENS / "what_if.py"), default_timeout=60)
        app.session_state["uploads"] = uploads
        app.session_state["what_if_of"] = scenario
        return checked(app.run())

    return draw


def checked(app):
    """The screen, which has not failed."""
    assert not app.exception
    return app


def slider(app, label):
    """The slider of a label."""
    return next(each for each in app.slider if each.label == label)


def moved(app, label, value):
    """The screen after a slider was moved."""
    slider(app, label).set_value(value)
    return checked(app.run())


def said(app):
    """Words of a screen."""
    return "\n".join(str(each.value) for kind in (app.markdown, app.caption, app.info, app.error) for each in kind)


def test_the_first_slider_waits_for_no_code(screen, monkeypatch):
    """The screen has run the scenario as it is before anything can be moved: engine and replications are there."""
    monkeypatch.setattr(quick, "_USED", set())
    quick._run_of.cache_clear()
    app = screen()
    assert "auto" in quick._USED
    before = quick._run_of.cache_info()
    assert before.currsize == 1
    moved(app, "Sales", 3)
    after = quick._run_of.cache_info()
    assert (after.currsize, after.hits) == (2, before.hits + 1)


def test_at_first_there_are_figures_of_the_scenario_as_it_is(screen):
    """Means with intervals, sliders for people, nothing to undo and nothing to keep."""
    app = screen()
    assert list(app.table[0].value.columns) == ["As it is", "95 % interval"]
    assert app.table[0].value.loc["Leads", "As it is"].endswith("cases")
    assert [each.label for each in app.slider] == ["Sales", "Office"]
    assert app.button(key="undo").disabled
    assert app.button(key="reset").disabled
    assert "Nothing is changed yet" in said(app)
    assert not app.get("download_button")


def test_a_moved_slider_is_told_against_the_base(screen):
    """The change in words, both means, and a verdict in words with an interval for each headline figure."""
    app = moved(screen(), "Sales", 3)
    assert "Sales: 3 instead of 2" in said(app).replace("\\", "")
    table = app.table[0].value
    assert list(table.columns) == ["As it is", "With the changes", "Difference"]
    assert table["Difference"].str.contains("better|worse|not distinguishable|neither").all()
    assert table["Difference"].str.contains("from .* to |no interval").any()
    assert "A first look" in said(app)


def test_undo_and_reset_bring_sliders_back(screen):
    """Undo takes back one move, Reset all, and a reset can be undone as well."""
    app = moved(moved(screen(), "Sales", 3), "Office", 2)
    app = checked(app.button(key="undo").click().run())
    assert (slider(app, "Sales").value, slider(app, "Office").value) == (3, 1)
    app = checked(app.button(key="reset").click().run())
    assert (slider(app, "Sales").value, slider(app, "Office").value) == (2, 1)
    assert "Nothing is changed yet" in said(app)
    app = checked(app.button(key="undo").click().run())
    assert slider(app, "Sales").value == 3


def test_a_slider_moved_back_is_no_change(screen):
    """What stands where it stood is not listed."""
    app = moved(moved(screen(), "Sales", 3), "Sales", 2)
    assert "Nothing is changed yet" in said(app)


def test_changes_of_one_scenario_are_not_those_of_another(screen):
    """Each scenario keeps its own."""
    app = moved(screen(), "Sales", 4)
    app = checked(app.selectbox(key="what_if_of").set_value("more.yaml").run())
    assert slider(app, "Sales").value == 3
    app = checked(app.selectbox(key="what_if_of").set_value("tiny.yaml").run())
    assert slider(app, "Sales").value == 4


def test_changes_go_into_a_comparison_as_a_scenario_of_their_own(screen, uploads):
    """The file states only the change, is among the visitor's files, and is chosen on the other screen."""
    app = moved(screen(), "Sales", 4)
    app.button(key="open").click().run()
    assert set(uploads.loaded) == {"tiny.yaml", "more.yaml", "what_if_1.yaml"}
    changed = uploads.loaded["what_if_1.yaml"].scenario
    assert (changed.name, changed.based_on) == ("What if: Sales 4", "tiny.yaml")
    assert changed.teams["sales"].head_count == 4
    assert app.session_state["base"] == "tiny.yaml"
    assert app.session_state["others"] == ["what_if_1.yaml"]


def test_the_file_leaves_the_same_scenario(uploads):
    """Read back, the overlay is what the sliders showed, also where a number has a unit."""
    base = uploads.loaded["tiny.yaml"]
    changes = {SALES: "4", "channels.web.rate": "9 /d"}
    text = overlay("tiny.yaml", base, changes, "Four")
    assert list(yaml.safe_load(text)) == ["caudal", "name", "based_on", "teams", "channels"]
    uploads.add({"four.yaml": text.encode()})
    assert uploads.loaded["four.yaml"].scenario.teams == load_changed(base, changes).scenario.teams
    assert uploads.loaded["four.yaml"].scenario.channels == load_changed(base, changes).scenario.channels


def test_long_names_with_marks_stay_words(uploads, screen):
    """Labels of users are shown as they are, and the name of a kept scenario has an end."""
    label = "A team with *stars*, [brackets](http://x) and $dollars$ " * 4
    text = f"caudal: 1\nname: Long\nbased_on: tiny.yaml\nteams: {{sales: {{label: '{label}'}}}}\n"
    uploads.add({"long.yaml": text.encode()})
    app = screen("long.yaml")
    app = moved(app, app.slider[0].label, 3)
    assert "[brackets](http" not in said(app)
    app.button(key="open").click().run()
    assert len(uploads.loaded["what_if_1.yaml"].scenario.name) <= 90


def test_a_firm_in_which_nothing_happens_has_nothing_to_move(uploads, screen):
    """Without people and ranges there is a sentence instead of sliders; undefined figures are left out."""
    silent = (
        b"caudal: 1\nname: Silent\nhorizon: {start: 2026-01-05, warm_up: 0 d, length: 2 d, currency: EUR}\n"
        b"channels: {web: {process: p, rate: 0 /d}}\nprocesses: {p: {steps: {over: {kind: end, outcome: done}}}}\n"
    )
    uploads.add({"silent.yaml": silent})
    app = screen("silent.yaml")
    assert not app.slider
    assert "nothing to move" in said(app)
    assert app.table[0].value.loc["Leads", "As it is"].startswith("0")
    assert "Lead to cash, median" not in app.table[0].value.index


def test_without_any_scenario_the_screen_says_so(monkeypatch):
    """An installation without scenarios has nothing to change."""
    monkeypatch.setattr(shelf, "shipped", dict)
    app = checked(AppTest.from_file(str(navigation.SCREENS / "what_if.py"), default_timeout=60).run())
    assert "There is no scenario to change" in said(app)


def test_what_cannot_be_run_is_a_sentence_and_the_sliders_stay(screen, monkeypatch):
    """An error of the library is told beside the sliders, from which it can be mended."""

    def refused(*_, **__):
        raise StudyError("this makes no sense")

    monkeypatch.setattr(part, "quick_estimates", refused)
    app = screen()
    assert app.error[0].value == "this makes no sense"
    assert app.slider


def test_a_cold_engine_is_compiled_first(screen, monkeypatch):
    """The screen compiles once, before the first estimate."""
    done = []
    monkeypatch.setattr(part, "is_cold", lambda: not done)
    monkeypatch.setattr(part, "warm_up", lambda: done.append(True))
    assert screen().table
    assert done == [True]


def test_the_engine_is_loaded_before_the_time_of_the_first_estimate_begins(screen, monkeypatch):
    """Whoever opens the screen first in a process has intervals too; later visitors load nothing."""
    order, real = [], part.quick_estimates
    monkeypatch.setattr(part, "run_small", lambda: order.append("loaded"))
    monkeypatch.setattr(part, "quick_estimates", lambda *a, **k: order.append("asked") or real(*a, **k))
    part._load.cache_clear()
    screen()
    screen()
    assert order == ["loaded", "asked", "asked"]
