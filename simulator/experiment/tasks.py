"""Tasks handed to an executor of `concurrent.futures`, whichever it is, and their results as they finish."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import islice
from typing import Any, TypeVar

from simulator.errors import Cancelled

Cancellation = threading.Event | Callable[[], bool] | None
"""How a caller stops a study: an event that is set, or a function that says so."""
Portion = TypeVar("Portion")
"""What is handed out at a time: the index of a task, or those of several."""
AHEAD = 4
"""Portions a worker that are handed out beyond the first unfinished one, so that what waits for it stays little."""
LOOK = 0.1
"""Seconds between two looks at the cancellation."""


def stop_if_cancelled(cancelled: Cancellation) -> None:
    """Raise ``Cancelled`` when the caller has asked to stop."""
    if cancelled is None:
        return
    if cancelled.is_set() if isinstance(cancelled, threading.Event) else cancelled():
        raise Cancelled("stopped before the study was done")


def finished(
    submit: Callable[[Portion], Future[Any]],
    portions: Iterator[Portion],
    workers: Callable[[], int],
    cancelled: Cancellation,
) -> Generator[tuple[Portion, Any]]:
    """Portions of the work and their results in the order in which they finish.

    ``workers`` is asked again at each look, since a cluster grows and shrinks; it may raise where none are left.
    ``portions`` may have more to do once a result has come.
    """
    running: dict[Future[Any], tuple[int, Portion]] = {}
    ready: set[int] = set()
    handed, first = 0, 0
    while True:
        for portion in islice(portions, max(0, first + AHEAD * workers() - handed)):
            running[submit(portion)] = handed, portion
            handed += 1
        if not running:
            return
        over, _ = wait(running, timeout=LOOK, return_when=FIRST_COMPLETED)
        stop_if_cancelled(cancelled)
        for future in over:
            stop_if_cancelled(cancelled)  # there may be many, and each may hold the results of many tasks
            result = future.result()
            number, portion = running.pop(future)
            ready.add(number)
            yield portion, result
        while first in ready:
            ready.discard(first)
            first += 1
