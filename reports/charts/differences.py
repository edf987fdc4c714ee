"""What a scenario changes in each KPI, with interval and verdict; and how a KPI spreads over replications."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import altair as alt
import numpy as np

from reports import wording
from reports.charts.labels import names_axis, on_axis
from reports.charts.series import bounds, scenario_colour, scenario_names
from reports.charts.theme import (
    CHANGE_AXIS,
    FAINT,
    INK,
    ROW,
    VERDICT_COLOURS,
    VERDICT_SHAPES,
    Picture,
    Rows,
    data_of,
    finished,
    layered,
)
from simulator.experiment.comparison import Contrast, Difference
from simulator.experiment.study import Study
from simulator.records import Floats

FARTHEST: Final = 2.0
"""Difference, as a part of the base, beyond which a mark stands at the edge of the chart."""
LABELS: Final = 0.45
"""Room for the words beside the marks, as a part of the width that these need."""
TICKS: Final = 100
"""Values of a KPI that a strip shows; more are represented by their quantiles."""


def differences(base: Study, contrast: Contrast, kpis: Sequence[str] | None = None, name: str = "") -> Picture:
    """Dot and interval of the difference in each KPI, in per cent of the base; the headline KPIs if none are named."""
    shown = kpis if kpis is not None else [kpi.name for kpi in base.catalogue.values() if kpi.headline]
    title = f"What changes: {contrast.scenario}"
    found = [(kpi, contrast.differences[kpi]) for kpi in shown if kpi in contrast.differences]
    axis = on_axis([base.catalogue[kpi].label for kpi, _ in found])
    rows = [
        row
        for place, (kpi, difference) in zip(axis, found, strict=True)
        if (row := _row(place, base.estimate(kpi).mean, difference)) is not None
    ]
    picture = name or "differences"
    if not rows:
        return Picture(
            picture, title, title, None, "No KPI could be compared: none has a value in the base to compare with."
        )
    words = wording.listed([f"{row['kpi']} {row['text']}, {row['verdict']}".replace("\n", " ") for row in rows])
    return Picture(picture, title, f"{contrast.scenario} against {base.name}: {words}.", _chart(rows, title, base))


def _row(place: str, base: float, difference: Difference) -> dict[str, Any] | None:
    """Relative difference of one KPI; None where the base is zero or nothing could be measured."""
    if not (math.isfinite(difference.difference) and math.isfinite(base)) or base == 0:
        return None
    size = abs(base)
    relative = difference.difference / size
    ends = bounds_of(difference)
    low, high = (min(max(end / size, -FARTHEST), FARTHEST) if end is not None else None for end in ends)
    return {
        "kpi": place, "part": min(max(relative, -FARTHEST), FARTHEST), "low": low, "high": high,
        "verdict": difference.verdict,
        "text": f"{wording.share(relative, sign=True)}  ({wording.change(difference.difference, difference.unit)})",
        "interval": wording.interval_of(difference), "p": wording.probability(difference.p_adjusted),
    }  # fmt: skip


def bounds_of(difference: Difference) -> tuple[float | None, float | None]:
    """Ends of the interval of a difference, None where there is none."""
    known = math.isfinite(difference.low) and math.isfinite(difference.high)
    return (difference.low, difference.high) if known else (None, None)


def _chart(rows: Rows, title: str, base: Study) -> alt.LayerChart:
    data = data_of(rows)
    verdicts = list(VERDICT_COLOURS)
    y = alt.Y("kpi:N", sort=[row["kpi"] for row in rows], axis=names_axis())
    ends = [0.0, *(row[end] for row in rows for end in ("part", "low", "high") if row[end] is not None)]
    low, high = min(ends), max(ends)
    reach = max(high - low, 0.01)
    x = alt.X("part:Q", axis=alt.Axis(title="difference from the base, per cent of the base", labelExpr=CHANGE_AXIS))
    x = x.scale(domain=[low - 0.05 * reach, high + LABELS * reach], nice=False)
    colour = alt.Color("verdict:N", scale=alt.Scale(domain=verdicts, range=list(VERDICT_COLOURS.values())))
    shape = alt.Shape("verdict:N", scale=alt.Scale(domain=verdicts, range=list(VERDICT_SHAPES.values())))
    tips = [
        alt.Tooltip("kpi:N", title="KPI"), alt.Tooltip("verdict:N"), alt.Tooltip("text:N", title="difference"),
        alt.Tooltip("interval:N", title="95 % interval"), alt.Tooltip("p:N", title="adjusted"),
    ]  # fmt: skip
    zero = alt.Chart(data_of([{"part": 0}])).mark_rule(color=INK).encode(x="part:Q")
    lines = alt.Chart(data).transform_filter("isValid(datum.low)").mark_rule(strokeWidth=2.5, opacity=0.6)
    dots = alt.Chart(data).mark_point(filled=True, size=120, opacity=1)
    texts = alt.Chart(data).mark_text(align="left", dx=12).encode(y=y, x=alt.X("edge:Q"), text="text:N")
    texts = texts.transform_calculate(edge="isValid(datum.high) ? datum.high : datum.part")
    layers = [
        zero,
        lines.encode(y=y, x=alt.X("low:Q"), x2="high:Q", color=colour),
        dots.encode(y=y, x=x, color=colour, shape=shape, tooltip=tips),
        texts,
    ]
    subtitle = f"Against {base.name}. Lines are 95 % intervals; better and worse are from the adjusted test"
    return finished(layered(*layers), title, subtitle, height=len(rows) * ROW + 10)


def strip(studies: Sequence[Study], kpi: str) -> Picture:
    """One tick for each replication of a KPI, with mean and interval, a row for each scenario."""
    shown = studies[0].catalogue[kpi]
    title = f"{shown.label}: one tick for each replication"
    names = on_axis([study.name for study in studies])
    colours = scenario_names(studies)
    ticks: Rows = []
    means: Rows = []
    for name, colour, study in zip(names, colours, studies, strict=True):
        estimate = study.estimate(kpi) if kpi in study.samples else None
        if estimate is None or not math.isfinite(estimate.mean):
            continue
        low, high = bounds(estimate)
        means.append({
            "place": name, "scenario": colour, "value": estimate.mean, "low": low, "high": high,
            "text": wording.with_interval(estimate),
        })  # fmt: skip
        values = representative(study.samples[kpi])
        ticks += [
            {"place": name, "scenario": colour, "value": v, "text": wording.figure(v, shown.unit)} for v in values
        ]
    if not ticks:
        return Picture("strip", title, title, None, f"{shown.label} has no value in any replication.")
    words = wording.listed([f"{row['place']} {row['text']}".replace("\n", " ") for row in means])
    chart = _strip_chart(ticks, means, names, colours, f"{shown.label} ({unit_words(shown.unit)})")
    subtitle = "How far the ticks spread is luck; thick lines are 95 % intervals of the mean"
    return Picture("strip", title, f"{shown.label}: {words}.", finished(chart, title, subtitle, height=len(names) * 44))


def representative(sample: Floats) -> list[float]:
    """The defined values, or as many of their quantiles as a chart can show."""
    defined = np.sort(sample[~np.isnan(sample)])
    if defined.size > TICKS:
        defined = np.quantile(defined, (np.arange(TICKS) + 0.5) / TICKS)
    return [float(value) for value in defined]


def unit_words(unit: str) -> str:
    """A unit as an axis names it."""
    return {"h": "hours", "d": "days", "share": "share"}.get(unit, unit)


def _strip_chart(ticks: Rows, means: Rows, names: list[str], scenarios: list[str], axis: str) -> alt.LayerChart:
    y = alt.Y("place:N", sort=names, axis=names_axis())
    x = alt.X("value:Q", axis=alt.Axis(title=axis), scale=alt.Scale(zero=False))
    colour = scenario_colour(scenarios)
    colour["legend"] = None
    marks = alt.Chart(data_of(ticks)).mark_tick(thickness=1.5, opacity=0.55, height=22)
    data = data_of(means)
    tips = [alt.Tooltip("place:N", title="scenario"), alt.Tooltip("text:N", title="value")]
    rules = alt.Chart(data).transform_filter("isValid(datum.low)").mark_rule(strokeWidth=5, color=INK)
    dots = alt.Chart(data).mark_point(filled=True, size=110, color="white", stroke=FAINT, opacity=1)
    return layered(
        marks.encode(y=y, x=x, color=colour, tooltip=tips),
        rules.encode(y=y, x=alt.X("low:Q"), x2="high:Q"),
        dots.encode(y=y, x=alt.X("value:Q"), tooltip=tips),
    )
