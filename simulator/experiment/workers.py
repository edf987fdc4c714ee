"""Tasks over local processes: results as they finish, lost workers replaced, nothing left behind."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.util import get_temp_dir
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from simulator.errors import StudyError
from simulator.experiment import fork_server
from simulator.experiment.tasks import Cancellation, finished, stop_if_cancelled

REBUILDS = 3
"""Times that a pool whose worker died is built again."""


class _Shared:
    """What a worker process keeps between tasks."""

    value: Any = None


def _begin(shared: Path) -> None:
    """Make sure that the worker dies with its parent, and take what all tasks share."""
    threading.Thread(target=_follow_parent, args=(shared.parent,), daemon=True).start()
    sys.excepthook = sys.__excepthook__
    with shared.open("rb") as file:
        _Shared.value = pickle.load(file)  # noqa: S301 - this very program wrote it, where only its user may


def _follow_parent(folder: Path) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        # After kill -9 of the parent nobody else would tidy up and end this process.
        for left in (folder, get_temp_dir()):
            shutil.rmtree(left, ignore_errors=True)
        os._exit(1)


def _perform(function: Callable[[Any, Any], Any], task: Any) -> Any:
    return function(_Shared.value, task)


def in_process(
    function: Callable[[Any, Any], Any], shared: Any, tasks: Sequence[Any], cancelled: Cancellation = None
) -> Generator[tuple[int, Any]]:
    """Index and result of each task, one after the other in this very process."""
    for index, task in enumerate(tasks):
        stop_if_cancelled(cancelled)
        yield index, function(shared, task)


class Crew:
    """Local processes that are kept from one round of tasks to the next, and that end with the context.

    An error inside the context ends them at once, in the middle of what they do.
    """

    def __init__(self, shared: Any, jobs: int) -> None:
        self.shared, self.jobs = shared, jobs
        self._pool: ProcessPoolExecutor | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Whatever they did has arrived: to let them tidy up would only keep everybody waiting.
        pool, self._pool = self._pool, None
        if pool is not None:
            _end(pool)
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    def outcomes(
        self, function: Callable[[Any, Any], Any], tasks: Sequence[Any], cancelled: Cancellation = None
    ) -> Generator[tuple[int, Any]]:
        """Index and result of each task of a round in the order in which they finish, as ``over_processes``."""
        done: set[int] = set()
        for _ in range(REBUILDS + 1):
            try:
                missing = [index for index in range(len(tasks)) if index not in done]
                fork_server.wait_until_loaded(cancelled)
                submit = partial(_submit, self._started(), function, tasks)
                for index, result in finished(submit, iter(missing), lambda: self.jobs, cancelled):
                    done.add(index)
                    yield index, result
                return
            except BrokenProcessPool as error:
                self.__exit__(type(error), error, error.__traceback__)
        raise StudyError(
            f"a worker process died {REBUILDS + 1} times, with {len(tasks) - len(done)} of {len(tasks)} replications "
            "still to do: memory may be short; try fewer jobs"
        )

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Through a pipe, a worker would have to start and read before the next one could be started.
            self._folder = tempfile.TemporaryDirectory(prefix="caudal-", ignore_cleanup_errors=True)
            shared = Path(self._folder.name, "shared.pickle")
            shared.write_bytes(pickle.dumps(self.shared, pickle.HIGHEST_PROTOCOL))
            self._pool = ProcessPoolExecutor(self.jobs, fork_server.context(), initializer=_begin, initargs=(shared,))
        return self._pool


def over_processes(
    function: Callable[[Any, Any], Any], shared: Any, tasks: Sequence[Any], jobs: int, cancelled: Cancellation = None
) -> Generator[tuple[int, Any]]:
    """Index and result of each task in the order in which they finish; ``function(shared, task)`` runs in a worker.

    Closing the iterator early, a cancellation and any error end the workers at once. Tasks lost with a worker are
    done again, so they must depend on nothing but their arguments.
    """
    with Crew(shared, max(1, min(jobs, len(tasks)))) as crew:
        yield from crew.outcomes(function, tasks, cancelled)


def _submit(
    pool: ProcessPoolExecutor, function: Callable[[Any, Any], Any], tasks: Sequence[Any], index: int
) -> Future[Any]:
    with fork_server.starting():
        return pool.submit(_perform, function, tasks[index])


def _end(pool: ProcessPoolExecutor) -> None:
    """End the workers in the middle of what they do; public in the standard library only from Python 3.14."""
    for process in list((pool._processes or {}).values()):  # noqa: SLF001
        process.kill()
    # A worker that dies while it writes leaves half a result, for whose other half the pool would wait forever.
    pool._result_queue._writer.close()  # type: ignore[attr-defined]  # noqa: SLF001
    pool.shutdown(cancel_futures=True)
