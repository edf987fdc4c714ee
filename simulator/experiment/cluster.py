"""Tasks over a Dask cluster: killed workers retried, other versions refused, nothing left queued behind."""

from __future__ import annotations

import logging
import pickle
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, wait
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from typing import Any

import dask
from distributed import Client, KilledWorker
from distributed.comm.addressing import get_address_host_port, normalize_address
from distributed.security import Security

from simulator.errors import StudyError
from simulator.experiment.software import software
from simulator.experiment.tasks import LOOK, Cancellation, finished, stop_if_cancelled

CONNECT = 10.0
"""Seconds in which a scheduler must answer."""
PATIENCE = 30.0
"""Seconds without any worker, or without an answer of the scheduler, after which a study ends."""
RETRIES = 2
"""Times that a task which raised an error is tried again; after a killed worker Dask tries three times more."""
_PULSE = 2.0
"""Seconds between two questions to the scheduler."""
_ANSWER = 1.0
"""Seconds that one answer may take: a cancellation waits for it."""


def over_cluster(
    function: Callable[[Any, Any], Any],
    shared: Any,
    tasks: Sequence[Any],
    address: str,
    cancelled: Cancellation = None,
) -> Generator[tuple[int, Any]]:
    """Index and result of each task in the order in which they finish; ``function(shared, task)`` runs on a cluster.

    ``shared`` travels once to each worker. Closing the iterator early, a cancellation and any error take back what is
    queued; what is under way ends by itself. Tasks lost with a worker are done again, so they must depend on nothing
    but their arguments. Raises ``StudyError`` where the scheduler cannot be reached, is lost, has had no worker for
    half a minute, or has workers whose software is not the software here.
    """
    with _connected(address, cancelled) as client:
        # A task, not scattered data: Dask computes it again where the worker that held it is lost.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):
            held = client.submit(_hold, pickle.dumps(shared), pure=False)
        # Left without `with`, which would wait for what is queued: closing the client takes it back.
        executor = client.get_executor(pure=False, retries=RETRIES)
        submit = partial(_submit, executor, held, function)
        try:
            yield from finished(submit, tasks, range(len(tasks)), _Roll(client, address).workers, cancelled)
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
            identity = self.client.sync(self._identity, callback_timeout=_ANSWER)
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


@contextmanager
def _connected(address: str, cancelled: Cancellation) -> Iterator[Client]:
    """A client whose workers have been checked; connecting happens beside, so that a cancellation is seen meanwhile."""
    outcome: Future[Client] = Future()
    threading.Thread(target=_fulfil, args=(outcome, address), daemon=True).start()
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client", "distributed.core")]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)  # what Dask would log is said in one sentence
        while not wait([outcome], timeout=LOOK).done:
            stop_if_cancelled(cancelled)
        yield outcome.result()
    finally:
        outcome.add_done_callback(_close_late)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _fulfil(outcome: Future[Client], address: str) -> None:
    try:
        outcome.set_result(_client(address))
    except BaseException as error:  # noqa: BLE001 - it goes to the thread that waits
        outcome.set_exception(error)


def _client(address: str) -> Client:
    _check_address(address)
    try:
        client = Client(address, timeout=CONNECT, set_as_default=False)
    except OSError:
        raise StudyError(
            f"no Dask scheduler answers at {address} within {CONNECT:g} s: has it been started, and can this machine "
            "reach it?"
        ) from None
    try:
        _compare_software(client)
    except BaseException:
        _close(client)
        raise
    return client


def _check_address(address: str) -> None:
    """Raise what Dask would raise late, and with a client left half open."""
    try:
        scheme = normalize_address(address).partition("://")[0]
        get_address_host_port(address, strict=True)
    except ValueError:
        scheme = ""
    if scheme not in {"tcp", "tls"}:
        raise StudyError(f"'{address}' is no address of a scheduler: write one such as tcp://10.0.0.5:8786")
    try:
        certified = scheme == "tcp" or Security().get_connection_args("client")["ssl_context"] is not None
    except OSError as error:
        raise StudyError(f"the certificate for {address} cannot be used: {error}") from error
    if not certified:
        raise StudyError(f"{address} asks for a certificate: name its files to Dask, see docs/scale.md")


def _compare_software(client: Client) -> None:
    for worker, told in client.run(software, on_error="return").items():
        if isinstance(told, OSError):  # it has just gone
            continue
        there = told if isinstance(told, str) else "no Caudal, or one that knows no clusters"
        if there != software():
            raise StudyError(_differs(worker, there, software()))


def _differs(worker: str, there: str, here: str) -> str:
    return (
        f"the worker at {worker} has other software, whose results could differ: there {there}; here {here}. "
        "Install the same on both"
    )


def _lost(address: str) -> StudyError:
    return StudyError(f"the connection to the scheduler at {address} was lost before the study was done; run it again")


def _close_late(outcome: Future[Client]) -> None:
    if outcome.exception() is None:
        _close(outcome.result())


def _close(client: Client) -> None:
    with suppress(OSError):
        client.close(timeout=_ANSWER)


def _submit(executor: Executor, held: Any, function: Callable[[Any, Any], Any], task: Any) -> Future[Any]:
    return executor.submit(_perform, held, software(), function, pickle.dumps(task))


def _hold(pickled: bytes) -> bytes:
    return pickled


def _perform(pickled: bytes, expected: str, function: Callable[[Any, Any], Any], task: bytes) -> Any:
    """Runs on a worker, which may have come after the others were checked."""
    if software() != expected:
        raise StudyError(
            f"a worker has other software, whose results could differ: there {software()}; here {expected}"
        )
    return function(_unpacked(pickled), pickle.loads(task))  # noqa: S301 - from the client, who may run anything here


@lru_cache(maxsize=2)
def _unpacked(pickled: bytes) -> Any:
    return pickle.loads(pickled)  # noqa: S301 - as above
