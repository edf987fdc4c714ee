"""What scenarios change: for sure, for better or worse; and what this study could not tell."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from scipy import special

from reports import wording
from reports.finding import Figure, Finding, figure_of
from simulator.experiment.comparison import LEVEL, Comparison, Contrast, Difference, Verdict
from simulator.experiment.intervals import CONFIDENCE, Estimate
from simulator.experiment.study import Study

POWER: Final = 0.80
"""Chance of finding a difference that is called detectable."""
MARGIN: Final = "margin"
DECISIVE: Final = (MARGIN, "orders", "first_response_median", "lead_to_cash_median", "waiting_total", "leads")
"""KPIs by which scenarios are judged in one line: the first of them that any scenario has values of."""
LEADING: Final = 2
"""Scenarios of each verdict that the line on top names, those with the largest differences."""
NAMED: Final = 5
"""KPIs that a sentence names."""


def changes(base: Study, comparison: Comparison) -> Iterator[Finding]:
    """What each scenario changes for sure, and what could not be distinguished."""
    for contrast in comparison.others:
        known = [kpi for kpi in comparison.primary if kpi in contrast.differences and contrast.differences[kpi].n]
        headlines = known or _headlines(base, contrast)
        asked = set(comparison.primary)
        yield from _sure(base, contrast, headlines, "better", asked)
        yield from _sure(base, contrast, headlines, "worse", asked)
        yield from _explored(base, contrast, asked)
        yield from _unclear(base, contrast, headlines, comparison)


def verdict_line(base: Study, comparison: Comparison | None) -> str:
    """The result in one or two sentences: the decisive KPI of the base, or what the scenarios do to it."""
    kpi = decisive(base)
    if kpi is None:
        return f"{base.name} has no figures: nothing happened in the measured time."
    label, estimate = base.catalogue[kpi].label, base.estimate(kpi)
    if comparison is None:
        return f"{label}: {wording.with_interval(estimate)}{_sign_words(estimate) if kpi == MARGIN else ''}."
    told = []
    for verdict in ("better", "worse", "not distinguishable"):
        known = ((c.scenario, c.differences.get(kpi)) for c in comparison.others)
        side = [(name, found) for name, found in known if found is not None and found.n and found.verdict == verdict]
        side.sort(key=lambda each: -abs(each[1].difference))
        words = [f"{wording.with_interval(found)}, with “{name}”" for name, found in side[:LEADING]]
        more = len(side) - len(words)
        if side:
            # An interval of its own may leave out 0 where the verdict, adjusted for all tests, finds nothing.
            apart = any(found.low > 0 or found.high < 0 for _, found in side[:LEADING])
            among = f" among {comparison.tests_of(kpi)} tests" if verdict == "not distinguishable" and apart else ""
            told.append(f"{verdict}{among}, {wording.listed([*words, *([f'{more} more'] if more else [])])}")
    return f"{label}, {wording.mean_of(estimate)} in “{base.name}”: {'; '.join(told) or 'nothing to compare'}."


def _sign_words(margin: Estimate) -> str:
    if margin.low < 0 < margin.high:
        return "; whether the company earns or loses money cannot be told from this study"
    return ", a loss" if margin.high < 0 else ""


def decisive(base: Study) -> str | None:
    """The KPI by which scenarios are judged in one line; None where none has a value other than zero."""
    return next((kpi for kpi in DECISIVE if kpi in base.samples and _moves(base, kpi)), None)


def detectable(difference: Difference, family: int) -> float:
    """Size of a real difference that this study would have found with a chance of 80 %.

    From the standard error behind the interval, at the level that Holm's method asks of the smallest p-value of the
    family. Law, *Simulation Modeling and Analysis*, 5th edition (2015), section 9.4; NaN without an interval, or where
    all pairs differ alike and nothing tells of a spread.
    """
    half, freedom = (difference.high - difference.low) / 2, difference.n - 1
    if not math.isfinite(half) or half == 0 or freedom < 1:
        return math.nan
    error = half / float(special.stdtrit(freedom, (1 + CONFIDENCE) / 2))
    level = LEVEL / max(family, 1)
    return error * float(special.stdtrit(freedom, 1 - level / 2) + special.stdtrit(freedom, POWER))


def _moves(study: Study, kpi: str) -> bool:
    estimate = study.estimate(kpi)
    return estimate.n > 0 and bool(abs(estimate.mean) > 0 or study.samples[kpi].any())


def _headlines(base: Study, contrast: Contrast) -> list[str]:
    return [kpi for kpi, d in contrast.differences.items() if base.catalogue[kpi].headline and d.n]


def _sure(
    base: Study, contrast: Contrast, headlines: Sequence[str], verdict: Verdict, asked: Collection[str]
) -> Iterator[Finding]:
    every = [kpi for kpi, d in contrast.differences.items() if d.verdict == verdict and kpi in asked]
    named = [kpi for kpi in headlines if kpi in every]
    shown = sorted(named or every, key=lambda kpi: -_relative(base, kpi, contrast.differences[kpi]))[:NAMED]
    if not shown:
        return
    found = [contrast.differences[kpi] for kpi in shown]
    parts = [f"{_label(base, kpi)} {wording.with_interval(d)}" for kpi, d in zip(shown, found, strict=True)]
    more = len(every) - len(shown)
    rest = f"; and {wording.plural(more, 'other KPI', 'other KPIs')}" if more else ""
    surely = wording.probability(max(contrast.differences[kpi].p_adjusted for kpi in every))
    each = "each with adjusted" if len(every) > 1 else "adjusted"
    ceiling = surely.replace("=", "≤") if len(every) > 1 else surely
    sentence = f"{verdict.capitalize()}, beyond what chance explains: {'; '.join(parts)}{rest}; {each} {ceiling}."
    figures = tuple(figure_of(base.catalogue[kpi].label, contrast.differences[kpi]) for kpi in shown)
    money = any(kpi == decisive(base) for kpi in shown)
    yield Finding("change", contrast.scenario, sentence, (90.0 if money else 80.0) + (verdict == "worse"), figures)


def _explored(base: Study, contrast: Contrast, asked: Collection[str]) -> Iterator[Finding]:
    """Verdicts on what the study was not declared to be about: leads for another study, not results of this one."""
    found = [kpi for kpi, d in contrast.differences.items() if d.verdict in {"better", "worse"} and kpi not in asked]
    found.sort(key=lambda kpi: (not base.catalogue[kpi].headline, -_relative(base, kpi, contrast.differences[kpi])))
    if not found:
        return
    parts = [
        f"{_label(base, kpi)} {wording.with_interval(d)}, {d.verdict}"
        for kpi, d in ((kpi, contrast.differences[kpi]) for kpi in found[:NAMED])
    ]
    rest = f"; and {wording.count(len(found) - NAMED)} more" if len(found) > NAMED else ""
    sentence = f"Beside the primary figures, to be confirmed by a study of its own: {'; '.join(parts)}{rest}."
    figures = tuple(figure_of(base.catalogue[kpi].label, contrast.differences[kpi]) for kpi in found[:NAMED])
    yield Finding("unclear", contrast.scenario, sentence, 56.0, figures)


def _unclear(base: Study, contrast: Contrast, headlines: Sequence[str], comparison: Comparison) -> Iterator[Finding]:
    unclear = [
        (kpi, contrast.differences[kpi], detectable(contrast.differences[kpi], comparison.tests_of(kpi)))
        for kpi in headlines
        if contrast.differences[kpi].verdict == "not distinguishable"
    ]
    unclear = [each for each in unclear if each[2] > 0]
    if not unclear:
        return
    parts = [
        f"{_label(base, kpi)} ({wording.change(missed, d.unit).lstrip('+')})" for kpi, d, missed in unclear[:NAMED]
    ]
    more = len(unclear) - len(parts)
    rest = f" and {wording.count(more)} more" if more > 0 else ""
    sentence = (
        f"Not distinguishable: {'; '.join(parts)}{rest}. In brackets the size of a real change that this study would "
        "have found four times out of five; a smaller one may exist."
    )
    figures = tuple(Figure(base.catalogue[kpi].label, d.difference, d.low, d.high, d.unit) for kpi, d, _ in unclear)
    yield Finding("unclear", contrast.scenario, sentence, 55.0, figures)


def _relative(base: Study, kpi: str, difference: Difference) -> float:
    mean = base.estimate(kpi).mean
    return abs(difference.difference / mean) if mean else math.inf


def _label(base: Study, kpi: str) -> str:
    label = base.catalogue[kpi].label
    return label if label.isupper() else label[:1].lower() + label[1:]
