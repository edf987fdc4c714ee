"""Teams, their members, and how work finds its way to them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from simulator.schema.calendar import Absence, Shifts
from simulator.schema.frozen import Evidenced
from simulator.schema.quantity import FixedDuration, FixedNumber, FixedShare, MoneyRate, Quantity

CostCentre = Literal["acquisition", "delivery", "service", "administration"]
"""What a cost serves: winning customers, delivering to them, looking after them, or running the firm."""
Discipline = Literal["fifo", "lifo", "priority", "due"]
Rule = Literal["first_available", "random", "round_robin", "weighted", "least_loaded", "best_performer"]


class Member(Evidenced):
    """One person, or several who are alike; what is not stated is taken from the team."""

    head_count: Annotated[int, Field(ge=0, le=10_000)] = 1
    """How many people are described by this entry."""
    shifts: Shifts | None = None
    """Working hours, such as ``Mon-Fri 09:00-13:00, 14:00-18:00``."""
    cost: MoneyRate | None = None
    """What an hour on shift costs the firm, wages and charges included."""
    speed: FixedNumber | None = None
    """1 is the pace that the efforts are stated for; 1.25 needs a fifth less time."""
    availability: FixedShare | None = None
    """Share of the time on shift that really goes into cases; the rest stretches every effort."""
    win_factor: FixedNumber | None = None
    """Read by formulas as ``win_factor``: 1 is the average seller."""
    sales_target: MoneyRate | None = None
    """What the person is to book, such as ``40 000 EUR/month``; KPIs alone read it."""
    weight: FixedNumber | None = None
    """Share of the work under weighted routing, relative to the colleagues."""
    open_cases: Annotated[int, Field(ge=1)] | None = None
    """Most cases that the person owns at one time; at the limit no new case is taken."""
    skills: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """For an attribute with levels, the levels that the person can serve; an attribute not named here means all."""
    hired: dt.date | None = None
    """First day; already there at the start where none is given."""
    leaves: dt.date | None = None
    """Last day; stays where none is given."""
    ramp_up: FixedDuration | None = None
    """Time from the first day until full speed, growing in a straight line."""
    ramp_from: FixedShare | None = None
    """Speed on the first day as a share of full speed."""
    absences: tuple[Absence, ...] = ()
    """Leave that is known by date."""
    annual_leave: Annotated[int, Field(ge=0, le=60)] | None = None
    """Working days of leave a year, taken in blocks of five, staggered over the colleagues."""


class Team(Evidenced):
    """People who share a kind of work; each member is named, or the team is a head-count."""

    head_count: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """Size of a team whose members are all alike; otherwise name the members."""
    members: dict[str, Member] = Field(default_factory=dict)
    """Members by name, each a person or a group that is alike."""
    cost_centre: CostCentre = "administration"
    """What the team's cost serves; acquisition cost is the cost of all teams that win customers."""
    discipline: Discipline = "fifo"
    """Which waiting case comes first: fifo, lifo, priority (highest first), due (earliest due date first)."""
    shifts: Shifts = "Mon-Fri 09:00-13:00, 14:00-18:00"
    works_holidays: bool = False
    """Whether the team works on public holidays."""
    cost: MoneyRate | None = None
    speed: FixedNumber | None = None
    availability: FixedShare | None = None
    sales_target: MoneyRate | None = None
    """What each member is to book."""
    open_cases: Annotated[int, Field(ge=1)] | None = None
    ramp_up: FixedDuration | None = None
    ramp_from: FixedShare | None = None
    absences: tuple[Absence, ...] = ()
    annual_leave: Annotated[int, Field(ge=0, le=60)] | None = None

    def people(self) -> dict[str, Member]:
        """Members by name; a mere head-count becomes one group named ``staff``."""
        if self.head_count is not None:
            return {"staff": Member(head_count=self.head_count), **self.members}
        return dict(self.members)

    def inherited(self, member: Member, field: str) -> Quantity | int | str | None:
        """What the member states for a field, otherwise what the team states."""
        own = getattr(member, field)
        found: Quantity | int | str | None = getattr(self, field, None) if own is None else own
        return found


class Routing(Evidenced):
    """Who gets a case that nobody owns yet."""

    rule: Rule = "first_available"
    """``first_available`` lets people pull from a shared queue; the others assign the case to one person at once."""
    match: str = ""
    """Attribute with levels that the person must be skilled in, such as segment or product."""
    fallback: Literal["wait", "anyone"] = "wait"
    """When nobody has the skill: refuse the file, or let anyone serve."""
    sees_absence: bool = True
    """Whether the rule knows who is off shift or on leave; many CRMs do not."""
