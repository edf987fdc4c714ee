"""How the figures are shown: Markdown tables, and the machine that they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it publishes no types


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose first column is text and whose others are numbers."""
    marks = ("---", *("---:" for _ in heads[1:]))
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, marks, *rows))


def grouped(number: float) -> str:
    """A number without decimals, its thousands set apart by blanks."""
    return f"{number:,.0f}".replace(",", " ")


def machine() -> str:
    """Processor, cores, memory and Python of this machine, as one sentence."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"*Measured on {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}.*"
    )


def _processor() -> str:
    """Name of the processor, which Linux does not tell through the standard library."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
