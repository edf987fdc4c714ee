"""One assumption at a time over its evidence, and how far a figure swings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.comparison import contrasted, holm, import_statistics, verdict_of
from simulator.experiment.intervals import Estimate, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Finding, Progress
from simulator.experiment.sensitivity.parameters import Parameter, parameters_of, refuse_none
from simulator.experiment.sensitivity.variants import Base, Changes, catalogued, sampled
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi
from simulator.records import Floats
from simulator.schema.loading import Loaded
from simulator.schema.scenario import Scenario


@dataclass(frozen=True)
class Bar:
    """What one parameter does to a KPI between the ends of its evidence."""

    parameter: Parameter
    low: Estimate
    """Difference from the base with the parameter at its low end, with the interval of the paired replications."""
    high: Estimate
    """The same at its high end."""
    swing: Estimate
    """From the low end to the high end."""
    p_adjusted: float
    """Of the swing, adjusted over the bars of all KPIs asked for by Holm's method; NaN with a single replication."""

    @property
    def span(self) -> float:
        """How far the KPI moves between low end, base and high end."""
        ends = (0.0, self.low.mean, self.high.mean)
        return max(ends) - min(ends)


@dataclass(frozen=True)
class Tornado:
    """The bars of one KPI, the longest first."""

    scenario: str
    kpi: Kpi
    base: Estimate
    bars: tuple[Bar, ...]
    left_out: dict[str, str]
    """Parameters of which an end makes no valid scenario or leaves the KPI undefined, and why."""
    replications: int
    tests: int
    """Bars of all KPIs, over which p-values are adjusted."""

    def verdict(self, bar: Bar) -> str:
        """The high end beside the low one: better, worse or not distinguishable; without a better side more or less."""
        if self.kpi.better != "neither":
            return verdict_of(bar.swing.mean, bar.p_adjusted, self.kpi.better)
        told = verdict_of(bar.swing.mean, bar.p_adjusted, "higher")
        return {"better": "more", "worse": "less"}.get(told, told)


def tornado(
    loaded: Loaded, plan: Plan, kpis: Sequence[str], parameters: Sequence[Parameter] | None = None,
    progress: Progress = None, cancelled: Cancellation = None,
) -> list[Tornado]:  # fmt: skip
    """One tornado for each KPI: every parameter at both ends of its range, all others as they are.

    All variants share their replications, so each difference is paired (``comparison.contrasted``). Without parameters
    it moves every number whose evidence has a range. Eschenbach, Interfaces 22 (1992), 40-46 (tornado diagrams); Law,
    *Simulation Modeling and Analysis*, 5th edition (2015), section 11.2 (common random numbers). Raises StudyError
    where there is nothing to move or no parameter can be.
    """
    return tornado_and_base(loaded, plan, kpis, None, parameters, progress, cancelled)[0]


def tornado_and_base(
    loaded: Loaded, plan: Plan, kpis: Sequence[str], then: Finding[Any] | None,
    parameters: Sequence[Parameter] | None = None, progress: Progress = None, cancelled: Cancellation = None,
) -> tuple[list[Tornado], Base | None]:  # fmt: skip
    """The same and, with ``then``, all that was measured and found out of the scenario as it is."""
    moved = list(parameters_of(loaded).values() if parameters is None else parameters)
    refuse_none(moved)
    catalogue = catalogued(loaded, plan, kpis)
    import_statistics()
    variants: list[Changes] = [{}, *(each.changes(end) for each in moved for end in (each.low, each.high))]
    found = sampled(loaded, variants, plan, kpis, progress, cancelled, then)
    if 0 in found.refused:
        raise StudyError(found.refused[0])
    refused = {
        each.path: found.refused.get(1 + 2 * i) or found.refused[2 + 2 * i]
        for i, each in enumerate(moved)
        if found.refused.keys() & {1 + 2 * i, 2 + 2 * i}
    }
    if len(refused) == len(moved):
        raise StudyError(f"no parameter can be moved to both its ends: {next(iter(refused.values()))}")
    each = [_tornado(loaded.scenario, kpi, moved, found.values[:, k], refused, plan) for k, kpi in enumerate(catalogue)]
    return _adjusted(each), found.base


def _adjusted(found: Sequence[Tornado]) -> list[Tornado]:
    """The same with p-values that count the bars of all KPIs, as a comparison counts all its figures."""
    p_values = [bar.p_adjusted for each in found for bar in each.bars]
    adjusted = iter(holm(np.array(p_values)).tolist() if p_values else ())
    return [
        replace(each, bars=tuple(replace(bar, p_adjusted=next(adjusted)) for bar in each.bars), tests=len(p_values))
        for each in found
    ]


def most_telling(
    loaded: Loaded, plan: Plan, kpis: Sequence[str], most: int,
    progress: Progress = None, cancelled: Cancellation = None,
) -> list[Parameter]:  # fmt: skip
    """The parameters with the longest bars in a single replication of all, the best place among the KPIs counting.

    It has a seed of its own: were it one of those measured afterwards, the chosen bars would look longer than they are.
    """
    luck = replace(plan, replications=1, seed=plan.seed ^ 1)
    places: dict[str, int] = {}
    for each in tornado(loaded, luck, kpis, None, progress, cancelled):
        for place, bar in enumerate(each.bars):
            path = bar.parameter.path
            places[path] = min(place, places.get(path, place))
    known = parameters_of(loaded)
    return [known[path] for path in sorted(places, key=places.__getitem__)[:most]]


def _tornado(
    scenario: Scenario, kpi: Kpi, moved: Sequence[Parameter], values: Floats, refused: dict[str, str], plan: Plan
) -> Tornado:
    """The bars of one KPI from its values, of shape (variants, replications); p-values are not adjusted yet."""
    base, left_out = values[0], dict(refused)
    ends = []
    for each, low, high in zip(moved, values[1::2], values[2::2], strict=True):
        if each.path not in refused and (np.isnan(low).all() or np.isnan(high).all() or np.isnan(base).all()):
            left_out[each.path] = f"{kpi.label} is not defined there"
        if each.path not in left_out:
            ends.append((each, low, high))
    currency = scenario.horizon.currency
    bars = [
        Bar(each, contrasted(base, low, kpi, currency)[0], contrasted(base, high, kpi, currency)[0],
            *contrasted(low, high, kpi, currency))
        for each, low, high in ends
    ]  # fmt: skip
    bars.sort(key=lambda bar: -bar.span)
    return Tornado(
        scenario.name, kpi, t_interval(base, unit=kpi.unit), tuple(bars), left_out, plan.replications, len(bars)
    )
