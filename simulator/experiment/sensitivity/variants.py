"""Many variants of one scenario over the same workers: blocks of replications, each read and compiled where it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import numpy as np

from simulator.engines.choice import engine_of
from simulator.errors import ScenarioError, StudyError
from simulator.experiment.blocks import blocks, while_wanted
from simulator.experiment.dispatch import dispatched
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Finding, Progress, Tally, compiled
from simulator.experiment.study import Study
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi, catalogue
from simulator.kpis.measures import Measures, measure
from simulator.records import Floats
from simulator.schema.loading import Loaded, load_changed
from simulator.schema.names import no_kpi

Changes = Mapping[str, object]
"""Dotted paths and what stands there in a variant; none for the scenario as it is."""


class Base(NamedTuple):
    """The scenario as it is, among its variants."""

    study: Study
    found: Any
    """What was found out besides."""


class Sampled(NamedTuple):
    """KPIs of variants over common replications."""

    values: Floats
    """Array of shape (variants, KPIs, replications); NaN where undefined, and for a variant that was refused."""
    refused: dict[int, str]
    """Why a variant is no valid scenario, by its number."""
    base: Base | None = None
    """The variant without changes, where there was more to find out about it."""


class _Shared(NamedTuple):
    """What the variants have in common."""

    loaded: Loaded
    plan: Plan
    kpis: tuple[str, ...]
    then: Finding[Any] | None


class _Task(NamedTuple):
    """Some replications of a variant."""

    variant: int
    changes: Changes
    block: range


class _Block(NamedTuple):
    """What came of them."""

    values: Floats
    """Array of shape (KPIs, replications)."""
    measured: tuple[Measures, ...] = ()
    """Everything, of the scenario as it is where there is more to find out about it."""
    found: Any = None


def catalogued(loaded: Loaded, plan: Plan, kpis: Sequence[str]) -> list[Kpi]:
    """KPIs of a scenario by name; raises StudyError for one that it does not have."""
    known = catalogue(compiled(loaded, plan))
    for name in kpis:
        if name not in known:
            raise StudyError(no_kpi(name, known))
    return [known[name] for name in kpis]


def sampled(
    loaded: Loaded, variants: Sequence[Changes], plan: Plan, kpis: Sequence[str],
    progress: Progress = None, cancelled: Cancellation = None, then: Finding[Any] | None = None,
) -> Sampled:  # fmt: skip
    """Replicate variants of a scenario with the same luck: replication i of one pairs with that of another.

    Only the KPIs asked for are kept or, with ``then``, of the scenario as it is its study. ``progress`` is told the
    replications of all variants. A cancellation raises ``Cancelled`` within two seconds where there are workers.
    """
    values = np.full((len(variants), len(kpis), plan.replications), np.nan)
    refused: dict[int, str] = {}
    base = None if then is None else _Base(loaded, plan)
    shared = _Shared(loaded, plan, tuple(kpis), then)
    tasks = [_Task(v, changes, block) for v, changes in enumerate(variants) for block in blocks(0, plan.replications)]
    done = 0
    with closing(dispatched(_replicate, shared, tasks, plan, cancelled)) as outcomes:
        for index, result in outcomes:
            variant, _, block = tasks[index]
            if isinstance(result, str):
                refused[variant] = result
            else:
                values[variant, :, block.start : block.stop] = result.values
                if base is not None and result.measured:
                    base.add(block, result)
            done += len(block)
            if progress is not None:
                progress(done, len(variants) * plan.replications)
    return Sampled(values, dict(sorted(refused.items())), None if base is None or 0 in refused else base.whole())


class _Base:
    """Gathers what there is to know of the scenario as it is."""

    def __init__(self, loaded: Loaded, plan: Plan) -> None:
        self.loaded, self.plan = loaded, plan
        self.tally = Tally(compiled(loaded, plan), plan.replications)
        self.found: Any = None

    def add(self, block: range, result: _Block) -> None:
        for replication, measures in zip(block, result.measured, strict=True):
            self.tally.add(replication, measures)
        if block.start == 0:
            self.found = result.found

    def whole(self) -> Base:
        return Base(self.tally.study(self.loaded, self.plan), self.found)


def _replicate(shared: _Shared, task: _Task) -> _Block | str:
    """KPIs by replication, or why there are none; an error with its problems would not travel between processes."""
    loaded, plan = shared.loaded, shared.plan
    try:
        program = compiled(load_changed(loaded, task.changes), plan)
    except ScenarioError as error:
        return str(error)
    simulate, whole = engine_of(plan.engine, traced=False), shared.then is not None and not task.changes
    rows, measured = [], []
    for replication in while_wanted(task.block):
        measures = measure(program, simulate(program, plan.seed, replication))
        rows.append([measures.kpis.get(kpi, np.nan) for kpi in shared.kpis])
        if whole:
            measured.append(measures)
    values = np.array(rows).T
    if shared.then is None or not whole:
        return _Block(values)
    found = shared.then(loaded, plan, program)(measured[0]) if task.block.start == 0 else None
    return _Block(values, tuple(measured), found)
