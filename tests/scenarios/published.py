"""Published ranges beside what the baseline gives.

``python tests/scenarios/published.py 30`` prints the table of docs/model.md, over 30 replications.
"""

import sys
from collections.abc import Callable
from typing import NamedTuple

from simulator.experiment.intervals import Estimate, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.experiment.study import Study
from simulator.records import Floats
from simulator.schema.loading import load_scenario

BASELINE = "baselines/pt_installation"


class Published(NamedTuple):
    """A figure of the trade and the samples that stand against it."""

    label: str
    low: float
    high: float
    unit: str
    source: str
    samples: Callable[[Study], Floats]
    why: str = ""
    """Why the baseline is not inside, where it is not."""


def kpi(name: str) -> Callable[[Study], Floats]:
    """The samples of one KPI."""
    return lambda study: study.samples[name]


def quotient(above: str, below: str) -> Callable[[Study], Floats]:
    """The samples of one KPI over those of another."""
    return lambda study: study.samples[above] / study.samples[below]


INSIDE = (
    Published("Lead to MQL", 0.15, 0.40, "%", "First Page Sage, C", kpi("conversion_mql_from_previous")),
    Published("MQL to SQL", 0.10, 0.40, "%", "Prooflytics, C", kpi("conversion_sql_from_previous")),
    Published("SQL to opportunity", 0.30, 0.75, "%", "several, C", kpi("conversion_opportunity_from_previous")),
    Published("Opportunity to won", 0.15, 0.40, "%", "several, C", quotient("reached_won", "reached_opportunity")),
    Published("Lead to won", 0.005, 0.036, "%", "Implisit by channel, B", kpi("conversion_order")),
    Published("Lead to order, median", 40, 180, "d", "several, Bridge Group, B/C", kpi("lead_to_order_median")),
    Published("DSO", 45, 75, "d", "Allianz Trade: Europe 58, world 59-62, B", kpi("dso")),
    Published(
        "Bad debt", 0.009, 0.0121, "%", "Intrum: Europe 0.9, Portugal 1.21, B", kpi("bad_debt_rate"),
        "a few lost invoices a year: years differ by several times the mean",
    ),
    Published("Paid late", 0.80, 0.80, "%", "Informa D&B, A", kpi("late_payment_rate")),
    Published("Customers lost in a year", 0.07, 0.10, "%", "Eaglerock, C", kpi("churn_rate")),
    Published("First-contact resolution", 0.55, 0.75, "%", "HDI 66 %, B", kpi("first_contact_resolution")),
)  # fmt: skip
"""Figures that the baseline is held to."""
CEI = Published(
    "CEI", 0.80, 1.00, "%", "Billtrust: 80 and more is effective, B", kpi("cei"),
    "with the published lateness of payments 80 cannot be reached (see below)",
)  # fmt: skip
RESPONSE = Published(
    "First response, mean", 42, 42, "h", "Harvard Business Review, A", kpi("first_response_mean"),
    "published is a mean over many firms that answered, ours is that of one",
)  # fmt: skip
BESIDE = (
    Published(
        "Lead to opportunity", 0.13, 0.31, "%", "Implisit, B", quotient("reached_opportunity", "reached_lead"),
        "published of leads that sellers accepted, ours of all first clicks",
    ),
    RESPONSE,
    Published(
        "Leads never called", 0.23, 0.30, "%", "HBR and Leads360, A/B", kpi("never_contacted"),
        "published of leads that asked for a call; most of ours are never to be called",
    ),
    Published(
        "Gross revenue retention", 0.88, 0.90, "%", "Omegapoint, B/C", kpi("grr"),
        "published of subscriptions to software; here nobody takes a smaller contract",
    ),
    Published(
        "Net revenue retention", 1.01, 1.01, "%", "Benchmarkit, B/C", kpi("nrr"),
        "published of subscriptions to software; maintenance fees grow less",
    ),
    CEI,
)  # fmt: skip
"""Figures whose definition or population differs from ours, each with how."""


def estimate(published: Published, study: Study) -> Estimate:
    """What the study gives for the figure."""
    return t_interval(published.samples(study))


def standing(published: Published, study: Study) -> str:
    """Where the mean of the study stands: inside, at it, touches (it is outside, the interval is not), outside.

    A single figure has no inside: the mean is at it where the interval holds it or a twentieth of it lies between.
    """
    found = estimate(published, study)
    touches = found.low <= published.high and found.high >= published.low
    if published.low == published.high:
        return "at it" if touches or abs(found.mean / published.low - 1) <= 0.05 else "outside"
    if published.low <= found.mean <= published.high:
        return "inside"
    return "touches" if touches else "outside"


def meets(published: Published, study: Study) -> bool:
    """Whether the mean is inside the published range, or the interval touches it and the table says why no more."""
    stands = standing(published, study)
    return stands in {"inside", "at it"} or (stands == "touches" and published.why != "")


def table(study: Study, figures: tuple[Published, ...] = INSIDE + BESIDE) -> str:
    """Published ranges and simulated intervals as Markdown."""
    rows = ["| figure | published | source | simulated, 95 % interval | mean |", "|---|---|---|---|---|"]
    for published in figures:
        found = estimate(published, study)
        scale = 100 if published.unit == "%" else 1
        low, high, mean, least, most = (
            f"{scale * x:.3g}" for x in (published.low, published.high, found.mean, found.low, found.high)
        )
        stated, verdict = low if low == high else f"{low}-{high}", standing(published, study)
        because = f": {published.why}" if published.why and verdict not in {"inside", "at it"} else ""
        rows.append(
            f"| {published.label} | {stated} {published.unit} | {published.source} | "
            f"{mean} {published.unit} ({least}-{most}) | {verdict}{because} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    print(table(run(load_scenario(BASELINE), Plan(replications=int(sys.argv[1]) if len(sys.argv) > 1 else 30))))
