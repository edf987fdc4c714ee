"""Steps in which time passes and nobody works: waiting for a time, waiting for children."""

from __future__ import annotations

import math

from simulator.chance.keyed import derived_key
from simulator.engines.simpy_engine.case import Case
from simulator.engines.simpy_engine.run import Run, Stay
from simulator.engines.simpy_engine.team import NOBODY
from simulator.program.layout import MOST_DRAWS, Step
from simulator.program.working_time import last_at_most


def wait(run: Run, case: Case, step: Step, visit: int) -> Stay:
    """Let time pass on the calendar or the business clock, and then until the next moment of a schedule."""
    now = run.env.now
    row = run.recorder.enter(case.row, step.row, now)
    run.recorder.start(row, now, NOBODY)
    hours = _rest(run, case, step, visit) if case.spent else run.chance.hours(step.duration, case, now, visit)
    until = now + hours if step.clock < 0 else run.on_clock(step.clock, hours)
    if step.schedule >= 0:
        until = _next_moment(run, step.schedule, until)
    yield run.env.timeout(until - now)
    run.recorder.leave(row, run.env.now, step.next)
    return step.next


def _rest(run: Run, case: Case, step: Step, visit: int) -> float:
    """Hours that are left of a wait under way: of the draws, the first that is longer than it has lasted.

    That is the distribution of a wait of which this much is known. Before a schedule nothing is known of the wait.
    Formulas are read as when it began.
    """
    spent, key, case.spent = case.spent, case.key, 0.0
    then = run.env.now - spent
    for draw in range(MOST_DRAWS if step.duration >= 0 else 0):
        hours = max(0.0, run.chance.amount(step.duration, case, then, visit, key))
        if hours > spent or step.schedule >= 0:
            return max(0.0, hours - spent)
        key = derived_key(case.key, step.purpose, draw)
    return 0.0


def _next_moment(run: Run, schedule: int, earliest: float) -> float:
    """Return the first moment of a schedule that is not before the earliest, infinite when there is none."""
    span = run.tables.schedules[schedule]
    first, count = int(span["first"]), int(span["count"])
    at = last_at_most(math.nextafter(earliest, -math.inf), run.tables.moments, first, count) + 1
    return float(run.tables.moments[first + at]) if at < count else math.inf


def join(run: Run, case: Case, step: Step, visit: int) -> Stay:  # noqa: ARG001 - all steps are called alike
    """Wait until all joined children have ended."""
    row = run.recorder.enter(case.row, step.row, run.env.now)
    run.recorder.start(row, run.env.now, NOBODY)
    if case.children:
        case.joining = run.env.event()
        yield case.joining
        case.joining = None
    run.recorder.leave(row, run.env.now, step.next)
    return step.next
