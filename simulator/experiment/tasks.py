"""Tasks handed to an executor of `concurrent.futures`, whichever it is, and their results as they finish."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from simulator.errors import Cancelled

Cancellation = threading.Event | Callable[[], bool] | None
"""How a caller stops a study: an event that is set, or a function that says so."""
AHEAD = 4
"""Tasks a worker that are handed out beyond the first unfinished one, so that results waiting for it stay few."""
LOOK = 0.1
"""Seconds between two looks at the cancellation."""


def stop_if_cancelled(cancelled: Cancellation) -> None:
    """Raise ``Cancelled`` when the caller has asked to stop."""
    if cancelled is None:
        return
    if cancelled.is_set() if isinstance(cancelled, threading.Event) else cancelled():
        raise Cancelled("stopped before the study was done")


def finished(
    submit: Callable[[Any], Future[Any]],
    tasks: Sequence[Any],
    missing: Sequence[int],
    workers: Callable[[], int],
    cancelled: Cancellation,
) -> Generator[tuple[int, Any]]:
    """Index and result of each missing task in the order in which they finish.

    ``workers`` is asked again at each look, since a cluster grows and shrinks; it may raise where none are left.
    """
    running: dict[Future[Any], int] = {}
    ready: set[int] = set()
    handed, first = 0, 0
    while first < len(missing):
        while handed < min(len(missing), first + AHEAD * workers()):
            index = missing[handed]
            running[submit(tasks[index])] = index
            handed += 1
        over, _ = wait(running, timeout=LOOK, return_when=FIRST_COMPLETED)
        stop_if_cancelled(cancelled)
        for future in over:
            result = future.result()
            index = running.pop(future)
            ready.add(index)
            yield index, result
        while first < len(missing) and missing[first] in ready:
            ready.discard(missing[first])
            first += 1
