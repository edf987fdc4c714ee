"""Receivables: which money settles which invoice, what is overdue, and how old it is."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simulator.kpis.journeys import Journeys, Passages
from simulator.kpis.money import RECEIVABLE, Ledger
from simulator.kpis.window import DAY, MONTH, Figures, Flags, Numbers, Window, counted, ratio, rows_of
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
    rows = np.flatnonzero(RECEIVABLE[postings.account])
    cents = RECEIVABLE[postings.account[rows]] * postings.cents[rows]
    unit_of = settling_units(program, records, postings.case[rows], cents)
    unit = unit_of[postings.case[rows]]
    order = np.argsort(unit, kind="stable")
    rows, cents, unit = rows[order], cents[order], unit[order]
    charges, settling = cents > 0, cents < 0
    upper, charge, by = _parts(unit, charges, settling, cents)
    known = by >= 0
    invoiced, settled = postings.time[rows[charges][charge]], np.full(upper.size, np.inf)
    settling_rows = rows[settling][by[known]]
    settled[known] = np.maximum(postings.time[settling_rows], invoiced[known])
    collected = np.zeros(upper.size, np.bool_)
    collected[known] = postings.account[settling_rows] == ACCOUNTS.index("collected")
    due = _due(program, journeys.passages, unit_of, unit[charges][charge], invoiced)
    return Owed(np.diff(upper, prepend=0) / 100, invoiced, due, settled, collected)


def settling_units(program: Program, records: Records, posted: Indices, cents: Integers) -> Numbers:
    """Case or journey that settles as one, by case: the nearest of the case and its parents that invoices.

    Where one would get more than it invoiced, all of its journey settles as one.
    """
    cases, steps = records.cases, program.tables.steps
    invoices = np.zeros(len(program.names.processes), np.bool_)
    invoices[steps["process"][(steps["kind"] == Kind.POST) & (steps["account"] == ACCOUNTS.index("invoiced"))]] = True
    unit = np.arange(cases.root.size)
    climbs = ~invoices.take(cases.process) & (cases.parent >= 0) & (cases.root != unit)
    climbing = np.flatnonzero(climbs)
    while climbing.size:
        above = cases.parent.take(unit.take(climbing))
        unit[climbing] = above
        climbing = climbing[climbs.take(above)]
    balance = np.bincount(unit.take(posted), cents, unit.size)
    if balance.min(initial=0) >= 0:
        return unit
    as_one = np.zeros(unit.size, np.bool_)
    as_one[cases.root[balance < 0]] = True
    return np.where(as_one[cases.root], cases.root, unit)


def _parts(unit: Numbers, charges: Flags, settling: Flags, cents: Integers) -> tuple[Integers, Numbers, Numbers]:
    """Upper end of each part on the line of all invoiced cents, its charge, and what settles it, -1 for nothing.

    The line runs through the charges unit by unit; what settles a unit ends on its stretch of the line.
    """
    top, paid, payer = np.cumsum(cents[charges]), np.cumsum(-cents[settling]), unit[settling]
    line = np.append(0, top)
    begin, end = (line[np.searchsorted(unit[charges], payer, side)] for side in ("left", "right"))
    before = np.append(0, paid)[np.searchsorted(payer, payer, "left")]
    position = np.minimum(begin + paid - before, end)
    # Both ascend: a stable sort only merges them, where `numpy.unique` would sort anew.
    ends = np.sort(np.concatenate([top, position[position > begin]]), kind="stable")
    upper = ends[np.diff(ends, prepend=-1) > 0]
    charge = np.searchsorted(top, upper, "left")
    by = np.searchsorted(position, upper, "left")
    inside = by < position.size
    inside[inside] = payer[by[inside]] == unit[charges][charge[inside]]
    return upper, charge, np.where(inside, by, -1)


def _due(program: Program, passages: Passages, unit_of: Numbers, unit: Numbers, invoiced: Floats) -> Floats:
    """First moment at which the unit of each invoice came to a step that marks it due; infinite for never."""
    rows = rows_of(program.tables.steps["marks"] & Milestone.DUE > 0, passages.step)
    units, moments = unit_of[passages.case[rows]], passages.moment[rows]
    order = np.lexsort((moments, units))
    units, moments = units[order], moments[order]
    low, high = np.searchsorted(units, unit, "left"), np.searchsorted(units, unit, "right")
    # Most invoices have one moment; those of a unit with several take the first that does not come before them.
    while np.any(early := (low < high) & (np.append(moments, np.inf)[low] < invoiced)):
        low[early] += 1
    return np.where(low < high, np.append(moments, np.inf)[low], np.inf)


def receivables(
    records: Records, journeys: Journeys, visits: dict[Milestone, float], owed: Owed, ledger: Ledger, window: Window
) -> Figures:
    """What is overdue and how old it is, and how effective collection is; NaN where no step marks what is due."""
    known = journeys.known(Milestone.DUE)
    account = dict(zip(ACCOUNTS, map(float, ledger.accounts[-1]), strict=True))
    sent = records.postings.time[records.postings.account == ACCOUNTS.index("invoiced")]
    invoices = window.rows(sent).size
    cleared = account["collected"] + account["written_off"]
    late = sum(float(owed.amount[(owed.due <= edge) & (edge < owed.settled)].sum()) for edge in _month_ends(window))
    overdue = _time_open(owed, np.minimum(owed.due, owed.settled), window)
    unpaid = owed.settled > owed.due
    fell_due, settled = unpaid & window.holds(owed.due), unpaid & window.holds(owed.settled)
    return {
        "ageing_{bucket}": _ageing(owed, window) * known,
        "overdue_share": float(ratio(overdue, _time_open(owed, owed.invoiced, window))) * known,
        "late_payment_rate": float(
            ratio(owed.amount[fell_due].sum(), owed.amount[window.holds(owed.invoiced)].sum()) * known
        ),
        "recovery_rate": float(ratio(owed.amount[settled & owed.collected].sum(), owed.amount[settled].sum())) * known,
        "cei": float(ratio(cleared, cleared + late)) * known,
        "dispute_rate": float(ratio(visits[Milestone.DISPUTED], invoices)),
        "dunning_per_invoice": float(ratio(visits[Milestone.DUNNED], invoices)),
        "collected_share": float(ratio(account["collected"], account["invoiced"] - account["credited"])),
    }


def _month_ends(window: Window) -> Floats:
    """Ends of the months of the window, stretched a little so that a whole number of them fits."""
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
