"""Compiled passes over visits and waits, against the same added up one by one."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.kpis.queues import hours_since
from simulator.kpis.window import Window
from simulator.kpis.work_scans import scan_delays, scan_waits, week_at

FIXED = settings(derandomize=True, deadline=None, max_examples=60)
EDGES = st.sampled_from([0.0, 168.0, 336.0, 504.0])
MOMENTS = EDGES | st.floats(0, 900)
STARTS = EDGES | st.floats(0, 300)
HUNDREDS = st.integers(0, 3).map(lambda hundreds: 100.0 * hundreds) | st.floats(0, 300)


def queued(window, team, joined, started, finished, ticks, run_end=900.0):
    """What waits of three teams add up to: ticks by cause, how many were not served, and hours by week."""
    rows = np.arange(len(team), dtype=np.int32)
    by_team, unserved = np.zeros((3, 5), np.int64), np.zeros(3)
    number, sums = np.zeros((2, 2, window.weeks, 3))
    scan_waits(
        rows, np.array(ticks, np.int64).reshape(-1, 5), np.array(team, np.int32), np.arange(3),
        np.array(joined, np.float64), np.array(started, np.float64), np.array(finished, np.float64),
        window.start, window.end, run_end, window.begins, by_team, unserved, number, sums,
    )  # fmt: skip
    since, until = hours_since(number, sums, window)
    return by_team, unserved, since - until


def windows(start, length):
    edges = np.append(start + np.arange(0.0, max(length, 168.0), 168.0), start + length)
    return Window.of(edges)


def test_waits_count_that_ended_inside_the_window_or_never():
    """Of six, one was served before the window, one inside, one gave up inside, one after, two still wait."""
    never = np.nan
    started, finished = [90, 120, never, never, never, never], [95, 130, 150, 250, never, never]
    ticks = [[1 << 60 if wait == 1 else wait, 0, 0, 0, 1] for wait in range(6)]
    by_team, unserved, _ = queued(windows(100.0, 100.0), [0, 0, 0, 0, 1, 2], [80] * 6, started, finished, ticks)
    assert by_team[:, 0].tolist() == [(1 << 60) + 2, 4, 5]
    assert by_team[:, 4].tolist() == [2, 1, 1]
    assert unserved.tolist() == [1, 1, 1]


@FIXED
@given(st.lists(st.tuples(st.integers(0, 2), MOMENTS, st.floats(0, 300)), max_size=12), STARTS,
       st.floats(1, 600))  # fmt: skip
def test_time_by_week_is_counted_as_on_paper(waits, start, length):
    """Hours that waits cover in each week, whichever comes first, are sums of overlaps, team by team."""
    window, team = windows(start, length), [team for team, _, _ in waits]
    joined, left = [begin for _, begin, _ in waits], [begin + span for _, begin, span in waits]
    _, _, found = queued(window, team, joined, left, left, np.zeros((len(waits), 5)))
    for week, (first, last) in enumerate(zip(window.edges[:-1], window.edges[1:], strict=True)):
        for group in range(3):
            parts = [max(0.0, min(begin + span, last) - max(begin, first))
                     for mine, begin, span in waits if mine == group]  # fmt: skip
            assert found[week, group] == pytest.approx(sum(parts), abs=1e-6)


def test_who_still_waits_does_so_until_the_end_of_the_run():
    """From 300 on, of a window from 168 to 504: all of its second week and 36 hours of the first."""
    _, _, found = queued(windows(168.0, 336.0), [1], [300], [np.nan], [np.nan], [[0] * 5], run_end=504.0)
    assert found.tolist() == [[0, 36, 0], [0, 168, 0]]


@FIXED
@given(st.lists(MOMENTS, max_size=20), STARTS, st.floats(1, 600))
def test_the_week_is_that_of_a_binary_search(moments, start, length):
    """In whatever order moments come; those outside belong to the first or last."""
    window = windows(start, length)
    found = np.searchsorted(window.edges, moments, "right") - 1
    assert weeks_of(moments, window) == np.clip(found, 0, window.weeks - 1).tolist()


def weeks_of(moments, window):
    """Week of each moment, looked for from that of the one before."""
    weeks = [0]
    for moment in moments:
        weeks.append(week_at(float(moment), weeks[-1], window.begins))
    return weeks[1:]


def test_moments_fall_into_the_week_that_they_begin():
    """A moment on the edge between two weeks belongs to the second."""
    assert weeks_of([0, 168, 335.9, 336, 600], windows(168.0, 336.0)) == [0, 0, 0, 1, 1]


@pytest.mark.parametrize("start", [168.0, 32.8, 8.8])
def test_the_week_of_a_moment_is_exact_beside_an_edge(start):
    """As binary search finds it, on each edge and a last bit beside it, also where edges are rounded up or down."""
    window = windows(start, 7200.0)
    beside = np.concatenate([np.nextafter(window.edges, 0.0), window.edges, np.nextafter(window.edges, np.inf)])
    found = np.searchsorted(window.edges, beside, "right") - 1
    assert weeks_of(beside, window) == np.clip(found, 0, window.weeks - 1).tolist()


@FIXED
@given(st.lists(st.tuples(st.integers(0, 3), HUNDREDS, HUNDREDS, st.booleans()), max_size=20))
@example([(1, 0.0, 100.0, True)])
def test_delays_add_up_to_the_last_bit(visits):
    """By cause, in the order of the visits, of those that ended inside the window or never."""
    step = np.array([step for step, _, _, _ in visits], np.int32)
    entered = np.array([entered for _, entered, _, _ in visits], np.float64)
    finished = np.array([entered + span if over else np.nan for _, entered, span, over in visits], np.float64)
    expected = [0.0, 0.0, 0.0]
    for at, begin, end in zip(step, entered, finished, strict=True):
        if at > 0 and (np.isnan(end) or 100 <= end < 400):
            expected[at - 1] += (600.0 if np.isnan(end) else end) - begin
    assert list(scan_delays(step, np.array([-1, 0, 1, 2]), entered, finished, 100.0, 400.0, 600.0)) == expected
