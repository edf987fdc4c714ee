"""The compiled event loop: the SimPy engine's generators, written as what happens at each event."""

import math

from simulator.chance.compiled import bare, inlined
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.agenda import (
    ALONE,
    QUEUED,
    drop_due,
    drop_first,
    foremost,
    look_ahead,
    moment_of,
    schedule,
    schedule_arrival,
)
from simulator.engines.compiled_engine.chance import bear_arrival, quantity_of
from simulator.engines.compiled_engine.instants import children_of, decide, end_case, set_values, spawn
from simulator.engines.compiled_engine.pauses import wait
from simulator.engines.compiled_engine.recorder import create, enter, leave, start, write_posting
from simulator.engines.compiled_engine.rows import Memory
from simulator.engines.compiled_engine.tables import (
    GAVE_UP,
    GRANTED,
    JOINED,
    NOBODY,
    PATIENCE,
    SHIFT,
    TOOL_DONE,
    WAIT_DONE,
    WORK_DONE,
)
from simulator.engines.compiled_engine.team import left_behind, shift_begins
from simulator.engines.compiled_engine.waiting import take_out
from simulator.engines.compiled_engine.work import STAYS, come_to_work, gave_up, start_work, tool_done, work_done
from simulator.program.layout import Kind
from simulator.records import Floats, Indices, Integers
from simulator.schema.magnitudes import LARGEST

MOST_AT_ONCE = 10_000
"""Steps that a case may take without time passing before it is taken to go round for ever."""
OVER, FULL, PAUSED, ENDLESS, UNPOSTABLE = range(5)
"""Why the loop came back: done, a table is full, the budget is spent, a case goes round, an amount is too big."""
LOOKING, DUE = 1, 2
"""Whether arrivals are under way: those of this moment are looked for, or the next was waited for and comes now."""
BEYOND_LEDGER = -3
"""What a step returns that posts such an amount."""


@inlined
def take_step(m: Memory, case: int, step: int, visit: int) -> int:
    """Let a case do what a step says; return the next step, or STAYS when time has to pass."""
    kind = rows.steps(m)[step]["kind"]
    who = rows.cases(m)[case]
    who["at"], who["visit"] = step, visit
    if kind == Kind.WORK:
        return come_to_work(m, case, step, visit)
    if kind == Kind.WAIT:
        wait(m, case, step, visit)
        return STAYS
    row, kept = -1, rows.kept(m)[step] != 0
    if kept:
        row = enter(m, case, step)
        start(m, row, NOBODY)
    following = rows.steps(m)[step]["next"]
    if kind == Kind.JOIN and who["children"] > 0:
        who["joining"], who["row"] = 1, row
        return STAYS
    if kind == Kind.DECIDE:
        following = decide(m, case, step, visit)
    elif kind == Kind.SET:
        target = who["parent"] if rows.steps(m)[step]["of_parent"] != 0 else case
        if target >= 0:
            set_values(m, case, target, step, visit, who["key"])
    elif kind == Kind.SPAWN:
        count = children_of(m, case, step, visit)
        spawn(m, case, step, visit, count)
    elif kind == Kind.POST:
        value = quantity_of(m, rows.steps(m)[step]["amount"], case, visit, who["key"])
        if not abs(value) <= LARGEST:
            rows.registers(m)[0]["endless_amount"] = value
            return BEYOND_LEDGER
        write_posting(m, case, step, rows.steps(m)[step]["account"], round(100 * value))
    elif kind == Kind.END:
        end_case(m, case, step)
        following = -1
    if kept:
        leave(m, row, following)
    return following


@inlined
def note_passing(m: Memory, case: int) -> None:
    """Count the steps that a case has taken since time last passed."""
    who = rows.cases(m)[case]
    who["at_once"] = who["at_once"] + 1 if who["moment"] == rows.registers(m)[0]["now"] else 0


@inlined
def walk(m: Memory) -> int:
    """Let the case under way take steps until time has to pass; FULL when a table has no room, OVER otherwise."""
    once = rows.registers(m)[0]
    case, step = once["case"], once["step"]
    who = rows.cases(m)[case]
    while step >= 0:
        if who["at_once"] > MOST_AT_ONCE:
            return ENDLESS
        place = rows.steps(m)[step]["place"]
        visit = rows.counts(m)[case, place] + 1
        needed = once["room"]
        if rows.steps(m)[step]["kind"] == Kind.SPAWN:
            needed += children_of(m, case, step, visit)
        if not rows.has_room(m, needed):
            return FULL
        rows.counts(m)[case, place] = visit
        who["moment"] = once["now"]
        step = take_step(m, case, step, visit)
        once["step"] = step
        if step == BEYOND_LEDGER:
            return UNPOSTABLE
        if step != STAYS:
            who["at_once"] += 1
    if who["at_once"] > MOST_AT_ONCE:
        return ENDLESS
    once["case"] = -1
    return OVER


@bare
def arrive(m: Memory, times: Floats, channels: Indices, keys: Integers) -> int:
    """Bring the cases that come now, and schedule the next."""
    registers = rows.registers(m)
    while registers[0]["arrived"] < times.size:
        at = registers[0]["arrived"]
        now = registers[0]["now"]
        # Rounding may leave the clock, now + (time - now), a last bit before the time: the case is due all the same.
        if registers[0]["arriving"] != DUE and times[at] > now:
            registers[0]["arriving"] = 0
            schedule_arrival(m, now + (times[at] - now))
            return OVER
        if not rows.has_room(m, registers[0]["room"]):
            return FULL
        channel = rows.wide(channels[at])
        case = create(m, keys[at], rows.wide(rows.channel_process(m)[channel]), channel, rows.wide(NOBODY))
        bear_arrival(m, case, at, channels, keys)
        registers[0]["arrived"], registers[0]["arriving"] = at + 1, LOOKING
    registers[0]["arriving"] = 0
    return OVER


@inlined
def what_happens(m: Memory, kind: int, subject: int, detail: int) -> None:
    """Let the event that was taken from the agenda happen, up to the step that its case takes next."""
    if kind == PATIENCE:
        if rows.tickets(m)[subject]["waiting"] != 0:
            take_out(m, subject)
            schedule(m, rows.registers(m)[0]["now"], GAVE_UP, rows.tickets(m)[subject]["case"], 0)
        return
    if kind == SHIFT:
        shift_begins(m, subject)
        return
    case, following = subject, STAYS
    who = rows.cases(m)[case]
    step, visit = rows.wide(who["at"]), rows.wide(who["visit"])
    if kind == WORK_DONE:
        following = work_done(m, case)
    elif kind == GRANTED:
        start_work(m, case, step, visit, detail)
    elif kind == WAIT_DONE:
        following = rows.steps(m)[step]["next"]
        leave(m, who["row"], following)
    elif kind == GAVE_UP:
        following = gave_up(m, case)
    elif kind == TOOL_DONE:
        following = tool_done(m, case, step, visit)
    elif kind == JOINED:
        who["joining"] = 0
        following = rows.steps(m)[step]["next"]
        leave(m, who["row"], following)
    if following != STAYS:
        note_passing(m, case)
    rows.registers(m)[0]["case"], rows.registers(m)[0]["step"] = case, following


@bare
def advance(m: Memory, times: Floats, channels: Indices, keys: Integers, budget: int) -> int:
    """Let events happen until the run is over, a table is full, or the budget of events is spent; say which.

    What is under way is finished first: a case that walks, arrivals of one moment, newborn cases, then the next event.
    """
    once = rows.registers(m)[0]
    while True:
        if once["case"] >= 0:
            status = walk(m)
            if status != OVER:
                return status
        if once["arriving"] != 0 and arrive(m, times, channels, keys) == FULL:
            return FULL
        if once["begun"] < once["roll"]:
            newborn = rows.roll(m)[once["begun"]]["place"]
            once["begun"] += 1
            once["case"] = newborn
            once["step"] = rows.cases(m)[newborn]["at"]
            continue
        where = foremost(m)
        moment = moment_of(m, where)
        if moment >= once["end"]:
            once["now"] = once["end"]
            return OVER
        if budget <= 0:
            return PAUSED
        if where == ALONE:
            budget -= 1
            once["now"], once["comes"], once["arriving"] = moment, math.inf, DUE
            continue
        event = rows.later(m)[once["due"]] if where == QUEUED else rows.events(m)[0]
        needed = once["room"]
        if event["kind"] == SHIFT:
            # Whoever waits for a colleague who has left goes to another queue: two notes each.
            needed += 2 * left_behind(m, rows.wide(event["subject"]), moment)
        if not rows.has_room(m, needed):
            return FULL
        budget -= 1
        once["now"] = moment
        kind, subject, detail = rows.wide(event["kind"]), rows.wide(event["subject"]), rows.wide(event["detail"])
        if where == QUEUED:
            drop_due(m)
        else:
            drop_first(m)
            look_ahead(m)
            # Most often this is the next event, whose case is then at hand when the one under way is done.
            rows.expect(m, rows.events(m)[0]["subject"], rows.events(m)[0]["detail"])
        what_happens(m, kind, subject, detail)
