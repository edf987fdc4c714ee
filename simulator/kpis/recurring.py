"""Recurring revenue: what customers pay a year, what they gain and lose of it, and what it costs to serve."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simulator.kpis.journeys import Journeys, posted_to
from simulator.kpis.money import CENTRES, Ledger, centre_of_member, centre_of_step
from simulator.kpis.people import Worked, at_work
from simulator.kpis.recurring_scans import scan_recurring
from simulator.kpis.window import YEAR, Figures, Flags, Window, counted, quotient, ratio
from simulator.program.kept import kept
from simulator.program.layout import Kind, Milestone
from simulator.program.program import Program
from simulator.records import ACCOUNTS, Floats, Records

SERVES: Final = ("delivery", "service")
"""Cost centres whose cost is that of what customers get."""
_RECURRING: Final = ACCOUNTS.index("recurring")


class Recurring(NamedTuple):
    """Yearly recurring revenue by journey, in currency units; NaN where the scenario posts none."""

    start: Floats
    """At the start of the window."""
    end: Floats
    """At the end of the run."""
    new: float
    """Gained inside the window with the first contract of a journey."""
    expansion: float
    """Gained inside the window from journeys that had gained some before, other than by a price rise."""
    price_rises: float
    """Gained inside the window at steps marked renewed: the price of the new term."""
    earned: float
    """In force over the window: its mean times the years."""


def recurring_of(program: Program, records: Records, journeys: Journeys, window: Window) -> Recurring:
    """Add up the postings to ``recurring``."""
    size = journeys.root.size
    if not _posts_recurring(program):
        nothing = np.full(size, np.nan)
        return Recurring(nothing, nothing, np.nan, np.nan, np.nan, np.nan)
    postings = records.postings
    rows, who = posted_to("recurring", records, journeys)
    first, gained, in_force = np.full(size, np.inf), np.zeros(3, np.int64), np.empty(rows.size)
    start, end = np.zeros((2, size))
    scan_recurring(
        rows, who, postings.time, postings.step, postings.cents, _renews(program), window.start, window.end,
        first, start, end, gained, in_force,
    )  # fmt: skip
    new, expansion, price_rises = (gained / 100).tolist()
    earned = float(in_force.sum()) / 100 / YEAR
    return Recurring(start / 100, end / 100, new, expansion, price_rises, earned)


@kept
def _posts_recurring(program: Program) -> bool:
    steps = program.tables.steps
    return bool(np.any((steps["kind"] == Kind.POST) & (steps["account"] == _RECURRING)))


@kept
def _renews(program: Program) -> Flags:
    """Whether each step is marked renewed."""
    return np.asarray(program.tables.steps["marks"] & Milestone.RENEWED > 0, np.bool_)


def growth(recurring: Recurring, window: Window) -> Figures:
    """Where recurring revenue that is gained comes from."""
    gained, start = recurring.new + recurring.expansion, float(recurring.start.sum())
    return {
        "expansion_share": quotient(recurring.expansion, gained),
        "price_rise_rate": quotient(recurring.price_rises, start) * YEAR / window.hours,
    }


def gross_margin(
    program: Program, records: Records, recurring: Recurring, ledger: Ledger, worked: Worked, busy: Floats,
    present: Floats, window: Window,
) -> float:  # fmt: skip
    """Share of the recurring revenue in force that remains after what serving it cost; NaN without any.

    Posted costs of delivery and service count by their case, wages of these teams by the hours that each team worked
    on cases of recurring revenue; what no case tells, as licences and idle teams, by the share of recurring revenue
    in what is invoiced. Where less is invoiced than is in force, the costs are those of what is invoiced.

    Args:
        busy: Hours at work inside the window, by member.
        present: Hours on shift inside the window, by member.
    """
    if np.isnan(recurring.earned):
        return np.nan
    account = dict(zip(ACCOUNTS, map(float, ledger.accounts[-1]), strict=True))
    invoiced = account["invoiced"] - account["credited"]
    ours = _served(records, all_of_it=recurring.earned > invoiced > 0)
    part = min(1.0, recurring.earned / invoiced) if invoiced > 0 else 1.0
    ours_of_it = at_work(program, worked, ours.take(records.visits.case.take(worked.visit)))
    wages, wages_ours = _wages(program, busy, ours_of_it, present * program.wages, part)
    posted, posted_ours = _posted(program, records, ours, window)
    serves = [CENTRES.index(centre) for centre in CENTRES if centre in SERVES]
    running = ledger.costs[-1] - wages - posted
    cost = (wages_ours + posted_ours + part * running)[serves].sum()
    return 1.0 - quotient(cost, min(recurring.earned, invoiced) if invoiced > 0 else recurring.earned)


def _served(records: Records, *, all_of_it: bool) -> Flags:
    """Cases that post recurring revenue and those they began, without new leads and what is sold by itself.

    Where recurring revenue is all that is invoiced, as the repeated purchases of trade accounts, nothing is.
    """
    cases, postings = records.cases, records.postings
    ours, sells = np.zeros((2, cases.root.size), np.bool_)
    ours[postings.case[postings.account == _RECURRING]] = True
    sells[postings.case[postings.account == ACCOUNTS.index("booked")]] = not all_of_it
    heirs = np.flatnonzero((cases.parent >= 0) & (cases.root != np.arange(cases.root.size)) & ~sells)
    parents, count = cases.parent.take(heirs), -1
    while count != (count := int(np.count_nonzero(ours))):
        ours[heirs] |= ours.take(parents)
    return ours


def _wages(program: Program, busy: Floats, ours: Floats, paid: Floats, idle: float) -> tuple[Floats, Floats]:
    """Wages by cost centre, all and those of our hours; a team that did nothing counts by ``idle``."""
    team, teams = program.tables.members["team"], len(program.names.teams)
    hours, hours_ours = counted(team, teams, busy), counted(team, teams, ours)
    share = np.where(hours > 0, ratio(hours_ours, hours), idle)
    centre = centre_of_member(program)
    return counted(centre, len(CENTRES), paid), counted(centre, len(CENTRES), paid * share[team])


def _posted(program: Program, records: Records, ours: Flags, window: Window) -> tuple[Floats, Floats]:
    """Posted costs of the window by cost centre, all and those of our cases."""
    postings = records.postings
    rows = np.flatnonzero((postings.account == ACCOUNTS.index("cost")) & window.holds(postings.time))
    centre, amount = centre_of_step(program).take(postings.step.take(rows)), postings.cents.take(rows) / 100
    on_ours = ours.take(postings.case.take(rows))
    return counted(centre, len(CENTRES), amount), counted(centre, len(CENTRES), amount * on_ours)
