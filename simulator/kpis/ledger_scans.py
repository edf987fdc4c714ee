"""Postings and the leads that cost money, in compiled passes in the order of the rows.

Functions read plain columns and write into arrays that they are given. Sums add up row by row, as those of
`numpy.bincount` do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.chance.compiled import bare, inlined
from simulator.kpis.work_scans import week_at
from simulator.records import Floats, Indices, Integers

if TYPE_CHECKING:
    from simulator.kpis.window import Flags, Numbers


@inlined
def _since(moment: float, start: float, end: float) -> float:
    """Hours of the window that are left after a moment."""
    hours: float = max(end - max(moment, start), 0.0)
    return hours


@bare
def scan_ledger(
    time: Floats, step: Indices, account: Indices, cents: Integers, cost: int, centre_of: Numbers, posts: Flags,
    moves: Integers, start: float, end: float, begins: Floats, accounts: Floats, costs: Floats, later: Floats,
    owed: Floats,
) -> tuple[int, bool]:  # fmt: skip
    """Add up, in currency units, what was posted in each week of the window, and what customers owe.

    Args:
        cost: Code of the account of costs.
        centre_of: Cost centre of each step.
        posts: Whether each step posts what the scenario says.
        moves: How a posting to each account moves what customers owe: 1, -1 or 0.
        accounts: Shape (weeks, accounts).
        costs: Postings to ``cost``, shape (weeks, cost centres).
        later: Those of them by steps that post, by week.
        owed: What each posting adds to what customers owe times the hours of the window after it; written.

    Returns:
        What customers owe at the end, in cents, and whether any cost of the run is below nothing.
    """
    week, total, negative = 0, 0, False
    for row in range(time.size):
        is_cost, amount = account[row] == cost, cents[row] / 100
        negative |= is_cost & (cents[row] < 0)
        moved = moves[account[row]] * cents[row]
        owed[row] = moved / 100 * _since(time[row], start, end)
        total += moved
        if not start <= time[row] < end:
            continue
        week = week_at(time[row], week, begins)
        accounts[week, account[row]] += amount
        if is_cost:
            costs[week, centre_of[step[row]]] += amount
            later[week] += amount if posts[step[row]] else 0.0
    return total, negative


@bare
def scan_leads(
    born: Floats, channel: Indices, prices: Floats, start: float, end: float, begins: Floats, spent: Floats,
    number: Floats,
) -> None:  # fmt: skip
    """Add up the prices of leads by week, and count them by channel.

    Args:
        prices: Price of a lead of each channel.
    """
    week = 0
    for lead in range(born.size):
        if start <= born[lead] < end:
            week = week_at(born[lead], week, begins)
            spent[week] += prices[channel[lead]]
            number[channel[lead]] += 1.0


@bare
def scan_payables(
    time: Floats, step: Indices, cents: Integers, moves: Integers, start: float, end: float, owed: Floats
) -> tuple[int, int]:
    """Write what is owed of each moment, the last first, in cents, times the hours of the window after it.

    What is paid at once is owed for no time: moment by moment in whole cents, nothing is left of it. Postings come in
    the order of time.

    Args:
        moves: How what each step posts moves what is owed: 1, -1 or 0.

    Returns:
        The number of moments, and the cents inside the window that were added to what is owed.
    """
    count, added, left, since = 0, 0, 0, -1.0
    for row in range(time.size - 1, -1, -1):
        hours, moved = _since(time[row], start, end), moves[step[row]] * cents[row]
        added += moved if moves[step[row]] > 0 and start <= time[row] < end else 0
        if hours > since:
            owed[count] = left * since
            count, left, since = count + (since >= 0.0), 0, hours
        left += moved
    if since >= 0.0:
        owed[count] = left * since
        count += 1
    return count, added
