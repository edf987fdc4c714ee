"""Published ranges beside what the two software firms give.

``python tests/scenarios/published_saas.py 10`` prints the tables of docs/model.md, over 10 replications.
"""

import sys

import numpy as np

from simulator.experiment.plan import Plan
from simulator.experiment.study import Study
from simulator.kpis.window import Flags
from simulator.program.program import Program
from simulator.records import Floats, Indices, Records

if __package__:
    from tests.scenarios.published import CEI, RESPONSE, Published, kpi, quotient, table
    from tests.scenarios.published_trade import STAGES, beside, posted
else:  # As a script: other packages install a `tests` of their own, which would be found instead of ours.
    from published import CEI, RESPONSE, Published, kpi, quotient, table
    from published_trade import STAGES, beside, posted

CONTRACT, SELF_SERVE = "baselines/b2b_saas", "baselines/self_serve_saas"
DAY = 24.0


def visits(program: Program, records: Records, step: str) -> Indices:
    """Rows of the visits to a step inside the window."""
    found = (records.visits.step == program.names.steps.index(step)) & (records.visits.entered >= program.warm_up)
    return np.flatnonzero(found).astype(np.int32)


def attribute(program: Program, records: Records, name: str, rows: Indices) -> Floats:
    """The attribute of the cases of some visits, as last set."""
    of_case = records.cases.attributes[:, program.names.attributes.index(name)]
    found: Floats = of_case[records.visits.case[rows]]
    return found


def followed(program: Program, records: Records, rows: Indices, step: str) -> Flags:
    """Whether each of some visits led to the step."""
    found: Flags = records.visits.next[rows] == program.names.steps.index(step)
    return found


def contract(program: Program, records: Records) -> dict[str, float]:
    """First renewals by time to value, and recurring revenue sold to new customers."""
    renewal = program.names.steps.index("subscription.renewal")
    rows = np.flatnonzero(records.visits.step == renewal).astype(np.int32)
    _, first = np.unique(records.visits.case[rows], return_index=True)
    rows = rows[first]
    rows = rows[attribute(program, records, "customer_of_old", rows) == 0]
    days, renewed = (
        attribute(program, records, "time_to_value", rows) / DAY,
        followed(program, records, rows, "subscription.renewed"),
    )
    classes = {"renewed_30": days <= 30, "renewed_60": (days > 30) & (days <= 60), "renewed_later": days > 60}
    rates = {name: float(renewed[among].mean()) if among.any() else np.nan for name, among in classes.items()}
    return {**rates, "new_recurring": posted(program, records, "subscription.gained")}


def self_serve(program: Program, records: Records) -> dict[str, float]:
    """Customers lost in a month by cause, failed charges recovered, and trials that became paid."""
    names = ("renewal", "leaves", "charge", "failed", "card_lost")
    number = {name: visits(program, records, f"subscription.{name}").size for name in names}
    ended = visits(program, records, "lead.converts")
    pays, active = followed(program, records, ended, "lead.pays"), attribute(program, records, "activated", ended) == 1
    return {
        "lost_by_will": number["leaves"] / number["renewal"],
        "lost_by_card": number["card_lost"] / number["charge"],
        "lost_in_a_month": (number["leaves"] + number["card_lost"]) / number["charge"],
        "recovered": 1 - number["card_lost"] / number["failed"],
        "active_pay": float(pays[active].mean()),
        "others_pay": float(pays[~active].mean()),
    }


def contract_study(plan: Plan, **changes: object) -> Study:
    """A study of the firm with contracts, with the figures of its renewals beside the KPIs."""
    return beside(CONTRACT, plan, contract, **changes)


def self_serve_study(plan: Plan, **changes: object) -> Study:
    """A study of the self-serve firm, with the figures of its months and trials beside the KPIs."""
    return beside(SELF_SERVE, plan, self_serve, **changes)


BY_CONTRACT = (
    *STAGES,
    Published("Lead to order, median", 40, 180, "d", "several; 25 kUSD a year 60, B/C", kpi("lead_to_order_median")),
    Published("DSO", 45, 75, "d", "Allianz Trade: Europe 58, B", kpi("dso")),
    Published(
        "Bad debt", 0.009, 0.0121, "%", "Intrum: Europe 0.9, Portugal 1.21, B", kpi("bad_debt_rate"),
        "a little below other trades, who cannot switch off who does not pay",
    ),
    Published("Paid late", 0.26, 0.26, "%", "CRIBIS D&B: 74 on time, A", kpi("late_payment_rate")),
    Published("Customers lost in a year", 0.07, 0.10, "%", "Eaglerock, C", kpi("churn_rate")),
    Published("Gross revenue retention", 0.88, 0.90, "%", "Omegapoint, B/C", kpi("grr")),
    Published("Net revenue retention", 1.01, 1.01, "%", "Benchmarkit, B/C", kpi("nrr")),
    Published("Expansion in new recurring revenue", 0.40, 0.40, "%", "Benchmarkit, B", kpi("expansion_share")),
    Published("CAC payback", 15, 20, "months", "KBCM, B", kpi("cac_payback")),
    Published("First renewal, live within 30 d", 0.96, 0.96, "%", "Rework, C", kpi("renewed_30")),
    Published("First renewal, live in 31-60 d", 0.87, 0.87, "%", "Rework, C", kpi("renewed_60")),
    Published(
        "First renewal, live later", 0.61, 0.76, "%", "Rework, C", kpi("renewed_later"),
        "a few customers a year; over thirty years inside",
    ),
    Published("First-contact resolution", 0.55, 0.75, "%", "HDI 66 %, B", kpi("first_contact_resolution")),
)  # fmt: skip
"""Figures that the firm with contracts is held to."""
BESIDE_CONTRACT = (
    CEI,
    Published(
        "Acquisition cost for 1 of new ARR", 2, 2, "times", "Benchmarkit, B",
        quotient("cost_acquisition", "new_recurring"),
        "contradicts the published payback, which is met",
    ),
    RESPONSE,
)  # fmt: skip
BY_CARD = (
    Published("Trial to paid", 0.08, 0.25, "%", "nobody: own assumption, D", kpi("conversion_order")),
    Published("Activated to paid", 0.35, 0.65, "%", "nobody: own assumption, D", kpi("active_pay")),
    Published("Not activated to paid", 0.02, 0.08, "%", "nobody: own assumption, D", kpi("others_pay")),
    Published(
        "Lost in a month", 0.034, 0.035, "%", "Recurly, B/C", kpi("lost_in_a_month"),
        "the published causes, 2.6 and 0.8 %, are both met and come to 3.4",
    ),
    Published("Lost in a month, of their own will", 0.026, 0.026, "%", "Recurly, B/C", kpi("lost_by_will")),
    Published("Lost in a month, by failed payment", 0.008, 0.008, "%", "Recurly, B/C", kpi("lost_by_card")),
    Published("Failed payments recovered", 0.476, 0.476, "%", "Recurly, B/C", kpi("recovered")),
    Published("First-contact resolution", 0.55, 0.75, "%", "HDI 66 %, B", kpi("first_contact_resolution")),
)  # fmt: skip
"""Figures that the self-serve firm is held to."""
BESIDE_CARD = (
    Published(
        "Customers lost in a year", 0.35, 0.35, "%", "Recurly's month, twelve times, B/C", kpi("churn_rate"),
        "the hazard falls with tenure, and those there at the start stay longer than the mean of all",
    ),
    Published(
        "CAC payback", 15, 20, "months", "KBCM, firms with contracts, B", kpi("cac_payback"),
        "another population: contracts, not cards",
    ),
    Published(
        "Net revenue retention", 1.01, 1.01, "%", "Benchmarkit, firms with contracts, B/C", kpi("nrr"),
        "another population: contracts, not cards",
    ),
)  # fmt: skip
"""Figures whose population or definition differs from ours; docs/model.md says how."""


if __name__ == "__main__":
    plan = Plan(replications=int(sys.argv[1]) if len(sys.argv) > 1 else 10, jobs=1)
    print(table(contract_study(plan), BY_CONTRACT + BESIDE_CONTRACT))
    print()
    print(table(self_serve_study(plan), BY_CARD + BESIDE_CARD))
