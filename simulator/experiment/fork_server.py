"""Where worker processes come from: on Linux a server that has loaded all code, of which each worker is a copy."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Final

from simulator.experiment.plan import Plan
from simulator.experiment.tasks import Cancellation, stop_if_cancelled

_LOADED = "simulator.experiment.loaded"
"""Module that the server imports before it is asked for the first worker."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_ENVIRONMENT = threading.Lock()
"""Two studies that start workers at the same time would each restore what the other had set."""
LOOK: Final = 0.02
"""Seconds between two looks at a server that loads."""
PATIENCE: Final = 60.0
"""Seconds after which a worker is asked for although the server does not look as if it served."""


def context() -> BaseContext:
    """How processes start: as copies of a server on Linux; elsewhere, where a copy may not be sound, each anew."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    served = multiprocessing.get_context("forkserver")
    served.set_forkserver_preload([_LOADED])
    return served


def begin(plan: Plan) -> None:
    """Let the server load its code while this process still reads scenarios, where the plan means workers here."""
    if plan.cluster is None and plan.workers > 1:
        _run()


def wait_until_loaded(cancelled: Cancellation = None) -> None:
    """Wait until the server serves, so that to start a worker takes no time: that cannot be interrupted.

    Raises ``Cancelled``.
    """
    _run()
    give_up = time.monotonic() + PATIENCE
    while _loads() and time.monotonic() < give_up:
        stop_if_cancelled(cancelled)
        time.sleep(LOOK)


def _run() -> None:
    """Start the server where there is none and the system has it."""
    if sys.platform == "linux":
        from multiprocessing import forkserver

        context()
        with starting():
            forkserver.ensure_running()
        # While it loads it would not see that its parent has ended; later it would keep the terminal or pipe while it
        # tidies up.
        atexit.unregister(_end)
        atexit.register(_end)


def _server() -> int | None:
    from multiprocessing import forkserver

    server: int | None = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else says it
    return server


def _loads() -> bool:
    """Whether the server still loads code: once it has done so, it ignores Ctrl-C, which Linux tells of a process."""
    if sys.platform != "linux":
        return False
    with suppress(FileNotFoundError, ProcessLookupError):
        status = Path(f"/proc/{_server()}/status").read_text(encoding="utf-8", errors="replace")
        said = dict(line.split(":", 1) for line in status.splitlines())
        return "Z" not in said["State"] and not int(said["SigIgn"], 16) >> (signal.SIGINT - 1) & 1
    return False


def _end() -> None:
    server = _server()
    if server is not None:
        with suppress(ProcessLookupError):
            os.kill(server, signal.SIGKILL)


@contextmanager
def starting() -> Iterator[None]:
    """One thread for each library in the processes that start meanwhile, and Ctrl-C left to this process, for later."""
    # Python starts its tracker of what processes share with the first of them, and takes SIGINT out of the mask then.
    resource_tracker.ensure_running()
    with _interrupts_later(), _ENVIRONMENT:
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


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Hear Ctrl-C at the end only: a worker that is started halfway is known to nobody who could end it."""
    # A new process inherits the mask: Ctrl-C in a terminal reaches this process alone, which then ends the others.
    masks = hasattr(signal, "pthread_sigmask")
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masks else set()
    # The mask is of this thread alone: a thread of a library may hear the signal, and Python would raise here.
    heard: list[int] = []
    handles = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, lambda number, _: heard.append(number)) if handles else None
    try:
        yield
    finally:
        if handles:
            signal.signal(signal.SIGINT, handler or signal.SIG_DFL)  # none where Python did not set it
        if masks:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number in heard[:1]:
            signal.raise_signal(number)
