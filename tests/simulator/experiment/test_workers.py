import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from simulator.errors import Cancelled, StudyError
from simulator.experiment.tasks import AHEAD
from simulator.experiment.workers import Crew, in_process, over_processes

pytestmark = pytest.mark.slow


SQUARE = "lambda shared, n: shared + n * n"


class Calling:
    """A function that travels as its text: workers import functions by name, and tests are no package."""

    def __init__(self, text):
        self.text = text

    def __reduce__(self):
        return eval, (self.text,)

    def __call__(self, shared, task):
        return eval(self.text)(shared, task)  # noqa: S307


SLEEPER = Calling("lambda shared, n: __import__('time').sleep(60)")


def collected(iterator):
    with closing(iterator):
        return dict(iterator)


def test_results_come_with_their_index():
    """Every task's result arrives once, under its own index, from workers that know what is shared."""
    assert collected(over_processes(Calling(SQUARE), 100, range(9), 2)) == {n: 100 + n * n for n in range(9)}


def test_in_this_process_and_in_workers_is_the_same():
    """One process and two give the same results."""
    alone = collected(in_process(Calling(SQUARE), 5, range(6)))
    assert alone == collected(over_processes(Calling(SQUARE), 5, range(6), 2))


def test_two_workers_really_work():
    """Two processes share the tasks, neither is this one, and both work at the same time."""
    task = "lambda shared, n: (__import__('time').sleep(0.3), __import__('os').getpid(), __import__('time').time())"
    results = collected(over_processes(Calling(task), None, range(8), 2))
    pids = [pid for _, pid, _ in results.values()]
    assert len(set(pids)) == 2
    assert os.getpid() not in pids
    spans = {pid: [end for _, p, end in results.values() if p == pid] for pid in set(pids)}
    (one, two) = spans.values()
    assert max(one) - 0.3 < max(two)
    assert max(two) - 0.3 < max(one) + 0.3


def test_workers_are_single_threaded_and_deaf_to_control_c():
    """Numeric libraries get one thread a worker, and the parent's environment and signals stay as they were."""
    before = os.environ.get("OMP_NUM_THREADS"), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    task = (
        "lambda shared, n: (__import__('os').environ['OMP_NUM_THREADS'], "
        "__import__('signal').SIGINT in __import__('signal').pthread_sigmask(0, ()))"
    )
    assert collected(over_processes(Calling(task), None, [0], 1)) == {0: ("1", True)}
    assert (os.environ.get("OMP_NUM_THREADS"), signal.pthread_sigmask(signal.SIG_BLOCK, ())) == before


def test_a_killed_worker_costs_a_retry_not_a_result(tmp_path):
    """A worker that is killed in the middle is replaced, and only what is missing is done again."""
    log = tmp_path / "log"
    task = (
        f"lambda shared, n: (open({str(log)!r}, 'a').write(f'{{n}}\\n'), __import__('time').sleep(0.05),"
        " n == 5 and shared['once'] and not __import__('os').path.exists(shared['once'])"
        " and (open(shared['once'], 'w').close(), __import__('os').kill(__import__('os').getpid(), 9)), n)[-1]"
    )
    results = collected(over_processes(Calling(task), {"once": str(tmp_path / "died")}, range(12), 2))
    assert results == {n: n for n in range(12)}
    assert (tmp_path / "died").exists()
    tried = [int(line) for line in log.read_text().split()]
    assert tried.count(5) == 2
    assert len(tried) < 24


def test_workers_that_keep_dying_end_the_study_in_a_sentence():
    """After three rebuilt pools the user is told, and nothing is left running."""
    deadly = "lambda shared, n: __import__('os').kill(__import__('os').getpid(), 9)"
    with pytest.raises(StudyError, match="a worker process died 4 times, with 3 of 3 replications still to do"):
        collected(over_processes(Calling(deadly), None, range(3), 2))
    assert not multiprocessing.active_children()


def test_a_crew_is_kept_between_rounds_and_ends_with_its_context():
    """Two rounds of one crew are done by the same processes, which are gone when the context is left."""
    task = Calling("lambda shared, n: (__import__('time').sleep(0.1), shared + n, __import__('os').getpid())[1:]")
    with Crew(10, 2) as crew:
        first, second = (collected(crew.outcomes(task, range(6))) for _ in range(2))
    assert {n: value for n, (value, _) in first.items()} == {n: 10 + n for n in range(6)}
    assert {pid for _, pid in second.values()} <= {pid for _, pid in first.values()}
    assert not multiprocessing.active_children()


def test_an_error_in_a_worker_arrives_and_ends_the_workers():
    """An exception comes to the caller at once, while other tasks still sleep."""
    task = "lambda shared, n: 1 // n if n == 0 else __import__('time').sleep(30)"
    began = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        collected(over_processes(Calling(task), None, [0, 1, 2], 2))
    assert time.monotonic() - began < 20
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("kind", ["event", "function"])
def test_cancelling_takes_effect_within_two_seconds(kind):
    """An event that is set, or a function that says so, ends workers that are in the middle of a task."""
    event = threading.Event()
    cancelled = event if kind == "event" else event.is_set
    threading.Timer(2.0, event.set).start()
    with pytest.raises(Cancelled):
        collected(over_processes(SLEEPER, None, range(4), 2, cancelled))
    assert event.is_set()
    assert not multiprocessing.active_children()


def test_the_time_from_cancelling_to_the_end_is_short():
    """From the moment of cancelling less than two seconds pass."""
    event = threading.Event()
    moment = []
    threading.Timer(1.5, lambda: (moment.append(time.monotonic()), event.set())).start()
    with pytest.raises(Cancelled):
        collected(over_processes(SLEEPER, None, range(4), 2, event))
    assert time.monotonic() - moment[0] < 2 * max(1.0, os.getloadavg()[0] / os.cpu_count())


def test_in_process_looks_between_tasks():
    """Without workers a cancellation is seen before the next task."""
    event = threading.Event()
    tasks = in_process(Calling(SQUARE), 0, range(3), event)
    assert next(tasks) == (0, 0)
    event.set()
    with pytest.raises(Cancelled):
        next(tasks)


def test_leaving_early_ends_the_workers():
    """A caller who closes the iterator leaves no processes behind."""
    results = over_processes(Calling("lambda shared, n: __import__('time').sleep(60) if n else n"), None, range(9), 2)
    assert next(results) == (0, 0)
    assert multiprocessing.active_children()
    results.close()
    assert not multiprocessing.active_children()


def test_only_a_few_tasks_run_ahead_of_the_first_unfinished(tmp_path):
    """While the first task is slow, the others stop after a bounded number, so that memory does not grow."""
    touch = f"open({str(tmp_path)!r} + f'/{{n}}', 'w').close()"
    task = f"lambda shared, n: ({touch}, n or __import__('time').sleep(3), n)[-1]"
    results = over_processes(Calling(task), None, range(100), 2)
    with closing(results):
        for index, _ in results:
            if index == 0:
                break
        assert len(list(tmp_path.iterdir())) <= 2 * AHEAD + 1


PARENT = """
from simulator.experiment.workers import over_processes

class Calling:
    def __reduce__(self):
        tell = "__import__('os').write(1, b'%d\\\\n' % __import__('os').getpid())"  # at once: two workers tell
        return eval, (f"lambda shared, n: ({tell}, __import__('time').sleep(99))",)

if __name__ == "__main__":
    list(over_processes(Calling(), None, range(4), 2))
"""


def test_workers_die_with_their_parent(tmp_path):
    """After kill -9 of the parent its workers end by themselves, and the file that they shared is gone."""
    script = tmp_path / "study.py"
    script.write_text(PARENT, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment) as parent:
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        assert all(alive(pid) for pid in workers)
        parent.kill()
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in workers)
    assert list(tmp_path.iterdir()) == [script]


def alive(pid):
    """Whether a process runs; one that has ended and waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
