"""Where cases come from and what they bring: channels, segments, products, attributes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from simulator.schema.calendar import Weekday
from simulator.schema.frozen import Evidenced, Frozen
from simulator.schema.quantity import (
    Duration,
    FixedDuration,
    FixedMoney,
    FixedNumber,
    FixedShare,
    MoneyRate,
    Number,
    Rate,
)

Weight = Annotated[float, Field(ge=0)]


class Attribute(Evidenced):
    """A named number that every case carries."""

    measures: Literal["number", "share", "duration", "money"] = "number"
    """What the number is: it decides the unit that is shown."""
    initial: Number | None = None
    """Value at birth, unless segment, product or channel bring another; 0 where none is given."""
    role: Literal["", "satisfaction"] = ""
    """What KPIs take the number for; at most one attribute is the customer's satisfaction."""
    levels: tuple[str, ...] = ()
    """Names of the values of an attribute that is a class, such as small, mid, large."""
    half_life: FixedDuration | None = None
    """Time in which the value halves while nobody touches it; interest cools."""
    low: FixedNumber | None = None
    """Values below are raised to this."""
    high: FixedNumber | None = None
    """Values above are lowered to this."""


class Profile(Frozen):
    """How arrivals spread over day, week and year: relative weights, so that the rate stays the yearly mean."""

    hours: dict[str, Weight] = Field(default_factory=dict)
    """Weight by hours of the day, such as {'08-18': 1, '18-24': 0.3}; hours not named have weight 0."""
    weekdays: dict[Weekday, Weight] = Field(default_factory=dict)
    """Weight by weekday; days not named have weight 0."""
    months: Annotated[tuple[Weight, ...], Field(min_length=12, max_length=12)] | None = None
    """Twelve weights from January."""
    holidays: FixedShare | None = None
    """Share of a normal day that arrives on a public holiday; 100 % where none is given."""


class Drop(Evidenced):
    """Many leads at once, such as a list brought home from a trade fair."""

    date: dt.date
    leads: Annotated[int, Field(ge=0, le=10_000_000)]
    spread: FixedDuration | None = None
    """Time over which they arrive, evenly by chance; all at once where none is given."""
    cost: FixedMoney | None = None
    """What the event costs, whatever it brings."""


class Trace(Frozen):
    """Arrivals replayed from a file of real timestamps."""

    file: str
    """CSV file, relative to the scenario file; may be gzipped."""
    column: str
    """Column that holds the timestamps (ISO 8601)."""
    case_column: str = ""
    """Column of case identifiers: the first timestamp of each is its arrival; every row is one where none is given."""


class Channel(Evidenced):
    """One source of cases: a rate, an interval, a list of drops, or a trace; these add up."""

    process: str
    """Process that the cases go through."""
    rate: Rate | None = None
    """Mean arrivals a unit of time, averaged over the profile."""
    profile: Profile = Profile()
    growth: FixedShare | None = None
    """Growth of the rate a year, compounding from the start of the run."""
    dispersion: FixedNumber | None = None
    """Variance of the daily count over its mean: 1 is Poisson, real leads show 3 to 18."""
    interval: Duration | None = None
    """Time between two arrivals, drawn independently."""
    stops: FixedDuration | None = None
    """Time after the start of the run at which the channel falls silent."""
    drops: tuple[Drop, ...] = ()
    trace: Trace | None = None
    cost_per_lead: FixedMoney | None = None
    fixed_cost: MoneyRate | None = None
    """What the channel costs whatever it brings."""
    brings: dict[str, Number] = Field(default_factory=dict)
    """Attributes that its cases bring; goes before segment, product and attribute."""

    @model_validator(mode="after")
    def _has_a_source(self) -> Channel:
        if self.rate is not None and self.interval is not None:
            raise ValueError("a channel has a rate or an interval, not both")
        return self


class Offering(Evidenced):
    """A segment of customers or a product: what its cases bring."""

    share: FixedNumber | None = None
    """Relative frequency among new cases, unless the channel brings its own mix."""
    brings: dict[str, Number] = Field(default_factory=dict)
    """Attributes of its cases; a product goes before a segment."""
