"""Paired comparison of scenarios: what differs, how surely, and whether it is better."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import special

from simulator.errors import StudyError
from simulator.experiment.intervals import Estimate, bootstrap_interval, standard_error, t_interval
from simulator.experiment.study import Study
from simulator.kpis.catalogue import Kpi
from simulator.records import Floats
from simulator.schema.names import no_kpi

Verdict = Literal["better", "worse", "not distinguishable"]
LEVEL: Final = 0.05
"""Chance, at most, that any verdict of a family is luck; with declared KPIs they are one and all tests another."""
ROUNDING: Final = 1e-12
"""Differences this small, relative to the figures, come from the order of additions and are none."""


@dataclass(frozen=True)
class Difference:
    """What a scenario changes in one KPI, other minus base."""

    difference: float
    low: float
    high: float
    """95 % interval of this difference alone."""
    p_value: float
    """Two-sided, of this difference alone; NaN with fewer than two pairs."""
    p_adjusted: float
    """Adjusted for all KPIs and scenarios that were looked at together."""
    verdict: Verdict
    n: int
    """Pairs of replications in which both are defined."""
    unit: str = ""


@dataclass(frozen=True)
class Contrast:
    """One scenario against the base."""

    scenario: str
    """Name for people."""
    key: str
    differences: Mapping[str, Difference]
    """KPIs that are better when higher or when lower, in the order of the base's catalogue."""
    undirected: Mapping[str, Estimate]
    """Differences of KPIs of which neither more nor less is better, so that no verdict can be given."""


@dataclass(frozen=True)
class Comparison:
    """Several scenarios against one base."""

    base: str
    """Name for people."""
    key: str
    others: tuple[Contrast, ...]
    family: int
    """Number of tests among which the p-values were adjusted, those of the declared KPIs where any were declared."""
    replications: int
    declared: tuple[str, ...] = ()
    """KPIs that the study was declared to be about, whose tests are the family; all where none were."""
    tests: int = 0
    """Tests of all KPIs, over which those that were not declared are adjusted."""

    def tests_of(self, kpi: str) -> int:
        """Number of tests among which the p-value of a KPI was adjusted."""
        return self.family if not self.declared or kpi in self.declared else self.tests


def compare(base: Study, others: Sequence[Study], kpis: Collection[str] = ()) -> Comparison:
    """Compare scenarios by paired t-tests over common replications, adjusted by Holm's method.

    Replications pair because every case draws the same luck in each scenario. The family is all KPIs that have a
    direction, over all scenarios: a KPI without a direction cannot be better or worse, so it is shown without verdict
    and does not make the others harder to tell apart. Where ``kpis`` are declared before the study, these over all
    scenarios are the family; every other KPI is exploratory, adjusted over all of them, and its verdict asks for a new
    study. Law, *Simulation Modeling and Analysis*, 5th edition (2015), section 10.2.1 (paired t); Holm, Scandinavian
    Journal of Statistics 6 (1979), 65-70. Raises StudyError for a declared KPI without direction or unknown.
    """
    if not others:
        raise StudyError("a comparison needs at least one other scenario")
    for other in others:
        _check_pairing(base, other)
    _check_declared(kpis, base)
    shared = [[kpi for kpi in base.catalogue if kpi in other.catalogue] for other in others]
    directed = [[kpi for kpi in kpis_of if base.catalogue[kpi].better != "neither"] for kpis_of in shared]
    tests = [
        (i, kpi, paired(base.samples[kpi], other.samples[kpi], base.catalogue[kpi].unit))
        for i, other in enumerate(others)
        for kpi in directed[i]
    ]
    p_values = np.array([p for _, _, (_, p) in tests])
    declared = np.array([kpi in kpis or not kpis for _, kpi, _ in tests], dtype=bool)
    adjusted = np.where(declared, holm(np.where(declared, p_values, np.nan)), holm(p_values))
    found: list[dict[str, Difference]] = [{} for _ in others]
    for (i, kpi, (e, p)), p_adjusted in zip(tests, adjusted.tolist(), strict=True):
        verdict = verdict_of(e.mean, p_adjusted, base.catalogue[kpi].better)
        found[i][kpi] = Difference(e.mean, e.low, e.high, p, p_adjusted, verdict, e.n, e.unit)
    contrasts = tuple(
        Contrast(other.name, other.key, found[i], _undirected(base, other, shared[i])) for i, other in enumerate(others)
    )
    replications = min(study.replications for study in (base, *others))
    known = ~np.isnan(p_values)
    return Comparison(
        base.name, base.key, contrasts, int((known & declared).sum()), replications, tuple(kpis), int(known.sum())
    )


def paired(base: Floats, other: Floats, unit: str = "") -> tuple[Estimate, float]:
    """Interval of the mean difference over common replications, and the p-value of the paired t-test.

    With fewer than two pairs the p-value is NaN. When every pair differs by the same amount there is no spread to
    judge by, and a few counts differ equally by coincidence: then the p-value is that of the sign test, that all n
    pairs lie on one side (Dixon and Mood, JASA 41 (1946), 557-566).
    """
    differences = differences_of(base, other)
    estimate = t_interval(differences, unit=unit)
    if estimate.n < 2:
        return estimate, math.nan
    error = standard_error(differences[~np.isnan(differences)])
    if error == 0.0:
        return estimate, 1.0 if estimate.mean == 0.0 else 2.0 ** (1 - estimate.n)
    return estimate, float(2 * special.stdtr(estimate.n - 1, -abs(estimate.mean) / error))


def contrasted(base: Floats, other: Floats, kpi: Kpi, currency: str) -> tuple[Estimate, float]:
    """``paired`` in a KPI: with the paired bootstrap interval where it is often skewed, and the same p-value."""
    estimate, p_value = paired(base, other, kpi.unit)
    if often_skewed(kpi, currency):
        estimate = bootstrap_interval(differences_of(base, other), unit=kpi.unit)
    return estimate, p_value


def often_skewed(kpi: Kpi, currency: str) -> bool:
    """Whether a KPI is of those whose samples are often skewed: money, medians and other quantiles."""
    return kpi.unit == currency or kpi.name.endswith(("_median", "_p90"))


def skewed(study: Study, kpi: str) -> bool:
    """The same of a study's KPI by name."""
    return often_skewed(study.catalogue[kpi], study.currency)


def bootstrap_difference(base: Study, other: Study, kpi: str) -> Estimate:
    """Paired difference in one KPI, other minus base, with its 95 % bootstrap interval; for KPIs that are skewed."""
    return bootstrap_interval(differences_of(base.samples[kpi], other.samples[kpi]), unit=base.catalogue[kpi].unit)


def differences_of(base: Floats, other: Floats) -> Floats:
    """Differences over common replications, other minus base; those that come from rounding are 0."""
    n = min(base.size, other.size)
    differences = other[:n] - base[:n]
    scale = np.maximum(np.abs(base[:n]), np.abs(other[:n]))
    return np.where(np.abs(differences) <= ROUNDING * scale, 0.0, differences)


def holm(p_values: Floats) -> Floats:
    """Holm's step-down adjustment; NaN stays NaN and counts for nothing."""
    adjusted = np.full(p_values.shape, np.nan)
    defined = ~np.isnan(p_values)
    if defined.any():
        from statsmodels.stats.multitest import multipletests  # a second to import, and only comparisons need it

        adjusted[defined] = multipletests(p_values[defined], alpha=LEVEL, method="holm")[1]
    return adjusted


def verdict_of(difference: float, p_adjusted: float, better: str) -> Verdict:
    """The word for a difference in a KPI that is better when ``higher`` or ``lower``."""
    if not p_adjusted < LEVEL:  # NaN too
        return "not distinguishable"
    return "better" if (difference > 0) == (better == "higher") else "worse"


def _undirected(base: Study, other: Study, shared: list[str]) -> dict[str, Estimate]:
    return {
        kpi: paired(base.samples[kpi], other.samples[kpi], base.catalogue[kpi].unit)[0]
        for kpi in shared
        if base.catalogue[kpi].better == "neither"
    }


def _check_declared(kpis: Collection[str], base: Study) -> None:
    for kpi in kpis:
        if kpi not in base.catalogue:
            raise StudyError(no_kpi(kpi, base.catalogue))
        if base.catalogue[kpi].better == "neither":
            raise StudyError(f"of {kpi} neither more nor less is better: it can be looked at, but not be decided by")


def _check_pairing(base: Study, other: Study) -> None:
    if base.plan.seed != other.plan.seed:
        raise StudyError(
            f"'{base.name}' and '{other.name}' were run with different seeds ({base.plan.seed} and {other.plan.seed}): "
            "their replications do not pair"
        )
    if (base.warm_up, base.end) != (other.warm_up, other.end):
        raise StudyError(
            f"'{base.name}' measures {base.length:g} h after {base.warm_up:g} h of warm-up, '{other.name}' "
            f"{other.length:g} h after {other.warm_up:g} h: state --warm-up and --length so that they are the same"
        )
    if base.currency != other.currency:
        raise StudyError(
            f"'{base.name}' counts in {base.currency} and '{other.name}' in {other.currency}: money cannot be compared"
        )
