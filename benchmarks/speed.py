"""Leads a second of the engine beside plain SimPy, and events a lead."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import plain_simpy
from simulator.engines import compiled_engine, simpy_engine
from simulator.program.compiler import compile_scenario
from simulator.program.layout import Kind, Program
from simulator.records import Records
from simulator.schema.loading import load_scenario

NETWORK = Path(__file__).with_name("three_stations.yaml")
BASELINE = "baselines/pt_installation"
ROUNDS = 5


class Speed(NamedTuple):
    """One line of the table."""

    what: str
    leads_a_second: float
    """Leads a second of one core: the best of several rounds, since other work on the machine only slows."""
    events_a_lead: float
    """Events that take a lead from one moment to another; NaN where they are not counted."""


def measure() -> list[Speed]:
    """Measure all, in turns, so that a slow spell of the machine hits each alike."""
    network, baseline = _compiled(str(NETWORK)), _compiled(BASELINE)
    runs: dict[str, Callable[[int], int]] = {
        "three stations, plain SimPy": plain_simpy.run,
        "three stations, SimPy engine": lambda seed: _leads(simpy_engine.simulate(network, seed, 0)),
        "three stations, compiled engine": lambda seed: _leads(compiled_engine.simulate(network, seed, 0)),
        "Portuguese installation company, SimPy engine": lambda seed: _leads(simpy_engine.simulate(baseline, seed, 0)),
        "Portuguese installation company, compiled engine": lambda seed: _leads(
            compiled_engine.simulate(baseline, seed, 0)
        ),
    }
    best = dict.fromkeys(runs, 0.0)
    for seed in range(ROUNDS):
        for what, run in runs.items():
            started = time.perf_counter()
            leads = run(seed)
            best[what] = max(best[what], leads / (time.perf_counter() - started))
    of_network, of_baseline = _events(network), _events(baseline)
    events = [float("nan"), of_network, of_network, of_baseline, of_baseline]
    return [Speed(what, best[what], count) for what, count in zip(runs, events, strict=True)]


def table(speeds: list[Speed]) -> str:
    """The figures as a Markdown table, each beside its ratio to the first line."""
    lines = ["| run | leads a second | against plain SimPy | events a lead |", "|---|---:|---:|---:|"]
    for what, rate, events in speeds:
        counted = "" if np.isnan(events) else f"{events:.1f}"
        thousands = f"{rate:,.0f}".replace(",", " ")
        lines.append(f"| {what} | {thousands} | {rate / speeds[0].leads_a_second:.2f} | {counted} |")
    return "\n".join(lines)


def _compiled(scenario: str) -> Program:
    loaded = load_scenario(scenario)
    return compile_scenario(loaded.scenario, loaded.folder, loaded.digest)


def _leads(records: Records) -> int:
    return int((records.cases.channel >= 0).sum())


def _events(program: Program) -> float:
    """Arrivals, starts, ends of work and ends of waits for each lead of one run."""
    records = compiled_engine.simulate(program, 0, 0)
    kinds = program.tables.steps["kind"][records.visits.step]
    timed = np.isin(kinds, (Kind.WORK, Kind.WAIT, Kind.JOIN))
    queued = records.waits.visit.size
    return float((records.cases.key.size + timed.sum() + queued) / _leads(records))
