"""What a run leaves behind: columns of visits, waits, postings and cases, from which everything else is derived."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Indices = NDArray[np.int32]

CAUSES: Final = ("off_shift", "contention", "ownership", "limit", "priority", "customer", "schedule", "policy")
"""Why a case waits: the first five for a team, the others by a wait step."""
TEAM_CAUSES: Final = CAUSES[:5]
ACCOUNTS: Final = ("booked", "invoiced", "credited", "collected", "written_off", "cost", "paid", "recurring")
"""Accounts of the ledger, in the order of their codes."""
TICKS: Final = 2.0**32
"""Ticks an hour: waits are counted in whole ticks, so that their parts add up exactly in whatever order."""


class Visits(NamedTuple):
    """One row for every step that a case came to, in the order of arrival."""

    case: Indices
    step: Indices
    entered: Floats
    """Hours since the start of the run."""
    started: Floats
    """When work began or, for a step without work, when it was entered; NaN when it never began."""
    finished: Floats
    """When the case left the step; NaN when it had not by the end of the run."""
    member: Indices
    """Who worked on it; -1 for nobody, as when a tool did it or the case gave up."""
    next: Indices
    """Step that followed; -1 at the end of the case or of the run."""


class Waits(NamedTuple):
    """One row for every visit that queued for a team: ticks by cause, which add up to the whole wait."""

    visit: Indices
    """Row in the visits."""
    ticks: Integers
    """Array of shape (rows, 5) in the order of ``TEAM_CAUSES``."""


class Postings(NamedTuple):
    """One row for every entry in the ledger."""

    time: Floats
    case: Indices
    step: Indices
    account: Indices
    """Code in ``ACCOUNTS``."""
    cents: Integers


class Cases(NamedTuple):
    """One row for every case that was created."""

    key: Integers
    """Key of its chance: the same case has the same key in every scenario."""
    process: Indices
    channel: Indices
    parent: Indices
    """Row of the case that created it, -1 for an arrival."""
    root: Indices
    """Row of the case with which its journey began; its own row for a lead."""
    born: Floats
    ended: Floats
    """NaN while unfinished."""
    outcome: Indices
    """Code of the outcome, -1 while unfinished."""
    attributes: Floats
    """Array of shape (cases, attributes): values as last set, not decayed since; 0 for those left out."""


class Records(NamedTuple):
    """Everything that one replication leaves behind."""

    visits: Visits
    waits: Waits
    postings: Postings
    cases: Cases
    end: float
    """Hours since the start at which the run stopped."""


def first_difference(left: Records, right: Records) -> str:
    """Say where two records differ first, to the last bit; empty when they are identical."""
    for table in ("cases", "visits", "waits", "postings"):
        for column, mine in getattr(left, table)._asdict().items():
            other = getattr(getattr(right, table), column)
            if mine.shape != other.shape:
                return f"{table}.{column}: {mine.shape[0]} rows against {other.shape[0]}"
            same = mine.view(np.int64) == other.view(np.int64) if mine.dtype == np.float64 else mine == other
            if not same.all():
                row = int(np.argwhere(~same)[0][0])
                return f"{table}.{column}, row {row}: {mine[row]} against {other[row]}"
    return "" if left.end == right.end else f"end: {left.end} against {right.end}"
