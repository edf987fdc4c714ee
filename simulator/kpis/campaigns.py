"""Campaigns: what each dated drop of a channel cost and returned."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np

from simulator.kpis.forecast import Bookings
from simulator.kpis.journeys import Journeys
from simulator.kpis.window import Figures, Numbers, counted, ratio, window_of
from simulator.program.kept import kept
from simulator.program.program import Program


class Campaign(NamedTuple):
    """A drop of a channel with a date and a budget; drops of one channel and day are one."""

    channel: int
    start: float
    until: float
    """Last moment at which its leads come."""
    budget: float


@kept
def campaigns_of(program: Program) -> tuple[Campaign, ...]:
    """Campaigns that begin inside the window and have a budget, by channel and date."""
    window, found = window_of(program), []
    for channel, (name, demand) in enumerate(zip(program.names.channels, program.demand, strict=True)):
        for start in sorted({start for start, _, _ in demand.drops if window.start <= start < window.end}):
            until = max(start + spread for begins, _, spread in demand.drops if begins == start)
            costs = [cost.once for cost in program.channel_costs if cost.name == name and cost.start == start]
            if sum(costs) > 0:
                found.append(Campaign(channel, start, until, sum(costs)))
    return tuple(found)


def campaign_names(program: Program) -> dict[str, str]:
    """Name of every campaign, such as ``fair_2026_05_11``, and its name for people."""
    names, named = program.names, {}
    for each in campaigns_of(program):
        date = (program.start + dt.timedelta(hours=each.start)).date()
        channel = names.channels[each.channel]
        named[f"{channel}_{date:%Y_%m_%d}"] = f"{names.channel_labels[each.channel] or channel}, {date}"
    return named


def campaigns(program: Program, journeys: Journeys, bookings: Bookings) -> Figures:
    """Cost of a lead and return of each campaign, from its beginning to the end of the run."""
    those = campaigns_of(program)
    leads, booked, cost = np.zeros((3, len(those)))
    by_journey = counted(bookings.journey, journeys.born.size, bookings.amount)
    leads_of = {channel: np.flatnonzero(journeys.channel == channel) for channel in {each.channel for each in those}}
    for row, each in enumerate(those):
        mine = _leads(journeys, leads_of[each.channel], each)
        leads[row], booked[row] = mine.size, by_journey.take(mine).sum()
        cost[row] = each.budget + leads[row] * program.lead_costs[each.channel]
    return {
        "campaign_cost_per_lead_{campaign}": ratio(cost, leads),
        "campaign_return_{campaign}": ratio(booked, cost),
    }


def _leads(journeys: Journeys, of_channel: Numbers, campaign: Campaign) -> Numbers:
    """Leads of a campaign, of those of its channel."""
    born = journeys.born.take(of_channel)
    return of_channel[(born >= campaign.start) & (born <= campaign.until)]
