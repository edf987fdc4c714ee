"""A change for the better never worsens, on the shipped Portuguese firm, what it can only better.

Unlike ``tests/simulator/engines/test_monotone.py``, where each claim can be proved, customers here compete for the
same people: a claim is held of every replication, against the same leads.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.schema.loading import load_changed, load_scenario

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
BASELINE = "baselines/pt_installation"
PLAN = Plan(replications=3, jobs=1)
UP, DOWN, SAME = 1, -1, 0


class Claim(NamedTuple):
    """A change of one statement of the file, and the KPIs that it moves, each to one side."""

    name: str
    place: str
    value: object
    moves: dict[str, int]


CLAIMS = (
    Claim("more crews", "teams.crews.head_count", 8,
          {"waiting_crews": DOWN, "order_to_delivery_mean": DOWN, "utilisation_crews": DOWN, "cost_delivery": UP}),
    Claim("more engineers", "teams.engineering.head_count", 5,
          {"waiting_engineering": DOWN, "stage_time_opportunity_mean": DOWN}),
    Claim("more people in finance", "teams.finance.head_count", 4, {"waiting_finance": DOWN, "queue_finance": DOWN}),
    Claim("more people in support", "teams.support.head_count", 6,
          {"waiting_support": DOWN, "ticket_resolution_mean": DOWN}),
    Claim("callers with more time", "teams.sdr.availability", "90 %",
          {"first_response_mean": DOWN, "waiting_sdr": DOWN, "reached_sql": UP, "first_response_within_1h": UP}),
    Claim("more leads from the website", "channels.website.rate", "3 000 /y",
          {"leads": UP, "reached_mql": UP, "utilisation_sdr": UP, "first_response_mean": UP, "waiting_sdr": UP}),
    Claim("dearer leads", "channels.paid_search.cost_per_lead", "200 EUR",
          {"cac": UP, "cost_per_lead": UP, "margin": DOWN, "orders": SAME}),
    Claim("dearer crews", "teams.crews.cost", "45 EUR/h", {"cost_delivery": UP, "margin": DOWN, "orders": SAME}),
    Claim("dearer money", "cost_of_finance", "12 %", {"cost_of_finance": UP, "margin": SAME}),
    Claim("longer terms", "segments.small.brings.terms", "90 d",
          {"dso": UP, "invoice_to_cash_mean": UP, "receivables_open": UP, "cost_of_finance": UP}),
    Claim("longer terms for deposits", "policies.deposit_terms", "60 d", {"dso": UP}),
    Claim("reminders further apart", "policies.reminder_gap", "60 d", {"dunning_per_invoice": DOWN}),
    Claim("longer terms from suppliers", "policies.supplier_terms", "90 d",
          {"dpo": UP, "cash_conversion_cycle": DOWN, "dso": SAME}),
    Claim("customers who never pay", "processes.invoice.steps.collectable.outcomes.never.probability", "90 %",
          {"written_off": UP, "bad_debt_rate": UP}),
    Claim("more disputes", "policies.disputed_share", "40 %", {"dispute_rate": UP, "dso": UP}),
    Claim("a higher bar for MQLs", "policies.mql_threshold", 72, {"reached_mql": DOWN, "score_precision": UP,
                                                                  "score_recall": DOWN}),
    Claim("a decision that falls more often for us", "processes.lead.steps.decision.outcomes.shortlisted.probability",
          "70 %", {"orders": UP, "revenue_booked": UP, "utilisation_crews": UP}),
    Claim("more contracts after delivery", "processes.care.steps.contract.outcomes.signs.probability", "95 %",
          {"customers": UP, "recurring_revenue": UP}),
    Claim("fewer renewals", "processes.care.steps.renewal.outcomes.renews.probability", "75 %",
          {"churn_rate": UP, "grr": DOWN, "nrr": DOWN, "renewal_rate": DOWN, "ltv": DOWN}),
    Claim("more tickets solved at once", "processes.ticket.steps.solved_at_once.outcomes.solved.probability", "90 %",
          {"first_contact_resolution": UP, "utilisation_support": DOWN, "ticket_resolution_mean": DOWN}),
    Claim("more recommendations", "processes.recommendation.steps.recommends.outcomes.yes_.probability", "60 %",
          {"referral_share": UP}),
    Claim("more leads on the wrong desk", "policies.wrong_desk_share", "30 %", {"misrouted": UP}),
    Claim("more hand-offs put aside", "policies.put_aside", "40 %",
          {"sla_missed": UP, "mql_never_contacted": UP, "first_response_within_1h": DOWN}),
    Claim("higher prices at renewal", "policies.fee_rise", "10 %", {"price_rise_rate": UP}),
    Claim("a higher fee of extensions", "policies.upsell_fee", "60 %", {"nrr": UP, "recurring_revenue": UP}),
)  # fmt: skip


@cache
def samples(place="", value=None):
    """Samples of the firm, or of the firm with one statement changed."""
    loaded = load_scenario(BASELINE)
    return run(load_changed(loaded, {place: value}) if place else loaded, PLAN).samples


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name.replace(" ", "_"))
def test_what_can_only_better_never_worsens(claim):
    """In every replication to the side stated, and beyond chance: none stays where it was."""
    before, after = samples(), samples(claim.place, claim.value)
    moved = {kpi: after[kpi] - before[kpi] for kpi in claim.moves}
    noise = {kpi: 1e-9 * np.abs(before[kpi]) for kpi in moved}
    wrong = [
        kpi for kpi, side in claim.moves.items()
        if not (np.where(np.abs(moved[kpi]) <= noise[kpi], 0, np.sign(moved[kpi])) == side).all()
    ]  # fmt: skip
    assert wrong == [], {kpi: moved[kpi].tolist() for kpi in wrong}


def test_there_are_more_than_twenty_claims():
    """Each has a name of its own, and no change is of nothing."""
    assert len({claim.name for claim in CLAIMS}) == len(CLAIMS) > 20
    assert sum(len(claim.moves) for claim in CLAIMS) > 40
