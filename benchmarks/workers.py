"""Two workers against one: wall-clock time of the consultant's job, by local processes and on a Dask cluster."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from distributed import Client

from benchmarks.firm import write_study
from benchmarks.job import REPLICATIONS, YEAR_ALONE, comparing
from benchmarks.markdown import Goal, goals, machine, table
from benchmarks.timing import seconds

LEADS = 50_000
ROUNDS = 3
"""Of which the fastest counts, since other work on the machine only slows."""
RATIO = 1.8
"""That two workers should reach, wherever they are."""
LOOPBACK: Final = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
SETTINGS: Final = {
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__MONITOR_INTERVAL": "500ms",
}
"""What docs/scale.md sets before it starts Dask."""
STARTED: Final = 60
"""Seconds in which a scheduler and its workers must be there."""
Seconds = dict[int, float]
"""By number of workers."""


def measure(leads: int = LEADS, replications: int = REPLICATIONS, rounds: int = ROUNDS) -> dict[str, Seconds]:
    """Seconds of the job over one year, by where the workers are."""
    with tempfile.TemporaryDirectory() as folder:
        files = write_study(Path(folder), leads)
        taken = [(locally(files, replications), on_cluster(files, replications)) for _ in range(rounds)]
    kinds = zip(("local processes", "Dask cluster on loopback"), zip(*taken, strict=True), strict=True)
    return {where: {workers: min(each[workers] for each in of) for workers in of[0]} for where, of in kinds}


def locally(files: list[Path], replications: int) -> Seconds:
    """Seconds with worker processes of the command itself."""
    counts = {workers: ("--jobs", str(workers), *YEAR_ALONE) for workers in (1, 2)}
    return {workers: seconds(comparing(files, replications, *options)) for workers, options in counts.items()}


def on_cluster(files: list[Path], replications: int) -> Seconds:
    """Seconds with workers of a cluster, which have done something before, as workers that stay have."""
    taken = {}
    for workers in (1, 2):
        with cluster(workers) as address:
            options = ("--cluster", address, *YEAR_ALONE)
            seconds(comparing(files, workers, *options))
            taken[workers] = seconds(comparing(files, replications, *options))
    return taken


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Address of a scheduler with so many workers, started by the command lines of docs/scale.md.

    Raises OSError or TimeoutError where they do not come.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    with _dask("scheduler", "--port", port), _dask("worker", address, "--nworkers", str(workers), "--nthreads", "1"):
        with Client(address, timeout=STARTED, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=STARTED)
        yield address


@contextmanager
def _dask(*arguments: str) -> Iterator[None]:
    command = [sys.executable, "-m", "dask", *arguments, *LOOPBACK]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=os.environ | SETTINGS, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


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
