"""Laws of money: every posting has its visit, and every cent invoiced is settled or still on its way to be."""

from __future__ import annotations

import numpy as np

from simulator.kpis.laws import broken
from simulator.kpis.money import RECEIVABLE
from simulator.kpis.receivables import settling_units
from simulator.kpis.window import Flags, Numbers
from simulator.program.layout import Kind, Tables
from simulator.program.program import Program
from simulator.records import ACCOUNTS, Floats, Indices, Integers, Records


def postings_come_from_visits(program: Program, records: Records) -> list[str]:
    """Each visit to a post step leaves one posting, by its case, at its moment, to the account of the step.

    Open cases bring what they have posted before; what a tool charges for a run is a cost of its work step.
    """
    steps, visits, postings = program.tables.steps, records.visits, records.postings
    brought = 0 if program.pipeline is None else program.pipeline.posted_case.size
    step, posts = postings.step[brought:], steps["kind"] == Kind.POST
    wrong = np.where(posts, steps["account"], ACCOUNTS.index("cost"))[step] != postings.account[brought:]
    rows, entries = np.flatnonzero(posts[visits.step]), brought + np.flatnonzero(posts[step])
    came = _sorted(visits.case[rows], visits.step[rows], visits.entered[rows])
    left = _sorted(postings.case[entries], postings.step[entries], postings.time[entries])
    told = f"postings: {entries.size} of post steps, {rows.size} visits to them, one for each at its moment"
    return [
        *broken(wrong, "postings: the account is that of the step"),
        *([] if np.array_equal(came, left) else [told]),
    ]


def _sorted(case: Indices, step: Indices, moment: Floats) -> Floats:
    """The rows in an order of their own, shape (3, rows)."""
    found: Floats = np.stack([case, step, moment])
    return found[:, np.lexsort(found)]


def money_is_conserved(program: Program, records: Records) -> list[str]:
    """Invoiced = credited + collected + written off + outstanding, over every cent and at every moment.

    What is outstanding is told by where cases stand, not by the balance: each invoice belongs to a unit, the cases that
    settle it, and is open only while one of them is at a step from which a settlement follows before another invoice.
    Whenever none is, the unit has settled all that it invoiced, whether or not the customer is still there. Only who
    pays before the first invoice may be ahead of them for a time.
    """
    unit, balance, pending, last, prepaid = _history(program, records)
    final = last & np.append(unit[1:] != unit[:-1], np.ones(min(unit.size, 1), np.bool_))
    owing, over = (np.zeros(records.cases.root.size, np.bool_) for _ in range(2))
    owing[unit[last & (pending == 0) & (balance > 0)]] = True
    over[unit[last & (balance < 0) & (final | ~prepaid)]] = True
    return [
        *broken(over, "invoices: no more is collected, credited and written off than was invoiced"),
        *broken(owing, "invoices: one that no case is about to settle is settled, to the cent"),
    ]


def _history(program: Program, records: Records) -> tuple[Numbers, Integers, Integers, Flags, Flags]:
    """What each unit owes and how many of its cases are about to settle, after each event, in the order of time.

    Returns unit, cents owed, cases about to settle, whether the event is the last of the unit at its moment, and
    whether the unit paid before it was invoiced.
    """
    visits, postings = records.visits, records.postings
    rows = np.flatnonzero(RECEIVABLE[postings.account])
    cents: Integers = RECEIVABLE[postings.account[rows]] * postings.cents[rows]
    unit_of = settling_units(program, records, postings.case[rows], cents)
    owes = np.zeros(unit_of.size, np.bool_)
    owes[unit_of[postings.case[rows]]] = True
    comes = np.flatnonzero(settles_ahead(program.tables)[visits.step] & owes[unit_of[visits.case]])
    goes = comes[~np.isnan(visits.finished[comes])]
    # What open cases bring was posted before the run, in which they come to their step at once.
    posted = np.maximum(postings.time[rows], program.begins)
    time = np.concatenate([posted, visits.entered[comes], visits.finished[goes]])
    unit = unit_of[np.concatenate([postings.case[rows], visits.case[comes], visits.case[goes]])]
    order = np.lexsort((time, unit))
    time, unit = time[order], unit[order]
    moves = np.zeros((3, time.size), np.int64)
    moves[0, : rows.size], moves[1, : rows.size] = cents, cents > 0
    moves[2, rows.size :] = np.repeat([1, -1], [comes.size, goes.size])
    moves = moves[:, order]
    total = np.cumsum(moves, axis=1)
    balance, charges, pending = total - (total - moves)[:, np.searchsorted(unit, unit, "left")]
    last = np.append((unit[1:] != unit[:-1]) | (time[1:] != time[:-1]), np.ones(min(unit.size, 1), np.bool_))
    prepaid = np.zeros(unit_of.size, np.bool_)
    prepaid[unit[(balance < 0) & (charges == 0)]] = True
    return unit, balance, pending, last, prepaid[unit]


def settles_ahead(tables: Tables) -> Flags:
    """Whether a settlement can follow each step before another invoice does, by the case or by one that it begins."""
    steps = tables.steps
    moves = np.where(steps["kind"] == Kind.POST, RECEIVABLE[steps["account"]], 0)
    before, after = _followed(tables)
    ahead: Flags = moves < 0
    count = -1
    while count != (count := int(ahead.sum())):
        ahead[before[ahead[after]]] = True
        ahead &= moves <= 0
    return ahead


def _followed(tables: Tables) -> tuple[Integers, Integers]:
    """Every pair of a step and one that may follow it, that of a child's first step included."""
    steps = tables.steps
    kind, rows = steps["kind"], np.arange(steps.size)
    aside = [steps[field] for field in ("next", "patience_to", "balk_to", "defect_to")]
    spawns = kind == Kind.SPAWN
    child = np.where(spawns, tables.processes["first_step"][np.where(spawns, steps["target"], 0)], -1)
    items = np.where(kind == Kind.DECIDE, steps["items"], 0)
    chosen = np.repeat(steps["first"], items) + np.arange(items.sum()) - np.repeat(np.cumsum(items) - items, items)
    before = np.concatenate([np.tile(rows, len(aside) + 1), np.repeat(rows, items)])
    after = np.concatenate([*aside, child, tables.outcomes["to"][chosen]]).astype(np.int64)
    return before[after >= 0], after[after >= 0]
