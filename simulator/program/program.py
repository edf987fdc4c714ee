"""A scenario compiled for the engines: tables, what their indices stand for, demand, and what running it costs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from simulator.program.layout import OpenCases, Tables
from simulator.records import Floats


@dataclass(frozen=True)
class Demand:
    """Arrivals of one channel, ready to be drawn."""

    purpose: int
    """Purpose of the channel's own draws; its cases' keys derive from it."""
    hourly: Floats
    """Expected arrivals in each hour of the run."""
    first_day: int
    """Proleptic ordinal of the first day, so that a day keeps its luck when the start moves."""
    dispersion: float
    interval: int
    """Quantity of the time between arrivals, -1 without."""
    stops: float
    """Hours after which nothing arrives."""
    drops: tuple[tuple[float, int, float], ...]
    """Moment, number and spread in hours of each drop."""
    trace: Floats
    """Replayed arrival times in hours."""


@dataclass(frozen=True)
class Running:
    """A cost that runs with time or falls due once."""

    name: str
    centre: str
    per_hour: float
    once: float
    start: float
    """Hours since the start of the run from which it runs, and at which the one-off falls due."""


@dataclass(frozen=True)
class Names:
    """What the indices of a program stand for."""

    attributes: tuple[str, ...]
    levels: dict[str, tuple[str, ...]]
    processes: tuple[str, ...]
    steps: tuple[str, ...]
    """``process.step``."""
    step_labels: tuple[str, ...]
    stages: tuple[str, ...]
    stage_labels: tuple[str, ...]
    teams: tuple[str, ...]
    team_labels: tuple[str, ...]
    team_centres: tuple[str, ...]
    members: tuple[str, ...]
    """``team.member`` or, in a group, ``team.member 2``."""
    channels: tuple[str, ...]
    channel_labels: tuple[str, ...]
    segments: tuple[str, ...]
    segment_labels: tuple[str, ...]
    outcomes: tuple[str, ...]
    outcome_results: tuple[str, ...]
    """won, lost or neutral for each outcome."""


@dataclass(frozen=True, eq=False)
class Program:
    """A scenario compiled for the engines, with what the indices stand for and what running it costs."""

    name: str
    digest: str
    currency: str
    start: dt.datetime
    """Local time at hour 0."""
    warm_up: float
    """Hours that no figure counts."""
    end: float
    """Hours from the start to the end of the run, warm-up included."""
    tables: Tables
    names: Names
    demand: tuple[Demand, ...]
    wages: Floats
    """Cost of an hour on shift, by member."""
    lead_costs: Floats
    """Cost of each lead, by channel."""
    channel_costs: tuple[Running, ...]
    """Fixed costs of channels and their events; acquisition."""
    other_costs: tuple[Running, ...]
    """Tools and overheads."""
    cost_of_finance: float
    """Yearly rate."""
    satisfaction: int = -1
    """Attribute that holds the customer's satisfaction, -1 without."""
    targets: Floats = field(default_factory=lambda: np.zeros(0))
    """What each member is to book in an hour of the calendar, in currency units; 0 for who has no target."""
    pipeline: OpenCases | None = None
    """Cases that are under way when the warm-up ends, where the run then begins."""

    @property
    def begins(self) -> float:
        """Hour at which the engines begin: 0, or the end of the warm-up that an open pipeline stands for."""
        return 0.0 if self.pipeline is None else self.warm_up
