"""What common random numbers save: variance of the difference from the baseline, paired and not, of each what-if."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import yaml

from benchmarks.markdown import table
from simulator.engines.choice import engine_of
from simulator.experiment.comparison import differences_of
from simulator.experiment.intervals import standard_error
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run_all
from simulator.experiment.study import Study
from simulator.kpis.journeys import journeys_of
from simulator.program.layout import Milestone
from simulator.records import Floats
from simulator.schema.loading import Loaded, load_scenario
from simulator.schema.shipped import shipped

KPIS = ("orders", "revenue_invoiced", "cash_collected", "margin", "dso", "lead_to_order_median", "first_response_mean")
TARGET = 5.0
"""Times by which the variance of a difference is meant to fall."""
REPLICATIONS = 60
FOLLOWED = 5
"""Replications in which single orders are followed."""
RESAMPLES = 500


class Saving(NamedTuple):
    """What pairing does for one KPI of one what-if."""

    kpi: str
    ratio: float
    """Variance of the difference of separate runs over that of paired ones; NaN where it is undefined."""
    error: float
    """Standard error of the ratio, by the bootstrap."""
    correlation: float
    """Of both scenarios over common replications."""
    attainable: float
    """Ratio that a correlation of 1 would give with spreads as they are."""
    errors: float
    """Mean difference, counted in its paired standard errors."""


class WhatIf(NamedTuple):
    """One what-if against its baseline."""

    name: str
    savings: tuple[Saving, ...]
    same_orders: float
    """Share of all orders that the same lead places in both."""


def measure(replications: int = REPLICATIONS, followed: int = FOLLOWED) -> list[WhatIf]:
    """Run each shipped what-if and its baseline under common random numbers."""
    found = []
    for base, names in _by_baseline().items():
        loaded = [load_scenario(name) for name in (base, *names)]
        first, *others = run_all(loaded, Plan(replications=replications))
        same = _same_orders(loaded, followed)
        found += [
            WhatIf(name, tuple(saving(kpi, *_pairs(first, other, kpi)) for kpi in KPIS), share)
            for name, other, share in zip(names, others, same, strict=True)
        ]
    return found


def saving(kpi: str, base: Floats, other: Floats) -> Saving:
    """What pairing does for a KPI of which both samples are defined throughout.

    Without pairing the variance of the difference is the sum of both, with it that of the paired differences. Law,
    *Simulation Modeling and Analysis*, 5th edition (2015), section 11.2.
    """
    if base.size < 3:
        return Saving(kpi, *[math.nan] * 5)
    rng = np.random.default_rng(1)
    drawn = rng.integers(0, base.size, (RESAMPLES, base.size))
    differences = differences_of(base, other)
    ratio, resampled = _ratio(base, other, differences), _ratio(base[drawn], other[drawn], differences[drawn])
    error, spreads = standard_error(differences), (float(base.std(ddof=1)), float(other.std(ddof=1)))
    apart = (spreads[0] - spreads[1]) ** 2
    return Saving(
        kpi,
        float(ratio),
        float(resampled[np.isfinite(resampled)].std()) if np.isfinite(ratio) else math.nan,
        float(np.corrcoef(base, other)[0, 1]) if min(spreads) else math.nan,
        (spreads[0] ** 2 + spreads[1] ** 2) / apart if apart else math.inf,
        abs(float(differences.mean())) / error if error else math.inf,
    )


def _ratio(base: Floats, other: Floats, differences: Floats) -> Floats:
    """Along the last axis; infinite where all pairs differ by the same, NaN where nothing varies at all."""
    variances = [each.var(axis=-1, ddof=1) for each in (base, other, differences)]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((variances[0] + variances[1]) / variances[2])


def _pairs(base: Study, other: Study, kpi: str) -> tuple[Floats, Floats]:
    """Samples of a KPI in the replications in which both have it."""
    if kpi not in base.samples or kpi not in other.samples:
        return np.zeros(0), np.zeros(0)
    both = ~np.isnan(base.samples[kpi] + other.samples[kpi])
    return base.samples[kpi][both], other.samples[kpi][both]


def _by_baseline() -> dict[str, list[str]]:
    """Names of the shipped what-ifs by the baseline that they change."""
    found: dict[str, list[str]] = {}
    for name, path in shipped().items():
        if name.startswith("whatifs/"):
            found.setdefault(yaml.safe_load(path.read_text(encoding="utf-8"))["based_on"], []).append(name)
    return found


def _same_orders(loaded: Sequence[Loaded], followed: int) -> list[float]:
    """For each scenario but the first, the share of orders that the same lead places in it and in the first."""
    ordered = [_ordered(each, followed) for each in loaded]
    return [2 * len(ordered[0] & each) / max(1, len(ordered[0]) + len(each)) for each in ordered[1:]]


def _ordered(loaded: Loaded, followed: int) -> set[tuple[int, int]]:
    """Replication and key of each lead that orders in the measured time."""
    plan = Plan()
    program, found = compiled(loaded, plan), set()
    for replication in range(followed):
        records = engine_of(plan.engine)(program, plan.seed, replication)
        journeys = journeys_of(program, records)
        when = journeys.reached(Milestone.ORDER)
        rows = journeys.root[(when >= program.warm_up) & (when < program.end)]
        found |= {(replication, int(key)) for key in records.cases.key[rows]}
    return found


def shown(found: Sequence[WhatIf]) -> str:
    """The ratios as a Markdown table."""
    rows = [(f"`{each.name}`", *(_figure(one.ratio) for one in each.savings)) for each in found]
    return table(("what-if against its baseline", *(f"`{kpi}`" for kpi in KPIS)), rows)


def fallen_short(found: Iterable[WhatIf]) -> str:
    """What is below the target, and why, as a Markdown table."""
    rows = [
        (f"`{each.name}`", f"`{one.kpi}`", f"{one.ratio:.1f}", f"{one.correlation:.2f}", _figure(one.attainable),
         f"{each.same_orders:.0%}", f"{one.errors:.0f}", why(one))
        for each in found for one in each.savings if one.ratio < TARGET
    ]  # fmt: skip
    heads = (
        "what-if", "KPI", "ratio", "correlation", "ratio at correlation 1", "orders of the same leads",
        "difference in standard errors", "why",
    )  # fmt: skip
    return table(heads, rows)


def why(found: Saving) -> str:
    """Why pairing saves less than it is meant to."""
    if found.attainable < TARGET:
        return "the change takes away or adds most of the spread itself"
    return "with other queues other days are busy, and other leads come through"


def _figure(ratio: float) -> str:
    if math.isnan(ratio):
        return "-"
    return "over 1000" if ratio > 1000 else f"{ratio:.1f}"


def report() -> str:
    """Measure, and say it in Markdown."""
    found = measure()
    errors = [one.error / one.ratio for each in found for one in each.savings if one.ratio < 10 * TARGET]
    known = f"a ratio is known to about {np.median(errors):.0%} (standard error, bootstrap)"
    note = f"*{REPLICATIONS} paired replications of each, seed 1; 1.0 would mean that pairing saves nothing; {known}.*"
    return f"{shown(found)}\n\n{note}\n\nBelow {TARGET:g}, and why:\n\n{fallen_short(found)}"
