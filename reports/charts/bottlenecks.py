"""What relief of each team, delay and policy is worth, and the ladder of reliefs."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from reports import wording
from reports.charts.labels import names_axis, on_axis
from reports.charts.theme import (
    INK,
    ROW,
    VERDICT_COLOURS,
    Picture,
    Rows,
    data_of,
    finished,
    layered,
)
from simulator.experiment.bottlenecks.bottlenecks import Bottlenecks
from simulator.experiment.bottlenecks.ladder import Ladder
from simulator.experiment.bottlenecks.levers import Lever
from simulator.experiment.bottlenecks.worth import NET

_BETTER: Final = VERDICT_COLOURS["better"]
_WORSE: Final = VERDICT_COLOURS["worse"]
COLOURS: Final = {
    "worth it": _BETTER,
    "better": _BETTER,
    "costs more than it brings": _WORSE,
    "worse": _WORSE,
    "not distinguishable": VERDICT_COLOURS["not distinguishable"],
}
ROOM: Final = 0.25
"""Room for the figure beside the last bar, as a share of the axis."""


def bottlenecks(found: Bottlenecks) -> Picture:
    """A bar for what each relief is worth, with its interval; the best on top."""
    title = f"What relief is worth in {found.kpi.label}"
    unit = found.kpi.unit
    if not any(each.value.mean for each in found.values):
        return Picture("bottlenecks", title, title, None, f"No relief that was measured changes {found.kpi.label}.")
    names = [spoken(each.lever) for each in found.values]
    places = on_axis(names)
    rows: Rows = []
    for place, each in zip(places, found.values, strict=True):
        value, known = each.value, each.value.n > 1
        row: dict[str, Any] = {"place": place, "zero": 0.0, "value": value.mean, "verdict": each.worth}
        row |= {"low": value.low if known else None, "high": value.high if known else None}
        rows.append(row | {"text": wording.change(value.mean, unit)})
    first = [
        f"{name} {wording.change(each.value.mean, unit)} ({each.worth})"
        for name, each in zip(names[:5], found.values, strict=False)
    ]
    subtitle = (
        f"Difference from {wording.figure(found.base.mean, unit)} over {wording.figure(found.hours, 'h')}, one change "
        f"at a time{', after what people cost' if found.kpi.name in NET else ''}; lines are 95 % intervals"
    )
    chart = finished(_bars(rows, places, unit), title, subtitle, height=len(rows) * ROW + 10)
    return Picture("bottlenecks", title, f"{found.scenario}, {title}: {wording.listed(first)}.", chart)


def spoken(lever: Lever) -> str:
    """A relief in words: ``Callers: one more person``."""
    return f"{lever.label}: {lever.change}"


def _bars(rows: Rows, places: list[str], unit: str) -> alt.LayerChart:
    data = data_of(rows)
    y = alt.Y("place:N", sort=places, axis=names_axis())
    x = alt.X("value:Q", axis=alt.Axis(title=f"worth ({unit})"))
    shown = [verdict for verdict in COLOURS if any(row["verdict"] == verdict for row in rows)]
    scale = alt.Scale(domain=shown, range=[COLOURS[verdict] for verdict in shown])
    tips = [
        alt.Tooltip("place:N", title="relief"), alt.Tooltip("text:N", title="worth"),
        alt.Tooltip("verdict:N", title="verdict"),
    ]  # fmt: skip
    bars = alt.Chart(data).mark_bar(height=ROW // 2)
    bars = bars.encode(y=y, x=x, x2="zero:Q", color=alt.Color("verdict:N", scale=scale), tooltip=tips)
    lines = alt.Chart(data).transform_filter("isValid(datum.low)").mark_rule(color=INK, strokeWidth=1.5, opacity=0.6)
    zero = alt.Chart(data_of([{"value": 0}])).mark_rule(color=INK).encode(x="value:Q")
    return layered(bars, lines.encode(y=y, x=alt.X("low:Q"), x2="high:Q"), zero)


def ladder(found: Ladder) -> Picture:
    """What each relief adds to the KPI, one on top of the other, the first above."""
    title = f"Which relief comes first for {found.kpi.label}"
    unit, base = found.kpi.unit, found.base.mean
    if not found.rungs:
        return Picture("ladder", title, title, None, f"No relief pays for itself in {found.kpi.label} for certain.")
    names = [f"{number}. {spoken(rung.relief.lever)}" for number, rung in enumerate(found.rungs, start=1)]
    places, rows, before = on_axis(names), [], base
    for place, rung in zip(places, found.rungs, strict=True):
        after = rung.reached.mean
        text = wording.change(after - before, unit)
        rows.append({"place": place, "from": before - base, "to": after - base, "text": text})
        before = after
    words = wording.listed([f"{name} {row['text']}" for name, row in zip(names, rows, strict=True)])
    subtitle = (
        f"Difference from {wording.figure(base, unit)}, each relief on top of those before it, after what it costs; "
        f"then {found.ended}"
    )
    chart = finished(_steps(rows, places, unit), title, subtitle, height=len(rows) * ROW + 10)
    return Picture("ladder", title, f"{found.scenario}, {title}: {words}; then {found.ended}.", chart)


def _steps(rows: Rows, places: list[str], unit: str) -> alt.LayerChart:
    data = data_of(rows)
    y = alt.Y("place:N", sort=places, axis=names_axis())
    ends = [0.0, *(row["to"] for row in rows)]
    room = alt.Scale(domain=[min(ends), max(ends) + ROOM * (max(ends) - min(ends))])
    x = alt.X("from:Q", scale=room, axis=alt.Axis(title=f"difference ({unit})"))
    bars = alt.Chart(data).mark_bar(height=ROW // 2, color=_BETTER).encode(y=y, x=x, x2="to:Q")
    text = alt.Chart(data).mark_text(align="left", dx=6).encode(y=y, x=alt.X("to:Q"), text="text:N")
    return layered(bars, text)
