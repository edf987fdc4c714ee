"""Two workers against one: wall-clock time of the consultant's job, by local processes and on a Dask cluster."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from distributed import LocalCluster

from benchmarks.firm import write_study
from benchmarks.job import REPLICATIONS, YEAR_ALONE, compare
from benchmarks.markdown import Goal, goals, machine, table

LEADS = 50_000
RATIO = 1.8
"""That two workers should reach, wherever they are."""
Seconds = dict[int, float]
"""By number of workers."""


def measure(leads: int = LEADS, replications: int = REPLICATIONS) -> dict[str, Seconds]:
    """Seconds of the job over one year, by where the workers are."""
    with tempfile.TemporaryDirectory() as folder:
        files = write_study(Path(folder), leads)
        return {
            "local processes": locally(files, replications),
            "Dask cluster on loopback": on_cluster(files, replications),
        }


def locally(files: list[Path], replications: int) -> Seconds:
    """Seconds with worker processes of the command itself."""
    counts = {workers: ("--jobs", str(workers), *YEAR_ALONE) for workers in (1, 2)}
    return {workers: compare(files, replications, *options).seconds for workers, options in counts.items()}


def on_cluster(files: list[Path], replications: int) -> Seconds:
    """Seconds with workers of a cluster, which have done something before, as workers that stay have."""
    seconds = {}
    with LocalCluster(1, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.ERROR) as cluster:
        options = ("--cluster", cluster.scheduler_address, *YEAR_ALONE)
        for workers in (1, 2):
            cluster.scale(workers)
            cluster.wait_for_workers(workers)
            compare(files, workers, *options)
            seconds[workers] = compare(files, replications, *options).seconds
    return seconds


def shown(measured: dict[str, Seconds]) -> str:
    """The table, with how many times as fast two are."""
    rows = [(where, f"{s[1]:.1f}", f"{s[2]:.1f}", f"{s[1] / s[2]:.2f}") for where, s in measured.items()]
    return table(("workers", "seconds with one", "with two", "ratio"), rows)


def judged(measured: dict[str, Seconds]) -> str:
    """Each kind of workers against the goal."""
    return goals((Goal(f"{where}, ratio", "at least", RATIO), s[1] / s[2]) for where, s in measured.items())


def report() -> str:
    """Measure, and say it in Markdown."""
    measured = measure()
    return f"{shown(measured)}\n\n{judged(measured)}\n\n{machine()}"
