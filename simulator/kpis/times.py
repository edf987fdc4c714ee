"""How long it takes: first response, stages, and the way from lead to order to cash."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.kpis.journey_scans import scan_stage
from simulator.kpis.journeys import Journeys
from simulator.kpis.window import DAY, Figures, Window, share, summary
from simulator.program.layout import Milestone
from simulator.records import Floats

_SPANS: Final[dict[str, tuple[Milestone | None, Milestone]]] = {
    "lead_to_order": (None, Milestone.ORDER),
    "order_to_delivery": (Milestone.ORDER, Milestone.DELIVERED),
    "order_to_cash": (Milestone.ORDER, Milestone.PAID),
    "invoice_to_cash": (Milestone.INVOICED, Milestone.PAID),
    "lead_to_cash": (None, Milestone.PAID),
}
"""Spans of a journey by name, from one milestone, or from the birth of the lead, to another."""


def times(journeys: Journeys, window: Window) -> Figures:
    """Times of journeys whose end point lies inside the window, whenever they began."""
    figures: Figures = first_response(journeys, window)
    for name, (begin, end) in _SPANS.items():
        since = journeys.born if begin is None else journeys.reached(begin)
        figures[f"{name}_{{summary}}"] = summary(durations(since, journeys.reached(end), window) / DAY)
    by_stage = stage_times(journeys.stages, window) / DAY
    for place, word in enumerate(("mean", "median", "p90")):
        figures[f"stage_time_{{passage}}_{word}"] = by_stage[:, place]
    return figures


def durations(since: Floats, until: Floats, window: Window) -> Floats:
    """Hours from one moment to a later one that lies inside the window."""
    rows = np.flatnonzero(until >= since)
    begun, over = since[rows], until[rows]
    inside = window.rows(over)
    return over[inside] - begun[inside]


def first_response(journeys: Journeys, window: Window) -> Figures:
    """How soon leads hear from the company, and how many never do.

    The clock starts when marketing hands a lead over, since one that was nurtured for months has asked for
    nothing before; where no step marks an MQL, every lead asks at its birth. Shares follow leads from there.
    """
    response, mql = journeys.reached(Milestone.FIRST_RESPONSE), journeys.reached(Milestone.MQL)
    asked = np.where(mql <= response, mql, journeys.born)
    unanswered = mql if Milestone.MQL in journeys.milestones else journeys.born
    due = window.holds(np.where(np.isnan(response), unanswered, asked))
    silent = np.isnan(response) & np.isnan(journeys.reached(Milestone.CONTACTED))
    never, known = window.holds(journeys.ended) & silent, journeys.known(Milestone.FIRST_RESPONSE)
    return {
        "first_response_{summary}": summary(durations(asked, response, window)),
        "first_response_within_1h": share(response - asked <= 1.0, due) * known,
        "never_contacted": share(never, window.holds(journeys.born)) * known,
        "mql_never_contacted": share(never, window.holds(mql)) * known,
    }


def stage_times(stages: Floats, window: Window) -> Floats:
    """Hours from coming to each stage but the last to coming to the first of the later ones.

    Returns mean, median and 90th percentile in an array of shape (stages - 1, 3).
    """
    moments, (until, hours) = np.ascontiguousarray(stages.T), np.empty((2, stages.shape[0]))
    figures = np.full((max(moments.shape[0] - 1, 0), 3), np.nan)
    for stage in range(figures.shape[0]):
        number = scan_stage(moments, stage, window.start, window.end, until, hours)
        figures[stage] = summary(hours[:number])
    return figures
