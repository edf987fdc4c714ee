"""One replication as numbers: its KPIs and the small arrays that pictures are drawn from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.kpis.acquisition import acquired, channels, handover
from simulator.kpis.campaigns import campaigns
from simulator.kpis.catalogue import entries
from simulator.kpis.customers import retention, service, value
from simulator.kpis.forecast import bookings_of, forecast
from simulator.kpis.journeys import journeys_of
from simulator.kpis.money import cash_curve, ledger_of, money
from simulator.kpis.people import at_work, people, present_of, utilisation, worked_of
from simulator.kpis.queues import queueing, waiting, waits
from simulator.kpis.receivables import owed_of, receivables
from simulator.kpis.recurring import gross_margin, recurring_of
from simulator.kpis.targets import targets
from simulator.kpis.times import times
from simulator.kpis.volumes import endings, ends, funnel, marked_visits, progress, rework, volumes
from simulator.kpis.window import Figures, window_of
from simulator.kpis.work import work_done, work_of
from simulator.program.kept import kept
from simulator.program.program import Program
from simulator.records import Floats, Records


class Pictures(NamedTuple):
    """Arrays whose size depends on the program only, so that they average over replications."""

    funnel: Floats
    """Journeys that came to each stage inside the window."""
    cash: Floats
    """Running totals of booked, invoiced (net of credits), collected and cost, in currency units, shape (weeks + 1, 4).

    The rows stand for the start of the window, the end of each full week, and the end of the window.
    """
    waiting: Floats
    """Hours of waiting by team and cause, shape (teams, 5)."""
    delays: Floats
    """Hours of waiting by customer, schedule and policy."""
    utilisation: Floats
    """Share of the hours on shift at work, by team; NaN for a team that was never on shift."""
    queue: Floats
    """Mean number waiting in each week, shape (weeks, teams)."""
    outcomes: Floats
    """Leads whose own case ended inside the window, by outcome."""


class Measures(NamedTuple):
    """What is kept of one replication."""

    kpis: dict[str, float]
    """Value by the name of the KPI, in the order of the catalogue; NaN where it is not defined."""
    pictures: Pictures


def measure(program: Program, records: Records) -> Measures:
    """Measure one replication over the window from the end of the warm-up to the end of the run."""
    window = window_of(program)
    journeys = journeys_of(program, records)
    present = present_of(program)
    work = work_of(program, records)
    worked, done = worked_of(program, records, work, window), work_done(program, records, work, window)
    busy = at_work(program, worked)
    shares = utilisation(program, busy, present[-1])
    queues = queueing(program, records, window)
    hours = waiting(program, records, queues, window)
    ledger = ledger_of(program, records, journeys, present, window)
    stages, outcomes = funnel(journeys, window), endings(program, records, window)
    flows = volumes(program, journeys, stages, window)
    leads = float(flows["leads"])
    visits = marked_visits(program, journeys, window)
    cash = money(program, ledger, leads, window)
    bookings, recurring = bookings_of(records, journeys), recurring_of(program, records, journeys, window)
    foretold = forecast(program, records, journeys, bookings, window)
    margin = gross_margin(program, records, recurring, ledger, worked, busy, present[-1], window)
    won = acquired(program, records, journeys, ledger, worked, busy, present[-1], window)
    kept = retention(program, journeys, recurring, window)
    figures: Figures = {
        **flows,
        **progress(records, journeys, window),
        **ends(program, outcomes),
        **rework(done),
        **times(journeys, window),
        **waits(done, window, leads, queues, hours),
        **people(program, shares, busy, present[-1], float(cash["revenue_booked"])),
        **cash,
        **won,
        **handover(program, journeys, visits, window),
        **channels(program, records, journeys, bookings, ledger, np.asarray(flows["leads_{channel}"]), window),
        **campaigns(program, journeys, bookings),
        **foretold,
        **targets(program, records, work, float(foretold["weighted_pipeline"])),
        **receivables(program, records, journeys, visits, owed_of(program, records, journeys), ledger),
        **kept,
        **value(recurring, margin, ledger, float(kept["churn_rate"]), won, window),
        **service(program, records, journeys, visits, recurring, window),
    }
    pictures = Pictures(stages, cash_curve(ledger), hours.teams, hours.delays, shares, queues.lengths, outcomes)
    return Measures(_named(program, figures), pictures)


def _named(program: Program, figures: Figures) -> dict[str, float]:
    names, templates = _order(program)
    values: list[float] = []
    for template in templates:
        figure = figures[template]
        values.extend((figure,) if isinstance(figure, float) else figure.tolist())
    return dict(zip(names, values, strict=True))


@kept
def _order(program: Program) -> tuple[list[str], list[str]]:
    """Names of the KPIs, and the figures whose members they are, one after the other."""
    found = entries(program)
    return [entry.kpi.name for entry in found], list(dict.fromkeys(entry.figure for entry in found))
