"""How well the weighted pipeline foretells bookings."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simulator.chance.formulas import Op
from simulator.chance.quantities import Chances
from simulator.kpis.journeys import Journeys
from simulator.kpis.targets import first_of_pipeline
from simulator.kpis.window import MONTH, Figures, Numbers, Window, counted, ratio
from simulator.program.layout import Kind, Milestone
from simulator.program.program import Program
from simulator.records import ACCOUNTS, Floats, Records

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
    postings = records.postings
    rows = np.flatnonzero(postings.account == ACCOUNTS.index("booked"))
    rows = rows[journeys.of_case[postings.case[rows]] >= 0]
    return Bookings(journeys.of_case[postings.case[rows]], postings.time[rows], postings.cents[rows] / 100)


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
    size = those.stages.shape[1]
    past: list[tuple[Numbers, Numbers]] = []
    predicted, booked = [], []
    for moment in np.arange(window.start % MONTH, max(window.end - QUARTER, window.start) + 1e-6, MONTH):
        now, stage = open_at(those, moment)
        before, stood = np.concatenate([np.empty((2, 0), np.intp), *past], axis=1)
        past.append((now, stage))
        ordered, closed = those.order <= moment, those.closed[before] <= moment
        if moment < window.start or not closed.any():
            continue
        won = counted(stood[closed & ordered[before]], size)
        weights = np.nan_to_num(ratio(won, counted(stood[closed], size)))
        mean_booking = np.nan_to_num(ratio(those.amount[ordered].sum(), ordered.sum()))
        worth = np.where(np.isnan(those.value[now]), mean_booking, those.value[now])
        predicted.append(float((weights[stage] * worth).sum()))
        booked.append(float(those.amount[now].sum()))
    misses = ratio(np.abs(np.subtract(predicted, booked)), np.array(booked))
    known = misses[~np.isnan(misses)]
    return {
        "weighted_pipeline": float(np.mean(predicted)) if predicted else np.nan,
        "forecast_error": float(known.mean()) if known.size else np.nan,
        "forecast_bias": float(ratio(np.sum(predicted), np.sum(booked))) - 1,
    }


def opportunities_of(program: Program, records: Records, journeys: Journeys, bookings: Bookings) -> Opportunities:
    """Journeys that came to the stage before that of the quote or to a later one; to any where none has a quote."""
    order = journeys.reached(Milestone.ORDER)
    stages = journeys.stages[:, max(first_of_pipeline(program), 0) :]
    stages = np.where(np.isnan(stages), np.inf, stages)
    first = _first(bookings, order)
    amount = counted(first.journey, order.size, first.amount)
    rows = np.flatnonzero(np.isfinite(stages).any(axis=1))
    closed, value = np.fmin(order, journeys.ended), own_values(program, records, journeys)
    return Opportunities(stages[rows], order[rows], closed[rows], amount[rows], value[rows])


def own_values(program: Program, records: Records, journeys: Journeys) -> Floats:
    """Value of each journey's deal as its lead carries it; NaN where its process books no attribute of the lead.

    It is the attribute, rounded or not, that a step of the process in which leads order posts to booked, as the run
    leaves it: records keep no earlier values, so a discount that was agreed in the end counts from the beginning.
    """
    steps, chances, cases = program.tables.steps, program.tables.chances, records.cases
    ordering = np.unique(steps["process"][steps["marks"] & Milestone.ORDER > 0])
    books = (steps["kind"] == Kind.POST) & (steps["account"] == ACCOUNTS.index("booked"))
    values = np.full(journeys.root.size, np.nan)
    for step in np.flatnonzero(books & np.isin(steps["process"], ordering))[::-1]:
        attribute = _attribute_of(chances, int(steps["amount"][step]))
        if attribute >= 0:
            mine = cases.process[journeys.root] == steps["process"][step]
            values[mine] = cases.attributes[journeys.root[mine], attribute]
    return values


def _attribute_of(chances: Chances, quantity: int) -> int:
    """The attribute that a quantity is, rounded or not; -1 for anything else."""
    formula = int(chances.formula[quantity])
    if formula < 0 or chances.distribution[quantity] >= 0 or chances.uses_count[quantity] > 0:
        return -1
    begin = int(chances.formulas.first[formula])
    first, *others = chances.formulas.ops[begin : begin + int(chances.formulas.length[formula])].tolist()
    plain = first == Op.ATTRIBUTE and set(others) <= {Op.ROUND}
    return int(chances.formulas.args[begin]) if plain else -1


def _first(bookings: Bookings, order: Floats) -> Bookings:
    """What each journey booked with its first order: repeated orders were in no pipeline."""
    rows = np.flatnonzero(bookings.time >= order[bookings.journey])
    earliest = np.full(order.size, np.inf)
    np.minimum.at(earliest, bookings.journey[rows], bookings.time[rows])
    rows = rows[bookings.time[rows] == earliest[bookings.journey[rows]]]
    return Bookings(*(column[rows] for column in bookings))


def open_at(those: Opportunities, moment: float) -> tuple[Numbers, Numbers]:
    """Opportunities at a moment that are not closed by then, and the last stage that each came to."""
    reached = those.stages <= moment
    rows = np.flatnonzero(reached.any(axis=1) & ~(those.closed <= moment))
    return rows, np.where(reached[rows], np.arange(reached.shape[1]), 0).max(axis=1, initial=0)
