"""How long a study will take on this machine, judged by those that it has done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from simulator.engines.choice import Engine
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import Loaded
from workbench.jobs.job import Job
from workbench.jobs.request import Request

STARTING: Final = 4.0
"""Seconds until the workers have begun."""
WRITING: Final = 4.0
"""Seconds for the report."""
SECONDS_PER_LEAD: Final[dict[Engine, float]] = {"auto": 0.00001, "compiled": 0.00001, "simpy": 0.0003}
"""Of one processor, before this machine has done a study."""


def expected_seconds(request: Request, leads: Iterable[float], per_lead: float) -> float:
    """Seconds of a study whose scenarios have so many leads in each replication."""
    work = sum(leads) * request.plan.replications * per_lead
    return STARTING + work / min(request.plan.workers, request.replications) + (WRITING if request.others else 0.0)


def expected_leads(loaded: Loaded, plan: Plan) -> float:
    """Leads of one replication, warm-up included; those of channels that state an interval are not known."""
    program = compiled(loaded, plan)
    dropped = sum(leads for each in program.demand for moment, leads, _ in each.drops if moment < program.end)
    return dropped + sum(float(each.hourly.sum()) + len(each.trace) for each in program.demand)


def seconds_per_lead(jobs: Iterable[Job], request: Request) -> float:
    """Seconds of one processor for a lead, as in the latest study of the same scenarios, otherwise of any.

    A study by the other engine tells nothing.
    """
    engine = request.plan.engine
    wanted = {chosen.loaded.digest for chosen in request.scenarios}
    found = SECONDS_PER_LEAD[engine]
    alike = False
    for job in jobs:
        if job.results is None or (job.request.plan.engine == "simpy") != (engine == "simpy"):
            continue
        same = bool(wanted & {study.digest for study in job.results.studies})
        if same or not alike:
            found, alike = _measured(job), same
    return found


def _measured(job: Job) -> float:
    assert job.results is not None  # noqa: S101 - asked before
    studies = job.results.studies
    each = job.progress.total / len(studies)  # those of an earlier study that it went on from took it no time
    leads = sum(study.estimate("leads").mean * study.end / study.length * each for study in studies)
    workers = min(job.request.plan.workers, job.request.replications)
    return (
        max(0.0, job.simulated_seconds - STARTING / 2) * workers / leads
        if leads > 0
        else SECONDS_PER_LEAD[job.request.plan.engine]
    )
