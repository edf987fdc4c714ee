"""Tasks of one process at the same time."""

import threading

import pytest

from simulator.experiment.together import together


def test_tasks_are_under_way_at_the_same_time_and_results_keep_their_order():
    """None can end before all have begun, and the first is that of the thread that asks."""
    all_there, threads = threading.Barrier(3), {}

    def meet(task):
        threads[task] = threading.current_thread()
        all_there.wait(10)
        return task * task

    assert together(meet, range(3, 6)) == [9, 16, 25]
    assert threads[3] is threading.current_thread()
    assert len(set(threads.values())) == 3


@pytest.mark.parametrize("failing", [0, 2])
def test_a_task_that_fails_is_told(failing):
    """Whichever thread it was done by."""

    def divide(task):
        return 6 / (task - failing)

    with pytest.raises(ZeroDivisionError):
        together(divide, range(3))


def test_nobody_waits_for_the_others_when_the_first_fails():
    """As where Ctrl-C ends it, since only the thread that asks hears that."""
    all_there, released, others = threading.Barrier(3), threading.Event(), []

    def wait(task):
        if task > 0:
            others.append(threading.current_thread())
        all_there.wait(10)
        if task == 0:
            raise KeyboardInterrupt
        return released.wait(60)

    with pytest.raises(KeyboardInterrupt):
        together(wait, range(3))
    under_way = [(thread.is_alive(), thread.daemon) for thread in others]
    released.set()
    assert under_way == [(True, True)] * 2
