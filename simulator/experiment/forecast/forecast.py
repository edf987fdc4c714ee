"""Bookings and cash month by month from today's open pipeline, with new leads coming in, as prediction intervals."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from simulator.engines.choice import Engine, engine_of
from simulator.errors import StudyError
from simulator.experiment.dispatch import dispatched
from simulator.experiment.forecast.months import FORECAST, month_ends, posted_by_month
from simulator.experiment.forecast.naive import weighted_pipeline, weights_by_step
from simulator.experiment.forecast.snapshot import open_cases_at_end
from simulator.experiment.plan import Plan, with_horizon
from simulator.experiment.replications import Progress
from simulator.experiment.tasks import Cancellation
from simulator.program.compiler import compile_scenario
from simulator.program.program import Program
from simulator.records import Floats, Records
from simulator.schema.loading import Loaded
from simulator.schema.open_cases import open_cases
from simulator.schema.pipeline import OpenCase, Pipeline
from simulator.schema.quantity import fixed

QUANTILES: Final = (0.05, 0.25, 0.50, 0.75, 0.95)
"""Ends of the bands that hold nine in ten and half of what may come, and the middle."""
FEWEST: Final = 19
"""Replications of which the smallest is the 5 % quantile."""
TRUTH: Final = 1_000_000
"""Replication of the first simulated past: no study makes as many, so it shares its luck with no forecast."""


def quantiles(samples: Floats) -> Floats:
    """Prediction quantiles over the replications (the first axis), in the order of ``QUANTILES``.

    What comes next is as good as one replication more: it falls below the j-th of n values with probability
    j / (n + 1), which is the quantile of Weibull (Hyndman and Fan, American Statistician 50 (1996), type 6).
    """
    found: Floats = np.quantile(samples, QUANTILES, axis=0, method="weibull")
    return found


@dataclass(frozen=True)
class Fan:
    """What may be posted to one account."""

    account: str
    samples: Floats
    """In currency units, shape (replications, months)."""
    weighted: float
    """The weighted pipeline: open cases times what such cases went on to post, without new leads and without dates."""

    @property
    def months(self) -> Floats:
        """Quantiles of each month, shape (quantiles, months)."""
        return quantiles(self.samples)

    @property
    def total(self) -> Floats:
        """Quantiles of the sum over all months."""
        return quantiles(self.samples.sum(axis=1))


@dataclass(frozen=True)
class Forecast:
    """What the coming months may bring. Its bands are prediction intervals, for what happens and not for a mean."""

    scenario: str
    currency: str
    today: dt.datetime
    ends: tuple[dt.datetime, ...]
    """End of each month."""
    cases: dict[str, OpenCase]
    """The open pipeline from which is forecast."""
    simulated: bool
    """Whether the open pipeline is that of a simulated past, as the scenario states none."""
    fans: dict[str, Fan]
    """By account."""
    plan: Plan


class _Task(NamedTuple):
    seed: int
    replication: int
    engine: Engine


def forecast(
    loaded: Loaded, plan: Plan, months: int = 6, progress: Progress = None, cancelled: Cancellation = None
) -> Forecast:
    """Forecast bookings and cash from the pipeline that a scenario states, over whole months from today.

    Today is the end of the warm-up. A scenario without a pipeline gets that of a simulated past, its own warm-up. The
    plan's length is not used. Raises StudyError where there is neither pipeline nor warm-up, and for months that make
    no sense; ``Cancelled`` when stopped.
    """
    view = View(loaded, enough(plan), months)
    simulated = loaded.scenario.pipeline is None
    past = view.past(TRUTH, until=view.today) if view.today > 0 else None
    if simulated and past is None:
        raise StudyError(
            "there is neither an open pipeline nor a warm-up to make one: state 'pipeline', or a warm-up that fills it"
        )
    # A stated pipeline is weighed by a past of the same scenario too, where there is one.
    cases = open_cases_at_end(*past) if simulated and past else open_cases(loaded.scenario, loaded.folder)
    program = view.ahead(cases)
    tasks = [_Task(plan.seed, replication, plan.engine) for replication in range(plan.replications)]
    samples = np.zeros((plan.replications, len(FORECAST), months))
    with closing(dispatched(_replicate, (program, view.edges), tasks, plan, cancelled)) as outcomes:
        for done, (index, posted) in enumerate(outcomes, start=1):
            samples[index] = posted
            if progress is not None:
                progress(done, len(tasks))
    worth = weighted_pipeline(program, cases.values(), weights_by_step(*past)) if past else np.full(2, np.nan)
    return Forecast(
        scenario=loaded.scenario.name, currency=program.currency, today=view.date, ends=view.ends,
        cases=cases, simulated=simulated, plan=plan,
        fans={account: Fan(account, samples[:, row], float(worth[row])) for row, account in enumerate(FORECAST)},
    )  # fmt: skip


def enough(plan: Plan) -> Plan:
    """The plan, where it makes as many replications as the outer quantiles need."""
    if plan.replications < FEWEST:
        raise StudyError(f"a band for nine in ten needs at least {FEWEST} replications, not {plan.replications}")
    return plan


def _replicate(shared: tuple[Program, Floats], task: _Task) -> Floats:
    program, edges = shared
    simulate = engine_of(task.engine, traced=False)
    return posted_by_month(simulate(program, task.seed, task.replication).postings, edges)


class View:
    """A scenario seen from the day on which its warm-up ends, some months ahead."""

    def __init__(self, loaded: Loaded, plan: Plan, months: int) -> None:
        horizon = loaded.scenario.horizon
        self.today = fixed(horizon.warm_up) if plan.warm_up is None else plan.warm_up
        """Hours since the start of the scenario."""
        start = dt.datetime.combine(horizon.start, dt.time())
        self.date = start + dt.timedelta(hours=self.today)
        self.ends = month_ends(self.date, months)
        self.edges: Floats = np.array(
            [self.today, *((end - start) / dt.timedelta(hours=1) for end in self.ends)], np.float64
        )
        """Hours at which months begin and end."""
        self.plan = replace(plan, warm_up=self.today, length=float(self.edges[-1] - self.today))
        self.scenario = with_horizon(loaded.scenario, self.plan)
        self.folder = loaded.folder
        self._history: Program | None = None

    @property
    def history(self) -> Program:
        """The scenario from its beginning, without the open pipeline that it may state."""
        if self._history is None:
            self._history = compile_scenario(self.scenario.model_copy(update={"pipeline": None}), self.folder)
        return self._history

    def past(self, replication: int, *, until: float) -> tuple[Program, Records]:
        """A simulated truth up to an hour, with its program."""
        program = replace(self.history, end=until)
        return program, engine_of(self.plan.engine)(program, self.plan.seed, replication)

    def ahead(self, cases: dict[str, OpenCase]) -> Program:
        """The scenario from today on, with its open cases."""
        # Their own validation would take longer than a replication, and they have been checked or come from a run.
        pipeline = Pipeline.model_construct(file="", cases=cases)
        return compile_scenario(self.scenario.model_copy(update={"pipeline": pipeline}), self.folder)
