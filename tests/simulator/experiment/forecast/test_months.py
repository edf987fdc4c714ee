"""Months ahead, and what is posted in each."""

import datetime as dt

import numpy as np
import pytest

from simulator.errors import StudyError
from simulator.experiment.forecast.months import month_ends, posted_by_month
from simulator.records import ACCOUNTS, Postings


def test_months_end_on_the_same_day():
    """Over the end of a year, at the same time of day."""
    ends = month_ends(dt.datetime(2026, 11, 15, 6), 3)
    assert ends == (dt.datetime(2026, 12, 15, 6), dt.datetime(2027, 1, 15, 6), dt.datetime(2027, 2, 15, 6))


def test_a_shorter_month_ends_on_its_last_day():
    """And the one after it is not cut with it."""
    ends = month_ends(dt.datetime(2028, 1, 31), 3)
    assert [end.day for end in ends] == [29, 31, 30]


@pytest.mark.parametrize("months", [0, -1, 61])
def test_months_that_make_no_sense(months):
    """None, fewer, and more than anyone foresees."""
    with pytest.raises(StudyError, match="between 1 and 60"):
        month_ends(dt.datetime(2026, 1, 1), months)


def test_postings_fall_into_their_months():
    """The first moment of a month is its own, what is outside and what goes to other accounts is left out."""
    rows = [(99, "booked", 1), (100, "booked", 200), (199, "collected", 300), (200, "booked", 400), (210, "paid", 500),
            (300, "booked", 600)]  # fmt: skip
    time, account, cents = zip(*rows, strict=True)
    codes = np.array([ACCOUNTS.index(name) for name in account], np.int32)
    nobody = np.zeros(len(rows), np.int32)
    postings = Postings(np.array(time, np.float64), nobody, nobody, codes, np.array(cents, np.int64))
    assert posted_by_month(postings, np.array([100.0, 200.0, 300.0])).tolist() == [[2.0, 4.0], [3.0, 0.0]]
