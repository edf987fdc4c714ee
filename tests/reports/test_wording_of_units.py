import datetime as dt
import math

import pytest

from reports import wording
from simulator.experiment.comparison import Difference
from simulator.experiment.intervals import Estimate
from simulator.records import CAUSES
from tests.reports.reading import plain

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0 EUR"), (0.004, "0.00 EUR"), (0.005, "0.00 EUR"), (0.006, "0.01 EUR"), (0.5, "0.50 EUR"),
        (1.0, "1.00 EUR"), (99.99, "99.99 EUR"), (99.994, "99.99 EUR"), (99.996, "100.00 EUR"), (100.0, "100 EUR"),
        (100.4, "100 EUR"), (999.6, "1 000 EUR"), (1000.0, "1 000 EUR"), (1_234_567.8, "1 234 568 EUR"),
        (12_345_678_901.0, "12 345 678 901 EUR"), (-0.001, "0.00 EUR"), (-0.5, "-0.50 EUR"), (-99.5, "-99.50 EUR"),
        (-100.0, "-100 EUR"), (-1_000_000.0, "-1 000 000 EUR"),
    ],
)  # fmt: skip
def test_money(value, expected):
    """Cents up to a hundred, whole units beyond, thousands apart; nothing is never negative."""
    assert plain(wording.figure(value, "EUR")) == expected


@pytest.mark.parametrize("currency", ["EUR", "USD", "RON", "JPY"])
def test_every_currency_is_money(currency):
    """What is written for one currency is written for each."""
    assert plain(wording.figure(12.5, currency)) == f"12.50 {currency}"
    assert plain(wording.change(-2000.0, currency)) == f"-2 000 {currency}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0 %"), (1e-6, "0.000 %"), (0.000_9, "0.090 %"), (0.000_999, "0.100 %"), (0.001, "0.10 %"),
        (0.0125, "1.2 %"), (0.0126, "1.3 %"), (0.5, "50.0 %"), (0.999_4, "99.9 %"), (0.999_6, "100.0 %"),
        (1.0, "100.0 %"), (1.5, "150.0 %"), (-0.031, "-3.1 %"), (12.0, "1 200.0 %"),
    ],
)  # fmt: skip
def test_shares(value, expected):
    """One digit behind the point, three where there would be but zeros."""
    assert plain(wording.share(value)) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (0.0, "0 h"), (1 / 3600, "0.0 min"), (0.01, "0.6 min"), (0.5, "30.0 min"), (1.0, "60.0 min"),
        (1.99, "119 min"), (2.0, "2.0 h"), (12.25, "12.2 h"), (71.9, "71.9 h"), (72.0, "3.0 d"), (240.0, "10.0 d"),
        (2399.0, "100.0 d"), (2400.0, "100 d"), (87_660.0, "3 652 d"), (-0.5, "-30.0 min"), (-100.0, "-4.2 d"),
    ],
)  # fmt: skip
def test_durations(hours, expected):
    """Minutes below two hours, hours below three days, then days."""
    assert plain(wording.duration(hours)) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0.0, "0 d"), (0.01, "14.4 min"), (0.25, "6.0 h"), (2.9, "69.6 h"), (3.0, "3.0 d"), (52.04, "52.0 d")],
)
def test_figures_in_days_take_the_unit_that_reads_best(days, expected):
    """A KPI in days is written as a duration like any other."""
    assert plain(wording.figure(days, "d")) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.0, "cases", "0 cases"), (0.994, "cases", "0.99 cases"), (1.0, "cases", "1.0 cases"),
        (99.94, "cases", "99.9 cases"), (100.4, "cases", "100 cases"), (6_000.0, "people", "6 000 people"),
        (2.5, "people", "2.5 people"), (3.14, "", "3.1 "),
    ],
)  # fmt: skip
def test_counts(value, unit, expected):
    """Two digits below one, one below a hundred, none beyond."""
    assert plain(wording.figure(value, unit)) == expected


@pytest.mark.parametrize("unit", ["EUR", "h", "d", "share", "cases", "people", ""])
@pytest.mark.parametrize("value", [NAN, math.inf, -math.inf])
def test_what_is_undefined_is_a_dash_in_every_unit(value, unit):
    """A dash, without unit or sign, and never the letters nan."""
    assert wording.figure(value, unit) == wording.UNDEFINED
    assert wording.change(value, unit) == wording.UNDEFINED


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.0, "share", "0 points"), (0.2, "share", "+20.0 points"), (-0.000_4, "share", "-0.040 points"),
        (0.0, "h", "0 h"), (3.0, "h", "+3.0 h"), (-80.0, "h", "-3.3 d"), (0.3, "d", "+0.30 d"),
        (-12.0, "d", "-12.0 d"), (0.001, "EUR", "0.00 EUR"), (-0.001, "EUR", "0.00 EUR"), (5, "EUR", "+5.00 EUR"),
        (-150.0, "cases", "-150 cases"), (0.04, "people", "+0.04 people"),
    ],
)  # fmt: skip
def test_changes(value, unit, expected):
    """Gains have a plus and losses a minus sign; what rounds to nothing has neither."""
    assert plain(wording.change(value, unit)) == expected


def test_the_minus_is_the_sign_and_the_spaces_do_not_break():
    """A figure is never torn from its sign or unit at the end of a line."""
    assert wording.figure(-1234.0, "EUR") == "\u22121\u00a0234\u00a0EUR"


@pytest.mark.parametrize(
    ("low", "high", "unit", "like", "expected"),
    [
        (1200.4, 1300.2, "EUR", 1250.0, "from 1 200 to 1 300 EUR"),
        (-50.0, 150.0, "EUR", 50.0, "from -50.00 to 150.00 EUR"),
        (-50.0, 350.0, "EUR", 150.0, "from -50 to 350 EUR"),
        (5.0, 5.0, "EUR", 5.0, "from 5.00 to 5.00 EUR"),
        (1000.1, 1000.4, "EUR", 1000.2, "from 1 000.1 to 1 000.4 EUR"),
        (1000.001, 1000.004, "EUR", 1000.0, "from 1 000.001 to 1 000.004 EUR"),
        (0.5, 0.500_000_01, "share", 0.5, "from 50.0000 to 50.0000 %"),
        (0.0, 0.1, "share", 0.05, "from 0.0 to 10.0 %"),
        (1.0, 100.0, "h", 50.0, "from 1.0 to 100.0 h"),
        (0.2, 1.5, "h", 0.8, "from 12.0 to 90.0 min"),
        (NAN, NAN, "EUR", 5.0, "no interval"),
        (1.0, NAN, "EUR", 5.0, "no interval"),
        (-math.inf, 3.0, "h", 1.0, "no interval"),
        (0.0, 0.0, "h", 0.0, "from 0 to 0 h"),
    ],
)
def test_intervals(low, high, unit, like, expected):
    """The scale is that of the figure, the unit is said once, and ends that differ read as differing."""
    assert plain(wording.span(low, high, unit, like)) == expected


@pytest.mark.parametrize(
    ("low", "high", "unit", "expected"),
    [
        (-0.01, 0.03, "share", "from -1.0 to +3.0 points"), (-2.0, 4.0, "d", "from -2.0 to +4.0 d"),
        (-30.0, -10.0, "cases", "from -30.0 to -10.0 cases"), (0.0, 20.0, "cases", "from 0.0 to +20.0 cases"),
        (100.0, 300.0, "EUR", "from +100 to +300 EUR"),
    ],
)  # fmt: skip
def test_intervals_of_differences(low, high, unit, expected):
    """Both ends carry their signs, and shares are in points."""
    middle = (low + high) / 2
    found = Difference(middle, low, high, 0.1, 0.2, "not distinguishable", 20, unit)
    assert plain(wording.interval_of(found)) == expected
    assert plain(wording.with_interval(found)) == f"{plain(wording.change(middle, unit))} ({expected})"


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (0.0, "p < 0.001"), (0.000_999, "p < 0.001"), (0.001, "p = 0.001"), (0.0496, "p = 0.050"),
        (0.05, "p = 0.050"), (1.0, "p = 1.000"), (NAN, "–"),
    ],
)  # fmt: skip
def test_probabilities(p, expected):
    """Three digits, and no probability is called zero."""
    assert plain(wording.probability(p)) == expected


@pytest.mark.parametrize(("value", "expected"), [(0.4, "0"), (0.6, "1"), (-2.0, "-2"), (1e6, "1 000 000"), (NAN, "–")])
def test_whole_numbers(value, expected):
    """Counts are rounded and grouped."""
    assert plain(wording.count(value)) == expected


@pytest.mark.parametrize(("number", "expected"), [(0, "0 tests"), (1, "1 test"), (2, "2 tests"), (1000, "1 000 tests")])
def test_plurals(number, expected):
    """Only one is one."""
    assert plain(wording.plural(number, "test", "tests")) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("h", "in hours"),
        ("d", "in days"),
        ("share", "a share"),
        ("cases", "a number of cases"),
        ("EUR", "in EUR"),
        ("times", "a multiple"),
    ],
)
def test_units_in_full(name, expected):
    """The glossary writes units out."""
    assert wording.unit(name) == expected


def test_dates_are_written_in_words():
    """No reader takes the day for the month."""
    assert wording.day(dt.datetime(2026, 2, 1, 23, 59)) == "1 February 2026"


def test_an_undefined_estimate_has_neither_figure_nor_interval():
    """A KPI without a value in any replication is a dash."""
    assert wording.with_interval(Estimate(NAN, NAN, NAN, 0, "EUR")) == "– (no interval)"
    assert wording.mean_of(Estimate(NAN, NAN, NAN, 0, "share")) == "–"


def test_each_verdict_has_a_sign_and_each_cause_a_phrase_of_its_own():
    """What is told by colour on a screen is told in words too, and no two things in the same."""
    assert len(set(wording.VERDICT_SIGNS.values())) == 3
    assert tuple(wording.CAUSE_WORDS) == CAUSES
    assert len(set(wording.CAUSE_WORDS.values())) == len(CAUSES)
