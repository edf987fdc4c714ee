"""Collects what happens as rows, and turns them into records when the run is over."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from simulator.records import TICKS, Cases, Postings, Records, Visits, Waits

if TYPE_CHECKING:
    from simulator.engines.simpy_engine.case import Case


def ticks(hours: float) -> int:
    """Return a moment in whole ticks, so that differences of moments add up exactly."""
    return round(hours * TICKS)


class Recorder:
    """Rows of visits, waits, postings and cases in the order in which they come about."""

    def __init__(self, attributes: int = 0) -> None:
        self.attributes = attributes
        """Attributes of a case, which an empty table has too."""
        self.visits: list[list[float]] = []
        self.waits: list[tuple[int, ...]] = []
        self.postings: list[tuple[float, int, int, int, int]] = []
        self.cases: list[Case] = []

    def enter(self, case: int, step: int, now: float) -> int:
        """Open a visit and return its row."""
        self.visits.append([case, step, now, math.nan, math.nan, -1, -1])
        return len(self.visits) - 1

    def start(self, row: int, now: float, member: int) -> None:
        """Note when work began and who does it, -1 for nobody."""
        visit = self.visits[row]
        visit[3], visit[5] = now, member

    def leave(self, row: int, now: float, following: int) -> None:
        """Note when the case left and where it went."""
        visit = self.visits[row]
        visit[4], visit[6] = now, following

    def pass_through(self, case: int, step: int, now: float, following: int) -> None:
        """Note a step that took no time."""
        self.visits.append([case, step, now, now, now, -1, following])

    def records(self, end: float) -> Records:
        """Everything as columns."""
        return Records(self._visits(), self._waits(), self._postings(), self._cases(), end)

    def _visits(self) -> Visits:
        # Several times faster than an array of lists.
        table = np.fromiter(chain.from_iterable(self.visits), np.float64, 7 * len(self.visits)).reshape(-1, 7)
        case, step, entered, started, finished, member, following = (np.ascontiguousarray(column) for column in table.T)
        whole = (column.astype(np.int32) for column in (case, step, member, following))
        case_, step_, member_, following_ = whole
        return Visits(case_, step_, entered, started, finished, member_, following_)

    def _waits(self) -> Waits:
        table = np.array(self.waits, np.int64).reshape(-1, 6)
        return Waits(table[:, 0].astype(np.int32), np.ascontiguousarray(table[:, 1:]))

    def _postings(self) -> Postings:
        time = np.array([row[0] for row in self.postings], np.float64)
        rest = np.array([row[1:] for row in self.postings], np.int64).reshape(-1, 4)
        case, step, account = (rest[:, i].astype(np.int32) for i in range(3))
        return Postings(time, case, step, account, rest[:, 3].copy())

    def _cases(self) -> Cases:
        whole = np.array(
            [(c.process, c.channel, c.parent.row if c.parent else -1, c.root, c.outcome) for c in self.cases], np.int32
        )
        process, channel, parent, root, outcome = (np.ascontiguousarray(column) for column in whole.reshape(-1, 5).T)
        width = self.cases[0].values.size if self.cases else self.attributes
        moments = np.array([(c.born, c.ended) for c in self.cases], np.float64).reshape(-1, 2)
        return Cases(
            key=np.array([c.key for c in self.cases], np.int64),
            process=process, channel=channel, parent=parent, root=root,
            born=moments[:, 0].copy(), ended=moments[:, 1].copy(), outcome=outcome,
            attributes=np.array([c.values for c in self.cases], np.float64).reshape(len(self.cases), width),
        )  # fmt: skip
