"""A team at work, compiled: who is idle, who takes which case next, who owns what."""

import math

from simulator.chance.compiled import bare, inlined
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.agenda import schedule
from simulator.engines.compiled_engine.heaps import head, merged
from simulator.engines.compiled_engine.rows import Memory
from simulator.engines.compiled_engine.tables import GRANTED, NOBODY, SHIFT
from simulator.engines.compiled_engine.waiting import (
    count_waits,
    join_queue,
    note_overtaking,
    present,
    segment_now,
    take_out,
)
from simulator.engines.routing import candidates, choose_member
from simulator.program.layout import Rule


@inlined
def full(m: Memory, person: int) -> bool:
    """Return whether a person owns as many cases as allowed."""
    return 0 < rows.members(m)[person]["open_cases"] <= rows.people(m)[person]["owned"]


@inlined
def begin(m: Memory, team: int, member: int, number: int) -> None:
    """Let a member begin on the case of this number."""
    count_waits(m, team)
    person = rows.teams(m)[team]["first_member"] + member
    rows.people(m)[person]["serving"] = number
    rows.people(m)[person]["idle_since"] = -1


@bare
def serve_waiting(m: Memory, team: int, member: int) -> None:
    """Give an idle member on shift the waiting case whose turn it is."""
    person = rows.teams(m)[team]["first_member"] + member
    if rows.people(m)[person]["idle_since"] < 0 or not present(m, team, segment_now(m, team), member):
        return
    row = rows.teams(m)[team]
    first_class, classes, size = row["first_class"], row["classes"], row["members"]
    best = -1
    for klass in range(first_class, first_class + classes):
        shared = rows.crews(m)[team]["first_queue"] + (klass - first_class) * (size + 1)
        blocked = rows.serves(m)[klass, person] == 0 or (rows.class_takes(m)[klass] != 0 and full(m, person))
        for queue in (shared + 1 + member, shared):
            if rows.queues(m)[queue]["length"] == 0 or (queue == shared and blocked):
                continue
            first = head(m, queue)
            if best < 0:
                best = first
                continue
            a, b = rows.tickets(m)[first], rows.tickets(m)[best]
            if a["rank"] < b["rank"] or (a["rank"] == b["rank"] and a["number"] < b["number"]):
                best = first
    if best >= 0:
        take_out(m, best)
        begin(m, team, member, rows.tickets(m)[best]["number"])
        klass = rows.queues(m)[rows.tickets(m)[best]["queue"]]["klass"]
        take(m, rows.tickets(m)[best]["case"], team, klass, member)
        schedule(m, rows.registers(m)[0]["now"], GRANTED, rows.tickets(m)[best]["case"], member)


@inlined
def serve(m: Memory, team: int, member: int) -> None:
    """Let a member look for a waiting case."""
    if rows.crews(m)[team]["waiting"] > 0:
        serve_waiting(m, team, member)


@inlined
def end_work(m: Memory, team: int, member: int) -> None:
    """Let a member finish, and take the next case."""
    count_waits(m, team)
    person = rows.teams(m)[team]["first_member"] + member
    rows.people(m)[person]["serving"] = -1
    rows.people(m)[person]["idle_since"] = rows.crews(m)[team]["idled"]
    rows.crews(m)[team]["idled"] += 1
    serve(m, team, member)


@inlined
def own(m: Memory, case: int, team: int, member: int) -> None:
    """Give a case to a member."""
    rows.owners(m)[case, team] = member
    person = rows.teams(m)[team]["first_member"] + member
    rows.people(m)[person]["owned"] += 1
    rows.people(m)[person]["load"] += 1


@inlined
def take(m: Memory, case: int, team: int, klass: int, member: int) -> None:
    """Let a member who begins own the case, if it is of a class that is taken and nobody's yet."""
    if rows.class_takes(m)[klass] != 0 and rows.owners(m)[case, team] < 0:
        own(m, case, team, member)


@bare
def let_go(m: Memory, case: int, team: int) -> None:
    """Take a case from its owner, who may then take another."""
    member = rows.wide(rows.owners(m)[case, team])
    rows.owners(m)[case, team] = -1
    count_waits(m, team)
    person = rows.teams(m)[team]["first_member"] + member
    rows.people(m)[person]["owned"] -= 1
    rows.people(m)[person]["load"] -= 1
    serve(m, team, member)


@bare
def assign_to(m: Memory, case: int, team: int, member: int, owns: bool) -> None:
    """Note that a case was assigned to someone, who owns it if the step says so."""
    if not owns:
        rows.people(m)[rows.teams(m)[team]["first_member"] + member]["load"] += 1
        return
    own(m, case, team, member)


@bare
def unassign(m: Memory, case: int, team: int, member: int, owns: bool) -> None:
    """Take back an assignment of a case that nobody began to work on."""
    if not owns:
        rows.people(m)[rows.teams(m)[team]["first_member"] + member]["load"] -= 1
    elif rows.owners(m)[case, team] == member:
        let_go(m, case, team)


@bare
def route(m: Memory, team: int, rule: int, klass: int, u: float, sees_absence: bool) -> int:
    """Pick the person to whom a case is assigned; nobody when all who could are at their limit."""
    row, now = rows.teams(m)[team], rows.registers(m)[0]["now"]
    first, size = row["first_member"], row["members"]
    able, chosen = rows.scratch(m)[0, :size], rows.scratch(m)[1, :size]
    for member in range(size):
        who = rows.members(m)[first + member]
        employed = who["hired"] <= now < who["departs"]
        limited = rows.class_takes(m)[klass] != 0 and full(m, first + member)
        able[member] = rows.serves(m)[klass, first + member] != 0 and employed and not limited
    start = row["presence_first"]
    presence = rows.presence(m)[start : start + row["roster_count"] * size].reshape((row["roster_count"], size))
    candidates(able, presence, segment_now(m, team), sees_absence, chosen)
    crew = slice(first, first + size)
    load, weight, win_factor = (
        rows.people(m)["load"][crew],
        rows.members(m)["weight"][crew],
        rows.members(m)["win_factor"][crew],
    )
    picked = choose_member(rule, chosen, load, weight, win_factor, rows.turns(m)[klass], u)
    if rule == Rule.ROUND_ROBIN and picked >= 0:
        rows.turns(m)[klass] = picked
    return picked


@inlined
def free_member(m: Memory, team: int, klass: int, owner: int) -> int:
    """Return who can start at once, the longest idle first; NOBODY when the case has to wait."""
    first, size = rows.teams(m)[team]["first_member"], rows.teams(m)[team]["members"]
    segment = segment_now(m, team)
    if owner != NOBODY:
        free = rows.people(m)[first + owner]["idle_since"] >= 0 and present(m, team, segment, owner)
        return owner if free else NOBODY
    found, longest = NOBODY, 0
    for member in range(size):
        since = rows.people(m)[first + member]["idle_since"]
        if since < 0 or (found >= 0 and since >= longest):
            continue
        if not present(m, team, segment, member) or rows.serves(m)[klass, first + member] == 0:
            continue
        if rows.class_takes(m)[klass] != 0 and full(m, first + member):
            continue
        found, longest = member, since
    return found


@bare
def set_timer(m: Memory, team: int) -> None:
    """Wake the team at the next moment at which someone comes on shift."""
    opening = rows.roster_opening(m)[rows.teams(m)[team]["roster_first"] + segment_now(m, team)]
    if rows.crews(m)[team]["timer_set"] != 0 or math.isinf(opening):
        return
    rows.crews(m)[team]["timer_set"] = 1
    now = rows.registers(m)[0]["now"]
    schedule(m, now + (opening - now), SHIFT, team, 0)


@bare
def shift_begins(m: Memory, team: int) -> None:
    """Let those who are on shift take what waits."""
    rows.crews(m)[team]["timer_set"] = 0
    reassign_departed(m, team)
    first, size = rows.teams(m)[team]["first_member"], rows.teams(m)[team]["members"]
    last = -1
    while True:
        # Whoever begins is no longer idle, so the next longest idle is always behind the last that was asked.
        longest, found = rows.crews(m)[team]["idled"], -1
        for member in range(size):
            since = rows.people(m)[first + member]["idle_since"]
            if last < since < longest:
                longest, found = since, member
        if found < 0:
            break
        last = longest
        serve(m, team, found)
    if rows.crews(m)[team]["waiting"] > 0:
        set_timer(m, team)


@inlined
def gone(m: Memory, team: int, owner: int, moment: float) -> bool:
    """Return whether the owner of a queue has left the firm by a moment; nobody's queue has no owner to leave."""
    return owner != NOBODY and moment >= rows.members(m)[rows.teams(m)[team]["first_member"] + owner]["departs"]


@bare
def left_behind(m: Memory, team: int, moment: float) -> int:
    """Return how many cases wait for someone who has left the firm by a moment."""
    first_queue, cases = rows.crews(m)[team]["first_queue"], 0
    for queue in range(first_queue, first_queue + rows.crews(m)[team]["queues"]):
        if gone(m, team, rows.queues(m)[queue]["owner"], moment):
            cases += rows.queues(m)[queue]["length"]
    return cases


@bare
def reassign_departed(m: Memory, team: int) -> None:
    """Move the cases that wait for someone who has left the firm to the queue that anyone serves."""
    count_waits(m, team)
    now = rows.registers(m)[0]["now"]
    first_queue = rows.crews(m)[team]["first_queue"]
    for queue in range(first_queue, first_queue + rows.crews(m)[team]["queues"]):
        owner = rows.queues(m)[queue]["owner"]
        if not gone(m, team, owner, now):
            continue
        shared = queue - owner - 1
        while rows.queues(m)[queue]["length"] > 0:
            ticket = head(m, queue)
            rows.queues(m)[queue]["root"] = merged(m, rows.tickets(m)[ticket]["left"], rows.tickets(m)[ticket]["right"])
            rows.queues(m)[queue]["length"] -= 1
            for cause in range(4):
                rows.tickets(m)[ticket]["ticks"][cause] += rows.queues(m)[queue]["ticks"][cause]
            note_overtaking(m, queue, ticket, 1, rows.tickets(m)[ticket]["number"], 0)
            if rows.owners(m)[rows.tickets(m)[ticket]["case"], team] >= 0:
                let_go(m, rows.wide(rows.tickets(m)[ticket]["case"]), team)
            join_queue(m, ticket, shared)
