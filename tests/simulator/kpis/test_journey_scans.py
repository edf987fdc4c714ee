"""Compiled passes that tell of journeys, against the same done with NumPy or one by one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.kpis.journey_scans import scan_following, scan_journeys, scan_passages, scan_stage

FIXED = settings(derandomize=True, deadline=None, max_examples=60)
MOMENTS = st.integers(0, 9).map(float)
"""Few moments, so that many are the same."""
PASSAGES = st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 2), MOMENTS), max_size=25)


def columns(rows):
    """Journey, step and moment of passages."""
    kinds = np.intp, np.int32, np.float64
    return [np.array([row[place] for row in rows], kind) for place, kind in enumerate(kinds)]


@FIXED
@given(PASSAGES)
def test_first_moments_are_the_least_of_each_journey(passages):
    """Step 0 tells of nothing, step 1 of the first row, step 2 of both; what is outside journeys tells of none."""
    first, tells = np.full((2, 4), np.nan), [[], [0], [0, 1]]
    journey, step, moment = columns(passages)
    rows, room = np.arange(journey.size), (np.empty_like(step), np.empty_like(journey), np.empty_like(step))
    scan_passages(
        rows, step, moment, rows.astype(np.int32), journey, np.array([0, 0, 1, 3]), np.array([0, 0, 1]),
        *room, np.empty_like(moment), first,
    )  # fmt: skip
    for row in range(2):
        for journey in range(4):
            told = [moment for who, step, moment in passages if who == journey and row in tells[step]]
            assert np.array_equal(first[row, journey], min(told, default=math.nan), equal_nan=True)


@FIXED
@given(PASSAGES)
def test_the_following_row_is_the_next_in_time_of_the_same_journey(passages):
    """As sorting finds it; of equal moments the later row comes later, and nothing follows a row outside journeys."""
    journey, _, moment = columns(passages)
    before, following = np.empty((2, journey.size), np.intp)
    scan_following(journey, moment, before, following, np.full(4, -1))
    expected, order = np.full(journey.size, -1), np.lexsort((moment, journey))
    same = journey[order[1:]] == journey[order[:-1]]
    expected[order[:-1][same]] = order[1:][same]
    expected[journey < 0] = -1
    assert following.tolist() == expected.tolist()


def test_passages_are_the_visits_that_began():
    """Of three visits that tell of something the second never began; the fourth, of case 0, is not asked for."""
    case, step = np.array([2, 1, 0, 0], np.int32), np.array([5, 6, 7, 8], np.int32)
    found = np.empty(3, np.int32), np.empty(3, np.intp), np.empty(3, np.int32), np.empty(3)
    started = np.array([1.5, np.nan, 2.5, 3.5])
    number = scan_passages(
        np.array([0, 1, 2]), step, started, case, np.array([4, 3, -1]), np.zeros(10, np.intp), np.zeros(0, np.intp),
        *found, np.empty((0, 5)),
    )  # fmt: skip
    assert [column[:number].tolist() for column in found] == [[2, 0], [-1, 4], [5, 7], [1.5, 2.5]]


@pytest.mark.parametrize("stage", range(4))
def test_hours_to_the_first_later_stage_that_was_reached_afterwards(stage):
    """Of those that reached it inside the window, from 2 included to 8 excluded, in the order of the journeys."""
    rng = np.random.default_rng(stage)
    journeys = np.where(rng.random((500, 4)) < 0.3, np.nan, rng.integers(0, 10, (500, 4)))
    until, hours = np.empty((2, len(journeys)))
    number = scan_stage(np.ascontiguousarray(journeys.T), stage, 2.0, 8.0, until, hours)
    later = [(reached[stage], min((m for m in reached[stage + 1 :] if m >= reached[stage]), default=math.nan))
             for reached in journeys]  # fmt: skip
    assert hours[:number].tolist() == [end - begin for begin, end in later if 2 <= end < 8]


def test_journeys_begin_with_cases_of_a_channel_that_are_their_own_roots():
    """Case 1 has no channel, case 2 belongs to case 0, case 3 begins the second journey, and case 4 belongs to none.

    The first journey ends with its first case, the third with its last one, or never where case 6 never ends.
    """
    root, channel = np.array([0, 1, 0, 3, 1, 5, 5, 5], np.int32), np.array([2, -1, 2, 0, 2, 1, 1, 1], np.int32)
    ended = np.array([7.0, 8, 5, 6, 9, 3, 4, 5])
    (leads, number, journey), last = np.empty((3, 8), np.intp), np.empty(8)
    count = scan_journeys(root, channel, ended, leads, number, journey, last)
    assert (leads[:count].tolist(), journey.tolist()) == ([0, 3, 5], [0, -1, 0, 1, -1, 2, 2, 2])
    assert last[:count].tolist() == [7, 6, 5]
    ended[6] = np.nan
    scan_journeys(root, channel, ended, leads, number, journey, last)
    assert np.array_equal(last[:count], [7, 6, np.nan], equal_nan=True)
