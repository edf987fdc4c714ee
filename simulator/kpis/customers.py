"""Customers: recurring revenue kept, lost and gained, what a customer is worth, and how service treats them."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.kpis.journeys import Journeys
from simulator.kpis.money import CENTRES, Ledger
from simulator.kpis.recurring import Recurring, growth
from simulator.kpis.volumes import arrivals
from simulator.kpis.window import YEAR, Figures, Flags, Window, counted, quotient, ratio, rows_of, share, summary
from simulator.program.kept import kept
from simulator.program.layout import Milestone
from simulator.program.program import Program
from simulator.records import ACCOUNTS, Floats, Records

MONTHS: Final = 12
SUBSCRIPTION: Final = 0.5
"""Least ratio of recurring revenue to what is invoiced in a year at which a firm lives on contracts."""

PROMOTER: Final = 9
"""Least answer, of 0 to 10, of who would recommend the firm."""
DETRACTOR: Final = 6
"""Largest answer of who would advise against it."""


def retention(program: Program, journeys: Journeys, recurring: Recurring, window: Window) -> Figures:
    """What is left after a year of the recurring revenue at the start of the window, and of the customers."""
    ours = np.flatnonzero(recurring.start > 0)
    start, end = recurring.start[ours], np.maximum(recurring.end[ours], 0.0)

    def yearly(kept: float) -> float:
        with np.errstate(over="ignore"):  # where a firm grows fast in a window of days, a year of that is infinite
            return float(np.float64(kept) ** (YEAR / window.hours))

    total, segment, segments = start.sum(), journeys.segment[ours], len(program.names.segments)
    stayed = ratio(counted(segment[end > 0], segments), counted(segment, segments))
    return {
        "nrr": yearly(quotient(end.sum(), total)),
        "grr": yearly(quotient(np.minimum(start, end).sum(), total)),
        "churn_rate": 1.0 - yearly(quotient(int(np.count_nonzero(end > 0)), start.size)),
        "churn_rate_{segment}": 1.0 - stayed ** (YEAR / window.hours),
        **growth(recurring, window),
    }


def value(
    recurring: Recurring, margin: float, ledger: Ledger, churn_rate: float, won: Figures, window: Window
) -> Figures:
    """How many customers there are, what one brings until it leaves, and when it has paid for its acquisition.

    Recurring revenue counts with its own gross margin, ``margin``. It is set against a cost of acquisition only where
    it is the business, not beside what is sold once.
    """
    known = 0.0 * recurring.new
    number, revenue = float(np.count_nonzero(recurring.end > 0)) + known, float(recurring.end.sum())
    account = dict(zip(ACCOUNTS, map(float, ledger.accounts[-1]), strict=True))
    spent = float(ledger.costs[-1, CENTRES.index("acquisition")] + won["cost_presales"])
    invoiced = account["invoiced"] - account["credited"]
    business = 1.0 if revenue >= SUBSCRIPTION * invoiced * YEAR / window.hours else np.nan
    lifetime = quotient(quotient(revenue, number) * margin, churn_rate)
    return {
        "customers": number,
        "recurring_revenue": revenue,
        "recurring_margin": margin,
        "ltv": lifetime,
        "ltv_cac": quotient(lifetime, float(won["cac"])) * business,
        "cac_payback": quotient(spent, recurring.new * margin / MONTHS) * business,
    }


def service(
    program: Program, records: Records, journeys: Journeys, visits: dict[Milestone, float], recurring: Recurring,
    window: Window,
) -> Figures:  # fmt: skip
    """How support, renewals and advocacy go."""
    tickets, born = visits[Milestone.TICKET], window.holds(journeys.born)
    referred = records.cases.parent[journeys.root] >= 0
    customers = (np.count_nonzero(recurring.start > 0) + np.count_nonzero(recurring.end > 0)) / 2
    years, moods = window.hours / YEAR, _moods(program, records, journeys, recurring)
    return {
        "renewal_rate": quotient(visits[Milestone.RENEWED], visits[Milestone.RENEWAL_DUE]),
        "churned": arrivals(journeys, Milestone.CHURNED, window),
        "upsells": visits[Milestone.UPSOLD],
        "satisfaction": float(moods.mean()) if moods.size else float(np.nan),
        "nps": _nps(program, moods),
        "referral_share": share(referred, born),
        "first_contact_resolution": quotient(visits[Milestone.RESOLVED_AT_ONCE], tickets),
        "escalation_rate": quotient(visits[Milestone.ESCALATED], tickets),
        "ticket_resolution_{summary}": _resolution(program, records, journeys, window),
        "tickets_per_customer": quotient(tickets, customers * years),
        "review_share": quotient(
            arrivals(journeys, Milestone.REVIEWED, window, ~np.isnan(journeys.reached(Milestone.DELIVERED))),
            arrivals(journeys, Milestone.DELIVERED, window),
        ),
    }


def _resolution(program: Program, records: Records, journeys: Journeys, window: Window) -> Floats:
    """Hours from each ticket to the end of its case, of those that ended inside the window: mean, median, P90."""
    passages = journeys.passages
    asked = rows_of(_asks(program), passages.step)
    ended = records.cases.ended.take(passages.case.take(asked))
    inside = window.rows(ended)
    return summary(ended.take(inside) - passages.moment.take(asked.take(inside)))


@kept
def _asks(program: Program) -> Flags:
    """Whether each step marks a ticket."""
    return np.asarray(program.tables.steps["marks"] & Milestone.TICKET > 0, np.bool_)


def _moods(program: Program, records: Records, journeys: Journeys, recurring: Recurring) -> Floats:
    """Satisfaction of each customer, asked in the oldest of its unfinished cases; none where no attribute has it."""
    if program.satisfaction < 0:
        return np.empty(0)
    cases = records.cases
    ours: Flags = recurring.end > 0
    if np.isnan(recurring.new):
        ours = ~np.isnan(journeys.reached(Milestone.ORDER))
    unfinished = np.flatnonzero(np.isnan(cases.ended) & (journeys.of_case >= 0))[::-1]
    oldest = np.full(ours.size, -1)
    # Of several cases that are written to one place the last stays, which is the oldest.
    oldest[journeys.of_case[unfinished]] = unfinished
    moods: Floats = cases.attributes[oldest[ours & (oldest >= 0)], program.satisfaction]
    return moods


def _nps(program: Program, moods: Floats) -> float:
    """Promoters less detractors, in points; the bounds of satisfaction are 0 and 10 (Reichheld, HBR, December 2003)."""
    if moods.size == 0:
        return np.nan
    low, high = (
        float(bound[program.satisfaction]) for bound in (program.tables.chances.low, program.tables.chances.high)
    )
    if not np.isfinite(high - low) or high <= low:
        return np.nan
    answers = np.rint(10 * (moods - low) / (high - low))
    return float(100 * ((answers >= PROMOTER).mean() - (answers <= DETRACTOR).mean()))
