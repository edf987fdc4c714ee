"""KPIs of campaigns, targets and forecasts."""

from __future__ import annotations

from typing import Final

from simulator.kpis.declared import Declared

SELLING: Final = (
    Declared(
        "cost_per_lead", "Cost per lead", "money", "lower", "money",
        "Leads bought, fixed costs, events and commissions of all channels over leads, both inside the window; a "
        "commission is a cost of acquisition that the lead's own case posts.",
    ),
    Declared(
        "cost_per_lead_{channel}", "Cost per lead, {channel}", "money", "lower", "money",
        "Leads bought, fixed costs, events and commissions of the channel over its leads, both inside the window.",
    ),
    Declared(
        "acquisition_cost_per_lead", "Acquisition cost per lead", "money", "lower", "money",
        "Cost of acquisition, wages included, over leads, both inside the window.",
    ),
    Declared(
        "channel_return_{channel}", "Return on spend, {channel}", "times", "higher", "money",
        "Postings to booked of the channel's journeys over leads bought, fixed costs, events and commissions of the "
        "channel, both inside the window.",
    ),
    Declared(
        "campaign_cost_per_lead_{campaign}", "Campaign cost per lead, {campaign}", "money", "lower", "money",
        "Budget of the campaign and price of its leads over its leads: those of its channel born within its spread, "
        "to the end of the run.",
    ),
    Declared(
        "campaign_return_{campaign}", "Campaign return, {campaign}", "times", "higher", "money",
        "Postings to booked until the end of the run, of journeys of its channel born within its spread, over budget "
        "and price of these leads.",
    ),
    Declared(
        "weighted_pipeline", "Weighted pipeline", "money", "neither", "money",
        "Deals open from the stage before the quote on, at month starts a quarter before the end: own value (less "
        "later discount), else the mean first booking, times the share of its stage at earlier starts that closed with "
        "an order; mean of the months.",
    ),
    Declared(
        "forecast_error", "Forecast error", "share", "lower", "money",
        "Mean absolute percentage error of the weighted pipeline of each of its months against what the journeys "
        "in it booked with their first order until the end.",
    ),
    Declared(
        "forecast_bias", "Forecast bias", "share", "neither", "money",
        "Sum of the weighted pipelines of all its months over what the journeys in them booked with their first order "
        "until the end, less 1.",
    ),
    Declared(
        "target_attainment", "Target attainment", "share", "higher", "money",
        "Bookings of sellers with a target over their targets while employed, inside the window; a booking is whose "
        "who worked on its case last before it.",
    ),
    Declared(
        "target_attainment_{seller}", "Target attainment, {seller}", "share", "neither", "money",
        "Bookings inside the window of cases on which the seller worked last of all with a target, over the seller's "
        "target while employed there.",
    ),
    Declared(
        "targets_reached", "Targets reached", "share", "higher", "money",
        "Share of the whole quarters of 13 weeks of the window in which those with a target booked their targets or "
        "more, all together.",
    ),
    Declared(
        "pipeline_coverage", "Pipeline coverage", "times", "neither", "money",
        "Weighted pipeline over the mean target of 13 weeks.",
    ),
)  # fmt: skip
