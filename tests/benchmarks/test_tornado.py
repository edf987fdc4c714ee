"""What a tornado costs."""

import pytest

from benchmarks.tornado import Spent, judged, measure, shown


@pytest.mark.slow
def test_a_small_tornado_is_measured():
    """Three numbers at both ends and the baseline are seven variants."""
    ((what, found),) = measure(replications=1, parameters=3, screened=False).items()
    assert what == "3 numbers, named"
    assert found.variants == 7
    assert found.seconds > 0


def test_the_table_states_seconds():
    """Of the clock, with one decimal."""
    lines = shown({"20 numbers, named": Spent(41, 17.04)}).splitlines()
    assert lines[2] == "| 20 numbers, named | 41 | 17.0 |"


def test_the_tornado_of_named_numbers_has_a_goal():
    """That of screened ones has none."""
    lines = judged({"20 numbers, named": Spent(41, 21.0), "screened": Spent(678, 90.0)}).splitlines()
    assert lines[2:] == ["| 20 numbers, named, seconds | at most 20 | 21 | missed |"]
