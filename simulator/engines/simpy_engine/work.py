"""The work step: a tool tries, someone is found or waited for, effort is spent, and the result may be wrong."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

import simpy

from simulator.engines.simpy_engine.case import Case
from simulator.engines.simpy_engine.run import Run, Stay
from simulator.engines.simpy_engine.team import GAVE_UP, NOBODY, Team
from simulator.engines.simpy_engine.waiting import Ticket, rank_of
from simulator.program.layout import Discipline, Ownership, Rule, Step
from simulator.records import ACCOUNTS

COST: Final = ACCOUNTS.index("cost")
TURNED_AWAY: Final = GAVE_UP - 1


def work(run: Run, case: Case, step: Step, visit: int) -> Stay:
    """Let a tool or someone of the team do the step."""
    effort_left = 1.0
    if step.automation >= 0:
        effort_left = yield from _tool(run, case, step, visit)
        if effort_left < 0.0:
            return step.next
    team, entered = run.teams[step.team], run.env.now
    row = run.recorder.enter(case.row, step.row, entered)
    member, assigned = yield from _someone(run, case, step, visit, row)
    started = run.env.now
    case.waited = started - entered
    if member < 0:
        following = step.patience_to if member == GAVE_UP else step.balk_to
        run.recorder.leave(row, started, following)
        return following
    run.recorder.start(row, started, team.first_member + member)
    yield run.env.timeout(_elapsed(run, case, step, visit, team.first_member + member, effort_left))
    case.worked = run.env.now - started
    case.win_factor = run.members[team.first_member + member].win_factor
    if assigned == member and step.ownership == Ownership.NONE:
        team.load[member] -= 1
    if step.ownership == Ownership.RELEASE:
        team.let_go(case)
    team.end(member)
    following = _checked(run, case, step, visit)
    run.recorder.leave(row, run.env.now, following)
    return following


def _tool(run: Run, case: Case, step: Step, visit: int) -> Generator[simpy.Event, Any, float]:
    """Let a tool try the step; return the share of the effort that is left to a person, negative when it did it all."""
    tool, now = run.tables.automations[step.automation], run.env.now
    adopted = 1.0
    if now < tool["start"]:
        adopted = 0.0
    elif tool["adoption"] > 0.0:
        adopted = min(1.0, (now - float(tool["start"])) / float(tool["adoption"]))
    if run.chance.uniform(case.key, step.purpose, visit) >= float(tool["share"]) * adopted:
        return 1.0
    row = run.recorder.enter(case.row, step.row, now)
    run.recorder.start(row, now, NOBODY)
    if tool["cents"]:
        run.recorder.postings.append((now, case.row, step.row, COST, int(tool["cents"])))
    if tool["time"] >= 0:
        yield run.env.timeout(run.chance.hours(int(tool["time"]), case, now, visit))
    handed_back = run.chance.uniform(case.key, int(tool["exception_purpose"]), visit) < tool["exceptions"]
    run.recorder.leave(row, run.env.now, step.row if handed_back else step.next)
    return float(tool["exception_effort"]) if handed_back else -1.0


def _someone(run: Run, case: Case, step: Step, visit: int, row: int) -> Generator[simpy.Event, Any, tuple[int, int]]:
    """Find or wait for someone; return who it is (or that the case left), and to whom it had been assigned."""
    team, now = run.teams[step.team], run.env.now
    queue_class = step.queue_class + (int(case.values[step.match]) if step.match >= 0 else 0)
    number = team.number()
    owner = assigned = NOBODY
    if step.team in case.owners:
        owner = team.owner_of(case, step.ownership)
    if owner == NOBODY and step.rule != Rule.FIRST_AVAILABLE:
        u = run.chance.uniform(case.key, step.routing_purpose, visit)
        owner = assigned = team.route(step.rule, queue_class, u, sees_absence=bool(step.sees_absence))
        _assign(team, case, step, assigned)
    member = team.free_member(queue_class, owner)
    if member != NOBODY:
        team.begin(member, number)
        team.take(case, queue_class, member)
        return member, assigned
    if 0 <= step.balk_at <= team.waiting:
        _unassign(team, case, step, assigned)
        return TURNED_AWAY, assigned
    ticket = Ticket(case, row, number, _rank(run, case, step, visit, number), run.env.event())
    team.enqueue(ticket, queue_class, owner)
    if step.patience >= 0:
        timer = run.env.timeout(run.chance.hours(step.patience, case, now, visit))
        timer.callbacks.append(lambda _: team.give_up(ticket))
    member = yield ticket.event
    if member == GAVE_UP:
        _unassign(team, case, step, assigned)
    return member, assigned


def _assign(team: Team, case: Case, step: Step, member: int) -> None:
    """Note that a case was assigned to someone, who owns it if the step says so."""
    if member == NOBODY:
        return
    if step.ownership == Ownership.NONE:
        team.load[member] += 1
    else:
        team.own(case, member)


def _unassign(team: Team, case: Case, step: Step, member: int) -> None:
    """Take back an assignment of a case that nobody began to work on."""
    if member == NOBODY:
        return
    if step.ownership == Ownership.NONE:
        team.load[member] -= 1
    elif case.owners.get(step.team) == member:
        team.let_go(case)


def _rank(run: Run, case: Case, step: Step, visit: int, number: int) -> float:
    """Place of a case in the queue of its team."""
    discipline, now = run.teams[step.team].discipline, run.env.now
    if discipline == Discipline.PRIORITY and step.priority >= 0:
        return rank_of(discipline, number, run.chance.amount(step.priority, case, now, visit), 0.0)
    if discipline == Discipline.DUE:
        return rank_of(discipline, number, 0.0, now + run.chance.hours(step.due, case, now, visit))
    return rank_of(discipline, number, 0.0, 0.0)


def _elapsed(run: Run, case: Case, step: Step, visit: int, member: int, effort_left: float) -> float:
    """Time from now until a member has done the step, nights and week-ends included."""
    now = run.env.now
    hours = run.chance.hours(step.effort, case, now, visit) * effort_left
    if case.rework == step.row:
        hours *= case.rework_effort
        case.rework = -1
    who = run.members[member]
    speed = who.speed
    if who.ramp_up > 0.0:
        grown = min(1.0, max(0.0, (now - who.hired) / who.ramp_up))
        speed *= who.ramp_from + (1.0 - who.ramp_from) * grown
    done = run.on_clock(who.calendar, hours / speed)
    # Whoever leaves the firm hands over what is in hand as it is, on the last day.
    return min(done, max(now, who.departs)) - now


def _checked(run: Run, case: Case, step: Step, visit: int) -> int:
    """Return where finished work goes on: back when it turns out wrong."""
    if step.defect < 0:
        return step.next
    u = run.chance.uniform(case.key, int(run.tables.chances.purpose[step.defect]), visit)
    if u >= run.chance.probability(step.defect, case, run.env.now, visit):
        return step.next
    case.rework, case.rework_effort = step.defect_to, step.defect_effort
    return step.defect_to
