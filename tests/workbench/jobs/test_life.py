"""The life of a job: asked to stop at any moment, over for any reason, remembered and forgotten."""

import threading
import time
from html import unescape
from types import SimpleNamespace

import numpy as np
import pytest

from simulator.errors import Cancelled, Problem, ScenarioError, StudyError
from simulator.experiment.checks import checked_studies
from simulator.experiment.replication_rule import run_on
from simulator.experiment.trust import trust_card
from workbench.jobs import background
from workbench.jobs import job as job_module
from workbench.jobs import registry as registry_module
from workbench.jobs import results as results_module
from workbench.jobs.background import DEFECT, Progress
from workbench.jobs.job import Job
from workbench.jobs.registry import Registry
from workbench.jobs.results import Results, simulate, with_report


@pytest.fixture(autouse=True)
def no_report(monkeypatch):
    """Reports are written at once."""
    monkeypatch.setattr(job_module, "with_report", lambda request, results, stop: results)


def over(job):
    """The job, once it is over."""
    job.join(10)
    assert not job.active
    return job


def failing(error):
    """Work that ends with an error."""

    def work(request, tell, stop):
        raise error

    return work


def waiting(request, tell, stop):
    """Work that does one replication and then waits to be stopped."""
    tell(1, request.replications)
    assert stop.wait(10)
    raise Cancelled("stopped")


def fine(request, tell, stop):
    """Work that is done at once."""
    tell(request.replications, request.replications)
    return Results(base=None)


PROBLEMS = [Problem("b.yaml", 2, "teams", "no team"), Problem("a.yaml", 9, "", "no name")]
ENDS = [
    (StudyError("these cannot be compared"), "failed", "these cannot be compared"),
    (ScenarioError(PROBLEMS), "failed", "a.yaml:9: no name\nb.yaml:2: teams: no team"),
    (Cancelled("stopped"), "cancelled", ""),
    (ZeroDivisionError("secret"), "failed", DEFECT),
    (MemoryError(), "failed", DEFECT),
]


@pytest.mark.parametrize(("error", "state", "problem"), ENDS)
def test_each_error_ends_the_job_with_its_sentence(request_of, error, state, problem):
    """A mistake says what it is, a defect what to do, a cancellation nothing."""
    job = over(Registry().begin(request_of(), work=failing(error)))
    assert (job.state, job.problem, job.results) == (state, problem, None)


def test_a_job_that_was_cancelled_twice_is_cancelled_once(request_of):
    """The second click changes nothing, nor does one after the end."""
    job = Registry().begin(request_of(), work=waiting)
    job.cancel()
    job.cancel()
    over(job)
    assert job.state == "cancelled"
    job.cancel()
    assert (job.state, job.cancelling) == ("cancelled", False)
    assert job.progress.done == 1


def test_a_cancellation_that_comes_too_late_takes_nothing_away(request_of):
    """Figures that were ready when the user asked to stop are kept."""
    began, go_on = threading.Event(), threading.Event()

    def work(request, tell, stop):
        began.set()
        assert go_on.wait(10)
        return Results(base=None)

    job = Registry().begin(request_of(), work=work)
    assert began.wait(10)
    job.cancel()
    assert job.cancelling
    go_on.set()
    over(job)
    assert job.state == "done"
    assert job.results == Results(base=None)
    assert not job.cancelling


def test_a_report_that_is_stopped_leaves_the_figures(request_of, monkeypatch):
    """While the report is being written the state says so, and Cancel ends only the report."""
    writing = threading.Event()

    def report(request, results, stop):
        writing.set()
        assert stop.wait(10)
        raise Cancelled("stopped")

    monkeypatch.setattr(job_module, "with_report", report)
    job = Registry().begin(request_of(), work=fine)
    assert writing.wait(10)
    assert (job.state, job.active) == ("writing", True)
    assert job.results is not None
    job.cancel()
    over(job)
    assert (job.state, job.problem, job.results.report) == ("done", "", "")


def test_a_defect_in_the_report_leaves_the_figures_and_a_sentence(request_of, monkeypatch):
    """The detail is for the log."""
    monkeypatch.setattr(job_module, "with_report", lambda *_: 1 / 0)
    job = over(Registry().begin(request_of(), work=fine))
    assert (job.state, job.problem) == ("done", DEFECT)
    assert job.results == Results(base=None)


def test_time_stands_still_after_the_end(request_of):
    """The seconds of a job that is over do not grow while someone reads its figures."""
    job = over(Registry().begin(request_of(), work=fine))
    first = job.progress.seconds
    time.sleep(0.02)
    assert job.progress.seconds == first
    assert job.progress.left == 0.0
    assert 0 <= job.simulated_seconds <= first


def test_what_is_left_is_judged_by_what_is_done(request_of, monkeypatch):
    """Three of four after six seconds: two are left, and two seconds later none, never less than none."""
    now = [0.0]
    monkeypatch.setattr(background, "time", SimpleNamespace(monotonic=lambda: now[0]))
    job = Job(request_of(replications=2), fine)
    assert job.progress == Progress(0, 4, 0.0, None)
    now[0] = 6.0
    job._tell(3, 4)
    assert job.progress == Progress(3, 4, 6.0, 2.0)
    now[0] = 7.0
    assert job.progress == Progress(3, 4, 7.0, 1.0)
    now[0] = 60.0
    assert job.progress.left == 0.0
    assert job.simulated_seconds == 6.0


def test_a_job_that_did_nothing_took_no_time(request_of):
    """Neither share nor time of a job before its first replication is below nought."""
    job = Job(request_of(), fine)
    assert job.simulated_seconds == 0.0
    assert job.progress.share == 0.0
    assert Progress(0, 0, 1.0, None).share == 0.0


def test_ids_cannot_be_guessed(request_of):
    """Long, of letters that an address can hold, and never the same."""
    asked = request_of()
    ids = {Job(asked, fine).id for _ in range(200)}
    assert len(ids) == 200
    assert all(len(each) >= 12 and each.replace("-", "").replace("_", "").isalnum() for each in ids)


def test_the_registry_keeps_the_latest_in_their_order(request_of):
    """All jobs that are remembered, the latest last."""
    registry = Registry(kept=3)
    jobs = [over(registry.begin(request_of(), work=fine)) for _ in range(5)]
    assert registry.all() == tuple(jobs[2:])
    assert len(registry) == 3
    assert [registry.find(job.id) for job in jobs] == [None, None, *jobs[2:]]


def test_jobs_under_way_are_kept_beyond_the_limit(request_of):
    """The limit is one of memory, not of work."""
    registry = Registry(kept=2)
    jobs = [registry.begin(request_of(), work=waiting) for _ in range(4)]
    assert registry.all() == tuple(jobs)
    registry.close()
    assert {job.state for job in jobs} == {"cancelled"}


def test_a_registry_that_closes_stops_what_runs_and_leaves_what_is_done(request_of):
    """The end of the server cancels; results that are there stay."""
    registry = Registry()
    done, running = over(registry.begin(request_of(), work=fine)), registry.begin(request_of(), work=waiting)
    registry.close()
    assert (done.state, running.state) == ("done", "cancelled")
    registry.close()


def test_results_list_the_base_first():
    """Studies come in the order in which they were chosen."""
    assert Results("base", ("one", "two")).studies == ("base", "one", "two")
    assert Results("base").studies == ("base",)


@pytest.fixture
def finished(monkeypatch):
    """Simulates a request in this process, and does there what a process of its own would do: before and after."""

    def one_process(function, shared, tasks, jobs, stop):
        yield from ((index, function(shared, task)) for index, task in enumerate(tasks))

    monkeypatch.setattr(results_module, "over_processes", one_process)
    monkeypatch.setattr(results_module, "checked_studies", lambda scenarios, plan, *_: checked_studies(scenarios, plan))

    monkeypatch.setattr(results_module, "run_on", lambda *asked: run_on(*asked[:4]))

    def make(asked, made=()):
        before = simulate(asked, lambda *_: None, threading.Event(), made)
        return before, with_report(asked, before, threading.Event())

    return make


def test_a_study_of_one_scenario_has_its_engines_compared(request_of, finished):
    """Without others there is neither comparison nor report; the trust card says that both engines agree at once."""
    before, after = finished(request_of(alone=True, replications=2, jobs=1))
    assert (after.comparison, after.report) == (None, "")
    assert [(each.scenario, each.difference) for each in before.checks.twins] == [(before.base.name, "")]
    assert after is before


def test_what_others_add_is_known_with_the_figures(request_of, finished):
    """The trust card counts the weak assumptions of what is compared, and the report has the card of the screen."""
    before, after = finished(request_of(replications=2, jobs=1))
    ((name, weak),) = before.checks.added
    assert (name, len(weak)) == (before.others[0].name, 1)
    assert len(after.checks.twins) == 2
    said = unescape(after.report)
    assert all(line.found in said for line in trust_card(after.studies, checks=after.checks))


def test_a_study_that_goes_on_has_its_engines_compared_with_the_report(request_of, finished):
    """What is there already is not simulated again, so that the engines are compared afterwards."""
    first, _ = finished(request_of(replications=2, jobs=1))
    before, after = finished(request_of(replications=3, jobs=1), first.studies)
    assert before.checks.twins == ()
    assert [each.difference for each in after.checks.twins] == ["", ""]


def test_more_replications_go_on_from_the_results_in_sight(request_of, monkeypatch):
    """Of five replications where two are there three are made, and told; the figures are those of five in one go."""
    monkeypatch.setattr(results_module, "checked_studies", lambda *asked: checked_studies(*asked[:3]))
    monkeypatch.setattr(results_module, "run_on", lambda *asked: run_on(*asked[:4]))
    registry, few, many = Registry(), request_of(replications=2, jobs=1), request_of(replications=5, jobs=1)
    first = over(registry.begin(few))
    second, anew = over(registry.begin(many, first)), over(registry.begin(many))
    assert [(job.progress.done, job.progress.total) for job in (first, second, anew)] == [(4, 4), (6, 6), (10, 10)]
    for one, other in zip(second.results.studies, anew.results.studies, strict=True):
        assert (one.key, one.plan) == (other.key, other.plan)
        np.testing.assert_array_equal(one.samples["orders"], other.samples["orders"])
    again = over(registry.begin(request_of(replications=5, jobs=1, seed=7), second))
    assert again.progress.total == 10


def test_a_job_without_results_is_passed_over(request_of, monkeypatch):
    """After a study that failed the one before it, whose results are still in sight, is gone on from."""
    seen = []
    monkeypatch.setattr(
        registry_module, "simulate", lambda request, tell, stop, made: seen.append(made) or failing_now()
    )
    good = SimpleNamespace(results=Results("base", ("other",)), earlier=None, request=request_of(replications=2))
    failed = SimpleNamespace(results=None, earlier=good, request=request_of(replications=3))
    over(Registry().begin(request_of(replications=4), failed))
    over(Registry().begin(request_of(replications=2), failed))
    assert seen == [("base", "other"), ()]


def failing_now():
    """Ends a job at once."""
    raise StudyError("enough")


def test_uploads_are_called_as_the_user_calls_them(request_of, monkeypatch):
    """No result names a folder of the server; progress and the wish to stop are handed on."""
    told, stop = [], threading.Event()

    def in_this_process(scenarios, plan, tell, cancelled):
        assert cancelled is stop
        return checked_studies(scenarios, plan, tell)

    monkeypatch.setattr(results_module, "checked_studies", in_this_process)
    asked = request_of(replications=2, jobs=1)
    found = simulate(asked, lambda done, total: told.append((done, total)), stop)
    assert [study.key for study in found.studies] == ["tiny.yaml", "more.yaml"]
    assert (found.comparison.key, found.comparison.others[0].key) == ("tiny.yaml", "more.yaml")
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_report_is_put_into_the_results(request_of, monkeypatch):
    """What the process of the report returns is what can be downloaded; the figures stay the same."""
    calls = []

    def process(function, shared, tasks, jobs, stop):
        calls.append((tasks, jobs))
        yield 0, (("twins",), "<html>")

    monkeypatch.setattr(results_module, "over_processes", process)
    before = Results("base", ("other",), comparison="compared")
    after = with_report(request_of(), before, threading.Event())
    assert (after.base, after.others, after.comparison, after.report) == ("base", ("other",), "compared", "<html>")
    assert after.checks.twins == ("twins",)
    assert calls == [([None], 1)]
