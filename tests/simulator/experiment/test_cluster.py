import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from simulator.errors import Cancelled, StudyError
from simulator.experiment import cluster as module
from simulator.experiment.cluster import RETRIES, over_cluster, software
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all
from tests.simulator.experiment.dask_cluster import ROOT, DaskCluster, promptly, wait_until

# Dask keeps no order among tasks: whichever comes first is quick.
SLOW_AFTER_ONE = (
    "lambda shared, n, path='{0}': (open(path, 'w').close() if not __import__('os').path.exists(path)"
    " else __import__('time').sleep({1}))"
)
SHORT = {"warm_up": 168.0, "length": 336.0}


class Calling:
    """A function that travels as its text: workers import functions by name, and tests are no package."""

    def __init__(self, text):
        self.text = text

    def __reduce__(self):
        return eval, (self.text,)


def collected(iterator):
    with closing(iterator):
        return dict(iterator)


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    """A scheduler and two workers."""
    with DaskCluster(tmp_path_factory.mktemp("dask")) as started:
        started.add_workers(2)
        yield started


@pytest.fixture
def lone(tmp_path):
    """A scheduler without workers, for tests that harm it."""
    with DaskCluster(tmp_path) as started:
        yield started


@pytest.mark.slow
def test_results_come_with_their_index_and_what_is_shared_travels_once(dask):
    """Each task has its result, both workers work, and each unpacks what is shared a single time."""
    task = "lambda shared, n: (__import__('time').sleep(0.1), shared[0] + n, __import__('os').getpid(), id(shared))"
    results = collected(over_cluster(Calling(task), [100], range(12), dask.address))
    assert {n: result[1] for n, result in results.items()} == {n: 100 + n for n in range(12)}
    objects = {result[2:] for result in results.values()}
    assert len(objects) == len({pid for pid, _ in objects}) == 2
    assert os.getpid() not in {pid for pid, _ in objects}


@pytest.mark.slow
def test_a_study_on_a_cluster_is_the_study_here(dask, toy, variant):
    """Every sample and picture of three scenarios is the same to the last bit, and progress ends at the total."""
    scenarios = [toy, variant("head_count: 2", "head_count: 3", "Three"), toy]
    told = []
    there = run_all(
        scenarios,
        Plan(seed=7, replications=5, cluster=dask.address, **SHORT),
        lambda done, total: told.append((done, total)),
    )
    here = run_all(scenarios, Plan(seed=7, replications=5, jobs=1, **SHORT))
    assert told == [(n, 15) for n in range(1, 16)]
    for one, other in zip(there, here, strict=True):
        assert {kpi: sample.tobytes() for kpi, sample in one.samples.items()} == {
            kpi: sample.tobytes() for kpi, sample in other.samples.items()
        }
        assert [picture.tobytes() for picture in one.pictures] == [picture.tobytes() for picture in other.pictures]
    assert there[1].samples["first_response_mean"].tolist() != there[0].samples["first_response_mean"].tolist()


@pytest.mark.slow
def test_killed_workers_cost_retries_not_results(dask, tmp_path):
    """Both workers are killed in turn, and with them what they held; only what is missing is done again."""
    log = tmp_path / "log"
    task = (
        f"lambda shared, n: (open({str(log)!r}, 'a').write(f'{{n}}\\n'), __import__('time').sleep(0.05),"
        " n in (5, 9) and not __import__('os').path.exists(shared + str(n))"
        " and (open(shared + str(n), 'w').close(), __import__('os').kill(__import__('os').getpid(), 9)), n)[-1]"
    )
    results = collected(over_cluster(Calling(task), str(tmp_path / "died"), range(16), dask.address))
    assert results == {n: n for n in range(16)}
    tried = [int(line) for line in log.read_text().split()]
    assert tried.count(5) == tried.count(9) == 2
    assert len(tried) < 26


@pytest.mark.slow
def test_a_replication_that_ends_every_worker_ends_the_study(dask):
    """Dask gives up after some workers; the user is told why, and the cluster works on."""
    deadly = "lambda shared, n: __import__('os').kill(__import__('os').getpid(), 9)"
    with pytest.raises(StudyError, match="a replication ended every worker that it was tried on: their memory may be"):
        collected(over_cluster(Calling(deadly), None, range(1), dask.address))
    assert collected(over_cluster(Calling("lambda shared, n: n"), None, range(2), dask.address)) == {0: 0, 1: 1}


@pytest.mark.slow
def test_an_error_in_a_worker_is_tried_again_and_then_arrives(dask, tmp_path):
    """The exception of the task comes to the caller after the retries."""
    task = f"lambda shared, n: (open({str(tmp_path / 'log')!r}, 'a').write('x'), 1 // n)"
    with pytest.raises(ZeroDivisionError):
        collected(over_cluster(Calling(task), None, [0], dask.address))
    assert (tmp_path / "log").read_text() == "x" * (1 + RETRIES)


@pytest.mark.slow
def test_cancelling_takes_back_what_is_queued(dask, tmp_path):
    """Within two seconds the study is over; each worker ends the task under way and begins no other."""
    event, moments = threading.Event(), []
    task = f"lambda shared, n: (open({str(tmp_path)!r} + f'/{{n}}', 'w').close(), __import__('time').sleep(4))"

    def cancel():
        wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
        moments.append(time.monotonic())
        event.set()

    threading.Thread(target=cancel, daemon=True).start()
    with pytest.raises(Cancelled):
        collected(over_cluster(Calling(task), None, range(50), dask.address, event))
    assert time.monotonic() - moments[0] < promptly()
    wait_until(lambda: dask.under_way() == 0)
    time.sleep(5)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.slow
def test_leaving_early_takes_back_what_is_queued(dask, tmp_path):
    """A caller who closes the iterator leaves nothing under way but what had begun."""
    results = over_cluster(Calling(SLOW_AFTER_ONE.format(str(tmp_path / "one"), 2)), None, range(50), dask.address)
    next(results)
    results.close()
    wait_until(lambda: dask.under_way() == 0)


@pytest.mark.slow
def test_workers_with_other_software_are_refused(lone, tmp_path):
    """A worker whose Caudal differs by a comment ends the study with the worker and both versions named."""
    shutil.copytree(ROOT / "simulator", tmp_path / "old" / "simulator", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "old" / "simulator" / "records.py").open("a") as source:
        source.write("# another version\n")
    lone.add_workers(1, tmp_path / "old")
    with pytest.raises(StudyError, match=r"the worker at tcp://127\.0\.0\.1:\d+ has other software") as raised:
        collected(over_cluster(Calling("lambda shared, n: n"), None, range(3), lone.address))
    assert software() in str(raised.value)


@pytest.mark.slow
def test_workers_without_caudal_are_refused(lone, tmp_path):
    """A worker that cannot import Caudal's side of clusters is named too."""
    (tmp_path / "none" / "simulator").mkdir(parents=True)
    (tmp_path / "none" / "simulator" / "__init__.py").touch()
    lone.add_workers(1, tmp_path / "none")
    with pytest.raises(StudyError, match="there no Caudal, or one that knows no clusters; here code"):
        collected(over_cluster(Calling("lambda shared, n: n"), None, range(3), lone.address))


def test_a_worker_that_comes_later_is_checked_as_well():
    """Each task says which software its results need."""
    with pytest.raises(StudyError, match="has other software"):
        module._perform(b"", "code of last year", max, b"")


@pytest.mark.slow
def test_a_scheduler_that_dies_ends_the_study_in_a_sentence(lone, tmp_path):
    """After kill -9 of the scheduler the user is told within seconds."""
    lone.add_workers(1)
    results = over_cluster(Calling(SLOW_AFTER_ONE.format(str(tmp_path / "one"), 60)), None, range(9), lone.address)
    next(results)
    lone.scheduler.kill()
    began = time.monotonic()
    with pytest.raises(StudyError, match=f"connection to the scheduler at {lone.address} was lost"):
        next(results)
    assert time.monotonic() - began < 2 * promptly()


@pytest.mark.slow
def test_workers_that_all_leave_end_the_study_in_a_sentence(lone, monkeypatch, tmp_path):
    """Without any worker for a while the study ends, and says how to start one."""
    monkeypatch.setattr(module, "PATIENCE", 3.0)
    workers = lone.add_workers(1)
    results = over_cluster(Calling(SLOW_AFTER_ONE.format(str(tmp_path / "one"), 60)), None, range(9), lone.address)
    next(results)
    os.killpg(workers.pid, 9)
    with pytest.raises(StudyError, match="has had no worker for 3 s: start some with `dask worker"):
        next(results)


@pytest.mark.slow
def test_a_scheduler_that_hangs_ends_the_study_in_a_sentence(lone, monkeypatch, tmp_path):
    """A scheduler that is stopped, not dead, is given up as well."""
    monkeypatch.setattr(module, "PATIENCE", 3.0)
    lone.add_workers(1)
    results = over_cluster(Calling(SLOW_AFTER_ONE.format(str(tmp_path / "one"), 60)), None, range(9), lone.address)
    next(results)
    lone.scheduler.send_signal(19)
    with pytest.raises(StudyError, match="has not answered for 3 s"):
        next(results)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_nobody_at_the_address_is_said_in_a_sentence(monkeypatch):
    """Where no scheduler listens the study ends when the time to connect is over."""
    monkeypatch.setattr(module, "CONNECT", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(StudyError, match=f"no Dask scheduler answers at {address} within 0.5 s"):
        collected(over_cluster(Calling("max"), None, [1], address))


def test_connecting_can_be_cancelled():
    """A cancellation does not wait until the time to connect is over."""
    event = threading.Event()
    threading.Timer(0.3, event.set).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        collected(over_cluster(Calling("max"), None, [1], f"tcp://127.0.0.1:{free_port()}", event))
    assert time.monotonic() - began < 0.3 + promptly()


ADDRESSES = ["", "here", "127.0.0.1", "http://127.0.0.1:8786", "tcp://127.0.0.1:http", "inproc://127.0.0.1/1/1"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_address_is_refused_with_an_example(address):
    """Nothing is tried for half a minute with an address that cannot be one."""
    with pytest.raises(StudyError, match=f"^'{address}' is no address of a scheduler: write one such as tcp://10"):
        collected(over_cluster(Calling("max"), None, [1], address))


def test_encryption_without_certificates_is_refused():
    """An address with tls needs certificates, and the message says where that is explained."""
    with pytest.raises(StudyError, match="asks for a certificate: name its files to Dask"):
        collected(over_cluster(Calling("max"), None, [1], "tls://127.0.0.1:8786"))


def test_studies_without_a_cluster_do_not_load_dask():
    """Local workers start as quickly as before."""
    script = (
        "import sys, simulator.experiment.replications; print(sorted({'dask', 'distributed'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
