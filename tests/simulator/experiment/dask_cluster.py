"""A Dask scheduler and workers on loopback, started from the command lines of docs/scale.md."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from distributed import Client

ROOT = Path(__file__).resolve().parents[3]
LOOPBACK = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")


class DaskCluster:
    """Processes of their own, that end with the block."""

    def __init__(self, folder, options=()):
        self.folder = Path(folder)
        self.options = options
        self.processes = []

    def __enter__(self):
        note = self.folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", note)
        wait_until(note.exists)
        wait_until(lambda: note.read_text(encoding="utf-8").strip().endswith("}"))
        self.address = json.loads(note.read_text(encoding="utf-8"))["address"]
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def add_workers(self, processes, path=ROOT):
        """Start a command with so many worker processes, and wait until the scheduler knows them."""
        with self.client() as client:
            before = len(client.nthreads())
            count = ("--nthreads", "1", "--nworkers", processes)
            started = self._start("worker", self.address, *count, "--local-directory", self.folder, path=path)
            client.wait_for_workers(before + processes, timeout=120)
        return started

    def client(self):
        """Another client, that looks at the cluster."""
        return Client(self.address, set_as_default=False)

    def under_way(self):
        """Tasks that workers hold, by what they have still to do."""
        with self.client() as client:
            return sum(len(keys) for keys in client.processing().values())

    def _start(self, what, *arguments, path=ROOT):
        command = [sys.executable, "-m", "dask", what, *arguments, *LOOPBACK, *self.options]
        with (self.folder / f"{what}-{len(self.processes)}.log").open("w") as log:
            self.processes.append(
                subprocess.Popen(
                    [str(word) for word in command],
                    stdout=log,
                    stderr=log,
                    env=os.environ | {"PYTHONPATH": str(path)},
                    cwd=self.folder,
                    start_new_session=True,
                )
            )
        return self.processes[-1]


def wait_until(holds, seconds=60):
    """Wait for something that must come."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


def promptly():
    """Seconds that are two on a machine with processors to spare, and more where other tests compete for them."""
    return 5 * max(1.0, os.getloadavg()[0] / os.cpu_count())


class Calling:
    """A function that travels as its text: workers import functions by name, and tests are no package."""

    def __init__(self, text):
        self.text = text

    def __reduce__(self):
        return eval, (self.text,)


def collected(iterator):
    """All results, by index."""
    with closing(iterator):
        return dict(iterator)
