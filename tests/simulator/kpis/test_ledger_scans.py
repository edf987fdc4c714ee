"""Compiled passes over postings, against the same done with NumPy or one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.kpis.ledger_scans import scan_leads, scan_ledger, scan_payables
from simulator.kpis.recurring_scans import EXPANSION, NEW, PRICE_RISE, scan_recurring
from simulator.kpis.window import Window

FIXED = settings(derandomize=True, deadline=None, max_examples=60)
WINDOW = Window.of(np.array([10.0, 20.0, 30.0]))
MOMENTS = st.integers(8, 30).map(float)
"""Few moments, so that many are the same, also on the edges of the window."""
POSTINGS = st.lists(st.tuples(MOMENTS, st.integers(0, 2), st.integers(0, 1), st.integers(-500, 500)), max_size=15)
"""Moment, step, account and cents."""


def columns(postings):
    """Postings in the order of time, as columns."""
    rows = sorted(postings, key=lambda posting: posting[0])
    kinds = np.float64, np.int32, np.int32, np.int64
    return [np.array([row[place] for row in rows], kind) for place, kind in enumerate(kinds)]


@FIXED
@given(POSTINGS)
def test_the_ledger_is_kept_by_week(postings):
    """Account 1 has costs; step 0 posts them for the first centre by work, steps 1 and 2 for the second by hand."""
    time, step, account, cents = columns(postings)
    accounts, costs, later = np.zeros((2, 2)), np.zeros((2, 2)), np.zeros(2)
    _, negative = scan_ledger(
        time, step, account, cents, 1, np.array([0, 1, 1]), np.array([False, True, True]), np.array([1, 0]),
        WINDOW.start, WINDOW.end, WINDOW.begins, accounts, costs, later, np.empty(time.size),
    )  # fmt: skip
    for week, (first, last) in enumerate(((10, 20), (20, 30))):
        inside = (time >= first) & (time < last)
        cost = inside & (account == 1)
        assert accounts[week].tolist() == np.bincount(account[inside], cents[inside] / 100, 2).tolist()
        assert costs[week].tolist() == np.bincount(np.minimum(step[cost], 1), cents[cost] / 100, 2).tolist()
        assert later[week] == np.bincount((step[cost] > 0) * 1, cents[cost] / 100, 2)[1]
    assert negative == np.any((account == 1) & (cents < 0))


def test_leads_cost_in_the_week_in_which_they_are_born():
    """Of five, one comes before the window and one after it."""
    spent, number = np.zeros(2), np.zeros(2)
    born, channel = np.array([5.0, 10, 20, 25, 30]), np.array([0, 0, 1, 0, 1], np.int32)
    scan_leads(born, channel, np.array([2.0, 3]), WINDOW.start, WINDOW.end, WINDOW.begins, spent, number)
    assert (spent.tolist(), number.tolist()) == ([2, 5], [2, 1])


def test_what_is_owed_counts_from_the_start_of_the_window_or_its_own_moment():
    """Before the window for all its 20 hours, inside for the rest, at its end for none; account 1 pays back."""
    owed, time, nothing = np.empty(3), np.array([5.0, 25, 30]), np.zeros(3, np.int32)
    account, cents = np.array([0, 1, 0], np.int32), np.array([700, 200, 100])
    total, _ = scan_ledger(
        time, nothing, account, cents, 2, np.array([0]), np.array([False]), np.array([1, -1, 0]),
        WINDOW.start, WINDOW.end, WINDOW.begins, *np.zeros((2, 2, 2)), np.zeros(2), owed,
    )  # fmt: skip
    assert total == 600
    assert owed.tolist() == [140, -10, 0]


@FIXED
@given(POSTINGS)
def test_what_is_bought_and_paid_at_once_is_owed_for_no_time(postings):
    """As sums by moment have it; what step 0 posts is bought, what step 1 posts pays for it."""
    time, step, _, cents = columns(postings)
    moves, owed = np.array([1, -1, 0]), np.empty(time.size)
    number, bought = scan_payables(time, step, cents, moves, 10.0, 30.0, owed)
    moments, of_moment = np.unique(30.0 - np.maximum(time, 10.0), return_inverse=True)
    assert owed[:number].tolist() == (np.bincount(of_moment, moves[step] * cents) * moments).tolist()
    assert bought == cents[(step == 0) & (time >= 10) & (time < 30)].sum()


def test_recurring_revenue_is_new_once_and_then_grows():
    """A journey gains 100 before the window, 20 by a price rise, 30 else, and loses 50; another gains 7 in the window.

    Step 1 is marked renewed. Nothing of journey 2 is posted.
    """
    rows, journey = np.array([0, 1, 2, 3, 5]), np.array([0, 0, 0, 0, 1])
    time, step = np.array([5.0, 12, 15, 20, 21, 25]), np.array([0, 1, 0, 0, 0, 1], np.int32)
    cents = np.array([100, 20, 30, -50, 999, 7])
    first, (begun, over), gained = np.full(3, np.inf), np.zeros((2, 3)), np.zeros(3, np.int64)
    in_force = np.empty(5)
    scan_recurring(
        rows, journey, time, step, cents, np.array([False, True]), 10.0, 30.0, first, begun, over, gained, in_force
    )
    assert (begun.tolist(), over.tolist()) == ([100, 0, 0], [100, 7, 0])
    assert dict(enumerate(gained.tolist())) == {NEW: 7, EXPANSION: 30, PRICE_RISE: 20}
    assert in_force.tolist() == [2000, 360, 450, -500, 35]
