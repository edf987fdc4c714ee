"""Waiting by cause, priced by what it lost: leads gone cold, and cash that came late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.experiment.bottlenecks.delays import Loss
from simulator.experiment.bottlenecks.prices import Price
from simulator.experiment.bottlenecks.waiting import Wait
from simulator.experiment.comparison import contrasted
from simulator.experiment.intervals import Estimate, t_interval
from simulator.kpis.catalogue import Kpi
from simulator.records import CAUSES


@dataclass(frozen=True)
class Cause:
    """Everything that waited for one reason, over the measured time; means of the replications."""

    cause: str
    hours: float
    cash_late: float
    """Cost of finance of the cash that came later for it, as ``waits_of`` counts it."""
    avoided: float
    """Hours of it that hands enough at each team in turn leave out; 0 of a wait that no hands could shorten."""
    lost: Estimate | None
    """What the KPI gains without it; None where nothing could be tried, as of waits for a date alone.

    Of waits for a team as far as what hands enough gain falls to this cause, of others ten times what a tenth less of
    them gains (``losses_of``).
    """
    orders: Estimate | None
    """Leads gone cold: the orders that come without it."""


def causes_of(
    waits: Sequence[Wait], prices: Sequence[Price], losses: Mapping[str, Loss], kpi: Kpi, currency: str
) -> tuple[Cause, ...]:
    """Hours and losses by cause, the most hours first; causes for which nothing waited are left out.

    What a team's waiting lost was measured as a whole, and falls to its causes by their part of the hours that hands
    enough leave out (``priced``): an hour is taken to cost the same whatever its cause. As the teams do not add up,
    neither do these. Intervals are those of the paired replications.
    """
    found = [_cause(cause, waits, prices, losses.get(cause), kpi, currency) for cause in CAUSES]
    return tuple(sorted((each for each in found if each.hours or each.cash_late), key=lambda each: -each.hours))


def _cause(
    cause: str, waits: Sequence[Wait], prices: Sequence[Price], loss: Loss | None, kpi: Kpi, currency: str
) -> Cause:
    return Cause(
        cause,
        sum(wait.hours.get(cause, 0.0) for wait in waits),
        sum(wait.cash_late.get(cause, 0.0) for wait in waits),
        sum(price.causes.get(cause, 0.0) for price in prices),
        None if loss is None else contrasted(np.zeros(loss.kpi.size), loss.kpi, kpi, currency)[0],
        None if loss is None else t_interval(loss.orders, unit="orders"),
    )
