"""The months that a forecast looks ahead, and what is posted in each."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Final

import numpy as np

from simulator.errors import StudyError
from simulator.records import ACCOUNTS, Floats, Postings

MOST_MONTHS: Final = 60
FORECAST: Final = ("booked", "collected")
"""Accounts that are forecast: the value of orders, and money that comes in."""


def month_ends(today: dt.datetime, months: int) -> tuple[dt.datetime, ...]:
    """The same day and time of each coming month, the last day where a month is shorter.

    Raises StudyError for less than one month, or more than anyone foresees.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise StudyError(f"the number of months must lie between 1 and {MOST_MONTHS}, not {months}")
    return tuple(_later(today, number) for number in range(1, months + 1))


def _later(today: dt.datetime, months: int) -> dt.datetime:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return today.replace(year=year, month=month + 1, day=min(today.day, last))


def posted_by_month(postings: Postings, edges: Floats) -> Floats:
    """What goes to the forecast accounts between the edges, in currency units; shape (accounts, months)."""
    sums = np.zeros((len(FORECAST), edges.size - 1))
    month = np.searchsorted(edges, postings.time, "right") - 1
    for row, account in enumerate(FORECAST):
        inside = (postings.account == ACCOUNTS.index(account)) & (month >= 0) & (month < edges.size - 1)
        sums[row] = np.bincount(month[inside], postings.cents[inside], edges.size - 1) / 100
    return sums
