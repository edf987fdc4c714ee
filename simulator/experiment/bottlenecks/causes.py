"""Waiting by cause, priced by what it lost: leads gone cold, and cash that came late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.experiment.bottlenecks.prices import Price
from simulator.experiment.bottlenecks.waiting import Wait
from simulator.records import CAUSES, TEAM_CAUSES


@dataclass(frozen=True)
class Cause:
    """Everything that waited for one reason, over the measured time; means of the replications."""

    cause: str
    hours: float
    cash_late: float
    """Cost of finance of the cash that came later for it, as ``waits_of`` counts it."""
    avoided: float
    """Hours of it that hands enough at each team in turn leave out; 0 of a wait that no hands could shorten."""
    lost: float | None
    """What the KPI gains with hands enough, as far as it falls to this cause; None where no hands could shorten it."""
    orders: float | None
    """Leads gone cold: orders that come with hands enough, as far as they fall to this cause."""


def causes_of(waits: Sequence[Wait], prices: Sequence[Price]) -> tuple[Cause, ...]:
    """Hours and losses by cause, the most hours first; causes for which nothing waited are left out.

    What a team's waiting lost was measured as a whole (``prices_of``), and falls to its causes by their part of the
    hours that hands enough leave out: an hour is taken to cost the same whatever its cause. As the teams do not add
    up, neither do these.
    """
    found = [_cause(cause, waits, prices) for cause in CAUSES]
    return tuple(sorted((each for each in found if each.hours or each.cash_late), key=lambda each: -each.hours))


def _cause(cause: str, waits: Sequence[Wait], prices: Sequence[Price]) -> Cause:
    parts = [(price, price.causes.get(cause, 0.0) / price.avoided) for price in prices if price.avoided > 0]
    for_hands = cause in TEAM_CAUSES
    return Cause(
        cause,
        sum(wait.hours.get(cause, 0.0) for wait in waits),
        sum(wait.cash_late.get(cause, 0.0) for wait in waits),
        sum(price.causes.get(cause, 0.0) for price in prices),
        sum(part * price.lost.mean for price, part in parts) if for_hands else None,
        sum(part * price.orders.mean for price, part in parts) if for_hands else None,
    )
