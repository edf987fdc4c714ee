"""Tasks of one process at the same time, on threads, which compiled code does not hold up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def together(function: Callable[[int], Result], tasks: Sequence[int]) -> list[Result]:
    """Results of all tasks, of which there is at least one, in their order; raises what the first that failed raises.

    The first is done by the thread that asks, so that Ctrl-C is heard while it lasts; the process does not wait for
    the others when it ends.
    """
    others = [Future[Result]() for _ in tasks[1:]]
    for future, task in zip(others, tasks[1:], strict=True):
        threading.Thread(target=_fulfil, args=(future, function, task), daemon=True).start()
    return [function(tasks[0]), *(future.result() for future in others)]


def _fulfil(future: Future[Result], function: Callable[[int], Result], task: int) -> None:
    try:
        future.set_result(function(task))
    except BaseException as error:  # noqa: BLE001 - it goes to the thread that waits
        future.set_exception(error)
