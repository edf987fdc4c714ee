"""Compiled passes that find which postings belong together, against the same done cent by cent or one by one."""

import math

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.kpis.settling_scans import scan_parts, scan_sellers, scan_units

FIXED = settings(derandomize=True, deadline=None, max_examples=60)
UNITS = st.integers(0, 3)
MOMENTS = st.integers(0, 9).map(float)
"""Few moments, so that many are the same."""


@FIXED
@given(
    st.lists(st.tuples(UNITS, st.integers(-5, 5), MOMENTS, st.booleans()), max_size=12),
    st.lists(st.tuples(UNITS, MOMENTS), max_size=8),
)
def test_cent_by_cent_the_oldest_of_a_unit_is_settled_first(rows, moments):
    """Each cent charged is settled by the first cent of its unit that settles none before it, never before it is there.

    Parts are as long as they can be: together they hold the cents of each charge by what settles them. A charge is due
    at the first moment of its unit that does not come before it.
    """
    rows, moments = sorted(rows, key=lambda row: row[0]), sorted(moments)
    unit, cents, time, collects = (np.array(column) for column in (zip(*rows, strict=True) if rows else [[]] * 4))
    (amount, invoiced, due, settled), collected = np.empty((4, len(rows))), np.empty(len(rows), np.bool_)
    number = scan_parts(
        unit.astype(np.intp), cents.astype(np.int64), time.astype(np.float64), collects.astype(np.bool_),
        np.array([who for who, _ in moments], np.intp), np.array([at for _, at in moments], np.float64),
        amount, invoiced, due, settled, collected,
    )  # fmt: skip
    paid = {who: [row for row, (mine, sum_, *_) in enumerate(rows) if mine == who for _ in range(-sum_)]
            for who in range(4)}  # fmt: skip
    expected: list[list[float]] = []
    for who, sum_, sent, _ in rows:
        by = [paid[who].pop(0) if paid[who] else None for _ in range(sum_)]
        late = min((at for mine, at in moments if mine == who and at >= sent), default=math.inf)
        for payer in dict.fromkeys(by):
            until = math.inf if payer is None else max(sent, rows[payer][2])
            expected.append([by.count(payer) / 100, sent, late, until, payer is not None and rows[payer][3]])
    found = zip(amount, invoiced, due, settled, collected, strict=True)
    assert [list(part) for part in found][:number] == expected


def test_the_nearest_case_that_invoices_settles():
    """Case 2 of a process that does not invoice climbs over case 1 to the root; case 3 invoices itself.

    Case 4, which begins a journey of its own, stays by itself although a case of process 1 created it.
    """
    process, parent = np.array([0, 0, 0, 1, 0], np.int32), np.array([-1, 0, 1, 0, 3], np.int32)
    unit = np.empty(5, np.intp)
    scan_units(process, parent, np.array([0, 0, 0, 0, 4], np.int32), np.array([False, True]), unit)
    assert unit.tolist() == [0, 0, 0, 3, 4]


@FIXED
@given(
    st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 2), MOMENTS | st.just(math.nan)), max_size=12),
    st.lists(st.tuples(st.integers(0, 2), MOMENTS), max_size=5),
)
@example([(1, 0, 2.0), (3, 0, 2.0)], [(0, 2.0)])
def test_a_booking_is_whose_who_worked_on_its_case_last_before_it(visits, postings):
    """Members 1 and 3 sell; of visits that began at one moment the last counts, also at that of the posting."""
    place = np.array([-1, 0, -1, 1, -1])
    member, case = (np.array([visit[at] for visit in visits], np.int32) for at in range(2))
    posted, latest = np.array([case for case, _ in postings], np.int32), np.full(3, -1)
    (before, seller), since = np.empty((2, posted.size), np.intp), np.empty(posted.size)
    started, time = np.array([visit[2] for visit in visits]), np.array([moment for _, moment in postings])
    work = np.arange(len(visits))
    scan_sellers(
        work, member, case, started.astype(np.float64), place, posted, time.astype(np.float64),
        latest, before, since, seller,
    )  # fmt: skip
    for row, (mine, moment) in enumerate(postings):
        worked = [(begun, visit) for visit, (who, case, begun) in enumerate(visits)
                  if place[who] >= 0 and case == mine and begun <= moment]  # fmt: skip
        assert seller[row] == (place[visits[max(worked)[1]][0]] if worked else -1)
