"""What waits that no hands could shorten lost, by cause: the same scenario with a tenth less of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from simulator.experiment.bottlenecks.levers import TENTH, shortened, steps_of
from simulator.experiment.comparison import differences_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress
from simulator.experiment.sensitivity.variants import sampled
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi
from simulator.records import Floats
from simulator.schema.loading import Loaded
from simulator.schema.scenario import Scenario
from simulator.schema.steps import Wait

ORDERS: Final = "orders"


class Loss(NamedTuple):
    """What a cause lost, one value a replication."""

    kpi: Floats
    """What the KPI gains without it."""
    orders: Floats


def delays_of(scenario: Scenario) -> dict[str, list[tuple[str, Wait]]]:
    """Wait steps with a duration, by place, for each cause that they name."""
    found: dict[str, list[tuple[str, Wait]]] = {}
    for path, step in steps_of(scenario):
        if isinstance(step, Wait) and step.duration is not None:
            found.setdefault(step.cause, []).append((path, step))
    return found


def losses_of(
    loaded: Loaded, plan: Plan, kpi: Kpi, progress: Progress = None, cancelled: Cancellation = None
) -> Mapping[str, Loss]:
    """What all waits of a cause lost, for each cause that wait steps name.

    Ten times what is gained when every duration of the cause is a tenth shorter, paired over the replications: taken
    away altogether, what comes once a month or a year would come without end. Waits for a date alone stay as they are,
    and a cause whose shorter waits make no valid scenario is left out.
    """
    changes = [{}, *(_shorter(loaded.scenario, steps) for steps in delays_of(loaded.scenario).values())]
    found = sampled(loaded, changes, plan, [kpi.name, ORDERS], progress, cancelled)
    return {
        cause: Loss(*(differences_of(*pair) / TENTH for pair in zip(found.values[0], values, strict=True)))
        for number, (cause, values) in enumerate(
            zip(delays_of(loaded.scenario), found.values[1:], strict=True), start=1
        )
        if number not in found.refused and not np.isnan(values[0]).all()
    }


def _shorter(scenario: Scenario, steps: list[tuple[str, Wait]]) -> dict[str, object]:
    return {
        place: value
        for path, step in steps
        for place, value in shortened(scenario, path, step, 1 - TENTH).items()
    }  # fmt: skip
