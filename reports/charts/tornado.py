"""How far a KPI swings between the ends of the evidence of each assumption."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from reports import wording
from reports.charts.labels import names_axis, on_axis
from reports.charts.theme import INK, OTHERS, ROW, Picture, Rows, data_of, finished, layered
from simulator.experiment.sensitivity.tornado import Bar, Tornado

ENDS: Final = {"low end": OTHERS[4], "high end": OTHERS[0]}
"""Colours of the two ends of a range."""
SHOWN: Final = 20
"""Bars beyond which nobody reads on."""


def tornado(found: Tornado) -> Picture:
    """A bar from the base to what either end of an assumption's range makes of the KPI, the longest on top."""
    title = f"What {found.kpi.label} hangs on"
    bars = [bar for bar in found.bars if bar.span > 0][:SHOWN]
    if not bars:
        return Picture(
            "tornado", title, title, None, f"None of the assumptions that were moved changes {found.kpi.label}."
        )
    places = on_axis([_name(bar) for bar in bars])
    rows = [row for place, bar in zip(places, bars, strict=True) for row in _rows(place, bar, found)]
    words = wording.listed([f"{_name(bar)} from {_change(bar.low.mean, found)} to {_change(bar.high.mean, found)}"
                            for bar in bars[:5]])  # fmt: skip
    subtitle = (
        f"Difference from {wording.figure(found.base.mean, found.kpi.unit)}, one assumption at a time over the range "
        "of its evidence, whose grade stands behind its name; lines are 95 % intervals"
    )
    chart = finished(_chart(rows, places, found.kpi.unit), title, subtitle, height=len(bars) * ROW + 10)
    return Picture("tornado", title, f"{found.scenario}, {found.kpi.label}: {words}.", chart)


def _name(bar: Bar) -> str:
    return f"{bar.parameter.label} ({bar.parameter.grade})" if bar.parameter.grade else bar.parameter.label


def _change(value: float, found: Tornado) -> str:
    return wording.change(value, found.kpi.unit)


def _rows(place: str, bar: Bar, found: Tornado) -> Rows:
    """Both ends of one bar, the longer first, so that the shorter is seen over it."""
    ends = (("low end", bar.parameter.low, bar.low), ("high end", bar.parameter.high, bar.high))
    rows: Rows = []
    for end, value, estimate in sorted(ends, key=lambda each: -abs(each[2].mean)):
        row: dict[str, Any] = {"place": place, "end": end, "zero": 0.0, "difference": estimate.mean}
        known = estimate.n > 1
        row |= {"low": estimate.low if known else None, "high": estimate.high if known else None}
        row |= {"at": bar.parameter.written(value), "text": _change(estimate.mean, found)}
        row["verdict"] = found.verdict(bar)
        rows.append(row)
    return rows


def _chart(rows: Rows, places: list[str], unit: str) -> alt.LayerChart:
    data = data_of(rows)
    y = alt.Y("place:N", sort=places, axis=names_axis())
    x = alt.X("difference:Q", axis=alt.Axis(title=f"difference ({unit})"))
    colour = alt.Color("end:N", scale=alt.Scale(domain=list(ENDS), range=list(ENDS.values())))
    tips = [
        alt.Tooltip("place:N", title="assumption"), alt.Tooltip("at:N", title="at"),
        alt.Tooltip("text:N", title="difference"), alt.Tooltip("verdict:N", title="high end beside low end"),
    ]  # fmt: skip
    bars = alt.Chart(data).mark_bar(height=ROW // 2).encode(y=y, x=x, x2="zero:Q", color=colour, tooltip=tips)
    lines = alt.Chart(data).transform_filter("isValid(datum.low)").mark_rule(color=INK, strokeWidth=1.5, opacity=0.6)
    zero = alt.Chart(data_of([{"difference": 0}])).mark_rule(color=INK).encode(x="difference:Q")
    return layered(bars, lines.encode(y=y, x=alt.X("low:Q"), x2="high:Q"), zero)
