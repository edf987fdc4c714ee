"""What standard error says of a study: that the engine is compiled first, how far it is and how long it will take."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click

from simulator.engines.choice import Engine
from simulator.experiment.plan import Plan
from workbench.cli.interrupts import stop_if_heard

PACE_SECONDS: Final = 1.0
"""Seconds since the first result before which no time left is told."""
PACE_RESULTS: Final = 2
"""Results since then that make a pace."""
_SAID: Final = f"{__name__}.said"
"""What a command remembers of having said that the engine is compiled."""


def say_if_cold() -> None:
    """Say once in a command that the engine is compiled first: its first parts may be while scenarios are laid out."""
    from simulator.engines.warm import is_cold

    context = click.get_current_context(silent=True)
    said = context.meta if context else {}
    if is_cold() and not said.setdefault(_SAID, False):
        said[_SAID] = True
        click.echo("Compiling the engine: one or two minutes, once for each version.", err=True)


def ready(engine: Engine = "compiled") -> None:
    """Compile the engine where that has never been done, and say so; every command that runs an engine begins with it.

    A command that compares the engines needs the compiled one, whichever its figures come from.

    It is done here, once, since otherwise every worker would compile the same code at the same time.
    """
    from simulator.engines.warm import is_cold, warm_up

    if engine != "simpy" and is_cold():
        say_if_cold()
        warm_up()


@contextmanager
def progress_line(
    what: str, plan: Plan, *, twins: bool = True, foreseen: bool = True, closes: bool = True
) -> Iterator[Callable[[int, int], None]]:
    """Progress for a study: a moving line in a terminal and, where it ``closes``, one closing line anywhere.

    The engine is made ready before, unless a cluster does the work; where the engines are not compared (``twins``), the
    one of the plan. Where what there is to do is not ``foreseen``, no time left is told.
    """
    if plan.cluster is None:
        ready("compiled" if twins else plan.engine)
    line = _Line(what, foreseen=foreseen)
    log, told = logging.getLogger("simulator"), _Told(line)
    log.addHandler(told)
    try:
        yield line.show
    except BaseException:
        line.clear()
        raise
    finally:
        log.removeHandler(told)
    line.close(says=closes)


class _Told(logging.Handler):
    """Warnings of the simulator, such as that workers of a cluster compile the engine, on lines of their own."""

    def __init__(self, line: _Line) -> None:
        super().__init__(logging.WARNING)
        self.line = line

    def emit(self, record: logging.LogRecord) -> None:
        self.line.tell(record.getMessage())


class _Line:
    def __init__(self, what: str, *, foreseen: bool = True) -> None:
        self.what = what
        self.foreseen = foreseen
        self.began = time.monotonic()
        self.first: tuple[float, int] | None = None
        """When the first result came, and how many there were then."""
        self.total = 0
        self.moves = sys.stderr.isatty()
        self._start()

    def _start(self) -> None:
        if self.moves:
            self._write(f"{self.what}: starting")

    def tell(self, sentence: str) -> None:
        """Leave a sentence above the line, which begins anew."""
        self.clear()
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
        self._start()

    def show(self, done: int, total: int) -> None:
        stop_if_heard()
        self.foreseen = self.foreseen and total <= (self.total or total)  # what has grown once may do so again
        self.total = total
        if self.moves:
            width = 24
            bar = "#" * (width * done // total)
            self._write(f"{self.what}: [{bar:.<{width}}] {done} of {total}{self._left(done)}")

    def _left(self, done: int) -> str:
        """Time left at the pace since the first result, which had to wait for all to start; nothing without a pace."""
        now = time.monotonic()
        if self.first is None:
            self.first = now, done
        since, more = now - self.first[0], done - self.first[1]
        if not self.foreseen or since < PACE_SECONDS or more < PACE_RESULTS:
            return ""
        return f", {spoken_seconds(since / more * (self.total - done))} left"

    def close(self, *, says: bool = True) -> None:
        self.clear()
        if says:
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
