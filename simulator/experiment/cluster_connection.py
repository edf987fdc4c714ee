"""The connection to a Dask cluster: bounded in time, refused in a sentence, closed whatever happens."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from distributed import Client
from distributed.comm.addressing import get_address_host_port, normalize_address
from distributed.core import rpc
from distributed.security import Security

from simulator.engines.warm import is_cold
from simulator.errors import StudyError
from simulator.experiment.software import software
from simulator.experiment.tasks import LOOK, Cancellation, stop_if_cancelled
from simulator.experiment.together import begun

CONNECT = 10.0
"""Seconds in which a scheduler must answer."""
_LOG = logging.getLogger(__name__)
_LOGGERS = ("distributed", "distributed.client", "distributed.core", "tornado.application")
"""Who would tell, with tracebacks, of a connection that is lost or that closes while a result is on its way."""
ANSWER = 1.0
"""Seconds that one answer of a scheduler that is known may take: a cancellation waits for it."""


@contextmanager
def connected(address: str, cancelled: Cancellation) -> Iterator[Client]:
    """A client whose workers have been checked; connecting happens beside, so that a cancellation is seen meanwhile.

    Workers that have to compile the engine are told of in the log. Raises ``StudyError`` where no scheduler answers,
    whatever else does, and where a worker has other software.
    """
    answered = threading.Event()
    outcome = begun(partial(_client, address, answered))
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)  # what Dask would log is said in one sentence
        yield _awaited(outcome, address, answered, cancelled)
    finally:
        outcome.add_done_callback(_close_late)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _awaited(
    outcome: Future[Client], address: str, answered: threading.Event, cancelled: Cancellation
) -> Client:  # fmt: skip
    """The client, once it is there; a thread that nothing wakes any more is left behind."""
    latest = time.monotonic() + CONNECT + 1
    while not wait([outcome], timeout=LOOK).done:
        stop_if_cancelled(cancelled)
        if time.monotonic() > latest and not answered.is_set():
            raise _silent(address)
    return outcome.result()


def _client(address: str, answered: threading.Event) -> Client:
    _check_address(address)
    try:
        # A client would try for minutes, or take what it is sent for a length: whoever answers is asked first.
        identity = asyncio.run(asyncio.wait_for(_identity(address), CONNECT))
        if identity["type"] != "Scheduler":
            raise ConnectionError(identity["type"])
        client = Client(address, timeout=CONNECT, set_as_default=False)
    except Exception:  # noqa: BLE001 - anything may answer there, and in any way
        raise _silent(address) from None
    answered.set()
    try:
        _compare_software(client)
        _announce_compiling(client)
    except BaseException:
        _close(client)
        raise
    return client


async def _identity(address: str) -> dict[str, Any]:
    async with rpc(address, connection_args=Security().get_connection_args("client")) as server:
        identity: dict[str, Any] = await server.identity()
        return identity


def _silent(address: str) -> StudyError:
    return StudyError(
        f"no Dask scheduler answers at {address} within {CONNECT:g} s: has it been started, can this machine reach it, "
        "and is this its own port, not that of its page or of a worker?"
    )


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


def _announce_compiling(client: Client) -> None:
    """Say why nothing will be done for a while, where it is so."""
    cold = sum(told is True for told in client.run(is_cold, on_error="return").values())
    if cold:
        _LOG.warning(
            "%d worker%s the engine first: one or two minutes.", cold, " compiles" if cold == 1 else "s compile"
        )


def _differs(worker: str, there: str, here: str) -> str:
    return (
        f"the worker at {worker} has other software, whose results could differ: there {there}; here {here}. "
        "Install the same on both"
    )


def _close_late(outcome: Future[Client]) -> None:
    if outcome.exception() is None:
        _close(outcome.result())


def _close(client: Client) -> None:
    with suppress(OSError):
        client.close(timeout=ANSWER)
