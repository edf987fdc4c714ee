"""Memory of a run that has not begun, and its tables put to other uses, for tests of the parts."""

import numpy as np

from simulator.engines.compiled_engine.memory import RunMemory
from simulator.engines.compiled_engine.tables import EVENT, OVERTAKING, TICKET
from tests.simulator.engines.toys import toy

SMALL = """
  attributes: {x: {initial: 3}, y: {}}
  channels: {a: {process: p, drops: [{date: 2024-01-01, leads: 3}]}}
  teams: {t: {members: {ann: {}, bob: {}}, shifts: always}, s: {head_count: 1, shifts: always}}
  steps:
    u: {kind: work, team: t, effort: 1 h}
    v: {kind: work, team: s, effort: 2 h}
    w: {kind: wait, duration: 1 d}
"""


def memory(arrivals=10, seed=1, replication=0):
    """Memory of a small toy that has not begun."""
    return RunMemory(toy(SMALL), seed, replication, arrivals)


def memory_with(table, rows):
    """Memory in which a table has a number of empty rows."""
    found = memory()
    found[table] = np.zeros(rows, {"events": EVENT, "tickets": TICKET}[table])
    return found


def notes(rows):
    """Notes of overtaking from (queue, ticket, sign, number, ticks)."""
    table = np.zeros(len(rows), OVERTAKING)
    for at, row in enumerate(rows):
        table[at] = row
    return table
