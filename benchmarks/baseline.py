"""Leads a second on the full baseline, with and without KPIs, by both engines."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from benchmarks.events import events, leads
from benchmarks.markdown import Goal, goals, grouped, machine, table
from benchmarks.timing import rates
from simulator.engines import compiled_engine
from simulator.engines.choice import Engine, engine_of
from simulator.kpis.measures import measure as measure_kpis
from simulator.program.compiler import compile_scenario
from simulator.program.program import Program
from simulator.schema.loading import load_scenario

BASELINE = "baselines/pt_installation"
ROUNDS = 5
A_SECOND = Goal("compiled engine with KPIs, leads a second", "at least", 200_000)
TIMES_SIMPY = Goal("compiled engine with KPIs, times the SimPy engine", "at least", 30)
ENGINES: tuple[Engine, ...] = ("simpy", "compiled")


class Speed(NamedTuple):
    """Leads a second of one engine on one core."""

    records: float
    """Of the simulation alone, every visit written."""
    with_kpis: float
    """Of the simulation, of which only what KPIs read is written, and the KPIs."""


def baseline() -> Program:
    """The shipped baseline as a program."""
    loaded = load_scenario(BASELINE)
    return compile_scenario(loaded.scenario, loaded.folder, loaded.digest)


def measure(program: Program, rounds: int = ROUNDS) -> dict[Engine, Speed]:
    """The best of several rounds, in which the engines take turns."""

    def records(engine: Engine, seed: int) -> int:
        return leads(engine_of(engine)(program, seed, 0))

    def with_kpis(engine: Engine, seed: int) -> int:
        found = engine_of(engine, traced=False)(program, seed, 0)
        measure_kpis(program, found)
        return leads(found)

    runs = {f"{run.__name__} {engine}": partial(run, engine) for engine in ENGINES for run in (records, with_kpis)}
    best = rates(runs, rounds)
    return {engine: Speed(*(best[f"{run.__name__} {engine}"] for run in (records, with_kpis))) for engine in ENGINES}


def shown(speeds: dict[Engine, Speed]) -> str:
    """The table, each figure beside its ratio to the SimPy engine."""
    slow = speeds["simpy"]
    rows = [
        (f"{engine} engine", grouped(s.records), f"{s.records / slow.records:.1f}",
         grouped(s.with_kpis), f"{s.with_kpis / slow.with_kpis:.1f}")
        for engine, s in speeds.items()
    ]  # fmt: skip
    against = "against SimPy engine"
    return table(("full baseline, one core", "leads a second", against, "with KPIs", against), rows)


def judged(speeds: dict[Engine, Speed]) -> str:
    """The compiled engine against its goals."""
    fast = speeds["compiled"].with_kpis
    return goals([(A_SECOND, fast), (TIMES_SIMPY, fast / speeds["simpy"].with_kpis)])


def report() -> str:
    """Measure, and say it in Markdown."""
    program = baseline()
    records = compiled_engine.simulate(program, 0, 0)
    counted = f"A lead means {events(program, records) / leads(records):.1f} events on the mean."
    speeds = measure(program)
    return f"{shown(speeds)}\n\n{judged(speeds)}\n\n{counted} {machine()}"
