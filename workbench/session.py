"""What one visitor has: uploaded scenarios, the job under way, the results that are looked at."""

from __future__ import annotations

from typing import Final

import streamlit as st

from simulator.experiment import fork_server
from simulator.experiment.plan import Plan
from workbench.jobs.job import Job
from workbench.jobs.registry import Registry
from workbench.jobs.request import Request
from workbench.jobs.study_job import StudyJob
from workbench.shelf import Title, titles
from workbench.uploads import Uploads

JOB: Final = "job"
"""Name of the job's id in the address of the page."""
STUDY_JOB: Final = "study_job"
"""The same for a declared study."""
BASE, OTHERS, REPLICATIONS, SEED = "base", "others", "replications", "seed"
WARM_UP, LENGTH, ENGINE = "warm_up_days", "length_days", "engine"
_UPLOADS: Final = "uploads"


@st.cache_resource(show_spinner=False)
def registry() -> Registry:
    """The jobs of this server, whose workers begin to get ready."""
    fork_server.begin(Plan())
    return Registry()


def uploads() -> Uploads:
    """The files that the visitor brought."""
    if _UPLOADS not in st.session_state:
        st.session_state[_UPLOADS] = Uploads()
    found: Uploads = st.session_state[_UPLOADS]
    return found


def offered() -> dict[str, Title]:
    """All scenarios that the visitor can pick."""
    return titles(uploads().loaded)


def begin(request: Request) -> None:
    """Start a study in the background; the results that are shown stay until it is done."""
    remember(registry().begin(request, current_job()))


def remember(job: Job) -> None:
    """Make a job the visitor's own, also for the time after a reload of the page."""
    st.session_state[JOB] = job.id
    st.query_params[JOB] = job.id


def current_job() -> Job | None:
    """The visitor's latest job; a page that was reloaded finds it by the id in its address."""
    own = st.session_state.get(JOB)
    wanted = own or st.query_params.get(JOB)
    job = registry().find(wanted) if wanted else None
    if not isinstance(job, Job):
        st.session_state.pop(JOB, None)
        return None
    if own is None:
        _restore(job)
    if st.query_params.get(JOB) != job.id:
        remember(job)  # links between screens drop the query string
    return job


def begin_study(job: StudyJob) -> None:
    """Carry a declared study out in the background, and make it the visitor's own."""
    st.session_state[STUDY_JOB] = registry().add(job).id


def current_study() -> StudyJob | None:
    """The declared study that the visitor began last; a page that was reloaded finds it by the id in its address."""
    wanted = st.session_state.get(STUDY_JOB) or st.query_params.get(STUDY_JOB)
    job = registry().find(wanted) if wanted else None
    if not isinstance(job, StudyJob):
        return None
    st.session_state[STUDY_JOB] = job.id
    if st.query_params.get(STUDY_JOB) != job.id:
        st.query_params[STUDY_JOB] = job.id
    return job


def forgotten() -> bool:
    """Whether the address names a job that this server does not know."""
    return JOB in st.query_params and current_job() is None


def results_job(job: Job | None) -> Job | None:
    """The job whose results are to be shown: the latest that has any."""
    return job if job is None or job.results is not None else job.earlier


def _restore(job: Job) -> None:
    """What was chosen for a job, chosen again."""
    request = job.request
    st.session_state[JOB] = job.id
    for kept in request.keeps:
        if isinstance(kept, Uploads):
            st.session_state[_UPLOADS] = kept
    chosen = {
        BASE: request.base.key,
        OTHERS: [other.key for other in request.others],
        REPLICATIONS: request.plan.replications,
        SEED: request.plan.seed,
        ENGINE: request.plan.engine,
        WARM_UP: None if request.plan.warm_up is None else request.plan.warm_up / 24,
        LENGTH: None if request.plan.length is None else request.plan.length / 24,
    }
    st.session_state.update(chosen)
