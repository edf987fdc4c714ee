"""Replications in blocks: a task of several, between which a worker looks whether anybody still waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import TypeVar

from simulator.errors import Cancelled

Piece = TypeVar("Piece")
BLOCK = 10
"""Replications that one task makes at most, so that many of few variants still share the workers."""
WANTED: ContextVar[Callable[[], bool]] = ContextVar("WANTED", default=lambda: True)
"""Tells whether anybody waits for the task under way; set where a task outlives the study that it belongs to."""


def blocks(first: int, end: int, most: int = BLOCK) -> Iterator[range]:
    """The replications from ``first`` to before ``end``, cut into blocks."""
    return (range(at, min(at + most, end)) for at in range(first, end, most))


def while_wanted(block: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces of a block one after the other; raises ``Cancelled`` once nobody waits for them."""
    for piece in block:
        if not WANTED.get()():
            raise Cancelled("nobody waits for these replications any more")
        yield piece
