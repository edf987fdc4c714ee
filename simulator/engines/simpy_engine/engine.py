"""The SimPy engine: a generator for each case walks through the steps of its process."""

from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Callable, Generator
from typing import Any, Final

import numpy as np
import simpy

from simulator.chance.keyed import derived_key
from simulator.engines.arrivals import draw_arrivals
from simulator.engines.simpy_engine.case import Case
from simulator.engines.simpy_engine.chance import Chance
from simulator.engines.simpy_engine.recorder import Recorder
from simulator.engines.simpy_engine.team import GAVE_UP, NOBODY, Team, rank_of
from simulator.engines.simpy_engine.waiting import Ticket
from simulator.errors import CaudalError
from simulator.program.layout import STEP, Discipline, Kind, Ownership, Program, Rule
from simulator.program.working_time import finish, last_at_most
from simulator.records import ACCOUNTS, Records

Step = namedtuple("Step", [*STEP.names, "index"])  # type: ignore[misc] # noqa: PYI024 - the fields are those of the table
Life = Generator[simpy.Event, Any, None]
Stay = Generator[simpy.Event, Any, int]
COST: Final = ACCOUNTS.index("cost")
SIBLINGS: Final = 2**20
"""Children that one visit to a step may have, so that every child has an ordinal of its own."""
MOST_AT_ONCE: Final = 10_000
"""Steps that a case may take without time passing before it is taken to go round for ever."""


def simulate(program: Program, seed: int, replication: int) -> Records:
    """Run one replication of a program and return its records.

    Raises CaudalError when a case goes round without time passing.
    """
    return SimPyEngine(program, seed, replication).run()


class SimPyEngine:
    """One replication of a program."""

    def __init__(self, program: Program, seed: int, replication: int) -> None:
        self.program = program
        self.tables = program.tables
        self.seed = seed
        self.replication = replication
        self.env = simpy.Environment()
        self.recorder = Recorder()
        self.chance = Chance(program, seed, replication)
        self.teams = [Team(self.env, program, index, self.recorder) for index in range(program.tables.teams.size)]
        self.steps = [Step(*row, index) for index, row in enumerate(program.tables.steps.tolist())]
        self.outcomes: list[tuple[int, int, int]] = program.tables.outcomes.tolist()
        self.assignments: list[tuple[int, int]] = program.tables.assignments.tolist()
        self.firsts: list[int] = program.tables.processes["first_step"].tolist()
        self.width = program.tables.births.shape[-1]
        self.take: dict[int, Callable[[Case, Step, int], Stay]] = {Kind.WORK: self.work, Kind.WAIT: self.wait, Kind.JOIN: self.join}
        self.pass_by: dict[int, Callable[[Case, Step, int], int]] = {
            Kind.DECIDE: self.decide, Kind.SET: self.set, Kind.SPAWN: self.spawn, Kind.POST: self.post, Kind.END: self.end,
        }  # fmt: skip

    def run(self) -> Records:
        """Let all cases arrive and live until the end of the run."""
        self.env.process(self.arrivals())
        self.env.run(until=self.program.end)
        for team in self.teams:
            team.close()
        return self.recorder.records(self.program.end)

    def arrivals(self) -> Life:
        """Bring the cases that come from outside."""
        arrivals = draw_arrivals(self.program, self.seed, self.replication)
        processes = self.tables.channel_process.tolist()
        rows = zip(arrivals.time.tolist(), arrivals.channel.tolist(), arrivals.key.tolist(), strict=True)
        for time, channel, key in rows:
            if time > self.env.now:
                yield self.env.timeout(time - self.env.now)
            case = self.create(key, processes[channel], channel, None)
            self.chance.give_birth(case, channel, self.env.now)
            self.env.process(self.life(case))

    def create(self, key: int, process: int, channel: int, parent: Case | None) -> Case:
        """Create a case, whose life is yet to begin."""
        case = Case(len(self.recorder.cases), key, process, channel, parent, self.env.now, self.width)
        self.recorder.cases.append(case)
        return case

    def life(self, case: Case) -> Life:
        """Walk a case through its process."""
        index = self.firsts[case.process]
        at_once = 0
        while index >= 0:
            step = self.steps[index]
            case.visits[index] += 1
            visit = case.visits[index]
            if step.kind in self.take:
                index = yield from self.take[step.kind](case, step, visit)
                at_once = 0
            else:
                row = len(self.recorder.visits)
                following = self.pass_by[step.kind](case, step, visit)
                self.recorder.pass_through(case.row, index, self.env.now, following)
                assert row == len(self.recorder.visits) - 1
                index = following
                at_once += 1
                if at_once > MOST_AT_ONCE:
                    name = self.program.names.steps[step.index]
                    raise CaudalError(f"a case goes round through '{name}' without time passing: put a wait or work into the loop")

    # Steps that take time.

    def work(self, case: Case, step: Step, visit: int) -> Stay:
        """Let a tool or someone of the team do the step."""
        effort_factor = 1.0
        if step.automation >= 0:
            taken, handed_back, effort_factor = yield from self.tool(case, step, visit)
            if taken and not handed_back:
                return step.next
        row = self.recorder.enter(case.row, step.index, self.env.now)
        team = self.teams[step.team]
        entered = self.env.now
        member, assigned = yield from self.someone(case, step, visit, row)
        case.waited = self.env.now - entered
        if member < 0:
            following = step.patience_to if member == GAVE_UP else step.balk_to
            self.recorder.leave(row, self.env.now, following)
            return following
        if step.ownership != Ownership.NONE and case.owners.get(step.team) != member:
            case.owners.pop(step.team, None)
            team.own(case, step.team, member)
        started = self.env.now
        self.recorder.start(row, started, team.first_member + member)
        delay = self.effort(case, step, visit, team.first_member + member) if effort_factor == 1.0 else \
            self.effort(case, step, visit, team.first_member + member, effort_factor)
        yield self.env.timeout(delay)
        case.worked = self.env.now - started
        case.win_factor = float(team.win_factors[member])
        if assigned == member and step.ownership == Ownership.NONE:
            team.load[member] -= 1
        if step.ownership == Ownership.RELEASE:
            team.let_go(case, step.team)
        team.end(member)
        following = self.checked(case, step, visit)
        self.recorder.leave(row, self.env.now, following)
        return following

    def tool(self, case: Case, step: Step, visit: int) -> Generator[simpy.Event, Any, tuple[bool, bool, float]]:
        """Let a tool try the step; return whether it took the case, whether it handed it back, and the effort that is left."""
        tool = self.tables.automations[step.automation]
        now = self.env.now
        adopted = 1.0
        if now < tool["start"]:
            adopted = 0.0
        elif tool["adoption"] > 0.0:
            adopted = min(1.0, (now - tool["start"]) / tool["adoption"])
        if self.chance.uniform(case.key, step.purpose, visit) >= tool["share"] * adopted:
            return False, False, 1.0
        row = self.recorder.enter(case.row, step.index, now)
        self.recorder.start(row, now, NOBODY)
        if tool["cents"]:
            self.recorder.postings.append((now, case.row, step.index, COST, int(tool["cents"])))
        if tool["time"] >= 0:
            yield self.env.timeout(self.chance.hours(int(tool["time"]), case, now, visit))
        handed_back = self.chance.uniform(case.key, int(tool["exception_purpose"]), visit) < tool["exceptions"]
        self.recorder.leave(row, self.env.now, step.index if handed_back else step.next)
        return True, handed_back, float(tool["exception_effort"])

    def someone(self, case: Case, step: Step, visit: int, row: int) -> Generator[simpy.Event, Any, tuple[int, int]]:
        """Find or wait for someone; return who it is (or that the case left), and to whom the case had been assigned."""
        team, now = self.teams[step.team], self.env.now
        klass = step.queue_class + (int(case.values[step.match]) if step.match >= 0 else 0)
        number = team.number()
        owner = assigned = NOBODY
        if step.ownership in {Ownership.KEEP, Ownership.RELEASE}:
            owner = team.owner_of(case, step.team)
        if owner == NOBODY and step.rule != Rule.FIRST_AVAILABLE:
            u = self.chance.uniform(case.key, step.routing_purpose, visit)
            owner = assigned = team.route(step.rule, klass, u, sees_absence=bool(step.sees_absence))
            self.assign(team, case, step, assigned)
        member = team.free_member(klass, owner)
        if member != NOBODY:
            team.begin(member, number)
            return member, assigned
        if 0 <= step.balk_at <= team.waiting:
            self.unassign(team, case, step, assigned)
            return GAVE_UP - 1, assigned
        ticket = Ticket(case, row, number, self.rank(case, step, visit, number), self.env.event())
        team.enqueue(ticket, klass, owner)
        if step.patience >= 0:
            timer = self.env.timeout(self.chance.hours(step.patience, case, now, visit))
            timer.callbacks.append(lambda _: team.give_up(ticket))
        member = yield ticket.event
        if member == GAVE_UP:
            self.unassign(team, case, step, assigned)
        return member, assigned

    @staticmethod
    def assign(team: Team, case: Case, step: Step, member: int) -> None:
        """Note that a case was assigned to someone, who owns it if the step says so."""
        if member == NOBODY:
            return
        if step.ownership != Ownership.NONE:
            case.owners.pop(step.team, None)
            team.own(case, step.team, member)
        else:
            team.load[member] += 1

    @staticmethod
    def unassign(team: Team, case: Case, step: Step, member: int) -> None:
        """Take back an assignment of a case that nobody began to work on."""
        if member == NOBODY:
            return
        if step.ownership != Ownership.NONE:
            team.let_go(case, step.team)
        else:
            team.load[member] -= 1

    def rank(self, case: Case, step: Step, visit: int, number: int) -> float:
        """Place of a case in the queue of its team."""
        discipline, now = self.teams[step.team].discipline, self.env.now
        priority = self.chance.amount(step.priority, case, now, visit) if discipline == Discipline.PRIORITY and step.priority >= 0 else 0.0
        due = now + self.chance.hours(step.due, case, now, visit) if discipline == Discipline.DUE else 0.0
        return rank_of(discipline, number, priority, due)

    def effort(self, case: Case, step: Step, visit: int, member: int, factor: float = 1.0) -> float:
        """Time from now until a member has done the step, nights and week-ends included."""
        now = self.env.now
        hours = self.chance.hours(step.effort, case, now, visit) * factor
        if case.rework == step.index:
            hours *= case.rework_effort
            case.rework = -1
        who = self.tables.members[member]
        speed = float(who["speed"])
        if who["ramp_up"] > 0.0:
            grown = min(1.0, max(0.0, (now - float(who["hired"])) / float(who["ramp_up"])))
            speed *= float(who["ramp_from"]) + (1.0 - float(who["ramp_from"])) * grown
        return self.on_clock(int(who["calendar"]), hours / speed) - now

    def on_clock(self, calendar: int, hours: float) -> float:
        """Moment at which some working hours of a calendar that begin now are over."""
        span, tables = self.tables.calendars[calendar], self.tables
        done: float = finish(self.env.now, hours, int(span["first"]), int(span["count"]), tables.opens, tables.closes, tables.worked)
        return done

    def checked(self, case: Case, step: Step, visit: int) -> int:
        """Return where finished work goes on: back when it turns out wrong."""
        if step.defect < 0:
            return step.next
        u = self.chance.uniform(case.key, int(self.tables.chances.purpose[step.defect]), visit)
        if u >= self.chance.probability(step.defect, case, self.env.now, visit):
            return step.next
        case.rework, case.rework_effort = step.defect_to, step.defect_effort
        return step.defect_to

    def wait(self, case: Case, step: Step, visit: int) -> Stay:
        """Let time pass on the calendar or the business clock, and then until the next moment of a schedule."""
        now = self.env.now
        row = self.recorder.enter(case.row, step.index, now)
        self.recorder.start(row, now, NOBODY)
        hours = self.chance.hours(step.duration, case, now, visit)
        until = now + hours if step.clock < 0 else self.on_clock(step.clock, hours)
        if step.schedule >= 0:
            span = self.tables.schedules[step.schedule]
            first, count = int(span["first"]), int(span["count"])
            at = last_at_most(np.nextafter(until, -math.inf), self.tables.moments, first, count) + 1
            until = float(self.tables.moments[first + at]) if at < count else math.inf
        yield self.env.timeout(until - now)
        self.recorder.leave(row, self.env.now, step.next)
        return step.next

    def join(self, case: Case, step: Step, visit: int) -> Stay:  # noqa: ARG002 - all steps are called alike
        """Wait until all joined children have ended."""
        row = self.recorder.enter(case.row, step.index, self.env.now)
        self.recorder.start(row, self.env.now, NOBODY)
        if case.children:
            case.joining = self.env.event()
            yield case.joining
            case.joining = None
        self.recorder.leave(row, self.env.now, step.next)
        return step.next

    # Steps that take no time.

    def decide(self, case: Case, step: Step, visit: int) -> int:
        """Choose one of several outcomes, the conditions and probabilities being tried in their order."""
        u, now, passed = self.chance.uniform(case.key, step.purpose, visit), self.env.now, 0.0
        following: int = step.next
        for when, probability, to in self.outcomes[step.first : step.first + step.count]:
            following = to
            if when >= 0 and not self.chance.holds(when, case, now, visit):
                continue
            if probability < 0:
                break
            passed += self.chance.probability(probability, case, now, visit)
            if u < passed:
                break
        return following

    def set(self, case: Case, step: Step, visit: int) -> int:
        """Change attributes of the case or of its parent."""
        target = case.parent if step.of_parent else case
        if target is not None:
            for attribute, quantity in self.assignments[step.first : step.first + step.count]:
                self.chance.set(case, target, attribute, quantity, self.env.now, visit, case.key)
        return step.next

    def spawn(self, case: Case, step: Step, visit: int) -> int:
        """Start child cases."""
        now = self.env.now
        count = 1 if step.number < 0 else max(0, round(self.chance.amount(step.number, case, now, visit)))
        for ordinal in range(min(count, SIBLINGS)):
            key = derived_key(case.key, step.purpose, visit * SIBLINGS + ordinal)
            child = self.create(key, step.target, step.channel, case)
            if step.channel >= 0:
                self.chance.give_birth(child, step.channel, now)
            else:
                child.values[:], child.touched[:] = case.values, case.touched
            for attribute, quantity in self.assignments[step.first : step.first + step.count]:
                self.chance.set(case, child, attribute, quantity, now, visit, key)
            if step.joined:
                child.joined = True
                case.children += 1
            self.env.process(self.life(child))
        return step.next

    def post(self, case: Case, step: Step, visit: int) -> int:
        """Write an amount to the ledger, in cents."""
        cents = round(100 * self.chance.amount(step.amount, case, self.env.now, visit))
        self.recorder.postings.append((self.env.now, case.row, step.index, step.account, cents))
        return step.next

    def end(self, case: Case, step: Step, visit: int) -> int:  # noqa: ARG002 - all steps are called alike
        """Close the case: its owners are free of it, and a parent that waits for it may go on."""
        case.ended, case.outcome = self.env.now, step.outcome
        for team in sorted(case.owners):
            self.teams[team].let_go(case, team)
        parent = case.parent
        if case.joined and parent is not None:
            parent.children -= 1
            if parent.children == 0 and parent.joining is not None:
                parent.joining.succeed()
        return -1
