"""Coverage of intervals as the page on validation shows it."""

import numpy as np
import pytest
from scipy import stats

from benchmarks.coverage import METHODS, measure, queue_differences, shown


def test_queue_differences_are_those_of_the_closed_form():
    """Loads of 50 and 40 % wait 0.5 and 0.4 * 0.4 / 0.6 of the time between arrivals; from an empty desk a bit less."""
    found = queue_differences(runs=4_000, customers=500)
    expected = 0.5**2 / 0.5 - 0.4**2 / 0.6
    assert found.mean() == pytest.approx(expected, rel=0.02)
    assert stats.skew(found) > 0.7


def test_every_figure_size_and_method_has_its_share():
    """Few samples, so only wide bounds: all intervals hold the truth mostly, none always."""
    found = measure(studies=60, sizes=(10,))
    shares = np.array([list(sizes[10].values()) for sizes in found.values()])
    assert shares.shape == (3, len(METHODS))
    assert (shares > 0.7).all()
    assert shares.min() < 1
    lines = shown(found).splitlines()
    assert lines[0].endswith("| Student's t | bootstrap-t | the wider of both | BCa bootstrap |")
    assert len(lines) == 5
