import pytest

from reports.charts import funnel
from reports.charts.funnel import leads_apart, stages_of
from reports.charts.theme import BASE
from tests.reports.conftest import STAGES
from tests.reports.reading import by, column, layer, plain, shapes, written

LONG = "A stage whose name goes on and on until it is beyond any axis, and then some more of it"


def test_bars_are_the_journeys_of_each_stage(base):
    """Length and interval of each bar are those of the study, to the last bit, in the order of the stages."""
    bars = layer(funnel(base), "bar")
    assert column(bars.rows, "stage") == list(STAGES.values())
    for key, row in zip(STAGES, bars.rows, strict=True):
        estimate = base.estimate(f"reached_{key}")
        assert (row["leads"], row["low"], row["high"]) == (estimate.mean, estimate.low, estimate.high)
    assert (bars.encoding["x"]["field"], bars.encoding["y"]["field"]) == ("leads", "stage")


def test_two_scenarios_have_a_bar_each_at_every_stage(base, faster):
    """The second scenario's bars hold its own figures and stand beside those of the base."""
    bars = layer(funnel(base, [faster]), "bar")
    rows = by(bars.rows, "scenario", "stage")
    assert len(rows) == 10
    for study in (base, faster):
        for key, label in STAGES.items():
            assert rows[study.name, label]["leads"] == study.estimate(f"reached_{key}").mean
    assert bars.encoding["yOffset"]["field"] == "scenario"
    assert bars.encoding["color"]["scale"]["domain"] == [base.name, faster.name]


def test_six_scenarios_make_thirty_bars(base, five):
    """Every bar is really drawn, with its interval and its count."""
    picture = funnel(base, five)
    svg = picture.svg()
    assert len(layer(picture, "bar").rows) == 30
    assert (shapes(svg, "rect"), shapes(svg, "rule")) == (30, 30)


def test_the_axis_names_what_is_counted_and_has_room_for_the_words(base):
    """The axis begins at nothing, ends beyond the longest interval, and says what it counts."""
    x = layer(funnel(base), "bar").encoding["x"]
    assert x["title"] == "leads in the measured time"
    low, high = x["scale"]["domain"]
    assert low == 0
    assert high > max(column(layer(funnel(base), "bar").rows, "high"))


def test_the_words_hold_every_count(exact):
    """Who cannot see the picture hears the journeys of each stage."""
    assert plain(funnel(exact()).alt) == (
        "Funnel of Today: Lead 6 000, Contacted 4 200, Offer sent 900, Order 300 and Paid 290."
    )


def test_a_bar_alone_says_what_share_came_from_the_stage_before(exact):
    """The first stage has nothing before it; each other one states its passage beside the bar."""
    texts = column(layer(funnel(exact()), "text").rows, "text")
    assert [plain(text) for text in texts] == [
        "6 000", "4 200 · 70.0 % of the stage before", "900 · 21.4 % of the stage before",
        "300 · 33.3 % of the stage before", "290 · 96.7 % of the stage before",
    ]  # fmt: skip
    assert {plain(text) for text in texts} <= set(written(funnel(exact()).svg()))


def test_bars_side_by_side_say_counts_only(exact):
    """With several scenarios there is no room for shares, which the tips still have."""
    rows = layer(funnel(exact(), [exact("Other")]), "bar").rows
    assert not any("stage before" in row["text"] for row in rows)
    assert [plain(row["passed"]) for row in rows[:3]] == ["", "70.0 %", "21.4 %"]


def test_a_base_alone_is_grey_without_a_legend(base):
    """One scenario needs no colour to be told from another."""
    assert layer(funnel(base), "bar").encoding["color"] == {"value": BASE}
    assert base.name not in written(funnel(base).svg())


def test_scenarios_are_named_in_words(base, faster):
    """The legend names each scenario beside its colour."""
    words = written(funnel(base, [faster]).svg())
    assert {base.name, faster.name} <= set(words)


def test_all_leads_are_shown_for_all_scenarios_or_for_none(exact):
    """When in one scenario not every lead comes to the first stage, every scenario shows all its leads."""
    whole, part = exact(), exact("Some stay outside", reached_lead=5000.0)
    for studies in ([whole, part], [part, whole]):
        rows = by(layer(funnel(studies[0], studies[1:]), "bar").rows, "scenario", "stage")
        assert len(rows) == 12
        assert [rows[study.name, "All leads"]["leads"] for study in studies] == [6000.0, 6000.0]
        assert rows[part.name, "Lead"]["leads"] == 5000.0
    assert len(layer(funnel(whole, [exact("The same")]), "bar").rows) == 10


def test_all_leads_of_a_changed_scenario_are_not_lost(exact):
    """A base whose leads all come to the first stage is drawn with the bar that the other scenario needs."""
    picture = funnel(exact(), [exact("Some stay outside", reached_lead=5000.0)])
    assert plain(picture.alt).startswith("Funnel of Today: All leads 6 000, Lead 6 000, Contacted 4 200")
    assert shapes(picture.svg(), "rect") == 12
    assert written(picture.svg()).count("All leads") == 1


@pytest.mark.parametrize(("reached", "apart"), [(6000.0, False), (5971.0, False), (5969.0, True), (6031.0, True)])
def test_leads_stand_apart_beyond_half_a_per_cent(exact, reached, apart):
    """Journeys born before the window make small differences, which are no stage of their own."""
    assert leads_apart([exact(reached_lead=reached)]) is apart


def test_whether_leads_stand_apart_can_be_said(exact):
    """Steps of one study follow those of the studies beside it."""
    names = list(STAGES.values())
    assert [label for label, _ in stages_of(exact(), apart=True)] == ["All leads", *names]
    assert [label for label, _ in stages_of(exact(reached_lead=10.0), apart=False)] == names
    assert [label for label, _ in stages_of(exact(reached_lead=10.0))] == ["All leads", *names]


def test_a_scenario_without_leads_does_not_change_the_funnel_of_the_base(base, silent):
    """Nothing came, so nothing stayed outside the first stage; the base keeps its five bars."""
    assert len(layer(funnel(base, [silent]), "bar").rows) == 5


def test_stages_that_only_another_scenario_has_are_left_out(base, study):
    """The axis is that of the base; a stage that it does not know has no bar."""
    more = study("More", stages={**STAGES, "praise": "Praised"}, reached_praise=10.0)
    assert {row["stage"] for row in layer(funnel(base, [more]), "bar").rows} == set(STAGES.values())


def test_long_names_are_cut_and_stay_apart(study):
    """Stages with the same long name keep a bar each, and no label is longer than its two lines."""
    alike = study(stages=dict.fromkeys(STAGES, LONG))
    rows = layer(funnel(alike), "bar").rows
    assert len({row["stage"] for row in rows}) == 5
    assert all(len(line) <= 34 for row in rows for line in row["stage"].split("\n"))
    assert shapes(funnel(alike).svg(), "rect") == 5


def test_a_stage_that_nobody_could_reach_has_no_bar(study):
    """An undefined count is not drawn as zero."""
    rows = layer(funnel(study(reached_paid=None)), "bar").rows
    assert column(rows, "stage") == list(STAGES.values())[:-1]


def test_nothing_to_show_is_a_sentence(silent, study):
    """A year without leads, and a scenario without stages, have no frame but a reason."""
    assert funnel(silent).missing == "No lead came in the measured time, so the funnel is empty."
    assert funnel(study(stages={})).missing == "The scenario names no stages, so there is no funnel to show."
    assert funnel(silent).chart is None
    assert funnel(silent).svg() == ""


def test_one_replication_has_bars_and_no_intervals(study):
    """Without an interval no thin line is drawn."""
    svg = funnel(study(replications=1)).svg()
    assert (shapes(svg, "rect"), shapes(svg, "rule")) == (5, 0)
