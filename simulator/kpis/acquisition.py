"""Acquisition: what scores, hand-offs and channels are worth, and how well the pipeline foretells bookings."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simulator.chance.formulas import Op
from simulator.chance.quantities import Chances
from simulator.kpis.journeys import Journeys
from simulator.kpis.money import CENTRES, Ledger
from simulator.kpis.people import at_work
from simulator.kpis.targets import first_of_pipeline
from simulator.kpis.volumes import arrivals
from simulator.kpis.window import MONTH, Figures, Flags, Numbers, Window, counted, ratio
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


def acquired(
    program: Program, records: Records, journeys: Journeys, ledger: Ledger, busy: Floats, present: Floats,
    window: Window,
) -> Figures:  # fmt: skip
    """What customers cost to win, surveys and quotes by teams of other cost centres included.

    A team that serves delivery too, such as engineers who survey, quote and plan, counts by the share of its hours at
    work that went into leads before they ordered: the fully loaded CAC of the field has the time of pre-sales in it.

    Args:
        busy: Hours at work inside the window, by member.
        present: Hours on shift inside the window, by member.
    """
    team, teams = program.tables.members["team"], len(program.names.teams)
    hours = at_work(program, records, window, _before_order(program, records, journeys))
    share = np.nan_to_num(ratio(counted(team, teams, hours), counted(team, teams, busy)))
    others = np.array(program.names.team_centres) != "acquisition"
    presales = float((counted(team, teams, present * program.wages) * share)[others].sum())
    spent = float(ledger.costs[-1, CENTRES.index("acquisition")]) + presales
    orders = window.holds(journeys.reached(Milestone.ORDER)).sum()
    return {"cost_presales": presales, "cac": float(ratio(spent, orders)) * journeys.known(Milestone.ORDER)}


def _before_order(program: Program, records: Records, journeys: Journeys) -> Flags:
    """Visits of leads that have not ordered, in the processes in which leads order."""
    names, visits = program.names, records.visits
    marked = np.flatnonzero(program.tables.steps["marks"] & Milestone.ORDER)
    sells = np.isin(names.processes, [names.steps[step].partition(".")[0] for step in marked])
    journey = journeys.of_case[visits.case]
    ordered = journeys.reached(Milestone.ORDER)[journey] <= visits.started
    return np.asarray((journey >= 0) & sells[records.cases.process[visits.case]] & ~ordered, np.bool_)


def channels(program: Program, journeys: Journeys, bookings: Bookings, ledger: Ledger, window: Window) -> Figures:
    """What the leads of each channel cost, and what it returns."""
    number, inside = len(program.names.channels), window.holds(bookings.time)
    leads = counted(journeys.channel[window.holds(journeys.born)], number)
    booked = counted(journeys.channel[bookings.journey[inside]], number, bookings.amount[inside])
    return {
        "cost_per_lead": float(ratio(ledger.channels.sum(), leads.sum())),
        "cost_per_lead_{channel}": ratio(ledger.channels, leads),
        "channel_return_{channel}": ratio(booked, ledger.channels),
    }


def forecast(
    program: Program, records: Records, journeys: Journeys, bookings: Bookings, window: Window
) -> Figures:  # fmt: skip
    """The weighted pipeline at the start of each month, against what its journeys booked with their orders.

    The pipeline holds open opportunities: journeys from the stage before the quote on, or in any stage where no stage
    is that of a quote. At the start of a month nothing is known but the past: a stage weighs as much as the share of
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

    It is the attribute, rounded or not, that a step of the process in which leads order posts to booked, as last set:
    list value until a discount is agreed.
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
