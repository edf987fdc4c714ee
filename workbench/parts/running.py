"""A study under way: start it, see how far it is, cancel it, and hear how it ended."""

from __future__ import annotations

import streamlit as st

from simulator.engines.warm import is_cold
from simulator.experiment.plan import Plan
from simulator.schema.loading import Loaded
from workbench.cli.progress import spoken_seconds
from workbench.jobs.background import UNDER_WAY, Background
from workbench.jobs.job import Job
from workbench.jobs.pace import expected_leads, expected_seconds, seconds_per_lead
from workbench.jobs.request import Request
from workbench.jobs.study_job import StudyJob
from workbench.parts.failures import told
from workbench.parts.prose import bullets
from workbench.session import begin, forgotten, registry


def run_button(request: Request, job: Job | None) -> None:
    """The button that starts a study, with the time that it will take."""
    busy = job is not None and job.active
    with st.container(horizontal=True, vertical_alignment="center"):
        words = "Run and compare" if request.others else "Run"
        if st.button(words, type="primary", disabled=busy, icon=":material/play_arrow:", key="run"):
            begin(request)
            st.rerun()
        text = "{replications} replications, about {time} on this machine."
        st.caption(text.format(replications=request.replications, time=_expected(request)))


def how_it_stands(job: Job | None) -> None:
    """Progress of a job under way with its Cancel, or how the last one ended where that was not well."""
    if forgotten():
        st.info("The study that this address belongs to is no longer kept here: run it again.")
    progress = None if job is None else job.progress
    after = "" if progress is None else f" after {progress.done} of {progress.total} replications"
    _stands(job, after, "The figures are complete, but the report could not be written. ")


def how_the_study_stands(job: StudyJob | None) -> None:
    """The same of a declared study."""
    _stands(job, "", "All is there but what could not be carried out: ")


def _stands(job: Background | None, after: str, lacking: str) -> None:
    """Progress, or the end: cancelled ``after`` so much, failed, or done with something ``lacking``."""
    if job is None:
        return
    state = job.state  # read once: it may change meanwhile
    if state in UNDER_WAY:
        _watch(job.id, state)
    elif state == "cancelled":
        st.info(f"Cancelled{after}. Nothing of it is kept.")
    elif state == "failed":
        st.error(bullets(job.problem.splitlines()))
    elif job.problem:
        st.warning(lacking + bullets(job.problem.splitlines()))


@st.fragment(run_every=0.5)
def _watch(job_id: str, seen: str) -> None:
    with told():
        job = registry().find(job_id)
        if job is None or job.state != seen:
            st.rerun()
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.progress(min(1.0, job.progress.share), text=_words(job))
            if st.button("Cancel", disabled=job.cancelling, key="cancel", on_click=job.cancel):
                st.toast("Cancelling…")


def _words(job: Background) -> str:
    if job.cancelling:
        return "Cancelling…"
    if isinstance(job, StudyJob):
        return _stage(job)
    assert isinstance(job, Job)  # noqa: S101 - there is no third kind
    if job.state == "writing":
        return f"The figures are ready. The {'report is written' if job.request.others else 'engines are compared'}."
    if job.progress.left is None and is_cold():
        return "Compiling the engine, which takes one or two minutes, once for each version…"
    return "Starting the worker processes…" if job.progress.left is None else _so_far(job, "replications")


def _stage(job: StudyJob) -> str:
    if job.state == "writing":
        return "The figures are ready. The report is written."
    if job.progress.left is None:
        return f"{job.stage[:1].upper()}{job.stage[1:]}…" if job.stage else "Starting…"
    return _so_far(job, job.stage)


def _so_far(job: Background, what: str) -> str:
    progress = job.progress
    left = spoken_seconds(max(1, round(progress.left or 0)))
    return f"{progress.done} of {progress.total} {what}, about {left} left"


def _expected(request: Request) -> str:
    leads = [leads_of(chosen.loaded, request.plan) for chosen in request.scenarios]
    before = [job for job in registry().all() if isinstance(job, Job)]
    seconds = expected_seconds(request, leads, seconds_per_lead(before, request))
    return spoken_seconds(max(10, 5 * round(seconds / 5)))


def leads_of(loaded: Loaded, plan: Plan) -> float:
    """Leads expected in a replication of a scenario, counted once."""
    return _leads(loaded.digest, loaded, plan)


# What begins with an underscore is no part of what the answer is kept under.
@st.cache_data(show_spinner=False, max_entries=256)
def _leads(digest: str, _loaded: Loaded, plan: Plan) -> float:  # noqa: ARG001 - what the answer is kept under
    return expected_leads(_loaded, plan)
