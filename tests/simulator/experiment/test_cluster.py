import logging
import os
import subprocess
import sys
import threading
import time

import pytest

from simulator.engines.choice import engine_of
from simulator.engines.warm import is_cold
from simulator.errors import Cancelled, StudyError
from simulator.experiment import cluster as module
from simulator.experiment.cluster import RETRIES, over_cluster
from simulator.experiment.cluster_connection import connected
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all
from tests.simulator.experiment.dask_cluster import ROOT, Calling, DaskCluster, collected, promptly, wait_until

SECOND = "__import__('time').sleep(1)"
# Dask keeps no order among tasks: whichever comes first is quick.
SLOW_AFTER_ONE = (
    "lambda shared, n, path='{0}': (open(path, 'w').close() if not __import__('os').path.exists(path)"
    " else __import__('time').sleep({1}))"
)
SHORT = {"warm_up": 168.0, "length": 336.0}


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
    results = collected(over_cluster(Calling(task), [100, bytes(11_000_000)], range(12), dask.address))
    assert {n: result[1] for n, result in results.items()} == {n: 100 + n for n in range(12)}
    objects = {result[2:] for result in results.values()}
    assert len(objects) == len({pid for pid, _ in objects}) == 2
    assert os.getpid() not in {pid for pid, _ in objects}


@pytest.mark.slow
def test_libraries_are_silent_as_long_as_there_is_a_connection(dask):
    """A connection that closes while a result is on its way is no error to tell; before and after they speak."""
    logger = logging.getLogger("tornado.application")
    with connected(dask.address, None):
        assert not logger.isEnabledFor(logging.ERROR)
    assert logger.isEnabledFor(logging.ERROR)


@pytest.mark.slow
def test_what_is_handed_out_first_begins_first(dask):
    """The second task is under way among the first four, since what is handed out further waits for it."""
    task = "lambda shared, n: (__import__('time').time(), __import__('time').sleep(0.1))[0]"
    for _ in range(3):
        begun = collected(over_cluster(Calling(task), None, range(8), dask.address))
        assert sorted(begun, key=begun.get).index(1) < 4


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
    """Workers are killed twice, and with them what they held; what had arrived is not done again."""
    log = tmp_path / "log"
    task = (
        f"lambda shared, n: (open({str(log)!r}, 'a').write(f'{{n}}\\n'), __import__('time').sleep(0.05),"
        " n in (5, 9) and not __import__('os').path.exists(shared + str(n))"
        " and (open(shared + str(n), 'w').close(), __import__('os').kill(__import__('os').getpid(), 9)), n)[-1]"
    )
    results = collected(over_cluster(Calling(task), str(tmp_path / "died"), range(16), dask.address))
    assert results == {n: n for n in range(16)}
    tried = [int(line) for line in log.read_text().split()]
    assert min(tried.count(5), tried.count(9)) >= 2
    assert len(tried) < 2 * 16


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
def test_an_error_of_endless_recursion_arrives(dask):
    """Its traceback, which is too deep to travel, does not leave the caller waiting for ever."""
    deep = "lambda shared, n: (lambda again: again(again))(lambda again: again(again))"
    event = threading.Event()
    late = threading.Timer(20, event.set)
    late.daemon = True
    late.start()
    with pytest.raises(RecursionError):
        collected(over_cluster(Calling(deep), None, range(1), dask.address, event))


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
def test_a_block_that_nobody_waits_for_ends_with_its_replication(dask, tmp_path):
    """Once the study is cancelled the workers end blocks under way, long before their last replication."""
    event = threading.Event()
    looked = "__import__('simulator.experiment.blocks', fromlist=['x']).while_wanted(range(n * 1000, n * 1000 + 600))"
    begun = f"open({str(tmp_path)!r} + f'/{{r}}', 'w').close()"
    task = f"lambda shared, n: [({begun}, __import__('time').sleep(0.2)) for r in {looked}]"

    def cancel():
        wait_until(lambda: len(list(tmp_path.iterdir())) >= 4)
        event.set()

    threading.Thread(target=cancel, daemon=True).start()
    with pytest.raises(Cancelled):
        collected(over_cluster(Calling(task), None, range(2), dask.address, event))
    began = time.monotonic()
    assert collected(over_cluster(Calling("lambda shared, n: n"), None, range(2), dask.address)) == {0: 0, 1: 1}
    assert time.monotonic() - began < 4 * promptly()
    done = len(list(tmp_path.iterdir()))
    time.sleep(1)
    assert len(list(tmp_path.iterdir())) == done


@pytest.mark.slow
def test_leaving_early_takes_back_what_is_queued(dask, tmp_path):
    """A caller who closes the iterator leaves nothing under way but what had begun."""
    begun = f"open({str(tmp_path)!r} + f'/{{n}}', 'w').close()"
    results = over_cluster(Calling(f"lambda shared, n: ({begun}, {SECOND})"), None, range(50), dask.address)
    next(results)
    results.close()
    wait_until(lambda: dask.under_way() == 0)
    assert len(list(tmp_path.iterdir())) <= 4


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


@pytest.mark.slow
def test_workers_that_have_to_compile_are_announced(lone, monkeypatch, tmp_path, caplog):
    """Where the cache of the workers' machine is empty the log says how many compile, and how long that takes."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cold"))
    lone.add_workers(2)
    assert collected(over_cluster(Calling("lambda shared, n: n"), None, range(2), lone.address)) == {0: 0, 1: 1}
    told = [each.getMessage() for each in caplog.records if each.name.startswith("simulator")]
    assert told == ["2 workers compile the engine first: one or two minutes."]


def test_what_a_task_had_compiled_is_noted(monkeypatch, tmp_path):
    """The next study finds the cache warm; a worker that needed no engine compiles none."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    with monkeypatch.context() as without:
        without.delitem(sys.modules, "simulator.engines.compiled_engine", raising=False)
        module._note_compiled()
        assert is_cold()
    engine_of("compiled")
    module._note_compiled()
    assert not is_cold()


def test_studies_without_a_cluster_do_not_load_dask():
    """Local workers start as quickly as before."""
    script = (
        "import sys, simulator.experiment.replications; print(sorted({'dask', 'distributed'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
