"""Tasks over a Dask cluster: killed workers retried, other versions refused, nothing left queued behind."""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError, Future
from functools import lru_cache, partial
from typing import Any

import dask
from distributed import Client, KilledWorker, Worker, get_worker
from distributed.cfexecutor import ClientExecutor

from simulator.engines.warm import is_cold, warm_up
from simulator.errors import StudyError
from simulator.experiment.blocks import WANTED, while_wanted
from simulator.experiment.bundles import LONGEST, Bundles
from simulator.experiment.cluster_connection import ANSWER, connected
from simulator.experiment.kept_memory import keep_memory
from simulator.experiment.software import software
from simulator.experiment.tasks import Cancellation, finished

PATIENCE = 30.0
"""Seconds without any worker, or without an answer of the scheduler, after which a study ends."""
RETRIES = 2
"""Times that a task which raised an error is tried again; after a killed worker Dask tries three times more."""
FRAMES = 50
"""Calls of which a worker's error tells at most."""
_PULSE = 2.0
"""Seconds between two questions to the scheduler."""


def over_cluster(
    function: Callable[[Any, Any], Any],
    shared: Any,
    tasks: Sequence[Any],
    address: str,
    cancelled: Cancellation = None,
) -> Generator[tuple[int, Any]]:
    """Index and result of each task in the order in which they finish; ``function(shared, task)`` runs on a cluster.

    ``shared`` travels once to each worker. Closing the iterator early, a cancellation and any error take back what is
    queued; what is under way ends with its replication (``while_wanted``). Tasks lost with a worker are done again, so
    they must depend on nothing but their arguments. Raises ``StudyError`` where the scheduler cannot be reached, is
    lost, has had no worker for half a minute, or has workers whose software is not the software here.
    """
    with connected(address, cancelled) as client:
        # A task, not scattered data: Dask computes it again where the worker that held it is lost.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):
            held = client.submit(_hold, pickle.dumps(shared), pure=False)
        # Left without `with`, which would wait for what is queued: closing the client takes it back.
        executor = client.get_executor(pure=False, retries=RETRIES)
        submit = partial(_submit, executor, held, function, tasks)
        workers = _Roll(client, address).workers
        bundles = Bundles(len(tasks), workers)
        try:
            for bundle, pickled in finished(submit, bundles, workers, cancelled):
                results, seconds = pickle.loads(pickled)  # noqa: S301 - from workers, who may run what they like anyway
                bundles.back(bundle, len(results), seconds)
                yield from zip(bundle, results, strict=False)
        except CancelledError:
            raise _lost(address) from None
        except KilledWorker:
            raise StudyError(
                "a replication ended every worker that it was tried on: their memory may be short; "
                "start fewer workers on a machine"
            ) from None


class _Roll:
    """Counts the workers of a cluster, and gives up when there are none."""

    def __init__(self, client: Client, address: str) -> None:
        self.client = client
        self.address = address
        self.present = 1
        self.answered = True
        self.asked = -_PULSE
        self.seen = time.monotonic()

    def workers(self) -> int:
        """Threads of all workers, and 1 while none is there: what is queued waits for the next."""
        now = time.monotonic()
        if now - self.asked >= _PULSE:
            self.asked = now
            self._ask()
        if self.client.status != "running":
            raise _lost(self.address)
        if time.monotonic() - self.seen > PATIENCE:
            raise self._missing()
        return max(1, self.present)

    def _ask(self) -> None:
        try:
            identity = self.client.sync(self._identity, callback_timeout=ANSWER)
        except OSError:
            self.answered = False
            return
        self.answered = True
        self.present = int(identity["total_threads"])
        if self.present:
            self.seen = time.monotonic()

    async def _identity(self) -> dict[str, Any]:
        scheduler = self.client.scheduler
        if scheduler is None:  # the connection is just being lost
            raise ConnectionError
        identity: dict[str, Any] = await scheduler.identity(n_workers=0)
        return identity

    def _missing(self) -> StudyError:
        if not self.answered:
            return StudyError(f"the scheduler at {self.address} has not answered for {PATIENCE:g} s; is it overloaded?")
        return StudyError(
            f"the scheduler at {self.address} has had no worker for {PATIENCE:g} s: start some with `dask worker "
            f"{self.address}`, see docs/scale.md"
        )


def _lost(address: str) -> StudyError:
    return StudyError(f"the connection to the scheduler at {address} was lost before the study was done; run it again")


def _submit(
    executor: ClientExecutor, held: Any, function: Callable[[Any, Any], Any], tasks: Sequence[Any], bundle: range
) -> Future[Any]:
    pickled = pickle.dumps([tasks[index] for index in bundle])
    # Else what is handed out within a minute has no order, and a first task that comes late holds up the next ones.
    how = {"fifo_timeout": 0, "priority": -bundle.start}  # what is left of a bundle does not go behind later ones
    future: Future[Any] = executor.submit(_perform, held, software(), function, pickled, **how)
    return future


def _hold(pickled: bytes) -> bytes:
    return pickled


def _perform(pickled: bytes, expected: str, function: Callable[[Any, Any], Any], tasks: bytes) -> bytes:
    """The results of a bundle, or of its first tasks where these took long, and their seconds.

    Runs on a worker, which may have come after the others were checked.
    """
    if software() != expected:
        raise StudyError(
            f"a worker has other software, whose results could differ: there {software()}; here {expected}"
        )
    WANTED.set(partial(_wanted, get_worker()))
    keep_memory()
    began, results = time.monotonic(), []
    try:
        for task in while_wanted(pickle.loads(tasks)):  # noqa: S301 - from the client, who may run anything here
            results.append(function(_unpacked(pickled), task))
            if time.monotonic() - began > LONGEST:
                break
        taken = time.monotonic() - began
        _note_compiled()
        # Its dozens of arrays would travel one by one, and be measured by each process on the way.
        return pickle.dumps((results, taken), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        _cut_short(error)
        raise


def _cut_short(error: Exception) -> None:
    """Keep the first frames of a traceback: for one too deep to be pickled Dask's client would wait for ever."""
    last = error.__traceback__
    for _ in range(FRAMES):
        last = None if last is None else last.tb_next
    if last is not None:
        last.tb_next = None


def _note_compiled() -> None:
    """Once a task has had the engine compiled, compile what it left out, so that no later study waits or says so."""
    if "simulator.engines.compiled_engine" in sys.modules and is_cold():
        warm_up()


def _wanted(worker: Worker) -> bool:
    """Whether the task of this thread has not been taken back: its client may have stopped, or be gone."""
    task = worker.state.tasks.get(worker.get_current_task())
    return task is not None and task.state != "cancelled"


@lru_cache(maxsize=2)
def _unpacked(pickled: bytes) -> Any:
    return pickle.loads(pickled)  # noqa: S301 - as above
