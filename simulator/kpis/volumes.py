"""How much flows: leads, stages, orders and their conversion, and what was left unfinished."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.kpis.journeys import Journeys
from simulator.kpis.window import Figures, Flags, Window, counted, quotient, ratio, share
from simulator.kpis.work import WorkDone
from simulator.program.kept import kept
from simulator.program.layout import Kind, Milestone
from simulator.program.program import Program
from simulator.records import Floats, Records

_MILESTONES: Final = tuple(Milestone)


def arrivals(journeys: Journeys, milestone: Milestone, window: Window, among: Flags | None = None) -> float:
    """Journeys, among some or all, that first came to the milestone inside the window; NaN where no step marks it."""
    first = window.holds(journeys.reached(milestone))
    return float(np.count_nonzero(first if among is None else first & among)) * journeys.known(milestone)


def marked_visits(program: Program, journeys: Journeys, window: Window) -> dict[Milestone, float]:
    """Visits inside the window to steps with each mark; NaN for a mark that no step carries."""
    carries, nobody = _carries(program)
    visits = counted(journeys.passages.step.take(window.rows(journeys.passages.moment)), len(carries))
    return dict(zip(_MILESTONES, (visits @ carries + nobody).tolist(), strict=True))


@kept
def _carries(program: Program) -> tuple[Floats, Floats]:
    """1 for each of the marks that each step carries, shape (steps, milestones), else 0; NaN for marks of none."""
    carries = np.asarray(program.tables.steps["marks"][:, None] & np.array(_MILESTONES) > 0, np.float64)
    return carries, np.where(carries.any(axis=0), 0.0, np.nan)


def funnel(journeys: Journeys, window: Window) -> Floats:
    """Journeys that came to each stage inside the window."""
    return np.array([np.count_nonzero(inside) for inside in window.holds(journeys.stages.T)], np.float64)


def endings(program: Program, records: Records, window: Window) -> Floats:
    """Leads whose own case ended inside the window, by outcome."""
    cases, size = records.cases, len(program.names.outcomes)
    own = (cases.root == np.arange(cases.root.size)) & _of_leads(program).take(cases.process)
    return counted(cases.outcome.take(np.flatnonzero(own & window.holds(cases.ended))), size)


@kept
def _of_leads(program: Program) -> Flags:
    """Whether a case of each process that a channel begins is a lead, rather than a customer's account or contract."""
    steps, processes = program.tables.steps, np.arange(len(program.names.processes))
    orders, churns = (
        np.isin(processes, steps["process"][steps["marks"] & mark > 0]) for mark in (Milestone.ORDER, Milestone.CHURNED)
    )
    return np.asarray(np.isin(processes, program.tables.channel_process) & (orders | ~churns), np.bool_)


@kept
def lead_outcomes(program: Program) -> list[str]:
    """Outcomes in which a lead can end, in the order of their codes; each once, whatever the results of its ends."""
    steps = program.tables.steps
    own = _of_leads(program)[steps["process"]] & (steps["kind"] == Kind.END)
    return list(dict.fromkeys(program.names.outcomes[code] for code in np.unique(steps["outcome"][own])))


@kept
def _codes_of_outcomes(program: Program) -> Floats:
    """1 for the codes of each outcome in which a lead can end, shape (outcomes, codes), else 0.

    An outcome has a code for each result with which some process ends so.
    """
    names = np.array(program.names.outcomes)
    ways = lead_outcomes(program)
    return np.array([names == name for name in ways], np.float64).reshape(len(ways), names.size)


def ends(program: Program, outcomes: Floats) -> Figures:
    """How leads end: the share of each outcome among those whose own case ended inside the window, given as numbers."""
    return {"ended_{outcome}": ratio(_codes_of_outcomes(program) @ outcomes, outcomes.sum())}


def rework(work: WorkDone) -> Figures:
    """Share of what people of each team finished inside the window that was found wrong and went back."""
    return {"rework_{team}": ratio(work.wrong, work.finished)}


def volumes(program: Program, journeys: Journeys, reached: Floats, window: Window) -> Figures:
    """Numbers of leads, arrivals at stages and orders, with their conversion; ``reached`` is the funnel."""
    names, new = program.names, window.rows(journeys.born)
    leads = float(new.size)
    leads_by_channel = counted(journeys.channel[new], len(names.channels))
    leads_by_segment = counted(journeys.segment[new], len(names.segments))
    ordered = window.rows(journeys.reached(Milestone.ORDER))
    orders = float(ordered.size)
    orders_by_channel = counted(journeys.channel[ordered], len(names.channels))
    orders_by_segment = counted(journeys.segment[ordered], len(names.segments))
    before = np.concatenate([np.full(min(reached.size, 1), leads), reached[:-1]])
    known = journeys.known(Milestone.ORDER)
    return {
        "leads": leads,
        "leads_{channel}": leads_by_channel,
        "reached_{stage}": reached,
        "conversion_{stage}": ratio(reached, leads),
        "conversion_{stage}_from_previous": ratio(reached, before),
        "orders": orders,
        "orders_{channel}": orders_by_channel,
        "leads_{segment}": leads_by_segment,
        "orders_{segment}": orders_by_segment,
        "conversion_order": quotient(orders, leads) * known,
        "conversion_order_{channel}": ratio(orders_by_channel, leads_by_channel) * known,
        "conversion_order_{segment}": ratio(orders_by_segment, leads_by_segment) * known,
    }


def progress(records: Records, journeys: Journeys, window: Window) -> Figures:
    """What is under way: unfinished at the end, and on the average over the window."""
    cases = records.cases
    return {
        "unfinished": share(np.isnan(journeys.ended), window.holds(journeys.born)),
        "unfinished_cases": float(np.count_nonzero(np.isnan(cases.ended))),
        "work_in_progress": _average(cases.born, cases.ended, window),
        "journeys_in_progress": _average(journeys.born, journeys.ended, window),
    }


def _average(starts: Floats, ends: Floats, window: Window) -> float:
    """Time-average over the window of how many intervals are open."""
    # Those that are open last until the end: of a number and NaN `fmin` takes the number.
    open_hours = window.clip(np.fmin(ends, window.end))
    open_hours -= window.clip(starts)
    return quotient(open_hours.sum(), window.hours)
