import math

import pytest

from workbench.cli.figures import figure, interval, p_value, table
from workbench.cli.progress import spoken_seconds

FIGURES = [
    (0.5, "h", False, "30.0 min"),
    (30.0, "h", False, "30.0 h"),
    (45.0, "d", False, "45.0 d"),
    (-0.6, "d", True, "-0.60 d"),
    (1234567.4, "EUR", False, "1 234 567 EUR"),
    (-1234.6, "EUR", True, "-1 235 EUR"),
    (0.25, "share", False, "25.0 %"),
    (0.034, "share", True, "+3.4 points"),
    (math.nan, "EUR", False, "-"),
]


@pytest.mark.parametrize(("value", "unit", "sign", "text"), FIGURES)
def test_figures_are_those_of_the_reports_in_plain_characters(value, unit, sign, text):
    """Blanks and minus signs that every program reads, and otherwise what a report says."""
    assert figure(value, unit, sign) == text


def test_an_interval_reads_on_the_scale_of_its_mean():
    """Both ends have the unit of the mean, which stands once; one that is unknown is a dash."""
    assert interval(900.0, 1100.0, "EUR", 1000.0) == "900 to 1 100 EUR"
    assert interval(-0.2, 0.2, "EUR", 0.0) == "-0.20 to 0.20 EUR"
    assert interval(-3.0, -1.0, "d", -2.0, sign=True) == "-3.0 to -1.0 d"
    assert interval(math.nan, 1.0, "EUR", 1.0) == "-"


def test_p_values_are_rounded_but_never_to_zero():
    """Very small probabilities are bounded instead of rounded."""
    assert [p_value(p) for p in (0.04567, 1e-9, math.nan)] == ["0.046", "< 0.001", "-"]


def test_tables_line_up():
    """Columns are as wide as their widest cell; named ones are flush right."""
    text = table(("a", "b"), [("long", "1"), ("x", "22")], frozenset({1}))
    assert text.splitlines() == ["a      b", "----  --", "long   1", "x     22"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(4.21, "4.2 s"), (59.4, "59 s"), (200, "3 min 20 s"), (3900, "1 h 05 min")]
)
def test_times_left_are_spoken(seconds, text):
    """Seconds, minutes and hours as one would say them."""
    assert spoken_seconds(seconds) == text
