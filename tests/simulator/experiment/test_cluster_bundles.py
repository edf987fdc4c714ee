"""Bundles of tasks on a Dask cluster: few journeys, none of them long, and none that nobody waits for."""

import time

import pytest

from simulator.experiment.bundles import LONGEST
from simulator.experiment.cluster import over_cluster
from tests.simulator.experiment.dask_cluster import Calling, DaskCluster, collected, wait_until


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    """A scheduler and two workers."""
    with DaskCluster(tmp_path_factory.mktemp("dask")) as started:
        started.add_workers(2)
        yield started


@pytest.mark.slow
def test_quick_tasks_travel_in_bundles(dask):
    """A hundred tasks of a few milliseconds take a third as many journeys, and each has its own result."""
    task = (
        "lambda shared, n: (__import__('time').sleep(0.005), n,"
        " __import__('distributed').get_worker().get_current_task())[1:]"
    )
    results = collected(over_cluster(Calling(task), None, range(100), dask.address))
    assert {n: result[0] for n, result in results.items()} == {n: n for n in range(100)}
    assert len({journey for _, journey in results.values()}) < 34


@pytest.mark.slow
def test_a_bundle_that_takes_longer_than_foreseen_is_handed_over_halfway(dask):
    """Tasks that are slower than the first ones go back, so that no journey takes more than one beyond its time."""
    task = (
        "lambda shared, n: (__import__('time').sleep(0.01 if n < 20 else 0.4),"
        " __import__('distributed').get_worker().get_current_task())[1]"
    )
    journeys = collected(over_cluster(Calling(task), None, range(60), dask.address))
    assert sorted(journeys) == list(range(60))
    slow = [journey for n, journey in journeys.items() if n >= 20]
    assert max(slow.count(journey) for journey in slow) <= LONGEST / 0.4 + 1


@pytest.mark.slow
def test_a_bundle_that_was_taken_back_ends_with_its_task(dask, tmp_path):
    """Once the caller has left, each worker ends the task under way and begins hardly another of its bundle."""
    begun = f"open({str(tmp_path)!r} + f'/{{n}}', 'w').close()"
    task = f"lambda shared, n: ({begun}, __import__('time').sleep(0.01 if n < 20 else 0.3))"
    results = over_cluster(Calling(task), None, range(2000), dask.address)
    for _ in range(8):
        next(results)  # whose time is known now, so that the next ones travel together
    wait_until(lambda: len(list(tmp_path.iterdir())) > 20)
    results.close()
    done = len(list(tmp_path.iterdir()))
    time.sleep(2 * LONGEST)
    assert len(list(tmp_path.iterdir())) <= done + 3
