"""The consultant's job and the workers are measured by the real command."""

import re
import subprocess
from pathlib import Path

import pytest
from distributed import Client

from benchmarks import job, workers
from benchmarks.timing import Cost

DESK = """
caudal: 1
name: Desk
horizon: {start: 2026-01-05, warm_up: 0 d, length: 30 d, currency: EUR}
channels: {calls: {process: call, rate: 1 /h}}
teams: {desk: {head_count: 2}}
processes:
  call:
    steps:
      answer: {kind: work, team: desk, effort: {exponential: 20 min}}
      over: {kind: end, outcome: answered}
"""


@pytest.fixture
def files(tmp_path):
    """A desk, and the same with one person more."""
    (tmp_path / "desk.yaml").write_text(DESK, encoding="utf-8")
    more = "caudal: 1\nname: More\nbased_on: desk.yaml\nteams: {desk: {head_count: 3}}\n"
    (tmp_path / "more.yaml").write_text(more, encoding="utf-8")
    return [tmp_path / "desk.yaml", tmp_path / "more.yaml"]


@pytest.mark.slow
def test_the_command_compares_and_its_workers_memory_is_counted(files):
    """One command with two workers holds over 150 MB, what the simulator takes to load; its peak is seen by looking."""
    cost = job.compare(files, 2, "--jobs", "2", *job.YEAR_ALONE)
    assert cost.seconds > 0.5
    assert cost.peak > 150_000_000


@pytest.mark.slow
def test_a_study_that_is_refused_is_no_measurement():
    """A file that is not there stops the benchmark."""
    with pytest.raises(subprocess.CalledProcessError) as refused:
        job.compare([Path("nowhere.yaml"), Path("nowhere.yaml")], 1)
    assert "nowhere.yaml" in refused.value.stderr


def test_the_table_of_jobs_says_leads_window_seconds_and_memory():
    """Bytes are shown as GiB, and the two windows are told apart."""
    asked = {job.Job(50_000, job.YEAR_ALONE): Cost(28.04, 2**30), job.Job(6_000, job.WITH_WARM_UP): Cost(3.0, 2**29)}
    assert job.shown(asked).splitlines()[2:] == [
        "| 50 000 leads a year, the year alone | 28.0 | 1.00 |",
        "| 6 000 leads a year, 65 weeks before it too | 3.0 | 0.50 |",
    ]


@pytest.mark.slow
def test_the_same_command_runs_on_a_cluster_of_one_and_of_two(files):
    """A scheduler and its workers carry out the comparison, which fails where none answers."""
    seconds = workers.on_cluster(files, 2)
    assert set(seconds) == {1, 2}
    assert min(seconds.values()) > 0.5


def test_dask_is_told_to_look_at_itself_as_seldom_as_users_are_told():
    """Each setting of the benchmark is one that the page has users export, and the other way round."""
    page = Path(workers.__file__).parents[1].joinpath("docs", "scale.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^export (DASK_(?!DISTRIBUTED__COMM)\w+)=(\w+)$", page, re.MULTILINE)) == workers.SETTINGS


@pytest.mark.slow
def test_the_settings_reach_every_process_of_the_cluster():
    """Scheduler, worker and what watches the worker look at themselves once a second; a profile is not taken."""
    asked = "__import__('dask').config.get('distributed.admin.tick.interval')"
    with workers.cluster(1) as address, Client(address, set_as_default=False) as client:
        assert client.run_on_scheduler(eval, asked) == "1s"
        assert set(client.run(eval, asked, nanny=True).values()) == {"1s"}
        (callbacks,) = client.run(lambda dask_worker: set(dask_worker.periodic_callbacks)).values()
    assert "tick" in callbacks
    assert "profile" not in callbacks


def test_two_workers_are_set_against_one():
    """Ten seconds with one and five with two are a ratio of two."""
    assert workers.shown({"here": {1: 10.0, 2: 5.0}}).splitlines()[2] == "| here | 10.0 | 5.0 | 2.00 |"


def test_the_jobs_of_a_year_have_goals():
    """Seconds of both, and gigabytes, not GiB, of the large one: 1.45 GiB are more than 1.5 GB."""
    asked = dict.fromkeys(job.JOBS_ASKED, Cost(9.0, round(1.45 * 2**30)))
    assert [line.split(" | ")[1:] for line in job.judged(asked).splitlines()[2:]] == [
        ["at most 4", "9", "missed |"],
        ["at most 30", "9", "met |"],
        ["at most 1.5", "1.56", "missed |"],
    ]


def test_two_workers_have_a_goal_wherever_they_are():
    """A ratio of 1.9 is enough, one of 1.7 is not."""
    lines = workers.judged({"here": {1: 19.0, 2: 10.0}, "there": {1: 17.0, 2: 10.0}}).splitlines()
    assert lines[2:] == ["| here, ratio | at least 1.8 | 1.9 | met |", "| there, ratio | at least 1.8 | 1.7 | missed |"]


def test_the_fastest_round_of_each_kind_of_workers_counts(monkeypatch):
    """Of two rounds, each number of workers has its own best."""
    here, there = iter([{1: 5.0, 2: 3.0}, {1: 4.0, 2: 3.5}]), iter([{1: 9.0, 2: 2.0}, {1: 10.0, 2: 1.0}])
    monkeypatch.setattr(workers, "locally", lambda files, replications: next(here))
    monkeypatch.setattr(workers, "on_cluster", lambda files, replications: next(there))
    taken = workers.measure(leads=1_000, replications=1, rounds=2)
    assert list(taken.values()) == [{1: 4.0, 2: 3.0}, {1: 9.0, 2: 1.0}]


def test_the_fastest_round_of_a_job_counts_and_its_most_memory(monkeypatch):
    """Seconds are the best of the rounds, memory the worst."""
    costs = iter([Cost(5.0, 2**28), Cost(4.0, 2**29), Cost(6.0, 2**27)])
    monkeypatch.setattr(job, "compare", lambda *_: next(costs))
    asked = job.Job(1_000, job.YEAR_ALONE)
    assert job.measure((asked,), 1, 3) == {asked: Cost(4.0, 2**29)}


def test_a_short_job_is_done_several_times_in_a_round(monkeypatch):
    """Twelve times in three rounds, for three of the long one, in turns."""
    asked = []
    monkeypatch.setattr(job, "write_study", lambda _, leads: [leads])
    monkeypatch.setattr(job, "compare", lambda files, *_: asked.append(files[0]) or Cost(1.0, 2**28))
    job.measure((job.Job(6_000, job.YEAR_ALONE), job.Job(50_000, job.YEAR_ALONE)), 1, 3)
    assert asked == [6_000, 6_000, 6_000, 6_000, 50_000] * 3
