"""Recurring revenue and what serving it costs, in compiled passes in the order of the rows.

Functions read plain columns and write into arrays that they are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.chance.compiled import bare
from simulator.records import Floats, Indices, Integers

if TYPE_CHECKING:
    from simulator.kpis.window import Flags, Numbers

NEW, EXPANSION, PRICE_RISE = range(3)
"""Ways in which recurring revenue is gained."""


@bare
def scan_recurring(
    rows: Numbers, journey: Numbers, time: Floats, step: Indices, cents: Integers, renews: Flags, start: float,
    end: float, first: Floats, begun: Floats, over: Floats, gained: Integers, in_force: Floats,
) -> None:  # fmt: skip
    """Add up postings to recurring by journey.

    Args:
        rows: The postings; ``journey`` has that of each.
        renews: Whether each step is marked renewed.
        first: When each journey first gains; infinite before.
        begun: Cents a year at the start of the window, by journey.
        over: The same at the end of the run.
        gained: Cents gained inside the window in each way.
        in_force: Cents of each row times the hours of the window after it; written.
    """
    for place in range(rows.size):
        if cents[rows[place]] > 0:
            first[journey[place]] = min(first[journey[place]], time[rows[place]])
    for place in range(rows.size):
        row, who = rows[place], journey[place]
        moment = time[row]
        begun[who] += cents[row] if moment < start else 0
        over[who] += cents[row]
        in_force[place] = cents[row] * (end - min(max(moment, start), end))
        if start <= moment < end and cents[row] > 0:
            way = NEW if moment <= first[who] else PRICE_RISE if renews[step[row]] else EXPANSION
            gained[way] += cents[row]
