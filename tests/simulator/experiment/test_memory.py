"""Memory of a study: that of the replication under way, not of all."""

import subprocess
import sys
from pathlib import Path

import pytest

TOY = Path(__file__).with_name("toy_funnel.yaml")
SCRIPT = """
import sys, psutil
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.schema.loading import load_scenario

resident, most = psutil.Process().memory_info, 0
def look(done, total):
    global most
    most = max(most, resident().rss)
run(load_scenario(sys.argv[1]), Plan(replications=int(sys.argv[2]), jobs=1, warm_up=168.0, length=2184.0), look)
print(most)
"""
MIB = 2**20


def resident(replications):
    """Most memory in bytes that a fresh process holds after any replication of a study."""
    command = [sys.executable, "-c", SCRIPT, str(TOY), str(replications)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.slow
def test_memory_does_not_grow_with_replications():
    """Eight times as many replications take no more than 30 MiB more: records are let go when they are measured."""
    assert resident(400) - resident(50) < 30 * MIB
