"""The heaps of queues, and whole ticks."""

from simulator.chance.compiled import bare, inlined
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.rows import Memory
from simulator.records import TICKS


@bare
def merged(m: Memory, left: int, right: int) -> int:
    """Merge two heaps of tickets and return the root (skew heap: Sleator and Tarjan, SIAM J. Comput. 15, 1986)."""
    tickets = rows.tickets(m)
    root, parent = -1, -1
    while left >= 0 and right >= 0:
        a, b = tickets[left], tickets[right]
        if b["rank"] < a["rank"] or (b["rank"] == a["rank"] and b["number"] < a["number"]):
            left, right = right, left
        # The smaller stays; its right heap is merged with the other and becomes its left one.
        if parent < 0:
            root = left
        else:
            tickets[parent]["left"] = left
        following = tickets[left]["right"]
        tickets[left]["right"] = tickets[left]["left"]
        tickets[left]["left"] = -1
        parent = left
        left = following
    rest = left if left >= 0 else right
    if parent < 0:
        return rest
    tickets[parent]["left"] = rest
    return root


@inlined
def head(m: Memory, queue: int) -> int:
    """Return the ticket whose turn it is, forgetting those that left; -1 for an empty queue."""
    queues, tickets = rows.queues(m), rows.tickets(m)
    root = queues[queue]["root"]
    while root >= 0 and tickets[root]["waiting"] == 0:
        root = merged(m, tickets[root]["left"], tickets[root]["right"])
    queues[queue]["root"] = root
    return root


@inlined
def ticks_at(moment: float) -> int:
    """Return a moment in whole ticks, so that differences of moments add up exactly."""
    return round(moment * TICKS)
