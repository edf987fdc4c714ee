"""The scenario: everything that one file, with the files it is based on, says."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from simulator.schema.calendar import Shifts
from simulator.schema.demand import Attribute, Channel, Offering
from simulator.schema.formula import parse_formula
from simulator.schema.frozen import Evidenced, Frozen
from simulator.schema.people import CostCentre, Team
from simulator.schema.pipeline import Pipeline
from simulator.schema.quantity import FixedDuration, FixedMoney, FixedNumber, FixedShare, MoneyRate
from simulator.schema.steps import Step


class Horizon(Frozen):
    """The time that is simulated, and how it is counted."""

    start: dt.date
    """First day of the run, at midnight."""
    warm_up: FixedDuration
    """Time that fills the system and is left out of every figure; 0 d for none."""
    length: FixedDuration
    """Time that is measured, after the warm-up."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    """Three-letter code of the one currency of the scenario."""
    exchange: dict[str, FixedNumber] = Field(default_factory=dict)
    """Units of it for one of another currency, such as ``eur``: for files that say what they suit."""
    time_zone: str = "UTC"
    """Zone of real timestamps; the run itself counts local standard days of 24 hours."""
    holidays: str = ""
    """Country whose public holidays count, such as PT or RO."""
    business_hours: Shifts = "Mon-Fri 09:00-18:00"
    """Hours that a wait on the business clock counts."""


class Source(Frozen):
    """Where evidence was seen."""

    title: str
    year: int | None = None
    note: str = ""


class Effect(Evidenced):
    """How a number changes a probability (on log-odds) or a duration (on its logarithm)."""

    reads: str
    """Formula whose value has the effect, such as ``response_hours``."""
    coefficient: FixedNumber | None = None
    """Change on the log scale for each unit above the reference."""
    reference: str | float = 0.0
    """Value at which there is no effect; a duration may be written as one."""
    points: dict[str | float, str | float] = Field(default_factory=dict)
    """A curve through stated points instead of a coefficient, such as {5 min: 32 %, 1 h: 18 %}."""
    states: Literal["probability", "odds", "factor"] = "probability"
    """What the points state: a probability, odds relative to the reference, or a factor."""
    axis: Literal["linear", "log"] = "linear"
    """Scale between the points."""

    @field_validator("reads")
    @classmethod
    def _formula(cls, text: str) -> str:
        parse_formula(text)
        return text

    @model_validator(mode="after")
    def _one_shape(self) -> Effect:
        if (self.coefficient is None) == (not self.points):
            raise ValueError("an effect has a coefficient or points, one of the two")
        if self.points and len(self.points) < 2:
            raise ValueError("a curve needs at least two points")
        return self


class Process(Evidenced):
    """A named list of steps; the first is where a case begins, and each leads to the next unless it says otherwise."""

    steps: Annotated[dict[str, Step], Field(min_length=1)]


class Tool(Evidenced):
    """An automation option: what it costs, and how fast people adopt it."""

    licence: MoneyRate | None = None
    """Licence for the firm, or for each seat where seats are named."""
    seats: str = ""
    """Team whose every member needs a licence."""
    set_up: FixedMoney | None = None
    """One-off cost of buying, configuring and training."""
    start: dt.date | None = None
    """Day on which it goes live; the first measured day where none is given."""
    adoption: FixedDuration | None = None
    """Time from going live until its full share is used, growing in a straight line."""
    cost_centre: CostCentre = "administration"


class Overhead(Evidenced):
    """A running cost that no team, channel or tool carries."""

    cost: MoneyRate
    cost_centre: CostCentre = "administration"


class Scenario(Frozen):
    """A company's funnel and everything that moves it; read from one file and the files that it is based on."""

    caudal: Literal[1]
    """Version of the file format."""
    name: str
    """Name for people."""
    description: str = ""
    based_on: str | None = None
    """Scenario that holds wherever this file says nothing else: a shipped name, or a path relative to this file."""
    parts: tuple[str, ...] = ()
    """Parts of which this scenario is made, such as ``library/selling``: shipped names, or paths relative to this file.

    They are laid over each other from left to right, and this file over them. A scenario that is based on another, such
    as ``tools/crm_small``, can be named too: then what it changes is laid.
    """
    symptoms: dict[str, Literal["higher", "lower"]] = Field(default_factory=dict)
    """Of a challenge: KPIs in which it shows, and on which side of the scenario that it is based on."""
    helped_by: tuple[str, ...] = ()
    """Of a challenge: scenarios that should help, to be laid over it as parts."""
    suits: tuple[str, ...] = ()
    """Of a tool: scenarios over which it may be laid. In each it changes those steps that are there."""
    horizon: Horizon
    stages: dict[str, str] = Field(default_factory=dict)
    """Stages of the funnel from first to last, with the name for people."""
    attributes: dict[str, Attribute] = Field(default_factory=dict)
    segments: dict[str, Offering] = Field(default_factory=dict)
    products: dict[str, Offering] = Field(default_factory=dict)
    policies: dict[str, FixedNumber] = Field(default_factory=dict)
    """Named numbers that formulas read: thresholds, terms, discounts."""
    effects: dict[str, Effect] = Field(default_factory=dict)
    channels: Annotated[dict[str, Channel], Field(min_length=1)]
    pipeline: Pipeline | None = None
    """Cases that are under way when the measured time begins."""
    teams: dict[str, Team] = Field(default_factory=dict)
    processes: Annotated[dict[str, Process], Field(min_length=1)]
    tools: dict[str, Tool] = Field(default_factory=dict)
    overheads: dict[str, Overhead] = Field(default_factory=dict)
    sources: dict[str, Source] = Field(default_factory=dict)
    cost_of_finance: FixedShare | None = None
    """Yearly cost of money, for what late payment costs."""


Scenario.model_rebuild()  # here, and not by the first of several threads
