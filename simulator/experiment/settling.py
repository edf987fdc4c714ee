"""Whether KPIs settle that leave no series in a study: each is measured anew in every week of the run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from simulator.engines.choice import engine_of
from simulator.errors import StudyError
from simulator.experiment.dispatch import dispatched
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, compiled
from simulator.experiment.tasks import Cancellation
from simulator.experiment.warm_up import Settling, settling_of
from simulator.kpis.catalogue import catalogue
from simulator.kpis.measures import measure
from simulator.program.kept import kept
from simulator.program.program import Program
from simulator.records import Floats
from simulator.schema.loading import Loaded
from simulator.schema.names import no_kpi

REPLICATIONS: Final = 5
"""Replications that are measured week by week, which takes as long as fifty measured once."""
WEEK: Final = 168.0


class ByWeek(NamedTuple):
    """KPIs of one scenario week by week, from its empty start on."""

    settlings: tuple[Settling, ...]
    without: tuple[str, ...]
    """KPIs that have no value in some week after their first, so that they make no series."""


def settled_by_week(
    scenarios: Sequence[Loaded], plan: Plan, kpis: Sequence[str], progress: Progress = None,
    cancelled: Cancellation = None,
) -> list[ByWeek]:  # fmt: skip
    """Each KPI of each scenario in every full week, as if the week alone were measured, averaged over replications.

    Runs are as long as with the warm-up that they have, and nothing is left out. Weeks before the first value, as of
    cash before anyone can have paid, are left out of the series and count for the warm-up. A KPI of what became of
    those who came, such as a conversion, sees only what became of them within the week. Raises StudyError for an
    unknown KPI.
    """
    programs = tuple(_from_empty(each) for each in known_by(scenarios, plan, kpis))
    replications = min(plan.replications, REPLICATIONS)
    tasks = [_Task(p, r) for p in range(len(programs)) for r in range(replications)]
    weekly: list[Floats] = [np.zeros(0)] * len(tasks)
    with closing(dispatched(_measured, (programs, plan, tuple(kpis)), tasks, plan, cancelled)) as outcomes:
        for done, (index, seen) in enumerate(outcomes, start=1):
            weekly[index] = seen
            if progress is not None:
                progress(done, len(tasks))
    return [_by_week(kpis, np.array(weekly[p * replications : (p + 1) * replications])) for p in range(len(programs))]


def known_by(scenarios: Sequence[Loaded], plan: Plan, kpis: Sequence[str]) -> list[Program]:
    """The programs of scenarios that all have these KPIs; raises StudyError for a KPI that one of them has not."""
    programs = [compiled(loaded, plan) for loaded in scenarios]
    for known in map(catalogue, programs):
        for kpi in kpis:
            if kpi not in known:
                raise StudyError(no_kpi(kpi, known))
    return programs


class _Task(NamedTuple):
    program: int
    replication: int


def _from_empty(program: Program) -> Program:
    return replace(program, warm_up=0.0)


def _measured(shared: tuple[tuple[Program, ...], Plan, tuple[str, ...]], task: _Task) -> Floats:
    """KPIs of one replication by week, array of shape (KPIs, weeks)."""
    programs, plan, kpis = shared
    program = programs[task.program]
    records = engine_of(plan.engine, traced=False)(program, plan.seed, task.replication)
    rows = [measure(week, records).kpis for week in _weeks(program)]
    return np.array([[row.get(kpi, np.nan) for row in rows] for kpi in kpis])


@kept
def _weeks(program: Program) -> list[Program]:
    """The program measured in each of its weeks, with what each week knows from one replication to the next."""
    return [replace(program, warm_up=WEEK * w, end=WEEK * (w + 1)) for w in range(int(program.end // WEEK))]


def _by_week(kpis: Sequence[str], samples: Floats) -> ByWeek:
    """From samples of shape (replications, KPIs, weeks)."""
    counts = (~np.isnan(samples)).sum(axis=0)
    means = np.nansum(samples, axis=0) / np.where(counts, counts, 1)
    settlings, without = [], []
    for kpi, series, defined in zip(kpis, means, counts > 0, strict=True):
        first = int(np.argmax(defined)) if defined.any() else 0
        if defined.any() and defined[first:].all():
            settlings.append(settling_of(kpi, series[first:], WEEK * first))
        else:
            without.append(kpi)
    return ByWeek(tuple(settlings), tuple(without))
