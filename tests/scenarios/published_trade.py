"""Published ranges beside what the distributor, the home improvement firm and purchase to pay give.

``python -m tests.scenarios.published_trade 10`` prints the tables of docs/model.md, over 10 replications.
"""

import sys
from dataclasses import replace

import numpy as np

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run
from simulator.experiment.study import Study
from simulator.program.layout import Program
from simulator.records import Records
from simulator.schema.loading import load_scenario
from tests.scenarios.published import Published, kpi, quotient, table

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


def credit_study(name: str, plan: Plan) -> Study:
    """A study of a distributor with the figures of its credit sales beside the KPIs."""
    loaded = load_scenario(name)
    study, program = run(loaded, plan), compiled(loaded, plan)
    simulate = engine_of("compiled")
    found = [credit(program, simulate(program, plan.seed, number)) for number in range(plan.replications)]
    samples = {figure: np.array([each[figure] for each in found]) for figure in found[0]}
    samples["dso_of_credit"] = study.samples["dso"] / samples["credit_share"]
    return replace(study, samples=dict(study.samples) | samples)


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
    Published("DSO of credit sales", 45, 75, "d", "Allianz Trade, B", kpi("dso_of_credit")),
)
"""Figures that the distributor is held to."""
ON_CREDIT_BESIDE = (
    Published("DSO of all sales", 45, 75, "d", "Allianz Trade, B", kpi("dso")),
    Published("Bad debt, of all sales", 0.009, 0.0121, "%", "Intrum, B", kpi("bad_debt_rate")),
    Published("CEI", 0.80, 1.00, "%", "Billtrust, B", kpi("cei")),
)


if __name__ == "__main__":
    plan = Plan(replications=int(sys.argv[1]) if len(sys.argv) > 1 else 10, jobs=1)
    print(table(credit_study(DISTRIBUTOR, plan), ON_CREDIT + ON_CREDIT_BESIDE))
