"""Which postings belong together, in compiled passes: what settles an invoice, and who sold what was booked.

Functions read plain columns and write into arrays that they are given.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulator.chance.compiled import bare
from simulator.records import Floats, Indices, Integers

if TYPE_CHECKING:
    from simulator.kpis.window import Flags, Numbers


@bare
def scan_units(process: Indices, parent: Indices, root: Indices, invoices: Flags, unit: Numbers) -> None:
    """Write the nearest of each case and its parents whose process invoices, or that no case of its journey began."""
    for case in range(unit.size):
        at = case
        while not invoices[process[at]] and parent[at] >= 0 and root[at] != at:
            at = parent[at]
        unit[case] = at


@bare
def scan_parts(
    unit: Numbers, cents: Integers, time: Floats, collects: Flags, due_of: Numbers, due_at: Floats,
    amount: Floats, invoiced: Floats, due: Floats, settled: Floats, collected: Flags,
) -> int:  # fmt: skip
    """Write the parts of what is charged, each settled at once or never: of each unit the oldest charge first.

    A charge is due at the first of the moments of its unit that does not come before it.

    Args:
        unit: Who settles as one; ascending.
        cents: What is charged, above 0, or settles, below; what is left of the latter is written.
        collects: Whether money settles, rather than a credit note or a write-off.
        due_of: Unit of each moment; ascending, and moments of a unit ascend.
        due_at: The moments.
        amount: Of each part, in currency units.
        due: Infinite for never.

    Returns:
        The number of parts, not more than there are rows.
    """
    count, by, first = 0, 0, 0
    for row in range(unit.size):
        while first < due_of.size and due_of[first] < unit[row]:
            first += 1
        at, rest = first, max(cents[row], 0)
        while at < due_of.size and due_of[at] == unit[row] and due_at[at] < time[row]:
            at += 1
        while rest > 0:
            while by < unit.size and (unit[by] < unit[row] or (unit[by] == unit[row] and cents[by] >= 0)):
                by += 1
            settles = by < unit.size and unit[by] == unit[row]
            part = min(rest, -cents[by]) if settles else rest
            amount[count], invoiced[count] = part / 100, time[row]
            due[count] = due_at[at] if at < due_of.size and due_of[at] == unit[row] else math.inf
            settled[count], collected[count] = math.inf, False
            if settles:
                settled[count], collected[count] = max(time[by], time[row]), collects[by]
                cents[by] += part
            rest -= part
            count += 1
    return count


@bare
def scan_sellers(
    work: Numbers, member: Indices, case: Indices, started: Floats, place: Numbers, posted: Indices, time: Floats,
    latest: Numbers, before: Numbers, since: Floats, seller: Numbers,
) -> None:  # fmt: skip
    """Write who of the sellers worked last on the case of each posting before it, -1 for nobody.

    Each visit is held against all postings of its case, which are few.

    Args:
        work: Visits to work steps; of several that began at one moment the last counts.
        place: Number of each member among the sellers, -1 for others, and for nobody at the end.
        posted: Case of each posting.
        latest: Room for a posting of each case, of -1.
        before: Room for a row of each posting.
        since: Room for a moment of each posting.
    """
    for posting in range(posted.size):
        before[posting], latest[posted[posting]] = latest[posted[posting]], posting
        since[posting], seller[posting] = -math.inf, -1
    for visit in work:
        posting = latest[case[visit]]
        while posting >= 0:
            who = place[member[visit]]
            if who >= 0 and since[posting] <= started[visit] <= time[posting]:
                since[posting], seller[posting] = started[visit], who
            posting = before[posting]
