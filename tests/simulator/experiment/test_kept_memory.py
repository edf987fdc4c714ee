"""Memory that workers of a cluster keep between replications."""

import os
import subprocess
import sys

import pytest

from simulator.experiment.kept_memory import keep_memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only the C library of Linux has these options")

SCRIPT = """
import resource, threading
import numpy as np
from simulator.experiment.kept_memory import keep_memory

def replicate():
    if {kept}:
        keep_memory()
    for made in range(60):
        np.ones(500_000)
        if made == 9:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)

thread = threading.Thread(target=replicate)
thread.start()
thread.join()
"""
PAGES = 50 * 500_000 * 8 // 4096
"""Of all arrays that are made while pages are counted."""


def pages_asked_for(kept, **environment):
    """Pages that the system was asked for by fifty arrays one after the other, as in a thread of a worker."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    command = [sys.executable, "-c", SCRIPT.format(kept=kept)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=others | environment)
    return int(done.stdout)


def test_arrays_lie_where_those_before_lay():
    """As Dask starts its workers each array asks for all its pages; with memory kept, hardly any asks for one."""
    assert pages_asked_for(False, MALLOC_TRIM_THRESHOLD_="65536") > 0.9 * PAGES
    assert pages_asked_for(True, MALLOC_TRIM_THRESHOLD_="65536") < 0.1 * PAGES


def test_where_nothing_was_set_nothing_is_done(monkeypatch):
    """The C library adjusts itself, and is left to it."""
    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_", raising=False)
    monkeypatch.setattr("ctypes.CDLL", lambda _: pytest.fail("it was asked for"))
    keep_memory.__wrapped__()
