import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from reports.charts import cash_curve, cash_gain
from tests.reports.conftest import WEEKS
from tests.reports.reading import by, column, layer, plain, shapes, written

LINES = ("Booked", "Invoiced", "Collected", "Cost")
LONG = "A scenario whose name goes on and on until it is beyond any legend, and then some more of it"


def with_cash(study, cash):
    """The study with other running totals."""
    return replace(study, pictures=study.pictures._replace(cash=np.array(cash, dtype=float)))


def test_lines_are_the_running_totals(base):
    """Four lines hold the totals of each week, the first at the start of the measured time."""
    lines = layer(cash_curve(base), "line")
    assert len(lines.rows) == 4 * (WEEKS + 1)
    for index, name in enumerate(LINES):
        values = [row["value"] for row in lines.rows if row["line"] == name]
        assert values == base.pictures.cash[:, index].tolist()
    assert shapes(cash_curve(base).svg(), "line") == 4


def test_lines_stand_at_the_dates_of_the_study(base):
    """A total at the end of week three stands three weeks after the warm-up."""
    days = [row["date"] for row in layer(cash_curve(base), "line").rows if row["line"] == "Cost"]
    first = dt.datetime(2025, 1, 1) + dt.timedelta(days=180)
    assert [dt.datetime.fromisoformat(day) - first for day in days] == [dt.timedelta(weeks=w) for w in range(WEEKS + 1)]


def test_the_axis_is_money_in_the_currency_of_the_study(base):
    """The currency stands on the axis and beneath the title."""
    dollars = replace(base, currency="USD")
    assert layer(cash_curve(dollars), "line").encoding["y"]["axis"]["title"] == "USD, running total"
    assert any("measured time, USD." in words for words in written(cash_curve(dollars).svg()))


def test_the_last_totals_are_in_the_words(base):
    """Who cannot see the picture hears where each line ends."""
    assert plain(cash_curve(base).alt) == (
        "Totals at the end of the window: booked 3 000 000 EUR, invoiced 2 900 000 EUR, collected 2 500 000 EUR and "
        "cost 2 600 000 EUR."
    )


def test_lines_are_named_at_their_ends(base):
    """A word stands beside each line, in the line's own colour."""
    words = layer(cash_curve(base), "text")
    assert column(words.rows, "end") == list(LINES)
    assert set(LINES) <= set(written(cash_curve(base).svg()))
    scale = words.encoding["color"]["scale"]
    assert scale == layer(cash_curve(base), "line").encoding["color"]["scale"]
    assert len(set(scale["range"])) == 4


def test_names_of_lines_that_end_together_do_not_overlap(base):
    """Words beside equal ends are moved apart, and the rows still hold the true values."""
    close = with_cash(base, np.outer(np.arange(5), [1000.0, 1001.0, 1002.0, 1003.0]))
    rows = layer(cash_curve(close), "text").rows
    places = sorted(column(rows, "place"))
    assert column(rows, "value") == [4000.0, 4004.0, 4008.0, 4012.0]
    assert min(np.diff(places)) == pytest.approx(4012 * 16 / 300)


def test_the_gain_is_net_cash_beyond_that_of_the_base(base, faster, study):
    """Each line is collected less cost of a scenario, minus the same of the base, week by week."""
    other = study("Other", cash_collected=2_000_000.0)
    lines = layer(cash_gain(base, [faster, other]), "line")
    for each in (faster, other):
        cash, zero = each.pictures.cash, base.pictures.cash
        expected = (cash[:, 2] - cash[:, 3]) - (zero[:, 2] - zero[:, 3])
        assert [row["value"] for row in lines.rows if row["scenario"] == each.name] == expected.tolist()
    assert shapes(cash_gain(base, [faster, other]).svg(), "line") == 2


def test_the_gain_at_the_end_is_told_with_its_sign(exact):
    """Losses and gains are told apart by their sign, in the words and beside the lines."""
    others = [exact("Up", cash_collected=2_600_000.0), exact("Down", cost_total=2_850_000.0)]
    picture = cash_gain(exact(), others)
    assert plain(picture.alt) == "Beyond the base at the end: Up +100 000 EUR and Down -250 000 EUR."
    ends = by(layer(picture, "text").rows, "scenario")
    assert plain(ends["Up"]["end"]) == "+100 000 EUR"
    assert ends["Down"]["value"] == pytest.approx(-250_000.0)
    assert layer(picture, "line").encoding["y"]["axis"]["title"] == "EUR beyond the base"


def test_the_legend_of_the_gain_names_the_scenarios_only(base, faster):
    """The base is nothing beyond itself and has no line to name."""
    colour = layer(cash_gain(base, [faster]), "line").encoding["color"]
    assert colour["legend"]["values"] == [faster.name]
    assert colour["scale"]["domain"] == [base.name, faster.name]


def test_five_scenarios_gain_beyond_the_base(base, five):
    """Each of five lines ends in the figure that stands beside it."""
    picture = cash_gain(base, five)
    ends = by(layer(picture, "text").rows, "scenario")
    assert len(ends) == 5
    for i, each in enumerate(five, start=1):
        assert ends[each.name]["value"] == pytest.approx(100_000.0 * i)
        assert f"{each.name} {ends[each.name]['text']}" in picture.alt
    assert shapes(picture.svg(), "line") == 5


def test_long_names_are_cut_in_legends_and_stay_apart(study):
    """Two scenarios with the same long name have a line each."""
    others = [study(LONG, cash_collected=3e6), study(LONG, cash_collected=4e6)]
    picture = cash_gain(study(), others)
    names = {row["scenario"] for row in layer(picture, "line").rows}
    assert len(names) == 2
    assert all(len(name) <= 50 for name in names)
    assert shapes(picture.svg(), "line") == 2


def test_nothing_to_show_is_a_sentence(silent, base, study):
    """Without money there is a reason instead of a frame, and so where scenarios do not differ."""
    assert cash_curve(silent).missing == "No money moved in the measured time, so there is no cash curve."
    same = cash_gain(base, [study("The same")])
    assert same.chart is None
    assert same.missing == "The scenarios collect and spend what the base does, so there is no gain to show."
