"""KPIs of flow: volumes, conversion, times and waiting."""

from __future__ import annotations

from typing import Final

from simulator.kpis.declared import Declared

FLOW: Final = (
    Declared(
        "leads", "Leads", "cases", "higher", "volume",
        "Leads born inside the window, referrals included.",
    ),
    Declared(
        "leads_{channel}", "Leads from {channel}", "cases", "higher", "volume",
        "Leads of the channel born inside the window.",
    ),
    Declared(
        "reached_{stage}", "Reached: {stage}", "cases", "higher", "volume",
        "Journeys that came to the stage for the first time inside the window, whenever they began.",
    ),
    Declared(
        "orders", "Orders", "cases", "higher", "volume",
        "Journeys that came to the order milestone for the first time inside the window, whenever they began.",
    ),
    Declared(
        "orders_{channel}", "Orders from {channel}", "cases", "higher", "volume",
        "Orders inside the window of journeys that began in the channel.",
    ),
    Declared(
        "leads_{segment}", "Leads of {segment}", "cases", "higher", "volume",
        "Leads born inside the window whose first case is of the segment.",
    ),
    Declared(
        "orders_{segment}", "Orders of {segment}", "cases", "higher", "volume",
        "Orders inside the window of journeys whose first case is of the segment.",
    ),
    Declared(
        "work_in_progress", "Work in progress", "cases", "neither", "volume",
        "Time-average over the window of the number of cases of any process that are born and not ended.",
    ),
    Declared(
        "journeys_in_progress", "Journeys in progress", "cases", "neither", "volume",
        "Time-average over the window of the number of journeys with at least one case not ended.",
    ),
    Declared(
        "unfinished", "Unfinished journeys", "share", "lower", "volume",
        "Share of the leads born inside the window whose journey has a case not ended at the end of the run.",
    ),
    Declared(
        "unfinished_cases", "Unfinished cases", "cases", "lower", "volume",
        "Cases of any process, whenever born, that have not ended at the end of the run.",
    ),
    Declared(
        "conversion_{stage}", "Conversion to {stage}", "share", "higher", "conversion",
        "Flow ratio: journeys that reached the stage inside the window over leads born inside the window.",
    ),
    Declared(
        "conversion_{stage}_from_previous", "Conversion to {stage} from previous", "share", "higher", "conversion",
        "Flow ratio: journeys that reached the stage inside the window over those that reached the stage before it "
        "there; for the first stage, over leads born there.",
    ),
    Declared(
        "conversion_order", "Conversion to order", "share", "higher", "conversion",
        "Flow ratio: orders inside the window over leads born inside the window.",
    ),
    Declared(
        "conversion_order_{channel}", "Conversion to order, {channel}", "share", "higher", "conversion",
        "Flow ratio: orders inside the window of the channel's journeys over its leads born inside the window.",
    ),
    Declared(
        "conversion_order_{segment}", "Conversion to order, {segment}", "share", "higher", "conversion",
        "Flow ratio: orders inside the window of the segment's journeys over its leads born inside the window.",
    ),
    Declared(
        "score_precision", "Precision of the score", "share", "higher", "conversion",
        "Flow ratio: relevant journeys that became an MQL inside the window over all journeys that became one "
        "there.",
    ),
    Declared(
        "score_recall", "Recall of the score", "share", "higher", "conversion",
        "Flow ratio: relevant journeys that became an MQL inside the window over journeys that proved relevant "
        "there.",
    ),
    Declared(
        "mql_rejection_rate", "Hand-offs rejected by sales", "share", "lower", "conversion",
        "Flow ratio: hand-offs that sales rejected inside the window over those that it accepted or rejected "
        "there.",
    ),
    Declared(
        "misrouted", "Misrouted leads", "share", "lower", "conversion",
        "Flow ratio: journeys first misrouted inside the window over journeys that became an MQL there.",
    ),
    Declared(
        "ended_{outcome}", "Leads that end as {outcome}", "share", "neither", "conversion",
        "Flow ratio: leads whose own case ended inside the window with this outcome over all whose own case ended "
        "there; accounts and contracts that a channel begins, in processes with a mark of churn and none of an order, "
        "are no leads.",
    ),
    Declared(
        "win_rate", "Win rate", "share", "higher", "conversion",
        "Flow ratio: orders inside the window of journeys that were quoted over journeys first quoted there.",
    ),
    Declared(
        "first_response_{summary}", "First response, {summary}", "h", "lower", "time",
        "Calendar hours to the first response since the lead became an MQL, or since its birth where it was "
        "none, over first responses inside the window.",
    ),
    Declared(
        "first_response_within_1h", "First response within an hour", "share", "higher", "time",
        "Share of the leads that ask inside the window, those never answered included, that are answered within an "
        "hour; a lead asks when it becomes an MQL, or at birth where it is answered before or no step marks an MQL.",
    ),
    Declared(
        "never_contacted", "Never contacted", "share", "lower", "time",
        "Share of the leads born inside the window whose journey ended there without a first response or any later "
        "contact.",
    ),
    Declared(
        "mql_never_contacted", "MQLs never contacted", "share", "lower", "time",
        "Share of the journeys that became an MQL inside the window that ended there without a first response or any "
        "later contact.",
    ),
    Declared(
        "accepted_never_contacted", "Accepted hand-offs never contacted", "share", "lower", "time",
        "Share of the hand-offs that sales accepted inside the window after which the journey had no first response or "
        "later contact before the next accepted hand-off, or before it ended there.",
    ),
    Declared(
        "stage_time_{passage}_mean", "Time in {passage}, mean", "d", "lower", "time",
        "Mean calendar days from reaching the stage to reaching the first of the later stages, over journeys that "
        "reached that one inside the window.",
    ),
    Declared(
        "stage_time_{passage}_median", "Time in {passage}, median", "d", "lower", "time",
        "Median calendar days from reaching the stage to reaching the first of the later stages, over journeys that "
        "reached that one inside the window.",
    ),
    Declared(
        "stage_time_{passage}_p90", "Time in {passage}, 90th percentile", "d", "lower", "time",
        "The 90th percentile of calendar days from reaching the stage to reaching the first of the later stages, over "
        "journeys that reached that one inside the window.",
    ),
    Declared(
        "lead_to_order_{summary}", "Lead to order, {summary}", "d", "lower", "time",
        "Calendar days from the birth of the lead to the order, over orders inside the window.",
    ),
    Declared(
        "order_to_delivery_{summary}", "Order to delivery, {summary}", "d", "lower", "time",
        "Calendar days from the order to the delivery, over deliveries inside the window that follow an order.",
    ),
    Declared(
        "order_to_cash_{summary}", "Order to cash, {summary}", "d", "lower", "time",
        "Calendar days from the order to the first payment, over those inside the window that follow an order.",
    ),
    Declared(
        "invoice_to_cash_{summary}", "Invoice to cash, {summary}", "d", "lower", "time",
        "Calendar days from the first invoice to the first payment, over those inside the window that follow "
        "an invoice.",
    ),
    Declared(
        "lead_to_cash_{summary}", "Lead to cash, {summary}", "d", "lower", "time",
        "Calendar days from the birth of the lead to the first payment, over first payments inside the window.",
    ),
    Declared(
        "sla_missed", "Service level missed", "share", "lower", "time",
        "Flow ratio: journeys whose hand-off first missed its service level inside the window over journeys that "
        "became an MQL there.",
    ),
    Declared(
        "waiting_total", "Waiting for a lead", "h", "lower", "waiting",
        "Hours of waiting of all causes over leads born inside the window; a wait counts whole when it ended in the "
        "window or lasted until the end of the run.",
    ),
    Declared(
        "waiting_for_teams", "Waiting for teams", "h", "lower", "waiting",
        "Hours that visits queued for a team over leads born inside the window; a wait counts whole when it ended in "
        "the window or lasted until the end of the run.",
    ),
    Declared(
        "waiting_{cause}", "Waiting: {cause}", "h", "lower", "waiting",
        "Hours of waiting with this cause over leads born inside the window; a wait counts whole when it ended in "
        "the window or lasted until the end of the run.",
    ),
    Declared(
        "waiting_{team}", "Waiting for {team}", "h", "lower", "waiting",
        "Mean hours in the queue of a visit to the team, those served at once included, over visits whose wait ended "
        "inside the window or lasted until the end of the run.",
    ),
    Declared(
        "queue_{team}", "Queue for {team}", "cases", "lower", "waiting",
        "Time-average over the window of the number of cases that wait for the team.",
    ),
    Declared(
        "abandoned_{team}", "Gave up on {team}", "share", "lower", "waiting",
        "Visits that left unserved inside the window, patience lost or queue too long, over those and the visits that "
        "someone began there.",
    ),
)  # fmt: skip
