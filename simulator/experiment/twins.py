"""Both engines on one scenario: the same records to the last bit, or the first difference."""

from __future__ import annotations

from typing import Final

from simulator.engines.choice import Engine, engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, compiled
from simulator.program.program import Program
from simulator.records import first_difference
from simulator.schema.loading import Loaded

TWINS: Final[tuple[Engine, ...]] = ("simpy", "compiled")


def difference_of_twins(loaded: Loaded, plan: Plan, replication: int, progress: Progress = None) -> str:
    """Say where the two engines differ first in one replication; empty when they agree to the last bit."""
    return difference_in(compiled(loaded, plan), plan.seed, replication, progress)


def difference_in(program: Program, seed: int, replication: int, progress: Progress = None) -> str:
    """The same of a program."""
    records = []
    for engine in TWINS:
        records.append(engine_of(engine)(program, seed, replication))
        if progress is not None:
            progress(len(records), len(TWINS))
    return first_difference(*records)
