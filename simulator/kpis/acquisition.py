"""Acquisition: what scores, hand-offs and channels are worth, and how well the pipeline foretells bookings."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simulator.kpis.journeys import Journeys
from simulator.kpis.money import Ledger
from simulator.kpis.volumes import arrivals
from simulator.kpis.window import MONTH, Figures, Flags, Numbers, Window, counted, ratio
from simulator.program.layout import Milestone, Program
from simulator.records import ACCOUNTS, Floats, Records

QUARTER: Final = 3 * MONTH


class Bookings(NamedTuple):
    """One row for every posting to booked of a journey."""

    journey: Numbers
    time: Floats
    amount: Floats


def bookings_of(records: Records, journeys: Journeys) -> Bookings:
    """Bookings of the whole run, in currency units."""
    postings = records.postings
    rows = np.flatnonzero(postings.account == ACCOUNTS.index("booked"))
    rows = rows[journeys.of_case[postings.case[rows]] >= 0]
    return Bookings(journeys.of_case[postings.case[rows]], postings.time[rows], postings.cents[rows] / 100)


def handover(journeys: Journeys, visits: dict[Milestone, float], window: Window) -> Figures:
    """How good scores, hand-offs and quotes are; NaN for what no step marks."""
    relevant, quoted = (~np.isnan(journeys.reached(mark)) for mark in (Milestone.RELEVANT, Milestone.QUOTED))
    mqls = arrivals(journeys, Milestone.MQL, window)
    good = arrivals(journeys, Milestone.MQL, window, relevant)
    rejected = visits[Milestone.SALES_REJECTED]
    return {
        "score_precision": float(ratio(good, mqls)) * journeys.known(Milestone.RELEVANT),
        "score_recall": float(ratio(good, arrivals(journeys, Milestone.RELEVANT, window))),
        "mql_rejection_rate": float(ratio(rejected, rejected + visits[Milestone.SALES_ACCEPTED])),
        "misrouted": float(ratio(arrivals(journeys, Milestone.MISROUTED, window), mqls)),
        "sla_missed": float(ratio(arrivals(journeys, Milestone.SLA_MISSED, window), mqls)),
        "win_rate": float(
            ratio(arrivals(journeys, Milestone.ORDER, window, quoted), arrivals(journeys, Milestone.QUOTED, window))
        ),
    }


def channels(program: Program, journeys: Journeys, bookings: Bookings, ledger: Ledger, window: Window) -> Figures:
    """What the leads of each channel cost, and what it returns."""
    number, inside = len(program.names.channels), window.holds(bookings.time)
    leads = counted(journeys.channel[window.holds(journeys.born)], number)
    booked = counted(journeys.channel[bookings.journey[inside]], number, bookings.amount[inside])
    return {
        "cost_per_lead_{channel}": ratio(ledger.channels, leads),
        "channel_return_{channel}": ratio(booked, ledger.channels),
    }


def forecast(journeys: Journeys, bookings: Bookings, window: Window) -> Figures:
    """The weighted pipeline at the start of each month, against what its journeys booked with their orders.

    Months count that leave a quarter of a year to the end of the run, and the first in any case: what closes later
    nobody sees.
    """
    order = journeys.reached(Milestone.ORDER)
    ordered, first = ~np.isnan(order), _first(bookings, order)
    value = float(ratio(first.amount.sum(), ordered.sum()))
    before = ~np.isnan(journeys.stages) & ~(order[:, None] <= journeys.stages)
    closes = np.nan_to_num(ratio((before & ordered[:, None]).sum(axis=0), before.sum(axis=0)))
    predicted, booked = [], []
    for moment in window.start + np.arange(0.0, max(window.hours - QUARTER, 0.0) + 1e-6, MONTH):
        journey, stage = _open(journeys, moment)
        predicted.append(float(closes[stage].sum()) * value)
        counts = np.zeros(journeys.root.size, np.bool_)
        counts[journey] = True
        booked.append(float(first.amount[counts[first.journey]].sum()))
    misses = ratio(np.abs(np.subtract(predicted, booked)), np.array(booked))
    known = misses[~np.isnan(misses)]
    return {
        "weighted_pipeline": float(np.mean(predicted)),
        "forecast_error": float(known.mean()) if known.size else np.nan,
    }


def _first(bookings: Bookings, order: Floats) -> Bookings:
    """What each journey booked with its first order: repeated orders were in no pipeline."""
    rows = np.flatnonzero(bookings.time >= order[bookings.journey])
    earliest = np.full(order.size, np.inf)
    np.minimum.at(earliest, bookings.journey[rows], bookings.time[rows])
    rows = rows[bookings.time[rows] == earliest[bookings.journey[rows]]]
    return Bookings(*(column[rows] for column in bookings))


def _open(journeys: Journeys, moment: float) -> tuple[Numbers, Numbers]:
    """Journeys that stand in a stage at a moment and have neither ordered nor ended, with the last stage reached."""
    over: Flags = (journeys.ended <= moment) | (journeys.reached(Milestone.ORDER) <= moment)
    rows = np.flatnonzero((journeys.born <= moment) & ~over)
    reached = journeys.stages[rows] <= moment
    stage = np.where(reached, np.arange(reached.shape[1]), -1).max(axis=1, initial=-1)
    return rows[stage >= 0], stage[stage >= 0]
