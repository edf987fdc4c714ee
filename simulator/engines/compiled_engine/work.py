"""The work step, compiled: a tool tries, someone is found or waited for, effort is spent, the result may be wrong."""

import math

from simulator.chance.compiled import bare
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.agenda import schedule
from simulator.engines.compiled_engine.chance import chance_of, draw_uniform, hours_of, quantity_of
from simulator.engines.compiled_engine.recorder import enter, leave, start, write_posting
from simulator.engines.compiled_engine.rows import Memory
from simulator.engines.compiled_engine.tables import NOBODY, PATIENCE, TOOL_DONE, WORK_DONE
from simulator.engines.compiled_engine.team import (
    assign_to,
    begin,
    end_work,
    free_member,
    let_go,
    route,
    set_timer,
    take,
    unassign,
)
from simulator.engines.compiled_engine.waiting import count_waits, join_queue
from simulator.program.layout import Discipline, Ownership, Rule
from simulator.program.working_time import finish
from simulator.records import ACCOUNTS

COST = ACCOUNTS.index("cost")
STAYS = -2
"""What a step returns from which the case does not go on within this event."""


@bare
def come_to_work(m: Memory, case: int, step: int, visit: int) -> int:
    """Let a tool take the case or find someone; return the next step when the case is turned away."""
    automation = rows.steps(m)[step]["automation"]
    if automation >= 0:
        tool, now = rows.automations(m)[automation], rows.registers(m)[0]["now"]
        adopted = 1.0
        if now < tool["start"]:
            adopted = 0.0
        elif tool["adoption"] > 0.0:
            adopted = min(1.0, (now - tool["start"]) / tool["adoption"])
        key = rows.cases(m)[case]["key"]
        if draw_uniform(m, key, rows.steps(m)[step]["purpose"], visit) < tool["share"] * adopted:
            rows.cases(m)[case]["row"] = enter(m, case, step)
            start(m, rows.cases(m)[case]["row"], NOBODY)
            if tool["cents"] != 0:
                write_posting(m, case, step, COST, tool["cents"])
            if tool["time"] < 0:
                return tool_done(m, case, step, visit)
            delay = hours_of(m, rows.wide(tool["time"]), case, visit)
            schedule(m, now + delay, TOOL_DONE, case, rows.cases(m)[case]["row"])
            return STAYS
    return seek(m, case, step, visit, 1.0)


@bare
def tool_done(m: Memory, case: int, step: int, visit: int) -> int:
    """Go on after the tool, or hand the case to a person."""
    tool = rows.automations(m)[rows.steps(m)[step]["automation"]]
    u = draw_uniform(m, rows.cases(m)[case]["key"], tool["exception_purpose"], visit)
    handed_back = u < tool["exceptions"]
    following = rows.steps(m)[step]["next"]
    leave(m, rows.cases(m)[case]["row"], step if handed_back else following)
    if not handed_back:
        return following
    return seek(m, case, step, visit, tool["exception_effort"])


@bare
def seek(m: Memory, case: int, step: int, visit: int, effort_left: float) -> int:
    """Find someone or join a queue; return the next step when the case is turned away."""
    this = rows.steps(m)[step]
    team, owns, who, now = (
        this["team"],
        this["ownership"] != Ownership.NONE,
        rows.cases(m)[case],
        rows.registers(m)[0]["now"],
    )
    row = enter(m, case, step)
    who["row"], who["effort_left"], who["entered"], who["assigned"] = row, effort_left, now, NOBODY
    klass = this["queue_class"]
    if this["match"] >= 0:
        klass += int(rows.values(m)[case, this["match"]])
    number = rows.crews(m)[team]["comers"]
    rows.crews(m)[team]["comers"] = number + 1
    owner = NOBODY
    if owns and rows.owners(m)[case, team] >= 0:
        owner = rows.owners(m)[case, team]
        gone = now >= rows.members(m)[rows.teams(m)[team]["first_member"] + owner]["departs"]
        if gone or this["ownership"] == Ownership.TAKE:
            let_go(m, case, team)
            owner = NOBODY
    if owner == NOBODY and this["rule"] != Rule.FIRST_AVAILABLE:
        u = draw_uniform(m, who["key"], this["routing_purpose"], visit)
        owner = route(m, team, this["rule"], klass, u, this["sees_absence"] != 0)
        who["assigned"] = owner
        if owner != NOBODY:
            assign_to(m, case, team, owner, owns)
    member = free_member(m, team, klass, owner)
    if member != NOBODY:
        begin(m, team, member, number)
        take(m, case, team, klass, member)
        start_work(m, case, step, visit, member)
        return STAYS
    if 0 <= this["balk_at"] <= rows.crews(m)[team]["waiting"]:
        if who["assigned"] != NOBODY:
            unassign(m, case, team, who["assigned"], owns)
        who["waited"] = 0.0
        leave(m, row, this["balk_to"])
        return this["balk_to"]
    line_up(m, case, step, visit, klass, owner, number)
    return STAYS


@bare
def line_up(m: Memory, case: int, step: int, visit: int, klass: int, owner: int, number: int) -> None:
    """Let a case join the queue of whom it waits for, for as long as its patience lasts."""
    this = rows.steps(m)[step]
    team, ticket = this["team"], rows.registers(m)[0]["tickets"]
    rows.registers(m)[0]["tickets"] = ticket + 1
    note = rows.tickets(m)[ticket]
    note["rank"] = rank_of(m, case, step, visit, number)
    note["number"], note["case"], note["row"], note["waiting"] = number, case, rows.cases(m)[case]["row"], 1
    for cause in range(4):
        note["ticks"][cause] = 0
    count_waits(m, team)
    first_class, size = rows.teams(m)[team]["first_class"], rows.teams(m)[team]["members"]
    join_queue(m, ticket, rows.crews(m)[team]["first_queue"] + (klass - first_class) * (size + 1) + owner + 1)
    rows.crews(m)[team]["waiting"] += 1
    set_timer(m, team)
    if this["patience"] >= 0:
        patience = hours_of(m, this["patience"], case, visit)
        schedule(m, rows.registers(m)[0]["now"] + patience, PATIENCE, ticket, 0)


@bare
def rank_of(m: Memory, case: int, step: int, visit: int, number: int) -> float:
    """Place of a case in the queue of its team."""
    this = rows.steps(m)[step]
    discipline = rows.teams(m)[this["team"]]["discipline"]
    if discipline == Discipline.LIFO:
        return -float(number)
    if discipline == Discipline.PRIORITY:
        if this["priority"] < 0:
            return -0.0
        urgency = quantity_of(m, this["priority"], case, visit, rows.cases(m)[case]["key"])
        return 0.0 if math.isnan(urgency) else -urgency
    if discipline == Discipline.DUE:
        return rows.registers(m)[0]["now"] + hours_of(m, this["due"], case, visit)
    return 0.0


@bare
def start_work(m: Memory, case: int, step: int, visit: int, member: int) -> None:
    """Let someone begin; the end of the work is scheduled over nights and week-ends."""
    this, who, now = rows.steps(m)[step], rows.cases(m)[case], rows.registers(m)[0]["now"]
    team = this["team"]
    who["waited"] = now - who["entered"]
    person = rows.teams(m)[team]["first_member"] + member
    start(m, who["row"], person)
    who["member"], who["started"] = member, now
    hours = hours_of(m, this["effort"], case, visit) * who["effort_left"]
    if who["rework"] == step:
        hours *= who["rework_effort"]
        who["rework"] = -1
    abilities = rows.members(m)[person]
    speed = abilities["speed"]
    if abilities["ramp_up"] > 0.0:
        grown = min(1.0, max(0.0, (now - abilities["hired"]) / abilities["ramp_up"]))
        speed *= abilities["ramp_from"] + (1.0 - abilities["ramp_from"]) * grown
    calendar = rows.calendars(m)[abilities["calendar"]]
    done = finish(
        now, hours / speed, calendar["first"], calendar["count"], rows.opens(m), rows.closes(m), rows.worked(m)
    )
    done = min(done, max(now, abilities["departs"]))
    schedule(m, now + (done - now), WORK_DONE, case, who["row"])


@bare
def work_done(m: Memory, case: int) -> int:
    """Free the person, who takes the next case, and return where this one goes on."""
    who = rows.cases(m)[case]
    step, visit, member = rows.wide(who["at"]), rows.wide(who["visit"]), rows.wide(who["member"])
    this = rows.steps(m)[step]
    team = this["team"]
    person = rows.teams(m)[team]["first_member"] + member
    who["worked"] = rows.registers(m)[0]["now"] - who["started"]
    who["win_factor"] = rows.members(m)[person]["win_factor"]
    if who["assigned"] == member and this["ownership"] == Ownership.NONE:
        rows.people(m)[person]["load"] -= 1
    if this["ownership"] == Ownership.RELEASE:
        let_go(m, case, team)
    end_work(m, team, member)
    following = this["next"]
    if this["defect"] >= 0:
        u = draw_uniform(m, who["key"], rows.purpose(m)[this["defect"]], visit)
        if u < chance_of(m, this["defect"], case, visit):
            who["rework"], who["rework_effort"] = this["defect_to"], this["defect_effort"]
            following = this["defect_to"]
    leave(m, who["row"], following)
    return following


@bare
def gave_up(m: Memory, case: int) -> int:
    """Let a case go that nobody took in time, and return where it goes on."""
    who = rows.cases(m)[case]
    this = rows.steps(m)[who["at"]]
    if who["assigned"] != NOBODY:
        unassign(m, case, this["team"], who["assigned"], this["ownership"] != Ownership.NONE)
    who["waited"] = rows.registers(m)[0]["now"] - who["entered"]
    leave(m, who["row"], this["patience_to"])
    return this["patience_to"]
