"""Both engines on one scenario: the same records to the last bit, or the first difference."""

from __future__ import annotations

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.records import first_difference
from simulator.schema.loading import Loaded


def difference_of_twins(loaded: Loaded, plan: Plan, replication: int) -> str:
    """Say where the two engines differ first in one replication; empty when they agree to the last bit."""
    program = compiled(loaded, plan)
    record, twin = (engine_of(engine)(program, plan.seed, replication) for engine in ("simpy", "compiled"))
    return first_difference(record, twin)
