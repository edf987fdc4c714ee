"""Ctrl-C that is not lost: Python drops an exception that is raised while it tidies up an object."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_heard = threading.Event()


@contextmanager
def remembered() -> Iterator[None]:
    """Raise KeyboardInterrupt at Ctrl-C as always, and keep in mind that it came until the command ends."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return
    before = signal.signal(signal.SIGINT, _hear)
    try:
        yield
    except Exception:  # the compiler drops Ctrl-C, and other libraries make errors of their own of it
        stop_if_heard()
        raise
    finally:
        signal.signal(signal.SIGINT, before)
        _heard.clear()


def stop_if_heard() -> None:
    """Raise KeyboardInterrupt where Ctrl-C came and the command goes on all the same."""
    if _heard.is_set():
        raise KeyboardInterrupt


def _hear(_signal: int, _frame: object) -> None:
    _heard.set()
    raise KeyboardInterrupt
