"""Compiled code that is ready before anyone waits for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.engines.choice import Engine

_MARK = "complete"


def is_cold() -> bool:
    """Whether the first run in this installation has to compile the engine, which takes a minute or two."""
    return not (_folder() / _MARK).is_file()


def warm_up() -> None:
    """Compile the engine, and what the SimPy engine compiles besides, and note that it has been done."""
    run_small()
    run_small("simpy")
    _folder().mkdir(parents=True, exist_ok=True)
    (_folder() / _MARK).touch()


def run_small(engine: Engine = "compiled") -> None:
    """Run and measure a very small scenario, so that all that the engine and KPIs compile is compiled and loaded."""
    # Whoever only asks `is_cold` does not wait for these.
    from simulator.engines.choice import engine_of
    from simulator.kpis.measures import measure
    from simulator.program.compiler import compile_scenario
    from simulator.schema.scenario import Scenario

    scenario = Scenario.model_validate(
        {
            "caudal": 1,
            "name": "warm-up",
            "horizon": {"start": "2026-01-05", "warm_up": "0 d", "length": "2 d", "currency": "EUR"},
            "policies": {"pause": "8 h"},
            "stages": {"asked": "Asked", "told": "Told"},
            "channels": {
                "calls": {"process": "calls", "rate": "1 /h"},
                "visits": {"process": "calls", "interval": "pause"},
                "letters": {"process": "calls", "interval": {"exponential": "8 h"}},
            },
            "pipeline": {"cases": {"open": {"process": "calls", "step": "answer", "age": "1 h"}}},
            "teams": {"desk": {"head_count": 1, "discipline": "lifo", "sales_target": "1 EUR/month"}},
            "processes": {
                "calls": {
                    "steps": {
                        "answer": {
                            "kind": "work",
                            "team": "desk",
                            "stage": "asked",
                            "effort": {"exponential": "1 h"},
                            "routing": {"rule": "random"},
                        },
                        # Each account that KPIs look at in a way of its own.
                        "books": {"kind": "post", "account": "booked", "amount": "1 EUR"},
                        "signs": {"kind": "post", "account": "recurring", "amount": "1 EUR"},
                        "owes": {"kind": "post", "account": "cost", "amount": "1 EUR", "cost_centre": "delivery"},
                        "pays": {"kind": "post", "account": "paid", "amount": "1 EUR"},
                        "over": {"kind": "end", "outcome": "answered", "stage": "told"},
                    }
                }
            },
        }
    )
    program = compile_scenario(scenario)
    measure(program, engine_of(engine)(program, 0, 0))


def _folder() -> Path:
    return Path(os.environ["NUMBA_CACHE_DIR"])


if __name__ == "__main__" and is_cold():
    print("Compiling the engine: one or two minutes, once for each version.", flush=True)  # noqa: T201 - a command
    warm_up()
