"""The compiled engine: the same program, the same records to the last bit, many times faster."""

from __future__ import annotations

import numpy as np

from simulator.chance.compiled import bare
from simulator.engines.arrivals import Arrivals, draw_arrivals
from simulator.engines.compiled_engine.kernel import ENDLESS, FULL, OVER, UNPOSTABLE, advance
from simulator.engines.compiled_engine.memory import RunMemory, Table
from simulator.engines.compiled_engine.newborns import keep, known, may_be_kept
from simulator.engines.compiled_engine.opening import open_pipeline
from simulator.engines.compiled_engine.overtaking import overtaken
from simulator.engines.compiled_engine.tables import VISITS
from simulator.engines.compiled_engine.waiting import count_waits, take_out
from simulator.engines.refusals import endless, unpostable
from simulator.program.program import Program
from simulator.records import Cases, Postings, Records, Visits, Waits

SLICE = 2_000_000
"""Events after which the loop comes back to Python, so that an interrupt is heard."""


def simulate(program: Program, seed: int, replication: int, *, traced: bool = True) -> Records:
    """Run one replication of a program and return its records.

    Without a trace visits and attributes are left out that no KPI reads, most of all. Raises CaudalError when a case
    goes round without time passing.
    """
    arrivals = draw_arrivals(program, seed, replication)
    memory = RunMemory(program, seed, replication, arrivals.time.size, traced=traced)
    shared = may_be_kept(program, arrivals.time.size)
    if shared:
        memory.take_newborns(arrivals.time.size, known(program, seed, replication, arrivals))
    _open(program, memory)
    _run(program, memory, arrivals)
    if shared and memory["registers"]["borne"][0] == arrivals.time.size:
        keep(program, seed, replication, arrivals, memory["cohort"])
    _close(program, memory)
    memory.remember(program)
    records = _records(program, memory)
    memory.hand_on()
    return records


def _open(program: Program, memory: RunMemory) -> None:
    """Let the cases that are under way when the run begins be there."""
    these = program.pipeline
    if these is not None and these.key.size:
        memory.enlarge(max(these.key.size, these.posted_case.size) + int(memory["registers"]["room"][0]))
        open_pipeline(memory.address, these)


def _run(program: Program, memory: RunMemory, arrivals: Arrivals) -> None:
    while (status := advance(memory.address, arrivals.time, arrivals.channel, arrivals.key, SLICE)) != OVER:
        memory.check()  # before a larger table hides it
        if status == FULL:
            memory.enlarge(int(memory["registers"]["needed"][0]))
        elif status == UNPOSTABLE:
            raise unpostable(program, _step(memory), float(memory["registers"]["endless_amount"][0]))
        elif status == ENDLESS:
            raise endless(program, _step(memory))
    memory.check()


def _step(memory: RunMemory) -> int:
    """Step that the case under way has taken last."""
    return int(memory["cases"]["at"][memory["registers"]["case"][0]])


def _close(program: Program, memory: RunMemory) -> None:
    """Count the waits of those who still wait when the run ends, by team and order of coming."""
    tickets = memory.filled("tickets")
    left = np.flatnonzero(tickets["waiting"])
    memory.enlarge(left.size + int(memory["registers"]["room"][0]))
    team = memory["queues"]["team"][tickets["queue"][left]]
    for index in range(program.tables.teams.size):
        count_waits(memory.address, index)
    for ticket in left[np.lexsort((tickets["number"][left], team))]:
        take_out(memory.address, int(ticket))


def _records(program: Program, memory: RunMemory) -> Records:
    waits, visits = _waits(memory), Visits(*(memory.taken(name) for name in VISITS))
    postings = memory.taken("postings")
    attributes, roll = _attributes(memory), memory.taken("roll")
    return Records(
        visits,
        waits,
        Postings(*(postings[name].copy() for name in Postings._fields)),
        Cases._make([*(roll[name].copy() for name in Cases._fields[:-1]), attributes]),
        program.end,
    )


def _attributes(memory: RunMemory) -> Table:
    """Last values of all attributes of all cases; those that are not kept are 0."""
    kept, found = memory["attributes_kept"], memory["attributes"][: memory.used("roll")]
    write_living(memory.filled("cases"), memory["values"], kept, found)
    if kept.size == memory["values"].shape[1]:
        return found
    # Of the columns of zeros, the machine has no page until someone writes there.
    columns = np.zeros((memory["values"].shape[1], found.shape[0]))
    columns[kept] = found.T
    return columns.T


@bare
def write_living(cases: Table, values: Table, kept: Table, found: Table) -> None:
    """Write the attributes to keep of all cases that are not over, in the rows of their numbers."""
    for place in range(cases.size):
        number = cases[place]["number"]
        if number >= 0:
            for column in range(kept.size):
                found[number, column] = values[place, kept[column]]


def _waits(memory: RunMemory) -> Waits:
    notes, tickets, rows = (memory.taken(name) for name in ("overtakings", "tickets", "waits"))
    waits = Waits(np.empty(rows.size, np.int32), np.empty((rows.size, 5), np.int64))
    write_waits(rows, tickets, *waits)
    if notes.size:
        # Numpy sorts numbers of two bytes by their digits, many times faster than longer ones.
        queue = notes["queue"].astype(np.int16) if memory["queues"].size < 2**15 else notes["queue"]
        order = np.argsort(queue, kind="stable")
        priority = overtaken(notes, order, int(notes["number"].max()), tickets.size)[rows]
        waits.ticks[:, 1] -= priority
        waits.ticks[:, 4] = priority
    return waits


@bare
def write_waits(rows: Table, tickets: Table, visit: Table, ticks: Table) -> None:
    """Write the visit of each wait and its ticks by cause, of which none is priority's yet."""
    for at in range(rows.size):
        ticket = tickets[rows[at]]
        visit[at] = ticket["row"]
        for cause in range(4):
            ticks[at, cause] = ticket["ticks"][cause]
        ticks[at, 4] = 0
