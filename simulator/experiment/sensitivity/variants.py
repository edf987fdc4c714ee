"""Many variants of one scenario over the same workers: each is read, compiled and replicated where it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import numpy as np

from simulator.engines.choice import engine_of
from simulator.errors import ScenarioError, StudyError
from simulator.experiment.dispatch import dispatched
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, compiled
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi, catalogue
from simulator.kpis.measures import Measures, measure
from simulator.records import Floats
from simulator.schema.loading import Loaded, load_changed
from simulator.schema.names import no_kpi

Changes = Mapping[str, object]
"""Dotted paths and what stands there in a variant; none for the scenario as it is."""


Finding = Callable[[Loaded, Plan, Measures], Any]
"""What else is to be found out about a scenario, once its first replication is measured."""


class Base(NamedTuple):
    """The scenario as it is, among its variants."""

    values: Floats
    """Array of shape (KPIs, replications)."""
    measured: list[Measures]
    """Everything that was measured, by replication."""
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
    then: Finding | None


def catalogued(loaded: Loaded, plan: Plan, kpis: Sequence[str]) -> list[Kpi]:
    """KPIs of a scenario by name; raises StudyError for one that it does not have."""
    known = catalogue(compiled(loaded, plan))
    for name in kpis:
        if name not in known:
            raise StudyError(no_kpi(name, known))
    return [known[name] for name in kpis]


def sampled(
    loaded: Loaded, variants: Sequence[Changes], plan: Plan, kpis: Sequence[str],
    progress: Progress = None, cancelled: Cancellation = None, then: Finding | None = None,
) -> Sampled:  # fmt: skip
    """Replicate variants of a scenario with the same luck: replication i of one pairs with that of another.

    Only the KPIs asked for are kept or, with ``then``, of the scenario as it is everything that is measured. A
    cancellation raises ``Cancelled`` within two seconds where there are workers.
    """
    base = None
    values = np.full((len(variants), len(kpis), plan.replications), np.nan)
    refused: dict[int, str] = {}
    shared = _Shared(loaded, plan, tuple(kpis), then)
    with closing(dispatched(_replicate, shared, variants, plan, cancelled)) as outcomes:
        for done, (index, result) in enumerate(outcomes, start=1):
            if isinstance(result, str):
                refused[index] = result
            elif isinstance(result, Base):
                base, values[index] = result, result.values
            else:
                values[index] = result
            if progress is not None:
                progress(done, len(variants))
    return Sampled(values, dict(sorted(refused.items())), base)


def _replicate(shared: _Shared, changes: Changes) -> Floats | Base | str:
    """KPIs by replication, or why there are none; an error with its problems would not travel between processes."""
    loaded, plan = shared.loaded, shared.plan
    try:
        program = compiled(load_changed(loaded, changes), plan)
    except ScenarioError as error:
        return str(error)
    simulate = engine_of(plan.engine, traced=False)
    measured = [measure(program, simulate(program, plan.seed, r)) for r in range(plan.replications)]
    values = np.array([[each.kpis.get(kpi, np.nan) for each in measured] for kpi in shared.kpis])
    if changes or shared.then is None:
        return values
    return Base(values, measured, shared.then(loaded, plan, measured[0]))
