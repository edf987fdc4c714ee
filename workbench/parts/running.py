"""A study under way: start it, see how far it is, cancel it, and hear how it ended."""

from __future__ import annotations

import streamlit as st

from simulator.engines.warm import is_cold
from simulator.experiment.plan import Plan
from simulator.schema.loading import Loaded
from workbench.cli.progress import spoken_seconds
from workbench.jobs.job import Job
from workbench.jobs.pace import expected_leads, expected_seconds, seconds_per_lead
from workbench.jobs.request import Request
from workbench.parts.failures import told
from workbench.parts.prose import bullets
from workbench.session import begin, forgotten, registry

_SEEN = "state of the job when the screen was drawn"


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
    if job is None:
        return
    st.session_state[_SEEN] = job.state
    if job.active:
        _watch(job.id)
    elif job.state == "cancelled":
        text = "Cancelled after {done} of {total} replications. Nothing of it is kept."
        st.info(text.format(done=job.progress.done, total=job.progress.total))
    elif job.state == "failed":
        st.error(bullets(job.problem.splitlines()))
    elif job.problem:
        st.warning(
            "The figures are complete, but the report could not be written. " + bullets(job.problem.splitlines())
        )


@st.fragment(run_every=0.5)
def _watch(job_id: str) -> None:
    with told():
        job = registry().find(job_id)
        if job is None or job.state != st.session_state.get(_SEEN):
            st.rerun()
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.progress(min(1.0, job.progress.share), text=_words(job))
            if st.button("Cancel", disabled=job.cancelling, key="cancel", on_click=job.cancel):
                st.toast("Cancelling…")


def _words(job: Job) -> str:
    if job.cancelling:
        return "Cancelling…"
    if job.state == "writing":
        then = " and the report is written" if job.request.others else ""
        return f"The figures are ready. The engines are compared{then}."
    progress = job.progress
    if progress.left is None:
        if job.request.plan.engine != "simpy" and is_cold():
            return "Compiling the engine, which takes one or two minutes, once for each version…"
        return "Starting the worker processes…"
    text = "{done} of {total} replications, about {left} left"
    return text.format(done=progress.done, total=progress.total, left=spoken_seconds(max(1, round(progress.left))))


def _expected(request: Request) -> str:
    leads = [leads_of(chosen.loaded, request.plan) for chosen in request.scenarios]
    seconds = expected_seconds(request, leads, seconds_per_lead(registry().all(), request))
    return spoken_seconds(max(10, 5 * round(seconds / 5)))


def leads_of(loaded: Loaded, plan: Plan) -> float:
    """Leads expected in a replication of a scenario, counted once."""
    return _leads(loaded.digest, loaded, plan)


# What begins with an underscore is no part of what the answer is kept under.
@st.cache_data(show_spinner=False, max_entries=256)
def _leads(digest: str, _loaded: Loaded, plan: Plan) -> float:  # noqa: ARG001 - what the answer is kept under
    return expected_leads(_loaded, plan)
