"""A diary as a study keeps it: the totals over its replications, and single leads told in full."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from simulator.experiment.diary.leads import Lead, Row, Runs
from simulator.experiment.diary.totals import Totals, totals
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress
from simulator.experiment.tasks import Cancellation
from simulator.schema.loading import Loaded


@dataclass(frozen=True)
class Story:
    """Everything that happened to one lead in both scenarios."""

    lead: Lead
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Told:
    """The same leads in two scenarios."""

    base: str
    other: str
    start: dt.datetime
    """Hour 0."""
    currency: str
    totals: Totals
    leads: tuple[Lead, ...]
    """Of the first replication, those that stand for many."""
    stories: tuple[Story, ...]
    """Of the first of these."""


def tell(
    base: Loaded, other: Loaded, plan: Plan, stories: int, progress: Progress = None, cancelled: Cancellation = None
) -> Told:
    """Count who was turned over the plan's replications, and tell some leads of the first one in full.

    Raises StudyError where the horizons differ.
    """
    counted = totals(base, other, plan, progress, cancelled)
    runs = Runs(base, other, plan)
    leads = runs.diary().telling
    full = tuple(Story(lead, tuple(runs.rows(lead.key))) for lead in leads[:stories])
    return Told(*runs.names, runs.start, runs.currency, counted, leads, full)
