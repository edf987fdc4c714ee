"""Tables of what changes during a replication."""

from __future__ import annotations

from typing import Final

import numpy as np

_I1, _I4, _I8, _F8 = np.int8, np.int32, np.int64, np.float64

REGISTERS = np.dtype([
    ("now", _F8), ("scheduled", _I8), ("events", _I8), ("near", _I8), ("later", _I8), ("free", _I8),
    ("ahead", _I8), ("due", _I8), ("last_due", _I8), ("comes", _F8), ("comes_after", _I8), ("later_from", _F8),
    ("periods_an_hour", _F8), ("cases", _I8), ("vacant", _I8), ("roll", _I8),
    ("visits", _I8), ("waits", _I8),
    ("postings", _I8), ("tickets", _I8), ("overtakings", _I8), ("begun", _I8), ("arrived", _I8), ("case", _I8),
    ("step", _I8), ("arriving", _I8),
    ("seed", _I8), ("replication", _I8), ("warm_up", _F8), ("end", _F8),
    ("segment", _I8), ("product", _I8), ("segments", _I8), ("products", _I8), ("attributes", _I8),
    ("cohorts", _I8), ("borne", _I8), ("endless_amount", _F8), ("room", _I8), ("room_elsewhere", _I8), ("needed", _I8),
    ("credit", _I8),
])  # fmt: skip
"""Numbers of rows in use; the moment; of the events, how many are in the heap, in which period those begin that are
not, which of them was asked for last, the first and the last that are due at this moment, and when the next arrival
comes, behind how many events; what is under way: the next newborn case to begin, the case and the step to
take; and what stays: seed, replication, hours, the shape of the table of births, and whether arrivals are born in
cohorts; then of how many arrivals it is known what they bring. At the end, rows of tables: those that one event may
need among notes of overtaking (``room``) and in any other table (``room_elsewhere``), those that were looked for last,
and for how many more events there is room for certain (``credit``)."""
EVENT = np.dtype(
    [("time", _F8), ("order", _I8), ("kind", _I4), ("subject", _I4), ("detail", _I4), ("next", _I4)], align=True
)
"""``next`` is the next event of its period or of this moment, or the next row that is free, outside the heap."""
ENTRY = np.dtype([
    ("key", _I8), ("process", _I4), ("channel", _I4), ("parent", _I4), ("root", _I4), ("born", _F8), ("ended", _F8),
    ("outcome", _I4), ("place", _I4),
], align=True)  # fmt: skip
"""What is recorded of a case for good, as in ``Cases``, and its place while it is not over."""
CASE = np.dtype([
    ("key", _I8), ("number", _I4), ("process", _I4), ("channel", _I4), ("parent", _I4), ("born", _F8), ("over", _I1),
    ("joined", _I1), ("joining", _I1), ("dependants", _I4), ("children", _I4), ("waited", _F8), ("worked", _F8),
    ("win_factor", _F8), ("rework", _I4), ("rework_effort", _F8), ("at", _I4), ("visit", _I4), ("row", _I4),
    ("member", _I4), ("assigned", _I4), ("effort_left", _F8), ("entered", _F8), ("started", _F8), ("moment", _F8),
    ("at_once", _I4), ("spent", _F8),
], align=True)  # fmt: skip
"""What a case is, and where it stands: step ``at``, number and row of the visit, who works on it.

Cases that are over give their places to those to come, so that these tables hold what is alive, however long the run.
``number`` is the case's row in the roll, -1 for a vacant place, whose ``parent`` is the next vacant one; elsewhere
``parent`` is a place. Children may set values of a parent that has ended, whose place is kept for its ``dependants``.
``spent`` are the hours that an open case had been at its step when the run began, until the wait there goes on.
"""
VISITS: Final = {
    "visits.case": _I4, "visits.step": _I4, "visits.entered": _F8, "visits.started": _F8, "visits.finished": _F8,
    "visits.member": _I4, "visits.next": _I4,
}  # fmt: skip
"""Columns of the visits, in the order of ``Visits``: written as they are recorded, so that nobody copies them."""
POSTING = np.dtype([("time", _F8), ("case", _I4), ("step", _I4), ("account", _I4), ("cents", _I8)], align=True)
TICKET = np.dtype([
    ("rank", _F8), ("number", _I8), ("left", _I4), ("right", _I4), ("case", _I4), ("row", _I4), ("queue", _I4),
    ("waiting", _I1), ("ticks", _I8, 4),
], align=True)  # fmt: skip
"""A case in a queue: a node of the queue's heap; ``ticks`` by cause of the queue, counted from the queue's own."""
QUEUE = np.dtype([
    ("team", _I4), ("klass", _I4), ("owner", _I4), ("root", _I4), ("length", _I4), ("overtaken", _I4),
    ("ticks", _I8, 4),
], align=True)  # fmt: skip
CREW = np.dtype([
    ("segment", _I4), ("counted", _I4), ("waiting", _I4), ("timer_set", _I4), ("comers", _I8), ("idled", _I8),
    ("clock", _F8), ("first_queue", _I4), ("queues", _I4),
], align=True)  # fmt: skip
"""A team at work."""
PERSON = np.dtype([("serving", _I8), ("idle_since", _I8), ("owned", _I8), ("load", _I8)], align=True)
"""A member at work: number of the case in hand or -1; order in which they became idle or -1."""
OVERTAKING = np.dtype([("queue", _I4), ("ticket", _I4), ("sign", _I8), ("number", _I8), ("ticks", _I8)], align=True)
"""A stretch in which those of a queue who came before ``number`` were overtaken or, with a ticket, a reading of it."""

COHORT: Final = 32
"""Arrivals whose attributes are drawn at a time: few enough to stay in the nearest cache."""

GROWING: Final = ("events", "later", "cases", "roll", "visits", "waits", "postings", "tickets", "overtakings")
"""Tables that are enlarged when they are full; each has a register of its name."""

GRANTED, GAVE_UP, WORK_DONE, TOOL_DONE, WAIT_DONE, JOINED, PATIENCE, SHIFT = range(8)
"""Kinds of events."""
NOBODY = -1
