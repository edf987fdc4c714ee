"""Queues of a team, and how long each of their cases has waited for which cause.

The four causes that hold for a whole queue are counted once for the queue: a case reads the difference between its
coming and its start. Overtaking depends on when a case came, and is counted by a Fenwick tree over the order of coming
(Fenwick, "A new data structure for cumulative frequency tables", 1994). Whole ticks make any order of adding give the
same sum.
"""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING

import simpy

if TYPE_CHECKING:
    from simulator.engines.simpy_engine.case import Case

OFF_SHIFT, BUSY, OWNERSHIP, LIMIT = range(4)


class OvertakingTime:
    """Ticks during which someone who came later was being served."""

    def __init__(self) -> None:
        self._tree = [0, 0]
        self._total = 0

    def add(self, newest: int, ticks: int) -> None:
        """Count ticks for all that came before the case number ``newest``."""
        place = newest + 1
        while place >= len(self._tree):
            size = len(self._tree)
            self._tree += [0] * size
            # The first place of the new half covers everything before it.
            self._tree[size] = self._total
        self._total += ticks
        while place < len(self._tree):
            self._tree[place] += ticks
            place += place & -place

    def of(self, number: int) -> int:
        """Ticks counted for the case of this number."""
        below, place = 0, min(number + 1, len(self._tree) - 1)
        while place > 0:
            below += self._tree[place]
            place -= place & -place
        return self._total - below


class Ticket:
    """A case in a queue."""

    __slots__ = ("before", "case", "event", "number", "queue", "rank", "row", "since", "takes", "waiting")

    def __init__(self, case: Case, row: int, number: int, rank: float, event: simpy.Event) -> None:
        self.case = case
        self.row = row
        """Row of its visit."""
        self.number = number
        """Order in which it came to the team."""
        self.rank = rank
        self.event = event
        self.waiting = True
        self.queue: Queue
        self.since: tuple[int, ...] = ()
        """Counts of the queue when the case joined it."""
        self.before = [0, 0, 0, 0, 0]
        """Ticks by cause from a queue that it was moved from."""

    def __lt__(self, other: Ticket) -> bool:
        return (self.rank, self.number) < (other.rank, other.number)


class Queue:
    """Cases of one queue class that wait for anyone who serves it or, with an owner, for one person."""

    __slots__ = ("counts", "heap", "klass", "length", "overtaking", "owner")

    def __init__(self, klass: int, owner: int) -> None:
        self.klass = klass
        self.owner = owner
        """Position of the owner in the team, -1 for a shared queue."""
        self.heap: list[Ticket] = []
        self.length = 0
        self.counts = [0, 0, 0, 0]
        self.overtaking = OvertakingTime()

    def join(self, ticket: Ticket) -> None:
        """Put a case into the queue."""
        ticket.queue = self
        ticket.since = (*self.counts, self.overtaking.of(ticket.number))
        heapq.heappush(self.heap, ticket)
        self.length += 1

    def head(self) -> Ticket | None:
        """Return the case whose turn it is, forgetting those that left."""
        while self.heap and not self.heap[0].waiting:
            heapq.heappop(self.heap)
        return self.heap[0] if self.heap else None

    def ticks(self, ticket: Ticket) -> list[int]:
        """Ticks that a case has waited here and before, by the five causes of waiting for a team."""
        off_shift, busy, ownership, limit = (
            now - then for now, then in zip(self.counts, ticket.since[:4], strict=True)
        )
        priority = self.overtaking.of(ticket.number) - ticket.since[4]
        here = (off_shift, busy - priority, ownership, limit, priority)
        return [then + now for then, now in zip(ticket.before, here, strict=True)]


def rank_of(discipline: int, number: int, priority: float, due: float) -> float:
    """Place in the queue, the smallest first, by discipline: fifo, lifo, priority, due."""
    urgency = 0.0 if math.isnan(priority) else priority
    return (0.0, -float(number), -urgency, due)[discipline]
