"""What a slider gets is measured on the real baseline."""

import math
import time

import psutil
import pytest

from benchmarks.quick import Answer, ask, judged, shown


@pytest.mark.slow
def test_each_position_of_the_slider_is_answered():
    """Baseline and positions are one question each with at least one replication, the first estimate before the last;
    the baseline's time counts from the start of the process.
    """
    since = time.time() - psutil.Process().create_time()
    shown, *answers = ask((2, 4), budget=0.2)
    assert since < shown.first <= shown.last
    assert shown.half_width is None
    assert len(answers) == 2
    for answer in answers:
        assert 0 < answer.first <= answer.last
        assert answer.replications >= 1
        assert math.isnan(answer.half_width) == (answer.replications == 1)


def test_the_table_says_when_nothing_is_known_yet():
    """One replication has no interval; with more the half-width is a share of the baseline's orders."""
    answers = {
        "shown": Answer(1.9, 2.9, 8, None),
        "first": Answer(0.8, 0.8, 1, math.nan),
        "later": Answer(0.21, 0.95, 6, 0.0312),
    }
    assert shown(answers).splitlines()[2:] == [
        "| shown | 1 900 | 2 900 | 8 | none |",
        "| first | 800 | 800 | 1 | not yet |",
        "| later | 210 | 950 | 6 | ± 3.1% |",
    ]


def test_both_estimates_have_goals():
    """The first within 300 milliseconds, the last within the second that it was given; the baseline has none."""
    lines = judged(
        {
            "shown": Answer(1.9, 2.9, 8, None),
            "first": Answer(0.8, 1.2, 1, math.nan),
            "later": Answer(0.21, 0.95, 6, 0.0312),
        }
    ).splitlines()
    assert [line.split(" | ")[1:] for line in lines[2:]] == [
        ["at most 300", "800", "missed |"],
        ["at most 1 000", "1 200", "missed |"],
        ["at most 300", "210", "met |"],
        ["at most 1 000", "950", "met |"],
    ]
