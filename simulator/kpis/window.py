"""The measured window, and the arithmetic of flows and averages in it."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.kpis.journey_scans import scan_rows
from simulator.program.kept import kept
from simulator.program.program import Program
from simulator.records import Floats, Indices, Records

Flags = NDArray[np.bool_]
Numbers = NDArray[np.intp]
Figures = dict[str, "float | Floats"]
"""Measured figures by the template of their KPI: a number, or an array for a family of KPIs."""

WEEK: Final = 7 * 24.0
DAY: Final = 24.0
YEAR: Final = 365 * DAY
MONTH: Final = YEAR / 12


class Window(NamedTuple):
    """The hours that figures count: from the end of the warm-up, included, to the end of the run, excluded."""

    start: float
    end: float
    edges: Floats
    """Start, every full week after it, and end."""
    begins: Floats
    """Edges of the weeks to which all moments belong: -inf for the start, and inf for the end."""
    lengths: Floats
    """Hours of each week."""

    @classmethod
    def of(cls, edges: Floats) -> Window:
        """The window from the first of ascending edges to the last."""
        begins = np.concatenate([[-np.inf], edges[1:-1], [np.inf]])
        return cls(float(edges[0]), float(edges[-1]), edges, begins, np.diff(edges))

    @property
    def hours(self) -> float:
        """Length in hours."""
        return self.end - self.start

    @property
    def weeks(self) -> int:
        """Number of weeks, a begun one included; at least one."""
        return self.edges.size - 1

    def holds(self, moments: Floats) -> Flags:
        """Whether each moment lies inside; never for NaN."""
        flags: Flags = (moments >= self.start) & (moments < self.end)
        return flags

    def rows(self, moments: Floats) -> Numbers:
        """Rows of the moments that lie inside."""
        return np.flatnonzero(self.holds(moments))

    def clip(self, moments: Floats) -> Floats:
        """Each moment, moved to the nearest edge when it lies outside."""
        return np.clip(moments, self.start, self.end)


@kept
def window_of(program: Program) -> Window:
    """The window that a program measures."""
    length = program.end - program.warm_up
    full = np.arange(0.0, max(length, WEEK), WEEK)
    return Window.of(np.append(program.warm_up + full, program.end))


def quotient(above: float, below: float) -> float:
    """Quotient of two numbers, NaN where the denominator is 0."""
    return float(above) / float(below) if below else math.nan


def ratio(above: Any, below: Any) -> Any:
    """Quotients of arrays, or of an array and a number, NaN where the denominator is 0."""
    return np.divide(above, np.where(np.equal(below, 0), np.nan, below))


def share(flags: Flags, among: Flags) -> float:
    """Share of the rows among which to count that are flagged; NaN of none."""
    return quotient(int(np.count_nonzero(flags & among)), int(np.count_nonzero(among)))


def summary(durations: Floats) -> Floats:
    """Mean, median and 90th percentile (linear between ranks); NaN of nothing."""
    if durations.size == 0:
        return np.full(3, np.nan)
    ordered = np.sort(durations)
    return np.array([durations.sum() / durations.size, _quantile(ordered, 0.5), _quantile(ordered, 0.9)])


def _quantile(ordered: Floats, level: float) -> float:
    """Quantile of ascending numbers, to the last bit that of `numpy.quantile`, which takes longer to call than to run.

    Hyndman and Fan, The American Statistician 50 (1996), definition 7.
    """
    rank = level * (ordered.size - 1)
    below = int(rank)
    low, high, part = float(ordered[below]), float(ordered[min(below + 1, ordered.size - 1)]), rank - below
    return low + (high - low) * part if part < 0.5 else high - (high - low) * (1.0 - part)


def counted(codes: NDArray[Any], size: int, weights: Floats | None = None) -> Floats:
    """Number, or sum of weights, by code from 0 to ``size``; negative codes are left out."""
    try:
        number = np.bincount(codes, weights, size)
    except ValueError:  # of negative codes: rarely any, and looking for them first takes longer than counting
        if weights is not None and weights.size != codes.size:
            raise
        known = np.flatnonzero(codes >= 0)
        number = np.bincount(codes[known], None if weights is None else weights[known], size)
    return number[:size].astype(np.float64, copy=False)


def rows_of(flagged: Flags, codes: Indices) -> Numbers:
    """Rows whose code is flagged."""
    rows = np.empty(codes.size, np.intp)
    return rows[: scan_rows(flagged, codes, rows)]


def filled(moments: Floats, records: Records) -> Floats:
    """Moments, the end of the run for those that had not come by then."""
    return np.where(np.isnan(moments), records.end, moments)
