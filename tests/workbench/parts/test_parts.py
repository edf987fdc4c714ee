"""Parts of screens on their own: cards, comparison table, definitions, failures, pictures."""

import math
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from reports import wording
from simulator.errors import Problem, ScenarioError, StudyError
from simulator.experiment.comparison import Difference, compare
from simulator.experiment.intervals import Estimate
from simulator.experiment.replications import run_all
from simulator.experiment.trust import Checks, spoilt
from simulator.experiment.warm_up import Settling
from simulator.kpis.formulas import DECLARED
from workbench.jobs.background import DEFECT
from workbench.jobs.results import Results
from workbench.parts.comparison_table import NO_SIDE, verdict_words
from workbench.parts.definitions import BETTER, GROUPS
from workbench.parts.pictures import LEGEND_WIDTH, _narrow_legends
from workbench.parts.prose import literal

LONG = "A very long name of a scenario with *stars*, [brackets](http://x) and $dollars$ " * 3


@pytest.fixture
def results(request_of):
    """The toy firm against its what-if, four replications."""
    asked = request_of(replications=4, jobs=1)
    base, other = run_all([chosen.loaded for chosen in asked.scenarios], asked.plan)
    return Results(base, (other,), compare(base, [other]))


def drawn(function, *arguments):
    """A page that holds one part."""
    app = AppTest.from_function(function, args=arguments, default_timeout=30).run()
    assert not app.exception
    return app


def draw_cards(study):
    from workbench.parts.cards import cards

    cards(study)


def draw_marked(study, marks):
    from workbench.parts.cards import cards

    cards(study, marks)


def draw_table(results, checks=None):
    from workbench.parts.comparison_table import comparison_table

    comparison_table(results.base, results.others, results.comparison, checks)


def draw_failure(error):
    from workbench.parts.failures import told

    with told():
        raise error


def draw_definitions(wanted):
    from workbench.parts.definitions import definitions

    definitions(wanted)


def test_each_defined_headline_is_a_card_with_its_interval(results):
    """Label, mean and interval in the words of the reports, in the order of the catalogue."""
    base = results.base
    shown = [name for name, kpi in base.catalogue.items() if kpi.headline and base.estimate(name).n]
    metrics = drawn(draw_cards, base).metric
    assert [metric.label for metric in metrics] == [literal(base.catalogue[name].label) for name in shown]
    for metric, name in zip(metrics, shown, strict=True):
        assert metric.value == wording.mean_of(base.estimate(name))
        assert metric.delta == wording.interval_of(base.estimate(name))


def test_a_study_in_which_nothing_happened_has_a_sentence_and_no_cards(results):
    """Empty cards would look like a defect."""
    nothing = {name: sample * math.nan for name, sample in results.base.samples.items()}
    app = drawn(draw_cards, replace(results.base, samples=nothing))
    assert not app.metric
    assert "Nothing happened in the measured time" in app.info[0].value


def test_the_comparison_has_a_column_for_each_scenario_and_a_word_in_each_cell(results):
    """The base shows its means, the other its verdict, change and interval."""
    app = drawn(draw_table, results)
    table = app.table[0].value
    base, contrast = results.base, results.comparison.others[0]
    shown = [name for name, kpi in base.catalogue.items() if kpi.headline and base.estimate(name).n]
    assert list(table.columns) == ["Tiny firm", "Tiny firm with a third seller"]
    assert list(table.index) == [literal(base.catalogue[name].label) for name in shown]
    for name, mean, cell in zip(shown, table.iloc[:, 0], table.iloc[:, 1], strict=True):
        assert mean == wording.mean_of(base.estimate(name))
        found = contrast.differences.get(name) or contrast.undirected[name]
        word = found.verdict if isinstance(found, Difference) else "neither better nor worse"
        assert word in cell, name
    told = app.caption[0].value.replace(wording.SPACE, " ")
    assert f"adjusted over their {results.comparison.family} tests: " in told
    assert "4 paired replications" in told


def test_all_figures_of_the_comparison_can_be_unfolded(results):
    """A row for each KPI that both scenarios have, with p where there is a verdict."""
    rows = drawn(draw_table, results).dataframe[0].value
    contrast = results.comparison.others[0]
    defined = [d for d in (*contrast.differences.values(), *contrast.undirected.values()) if d.n]
    assert len(rows) == len(defined)
    assert list(rows.columns) == ["KPI", "base", "scenario", "difference", "95 % interval", "verdict", "adjusted p"]
    neither = rows.verdict == "neither better nor worse"
    assert (rows["adjusted p"][neither] == "").all()
    assert (rows["adjusted p"][~neither] != "").all()


def test_scenarios_that_share_a_name_have_columns_of_their_own(results):
    """The second of two equal names is numbered, and none is lost."""
    twins = (results.others[0], results.others[0])
    app = drawn(draw_table, Results(results.base, twins, compare(results.base, twins)))
    name = "Tiny firm with a third seller"
    assert list(app.table[0].value.columns) == ["Tiny firm", name, f"{name} (2)"]
    assert app.selectbox[0].options == [name, name]


def test_the_unfolded_figures_follow_the_scenario_that_is_picked(results):
    """The second other has its own figures: the base against itself changes nothing."""
    others = (results.others[0], results.base)
    app = drawn(draw_table, Results(results.base, others, compare(results.base, others)))
    first = app.dataframe[0].value
    second = app.selectbox[0].set_value(1).run().dataframe[0].value
    assert (second["base"] == second["scenario"]).all()
    assert not (first["base"] == first["scenario"]).all()


def test_long_names_with_marks_are_shown_as_they_are(results):
    """Stars, brackets and dollars of a name mean nothing."""
    other = replace(results.others[0], name=LONG)
    app = drawn(draw_table, Results(results.base, (other,), compare(results.base, [other])))
    assert app.table[0].value.columns[1] == literal(LONG)
    assert "\\*stars\\*" in app.table[0].value.columns[1]


def difference(verdict):
    """A difference with this verdict."""
    return Difference(1.0, 0.5, 1.5, 0.01, 0.02, verdict, 9, "d")


def test_verdicts_are_words_with_a_sign_and_never_a_colour_alone():
    """Whoever sees no colours reads the same."""
    words = [verdict_words(difference(verdict)) for verdict in ("better", "worse", "not distinguishable")]
    for verdict, text in zip(("better", "worse", "not distinguishable"), words, strict=True):
        assert verdict in text
        assert literal(wording.VERDICT_SIGNS[verdict]) in text
    assert len({text.partition("[")[0] for text in words}) == 3
    assert verdict_words(Estimate(1.0, 0.5, 1.5, 9, "d")) == NO_SIDE
    assert verdict_words(None) == wording.UNDEFINED


def test_problems_of_a_file_are_a_list_with_lines():
    """Several at once, sorted, and a word on how to read them."""
    app = drawn(draw_failure, ScenarioError([Problem("b.yaml", 9, "x", "two"), Problem("b.yaml", 2, "", "one")]))
    assert app.error[0].value == "- b.yaml\\:2\\: one\n- b.yaml\\:9\\: x\\: two"
    assert "All problems of the file are listed at once" in app.caption[0].value


def test_one_problem_is_a_sentence():
    """Neither bullets nor an explanation of them."""
    app = drawn(draw_failure, StudyError("money cannot be *compared*"))
    assert [error.value for error in app.error] == ["money cannot be \\*compared\\*"]
    assert not app.caption


def test_a_defect_says_what_to_do_and_nothing_of_itself(caplog):
    """The traceback is in the log."""
    app = drawn(draw_failure, ZeroDivisionError("secret detail"))
    assert [error.value for error in app.error] == [DEFECT]
    assert "secret detail" in caplog.text


def test_every_figure_is_defined_under_its_group():
    """All declared KPIs, in the order of the groups, each with the side that is better."""
    app = drawn(draw_definitions, "")
    assert [each.value for each in app.subheader] == [
        t for g, t in GROUPS.items() if any(d.group == g for d in DECLARED)
    ]
    assert sum(len(table.value) for table in app.table) == len(DECLARED)
    for table in app.table:
        assert list(table.value.columns) == ["Unit", "Better", "How it is computed"]
        assert set(table.value["Better"]) <= set(BETTER.values())
        assert (table.value["How it is computed"] != "").all()


@pytest.mark.parametrize("wanted", ["margin", "MARGIN", "  Margin "])
def test_words_are_found_in_any_letters(wanted):
    """Capitals and blanks make no difference."""
    found = sum(len(table.value) for table in drawn(draw_definitions, wanted).table)
    assert found == sum("margin" in f"{d.label} {d.formula} {GROUPS[d.group]}".lower() for d in DECLARED)
    assert 0 < found < len(DECLARED)


def test_legends_are_narrowed_wherever_they_stand():
    """In layers and in lists, and nothing else is touched."""
    spec = {"layer": [{"encoding": {"color": {"legend": {"title": "x"}}}}, {"legend": None}], "legend": "none", "n": 1}
    _narrow_legends(spec)
    assert spec["layer"][0]["encoding"]["color"]["legend"] == {"title": "x", "columns": 2, "labelLimit": LEGEND_WIDTH}
    assert spec["layer"][1] == {"legend": None}
    assert (spec["legend"], spec["n"]) == ("none", 1)


def test_a_card_says_in_words_that_its_figure_is_spoilt(results):
    """The label of a spoilt KPI has a sign and a word behind it; the others have none."""
    labels = [each.value for each in drawn(draw_marked, results.base, {"orders"}).caption]
    assert [each for each in labels if "spoilt" in each] == [f"{results.base.catalogue['orders'].label} ✗ spoilt"]


def test_the_comparison_marks_what_a_check_spoils(results):
    """A series that does not settle in one scenario marks its KPI, in the table of headlines and in that of all."""
    flat = results.base.pictures.queue[:, 0]
    settlings = ((results.others[0].name, (Settling("revenue_booked", flat, flat, None, 0.0),)),)
    marked = spoilt([results.base, *results.others], Checks(settlings=settlings))
    app = drawn(draw_table, results, Checks(settlings=settlings))
    kpis = [kpi for kpi in marked if results.base.catalogue[kpi].headline and results.base.estimate(kpi).n]
    assert kpis
    index = list(app.table[0].value.index)
    assert sum("spoilt" in each for each in index) == len(kpis)
    assert any(str(each).endswith("✗ spoilt") for each in app.dataframe[0].value["KPI"])
