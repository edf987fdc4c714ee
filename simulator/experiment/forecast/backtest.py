"""How often forecasts held: on simulated truths, of which the future is known."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simulator.engines.choice import engine_of
from simulator.errors import StudyError
from simulator.experiment.blocks import blocks, while_wanted
from simulator.experiment.dispatch import dispatched
from simulator.experiment.forecast.forecast import QUANTILES, TRUTH, View, enough, quantiles
from simulator.experiment.forecast.months import FORECAST, posted_by_month
from simulator.experiment.forecast.naive import weighted_pipeline, weights_by_step
from simulator.experiment.forecast.snapshot import open_cases_at_end
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress
from simulator.experiment.tasks import Cancellation
from simulator.records import Floats
from simulator.schema.loading import Loaded

FEWEST, MOST = 2, 10_000
FUTURES = 100
"""Replications of a truth that one task makes at most; each task simulates the past before them."""
BANDS = {0.50: (1, 3), 0.90: (0, 4)}
"""Share that a band should hold, and the quantiles that it lies between."""


class Coverage(NamedTuple):
    """How often one account fell into one band."""

    account: str
    nominal: float
    """Share that the band should hold."""
    total: float
    """Share of the truths whose sum over all months fell into it."""
    total_error: float
    """Standard error of that share, of four truths more of which two fell into it (Agresti and Coull, The American
    Statistician 52 (1998), 119-126): so it is not 0 where all did."""
    monthly: float
    """Share of all months of all truths."""
    monthly_error: float
    """Its standard error; months of one truth hang together, truths do not."""


@dataclass(frozen=True)
class Backtest:
    """Forecasts of simulated truths against what then happened. Sums over all months, in currency units, by account."""

    truths: int
    replications: int
    """Of each forecast."""
    coverage: tuple[Coverage, ...]
    actual: Floats
    """Shape (truths, accounts)."""
    median: Floats
    weighted: Floats
    """The weighted pipeline of each truth's own past."""

    def error(self, foretold: Floats) -> Floats:
        """Mean absolute error of a forecast as a share of the mean that happened, by account."""
        wrong: Floats = np.abs(foretold - self.actual).mean(axis=0) / self.actual.mean(axis=0)
        return wrong


class _Task(NamedTuple):
    """Some of the futures that are seen from the end of a truth's past, which each task simulates anew."""

    truth: int
    block: range


class _Part(NamedTuple):
    """What came of them."""

    samples: Floats
    """Shape (replications, accounts, months)."""
    months: Floats = np.empty(0)
    """What happened, with the first futures of a truth."""
    weighted: Floats = np.empty(0)


class _Truth(NamedTuple):
    """What happened, and what had been foretold."""

    months: Floats
    """What happened, shape (accounts, months)."""
    bands: Floats
    """Quantiles of the months, shape (quantiles, accounts, months)."""
    totals: Floats
    """Quantiles of the sums, shape (quantiles, accounts)."""
    weighted: Floats


def check_truths(truths: int) -> None:
    """Raise StudyError for a number of truths that makes no sense."""
    if not FEWEST <= truths <= MOST:
        raise StudyError(f"the number of truths must lie between {FEWEST} and {MOST}, not {truths}")


def backtest(
    loaded: Loaded, plan: Plan, months: int, truths: int, progress: Progress = None, cancelled: Cancellation = None
) -> Backtest:
    """Forecast simulated truths from the pipeline of the day that their warm-up ends, and count what the bands held.

    Each truth is a run of the scenario with luck of its own; its forecast sees the open cases of that day and nothing
    else, with ``plan.replications`` replications of fresh luck: ``progress`` is told those of all truths. Raises
    StudyError for a number of truths that makes no sense or a scenario without warm-up; ``Cancelled`` when stopped.
    """
    check_truths(truths)
    view = View(loaded, enough(plan), months)
    if view.today <= 0:
        raise StudyError("a backtest needs a warm-up: its end is the day from which is forecast")
    view.history  # noqa: B018 - compiled once, here, and not by every worker
    each = list(blocks(0, plan.replications, FUTURES))
    tasks = [_Task(truth, block) for truth in range(truths) for block in each]
    parts: dict[int, dict[int, _Part]] = {}
    judged: dict[int, _Truth] = {}
    done = 0
    with closing(dispatched(_foretold, view, tasks, plan, cancelled)) as outcomes:
        for index, part in outcomes:
            truth, block = tasks[index]
            parts.setdefault(truth, {})[block.start] = part
            if len(parts[truth]) == len(each):
                judged[truth] = _truth(parts.pop(truth))
            done += len(block)
            if progress is not None:
                progress(done, truths * plan.replications)
    return _judged([judged[truth] for truth in range(truths)], plan)


def _foretold(view: View, task: _Task) -> _Part:
    """Some futures of one truth."""
    truth, plan = TRUTH + task.truth, view.plan
    program, past = view.past(truth, until=view.today)
    cases = open_cases_at_end(program, past)
    ahead, simulate = view.ahead(cases), engine_of(plan.engine, traced=False)
    # Luck of its own for each truth, or all forecasts would be wrong on the same side.
    first = task.truth * plan.replications
    samples = np.array([
        posted_by_month(simulate(ahead, plan.seed, first + replication).postings, view.edges)
        for replication in while_wanted(task.block)
    ])  # fmt: skip
    if task.block.start > 0:
        return _Part(samples)
    _, whole = view.past(truth, until=view.history.end)
    weighted = weighted_pipeline(program, cases.values(), weights_by_step(program, past))
    return _Part(samples, posted_by_month(whole.postings, view.edges), weighted)


def _truth(parts: dict[int, _Part]) -> _Truth:
    samples = np.concatenate([parts[first].samples for first in sorted(parts)])
    return _Truth(parts[0].months, quantiles(samples), quantiles(samples.sum(axis=2)), parts[0].weighted)


def _judged(truths: list[_Truth], plan: Plan) -> Backtest:
    months, totals = np.array([each.months for each in truths]), np.array([each.months.sum(axis=1) for each in truths])
    bands, foretold = np.array([each.bands for each in truths]), np.array([each.totals for each in truths])
    coverage = []
    for row, account in enumerate(FORECAST):
        for nominal, (low, high) in BANDS.items():
            held = _between(totals[:, row], foretold[:, low, row], foretold[:, high, row])
            monthly = _between(months[:, row], bands[:, low, row], bands[:, high, row]).mean(axis=1)
            share, counted = float(held.mean()), len(truths) + 4
            likely = (float(held.sum()) + 2) / counted
            coverage.append(Coverage(
                account, nominal, share, math.sqrt(likely * (1 - likely) / counted),
                float(monthly.mean()), float(monthly.std(ddof=1) / math.sqrt(len(truths))),
            ))  # fmt: skip
    middle = QUANTILES.index(0.50)
    weighted = np.array([each.weighted for each in truths])
    return Backtest(len(truths), plan.replications, tuple(coverage), totals, foretold[:, middle], weighted)


def _between(values: Floats, low: Floats, high: Floats) -> Floats:
    inside: Floats = ((low <= values) & (values <= high)).astype(np.float64)
    return inside
