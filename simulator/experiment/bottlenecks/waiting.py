"""Hours of waiting by place and cause, and what it costs that the cash behind them comes later."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simulator.engines.choice import Engine, engine_of
from simulator.experiment.bottlenecks.levers import spoken
from simulator.experiment.dispatch import dispatched
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, compiled
from simulator.experiment.tasks import Cancellation
from simulator.kpis.queues import hours_of_visits
from simulator.kpis.window import YEAR, Window, counted, window_of
from simulator.program.layout import Kind
from simulator.program.program import Program
from simulator.records import ACCOUNTS, CAUSES, Floats, Records
from simulator.schema.loading import Loaded


@dataclass(frozen=True)
class Wait:
    """Waiting at one step."""

    path: str
    """Place of the step in the scenario."""
    label: str
    team: str
    """Team whose people the cases wait for, empty at a step that waits by itself."""
    hours: dict[str, float]
    """Hours over the measured time by cause, mean of the replications: each wait that ended in it, whole."""
    cash_late: dict[str, float]
    """By cause what it costs at the scenario's cost of finance that cash of the measured time came later for it."""

    @property
    def total(self) -> float:
        """Hours of all causes."""
        return sum(self.hours.values())

    @property
    def total_late(self) -> float:
        """Cost of late cash of all causes."""
        return sum(self.cash_late.values())


class _Task(NamedTuple):
    seed: int
    replication: int
    engine: Engine


def waits_of(
    loaded: Loaded, plan: Plan, progress: Progress = None, cancelled: Cancellation = None
) -> tuple[Wait, ...]:  # fmt: skip
    """Waiting at every step at which a case waited, the most hours first.

    Cash late: every hour that a case waited counts as an hour by which all cash came later that the case, or one that
    it began later, collected inside the measured time; that is the amount times the hours times the yearly cost of
    finance. It is the most that the wait can have cost: where something else held the case up as well, it came no
    later for it. The KPI ``cost_of_finance`` counts open invoices alone; this counts what happened before the invoice
    too, and neither is part of the margin.
    """
    program = compiled(loaded, plan)
    tasks = [_Task(plan.seed, replication, plan.engine) for replication in range(plan.replications)]
    found: list[Floats] = [np.zeros(0)] * len(tasks)
    with closing(dispatched(_tally, program, tasks, plan, cancelled)) as outcomes:
        for done, (index, tally) in enumerate(outcomes, start=1):
            found[index] = tally
            if progress is not None:
                progress(done, len(tasks))
    hours, late = np.mean(found, axis=0)
    steps = np.flatnonzero((hours + late).any(axis=1)).tolist()
    waits = [_wait(program, step, hours[step], late[step]) for step in steps]
    return tuple(sorted(waits, key=lambda wait: -wait.total))


def _wait(program: Program, step: int, hours: Floats, late: Floats) -> Wait:
    names, kind = program.names, program.tables.steps["kind"][step]
    path = "processes.{}.steps.{}".format(*names.steps[step].split(".", 1))
    team = names.teams[program.tables.steps["team"][step]] if kind == Kind.WORK else ""
    by_cause = ({cause: float(value) for cause, value in zip(CAUSES, each, strict=True) if value > 0}
                for each in (hours, late))  # fmt: skip
    return Wait(path, spoken(names.step_labels[step], path), team, *by_cause)


def _tally(program: Program, task: _Task) -> Floats:
    """Hours, and cost of late cash, of one replication; array of shape (2, steps, causes)."""
    records = engine_of(task.engine)(program, task.seed, task.replication)
    window = window_of(program)
    visits, steps = records.visits, program.tables.steps
    hours = hours_of_visits(program, records)
    works = (steps["kind"] == Kind.WORK)[visits.step]
    left = np.where(works & ~np.isnan(visits.started), visits.started, visits.finished)
    counts = window.holds(left) | np.isnan(left)
    late = hours * _held_up(records, window, left)[:, None] * program.cost_of_finance / YEAR
    return np.stack([_by_step(program, records, each) for each in (hours * counts[:, None], late)])


def _by_step(program: Program, records: Records, visits: Floats) -> Floats:
    """Sums over the visits of each step and cause."""
    shape = (program.tables.steps.size, len(CAUSES))
    cell = records.visits.step.astype(np.intp)[:, None] * len(CAUSES) + np.arange(len(CAUSES))
    return counted(cell.ravel(), shape[0] * shape[1], visits.ravel()).reshape(shape)


def _held_up(records: Records, window: Window, left: Floats) -> Floats:
    """Cash of the window, in currency units, that each visit came before: of its case and of those begun after it."""
    case, since, amount = _claims(records, window)
    order = np.lexsort((since, case))
    # One number for case and moment, equal for equal moments, so that both are found in one search.
    span = records.end + 1.0
    line = (case * span + since)[order]
    total = np.append(0.0, np.cumsum(amount[order]))
    own = records.visits.case.astype(np.float64)
    first = np.searchsorted(line, own * span + np.nan_to_num(left, nan=records.end), "left")
    last = np.searchsorted(line, own * span + span, "left")
    return np.asarray(np.maximum(total[last] - total[first], 0.0), np.float64)


def _claims(records: Records, window: Window) -> tuple[Floats, Floats, Floats]:
    """Case, moment and amount: cash that any wait of the case before the moment held up, up to where a journey began.

    A posting claims on its own case at its own time, and on each case above at the birth of the one below.
    """
    postings, cases = records.postings, records.cases
    rows = np.flatnonzero((postings.account == ACCOUNTS.index("collected")) & window.holds(postings.time))
    case, moment, amount = postings.case[rows].astype(np.intp), postings.time[rows], postings.cents[rows] / 100
    found = []
    while case.size:
        found.append((case.astype(np.float64), moment, amount))
        up = (cases.parent[case] >= 0) & (cases.root[case] != case)
        case, amount = case[up], amount[up]
        moment, case = cases.born[case], cases.parent[case].astype(np.intp)
    nothing = np.zeros(0)
    if not found:
        return nothing, nothing, nothing
    cases_, moments, amounts = (np.concatenate(column) for column in zip(*found, strict=True))
    return cases_, moments, amounts
