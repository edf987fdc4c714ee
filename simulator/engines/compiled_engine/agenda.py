"""The agenda of events: those of this moment, a heap of those of this period, and a list of each later period.

Most cases wait for days. A heap of all their events would be deep; the heap of one period is shallow and stays in the
nearest cache. Periods are of one length, and a later moment is never in an earlier one, so that the order is that of
one heap (a calendar queue: Brown, Communications of the ACM 31, 1988, here with a heap for the period under way).
What is to happen at the moment under way comes behind all that was noted for it before: a queue, first in, first out.
The next arrival, of which there is one at a time, stands by itself.
"""

import math

import numpy as np

from simulator.chance.compiled import bare, inlined
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.rows import Memory

QUEUED, ALONE, HEAPED = range(3)
"""Where the next event stands: among those of this moment, as the next arrival by itself, or in the heap."""


@inlined
def schedule(m: Memory, time: float, kind: int, subject: int, detail: int) -> None:
    """Note an event, behind those of the same time that are noted already."""
    once = rows.registers(m)[0]
    if time <= once["now"]:
        line_up(m, kind, subject, detail)
        return
    order = once["scheduled"]
    once["scheduled"] = order + 1
    once["events"] += 1
    if time * once["periods_an_hour"] >= once["later_from"]:
        put_off(m, time, order, kind, subject, detail)
    else:
        push(m, time, order, kind, subject, detail)


@inlined
def schedule_arrival(m: Memory, time: float) -> None:
    """Note when the next arrival comes, behind all events of the same time that are noted already."""
    once = rows.registers(m)[0]
    once["comes"], once["comes_after"] = time, once["scheduled"]


@inlined
def vacant_row(m: Memory) -> int:
    """Return a row for an event outside the heap."""
    once = rows.registers(m)[0]
    row = once["free"]
    if row >= 0:
        once["free"] = rows.later(m)[row]["next"]
    else:
        row = once["later"]
        once["later"] = row + 1
    return row


@inlined
def line_up(m: Memory, kind: int, subject: int, detail: int) -> None:
    """Note an event of this moment, behind the others."""
    once, row = rows.registers(m)[0], vacant_row(m)
    event = rows.later(m)[row]
    event["kind"], event["subject"], event["detail"], event["next"] = kind, subject, detail, -1
    if once["due"] < 0:
        once["due"] = row
    else:
        rows.later(m)[once["last_due"]]["next"] = row
    once["last_due"] = row


@inlined
def drop_due(m: Memory) -> None:
    """Take the first event of this moment out of the queue."""
    once = rows.registers(m)[0]
    row = once["due"]
    event = rows.later(m)[row]
    once["due"], event["next"], once["free"] = event["next"], once["free"], row


@bare
def put_off(m: Memory, time: float, order: int, kind: int, subject: int, detail: int) -> None:
    """Note an event in the list of its period; the last list holds all that come after it too."""
    once, row = rows.registers(m)[0], vacant_row(m)
    period = int(min(time * once["periods_an_hour"], float(rows.period_count(m) - 1)))
    event = rows.later(m)[row]
    event["time"], event["order"] = time, order
    event["kind"], event["subject"], event["detail"] = kind, subject, detail
    event["next"] = rows.periods(m)[period]
    rows.periods(m)[period] = row


@bare
def begin_period(m: Memory) -> None:
    """Fill the empty heap with the events of the next period that has any, unless the next arrival comes before it.

    Periods after that arrival are left alone: what it brings would otherwise all go into the heap.
    """
    once = rows.registers(m)[0]
    last = min(once["comes"] * once["periods_an_hour"], float(rows.period_count(m) - 1))
    while once["near"] == 0 and once["later_from"] <= last:
        period = int(once["later_from"])
        once["later_from"] += 1.0
        row = rows.periods(m)[period]
        while row >= 0:
            event = rows.later(m)[row]
            following = event["next"]
            push(m, event["time"], event["order"], event["kind"], event["subject"], event["detail"])
            event["next"], once["free"] = once["free"], row
            row = following
        if period + 1 < rows.period_count(m):
            once["ahead"] = rows.periods(m)[period + 1]
            rows.expect_later(m, once["ahead"])
        else:
            # Nothing is later than the last list: from now on all events go into the heap.
            once["ahead"], once["periods_an_hour"] = -1, 0.0


@inlined
def foremost(m: Memory) -> int:
    """Return where the next event stands: HEAPED too where there is none, whose moment is then infinite."""
    once = rows.registers(m)[0]
    if once["near"] == 0:
        begin_period(m)
    where, moment, comes = HEAPED, moment_of(m, HEAPED), once["comes"]
    if comes < moment or (comes == moment and once["comes_after"] <= rows.events(m)[0]["order"]):
        where, moment = ALONE, comes
    return QUEUED if once["due"] >= 0 and moment > once["now"] else where


@inlined
def moment_of(m: Memory, where: int) -> float:
    """Return when the first event that stands somewhere happens."""
    once = rows.registers(m)[0]
    if where == QUEUED:
        return once["now"]
    if where == ALONE:
        return once["comes"]
    return rows.events(m)[0]["time"] if once["near"] > 0 else math.inf


@inlined
def look_ahead(m: Memory) -> None:
    """Ask the processor for one more event of the next period, whose list is then at hand when the period begins."""
    once = rows.registers(m)[0]
    if once["ahead"] >= 0:
        once["ahead"] = rows.later(m)[once["ahead"]]["next"]
        rows.expect_later(m, once["ahead"])


@inlined
def push(m: Memory, time: float, order: int, kind: int, subject: int, detail: int) -> None:
    """Put an event into the heap.

    The heap is by time and order, and each place has four below it: half as deep as with two (Johnson, Information
    Processing Letters 4, 1975).
    """
    events, once = rows.events(m), rows.registers(m)[0]
    place = once["near"]
    once["near"] = place + 1
    while place > 0:
        above = (place - 1) >> 2
        before = events[above]
        if before["time"] < time or (before["time"] == time and before["order"] < order):
            break
        move(m, above, place)
        place = above
    event = events[place]
    event["time"], event["order"] = time, order
    event["kind"], event["subject"], event["detail"] = kind, subject, detail


@inlined
def move(m: Memory, source: int, target: int) -> None:
    """Copy an event to another place of the heap, field by field: whole rows are copied byte by byte, which is slow."""
    event, there = rows.events(m)[source], rows.events(m)[target]
    there["time"], there["order"] = event["time"], event["order"]
    there["kind"], there["subject"], there["detail"] = event["kind"], event["subject"], event["detail"]


@inlined
def _bits(moment: float) -> int:
    """Return the bits of a moment, which is never negative, as an integer: of the same order, and compared faster."""
    return int(np.float64(moment).view(np.int64))


@inlined
def earlier(m: Memory, one: int, other: int) -> int:
    """Return which of two places of the heap holds the event that comes first; no branch, so nothing to guess wrong."""
    events = rows.events(m)
    mine, theirs = _bits(events[one]["time"]), _bits(events[other]["time"])
    behind = events[other]["order"] < events[one]["order"]
    return other if (theirs < mine) | ((theirs == mine) & behind) else one


@inlined
def drop_first(m: Memory) -> None:
    """Take the first event out of the heap."""
    events, once = rows.events(m), rows.registers(m)[0]
    last = once["near"] - 1
    once["near"] = last
    once["events"] -= 1
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
