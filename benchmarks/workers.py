"""Two workers against one: wall-clock time of the same command."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.firm import write_study
from benchmarks.job import YEAR_ALONE, compare
from benchmarks.markdown import machine, table

LEADS = 50_000
REPLICATIONS = 30
Seconds = dict[int, float]
"""By number of workers."""


def measure(leads: int = LEADS, replications: int = REPLICATIONS) -> Seconds:
    """Seconds of a comparison of two scenarios by local processes, for one worker and for two."""
    with tempfile.TemporaryDirectory() as folder:
        files = write_study(Path(folder), leads)[:2]
        return {workers: compare(files, replications, workers, *YEAR_ALONE).seconds for workers in (1, 2)}


def shown(local: Seconds) -> str:
    """The table, with how many times as fast two are."""
    rows = [("local processes", *(f"{local[workers]:.1f}" for workers in (1, 2)), f"{local[1] / local[2]:.2f}")]
    return table(("where", "seconds with one worker", "with two", "ratio"), rows)


def report() -> str:
    """Measure, and say it in Markdown."""
    return f"{shown(measure())}\n\n{machine()}"
