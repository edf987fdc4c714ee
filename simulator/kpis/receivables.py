"""Receivables: which money settles which invoice, what is overdue, and how old it is."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simulator.kpis.journeys import Journeys, Passages
from simulator.kpis.money import RECEIVABLE, Ledger
from simulator.kpis.settling_scans import scan_parts, scan_units
from simulator.kpis.window import (
    DAY,
    MONTH,
    Figures,
    Flags,
    Numbers,
    Window,
    counted,
    quotient,
    rows_of,
    window_of,
)
from simulator.program.kept import kept
from simulator.program.layout import Kind, Milestone
from simulator.program.program import Program
from simulator.records import ACCOUNTS, Floats, Indices, Integers, Records

BUCKETS: Final = ("current", "1_30", "31_60", "61_90", "over_90")
"""Ageing buckets by days past due."""
_UP_TO: Final = (30.0, 60.0, 90.0)


class Owed(NamedTuple):
    """One row for every part of an invoice that is settled at once, or never."""

    amount: Floats
    """In currency units."""
    invoiced: Floats
    due: Floats
    """When the term of its invoice was over; infinite while it is not."""
    settled: Floats
    """When it was collected, credited or written off; infinite while it is not."""
    collected: Flags
    """Whether money settled it, rather than a credit note or a write-off."""


def owed_of(program: Program, records: Records, journeys: Journeys) -> Owed:
    """Parts of invoices, of which the oldest is settled first: what a case invoices it settles, with those it began."""
    postings = records.postings
    rows = rows_of(RECEIVABLE != 0, postings.account)
    account, case = postings.account.take(rows), postings.case.take(rows)
    cents = RECEIVABLE.take(account) * postings.cents.take(rows)
    unit_of = settling_units(program, records, case, cents)
    unit = unit_of.take(case)
    order = np.argsort(unit, kind="stable")
    (amount, invoiced, due, settled), collected = np.empty((4, rows.size)), np.empty(rows.size, np.bool_)
    parts = Owed(amount, invoiced, due, settled, collected)
    of_due, moments = _due(program, journeys.passages, unit_of)
    number = scan_parts(
        unit.take(order), cents.take(order), postings.time.take(rows.take(order)),
        account.take(order) == ACCOUNTS.index("collected"), of_due, moments, amount, invoiced, due, settled, collected,
    )  # fmt: skip
    return Owed._make(column[:number] for column in parts)


def settling_units(program: Program, records: Records, posted: Indices, cents: Integers) -> Numbers:
    """Case or journey that settles as one, by case: the nearest of the case and its parents that invoices.

    Where one would get more than it invoiced, all of its journey settles as one.
    """
    cases, unit = records.cases, np.empty(records.cases.root.size, np.intp)
    scan_units(cases.process, cases.parent, cases.root, _invoices(program), unit)
    balance = np.bincount(unit.take(posted), cents, unit.size)
    if balance.min(initial=0) >= 0:
        return unit
    as_one = np.zeros(unit.size, np.bool_)
    as_one[cases.root[balance < 0]] = True
    return np.where(as_one[cases.root], cases.root, unit)


@kept
def _invoices(program: Program) -> Flags:
    """Whether a step of each process posts to invoiced."""
    steps, invoices = program.tables.steps, np.zeros(len(program.names.processes), np.bool_)
    invoices[steps["process"][(steps["kind"] == Kind.POST) & (steps["account"] == ACCOUNTS.index("invoiced"))]] = True
    return invoices


def _due(program: Program, passages: Passages, unit_of: Numbers) -> tuple[Numbers, Floats]:
    """Unit and moment of each passage through a step that marks an invoice due, by unit and in the order of time."""
    rows = rows_of(_marks_due(program), passages.step)
    units, moments = unit_of.take(passages.case.take(rows)), passages.moment.take(rows)
    order = np.lexsort((moments, units))
    return units.take(order), moments.take(order)


@kept
def _marks_due(program: Program) -> Flags:
    return np.asarray(program.tables.steps["marks"] & Milestone.DUE > 0, np.bool_)


def receivables(
    program: Program, records: Records, journeys: Journeys, visits: dict[Milestone, float], owed: Owed, ledger: Ledger
) -> Figures:  # fmt: skip
    """What is overdue and how old it is, and how effective collection is; NaN where no step marks what is due."""
    window = window_of(program)
    known = journeys.known(Milestone.DUE)
    account = dict(zip(ACCOUNTS, map(float, ledger.accounts[-1]), strict=True))
    sent = records.postings.time[records.postings.account == ACCOUNTS.index("invoiced")]
    invoices = window.rows(sent).size
    cleared = account["collected"] + account["written_off"]
    ends = _month_ends(program)[:, None]
    late = sum(float(owed.amount[by_then].sum()) for by_then in (owed.due <= ends) & (ends < owed.settled))
    overdue = _time_open(owed, np.minimum(owed.due, owed.settled), window)
    unpaid = owed.settled > owed.due
    fell_due, settled = unpaid & window.holds(owed.due), unpaid & window.holds(owed.settled)
    return {
        "ageing_{bucket}": _ageing(owed, window) * known,
        "overdue_share": quotient(overdue, _time_open(owed, owed.invoiced, window)) * known,
        "late_payment_rate": quotient(owed.amount[fell_due].sum(), owed.amount[window.holds(owed.invoiced)].sum())
        * known,
        "recovery_rate": quotient(owed.amount[settled & owed.collected].sum(), owed.amount[settled].sum()) * known,
        "cei": quotient(cleared, cleared + late) * known,
        "dispute_rate": quotient(visits[Milestone.DISPUTED], invoices),
        "dunning_per_invoice": quotient(visits[Milestone.DUNNED], invoices),
        "collected_share": quotient(account["collected"], account["invoiced"] - account["credited"]),
    }


@kept
def _month_ends(program: Program) -> Floats:
    """Ends of the months of the window, stretched a little so that a whole number of them fits."""
    window = window_of(program)
    months = max(1, round(window.hours / MONTH))
    return np.linspace(window.start, window.end, months + 1)[1:]


def _time_open(owed: Owed, since: Floats, window: Window) -> float:
    return float((owed.amount * (window.clip(owed.settled) - window.clip(since))).sum())


def _ageing(owed: Owed, window: Window) -> Floats:
    """What is owed at the end of the run by days past due, in the order of ``BUCKETS``."""
    open_ = np.isinf(owed.settled)
    days = (window.end - owed.due[open_]) / DAY
    bucket = np.where(days < 0, 0, 1 + np.searchsorted(_UP_TO, days, "left"))
    return counted(bucket, len(BUCKETS), owed.amount[open_])
