import math

import pytest

from reports import wording
from simulator.experiment.comparison import Difference
from simulator.experiment.intervals import Estimate


def plain(text):
    """The text with ordinary spaces and minus signs, as it is typed."""
    return text.replace(wording.SPACE, " ").replace(wording.MINUS, "-")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1250.4, "EUR", "1 250 EUR"),
        (-1_250_000, "EUR", "-1 250 000 EUR"),
        (12.346, "EUR", "12.35 EUR"),
        (0, "EUR", "0 EUR"),
        (0, "h", "0 h"),
        (0, "share", "0 %"),
        (0.4567, "share", "45.7 %"),
        (0.0004, "share", "0.040 %"),
        (0.05, "h", "3.0 min"),
        (1.9, "h", "114 min"),
        (26.04, "h", "26.0 h"),
        (100, "h", "4.2 d"),
        (0.5, "d", "12.0 h"),
        (130.2, "d", "130 d"),
        (6003.2, "cases", "6 003 cases"),
        (83.04, "cases", "83.0 cases"),
        (0.456, "cases", "0.46 cases"),
        (math.nan, "EUR", "–"),
        (math.inf, "h", "–"),
    ],
)
def test_figures_read_as_people_write_them(value, unit, expected):
    """Money is grouped, shares are per cent, and durations are in the unit that reads best."""
    assert plain(wording.figure(value, unit)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (30, "cases", "+30.0 cases"),
        (-1250, "EUR", "-1 250 EUR"),
        (0.005, "share", "+0.50 points"),
        (0.001_5, "share", "+0.15 points"),
        (-0.002_4, "points", "-0.002 points"),
        (0.02, "d", "+0.02 d"),
        (-0.25, "h", "-15.0 min"),
        (0.0, "EUR", "0 EUR"),
    ],
)
def test_changes_carry_their_sign(value, unit, expected):
    """A change of a share is in percentage points, one of days stays in days, and nothing has no sign."""
    assert plain(wording.change(value, unit)) == expected


def test_an_interval_is_written_on_the_scale_of_its_mean():
    """Both ends have the unit of the mean, which is said once."""
    assert plain(wording.interval_of(Estimate(1.0, 0.5, 1.5, 9, "h"))) == "from 30.0 to 90.0 min"
    assert plain(wording.with_interval(Estimate(1250.0, 1200.0, 1300.0, 9, "EUR"))) == (
        "1 250 EUR (from 1 200 to 1 300 EUR)"
    )


def test_an_interval_of_a_difference_has_signs():
    """Whether an interval holds zero is seen at a glance."""
    difference = Difference(10.0, -5.0, 25.0, 0.2, 0.4, "not distinguishable", 20, "EUR")
    assert plain(wording.with_interval(difference)) == "+10.00 EUR (from -5.00 to +25.00 EUR)"


def test_ends_that_would_read_the_same_get_more_digits():
    """No interval looks as if it had no width."""
    assert plain(wording.interval_of(Estimate(0.08, 0.0796, 0.0804, 20, "share"))) == "from 7.96 to 8.04 %"


def test_without_an_interval_it_is_said():
    """One replication has a mean and no interval."""
    assert wording.interval_of(Estimate(5.0, math.nan, math.nan, 1, "EUR")) == "no interval"


@pytest.mark.parametrize(("p", "expected"), [(0.0004, "p < 0.001"), (0.0123, "p = 0.012"), (math.nan, "–")])
def test_probabilities_of_error(p, expected):
    """Very small probabilities are all the same to a reader."""
    assert plain(wording.probability(p)) == expected


@pytest.mark.parametrize(
    ("words", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_of_words(words, expected):
    """The last word follows an and."""
    assert wording.listed(words) == expected


def test_one_is_singular():
    """A count agrees with its noun."""
    assert plain(wording.plural(1, "test", "tests")) == "1 test"
    assert plain(wording.plural(1200, "test", "tests")) == "1 200 tests"


@pytest.mark.parametrize(
    ("chance", "expected"), [(1.0, "over 99 %"), (0.0, "under 1 %"), (0.985, "98.5 %"), (0.5, "50.0 %")]
)
def test_no_chance_is_certain(chance, expected):
    """What was estimated is never 100 % or 0 %."""
    assert plain(wording.chance(chance)) == expected
