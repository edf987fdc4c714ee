"""A line on standard error that says how far a study is and how long it will take."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress


@contextmanager
def progress_line(what: str, plan: Plan | None = None) -> Iterator[Progress]:
    """Progress for a study: a moving line in a terminal, and one closing line anywhere.

    With its plan the line says when the engine has to be compiled first.
    """
    line = _Line(what, _beginning(plan))
    try:
        yield line.show
    except BaseException:
        line.clear()
        raise
    line.close()


def _beginning(plan: Plan | None) -> str:
    from simulator.engines.warm import is_cold

    compiles_here = plan is not None and plan.engine != "simpy" and plan.cluster is None
    if compiles_here and is_cold():
        return "getting the engine ready, which takes a minute or two the first time"
    return "starting"


class _Line:
    def __init__(self, what: str, beginning: str) -> None:
        self.what = what
        self.began = time.monotonic()
        self.total = 0
        self.moves = sys.stderr.isatty()
        if self.moves:
            self._write(f"{what}: {beginning}")

    def show(self, done: int, total: int) -> None:
        self.total = total
        if self.moves:
            left = (time.monotonic() - self.began) / done * (total - done)
            width = 24
            bar = "#" * (width * done // total)
            self._write(f"{self.what}: [{bar:.<{width}}] {done} of {total}, {spoken_seconds(left)} left")

    def close(self) -> None:
        self.clear()
        sys.stderr.write(f"{self.total} {self.what} in {spoken_seconds(time.monotonic() - self.began)}\n")
        sys.stderr.flush()

    def clear(self) -> None:
        if self.moves:
            self._write("")

    def _write(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write(f"\r{text[:width]}\x1b[K")
        sys.stderr.flush()


def spoken_seconds(seconds: float) -> str:
    """A time as one would say it: ``4.2 s``, ``3 min 20 s``, ``1 h 05 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
