"""Choices tried out: each is laid, compiled and replicated where it runs, once for each seed, and then remembered."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np

from simulator.engines.choice import engine_of
from simulator.errors import ScenarioError
from simulator.experiment.blocks import blocks, while_wanted
from simulator.experiment.investment import cash_of, history_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, compiled
from simulator.experiment.search.space import Choice, Space
from simulator.experiment.search.spending import committed
from simulator.experiment.tasks import Cancellation
from simulator.experiment.workers import Crew, in_process
from simulator.kpis.measures import measure
from simulator.records import Floats
from simulator.schema.loading import Loaded


class Trial(NamedTuple):
    """What was seen of one choice."""

    spending: float
    """Committed in the first year beyond the base; NaN where the choice makes no valid scenario."""
    kpis: Floats
    """Array of shape (KPIs, replications); without replications for a choice that is refused."""
    cash: Floats
    """Running net cash at the end of each month, array of shape (replications, months)."""
    refused: str = ""
    """Why it was not simulated: no valid scenario, or over the budget."""
    history: Floats = np.empty(0)
    """What was before the measured time, a figure for each replication (``history_of``)."""


class _Shared(NamedTuple):
    """What all trials have in common."""

    loaded: Loaded
    space: Space
    plan: Plan
    kpis: tuple[str, ...]
    budget: float
    """Most that may be spent beyond the base; infinite without a budget."""
    base: float
    """What the base is committed to spend."""


class _Task(NamedTuple):
    """Some replications of a choice."""

    choice: Choice
    seed: int
    block: range


class Trials:
    """Tries choices over workers that are kept meanwhile; a context, whose end ends them.

    Replication i of one choice pairs with that of another of the same seed: common random numbers.
    """

    def __init__(
        self, loaded: Loaded, space: Space, plan: Plan, kpis: tuple[str, ...], budget: float | None,
        progress: Progress = None, cancelled: Cancellation = None,
    ) -> None:  # fmt: skip
        base = committed(compiled(loaded, plan))
        self.space, self.plan = space, plan
        self._shared = _Shared(loaded, space, plan, kpis, np.inf if budget is None else budget, base)
        self._progress, self._cancelled = progress, cancelled
        self._known: dict[tuple[int, int], dict[Choice, Trial]] = {}
        """By seed and first replication."""
        self._done, self._expected = 0, 0
        self._stack = ExitStack()
        self._crew: Crew | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def known(self, seed: int) -> dict[Choice, Trial]:
        """All choices that were tried with the first replications of a seed, in the order in which they were."""
        return dict(self._known.get((seed, 0), {}))

    def remember(self, seed: int, known: Mapping[Choice, Trial]) -> None:
        """Take over what was tried before with a seed, the first replications of each choice."""
        self._known[seed, 0] = dict(known)

    def expect(self, tasks: int) -> None:
        """Let the progress know of so many tasks to come."""
        self._expected = self._done + tasks

    def tried(self, choices: Iterable[Choice], seed: int, replications: int, first: int = 0) -> list[Trial]:
        """Each choice with at least so many replications of a seed from the ``first`` on, none of them made twice."""
        wanted = list(choices)
        known = self._known.setdefault((seed, first), {})
        tasks: list[_Task] = []
        for choice in dict.fromkeys(wanted):
            before = known.get(choice)
            if before is None or not before.refused:
                made = first if before is None else first + before.kpis.shape[1]
                tasks += _blocks(choice, seed, made, first + replications)
        for task, trial in zip(tasks, self._outcomes(tasks), strict=True):
            known[task.choice] = _joined(known.get(task.choice), trial)
        return [known[choice] for choice in wanted]

    def _outcomes(self, tasks: Sequence[_Task]) -> list[Trial]:
        found: dict[int, Trial] = {}
        self._expected = max(self._expected, self._done + len(tasks))
        with closing(self._finished(tasks)) as outcomes:
            for index, trial in outcomes:
                found[index] = trial
                self._done += 1
                if self._progress is not None:
                    self._progress(self._done, self._expected)
        return [found[index] for index in range(len(tasks))]

    def _finished(self, tasks: Sequence[_Task]) -> Generator[tuple[int, Trial]]:
        if self.plan.cluster is not None:
            from simulator.experiment.cluster import over_cluster  # takes most of a second, and few have a cluster

            return over_cluster(_try, self._shared, tasks, self.plan.cluster, self._cancelled)
        if self.plan.workers == 1 and self._cancelled is None:
            return in_process(_try, self._shared, tasks)
        if self._crew is None:
            self._crew = self._stack.enter_context(Crew(self._shared, self.plan.workers))
        return self._crew.outcomes(_try, tasks, self._cancelled)


def _joined(before: Trial | None, trial: Trial) -> Trial:
    """A trial with the replications made before."""
    if before is None or trial.refused:
        return trial
    return trial._replace(
        kpis=np.hstack([before.kpis, trial.kpis]), cash=np.vstack([before.cash, trial.cash]),
        history=np.append(before.history, trial.history),
    )  # fmt: skip


def _blocks(choice: Choice, seed: int, made: int, end: int) -> list[_Task]:
    return [_Task(choice, seed, block) for block in blocks(made, end)]


def _try(shared: _Shared, task: _Task) -> Trial:
    """One trial; an error with its problems would not travel between processes, so its text does."""
    nothing = np.empty((len(shared.kpis), 0))
    try:
        program = compiled(shared.space.laid(shared.loaded, task.choice), shared.plan)
    except ScenarioError as error:
        return Trial(np.nan, nothing, np.empty((0, 0)), str(error))
    spending = round(committed(program) - shared.base, 2)
    if spending > shared.budget:
        return Trial(spending, nothing, np.empty((0, 0)), "over the budget")
    simulate, rows, cash, history = engine_of(shared.plan.engine, traced=False), [], [], []
    for replication in while_wanted(task.block):
        records = simulate(program, task.seed, replication)
        kpis = measure(program, records).kpis
        rows.append([kpis.get(kpi, np.nan) for kpi in shared.kpis])
        cash.append(cash_of(program, records))
        history.append(history_of(program, records))
    return Trial(spending, np.array(rows).T, np.array(cash), history=np.array(history))
