"""A team at work: who is idle, who waits, who takes which case next."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import simpy

from simulator.engines.routing import candidates, choose_member
from simulator.engines.simpy_engine.recorder import Recorder, ticks
from simulator.engines.simpy_engine.roster import Roster
from simulator.engines.simpy_engine.waiting import BUSY, LIMIT, OFF_SHIFT, OWNERSHIP, Queue, Ticket
from simulator.program.layout import Ownership, Rule
from simulator.program.program import Program

if TYPE_CHECKING:
    from simulator.engines.simpy_engine.case import Case

GAVE_UP = -1
NOBODY = -1


class Team:
    """State of one team; members are counted from 0 within it."""

    def __init__(self, env: simpy.Environment, program: Program, index: int, recorder: Recorder) -> None:
        tables = program.tables
        row = tables.teams[index]
        first, size = int(row["first_member"]), int(row["members"])
        crew = tables.members[first : first + size]
        self.env = env
        self.recorder = recorder
        self.index = index
        self.first_member = first
        self.members = range(size)
        self.discipline = int(row["discipline"])
        self.weights = np.ascontiguousarray(crew["weight"])
        self.win_factors = np.ascontiguousarray(crew["win_factor"])
        self.limits: list[int] = crew["open_cases"].tolist()
        self.hired: list[float] = crew["hired"].tolist()
        self.departs: list[float] = crew["departs"].tolist()
        first_class, classes = int(row["first_class"]), int(row["classes"])
        self.serves = {
            k: tables.serves[k, first : first + size].astype(np.bool_)
            for k in range(first_class, first_class + classes)
        }
        self.able = {k: np.flatnonzero(flags).tolist() for k, flags in self.serves.items()}
        self.takes: dict[int, bool] = {k: bool(tables.class_takes[k]) for k in self.serves}
        self.roster = Roster(program, index, env)
        self.idle: dict[int, None] = dict.fromkeys(self.members)
        """Idle members, the longest idle first."""
        self.serving = [-1] * size
        """Number of the case that each member works on, by order of coming; -1 for none."""
        self.owned = [0] * size
        self.load = np.zeros(size, np.int64)
        self.turn = dict.fromkeys(self.serves, size - 1)
        self.queues = {(k, owner): Queue(k, owner) for k in self.serves for owner in (NOBODY, *self.members)}
        self.waiting = 0
        self.comers = 0
        self.clock = 0.0
        """Moment up to which the waits are counted."""
        self.counted = 0
        """Segment that holds it."""
        self.timer_set = False

    def number(self) -> int:
        """Number the cases in the order in which they come to the team."""
        self.comers += 1
        return self.comers - 1

    def owner_of(self, case: Case, ownership: int) -> int:
        """Who goes on with a case that someone of this team owns: the owner, if still there, where the step keeps it.

        A step that takes it anew, and an owner who has left the firm, let it go; a step without ownership is anyone's.
        """
        if ownership == Ownership.NONE:
            return NOBODY
        owner = case.owners[self.index]
        if ownership == Ownership.TAKE or self.env.now >= self.departs[owner]:
            self.let_go(case)
            return NOBODY
        return owner

    def route(self, rule: int, klass: int, u: float, *, sees_absence: bool) -> int:
        """Pick the person to whom a case is assigned; nobody when all who could are at their limit."""
        now = self.env.now
        able = self.serves[klass].copy()
        for member in self.able[klass]:
            employed = self.hired[member] <= now < self.departs[member]
            able[member] = employed and not (self.takes[klass] and self.full(member))
        chosen = np.zeros(able.size, np.bool_)
        candidates(able, self.roster.table, self.roster.now_in(), sees_absence, chosen)
        picked: int = choose_member(rule, chosen, self.load, self.weights, self.win_factors, self.turn[klass], u)
        if rule == Rule.ROUND_ROBIN and picked >= 0:
            self.turn[klass] = picked
        return picked

    def full(self, member: int) -> bool:
        """Whether a member owns as many cases as allowed."""
        return 0 < self.limits[member] <= self.owned[member]

    def take(self, case: Case, klass: int, member: int) -> None:
        """Let a member who begins own the case, if it is of a class that is taken and nobody's yet."""
        if self.takes[klass] and self.index not in case.owners:
            self.own(case, member)

    def own(self, case: Case, member: int) -> None:
        """Give the case to a member."""
        case.owners[self.index] = member
        self.owned[member] += 1
        self.load[member] += 1

    def let_go(self, case: Case) -> None:
        """Take the case from its owner, who may then take another."""
        member = case.owners.pop(self.index)
        self.count_waits()
        self.owned[member] -= 1
        self.load[member] -= 1
        self.serve(member)

    def free_member(self, klass: int, owner: int) -> int:
        """Return who can start at once, the longest idle first; NOBODY when the case has to wait."""
        present = self.roster.present()
        if owner != NOBODY:
            return owner if owner in self.idle and present[owner] else NOBODY
        serves, takes = self.serves[klass], self.takes[klass]
        for member in self.idle:
            if present[member] and serves[member] and not (takes and self.full(member)):
                return member
        return NOBODY

    def begin(self, member: int, number: int) -> None:
        """Let a member begin on the case of this number."""
        self.count_waits()
        del self.idle[member]
        self.serving[member] = number

    def end(self, member: int) -> None:
        """Let a member finish, and take the next case."""
        self.count_waits()
        self.serving[member] = -1
        self.idle[member] = None
        self.serve(member)

    def enqueue(self, ticket: Ticket, klass: int, owner: int) -> None:
        """Let a case wait, and wake the team at the next shift that begins."""
        self.count_waits()
        self.queues[klass, owner].join(ticket)
        self.waiting += 1
        self._set_timer()

    def give_up(self, ticket: Ticket) -> None:
        """Take a case out of its queue, if it still waits, and tell it so."""
        if ticket.waiting:
            self._take_out(ticket)
            ticket.event.succeed(GAVE_UP)

    def serve(self, member: int) -> None:
        """Give an idle member on shift the waiting case whose turn it is."""
        if not self.waiting or member not in self.idle or not self.roster.present()[member]:
            return
        best: Ticket | None = None
        for klass, able in self.serves.items():
            blocked = self.takes[klass] and self.full(member)
            for owner in (member, NOBODY):
                if owner == NOBODY and (blocked or not able[member]):
                    continue
                queue = self.queues[klass, owner]
                head = queue.head() if queue.length else None
                if head is not None and (best is None or head < best):
                    best = head
        if best is not None:
            self._take_out(best)
            self.begin(member, best.number)
            self.take(best.case, best.queue.klass, member)
            best.event.succeed(member)

    def close(self) -> None:
        """Count the waits of those who still wait when the run ends."""
        self.count_waits()
        left = [ticket for queue in self.queues.values() for ticket in queue.heap if ticket.waiting]
        for ticket in sorted(left, key=lambda ticket: ticket.number):
            self._take_out(ticket)

    def count_waits(self) -> None:
        """Count the time since the last change for every queue in which someone waits, segment by segment."""
        now = self.env.now
        if not self.waiting:
            self.clock = now
        starts = self.roster.starts
        while self.clock < now:
            while self.counted + 1 < len(starts) and starts[self.counted + 1] <= self.clock:
                self.counted += 1
            until = min(now, starts[self.counted + 1]) if self.counted + 1 < len(starts) else now
            elapsed = ticks(until) - ticks(self.clock)
            for queue in self.queues.values():
                if queue.length:
                    self._count(queue, self.counted, elapsed)
            self.clock = until

    def _count(self, queue: Queue, segment: int, elapsed: int) -> None:
        """Count a stretch of time, in which nothing changes, for one queue."""
        able, present, serving = self.able[queue.klass], self.roster.presence[segment], self.serving
        if queue.owner != NOBODY:
            crew = [queue.owner] if present[queue.owner] else []
            idle = any(present[m] and serving[m] < 0 for m in able if m != queue.owner)
            cause = OWNERSHIP if idle else BUSY
        else:
            # When everyone is on shift, which is the usual case, the list of the able serves as it is.
            crew = able if self.roster.everyone[segment] else [m for m in able if present[m]]
            cause = LIMIT if self.idle and any(serving[m] < 0 for m in crew) else BUSY
        if not crew:
            cause = OFF_SHIFT
        queue.counts[cause] += elapsed
        if cause == BUSY:
            newest = max([serving[m] for m in crew])
            if self.discipline or newest > queue.heap[0].number:
                queue.overtaking.add(newest, elapsed)

    def _take_out(self, ticket: Ticket) -> None:
        self.count_waits()
        ticket.waiting = False
        ticket.queue.length -= 1
        self.waiting -= 1
        self.recorder.waits.append((ticket.row, *ticket.queue.ticks(ticket)))

    def _set_timer(self) -> None:
        """One timer a team, at the next moment at which someone comes on shift, while someone waits."""
        opening = self.roster.opening()
        if self.timer_set or math.isinf(opening):
            return
        self.timer_set = True
        timer = self.env.timeout(opening - self.env.now)
        timer.callbacks.append(self._shift_begins)

    def _shift_begins(self, _: simpy.Event) -> None:
        self.timer_set = False
        self._reassign_departed()
        for member in list(self.idle):
            self.serve(member)
        if self.waiting:
            self._set_timer()

    def _reassign_departed(self) -> None:
        """Move the cases that wait for someone who has left the firm to the queue that anyone serves."""
        self.count_waits()
        for (klass, owner), queue in self.queues.items():
            if owner == NOBODY or not queue.length or self.env.now < self.departs[owner]:
                continue
            while (ticket := queue.head()) is not None:
                queue.heap.remove(ticket)
                queue.length -= 1
                ticket.before = queue.ticks(ticket)
                if self.index in ticket.case.owners:
                    self.let_go(ticket.case)
                self.queues[klass, NOBODY].join(ticket)
