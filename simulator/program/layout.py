"""The program: a scenario as flat, typed, read-only arrays that know cases, steps, teams and postings, and no trade."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from simulator.chance.quantities import Chances
from simulator.records import Floats

Table = NDArray[Any]
"""A structured array: one row for each thing, one field for each property."""


class Kind(IntEnum):
    """Step kinds."""

    WORK = 0
    WAIT = 1
    DECIDE = 2
    SET = 3
    SPAWN = 4
    JOIN = 5
    POST = 6
    END = 7


class Ownership(IntEnum):
    """What a work step does with the ownership of the case."""

    NONE = 0
    TAKE = 1
    KEEP = 2
    RELEASE = 3


class Rule(IntEnum):
    """Routing rules."""

    FIRST_AVAILABLE = 0
    RANDOM = 1
    ROUND_ROBIN = 2
    WEIGHTED = 3
    LEAST_LOADED = 4
    BEST_PERFORMER = 5


class Discipline(IntEnum):
    """Queue disciplines."""

    FIFO = 0
    LIFO = 1
    PRIORITY = 2
    DUE = 3


class Milestone(IntEnum):
    """Bits of the milestones that a step marks."""

    FIRST_RESPONSE = 1
    ORDER = 2
    DELIVERED = 4
    INVOICED = 8
    PAID = 16
    RELEVANT = 32
    MQL = 64
    SALES_ACCEPTED = 128
    SALES_REJECTED = 256
    MISROUTED = 512
    SLA_MISSED = 1024
    QUOTED = 2048
    DUE = 4096
    DISPUTED = 8192
    DUNNED = 16384
    TICKET = 32768
    RESOLVED_AT_ONCE = 65536
    ESCALATED = 131072
    RENEWAL_DUE = 262144
    RENEWED = 524288
    CHURNED = 1048576
    UPSOLD = 2097152
    REVIEWED = 4194304
    CONTACTED = 8388608


_I1, _I4, _I8, _F8 = np.int8, np.int32, np.int64, np.float64


class Step(NamedTuple):
    """One step: a row of the table of steps, in which a reference that is not used holds -1."""

    row: int
    kind: int
    process: int
    place: int
    """Number within its process."""
    next: int
    purpose: int
    """Purpose of the step's own draw, and of the keys of its children."""
    stage: int
    marks: int
    """Bits of ``Milestone``."""
    team: int
    queue_class: int
    """Class of its cases or, where skills are matched, of those with the first level."""
    match: int
    """Attribute to match."""
    effort: int
    """Quantity, as are priority, due, patience, defect, duration, number and amount."""
    priority: int
    due: int
    ownership: int
    rule: int
    routing_purpose: int
    sees_absence: int
    patience: int
    patience_to: int
    balk_at: int
    balk_to: int
    automation: int
    defect: int
    defect_to: int
    defect_effort: float
    duration: int
    clock: int
    """Calendar of the business hours, -1 for all hours."""
    schedule: int
    cause: int
    """Cause of a wait, in the order of ``CAUSES``."""
    first: int
    items: int
    """First outcome or assignment, and their number."""
    of_parent: int
    target: int
    """Process of the children."""
    number: int
    joined: int
    channel: int
    account: int
    amount: int
    cost_centre: int
    outcome: int


STEP = np.dtype([(name, _F8 if kind is float else _I8) for name, kind in get_type_hints(Step).items()])
"""Fields of ``Step``."""

OUTCOME = np.dtype([("when", _I4), ("probability", _I4), ("to", _I4)])
ASSIGNMENT = np.dtype([("attribute", _I4), ("quantity", _I4)])
PROCESS = np.dtype([("first_step", _I4), ("steps", _I4)])
TEAM = np.dtype([
    ("first_member", _I4), ("members", _I4), ("discipline", _I1), ("first_class", _I4), ("classes", _I4),
    ("roster_first", _I4), ("roster_count", _I4), ("presence_first", _I8),
], align=True)  # fmt: skip
"""``roster`` names the team's segments of time, ``presence`` the flags that say who is on shift in each."""
MEMBER = np.dtype([
    ("team", _I4), ("calendar", _I4), ("speed", _F8), ("win_factor", _F8), ("weight", _F8), ("open_cases", _I4),
    ("hired", _F8), ("ramp_up", _F8), ("ramp_from", _F8), ("departs", _F8),
], align=True)  # fmt: skip
"""``speed`` includes availability; ``open_cases`` is 0 for no limit; ``departs`` is infinite for those who stay."""
SPAN = np.dtype([("first", _I4), ("count", _I4)])
"""A run of rows in a flat array."""
AUTOMATION = np.dtype([
    ("share", _F8), ("exceptions", _F8), ("time", _I4), ("exception_effort", _F8), ("cents", _I8),
    ("start", _F8), ("adoption", _F8), ("exception_purpose", _I8),
], align=True)  # fmt: skip


class Tables(NamedTuple):
    """The arrays that the engines execute."""

    steps: Table
    outcomes: Table
    assignments: Table
    processes: Table
    chances: Chances
    """Quantities, formulas, effects, attributes and distributions."""
    births: NDArray[np.int32]
    """Quantity of each attribute of a new case, shape (channels + 1, segments, products, attributes), -1 for zero; the
    last channel stands for none."""
    given: Floats
    """Attributes that every new case of a channel has alike, 0 for the others; shape (channels + 1, attributes)."""
    brought: NDArray[np.int32]
    """Those others, ascending, then the number of all attributes where another channel has more of them."""
    alike: NDArray[np.int32]
    """Their quantities, -1 for zero, ``DIFFERS`` where segments or products have different ones."""
    luck: NDArray[np.int64]
    """Purposes of their draws, which are the same for all segments and products; 0 where there is none."""
    segment: int
    product: int
    """Attributes that hold the segment and the product, -1 where there are none."""
    channel_process: NDArray[np.int32]
    teams: Table
    members: Table
    class_takes: NDArray[np.int8]
    """Whether a case of the queue class is taken into ownership, so that the limit of open cases applies."""
    serves: NDArray[np.uint8]
    """Who serves which queue class, shape (classes, members)."""
    roster_start: Floats
    """Start of each segment of a team's time, in hours."""
    roster_opening: Floats
    """Next moment after the start of the segment at which someone comes on shift; infinite for never."""
    presence: NDArray[np.uint8]
    """Whether a member is on shift, flat by team, segment and member."""
    calendars: Table
    opens: Floats
    closes: Floats
    worked: Floats
    """Working hours of the calendar before each opening."""
    schedules: Table
    moments: Floats
    automations: Table


MOST_DRAWS = 1_000
"""Draws of a wait that is under way before it is taken to be over: none of them was as long as it has lasted."""


class OpenCases(NamedTuple):
    """Cases that are under way when the run begins: parents before children, then the longest at their step first."""

    key: NDArray[np.int64]
    process: NDArray[np.int32]
    channel: NDArray[np.int32]
    """-1 for none."""
    parent: NDArray[np.int32]
    """Row of the parent among the open cases, -1 for none."""
    joined: NDArray[np.int8]
    """Whether the parent waits for it."""
    step: NDArray[np.int32]
    visits: NDArray[np.int32]
    """How often it had come to each step of its process before; shape (cases, most steps of a process)."""
    born: Floats
    """In hours since the start of the run."""
    spent: Floats
    """Hours that it has been at a wait step; 0 at any other."""
    win_factor: Floats
    owners: NDArray[np.int32]
    """Member of each team who owns it, counted within the team, -1 for nobody; shape (cases, teams)."""
    values: Floats
    """Attributes, NaN for those that are copied from the parent or drawn as at birth; shape (cases, attributes)."""
    posted_case: NDArray[np.int32]
    """Case of each posting of before, in the order of time, which is that of the case's birth."""
    posted_account: NDArray[np.int32]
    posted_cents: NDArray[np.int64]
