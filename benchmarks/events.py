"""What a replication did, counted from the records that it left."""

from __future__ import annotations

import numpy as np

from simulator.program.layout import Kind
from simulator.program.program import Program
from simulator.records import Records


def leads(records: Records) -> int:
    """Cases that came by a channel."""
    return int((records.cases.channel >= 0).sum())


def events(program: Program, records: Records) -> int:
    """Arrivals, starts and ends of work, and ends of waits."""
    kinds = program.tables.steps["kind"][records.visits.step]
    timed = np.isin(kinds, (Kind.WORK, Kind.WAIT, Kind.JOIN))
    return int(records.cases.key.size + timed.sum() + records.waits.visit.size)


def in_progress(records: Records) -> float:
    """Mean number of cases in the system over the run."""
    ended = np.where(np.isnan(records.cases.ended), records.end, records.cases.ended)
    return float((ended - records.cases.born).sum() / records.end)
