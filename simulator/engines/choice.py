"""Which engine executes a program: the model of record, or the compiled one that leaves the same records."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from simulator.program.program import Program
    from simulator.records import Records

Engine = Literal["auto", "simpy", "compiled"]
"""``auto`` is the compiled engine, whose records are the same to the last bit."""
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)
Simulate = Callable[["Program", int, int], "Records"]
"""Runs one replication: program, seed, replication."""


def engine_of(choice: Engine, *, traced: bool = True) -> Simulate:
    """Return the engine of a choice; the compiled one is loaded only when it is asked for.

    Without a trace the records may leave out visits and attributes that no KPI reads; the model of record writes all.
    """
    if choice == "simpy":
        from simulator.engines.simpy_engine import simulate

        return simulate
    from simulator.engines.compiled_engine import simulate as compiled

    return compiled if traced else partial(compiled, traced=False)
