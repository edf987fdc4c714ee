import math

import pytest

from workbench.cli.figures import figure, interval, p_value, table
from workbench.cli.progress import spoken_seconds

FIGURES = [
    (0.5, "h", "30.0 min"),
    (5.25, "h", "5.25 h"),
    (30.0, "h", "30.0 h"),
    (72.0, "h", "3.00 d"),
    (0.5, "d", "12.0 h"),
    (45.0, "d", "45.0 d"),
    (0.0, "d", "0 min"),
    (1234567.4, "EUR", "1 234 567 EUR"),
    (-1234.6, "EUR", "-1 235 EUR"),
    (12.34, "EUR", "12.3 EUR"),
    (0.25, "share", "25.0 %"),
    (0.0042, "share", "0.42 %"),
    (0.0, "share", "0 %"),
    (6000.0, "cases", "6 000 cases"),
    (0.00123, "cases", "0.0012 cases"),
    (math.nan, "EUR", "-"),
    (math.inf, "h", "-"),
]


@pytest.mark.parametrize(("value", "unit", "text"), FIGURES)
def test_figures_read_as_people_write_them(value, unit, text):
    """Times in their natural unit, money with thousands set apart, shares in percent."""
    assert figure(value, unit) == text


def test_differences_carry_their_sign():
    """A difference says its direction; one of shares is in percentage points."""
    assert figure(0.034, "share", sign=True) == "+3.40 pp"
    assert figure(-2.0, "h", sign=True) == "-2.00 h"
    assert figure(0.0, "EUR", sign=True) == "0 EUR"


def test_an_interval_reads_on_the_scale_of_its_mean():
    """Both ends have the unit of the mean, which stands once."""
    assert interval(40.0, 60.0, "h", 50.0) == "1.67 to 2.50 d"
    assert interval(900.0, 1100.0, "EUR", 1000.0) == "900 to 1 100 EUR"
    assert interval(-0.2, 0.2, "EUR", 0.0) == "-0.20 to 0.20 EUR"
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
