"""What a slider gets is measured on the real baseline."""

import math

import pytest

from benchmarks.quick import Answer, ask, shown


@pytest.mark.slow
def test_each_position_of_the_slider_is_answered():
    """Every position is one question with at least one replication, the first estimate no later than the last."""
    answers = ask((2, 4), budget=0.2)
    assert len(answers) == 2
    for answer in answers:
        assert 0 < answer.first <= answer.last
        assert answer.replications >= 1
        assert math.isnan(answer.half_width) == (answer.replications == 1)


def test_the_table_says_when_nothing_is_known_yet():
    """One replication has no interval; with more the half-width is a share of the baseline's orders."""
    answers = {"first": Answer(0.8, 0.8, 1, math.nan), "later": Answer(0.21, 0.95, 6, 0.0312)}
    assert shown(answers).splitlines()[2:] == [
        "| first | 800 | 800 | 1 | not yet |",
        "| later | 210 | 950 | 6 | ± 3.1% |",
    ]
