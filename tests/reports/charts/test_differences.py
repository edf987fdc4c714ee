import math

import numpy as np
import pytest

from reports import wording
from reports.charts import differences, strip
from reports.charts.differences import FARTHEST, TICKS, representative
from reports.charts.theme import VERDICT_COLOURS, VERDICT_SHAPES
from simulator.experiment.comparison import compare
from tests.reports.reading import by, column, groups, layer, layers, plain, shapes, written

LONG = "A scenario whose name goes on and on until it is beyond any axis, and then some more of it"


@pytest.fixture(scope="module")
def contrast(comparison):
    """What the faster company changes."""
    return comparison.others[0]


def contrast_of(base, other):
    """One scenario against its base."""
    return compare(base, [other]).others[0]


def test_each_row_is_a_difference_in_parts_of_the_base(base, contrast):
    """Dot and ends are difference and interval of the comparison, divided by the mean of the base."""
    rows = by(layer(differences(base, contrast), "point").rows, "kpi")
    headlines = [kpi for kpi in base.catalogue.values() if kpi.headline and kpi.name in contrast.differences]
    assert len(rows) == len(headlines) >= 6
    for kpi in headlines:
        found, mean = contrast.differences[kpi.name], base.estimate(kpi.name).mean
        row = rows[kpi.label]
        assert (row["part"], row["low"], row["high"]) == (found.difference / mean, found.low / mean, found.high / mean)
        assert row["verdict"] == found.verdict
        assert row["interval"] == wording.interval_of(found)
        assert row["p"] == wording.probability(found.p_adjusted)


def test_every_difference_is_drawn(base, contrast):
    """A dot and an interval for each row, and the line of no difference."""
    picture = differences(base, contrast)
    number = len(layer(picture, "point").rows)
    svg = picture.svg()
    assert (shapes(svg, "symbol"), shapes(svg, "rule")) == (number, number + 1)
    assert sum(group.count("<text") for group in groups(svg, "text")) == number


def test_words_beside_the_dots_give_per_cent_and_size(exact):
    """A margin that rises from 270 000 to 300 000 EUR reads as both."""
    base = exact()
    picture = differences(base, contrast_of(base, exact("More", margin=300_000.0)), ["margin"])
    assert plain(layer(picture, "text").rows[0]["text"]) == "+11.1 %  (+30 000 EUR)"
    assert plain(picture.alt) == "More against Today: Margin +11.1 %  (+30 000 EUR), better."


def test_verdicts_are_shapes_and_words_beside_colours(base, contrast):
    """Three verdicts have three colours and three shapes, both in the same order, and the legend says them."""
    points = layer(differences(base, contrast), "point").encoding
    assert points["color"]["scale"] == {"domain": list(VERDICT_COLOURS), "range": list(VERDICT_COLOURS.values())}
    assert points["shape"]["scale"] == {"domain": list(VERDICT_SHAPES), "range": list(VERDICT_SHAPES.values())}
    assert list(VERDICT_COLOURS) == list(VERDICT_SHAPES) == list(wording.VERDICT_SIGNS)
    assert len(set(VERDICT_SHAPES.values())) == len(set(VERDICT_COLOURS.values())) == 3
    assert set(VERDICT_COLOURS) <= set(written(differences(base, contrast).svg()))


def test_a_negative_base_does_not_turn_a_gain_into_a_loss(exact):
    """Net cash that rises from -100 000 EUR rises to the right."""
    base = exact()
    picture = differences(base, contrast_of(base, exact("Less lost", net_cash=-50_000.0)), ["net_cash"])
    (row,) = layer(picture, "point").rows
    assert row["part"] == 0.5
    assert row["verdict"] == "better"


def test_a_huge_difference_stands_at_the_edge_and_keeps_its_words(exact):
    """One KPI that grows tenfold does not press the others together, and its true size is said."""
    base = exact()
    picture = differences(base, contrast_of(base, exact("Ten times", margin=2_700_000.0)), ["margin", "orders"])
    row = by(layer(picture, "point").rows, "kpi")["Margin"]
    assert row["part"] == row["high"] == FARTHEST
    assert "+900.0 %" in plain(row["text"])


def test_the_axis_says_of_what_the_per_cents_are(base, contrast):
    """The axis is a change, with its sign, and holds every mark."""
    picture = differences(base, contrast)
    x = layer(picture, "point").encoding["x"]
    rows = layer(picture, "point").rows
    assert x["axis"]["title"] == "difference from the base, per cent of the base"
    low, high = x["scale"]["domain"]
    assert low < min(0, *column(rows, "low"))
    assert max(0, *column(rows, "high")) < high
    assert any(words.startswith("+") and words.endswith(" %") for words in written(picture.svg()))


def test_nothing_to_compare_with_has_no_row(exact):
    """A KPI that is zero or undefined in the base, or unknown to it, has no relative difference."""
    base = exact(written_off=0.0, dso=None)
    found = contrast_of(base, exact("Other"))
    picture = differences(base, found, ["written_off", "dso", "margin", "unheard_of"])
    assert column(layer(picture, "point").rows, "kpi") == ["Margin"]


def test_no_difference_at_all_is_a_sentence(silent):
    """Two years without anything cannot be compared, which is said."""
    picture = differences(silent, contrast_of(silent, silent))
    assert picture.chart is None
    assert picture.missing == "No KPI could be compared: none has a value in the base to compare with."


def test_one_replication_has_dots_without_intervals(study):
    """Without pairs there is a difference and no line through it."""
    base, other = study(replications=1), study("Other", replications=1, margin=1e5)
    picture = differences(base, contrast_of(base, other))
    rows = layer(picture, "point").rows
    assert {row["low"] for row in rows} == {None}
    assert {row["verdict"] for row in rows} == {"not distinguishable"}
    assert shapes(picture.svg(), "rule") == 1


def test_ticks_are_the_replications(base, faster):
    """Every replication's margin is a tick in the row of its scenario."""
    picture = strip([base, faster], "margin")
    ticks = layer(picture, "tick").rows
    for study in (base, faster):
        values = [row["value"] for row in ticks if row["scenario"] == study.name]
        assert values == sorted(study.samples["margin"].tolist())
    assert shapes(picture.svg(), "rect") == 40


def test_means_and_intervals_stand_on_the_ticks(base, faster):
    """Dot and thick line are mean and interval, which the words hold too."""
    picture = strip([base, faster], "margin")
    for study, row in zip((base, faster), layer(picture, "point").rows, strict=True):
        estimate = study.estimate("margin")
        assert (row["value"], row["low"], row["high"]) == (estimate.mean, estimate.low, estimate.high)
        assert wording.with_interval(estimate) in picture.alt
    assert (shapes(picture.svg(), "symbol"), shapes(picture.svg(), "rule")) == (2, 2)


@pytest.mark.parametrize(
    ("kpi", "unit"),
    [
        ("margin", "EUR"), ("first_response_median", "hours"), ("dso", "days"), ("orders", "cases"),
        ("conversion_order", "share"),
    ],
)  # fmt: skip
def test_the_axis_of_a_strip_names_kpi_and_unit(base, kpi, unit):
    """A unit is written in full where people might not know it."""
    title = layer(strip([base], kpi), "tick").encoding["x"]["axis"]["title"]
    assert title == f"{base.catalogue[kpi].label} ({unit})"


def test_six_scenarios_have_six_rows_with_names(base, five):
    """No row is known by its colour alone: each has its name on the axis and no legend is needed."""
    picture = strip([base, *five], "margin")
    encoding = layer(picture, "tick").encoding
    assert encoding["y"]["sort"] == [study.name for study in (base, *five)]
    assert encoding["color"]["legend"] is None
    assert {study.name for study in (base, *five)} <= set(written(picture.svg()))


def test_scenarios_of_the_same_long_name_keep_their_rows(study):
    """The cut of names does not merge rows."""
    picture = strip([study(LONG, margin=1.0), study(LONG, margin=2.0)], "margin")
    assert len(set(column(layer(picture, "point").rows, "place"))) == 2


def test_a_scenario_without_the_kpi_has_no_row(base, study):
    """A margin that is undefined in one scenario is left out, and in all of them is a sentence."""
    none = study("No margin", margin=None)
    assert column(layer(strip([base, none], "margin"), "point").rows, "scenario") == ["Today"]
    assert strip([none], "margin").missing == "Margin has no value in any replication."


def test_undefined_replications_are_no_ticks():
    """A replication without a value is left out, not drawn at zero."""
    assert representative(np.array([1.0, math.nan, 0.5])) == [0.5, 1.0]


def test_no_layer_has_more_ticks_than_it_can_show(study):
    """Five hundred replications are a hundred quantiles around the same mean."""
    many = study(replications=500)
    picture = strip([many], "margin")
    values = column(layer(picture, "tick").rows, "value")
    assert len(values) == TICKS
    assert sum(values) / TICKS == pytest.approx(many.estimate("margin").mean, rel=1e-3)
    assert [each.kind for each in layers(picture)] == ["tick", "rule", "point"]
