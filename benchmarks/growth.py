"""How time grows: with the number of leads, with the work in progress, and with the length of a queue."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import MappingProxyType
from typing import NamedTuple
from unittest import mock

import numpy as np

from benchmarks.events import events, in_progress
from benchmarks.markdown import Goal, goals, grouped, machine, table
from benchmarks.populations import drop, endless_servers, three_stations
from benchmarks.timing import PeakMemory
from simulator.engines import compiled_engine
from simulator.engines.warm import warm_up
from simulator.program.program import Program

LEADS = tuple(10**power for power in range(3, 8))
STAYS = tuple(10.0**power for power in range(6))
"""Mean hours that a case stays where it only waits; ten a hour come."""
CASES_THAT_STAY = 1_000_000
WAITING = tuple(10**power for power in range(3, 7))
FEWEST_ROUNDS, MOST_ROUNDS = 3, 5
"""The first round takes memory that the machine never handed out before, which a virtual one gives but slowly."""
KEEPING = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "1000000000000"}
"""Settings of docs/scale.md, with which a process keeps its memory from one replication to the next."""
LINEAR = Goal("time against leads, largest departure from a straight line in %", "at most", 20)
LINEAR_KEEPING = LINEAR._replace(what="the same, memory kept")
LOGARITHMIC = Goal("time of an event against the logarithm of cases, the same in %", "at most", 20)
NO_COLLAPSE = 0.1
"""Share of the speed with the shortest queue that the longest should leave."""
LONG_ENOUGH = 2.0
"""Seconds after which no further round is made."""


class Run(NamedTuple):
    """One program: its fastest replication, and what happened in it."""

    seconds: float
    first: float
    """Seconds of the first, which takes memory that nobody used before."""
    cases: int
    events: int
    in_progress: float
    """Mean number of cases in the system."""
    peak: int
    """Largest memory of the process that ran it, in bytes; 0 where it was not alone."""


def alone(program: Program, settings: Mapping[str, str] = MappingProxyType({})) -> Run:
    """The fastest run of a program in a process of its own, so that the memory seen is what it needs."""
    one = get_context("spawn")
    with mock.patch.dict(os.environ, settings), PeakMemory() as memory, ProcessPoolExecutor(1, one) as pool:
        fast = pool.submit(fastest, program).result()
    return fast._replace(peak=memory.peak)


def fastest(program: Program) -> Run:
    """The fastest of several rounds of one replication by the compiled engine."""
    warm_up()
    taken: list[float] = []
    while len(taken) < FEWEST_ROUNDS or (len(taken) < MOST_ROUNDS and sum(taken) < LONG_ENOUGH):
        started = time.perf_counter()
        records = compiled_engine.simulate(program, 0, 0)
        taken.append(time.perf_counter() - started)
        found = records.cases.key.size, events(program, records), in_progress(records)
        del records  # as a study does, which keeps no replication
    return Run(min(taken), taken[0], *found, 0)


def departure(x: Sequence[float], y: Sequence[float]) -> float:
    """Largest departure of points from the straight line of least squares, both relative to the points."""
    at, value = np.array(x), np.array(y)
    line = np.polynomial.Polynomial.fit(at, value, 1, w=1 / value)
    return float(np.abs(line(at) / value - 1).max())


def with_leads(sizes: Sequence[int] = LEADS) -> str:
    """Time against leads: the three stations at the same load, for longer and longer."""
    runs = [(alone(program, KEEPING), alone(program)) for program in map(three_stations, sizes)]
    rows = [
        (grouped(keeping.cases), f"{keeping.seconds:.3f}",
         *(f"{1e6 * seconds / keeping.cases:.2f}" for seconds in (keeping.seconds, other.seconds, other.first)),
         *(f"{run.peak / 2**30:.2f}" for run in (keeping, other)))
        for keeping, other in runs
    ]  # fmt: skip
    cases = [keeping.cases for keeping, _ in runs]
    off, without = (departure(cases, [run.seconds for run in each]) for each in zip(*runs, strict=True))
    said = (
        "A process gives the memory of arrays of over 32 MiB back to the operating system, which takes its time to "
        f"find it again: its largest departure from a straight line is {without:.0%}. One that keeps its memory from "
        f"one replication to the next, as docs/scale.md says how, departs by {off:.0%}."
    )
    per_lead = ("microseconds a lead", "memory not kept", "the first of a process")
    shown = table(("leads, three stations", "seconds", *per_lead, "peak memory in GiB", "memory not kept"), rows)
    return f"{shown}\n\n{said}\n\n{goals([(LINEAR, 100 * without), (LINEAR_KEEPING, 100 * off)])}"


def with_work_in_progress(stays: Sequence[float] = STAYS, cases: int = CASES_THAT_STAY) -> str:
    """Time of an event against the cases in the system, of which as many come in every run."""
    runs = [fastest(endless_servers(stay, cases)) for stay in stays]
    costs = [1e9 * r.seconds / r.events for r in runs]
    rows = [(grouped(r.in_progress), grouped(r.cases), f"{cost:.0f}") for r, cost in zip(runs, costs, strict=True)]
    off = departure([math.log(r.in_progress) for r in runs], costs)
    more, slower = runs[-1].in_progress / runs[0].in_progress, costs[-1] / costs[0]
    said = (
        f"With {grouped(more)} times as many cases in progress an event takes {slower:.1f} times as long; "
        f"largest departure from a straight line over the logarithm: {off:.0%}."
    )
    shown = table(("mean cases in progress", "leads", "nanoseconds an event"), rows)
    return f"{shown}\n\n{said}\n\n{goals([(LOGARITHMIC, 100 * off)])}"


def with_waiting(sizes: Sequence[int] = WAITING) -> str:
    """Leads a second where all come at once to one server."""
    runs = {discipline: [fastest(drop(size, discipline)) for size in sizes] for discipline in ("fifo", "priority")}
    rows = [
        (grouped(size), *(grouped(r.cases / r.seconds) for r in (fifo, priority)))
        for size, fifo, priority in zip(sizes, *runs.values(), strict=True)
    ]
    shown = table(("waiting at once for one server", "leads a second, fifo", "by priority"), rows)
    what = f"speed with {grouped(sizes[-1])} waiting, as a share of that with {grouped(sizes[0])}"
    held = []
    for discipline, each in runs.items():
        rates = [r.cases / r.seconds for r in each]
        held.append((Goal(f"{what}, {discipline}", "at least", NO_COLLAPSE), rates[-1] / rates[0]))
    return f"{shown}\n\n{goals(held)}"


def report() -> str:
    """Measure all three, and say it in Markdown."""
    return f"{with_leads()}\n\n{with_work_in_progress()}\n\n{with_waiting()}\n\n{machine()}"
