"""Growth: what counts as a departure from a line, and tables from small sizes."""

import pytest

from benchmarks import growth
from benchmarks.populations import drop


def test_points_on_a_line_do_not_depart_from_it():
    """A fixed cost for each run is no departure: the line need not go through zero."""
    assert growth.departure([1, 10, 100], [5.1, 6.0, 15.0]) == pytest.approx(0.0, abs=1e-9)


def test_a_square_departs_from_a_line_as_worked_by_hand():
    """For y = 1, 2, 4 at x = 0, 1, 2 the line of least relative squares is off by 4/33 where it is most.

    Its relative residuals are at right angles to (1, 1/2, 1/4) and (0, 1/2, 1/2), so they are (1, -4, 4) / 33.
    """
    assert growth.departure([0, 1, 2], [1, 2, 4]) == pytest.approx(4 / 33)


def test_a_run_counts_what_happened_in_it():
    """A hundred cases come, ninety-nine wait, and each is worked on once: 299 events, in some positive time."""
    run = growth.fastest(drop(100, "fifo"))
    assert (run.cases, run.events) == (100, 299)
    assert run.seconds > 0


@pytest.mark.slow
def test_each_table_has_a_line_for_every_size():
    """Small sizes give the tables that large ones give, with memory measured in a process of its own."""
    leads = growth.with_leads((1_000, 2_000)).splitlines()
    assert [line.count("|") for line in leads[:4]] == [8] * 4
    assert all(0.05 < float(peak) < 2 for peak in leads[2].split("|")[6:8])
    assert leads[-2].startswith("| time against leads, largest departure from a straight line in % | at most 20 | ")
    assert leads[-1].startswith("| the same, memory kept | at most 20 | ")
    progress = growth.with_work_in_progress((1.0, 10.0), 2_000).splitlines()
    assert [line.count("|") for line in progress[:4]] == [4] * 4
    assert progress[-1].startswith("| time of an event against the logarithm of cases, the same in % | at most 20 | ")
    waiting = growth.with_waiting((100, 200)).splitlines()
    assert waiting[3].startswith("| 200 | ")
    assert waiting[-1].startswith("| speed with 200 waiting, as a share of that with 100, priority | at least 0.1 | ")
    assert waiting[-1].endswith(" | met |")
