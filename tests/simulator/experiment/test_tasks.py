"""Handing out tasks, over threads: the executor does not matter here."""

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import pytest

from simulator.errors import Cancelled, StudyError
from simulator.experiment.tasks import AHEAD, finished


@pytest.fixture
def pool():
    """Three threads."""
    with ThreadPoolExecutor(3) as threads:
        yield threads


def test_each_portion_comes_once_with_its_result(pool):
    """Whatever the portions are, and in whatever order they end."""
    squares = finished(lambda n: pool.submit(pow, n, 2), iter([11, 14, 17]), lambda: 2, None)
    assert dict(squares) == {11: 121, 14: 196, 17: 289}


def test_a_result_may_bring_more_to_do(pool):
    """What is added when the last result comes is done too."""
    left, seen = deque([3]), []

    class Left:
        def __iter__(self):
            return self

        def __next__(self):
            if left:
                return left.popleft()
            raise StopIteration

    for n, _ in finished(lambda n: pool.submit(int, n), Left(), lambda: 1, None):
        seen.append(n)
        left.extend([n - 1] if n else [])
    assert seen == [3, 2, 1, 0]


def test_workers_that_come_later_get_tasks(pool):
    """While the first task waits, what is handed out grows with the workers, by so many tasks each."""
    workers, handed, opened = [1], [], threading.Event()

    def submit(n):
        handed.append(n)
        return pool.submit(opened.wait if n == 0 else int, *([] if n == 0 else [n]))

    results = finished(submit, iter(range(100)), lambda: workers[0], None)
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
        next(finished(lambda n: pytest.fail("handed out"), iter(range(3)), nobody, None))


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_cancellation_may_be_a_function(pool, cancelled):
    """It is asked at each look."""
    results = finished(lambda n: pool.submit(int, n), iter(range(3)), lambda: 1, lambda: cancelled)
    if cancelled:
        with pytest.raises(Cancelled):
            next(results)
    else:
        assert dict(results) == {0: 0, 1: 1, 2: 2}
