"""Ctrl-C in the middle of every command that takes long."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.workbench.cli.conftest import TOY

pytestmark = pytest.mark.slow
EXPERIMENTS = TOY.parent
YEARS = ("--engine", "simpy", "--length", "90 y")
MANY = ("--jobs", "2", "--replications", "50000")
STUDY = f"""
caudal: 1
study: Many
scenarios: [{TOY}]
kpis: [orders]
mode: terminating
replications: 50000
"""
ALONE = {
    "diary": (TOY, TOY, *YEARS),
    "quick": (TOY, "--set", "teams.sellers.head_count=3", "--budget", "9 h", "--engine", "simpy"),
}
"""Commands that work in one process."""
PAIRS = {
    "bottlenecks": (EXPERIMENTS / "bottlenecks" / "two_constraints.yaml", *MANY),
    "compare": (TOY, TOY, *MANY),
    "forecast": (EXPERIMENTS / "forecast" / "shop.yaml", *MANY),
    "run": (TOY, *MANY),
    "search": (EXPERIMENTS / "search" / "portfolio.yaml", "--policy", "policies.crm=0..1", *MANY),
    "study": ("many.yaml", "--jobs", "2"),
    "tornado": (EXPERIMENTS / "sensitivity" / "levers.yaml", "--kpi", "revenue_booked", *MANY),
    "verify": ("--jobs", "2", "--engine", "simpy"),
    "warm-up": (TOY, *MANY),
}
"""Commands that work in two."""


def stat(pid):
    """State, parent and seconds of work of a process; ended, without parent and without work when there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "Z", 0, 0.0
    return fields[0], int(fields[1]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def runs(pid):
    """Whether a process runs; one that has ended and waits to be buried does not."""
    return stat(pid)[0] != "Z"


def workers_of(pid):
    """Workers of a process: on Linux children of its fork server, elsewhere its own."""
    parents = {int(path.name): stat(int(path.name))[1] for path in Path("/proc").glob("[0-9]*")}
    mine = [child for child, parent in parents.items() if parent == pid]
    served = [child for child, parent in parents.items() if parent in mine]
    waiting = (b"resource_tracker", b"forkserver")
    own = [child for child in mine if not any(what in command_of(child) for what in waiting)]
    return [worker for worker in own + served if runs(worker)]


def command_of(pid):
    """The command line of a process, nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def at_work(process, workers):
    """Wait until a command is in the midst of its work: the workers, or it alone, once they are past their imports."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        busy = workers_of(process.pid) if workers else [process.pid]
        if len(busy) == max(1, workers) and all(stat(pid)[2] > (2 if workers else 4) for pid in busy):
            return busy
        time.sleep(0.05)
    pytest.fail("it did not begin to work")


def two_seconds():
    """Two seconds of a machine with processors to spare: more where other tests compete for them."""
    return 2 * max(1.0, os.getloadavg()[0] / os.cpu_count())


@pytest.mark.parametrize("name", [*PAIRS, *ALONE])
def test_control_c_ends_with_130_and_leaves_nothing(started, tmp_path, monkeypatch, name):
    """SIGINT in the middle: workers gone within two seconds, exit code 130, no traceback, neither file nor folder."""
    monkeypatch.chdir(tmp_path)
    Path("many.yaml").write_text(STUDY, encoding="utf-8")
    process = started(name, *(PAIRS | ALONE)[name], "--json", "out.json")
    busy = at_work(process, 2 if name in PAIRS else 0)
    if name == "run":
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to the workers too
    else:
        process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + two_seconds()
    while any(runs(pid) for pid in busy) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not [pid for pid in busy if runs(pid)]
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert err.strip().endswith("caudal: interrupted")
    assert [path.name for path in tmp_path.iterdir()] == ["many.yaml"]
