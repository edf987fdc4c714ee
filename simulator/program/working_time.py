"""Working hours as sorted intervals: how long work takes over nights and week-ends, with no event for any of them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import bare
from simulator.schema.calendar import Week

Interval = tuple[float, float]
GOLDEN_RATIO: Final = (math.sqrt(5.0) - 1.0) / 2.0


@bare
def last_at_most(moment: float, times: NDArray[np.float64], first: int, count: int) -> int:
    """Return the position, from ``first``, of the last of ``count`` ascending times not after a moment; -1 for none."""
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        if times[first + middle] <= moment:
            low = middle + 1
        else:
            high = middle
    return low - 1


@bare
def worked_until(
    moment: float,
    first: int,
    count: int,
    opens: NDArray[np.float64],
    closes: NDArray[np.float64],
    worked: NDArray[np.float64],
) -> float:
    """Return the working hours of a calendar from the start of the run to a moment."""
    at = last_at_most(moment, opens, first, count)
    if at < 0:
        return 0.0
    at += first
    return float(worked[at] + min(moment, closes[at]) - opens[at])


@bare
def finish(
    now: float,
    hours: float,
    first: int,
    count: int,
    opens: NDArray[np.float64],
    closes: NDArray[np.float64],
    worked: NDArray[np.float64],
) -> float:
    """Return when work that begins now is done, counting only working time; infinite when the calendar ends before."""
    if hours <= 0.0:
        return now
    target = worked_until(now, first, count, opens, closes, worked) + hours
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        if worked[first + middle] < target:
            low = middle + 1
        else:
            high = middle
    if low == 0:
        return math.inf
    at = first + low - 1
    done: float = opens[at] + (target - worked[at])
    if done <= closes[at]:
        return max(done, now)
    # Rounding may carry the end of a shift over its closing by a last bit; real overruns belong to no interval.
    return max(float(closes[at]), now) if done - closes[at] < 1e-9 else math.inf


def weekly_intervals(
    week: Week, first_day: dt.date, days: int, away: Collection[int], hired: float, departs: float
) -> list[Interval]:
    """Lay a weekly pattern over the days of a run and return its intervals in hours.

    ``away`` holds the day numbers (from 0) that are not worked; ``hired`` and ``departs`` cut the whole.
    """
    monday = first_day.weekday()
    laid: list[Interval] = []
    for day in range(days):
        if day in away:
            continue
        for start, end in week[(monday + day) % 7]:
            opening, closing = max(day * 24 + start / 60, hired), min(day * 24 + end / 60, departs)
            if opening >= closing:
                continue
            if laid and laid[-1][1] == opening:
                laid[-1] = (laid[-1][0], closing)
            else:
                laid.append((opening, closing))
    return laid


def cumulated(intervals: Sequence[Interval]) -> list[float]:
    """Working hours before each interval."""
    total, before = 0.0, []
    for opening, closing in intervals:
        before.append(total)
        total += closing - opening
    return before


def leave_days(per_year: int, order: int, first_day: dt.date, days: int) -> set[int]:
    """Day numbers of annual leave: blocks of five working days spread over the year, staggered over the colleagues.

    Deterministic, since leave is planned. A block of colleague ``order`` begins a share of the spacing later; these
    shares are multiples of the golden ratio: they spread evenly for any number of colleagues, and a newcomer moves
    nobody's leave (Weyl, Mathematische Annalen 77, 1916).
    """
    if per_year <= 0:
        return set()
    blocks = math.ceil(per_year / 5)
    taken: set[int] = set()
    share = ((order + 1) * GOLDEN_RATIO) % 1.0
    last_day = first_day + dt.timedelta(days=days)
    for year in range(first_day.year, last_day.year + 1):
        monday = dt.date.fromisocalendar(year, 1, 1)
        for block in range(blocks):
            week = int((block + share) * 52 / blocks)
            length = min(5, per_year - 5 * block)
            begins = (monday - first_day).days + 7 * week
            taken |= {day for day in range(begins, begins + length) if 0 <= day < days}
    return taken
