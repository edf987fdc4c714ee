"""Recurring revenue: what customers pay a year, what they gain and lose of it, and what it costs to serve."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simulator.kpis.journeys import Journeys
from simulator.kpis.money import CENTRES, Ledger, centre_of_member
from simulator.kpis.people import Worked, at_work
from simulator.kpis.window import YEAR, Figures, Flags, Window, counted, ratio
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
    steps, size = program.tables.steps, journeys.root.size
    if not np.any((steps["kind"] == Kind.POST) & (steps["account"] == _RECURRING)):
        nothing = np.full(size, np.nan)
        return Recurring(nothing, nothing, np.nan, np.nan, np.nan, np.nan)
    postings = records.postings
    rows = np.flatnonzero(postings.account == _RECURRING)
    rows = rows[journeys.of_case[postings.case[rows]] >= 0]
    who, time, cents = journeys.of_case[postings.case[rows]], postings.time[rows], postings.cents[rows]
    gained, first = np.maximum(cents, 0), np.full(size, np.inf)
    np.minimum.at(first, who[cents > 0], time[cents > 0])
    inside, new = window.holds(time), time <= first[who]
    priced = (steps["marks"][postings.step[rows]] & Milestone.RENEWED > 0) & ~new
    in_force = window.end - np.clip(time, window.start, window.end)
    return Recurring(
        np.bincount(who, np.where(time < window.start, cents, 0), size) / 100,
        np.bincount(who, cents, size) / 100,
        float(gained[inside & new].sum()) / 100,
        float(gained[inside & ~new & ~priced].sum()) / 100,
        float(gained[inside & priced].sum()) / 100,
        float((cents * in_force).sum()) / 100 / YEAR,
    )


def growth(recurring: Recurring, window: Window) -> Figures:
    """Where recurring revenue that is gained comes from."""
    gained, start = recurring.new + recurring.expansion, float(recurring.start.sum())
    return {
        "expansion_share": float(ratio(recurring.expansion, gained)),
        "price_rise_rate": float(ratio(recurring.price_rises, start)) * YEAR / window.hours,
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
    return 1.0 - float(ratio(cost, min(recurring.earned, invoiced) if invoiced > 0 else recurring.earned))


def _served(records: Records, *, all_of_it: bool) -> Flags:
    """Cases that post recurring revenue and those they began, without new leads and what is sold by itself.

    Where recurring revenue is all that is invoiced, as the repeated purchases of trade accounts, nothing is.
    """
    cases, postings = records.cases, records.postings
    holds, sells = (np.zeros(cases.root.size, np.bool_) for _ in range(2))
    holds[postings.case[postings.account == _RECURRING]] = True
    sells[postings.case[postings.account == ACCOUNTS.index("booked")]] = not all_of_it
    heirs = np.flatnonzero((cases.parent >= 0) & (cases.root != np.arange(cases.root.size)) & ~sells)
    parents, ours, count = cases.parent.take(heirs), holds, -1
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
    centre = program.tables.steps["cost_centre"][postings.step[rows]].astype(np.intp)
    amount = postings.cents[rows] / 100
    on_ours = ours[postings.case[rows]]
    return counted(centre, len(CENTRES), amount), counted(centre, len(CENTRES), amount * on_ours)
