"""Coverage of whole studies as the page on validation shows it."""

import numpy as np
import pytest

from benchmarks.queue_studies import REPLICATIONS, mean_queue, measure, shown, simulated


def test_every_interval_of_a_study_is_counted():
    """A few studies by the real engine: four shares, of which those of the table are the percentages."""
    queues = simulated(studies=4)
    assert queues["slow"].shape == (4, REPLICATIONS)
    found = measure(queues)
    assert len(found) == 4
    assert all(share in np.arange(5) / 4 for share in found.values())
    first = next(iter(found))
    assert f"| {first} | {found[first]:.1%} |" in shown(found, 4)


def test_an_interval_far_from_the_truth_holds_nothing():
    """Queues twice as long as they can be are held by no interval, nor is their difference."""
    queues = {name: 2 + 3 * sample for name, sample in simulated(studies=2).items()}
    assert max(measure(queues).values()) == 0


def test_a_faster_server_has_the_shorter_queue():
    """From an empty desk the exact queue is near that of the steady state, rho^2 / (1 - rho)."""
    assert mean_queue(2) == pytest.approx(0.5, rel=1e-3)
    assert mean_queue(2.5) == pytest.approx(0.4**2 / 0.6, rel=1e-3)
