"""What standard error says of a study: that the engine is compiled first, how far it is and how long it will take."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from simulator.engines.choice import Engine
from simulator.experiment.plan import Plan
from workbench.cli.interrupts import stop_if_heard

if TYPE_CHECKING:
    from simulator.experiment.replications import Progress


def ready(engine: Engine) -> None:
    """Compile the engine where that has never been done, and say so; every command that runs an engine begins with it.

    It is done here, once, since otherwise every worker would compile the same code at the same time.
    """
    from simulator.engines.warm import is_cold, warm_up

    if engine != "simpy" and is_cold():
        click.echo("Compiling the engine: one or two minutes, once for each version.", err=True)
        warm_up()


@contextmanager
def progress_line(what: str, plan: Plan) -> Iterator[Progress]:
    """Progress for a study: a moving line in a terminal, and one closing line anywhere.

    The engine is made ready before, unless a cluster does the work.
    """
    if plan.cluster is None:
        ready(plan.engine)
    line = _Line(what)
    try:
        yield line.show
    except BaseException:
        line.clear()
        raise
    line.close()


class _Line:
    def __init__(self, what: str) -> None:
        self.what = what
        self.began = time.monotonic()
        self.total = 0
        self.moves = sys.stderr.isatty()
        if self.moves:
            self._write(f"{what}: starting")

    def show(self, done: int, total: int) -> None:
        stop_if_heard()
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
