"""`--cluster`, on a scheduler and two workers of its own."""

import json
import signal
import time

import pytest

from tests.simulator.experiment.dask_cluster import DaskCluster, promptly, wait_until
from tests.workbench.cli.conftest import TOY

pytestmark = pytest.mark.slow
SHORT = ("--replications", "3", "--warm-up", "1 wk", "--length", "2 wk", "--json", "-")


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    """A scheduler and two workers."""
    with DaskCluster(tmp_path_factory.mktemp("dask")) as started:
        started.add_workers(2)
        yield started


@pytest.mark.parametrize("words", [("run", TOY), ("compare", TOY, TOY)])
def test_the_result_is_the_same_as_here(caudal, dask, words):
    """Standard output on a cluster is that of one process, digit by digit, and the closing line tells the number."""
    here = caudal(*words, *SHORT, "--jobs", "1")
    there = caudal(*words, *SHORT, "--cluster", dask.address)
    assert there[:2] == here[:2]
    assert there[0] == 0
    assert json.loads(there[1])
    assert there[2].startswith(f"{3 * (len(words) - 1)} replications in ")


def test_control_c_leaves_nothing_on_the_cluster(started, dask, tmp_path):
    """SIGINT in the middle: 130 within two seconds, no traceback, no file, and nothing queued on the workers."""
    out = tmp_path / "out.json"
    process = started("run", TOY, "--replications", "5000", "--length", "9 y", "--cluster", dask.address, "--json", out)
    wait_until(dask.under_way)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert time.monotonic() - began < promptly()
    assert process.returncode == 130
    assert err.strip() == "caudal: interrupted"
    assert list(tmp_path.iterdir()) == []
    wait_until(lambda: dask.under_way() == 0)


def test_a_lost_scheduler_is_a_mistake_in_one_line(started, tmp_path):
    """Exit code 2, the sentence of the library, no traceback and nothing of what Dask logs."""
    with DaskCluster(tmp_path) as own:
        own.add_workers(1)
        process = started("run", TOY, "--replications", "5000", "--length", "9 y", "--cluster", own.address)
        wait_until(own.under_way)
        own.scheduler.kill()
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.startswith(f"caudal: the connection to the scheduler at {own.address} was lost before the study was")
    assert len(err.splitlines()) == 1
