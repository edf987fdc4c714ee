"""Tasks over local processes: results as they finish, lost workers replaced, nothing left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from simulator.errors import Cancelled, StudyError

Cancellation = threading.Event | Callable[[], bool] | None
"""How a caller stops a study: an event that is set, or a function that says so."""
REBUILDS = 3
"""Times that a pool whose worker died is built again."""
AHEAD = 4
"""Tasks a worker that are handed out beyond the first unfinished one, so that results waiting for it stay few."""
LOOK = 0.1
"""Seconds between two looks at the cancellation."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_ENVIRONMENT = threading.Lock()
"""Two studies that start workers at the same time would each restore what the other had set."""


class _Shared:
    """What a worker process keeps between tasks."""

    value: Any = None


def _begin(value: Any) -> None:
    """Take what all tasks share, and make sure that the worker dies with its parent."""
    _Shared.value = value
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # after kill -9 of the parent nobody else would end this process


def _perform(function: Callable[[Any, Any], Any], task: Any) -> Any:
    return function(_Shared.value, task)


def is_cancelled(cancelled: Cancellation) -> bool:
    """Whether the caller has asked to stop."""
    if cancelled is None:
        return False
    return cancelled.is_set() if isinstance(cancelled, threading.Event) else bool(cancelled())


def in_process(
    function: Callable[[Any, Any], Any], shared: Any, tasks: Sequence[Any], cancelled: Cancellation = None
) -> Generator[tuple[int, Any]]:
    """Index and result of each task, one after the other in this very process."""
    for index, task in enumerate(tasks):
        if is_cancelled(cancelled):
            raise Cancelled("stopped before the study was done")
        yield index, function(shared, task)


def over_processes(
    function: Callable[[Any, Any], Any], shared: Any, tasks: Sequence[Any], jobs: int, cancelled: Cancellation = None
) -> Generator[tuple[int, Any]]:
    """Index and result of each task in the order in which they finish; ``function(shared, task)`` runs in a worker.

    Closing the iterator early, a cancellation and any error end the workers at once. Tasks lost with a worker are
    done again, so they must depend on nothing but their arguments.
    """
    done: set[int] = set()
    for _ in range(REBUILDS + 1):
        try:
            with _pool(shared, min(jobs, len(tasks) - len(done))) as pool:
                for index, result in _finished(pool, function, tasks, done, jobs, cancelled):
                    done.add(index)
                    yield index, result
            return
        except BrokenProcessPool:
            continue
    raise StudyError(
        f"a worker process died {REBUILDS + 1} times, with {len(tasks) - len(done)} of {len(tasks)} replications still "
        "to do: memory may be short; try fewer jobs"
    )


def _finished(
    pool: ProcessPoolExecutor,
    function: Callable[[Any, Any], Any],
    tasks: Sequence[Any],
    done: set[int],
    jobs: int,
    cancelled: Cancellation,
) -> Generator[tuple[int, Any]]:
    missing = [index for index in range(len(tasks)) if index not in done]
    running: dict[Future[Any], int] = {}
    ready: set[int] = set()
    handed, first = 0, 0
    while first < len(missing):
        while handed < min(len(missing), first + AHEAD * jobs):
            index = missing[handed]
            with _spawning():
                running[pool.submit(_perform, function, tasks[index])] = index
            handed += 1
        finished, _ = wait(running, timeout=LOOK, return_when=FIRST_COMPLETED)
        if is_cancelled(cancelled):
            raise Cancelled("stopped before the study was done")
        for future in finished:
            result = future.result()
            index = running.pop(future)
            ready.add(index)
            yield index, result
        while first < len(missing) and missing[first] in ready:
            ready.discard(missing[first])
            first += 1


@contextmanager
def _pool(shared: Any, jobs: int) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(shared,))
    try:
        yield pool
    except BaseException:
        _end(pool)
        raise
    pool.shutdown()


def _end(pool: ProcessPoolExecutor) -> None:
    """End the workers in the middle of what they do; public in the standard library only from Python 3.14."""
    for process in list((pool._processes or {}).values()):  # noqa: SLF001
        process.kill()
    # A worker that dies while it writes leaves half a result, for whose other half the pool would wait forever.
    pool._result_queue._writer.close()  # type: ignore[attr-defined]  # noqa: SLF001
    pool.shutdown(cancel_futures=True)


@contextmanager
def _spawning() -> Iterator[None]:
    """One thread for each library in the processes that start meanwhile, and Ctrl-C left to this process."""
    # A new process inherits the mask: Ctrl-C in a terminal reaches this process alone, which then ends the others.
    masks = hasattr(signal, "pthread_sigmask")
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masks else set()
    try:
        with _ENVIRONMENT:
            before = {name: os.environ.get(name) for name in _THREADS}
            os.environ.update(dict.fromkeys(_THREADS, "1"))
            try:
                yield
            finally:
                for name, value in before.items():
                    if value is None:
                        os.environ.pop(name, None)
                    else:
                        os.environ[name] = value
    finally:
        if masks:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
