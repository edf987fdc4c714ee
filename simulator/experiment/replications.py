"""Replications of scenarios over processes or a cluster: same seed, same result, whatever the number of workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any, NamedTuple, TypeVar

import numpy as np

from simulator.engines.choice import Engine, engine_of
from simulator.errors import StudyError
from simulator.experiment.blocks import blocks
from simulator.experiment.comparison import import_statistics
from simulator.experiment.dispatch import dispatched
from simulator.experiment.plan import Plan, with_horizon
from simulator.experiment.study import Study
from simulator.experiment.tasks import Cancellation
from simulator.experiment.warnings import growth_of
from simulator.kpis.catalogue import Kpi, catalogue
from simulator.kpis.measures import Measures, Pictures, measure
from simulator.program.compiler import compile_scenario
from simulator.program.program import Program
from simulator.schema.loading import Loaded
from simulator.schema.shipped import shipped

Progress = Callable[[int, int], None] | None
"""Told the number of replications done and of all."""
Found = TypeVar("Found")
Finding = Callable[[Loaded, Plan, Program], Callable[[Measures], Found]]
"""Made of a scenario and its program: what is found out besides, where its first replication was made."""


class _Task(NamedTuple):
    """One replication of one of the programs."""

    program: int
    seed: int
    replication: int
    engine: Engine
    then: Callable[[Measures], Any] | None = None
    """What the worker finds out besides."""


def run(loaded: Loaded, plan: Plan, progress: Progress = None, cancelled: Cancellation = None) -> Study:
    """Replicate one scenario.

    With one worker and no way to cancel, everything happens in this process; otherwise in worker processes or, where
    the plan names one, on a cluster, so that a cancellation takes effect within two seconds. Raises ``Cancelled`` then,
    and ``StudyError`` where workers keep dying or the cluster is lost.
    """
    return run_all([loaded], plan, progress, cancelled)[0]


def run_all(
    scenarios: Sequence[Loaded], plan: Plan, progress: Progress = None, cancelled: Cancellation = None
) -> list[Study]:
    """Replicate several scenarios over the same workers; replication i of one pairs with that of another."""
    return run_and_find(scenarios, plan, None, progress, cancelled)[0]


def run_and_find(
    scenarios: Sequence[Loaded], plan: Plan, then: Finding[Found] | None,
    progress: Progress = None, cancelled: Cancellation = None,
) -> tuple[list[Study], list[Found]]:  # fmt: skip
    """The same and, of each scenario, what ``then`` finds out where its first replication was made."""
    if not scenarios:
        raise StudyError("there is no scenario to run")
    programs = tuple(compiled(loaded, plan) for loaded in scenarios)
    tallies = [Tally(program, plan.replications) for program in programs]
    tasks = [
        _Task(p, plan.seed, r, plan.engine, None if r or then is None else then(loaded, plan, programs[p]))
        for block in blocks(0, plan.replications, plan.workers)
        for p, loaded in enumerate(scenarios)  # soon after each other: a worker draws the leads of a replication once
        for r in block
    ]
    found: dict[int, Found] = {}
    import_statistics(several=len(scenarios) > 1)
    with closing(dispatched(_carry_out, programs, tasks, plan, cancelled)) as outcomes:
        for done, (index, (measures, more)) in enumerate(outcomes, start=1):
            task = tasks[index]
            tallies[task.program].add(task.replication, measures)
            if task.then is not None:
                found[task.program] = more
            if progress is not None:
                progress(done, len(tasks))
    studies = [tally.study(loaded, plan) for tally, loaded in zip(tallies, scenarios, strict=True)]
    return studies, [found[program] for program in sorted(found)]


def compiled(loaded: Loaded, plan: Plan) -> Program:
    """The program of a scenario over the horizon that the plan states."""
    return compile_scenario(with_horizon(loaded.scenario, plan), loaded.folder, loaded.digest)


def key_of(loaded: Loaded) -> str:
    """Shipped name of a scenario or, for any other, its path."""
    return next((name for name, path in shipped().items() if path == loaded.path), str(loaded.path))


def _replicate(programs: tuple[Program, ...], task: _Task) -> Measures:
    program = programs[task.program]
    return measure(program, engine_of(task.engine, traced=False)(program, task.seed, task.replication))


def _carry_out(programs: tuple[Program, ...], task: _Task) -> tuple[Measures, Any]:
    measures = _replicate(programs, task)
    return measures, None if task.then is None else task.then(measures)


class Tally:
    """Gathers the replications of one scenario in their own order, so that sums do not depend on who was faster."""

    def __init__(self, program: Program, replications: int) -> None:
        self.program = program
        self.catalogue: dict[str, Kpi] = catalogue(program)
        self.samples = {kpi: np.full(replications, np.nan) for kpi in self.catalogue}
        self.growth = np.full((replications, len(program.names.teams)), np.nan)
        self.early: dict[int, Pictures] = {}
        self.next = 0
        self.means: _Means | None = None

    def add(self, replication: int, measures: Measures) -> None:
        """Take in the measures of a replication, in whatever order they come."""
        for kpi, value in measures.kpis.items():
            self.samples[kpi][replication] = value
        self.growth[replication] = growth_of(measures.pictures.queue)
        self.early[replication] = measures.pictures
        while self.next in self.early:
            pictures = self.early.pop(self.next)
            self.means = self.means or _Means(pictures)
            self.means.add(pictures)
            self.next += 1

    def study(self, loaded: Loaded, plan: Plan) -> Study:
        """The study, once every replication has been added."""
        program = self.program
        assert self.means is not None  # noqa: S101 - a plan has at least one replication
        for sample in self.samples.values():
            sample.flags.writeable = False
        return Study(
            name=program.name, key=key_of(loaded), digest=program.digest, plan=plan, currency=program.currency,
            start=program.start, warm_up=program.warm_up, end=program.end, names=program.names,
            catalogue=self.catalogue, samples=self.samples, pictures=self.means.pictures(), growth=self.growth,
        )  # fmt: skip


class _Means:
    """Means of the arrays of pictures over the replications in which each value is defined."""

    def __init__(self, first: Pictures) -> None:
        self.sums = [np.zeros(np.shape(values)) for values in first]
        self.counts = [np.zeros(np.shape(values), dtype=np.int64) for values in first]

    def add(self, pictures: Pictures) -> None:
        for index, values in enumerate(pictures):
            defined = ~np.isnan(values)
            self.sums[index] += np.where(defined, values, 0.0)
            self.counts[index] += defined

    def pictures(self) -> Pictures:
        with np.errstate(invalid="ignore"):
            return Pictures(*(total / count for total, count in zip(self.sums, self.counts, strict=True)))
