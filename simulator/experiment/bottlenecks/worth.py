"""What a lever is worth in a KPI: a paired difference, what it costs, and a verdict in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.bottlenecks.levers import Lever
from simulator.experiment.bottlenecks.newcomers import standing_costs
from simulator.experiment.bottlenecks.stages import Stages
from simulator.experiment.comparison import LEVEL, contrasted, holm
from simulator.experiment.intervals import Estimate
from simulator.experiment.plan import Plan, with_horizon
from simulator.experiment.replications import compiled
from simulator.experiment.sensitivity.variants import Sampled, catalogued, sampled
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi
from simulator.kpis.window import YEAR
from simulator.records import Floats
from simulator.schema.loading import Loaded, load_changed
from simulator.schema.quantity import fixed

STANDING: Final[Mapping[str, float]] = {"margin": -1.0, "net_cash": -1.0, "cost_total": 1.0}
"""KPIs of money into which all standing costs go (``newcomers.standing_costs``), with their sign."""
NET: Final = frozenset(kpi for kpi, sign in STANDING.items() if sign < 0)
"""Those that hold what is earned too, so that they tell whether what a relief brings pays for what it costs."""
SCREENED: Final = frozenset({"effort", "policy"})
"""Kinds of which there are too many to measure each: in the shipped firms some two hundred."""
SCREENING: Final = 2
"""Replications by which those of them are found that are worth measuring."""
Worth = Literal["worth it", "costs more than it brings", "better", "worse", "not distinguishable"]


@dataclass(frozen=True)
class Value:
    """What one lever is worth."""

    lever: Lever
    value: Estimate
    """Difference in the KPI over the measured time, with the interval of the paired replications.

    In a KPI of ``NET`` it is what remains after ``cost``; any other leaves out what the lever costs, or what it brings.
    """
    cost: float
    """Pay and seats of a newcomer over the measured time; 0 where the scenario states no cost of the change."""
    cost_a_year: float
    p_adjusted: float
    """Adjusted by Holm's method over all levers that were measured; NaN of one replication."""
    worth: Worth


class Measured(NamedTuple):
    """The levers that were measured in full, in their own order, and what else there is to say."""

    values: tuple[Value, ...]
    samples: Floats
    """Array of shape (1 + values, KPIs, replications), the scenario as it is first."""
    left_out: dict[str, str]
    """Levers that make no valid scenario or leave the KPI undefined, and why."""
    screening: int
    """Replications of the screening, 0 where every lever got all."""


def directed(loaded: Loaded, plan: Plan, kpi: str) -> Kpi:
    """A KPI by name; raises StudyError where there is none, or neither more nor less of it is better."""
    [described] = catalogued(loaded, plan, [kpi])
    if described.better == "neither":
        raise StudyError(f"of {kpi} neither more nor less is better, so nothing is worth anything in it: name another")
    return described


def measured_hours(loaded: Loaded, plan: Plan) -> float:
    """Hours over which values and costs count."""
    return fixed(with_horizon(loaded.scenario, plan).horizon.length)


def effort_of(levers: Sequence[Lever], most: int, replications: int) -> int:
    """Replications that ``measured`` makes."""
    rest = sum(lever.kind in SCREENED for lever in levers)
    if rest <= most:
        return (len(levers) + 1) * replications
    return (rest + 1) * SCREENING + (len(levers) - rest + most + 1) * replications


def measured(
    loaded: Loaded, plan: Plan, kpis: Sequence[str], levers: Sequence[Lever], most: int, stages: Stages,
    cancelled: Cancellation,
) -> Measured:  # fmt: skip
    """Every lever against the scenario as it is, by the first of the KPIs.

    People, speed and delays are measured in any case. Where there are more than ``most`` efforts and policies, two
    replications choose which of them are: those that relieved most. These two have luck of their own, another seed's,
    so that the choice makes nothing look surer than it is; Holm's adjustment counts the levers that are measured.
    """
    described = catalogued(loaded, plan, kpis[:1])[0]
    chosen, left_out, screening = list(levers), dict[str, str](), 0
    screened = [lever for lever in levers if lever.kind in SCREENED]
    if len(screened) > most:
        screening = SCREENING
        few = replace(plan, replications=SCREENING, seed=plan.seed ^ 1)
        found = _sampled(loaded, few, kpis[:1], screened, stages, cancelled)
        left_out = _unusable(screened, found)
        told = _best(screened, found, direction(described), most)
        chosen = [lever for lever in levers if lever.kind not in SCREENED or lever in told]
    found = _sampled(loaded, plan, kpis, chosen, stages, cancelled)
    left_out |= _unusable(chosen, found)
    usable = [i for i, lever in enumerate(chosen) if named(lever) not in left_out]
    samples = found.values[[0, *(i + 1 for i in usable)]]
    values = _valued(loaded, plan, described, [chosen[i] for i in usable], samples[:, 0])
    return Measured(values, samples, left_out, screening)


def named(lever: Lever) -> str:
    """A lever by its place and its change."""
    return f"{lever.path}: {lever.change}"


def _sampled(
    loaded: Loaded, plan: Plan, kpis: Sequence[str], levers: Sequence[Lever], stages: Stages, cancelled: Cancellation
) -> Sampled:
    progress = stages.next((len(levers) + 1) * plan.replications)
    found = sampled(loaded, [{}, *(lever.changes for lever in levers)], plan, kpis, progress, cancelled)
    if np.isnan(found.values[0, 0]).any():
        raise StudyError(f"'{kpis[0]}' is not defined in every replication of this scenario: name another KPI")
    return found


def _unusable(levers: Sequence[Lever], found: Sampled) -> dict[str, str]:
    why = {}
    for i, lever in enumerate(levers, start=1):
        if i in found.refused:
            why[named(lever)] = found.refused[i]
        elif np.isnan(found.values[i, 0]).any():
            why[named(lever)] = "the KPI is not defined there"
    return why


def _best(levers: Sequence[Lever], found: Sampled, sign: int, most: int) -> list[Lever]:
    """Levers that made the KPI better by most, or worse by least; of equals, the first."""
    gains = sign * (found.values[1:, 0] - found.values[0, 0]).mean(axis=1)
    order = np.argsort(-np.nan_to_num(gains, nan=-np.inf), kind="stable")
    return [levers[i] for i in order.tolist() if not np.isnan(gains[i])][:most]


def _valued(loaded: Loaded, plan: Plan, kpi: Kpi, levers: Sequence[Lever], samples: Floats) -> tuple[Value, ...]:
    """Values of levers from samples of the base and of each, adjusted over all of them."""
    currency = loaded.scenario.horizon.currency
    tests = [contrasted(samples[0], sample, kpi, currency) for sample in samples[1:]]
    adjusted = holm(np.array([p for _, p in tests])).tolist()
    costs, hours = _costs(loaded, plan, levers), measured_hours(loaded, plan)
    return tuple(
        Value(lever, estimate, cost, cost * YEAR / hours, p, worth_of(estimate.mean, cost, p, kpi))
        for lever, (estimate, _), cost, p in zip(levers, tests, costs, adjusted, strict=True)
    )


def _costs(loaded: Loaded, plan: Plan, levers: Sequence[Lever]) -> list[float]:
    """What each lever adds to the standing costs over the measured time; only people do."""
    if not any(lever.kind == "person" for lever in levers):
        return [0.0] * len(levers)
    before = standing_costs(compiled(loaded, plan))
    return [
        standing_costs(compiled(load_changed(loaded, lever.changes), plan)) - before if lever.kind == "person" else 0.0
        for lever in levers
    ]


def worth_of(mean: float, cost: float, p_adjusted: float, kpi: Kpi) -> Worth:
    """A difference in words; with a single replication nothing is distinguishable."""
    if not p_adjusted < LEVEL:  # NaN too
        return "not distinguishable"
    if mean * direction(kpi) > 0:
        return "worth it" if kpi.name in NET else "better"
    return "costs more than it brings" if kpi.name in NET and cost > 0 else "worse"


def direction(kpi: Kpi) -> int:
    """1 where more of the KPI is better, otherwise -1."""
    return 1 if kpi.better == "higher" else -1
