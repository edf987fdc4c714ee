"""Handing out tasks, over threads: the executor does not matter here."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from simulator.errors import Cancelled, StudyError
from simulator.experiment.tasks import AHEAD, finished


@pytest.fixture
def pool():
    """Three threads."""
    with ThreadPoolExecutor(3) as threads:
        yield threads


def test_only_what_is_missing_is_done(pool):
    """Each missing task comes once, under its own index."""
    squares = finished(lambda n: pool.submit(pow, n, 2), range(10, 20), [1, 4, 7], lambda: 2, None)
    assert dict(squares) == {1: 121, 4: 196, 7: 289}


def test_workers_that_come_later_get_tasks(pool):
    """While the first task waits, what is handed out grows with the workers, by so many tasks each."""
    workers, handed, opened = [1], [], threading.Event()

    def submit(n):
        handed.append(n)
        return pool.submit(opened.wait if n == 0 else int, *([] if n == 0 else [n]))

    results = finished(submit, range(100), range(100), lambda: workers[0], None)
    try:
        for _ in range(AHEAD - 1):
            next(results)
        assert handed == list(range(AHEAD))
        workers[0] = 3
        next(results)
        assert handed == list(range(3 * AHEAD))
    finally:
        opened.set()
        results.close()


def test_without_workers_it_ends_with_their_error(pool):
    """What the count of workers raises comes to the caller, before anything is handed out."""

    def nobody():
        raise StudyError("no worker is left")

    with pytest.raises(StudyError, match="no worker is left"):
        next(finished(lambda n: pytest.fail("handed out"), range(3), range(3), nobody, None))


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_cancellation_may_be_a_function(pool, cancelled):
    """It is asked at each look."""
    results = finished(lambda n: pool.submit(int, n), range(3), range(3), lambda: 1, lambda: cancelled)
    if cancelled:
        with pytest.raises(Cancelled):
            next(results)
    else:
        assert dict(results) == {0: 0, 1: 1, 2: 2}
