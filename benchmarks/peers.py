"""Leads a second on the three-station network: plain SimPy, Ciw and salabim beside both engines."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from benchmarks import plain_ciw, plain_salabim, plain_simpy
from benchmarks.events import events, leads
from benchmarks.markdown import Goal, goals, grouped, machine, table
from benchmarks.timing import rates
from simulator.engines import compiled_engine, simpy_engine
from simulator.program.compiler import compile_scenario
from simulator.program.program import Program
from simulator.schema.loading import load_scenario

NETWORK = Path(__file__).with_name("three_stations.yaml")
HOURS = 2400.0
"""Hours that the fast ones simulate, as the scenario says; the peers that are slower simulate less."""
ROUNDS = 7
REFERENCE = "SimPy"
UNTRACED = "compiled engine without a trace"
"""As KPIs need it; what is written is still more than the peers write, which is when a case left."""
TIMES_SIMPY = {
    "SimPy engine": Goal("SimPy engine, times plain SimPy", "at least", 0.25),
    "compiled engine": Goal("compiled engine, times plain SimPy", "at least", 25),
    UNTRACED: Goal(f"{UNTRACED}, times plain SimPy", "at least", 25),
}
A_SECOND = Goal("compiled engine, leads a second", "at least", 1_000_000)


def network() -> Program:
    """The three-station network as a program."""
    loaded = load_scenario(NETWORK)
    return compile_scenario(loaded.scenario, loaded.folder, loaded.digest)


def measure(rounds: int = ROUNDS) -> dict[str, float]:
    """Leads a second of each."""
    program = network()
    runs: dict[str, Callable[[int], int]] = {
        REFERENCE: lambda seed: plain_simpy.run(seed, HOURS).arrived,
        "Ciw": lambda seed: plain_ciw.run(seed, HOURS / 5).arrived,
        "salabim": lambda seed: plain_salabim.run(seed, HOURS / 20).arrived,
        "SimPy engine": lambda seed: leads(simpy_engine.simulate(program, seed, 0)),
        "compiled engine": lambda seed: leads(compiled_engine.simulate(program, seed, 0)),
        UNTRACED: lambda seed: leads(compiled_engine.simulate(program, seed, 0, traced=False)),
    }
    return rates(runs, rounds)


def shown(speeds: dict[str, float]) -> str:
    """The table, each line beside its ratio to plain SimPy."""
    versions = {name: f"plain {name} {version(name)}" for name in (REFERENCE, "Ciw", "salabim")}
    rows = [
        (versions.get(name, name), grouped(rate), f"{rate / speeds[REFERENCE]:.2f}") for name, rate in speeds.items()
    ]
    return table(("three stations, one core", "leads a second", "against plain SimPy"), rows)


def judged(speeds: dict[str, float]) -> str:
    """Both engines against their goals."""
    ratios = [(goal, speeds[name] / speeds[REFERENCE]) for name, goal in TIMES_SIMPY.items()]
    return goals([*ratios, (A_SECOND, speeds["compiled engine"])])


def report() -> str:
    """Measure, and say it in Markdown."""
    program = network()
    records = compiled_engine.simulate(program, 0, 0)
    counted = f"A lead means {events(program, records) / leads(records):.1f} events on the mean."
    speeds = measure()
    return f"{shown(speeds)}\n\n{judged(speeds)}\n\n{counted} {machine(speeds[REFERENCE])}"
