"""The SimPy engine: a generator for each case walks through the steps of its process."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Final

import simpy

from simulator.engines.arrivals import draw_arrivals
from simulator.engines.refusals import endless
from simulator.engines.simpy_engine.case import Case
from simulator.engines.simpy_engine.instants import decide, end, post, set_attributes, spawn
from simulator.engines.simpy_engine.opening import note_postings, open_pipeline
from simulator.engines.simpy_engine.pauses import join, wait
from simulator.engines.simpy_engine.run import Run, Stay
from simulator.engines.simpy_engine.work import work
from simulator.program.layout import Kind, Step
from simulator.program.program import Program
from simulator.records import Records

STAYS: Final[dict[int, Callable[[Run, Case, Step, int], Stay]]] = {Kind.WORK: work, Kind.WAIT: wait, Kind.JOIN: join}
INSTANTS: Final[dict[int, Callable[[Run, Case, Step, int], int]]] = {
    Kind.DECIDE: decide,
    Kind.SET: set_attributes,
    Kind.SPAWN: spawn,
    Kind.POST: post,
    Kind.END: end,
}
MOST_AT_ONCE: Final = 10_000
"""Steps that a case may take without time passing before it is taken to go round for ever."""


def simulate(program: Program, seed: int, replication: int) -> Records:
    """Run one replication of a program and return its records.

    Raises CaudalError when a case goes round without time passing.
    """
    run = Run(program, seed, replication)
    run.env.process(_arrivals(run, seed, replication))
    run.env.run(until=program.end)
    for team in run.teams:
        team.close()
    return run.recorder.records(program.end)


def _arrivals(run: Run, seed: int, replication: int) -> Generator[simpy.Event, Any, None]:
    """Bring the cases that are under way when the run begins, and then those that come from outside."""
    env = run.env
    for case, step in open_pipeline(run):
        env.process(_life(run, case, step))
    if run.program.pipeline is not None:
        note_postings(run, run.program.pipeline)
    arrivals = draw_arrivals(run.program, seed, replication)
    processes = run.tables.channel_process.tolist()
    rows = zip(arrivals.time.tolist(), arrivals.channel.tolist(), arrivals.key.tolist(), strict=True)
    for time, channel, key in rows:
        if time > env.now:
            yield env.timeout(time - env.now)
        case = run.create(key, processes[channel], channel, None)
        run.chance.give_birth(case, channel, env.now)
        env.process(_life(run, case))


def _life(run: Run, case: Case, row: int = -1) -> Generator[simpy.Event, Any, None]:
    """Walk a case through its process, from its first step or from that at which an open case stands."""
    if row < 0:
        row = int(run.tables.processes[case.process]["first_step"])
    while row >= 0:
        step = run.steps[row]
        case.visits[row] += 1
        visit, came = case.visits[row], run.env.now
        if step.kind in STAYS:
            row = yield from STAYS[step.kind](run, case, step, visit)
        else:
            row = INSTANTS[step.kind](run, case, step, visit)
            run.recorder.pass_through(case.row, step.row, came, row)
            for child in run.newborn:
                run.env.process(_life(run, child))
            run.newborn.clear()
        # Waiting or working need not take time: a wait of 0, a tool without time, a case that turns away.
        case.at_once = case.at_once + 1 if run.env.now == came else 0
        if case.at_once > MOST_AT_ONCE:
            raise endless(run.program, step.row)
