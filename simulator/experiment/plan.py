"""How a study is made: seed, number of replications, workers, and the time that is measured."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.engines.choice import ENGINES, Engine
from simulator.errors import StudyError

if TYPE_CHECKING:
    from simulator.schema.scenario import Scenario

MOST_REPLICATIONS = 100_000
MOST_JOBS = 1_024
LARGEST_SEED = 2**63 - 1
LONGEST = 100 * 8766.0
"""Hours in a hundred years: longer runs are a slip of the pen."""


@dataclass(frozen=True)
class Plan:
    """What is asked of a study; the number of workers changes how long it takes, never its result."""

    seed: int = 1
    replications: int = 30
    jobs: int | None = None
    """Worker processes; one for each processor that this process may use where None."""
    warm_up: float | None = None
    """Hours left out of every figure, instead of what the scenario says."""
    length: float | None = None
    """Hours that are measured, instead of what the scenario says."""
    engine: Engine = "auto"
    """Engine that runs the replications; it changes how long they take, never their result."""
    cluster: str | None = None
    """Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``, whose workers run the replications instead."""

    def __post_init__(self) -> None:
        _whole("the seed", self.seed, 0, LARGEST_SEED)
        _whole("the number of replications", self.replications, 1, MOST_REPLICATIONS)
        if self.engine not in ENGINES:
            raise StudyError(f"there is no engine '{self.engine}'; there are {', '.join(ENGINES)}")
        if self.jobs is not None:
            _whole("the number of jobs", self.jobs, 1, MOST_JOBS)
        if self.cluster is not None and self.jobs is not None:
            raise StudyError("state a number of jobs or a cluster, not both: on a cluster its workers decide")
        if self.warm_up is not None:
            _hours("the warm-up", self.warm_up, positive=False)
        if self.length is not None:
            _hours("the length", self.length, positive=True)

    @property
    def workers(self) -> int:
        """Worker processes that this plan means on this machine."""
        return self.jobs if self.jobs is not None else available_processors()


def available_processors() -> int:
    """Processors that this process may use, which in a container can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def with_horizon(scenario: Scenario, plan: Plan) -> Scenario:
    """The scenario with the warm-up and the length that the plan states, validated again."""
    stated = {"warm_up": plan.warm_up, "length": plan.length}
    changes = {field: f"{hours!r} h" for field, hours in stated.items() if hours is not None}
    if not changes:
        return scenario
    from simulator.schema.scenario import Horizon  # a plan alone is made before anything heavy is imported

    # model_copy skips validation, so the part that changes is built anew.
    horizon = Horizon.model_validate({**dict(scenario.horizon), **changes})
    return scenario.model_copy(update={"horizon": horizon})


def _whole(what: str, value: object, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise StudyError(f"{what} must be a whole number, not {value!r}")
    if not least <= value <= most:
        raise StudyError(f"{what} must lie between {least} and {most}, not {value}")


def _hours(what: str, value: float, *, positive: bool) -> None:
    if not math.isfinite(value) or value < 0 or (positive and value == 0):
        raise StudyError(
            f"{what} must be {'a positive time' if positive else 'a time of 0 h or more'}, not {value:g} h"
        )
    if value > LONGEST:
        raise StudyError(f"{what} must be at most 100 years, not {value / 8766:.0f}")
