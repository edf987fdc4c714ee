"""Whether what is spent comes back: payback, net present value and return, with intervals of paired replications."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.intervals import CONFIDENCE, RESAMPLES, Estimate, skewed_interval
from simulator.kpis.journeys import journeys_of
from simulator.kpis.money import ledger_of, net_cash_curve
from simulator.kpis.people import present_of
from simulator.kpis.window import MONTH, window_of
from simulator.program.program import Program
from simulator.records import Floats, Records

_SEED: Final = 1
_YEAR: Final = (12, 13)
"""Months in a year, a begun one included: 52 weeks and 365 days have twelve, 366 days a thirteenth."""


@dataclass(frozen=True)
class Payback:
    """When the money is back; a month is a twelfth of 365 days, and infinite means not within the time simulated."""

    months: float
    """Of the mean over the replications."""
    low: float
    high: float
    """95 % interval by resampling the replications."""
    share: float
    """Replications in which the money is back by the end."""


@dataclass(frozen=True)
class Investment:
    """What a choice does to cash, against the base."""

    spending: float
    """Committed in the first year beyond the base, in currency units."""
    discount: float
    """Yearly rate at which later money is worth less."""
    months: int
    """Months of cash that were looked at."""
    cash: tuple[Estimate, ...]
    """What each month brings beyond the base, in currency units."""
    net_present_value: Estimate
    return_on_investment: Estimate | None
    """Net cash over the year simulated, on the spending; None where nothing is spent or the time is not a year."""
    payback: Payback | None
    """None where nothing is spent beyond the base, so that nothing has to come back."""


def history_of(program: Program, records: Records) -> float:
    """A sum over all that was posted before the window, each cent times its hour: the same luck gives the same sum.

    Where it is another than that of the base, a choice was there before the day from which cash is counted.
    """
    posted = records.postings
    past = posted.time < window_of(program).start
    return float(posted.time[past] @ posted.cents[past])


def cash_of(program: Program, records: Records) -> Floats:
    """Net cash from the start of the window to the end of each of its months, the last one cut short by its end.

    Inside a week, cash runs in a straight line. The last value is the KPI ``net_cash``.
    """
    window = window_of(program)
    ledger = ledger_of(program, records, journeys_of(program, records), present_of(program), window)
    ends = window.start + MONTH * np.arange(1, math.ceil(window.hours / MONTH - 1e-9))
    return np.asarray(np.interp(np.append(ends, window.end), window.edges, net_cash_curve(program, ledger)), np.float64)


def investment(base: Floats, other: Floats, spending: float, discount: float, currency: str) -> Investment:
    """Compare running net cash of two scenarios over common replications, arrays of shape (replications, months).

    Net present value: each month's difference counts at its end, divided by ``(1 + discount) ** (months / 12)``.
    Return: the undiscounted sum over ``spending``, which is that of a year, where the months are those of a year.
    Payback: the first moment from which on the running difference is never again below 0, in a straight line inside a
    month. Brealey, Myers and Allen, *Principles of Corporate Finance*, chapters 5 and 6. Intervals are paired
    bootstraps over replications (``skewed_interval``). Raises StudyError for a discount rate of -100 % or less.
    """
    check_discount(discount)
    gained = other - base
    monthly = np.diff(gained, prepend=0.0)
    factors = (1 + discount) ** (-np.arange(1, gained.shape[1] + 1) / 12)
    a_year = gained.shape[1] in _YEAR
    returns = skewed_interval(gained[:, -1] / spending, unit="share") if spending > 0 and a_year else None
    return Investment(
        spending, discount, gained.shape[1],
        tuple(skewed_interval(each, unit=currency) for each in monthly.T),
        skewed_interval(monthly @ factors, unit=currency), returns, payback(gained) if spending > 0 else None,
    )  # fmt: skip


def check_discount(rate: float) -> None:
    """Raise StudyError for a yearly rate that makes no sense."""
    if not (math.isfinite(rate) and rate > -1):
        raise StudyError(f"the discount rate must be a share above -100 %, not {rate:g}")


def payback(gained: Floats) -> Payback:
    """When the mean of running differences, of shape (replications, months), is back at 0 for good, and how surely."""
    n = gained.shape[0]
    shares = np.random.default_rng(_SEED).multinomial(n, np.full(n, 1 / n), size=RESAMPLES) / n
    resampled = np.sort([_months(curve) for curve in shares @ gained])
    # Ranks, not interpolation: half-way between a month and never is nothing.
    tail = round((1 - CONFIDENCE) / 2 * RESAMPLES)
    low, high = (float(resampled[rank]) for rank in (tail, RESAMPLES - 1 - tail)) if n > 1 else (math.nan, math.nan)
    share = float(np.mean([math.isfinite(_months(curve)) for curve in gained]))
    return Payback(_months(gained.mean(axis=0)), low, high, share)


def _months(curve: Floats) -> float:
    """Months until a running total is never again below 0; infinite where it is below at the end."""
    under = np.flatnonzero(curve < 0)
    if under.size == 0:
        return 0.0
    last = int(under[-1])
    if last == curve.size - 1:
        return math.inf
    return last + 1 - float(curve[last] / (curve[last + 1] - curve[last]))
