"""The heap of events and the heaps of queues."""

from simulator.chance.compiled import bare, inlined
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.rows import Memory
from simulator.records import TICKS


@inlined
def move(m: Memory, source: int, target: int) -> None:
    """Copy an event to another place of the heap, field by field: whole rows are copied byte by byte, which is slow."""
    event, there = rows.events(m)[source], rows.events(m)[target]
    there["time"], there["order"] = event["time"], event["order"]
    there["kind"], there["subject"], there["detail"] = event["kind"], event["subject"], event["detail"]


@inlined
def schedule(m: Memory, time: float, kind: int, subject: int, detail: int) -> None:
    """Put an event into the heap, behind those of the same time that are in it.

    The heap is by time and order, and each place has four below it: half as deep as with two (Johnson, Information
    Processing Letters 4, 1975).
    """
    events, registers = rows.events(m), rows.registers(m)
    order = registers[0]["scheduled"]
    registers[0]["scheduled"] = order + 1
    place = registers[0]["events"]
    registers[0]["events"] = place + 1
    while place > 0:
        above = (place - 1) >> 2
        if events[above]["time"] <= time:
            # What is in the heap already was scheduled before, so an equal time stays in front.
            break
        move(m, above, place)
        place = above
    events[place]["time"] = time
    events[place]["order"] = order
    events[place]["kind"] = kind
    events[place]["subject"] = subject
    events[place]["detail"] = detail


@inlined
def earlier(m: Memory, one: int, other: int) -> int:
    """Return which of two places of the heap holds the event that comes first; no branch, so nothing to guess wrong."""
    events = rows.events(m)
    mine, theirs = events[one]["time"], events[other]["time"]
    behind = events[other]["order"] < events[one]["order"]
    return other if (theirs < mine) | ((theirs == mine) & behind) else one


@inlined
def drop_first(m: Memory) -> None:
    """Take the first event out of the heap."""
    events, registers = rows.events(m), rows.registers(m)
    last = registers[0]["events"] - 1
    registers[0]["events"] = last
    if last == 0:
        return
    time, order = events[last]["time"], events[last]["order"]
    place = 0
    below = 1
    while below < last:
        # The last one, which is to be placed, stands in for those beyond it.
        left = earlier(m, below, min(below + 1, last))
        right = earlier(m, min(below + 2, last), min(below + 3, last))
        below = earlier(m, left, right)
        if events[below]["time"] > time or (events[below]["time"] == time and events[below]["order"] >= order):
            break
        move(m, below, place)
        place = below
        below = 4 * place + 1
    move(m, last, place)


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
