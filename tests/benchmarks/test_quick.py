"""What a slider gets is measured on the real baseline."""

import math

import pytest

from benchmarks.quick import Answer, ask, judged, shown


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


def test_both_estimates_have_goals():
    """The first within 300 milliseconds, the last within the second that it was given."""
    lines = judged({"first": Answer(0.8, 1.2, 1, math.nan), "later": Answer(0.21, 0.95, 6, 0.0312)}).splitlines()
    assert [line.split(" | ")[1:] for line in lines[2:]] == [
        ["at most 300", "800", "missed |"],
        ["at most 1 000", "1 200", "missed |"],
        ["at most 300", "210", "met |"],
        ["at most 1 000", "950", "met |"],
    ]
