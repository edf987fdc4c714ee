"""Where a funnel clogs: what relief of each team, delay and policy is worth, and what waiting lost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from simulator.experiment.bottlenecks.causes import Cause, causes_of
from simulator.experiment.bottlenecks.delays import delays_of, losses_of
from simulator.experiment.bottlenecks.levers import KINDS, Kind, levers_of, staffed
from simulator.experiment.bottlenecks.prices import Price, priced
from simulator.experiment.bottlenecks.stages import Stages
from simulator.experiment.bottlenecks.waiting import Wait, waits_of
from simulator.experiment.bottlenecks.worth import Value, directed, direction, effort_of, measured, measured_hours
from simulator.experiment.intervals import Estimate, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi
from simulator.schema.loading import Loaded

MOST: Final = 10
"""Efforts and policies that are measured where there are more."""


@dataclass(frozen=True)
class Bottlenecks:
    """The levers of a scenario by what they are worth, and what waiting lost."""

    scenario: str
    kpi: Kpi
    base: Estimate
    hours: float
    """Measured time, over which every value, cost and wait counts."""
    currency: str
    """Of costs and of late cash."""
    values: tuple[Value, ...]
    """The best first."""
    levers: int
    """Levers there are; those that are neither among the values nor left out relieved less in the screening."""
    screening: int
    """Replications of the screening, 0 where every lever was measured."""
    left_out: dict[str, str]
    """Levers that make no valid scenario or leave the KPI undefined, and why."""
    prices: tuple[Price, ...]
    """What waiting for each team lost, the most first."""
    waits: tuple[Wait, ...]
    """Waiting at each step by cause, the most hours first."""
    causes: tuple[Cause, ...]
    """Waiting by cause with what it lost, the most hours first."""
    replications: int


def bottlenecks(
    loaded: Loaded, plan: Plan, kpi: str = "margin", progress: Progress = None, cancelled: Cancellation = None,
    kinds: Collection[Kind] = KINDS, most: int = MOST,
) -> Bottlenecks:  # fmt: skip
    """What each lever (``levers_of``) is worth in a KPI, and what waiting for each team lost (``priced``).

    All variants share their replications, so each difference is paired (``comparison.contrasted``; Law, *Simulation
    Modeling and Analysis*, 5th edition (2015), section 11.2). Of more than ``most`` efforts and policies a screening
    chooses (``worth.measured``). Values do not add up: relief of one place moves the queue to the next (``ladder``).
    Progress counts replications. Raises StudyError for a KPI that there is not, of which neither more nor less is
    better or that is not defined, and where there is nothing to relieve.
    """
    described = directed(loaded, plan, kpi)
    levers = levers_of(loaded, kinds)
    teams, delays = len(staffed(loaded.scenario)), len(delays_of(loaded.scenario))
    currency = loaded.scenario.horizon.currency
    stages = Stages(progress, effort_of(levers, most, plan.replications) + (teams + delays + 3) * plan.replications)
    found = measured(loaded, plan, [kpi], levers, most, stages, cancelled)
    waits = waits_of(loaded, plan, stages.next(plan.replications), cancelled)
    told = priced(loaded, plan, described, waits, stages.next((teams + 1) * plan.replications), cancelled)
    delayed = losses_of(loaded, plan, described, stages.next((delays + 1) * plan.replications), cancelled)
    return Bottlenecks(
        scenario=loaded.scenario.name,
        kpi=described,
        base=t_interval(found.samples[0, 0], unit=described.unit),
        hours=measured_hours(loaded, plan),
        currency=currency,
        values=tuple(sorted(found.values, key=lambda each: -direction(described) * each.value.mean)),
        levers=len(levers),
        screening=found.screening,
        left_out=found.left_out,
        prices=told.prices,
        waits=waits,
        causes=causes_of(waits, told.prices, {**told.losses, **delayed}, described, currency),
        replications=plan.replications,
    )
