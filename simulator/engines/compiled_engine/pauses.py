"""The wait step, compiled."""

import math

import numpy as np

from simulator.chance.compiled import bare, inlined
from simulator.chance.keyed import derived_key
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.agenda import schedule
from simulator.engines.compiled_engine.chance import hours_of, quantity_of
from simulator.engines.compiled_engine.recorder import enter, start
from simulator.engines.compiled_engine.rows import Memory
from simulator.engines.compiled_engine.tables import NOBODY, WAIT_DONE
from simulator.program.layout import MOST_DRAWS
from simulator.program.working_time import finish, last_at_most


@inlined
def wait(m: Memory, case: int, step: int, visit: int) -> None:
    """Let time pass on the calendar or the business clock, and then until the next moment of a schedule."""
    this, now = rows.steps(m)[step], rows.registers(m)[0]["now"]
    row = enter(m, case, step)
    rows.cases(m)[case]["row"] = row
    start(m, row, NOBODY)
    resumed = rows.cases(m)[case]["spent"] > 0.0
    hours = rest_of(m, case, step, visit) if resumed else hours_of(m, this["duration"], case, visit)
    until = now + hours
    if this["clock"] >= 0:
        calendar = rows.calendars(m)[this["clock"]]
        until = finish(now, hours, calendar["first"], calendar["count"], rows.opens(m), rows.closes(m), rows.worked(m))
    if this["schedule"] >= 0:
        span = rows.schedules(m)[this["schedule"]]
        at = last_at_most(np.nextafter(until, -math.inf), rows.moments(m), span["first"], span["count"]) + 1
        until = rows.moments(m)[span["first"] + at] if at < span["count"] else math.inf
    schedule(m, now + (until - now), WAIT_DONE, case, row)


@bare
def rest_of(m: Memory, case: int, step: int, visit: int) -> float:
    """Hours that are left of a wait under way: of the draws, the first that is longer than it has lasted.

    That is the distribution of a wait of which this much is known. Before a schedule nothing is known of the wait.
    Formulas are read as when it began.
    """
    this, who, once = rows.steps(m)[step], rows.cases(m)[case], rows.registers(m)[0]
    now, spent, key, left = once["now"], who["spent"], who["key"], 0.0
    who["spent"] = 0.0
    once["now"] = now - spent
    for draw in range(MOST_DRAWS if this["duration"] >= 0 else 0):
        hours = max(0.0, quantity_of(m, this["duration"], case, visit, key))
        if hours > spent or this["schedule"] >= 0:
            left = max(0.0, hours - spent)
            break
        key = derived_key(who["key"], this["purpose"], draw)
    once["now"] = now
    return left
