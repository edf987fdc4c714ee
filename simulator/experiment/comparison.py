"""Paired comparison of scenarios: what differs, how surely, and whether it is better."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Literal

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.intervals import Estimate, p_value_of, skewed_interval, t_interval
from simulator.experiment.study import Study
from simulator.kpis.catalogue import Kpi
from simulator.records import Floats
from simulator.schema.names import no_kpi

Verdict = Literal["better", "worse", "not distinguishable"]
LEVEL: Final = 0.05
"""Chance, at most, that any verdict of a family is luck; the KPIs that decide are one, all others another."""
ROUNDING: Final = 1e-12
"""Differences this small, relative to the figures, come from the order of additions and are none."""


@dataclass(frozen=True)
class Difference:
    """What a scenario changes in one KPI, other minus base."""

    difference: float
    low: float
    high: float
    """95 % interval of this difference alone: of KPIs that are often skewed by the bootstrap, else Student's."""
    p_value: float
    """Two-sided, of this difference alone, as its interval has it; NaN with fewer than two pairs."""
    p_adjusted: float
    """Adjusted for all KPIs and scenarios of its family."""
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
    """Number of tests of the primary KPIs over all scenarios, among which their p-values were adjusted."""
    replications: int
    primary: tuple[str, ...]
    """KPIs that decide: those declared, or else the headlines of which more or less is better."""
    tests: int
    """Number of tests of all other KPIs, which were adjusted among themselves."""
    declared: bool = False
    """Whether the primary KPIs were named for this study."""

    @property
    def asked(self) -> tuple[str, ...]:
        """KPIs that were named for this study; none where the headlines decide."""
        return self.primary if self.declared else ()

    def tests_of(self, kpi: str) -> int:
        """Number of tests among which the p-value of a KPI was adjusted."""
        return self.family if kpi in self.primary else self.tests


def compare(base: Study, others: Sequence[Study], kpis: Collection[str] = ()) -> Comparison:
    """Compare scenarios by paired tests over common replications, adjusted by Holm's method in two families.

    Replications pair because every case draws the same luck in each scenario. The primary family is that of ``kpis``,
    declared before the study, over all scenarios; where none are declared, of the headlines that have a direction. All
    other KPIs with a direction are the secondary family, adjusted among themselves: exploratory, and their verdicts ask
    for a new study. Neither is chosen by what the figures say. A KPI without a direction cannot be better or worse, so
    it is shown without verdict and counts in neither. Law, *Simulation Modeling and Analysis*, 5th edition (2015),
    section 10.2.1 (paired t); Holm, Scandinavian Journal of Statistics 6 (1979), 65-70; a primary and a secondary
    family as in Bender and Lange, Journal of Clinical Epidemiology 54 (2001), 343-349. Raises StudyError for a declared
    KPI without direction or unknown.
    """
    if not others:
        raise StudyError("a comparison needs at least one other scenario")
    for other in others:
        _check_pairing(base, other)
    check_declared(kpis, base.catalogue)
    primary = tuple(kpis) or tuple(name for name, kpi in base.catalogue.items() if kpi.headline and _directed(kpi))
    tests = [
        (i, name, contrasted(base.samples[name], other.samples[name], kpi, base.currency))
        for i, other in enumerate(others)
        for name, kpi in base.catalogue.items()
        if name in other.catalogue and _directed(kpi)
    ]
    p_values = np.array([p for _, _, (_, p) in tests])
    first = np.array([name in primary for _, name, _ in tests], dtype=bool)
    families = holm(np.where(first, p_values, np.nan)), holm(np.where(first, np.nan, p_values))
    found: list[dict[str, Difference]] = [{} for _ in others]
    for (i, name, (e, p)), p_adjusted in zip(tests, np.where(first, *families).tolist(), strict=True):
        verdict = verdict_of(e.mean, p_adjusted, base.catalogue[name].better)
        found[i][name] = Difference(e.mean, e.low, e.high, p, p_adjusted, verdict, e.n, e.unit)
    contrasts = [Contrast(each.name, each.key, found[i], _undirected(base, each)) for i, each in enumerate(others)]
    replications, known = min(study.replications for study in (base, *others)), ~np.isnan(p_values)
    return Comparison(
        base.name, base.key, tuple(contrasts), int((known & first).sum()), replications, primary,
        int((known & ~first).sum()), bool(kpis),
    )  # fmt: skip


def paired(base: Floats, other: Floats, unit: str = "") -> tuple[Estimate, float]:
    """Interval of the mean difference over common replications, and the p-value of the paired t-test."""
    estimate = t_interval(differences_of(base, other), unit=unit)
    return estimate, p_value_of(estimate)


def contrasted(base: Floats, other: Floats, kpi: Kpi, currency: str) -> tuple[Estimate, float]:
    """``paired`` in a KPI; where it is often skewed with the bootstrap of the pairs in its interval and p-value."""
    if not often_skewed(kpi, currency):
        return paired(base, other, kpi.unit)
    estimate = skewed_interval(differences_of(base, other), unit=kpi.unit)
    return estimate, p_value_of(estimate)


def often_skewed(kpi: Kpi, currency: str) -> bool:
    """Whether a KPI is of those whose samples are often skewed: money, medians and other quantiles."""
    return kpi.unit == currency or kpi.name.endswith(("_median", "_p90"))


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
        from statsmodels.stats.multitest import multipletests  # see ``import_statistics``

        # It collects garbage, for a tenth of a second and more where there is much to look through.
        others = gc.get_freeze_count()  # who has frozen objects knows why
        gc.freeze()
        try:
            adjusted[defined] = multipletests(p_values[defined], alpha=LEVEL, method="holm")[1]
        finally:
            if not others:
                gc.unfreeze()
    return adjusted


def import_statistics(several: bool = True) -> None:
    """Begin to import what makes intervals and, of several scenarios, adjusts p-values: it takes most of a second.

    Workers that are still loading leave this process nothing else to do.
    """
    needed = "statsmodels.stats.multitest" if several else "scipy.special"
    if needed not in sys.modules:
        threading.Thread(target=import_module, args=(needed,), daemon=True).start()


def verdict_of(difference: float, p_adjusted: float, better: str) -> Verdict:
    """The word for a difference in a KPI that is better when ``higher`` or ``lower``."""
    if not p_adjusted < LEVEL:  # NaN too
        return "not distinguishable"
    return "better" if (difference > 0) == (better == "higher") else "worse"


def check_declared(kpis: Collection[str], catalogue: Mapping[str, Kpi]) -> None:
    """Raise StudyError for a KPI that there is not, or that cannot decide."""
    for kpi in kpis:
        if kpi not in catalogue:
            raise StudyError(no_kpi(kpi, catalogue))
        if not _directed(catalogue[kpi]):
            raise StudyError(f"of {kpi} neither more nor less is better: it can be looked at, but not be decided by")


def _directed(kpi: Kpi) -> bool:
    return kpi.better != "neither"


def _undirected(base: Study, other: Study) -> dict[str, Estimate]:
    return {
        name: contrasted(base.samples[name], other.samples[name], kpi, base.currency)[0]
        for name, kpi in base.catalogue.items()
        if name in other.catalogue and not _directed(kpi)
    }


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
