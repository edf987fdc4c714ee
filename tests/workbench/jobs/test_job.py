"""Background jobs: progress, cancellation, failure, several at a time."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time

import pytest

from simulator.errors import Cancelled, StudyError
from workbench.jobs import job as job_module
from workbench.jobs.background import DEFECT
from workbench.jobs.registry import Registry
from workbench.jobs.results import Results

FINISHED = 120
YEARS = 87_600.0
"""Hours long enough that a thousand replications are not over before they are cancelled."""


class Gate:
    """Work that a test lets go on step by step, in place of simulating."""

    def __init__(self, end=None):
        self.steps = threading.Semaphore(0)
        self.end = end

    def __call__(self, request, tell, stop):
        for done in range(1, request.replications + 1):
            while not self.steps.acquire(timeout=0.01):
                if stop.is_set():
                    raise Cancelled("stopped")
            tell(done, request.replications)
        if isinstance(self.end, Exception):
            raise self.end
        return self.end


def until(condition, seconds=10):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "this did not happen in time"
        time.sleep(0.01)


def test_progress_counts_and_estimates(request_of):
    """Before the first replication there is no estimate; afterwards what is left shrinks with what is done."""
    gate = Gate(StudyError("enough"))
    job = Registry().begin(request_of(replications=2), work=gate)
    assert (job.progress.done, job.progress.total, job.progress.left) == (0, 4, None)
    gate.steps.release(3)
    until(lambda: job.progress.done == 3)
    assert job.active
    assert job.progress.share == 0.75
    assert 0 <= job.progress.left <= job.progress.seconds
    gate.steps.release(1)
    job.join(10)
    assert not job.active


def test_a_mistake_becomes_a_sentence(request_of):
    """What the library says of a user's mistake is what the job says."""
    gate = Gate(StudyError("money cannot be compared"))
    gate.steps.release(4)
    job = Registry().begin(request_of(), work=gate)
    job.join(10)
    assert (job.state, job.problem) == ("failed", "money cannot be compared")


def test_a_defect_is_logged_and_not_shown(request_of, caplog):
    """An error of the program leaves its trace in the log only."""
    gate = Gate(ZeroDivisionError("secret detail"))
    gate.steps.release(4)
    job = Registry().begin(request_of(), work=gate)
    job.join(10)
    assert (job.state, job.problem) == ("failed", DEFECT)
    assert "secret detail" in caplog.text


def test_results_stay_when_the_report_fails(request_of, monkeypatch):
    """Figures are not lost with the report."""

    def broken(*_):
        raise StudyError("no paper")

    monkeypatch.setattr(job_module, "with_report", broken)
    gate = Gate(Results(base=None))
    gate.steps.release(4)
    job = Registry().begin(request_of(), work=gate)
    job.join(10)
    assert (job.state, job.problem) == ("done", "no paper")
    assert job.results is gate.end


def test_the_results_before_stay_in_sight(request_of, monkeypatch):
    """A job leads to the last one that had results, over one that was cancelled, and no further."""
    monkeypatch.setattr(job_module, "with_report", lambda request, results, stop: results)
    registry = Registry()
    gate = Gate(Results(base=None))
    gate.steps.release(4)
    first = registry.begin(request_of(), work=gate)
    first.join(10)
    second = registry.begin(request_of(), first, work=Gate())
    second.cancel()
    second.join(10)
    third = registry.begin(request_of(), second, work=gate)
    assert second.state == "cancelled"
    assert third.earlier is first
    gate.steps.release(4)
    third.join(10)
    fourth = registry.begin(request_of(), third, work=Gate())
    assert fourth.earlier is third
    assert third.earlier is None
    fourth.cancel()
    fourth.join(10)


def test_the_registry_forgets_the_oldest_but_none_that_runs(request_of):
    """Memory stays bounded, and nobody loses a job under way."""
    registry = Registry(kept=2)
    running = registry.begin(request_of(), work=Gate())
    over = []
    for _ in range(3):
        job = registry.begin(request_of(), work=Gate())
        job.cancel()
        job.join(10)
        over.append(job)
    assert registry.find(running.id) is running
    assert registry.find(over[0].id) is None
    assert registry.find(over[-1].id) is over[-1]
    assert registry.find("never there") is None
    assert len({job.id for job in (running, *over)}) == 4
    running.cancel()
    running.join(10)


@pytest.mark.slow
def test_a_study_ends_with_figures_and_a_report(request_of):
    """Real workers simulate, compare and write the report; uploads keep the name that the user gave them."""
    job = Registry().begin(request_of(replications=2))
    job.join(FINISHED)
    assert (job.state, job.problem) == ("done", "")
    assert [study.key for study in job.results.studies] == ["tiny.yaml", "more.yaml"]
    assert job.results.comparison.replications == 2
    assert job.results.report.lstrip().lower().startswith("<!doctype html>")
    assert job.request.command in job.results.report.replace("&#39;", "'")
    assert multiprocessing.active_children() == []


@pytest.mark.slow
def test_cancel_ends_the_workers_within_two_seconds(request_of):
    """A study of a thousand replications stops at once, and no process of it is left."""
    job = Registry().begin(request_of(replications=1000, length=YEARS))
    until(lambda: job.progress.done > 0, 60)
    assert multiprocessing.active_children()
    asked = time.monotonic()
    job.cancel()
    assert job.cancelling or not job.active
    job.join(10)
    assert time.monotonic() - asked < 2
    assert (job.state, job.results) == ("cancelled", None)
    until(lambda: not multiprocessing.active_children(), 2)


@pytest.mark.slow
def test_two_jobs_run_side_by_side(request_of):
    """A second job has workers of its own: cancelling it leaves the first alone."""
    registry = Registry()
    first = registry.begin(request_of(replications=3, alone=True))
    second = registry.begin(request_of(replications=1000, length=YEARS, alone=True))
    until(lambda: second.progress.done > 0, 60)
    second.cancel()
    second.join(10)
    first.join(FINISHED)
    assert (first.state, second.state) == ("done", "cancelled")
    assert first.results.base.estimate("leads").n == 3


CLOSING = """
import sys, time
from pathlib import Path
from simulator.experiment.plan import Plan
from workbench.jobs.registry import Registry
from workbench.jobs.request import Chosen, Request
from simulator.schema.loading import load_scenario

def main():
    chosen = Chosen("tiny", load_scenario(Path(sys.argv[1])))
    registry = Registry()
    job = registry.begin(Request(chosen, (), Plan(replications=100_000, length=87_600.0)))
    while not job.progress.done:
        time.sleep(0.05)
    print(time.time(), flush=True)
    return registry

if __name__ == "__main__":
    kept = main()
"""


@pytest.mark.slow
def test_a_server_that_is_closed_does_not_wait_for_its_jobs(uploads, tmp_path):
    """The process ends within seconds although most replications are still to do."""
    script = tmp_path / "server.py"
    script.write_text(CLOSING, encoding="utf-8")
    command = [sys.executable, str(script), str(uploads.folder / "tiny.yaml")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=FINISHED, check=True)
    assert time.time() - float(ended.stdout) < 10
    assert ended.stderr == ""
