"""Declared studies in the background."""

import time

import pytest

from workbench.jobs.registry import Registry
from workbench.jobs.study_job import StudyJob
from workbench.study_files import Questions, StudyFolder, declaration
from workbench.study_results import HOME, read_results


@pytest.fixture
def job_of(uploads, tmp_path, monkeypatch):
    """Makes studies of the toy firm that write below a folder of the test."""
    monkeypatch.setenv(HOME, str(tmp_path / "results"))

    def make(text=None, replications=8, **asked):
        folder = StudyFolder(uploads)
        said = text or declaration("Toy", uploads.loaded, ("orders",), replications, Questions(**asked)).encode()
        return StudyJob(folder.read(said, "Toy"), "Toy", (folder,))

    return make


@pytest.mark.slow
def test_a_study_leaves_its_folder_and_told_its_stages(job_of):
    """Trust card, comparison and what was asked, as the command line writes them."""
    job, stages = Registry().add(job_of(clogs=True)), set()
    while job.active:
        stages.add(job.stage)
        time.sleep(0.005)
    assert (job.state, job.problem) == ("done", "")
    shown = read_results(job.folder)
    assert shown.study == "Toy"
    assert shown.trust
    assert {"replications", "replications for the bottlenecks"} <= stages
    assert (job.folder / "report.html").stat().st_size > 10_000


@pytest.mark.slow
def test_a_study_that_is_cancelled_leaves_nothing(job_of, tmp_path):
    """Neither results nor half of them."""
    job = Registry().add(job_of(replications=1000))
    limit = time.monotonic() + 60
    while not job.progress.done and time.monotonic() < limit:
        time.sleep(0.02)
    job.cancel()
    job.join(20)
    assert job.state == "cancelled"
    assert job.folder is None
    assert not list(tmp_path.rglob("study.json"))


@pytest.mark.slow
def test_two_studies_of_one_name_keep_each_its_results(job_of):
    """Begun at once, they end in two folders."""
    registry = Registry()
    jobs = [registry.add(job_of()) for _ in range(2)]
    for job in jobs:
        job.join(240)
    assert {job.folder.name for job in jobs} == {"toy", "toy-2"}
