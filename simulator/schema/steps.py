"""The closed vocabulary of steps: work, wait, decide, set, spawn, join, post, end."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simulator.schema.calendar import Schedule
from simulator.schema.frozen import Evidenced
from simulator.schema.people import CostCentre, Routing
from simulator.schema.quantity import Duration, FixedMoney, FixedNumber, FixedShare, Money, Number, Probability

Milestone = Literal[
    "first_response", "order", "delivered", "invoiced", "paid",
    "relevant", "mql", "sales_accepted", "sales_rejected", "misrouted", "sla_missed", "quoted",
    "due", "disputed", "dunned",
    "ticket", "resolved_at_once", "escalated", "renewal_due", "renewed", "churned", "upsold", "reviewed",
    "contacted",
]  # fmt: skip
"""Moments that KPIs count and measure between; section 9 of ``docs/semantics.md`` says what each means."""
Account = Literal["booked", "invoiced", "credited", "collected", "written_off", "cost", "paid", "recurring"]
"""Accounts of the ledger; ``recurring`` holds yearly revenue gained or, below zero, lost, and no money."""
Result = Literal["won", "lost", "neutral"]
Ownership = Literal["none", "take", "keep", "release"]


class BaseStep(Evidenced):
    """What all steps share."""

    stage: str = ""
    """Stage of the funnel that a case reaches when this step starts."""
    marks: tuple[Milestone, ...] = ()
    """Milestones that a case reaches when this step starts."""
    next: str = ""
    """Step that follows; the next in the list where none is given."""
    after: str = ""
    """For a step added to a scenario that is ``based_on`` another: the step that it is put behind."""


class Patience(Evidenced):
    """How long a case waits for someone, and what it does then."""

    after: Duration
    to: str


class Balking(Evidenced):
    """A case that does not join a long queue."""

    at: Annotated[int, Field(ge=0)]
    """Queue length of the team at which the case turns away; 0 is whenever nobody is free."""
    to: str


class Automation(Evidenced):
    """The share of a step that a tool does, and the cases that it hands back."""

    tool: str = ""
    """Key of ``tools``: its start and adoption ramp apply to the share."""
    share: FixedShare
    """Share of cases that the tool takes on once it is fully adopted."""
    exceptions: FixedShare | None = None
    """Share of those that it cannot finish and hands to a person."""
    time: Duration | None = None
    """Time that the tool takes, exceptions included."""
    exception_effort: FixedNumber | None = None
    """Effort of a handed-back case as a multiple of the normal effort; 1 where none is given."""
    cost: FixedMoney | None = None
    """Cost of each case that the tool takes on."""


class Defect(Evidenced):
    """Work that turns out wrong and must be done again."""

    probability: Probability
    effects: tuple[str, ...] = ()
    to: str = ""
    """Step that the case goes back to; this step again where none is given."""
    effort: FixedShare | None = None
    """Effort of repeated work as a share of the first time; 100 % where none is given."""


class Work(BaseStep):
    """Someone of a team spends effort on the case."""

    kind: Literal["work"]
    team: str
    effort: Duration
    """Working time of one person at speed 1."""
    effects: tuple[str, ...] = ()
    """Effects on the effort."""
    priority: Number | None = None
    """Rank in a queue by priority, the highest first."""
    due: Duration | None = None
    """Time from joining the queue until it is due, for a queue by due date."""
    ownership: Ownership = "none"
    """none: anyone; take: whoever starts keeps the case; keep: the owner only; release: the owner, who then lets go."""
    routing: Routing = Routing()
    patience: Patience | None = None
    balk: Balking | None = None
    automation: Automation | None = None
    defect: Defect | None = None


class Wait(BaseStep):
    """Time passes without anyone working on the case."""

    kind: Literal["wait"]
    duration: Duration | None = None
    effects: tuple[str, ...] = ()
    clock: Literal["calendar", "business"] = "calendar"
    """Whether the duration counts all hours or only the business hours of the horizon."""
    until: Schedule | None = None
    """After the duration, the next of these moments."""
    cause: Literal["customer", "schedule", "policy"] = "customer"
    """Why the case waits: the customer, a date on the calendar, or the firm's own rule."""


class Outcome(Evidenced):
    """One way out of a decision."""

    when: str = ""
    """Condition over attributes, such as ``score >= 60``."""
    probability: Probability | None = None
    effects: tuple[str, ...] = ()
    """Effects on the probability, on the scale of log-odds."""
    to: str = ""
    """Step that follows; the next in the list where none is given."""


class Decide(BaseStep):
    """One of several outcomes: conditions first come, first served; then by probability; the last takes the rest."""

    kind: Literal["decide"]
    outcomes: Annotated[dict[str, Outcome], Field(min_length=1)]


class Set(BaseStep):
    """Changes attributes of the case or of its parent."""

    kind: Literal["set"]
    of: Literal["case", "parent"] = "case"
    values: Annotated[dict[str, Number], Field(min_length=1)]


class Spawn(BaseStep):
    """Starts child cases in a process."""

    kind: Literal["spawn"]
    process: str
    count: Number | None = None
    """Number of children, rounded; 1 where none is given."""
    values: dict[str, Number] = Field(default_factory=dict)
    """Attributes that the children get instead of their parent's, computed in the parent."""
    joined: bool = False
    """Whether a later ``join`` of this case waits for them."""
    channel: str = ""
    """Channel that the children count for; a child with a channel begins a journey of its own, as a referral does."""


class Join(BaseStep):
    """Waits until all joined children have ended."""

    kind: Literal["join"]
    cause: Literal["customer", "schedule", "policy"] = "policy"


class Post(BaseStep):
    """Writes an amount to the ledger."""

    kind: Literal["post"]
    account: Account
    amount: Money
    """Amount in the scenario's currency, rounded to the cent."""
    cost_centre: CostCentre = "delivery"
    """What a cost serves."""


class End(BaseStep):
    """The case is over."""

    kind: Literal["end"]
    outcome: str
    """Name of the outcome; several ends may share one."""
    result: Result = "neutral"


Step = Annotated[Work | Wait | Decide | Set | Spawn | Join | Post | End, Field(discriminator="kind")]
