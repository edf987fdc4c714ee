"""Published ranges beside what the distributor, the home improvement firm and purchase to pay give.

``python tests/scenarios/published_trade.py 10`` prints the tables of docs/model.md, over 10 replications.
"""

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run
from simulator.experiment.study import Study
from simulator.program.program import Program
from simulator.records import Records
from simulator.schema.loading import load_changed, load_scenario

if __package__:
    from tests.scenarios.published import CEI, RESPONSE, Published, kpi, quotient, table
else:  # As a script: other packages install a `tests` of their own, which would be found instead of ours.
    from published import CEI, RESPONSE, Published, kpi, quotient, table

DISTRIBUTOR, HOME, PURCHASES = "baselines/ro_distributor", "baselines/b2c_home_improvement", "processes/purchase_to_pay"


def posted(program: Program, records: Records, *steps: str) -> float:
    """What the named steps posted inside the window, in currency units."""
    wanted = [program.names.steps.index(step) for step in steps]
    inside = np.isin(records.postings.step, wanted) & (records.postings.time >= program.warm_up)
    return float(records.postings.cents[inside].sum()) / 100


def valued(program: Program, records: Records, step: str) -> float:
    """Value of the orders that came to the named step inside the window."""
    visits = records.visits
    rows = (visits.step == program.names.steps.index(step)) & (visits.entered >= program.warm_up)
    return float(records.cases.attributes[visits.case[rows], program.names.attributes.index("order_value")].sum())


def credit(program: Program, records: Records) -> dict[str, float]:
    """What Atradius asks about: sales on credit, of which overdue and lost; and the DSO of credit sales alone."""
    cash, sent = posted(program, records, "trade_order.cash_bill"), posted(program, records, "trade_order.sent")
    lost = posted(program, records, "trade_order.write_off")
    overdue, due = (valued(program, records, f"trade_order.{step}") for step in ("falls_overdue", "term_over"))
    return {"credit_share": sent / (cash + sent), "overdue_flow": overdue / due, "bad_debt_of_credit": lost / sent}


def beside(name: str, plan: Plan, figures: Callable[[Program, Records], dict[str, float]], **changes: object) -> Study:
    """A study of a scenario, changed as in ``load_changed``, with figures told from its records beside the KPIs."""
    loaded = load_changed(load_scenario(name), {path.replace("__", "."): to for path, to in changes.items()})
    study, program = run(loaded, plan), compiled(loaded, plan)
    simulate = engine_of("compiled")
    found = [figures(program, simulate(program, plan.seed, number)) for number in range(plan.replications)]
    samples = {figure: np.array([each[figure] for each in found]) for figure in found[0]}
    return replace(study, samples=dict(study.samples) | samples)


def credit_study(plan: Plan, **changes: object) -> Study:
    """A study of the distributor with the figures of its credit sales beside the KPIs."""
    study = beside(DISTRIBUTOR, plan, credit, **changes)
    dso = study.samples["dso"] / study.samples["credit_share"]
    return replace(study, samples=dict(study.samples) | {"dso_of_credit": dso})


STAGES = (
    Published("Lead to MQL", 0.15, 0.40, "%", "First Page Sage, C", kpi("conversion_mql_from_previous")),
    Published("MQL to SQL", 0.10, 0.40, "%", "Prooflytics, C", kpi("conversion_sql_from_previous")),
    Published("SQL to opportunity", 0.30, 0.75, "%", "several, C", kpi("conversion_opportunity_from_previous")),
    Published("Opportunity to won", 0.15, 0.40, "%", "several, C", quotient("reached_won", "reached_opportunity")),
    Published("Lead to won", 0.005, 0.036, "%", "Implisit by channel, B", kpi("conversion_order")),
)
ON_CREDIT = (
    *STAGES,
    Published("Lead to order, median", 40, 84, "d", "several, small orders 40, B/C", kpi("lead_to_order_median")),
    Published("Sold on credit", 0.52, 0.52, "%", "Atradius, B", kpi("credit_share")),
    Published("Overdue, of credit sales", 0.42, 0.42, "%", "Atradius, B", kpi("overdue_flow")),
    Published("Bad debt, of credit sales", 0.05, 0.05, "%", "Atradius, B", kpi("bad_debt_of_credit")),
    Published("Accounts lost in a year", 0.10, 0.30, "%", "Heller: guessed, and counted, C", kpi("churn_rate")),
    Published("DSO of credit sales", 45, 75, "d", "Allianz Trade, B", kpi("dso_of_credit")),
)
"""Figures that the distributor is held to."""
ON_CREDIT_BESIDE = (
    Published("DSO of all sales", 45, 75, "d", "Allianz Trade, B", kpi("dso"), "nearly half is sold for cash"),
    Published(
        "Bad debt, of all sales", 0.009, 0.0121, "%", "Intrum, B", kpi("bad_debt_rate"),
        "published of all trades; of credit sales it is what Atradius says of this one",
    ),
    CEI,
)  # fmt: skip
"""Figures whose definition differs from ours; docs/model.md says how."""
AT_HOME = (
    *STAGES,
    Published("Lead to order, median", 40, 84, "d", "several, small orders 40, B/C", kpi("lead_to_order_median")),
    Published("Trade show lead to deal", 0.006, 0.006, "%", "Implisit, B", kpi("conversion_order_fairs"),
              "a little below: few of a fair's hundreds of cards are orders"),
    Published(
        "Website lead to deal", 0.016, 0.036, "%", "Implisit: to referral, B", kpi("conversion_order_website"),
        "some thirty orders a year; over forty years inside",
    ),
    Published("Cost per lead, search", 60, 120, "EUR", "several, C", kpi("cost_per_lead_search_ads")),
    Published("Cost per lead, social", 80, 200, "EUR", "several, C", kpi("cost_per_lead_social_ads")),
    Published("Bad debt", 0, 0.0121, "%", "Intrum: firms 0.9-1.21, B", kpi("bad_debt_rate")),
)  # fmt: skip
"""Figures that the home improvement firm is held to."""
AT_HOME_BESIDE = (
    Published(
        "Referral lead to deal", 0.036, 0.036, "%", "Implisit, B", kpi("conversion_order_referral"),
        "published of firms; a neighbour has seen the work",
    ),
    Published(
        "Ad lead to deal", 0.008, 0.015, "%", "Implisit: ads, social, B", kpi("conversion_order_search_ads"),
        "who searches for new windows needs them",
    ),
    Published(
        "DSO", 45, 75, "d", "Allianz Trade, B", kpi("dso"),
        "published of firms among themselves; households pay on acceptance",
    ),
    CEI,
    RESPONSE,
)  # fmt: skip
EXCHANGE = 1.082
"""USD for a euro, mean of 2024 (European Central Bank)."""
TO_PAY = (
    Published("Time of an invoice", 9.2, 9.2, "d", "Ardent, B", kpi("stage_time_invoice_in_mean")),
    Published(
        "Cost of an invoice", 9.4, 9.4, "USD", "Ardent, B",
        lambda study: EXCHANGE * study.samples["cost_administration"] / study.samples["reached_cleared"],
    ),
    Published("Invoices with exceptions", 0.10, 0.20, "%", "Autofact, C", kpi("exceptions")),
    Published("Straight through", 0.40, 0.60, "%", "Autofact, C", kpi("straight_through")),
)  # fmt: skip
"""Figures that purchase to pay is held to."""


def matched(program: Program, records: Records) -> dict[str, float]:
    """Shares of the supplier invoices that differ from order or receipt, and that nobody touches."""
    inside = records.visits.entered >= program.warm_up
    visits = {
        step: int((inside & (records.visits.step == program.names.steps.index(f"supplier_invoice.{step}"))).sum())
        for step in ("match", "look_into", "code")
    }
    by_hand = visits["look_into"] + visits["code"]
    return {"exceptions": visits["look_into"] / visits["match"], "straight_through": 1 - by_hand / visits["match"]}


def purchase_study(plan: Plan) -> Study:
    """A study of purchase to pay with the figures of the match beside the KPIs."""
    return beside(PURCHASES, plan, matched)


if __name__ == "__main__":
    plan = Plan(replications=int(sys.argv[1]) if len(sys.argv) > 1 else 10, jobs=1)
    print(table(credit_study(plan), ON_CREDIT + ON_CREDIT_BESIDE))
    print(table(run(load_scenario(HOME), plan), AT_HOME + AT_HOME_BESIDE))
    print(table(purchase_study(plan), TO_PAY))
