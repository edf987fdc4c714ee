"""How the figures are shown: Markdown tables, and the machine that they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import psutil  # type: ignore[import-untyped]  # it publishes no types

from benchmarks.timing import yardstick


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose first column is text and whose others are numbers."""
    marks = ("---", *("---:" for _ in heads[1:]))
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, marks, *rows))


class Goal(NamedTuple):
    """A limit that a figure should keep to."""

    what: str
    """The figure that is held against it, with its unit."""
    sense: Literal["at least", "at most"]
    limit: float

    def met(self, figure: float) -> bool:
        """Whether a figure keeps to it."""
        return figure >= self.limit if self.sense == "at least" else figure <= self.limit


def goals(held: Iterable[tuple[Goal, float]]) -> str:
    """A table of goals, each with the figure that was measured, and whether it is met."""
    rows = [
        (
            goal.what,
            f"{goal.sense} {_digits(goal.limit)}",
            _measured(goal, figure),
            "met" if goal.met(figure) else "missed",
        )
        for goal, figure in held
    ]
    return table(("goal", "set", "measured", "verdict"), rows)


def _measured(goal: Goal, figure: float) -> str:
    """The figure with so many digits that what it is rounded to is met or missed as it is itself."""
    if figure >= 1_000:
        return grouped(figure)
    rounded = (f"{figure:.{digits}g}" for digits in range(3, 18))  # with 17 it is the figure itself
    return next(text for text in rounded if goal.met(float(text)) == goal.met(figure))


def _digits(number: float) -> str:
    return grouped(number) if number >= 1_000 else f"{number:.3g}"


def grouped(number: float) -> str:
    """A number without decimals, its thousands set apart by blanks."""
    return f"{number:,.0f}".replace(",", " ")


def machine(pace: float | None = None) -> str:
    """Processor, cores, memory and Python of this machine, and how fast it is now, as one sentence.

    ``pace`` is what plain SimPy makes of the three stations, in leads a second; it is measured where it is not given.
    """
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"*Measured on {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, "
        f"on which plain SimPy made {grouped(yardstick() if pace is None else pace)} leads a second of the three "
        "stations then.*"
    )


def _processor() -> str:
    """Name of the processor, which Linux does not tell through the standard library."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
