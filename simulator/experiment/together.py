"""Tasks of one process at the same time, on threads, which compiled code does not hold up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

Result = TypeVar("Result")


def together(function: Callable[[int], Result], tasks: Sequence[int]) -> list[Result]:
    """Results of all tasks, of which there is at least one, in their order; raises what the first that failed raises.

    The first is done by the thread that asks, so that Ctrl-C is heard while it lasts; the process does not wait for
    the others when it ends.
    """
    others = [begun(partial(function, task)) for task in tasks[1:]]
    return [function(tasks[0]), *(other.result() for other in others)]


def begun(function: Callable[[], Result]) -> Future[Result]:
    """The outcome of what a thread of its own has begun to do, for which the process does not wait when it ends."""
    outcome: Future[Result] = Future()
    threading.Thread(target=_fulfil, args=(outcome, function), daemon=True).start()
    return outcome


def _fulfil(outcome: Future[Result], function: Callable[[], Result]) -> None:
    try:
        outcome.set_result(function())
    except BaseException as error:  # noqa: BLE001 - it goes to the thread that waits
        outcome.set_exception(error)
