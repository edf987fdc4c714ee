import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from simulator.experiment import fork_server
from simulator.experiment.plan import Plan
from simulator.experiment.workers import over_processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the server")


def servers():
    """Processes below this one that serve workers."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text(encoding="ascii").rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"forkserver" in (status.parent / "cmdline").read_bytes():
                found.append(int(status.parent.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


class Calling:
    """A function that travels as its text: workers import functions by name, and tests are no package."""

    def __init__(self, text):
        self.text = text

    def __reduce__(self):
        return eval, (self.text,)


ASLEEP = """
import signal, sys
from contextlib import closing
from simulator.errors import Cancelled
from simulator.experiment import fork_server
from simulator.experiment.workers import over_processes
signal.signal(signal.SIGINT, signal.default_int_handler)
fork_server._LOADED = "asleep"
cancelled = None if sys.argv[1] == "interrupted" else lambda: True
with closing(over_processes(len, None, [0], 1, cancelled)) as outcomes:
    print("started", flush=True)
    try:
        next(outcomes)
    except (KeyboardInterrupt, Cancelled) as error:
        print(type(error).__name__)
"""


@pytest.mark.parametrize(("how", "said"), [("interrupted", "KeyboardInterrupt"), ("cancelled", "Cancelled")])
def test_nobody_waits_for_a_server_that_loads(tmp_path, how, said):
    """Ctrl-C and a cancellation are obeyed while it loads, here for a minute, and it does not outlive its parent."""
    (tmp_path / "asleep.py").write_text("import time; time.sleep(60)", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", ASLEEP, how], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(Path.cwd())))},
    )  # fmt: skip
    try:
        assert process.stdout.readline() == "started\n"
        time.sleep(0.5)
        if how == "interrupted":
            process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20) == (f"{said}\n", "")
    finally:
        process.kill()


def test_an_interrupt_waits_until_a_worker_is_started():
    """Ctrl-C that another thread hears is raised after what may not be left halfway, and the handler is as it was."""
    # A shell lets its background jobs ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    over, whole = threading.Event(), []
    thread = threading.Thread(target=over.wait)
    thread.start()

    def start():
        with fork_server.starting():
            signal.pthread_kill(thread.ident, signal.SIGINT)
            time.sleep(0.2)
            whole.append(True)

    try:
        with pytest.raises(KeyboardInterrupt):
            start()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        over.set()
        thread.join()
        signal.signal(signal.SIGINT, before)
    assert whole == [True]


@pytest.mark.slow
@pytest.mark.parametrize("error", ["FileNotFoundError", "EOFError", "ValueError"])
def test_a_worker_that_has_not_begun_does_not_complain_of_its_parent(error):
    """That what the parent shared is gone is no news; any other error is told."""
    code = f"import simulator.experiment.loaded; raise {error}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=Path.cwd())
    assert done.returncode == 1
    assert (error in done.stderr) == (error == "ValueError")


@pytest.mark.slow
def test_a_worker_that_has_begun_tells_every_error():
    """Its hook for errors is Python's own."""
    text = "lambda shared, n: (lambda sys: sys.excepthook is sys.__excepthook__)(__import__('sys'))"
    with closing(over_processes(Calling(text), None, [0], 1)) as outcomes:
        assert dict(outcomes) == {0: True}


def test_one_server_is_begun_and_kept():
    """Asking twice leaves one server, which is a process of its own."""
    plan = Plan(jobs=2)
    fork_server.begin(plan)
    first = servers()
    fork_server.begin(plan)
    assert servers() == first
    assert len(first) == 1


@pytest.mark.slow
def test_a_worker_has_the_code_when_it_begins():
    """A worker's first task finds what replicates and compares loaded, and both engines; not what reads scenarios."""
    text = "lambda shared, n: [m in __import__('sys').modules for m in shared]"
    experiment = ["simulator.experiment.replications", "simulator.experiment.checks"]
    engines = ["simulator.engines.compiled_engine.kernel", "simulator.engines.simpy_engine"]
    wanted, late = [*experiment, *engines], ["scipy.special", "holidays.countries.portugal"]
    with closing(over_processes(Calling(text), [*wanted, *late], [0], 1)) as outcomes:
        assert dict(outcomes) == {0: [True] * len(wanted) + [False] * len(late)}


@pytest.mark.slow
def test_a_worker_leaves_what_was_loaded_alone():
    """Collecting garbage, which workers do, does not touch what they share with the server."""
    text = "lambda shared, n: (__import__('gc').isenabled(), __import__('gc').get_freeze_count())"
    with closing(over_processes(Calling(text), None, [0], 1)) as outcomes:
        [(_, (collecting, frozen))] = outcomes
    assert collecting
    assert frozen > 100_000


@pytest.mark.parametrize("plan", [Plan(jobs=1), Plan(cluster="tcp://127.0.0.1:8786")])
def test_nothing_begins_where_no_worker_will(plan):
    """One job, or a cluster, needs no server here."""
    code = (
        "from simulator.experiment import fork_server; from simulator.experiment.plan import Plan; "
        f"fork_server.begin(Plan(jobs={plan.jobs!r}, cluster={plan.cluster!r})); "
        "from multiprocessing import forkserver; print(forkserver._forkserver._forkserver_pid)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.strip() == "None"


@pytest.mark.slow
def test_the_server_ends_with_its_parent():
    """A process that began a server and ends leaves none behind."""
    code = (
        "from simulator.experiment import fork_server; from simulator.experiment.plan import Plan; "
        "fork_server.begin(Plan(jobs=2)); "
        "from multiprocessing import forkserver; print(forkserver._forkserver._forkserver_pid)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    server = Path("/proc", done.stdout.strip())
    deadline = time.monotonic() + 20
    while server.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not server.exists()
