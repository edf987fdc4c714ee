"""Where worker processes come from: on Linux a server that has loaded all code, of which each worker is a copy."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.context import BaseContext

from simulator.experiment.plan import Plan

_LOADED = "simulator.experiment.loaded"
"""Module that the server imports before it is asked for the first worker."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_ENVIRONMENT = threading.Lock()
"""Two studies that start workers at the same time would each restore what the other had set."""


def context() -> BaseContext:
    """How processes start: as copies of a server on Linux; elsewhere, where a copy may not be sound, each anew."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    served = multiprocessing.get_context("forkserver")
    served.set_forkserver_preload([_LOADED])
    return served


def begin(plan: Plan) -> None:
    """Let the server load its code while this process still reads scenarios, where the plan means workers here."""
    if sys.platform == "linux" and plan.cluster is None and plan.workers > 1:
        from multiprocessing import forkserver

        context()
        with starting():
            forkserver.ensure_running()


@contextmanager
def starting() -> Iterator[None]:
    """One thread for each library in the processes that start meanwhile, and Ctrl-C left to this process."""
    # Python starts its tracker of what processes share with the first of them, and takes SIGINT out of the mask then.
    resource_tracker.ensure_running()
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
