"""How often forecasts held: on simulated truths, of which the future is known."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simulator.engines.choice import engine_of
from simulator.errors import StudyError
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


class _Truth(NamedTuple):
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
    else, with ``plan.replications`` replications of fresh luck. Raises StudyError for a number of truths that makes no
    sense or a scenario without warm-up; ``Cancelled`` when stopped.
    """
    check_truths(truths)
    view = View(loaded, enough(plan), months)
    if view.today <= 0:
        raise StudyError("a backtest needs a warm-up: its end is the day from which is forecast")
    view.history  # noqa: B018 - compiled once, here, and not by every worker
    found: list[_Truth | None] = [None] * truths
    with closing(dispatched(_foretold, view, range(truths), plan, cancelled)) as outcomes:
        for done, (index, truth) in enumerate(outcomes, start=1):
            found[index] = truth
            if progress is not None:
                progress(done, truths)
    return _judged([truth for truth in found if truth is not None], plan)


def _foretold(view: View, number: int) -> _Truth:
    """One truth: what happened, and what had been foretold."""
    replication = TRUTH + number
    program, past = view.past(replication, until=view.today)
    cases = open_cases_at_end(program, past)
    _, whole = view.past(replication, until=view.history.end)
    ahead, simulate, plan = view.ahead(cases), engine_of(view.plan.engine, traced=False), view.plan
    # Luck of its own for each truth, or all forecasts would be wrong on the same side.
    first = number * plan.replications
    samples = np.array([
        posted_by_month(simulate(ahead, plan.seed, first + replication).postings, view.edges)
        for replication in range(plan.replications)
    ])  # fmt: skip
    return _Truth(
        posted_by_month(whole.postings, view.edges),
        quantiles(samples),
        quantiles(samples.sum(axis=2)),
        weighted_pipeline(program, cases.values(), weights_by_step(program, past)),
    )


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
