"""Acquisition: what scores, hand-offs and channels are worth."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.kpis.forecast import Bookings
from simulator.kpis.journey_scans import scan_following
from simulator.kpis.journeys import Journeys
from simulator.kpis.money import CENTRES, Ledger
from simulator.kpis.people import Worked, at_work
from simulator.kpis.volumes import arrivals
from simulator.kpis.window import Figures, Flags, Numbers, Window, counted, quotient, ratio, rows_of
from simulator.program.kept import kept
from simulator.program.layout import Kind, Milestone
from simulator.program.program import Program
from simulator.records import ACCOUNTS, Floats, Records

_CONTACTS: Final = Milestone.FIRST_RESPONSE | Milestone.CONTACTED


def handover(program: Program, journeys: Journeys, visits: dict[Milestone, float], window: Window) -> Figures:
    """How good scores, hand-offs and quotes are; NaN for what no step marks."""
    relevant, quoted = (~np.isnan(journeys.reached(mark)) for mark in (Milestone.RELEVANT, Milestone.QUOTED))
    mqls = arrivals(journeys, Milestone.MQL, window)
    good = arrivals(journeys, Milestone.MQL, window, relevant)
    rejected = visits[Milestone.SALES_REJECTED]
    return {
        "score_precision": quotient(good, mqls) * journeys.known(Milestone.RELEVANT),
        "score_recall": quotient(good, arrivals(journeys, Milestone.RELEVANT, window)),
        "mql_rejection_rate": quotient(rejected, rejected + visits[Milestone.SALES_ACCEPTED]),
        "accepted_never_contacted": _left_alone(program, journeys, window),
        "misrouted": quotient(arrivals(journeys, Milestone.MISROUTED, window), mqls),
        "sla_missed": quotient(arrivals(journeys, Milestone.SLA_MISSED, window), mqls),
        "win_rate": quotient(
            arrivals(journeys, Milestone.ORDER, window, quoted), arrivals(journeys, Milestone.QUOTED, window)
        ),
    }


def _left_alone(program: Program, journeys: Journeys, window: Window) -> float:
    """Share of accepted hand-offs that nobody contacted before the next one or before the journey ended."""
    passages, (accepts, contacts) = journeys.passages, _handed_over(program)
    rows = rows_of(accepts | contacts, passages.step)
    journey, moment, step = passages.journey.take(rows), passages.moment.take(rows), passages.step.take(rows)
    before, following = np.empty((2, rows.size), np.intp)
    scan_following(journey, moment, before, following, np.full(journeys.born.size, -1))
    counts = np.flatnonzero(accepts.take(step) & window.holds(moment) & (journey >= 0))
    after = following.take(counts)
    alone = np.where(
        after < 0, window.holds(journeys.ended.take(journey.take(counts))), ~contacts.take(step.take(after))
    )
    known = journeys.known(Milestone.SALES_ACCEPTED) * journeys.known(Milestone.FIRST_RESPONSE)
    return quotient(int(np.count_nonzero(alone)), counts.size) * known


@kept
def _handed_over(program: Program) -> tuple[Flags, Flags]:
    """Whether each step is an accepted hand-off without contact, and whether it is a contact."""
    marks = program.tables.steps["marks"]
    contacts = np.asarray(marks & _CONTACTS > 0, np.bool_)
    return np.asarray((marks & Milestone.SALES_ACCEPTED > 0) & ~contacts, np.bool_), contacts


def acquired(
    program: Program, records: Records, journeys: Journeys, ledger: Ledger, worked: Worked, busy: Floats,
    present: Floats, window: Window,
) -> Figures:  # fmt: skip
    """What customers cost to win, surveys and quotes by teams of other cost centres included.

    A team that serves delivery too, such as engineers who survey, quote and plan, counts by the share of its hours at
    work that went into leads before they ordered: the fully loaded CAC of the field has the time of pre-sales in it.

    Args:
        busy: Hours at work inside the window, by member.
        present: Hours on shift inside the window, by member.
    """
    team, teams = program.tables.members["team"], len(program.names.teams)
    hours = at_work(program, worked, _before_order(program, records, journeys, worked.visit))
    spent_selling = ratio(counted(team, teams, hours), counted(team, teams, busy))
    spent_selling[np.isnan(spent_selling)] = 0.0
    presales = float((counted(team, teams, present * program.wages) * spent_selling)[_others(program)].sum())
    spent = float(ledger.costs[-1, CENTRES.index("acquisition")]) + presales
    orders = window.rows(journeys.reached(Milestone.ORDER)).size
    return {"cost_presales": presales, "cac": quotient(spent, orders) * journeys.known(Milestone.ORDER)}


@kept
def _others(program: Program) -> Flags:
    """Whether each team is of another cost centre than acquisition."""
    return np.asarray(np.array(program.names.team_centres) != "acquisition", np.bool_)


def _before_order(program: Program, records: Records, journeys: Journeys, visit: Numbers) -> Flags:
    """Whether each visit is of a lead that has not ordered, in one of the processes in which leads order."""
    case = records.visits.case.take(visit)
    journey = journeys.of_case.take(case)
    ordered = journeys.reached(Milestone.ORDER).take(journey) <= records.visits.started.take(visit)
    return np.asarray((journey >= 0) & _sells(program).take(records.cases.process.take(case)) & ~ordered, np.bool_)


@kept
def _sells(program: Program) -> Flags:
    """Whether leads order in each process."""
    names = program.names
    marked = np.flatnonzero(program.tables.steps["marks"] & Milestone.ORDER)
    return np.isin(names.processes, [names.steps[step].partition(".")[0] for step in marked])


def channels(
    program: Program, records: Records, journeys: Journeys, bookings: Bookings, ledger: Ledger, leads: Floats,
    window: Window,
) -> Figures:  # fmt: skip
    """What the leads of each channel, in number ``leads``, cost, commissions included, and what the channel returns."""
    number, inside = len(program.names.channels), window.rows(bookings.time)
    spent = ledger.channels + _commissions(program, records, window)
    booked = counted(journeys.channel[bookings.journey[inside]], number, bookings.amount[inside])
    return {
        "cost_per_lead": quotient(spent.sum(), leads.sum()),
        "cost_per_lead_{channel}": ratio(spent, leads),
        "channel_return_{channel}": ratio(booked, spent),
    }


def _commissions(program: Program, records: Records, window: Window) -> Floats:
    """Costs of acquisition that leads themselves post inside the window, by channel.

    What a case begun by the lead posts, such as the agency of a case study, serves every channel: it is of none.
    """
    postings, cases = records.postings, records.cases
    rows = np.flatnonzero((postings.account == ACCOUNTS.index("cost")) & window.holds(postings.time))
    rows = rows[_posts_to_acquisition(program).take(postings.step.take(rows))]
    channel, amounts = cases.channel.take(postings.case.take(rows)), postings.cents.take(rows) / 100
    return counted(channel, len(program.names.channels), amounts)


@kept
def _posts_to_acquisition(program: Program) -> Flags:
    steps = program.tables.steps
    return np.asarray((steps["kind"] == Kind.POST) & (steps["cost_centre"] == CENTRES.index("acquisition")), np.bool_)
