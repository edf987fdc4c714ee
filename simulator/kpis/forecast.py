"""How well the weighted pipeline foretells bookings."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from simulator.kpis.journeys import Journeys, posted_to
from simulator.kpis.targets import first_of_pipeline
from simulator.kpis.window import MONTH, Figures, Numbers, Window, counted, quotient, ratio
from simulator.program.layout import Milestone
from simulator.program.program import Program
from simulator.program.untraced import booked_attributes
from simulator.records import Floats, Records

QUARTER: Final = 3 * MONTH


class Bookings(NamedTuple):
    """One row for every posting to booked of a journey."""

    journey: Numbers
    time: Floats
    amount: Floats


class Opportunities(NamedTuple):
    """One row for every journey that came to be an opportunity."""

    stages: Floats
    """First moment at each stage from that of the opportunity on, infinite for never."""
    order: Floats
    closed: Floats
    """When it ordered or ended; NaN while it is open."""
    amount: Floats
    """What it booked with its first order."""
    value: Floats
    """What it says itself that it is worth; NaN where it says nothing."""


def bookings_of(records: Records, journeys: Journeys) -> Bookings:
    """Bookings of the whole run, in currency units."""
    rows, journey = posted_to("booked", records, journeys)
    return Bookings(journey, records.postings.time.take(rows), records.postings.cents.take(rows) / 100)


def forecast(
    program: Program, records: Records, journeys: Journeys, bookings: Bookings, window: Window
) -> Figures:  # fmt: skip
    """The weighted pipeline at the start of each month, against what its journeys booked with their orders.

    The pipeline holds open opportunities: journeys from the stage before the quote on, or in any stage where no stage
    is that of a quote. At the start of a month nothing is known but the past, save that a deal's own value
    (``own_values``) has a discount in it that may be agreed later: a stage weighs as much as the share of
    those that stood in it at earlier starts of months, warm-up included, and are closed by now, that closed with an
    order; an opportunity is worth its own value or, where it has none, the mean first booking so far. Months count that
    have such a past and leave a quarter of a year to the end of the run: what closes later nobody sees.
    """
    those = opportunities_of(program, records, journeys, bookings)
    moments = np.arange(window.start % MONTH, max(window.end - QUARTER, window.start) + 1e-6, MONTH)
    standing = open_at(those, moments)
    months: list[tuple[float, float]] = []
    for moment, (now, stage), weights in zip(moments, standing, _weights(those, moments, standing), strict=True):
        if moment < window.start or not (weights >= 0).any():
            continue
        ordered = those.order <= moment
        mean_booking = those.amount[ordered].sum() / max(np.count_nonzero(ordered), 1)
        own = those.value.take(now)
        worth = np.where(np.isnan(own), mean_booking, own)
        months.append((float((weights[stage] * worth).sum()), float(those.amount[now].sum())))
    predicted, booked = np.array(months, np.float64).reshape(-1, 2).T.copy()
    misses = ratio(np.abs(predicted - booked), booked)
    known = misses[~np.isnan(misses)]
    return {
        "weighted_pipeline": quotient(predicted.sum(), predicted.size),
        "forecast_error": quotient(known.sum(), known.size),
        "forecast_bias": quotient(predicted.sum(), booked.sum()) - 1,
    }


def _weights(those: Opportunities, moments: Floats, standing: list[tuple[Numbers, Numbers]]) -> Floats:
    """Share that closed with an order of those that stood in each stage at earlier moments and are closed by each.

    Shape (moments, stages); 0 for a stage of which none is closed, NaN while none is closed at all.
    """
    which, stage = np.concatenate([np.empty((2, 0), np.intp), *standing], axis=1)
    shape = moments.size, those.stages.shape[1]
    # What was open at a moment closes later: the first moment at which it is closed comes after it.
    closed = np.searchsorted(moments, those.closed[which])
    won = np.maximum(closed, np.searchsorted(moments, those.order[which]))
    so_far = [
        np.cumsum(counted(by * shape[1] + stage, moments.size * shape[1]).reshape(shape), axis=0)
        for by in (won, closed)
    ]
    weights: Floats = ratio(*so_far)
    weights[np.isnan(weights)] = 0.0
    weights[so_far[1].sum(axis=1) == 0] = np.nan
    return weights


def opportunities_of(program: Program, records: Records, journeys: Journeys, bookings: Bookings) -> Opportunities:
    """Journeys that came to the stage before that of the quote or to a later one; to any where none has a quote."""
    order = journeys.reached(Milestone.ORDER)
    # By stage and not by journey: what is asked of few stages at a time is answered for all journeys at once.
    stages = journeys.stages.T[max(first_of_pipeline(program), 0) :]
    rows = np.flatnonzero((~np.isnan(stages)).any(axis=0))
    stages = stages.take(rows, axis=1).T
    stages[np.isnan(stages)] = np.inf
    first = _first(bookings, order)
    amount = counted(first.journey, order.size, first.amount)[rows]
    closed = np.fmin(order[rows], journeys.ended[rows])
    return Opportunities(stages, order[rows], closed, amount, own_values(program, records, journeys.root[rows]))


def own_values(program: Program, records: Records, leads: Numbers) -> Floats:
    """Value of each lead's deal as it carries it; NaN where its process books no attribute of the lead.

    It is the attribute, rounded or not, that a step of the process in which leads order posts to booked, as the run
    leaves it: records keep no earlier values, so a discount that was agreed in the end counts from the beginning.
    """
    cases, values = records.cases, np.full(leads.size, np.nan)
    for process, attribute in booked_attributes(program):
        mine = cases.process[leads] == process
        values[mine] = cases.attributes[leads[mine], attribute]
    return values


def _first(bookings: Bookings, order: Floats) -> Bookings:
    """What each journey booked with its first order: repeated orders were in no pipeline."""
    rows = np.flatnonzero(bookings.time >= order[bookings.journey])
    earliest = np.full(order.size, np.inf)
    np.minimum.at(earliest, bookings.journey[rows], bookings.time[rows])
    rows = rows[bookings.time[rows] == earliest[bookings.journey[rows]]]
    return Bookings(*(column[rows] for column in bookings))


def open_at(those: Opportunities, moments: Floats) -> list[tuple[Numbers, Numbers]]:
    """Opportunities at each of ascending moments that are not closed by then, and the last stage that each came to."""
    comes = np.searchsorted(moments, those.stages.min(axis=1, initial=np.inf))
    stays = np.maximum(np.searchsorted(moments, those.closed) - comes, 0)
    row = np.repeat(np.arange(stays.size), stays)
    at = np.arange(row.size) - np.repeat(np.cumsum(stays) - stays - comes, stays)
    in_time = np.argsort(at.astype(np.min_scalar_type(moments.size)), kind="stable")  # small codes: in one pass
    row, at = row[in_time], at[in_time]
    stage = np.zeros(row.size, np.intp)
    for place, moment in enumerate(those.stages.T):
        stage[moment.take(row) <= moments.take(at)] = place
    edges = np.searchsorted(at, np.arange(moments.size + 1)).tolist()
    return [(row[first:last], stage[first:last]) for first, last in pairwise(edges)]
