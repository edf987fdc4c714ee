"""What more spending can bring: every choice of a search, and those that none beats."""

from __future__ import annotations

from typing import Final

import altair as alt

from reports import wording
from reports.charts.theme import BASE, INK, MONEY_AXIS, OTHERS, PERCENT_AXIS, Picture, Rows, data_of, finished, layered
from simulator.experiment.search.result import Portfolio, SearchResult

HEIGHT: Final = 380
_AXES: Final = {"share": PERCENT_AXIS}
LONGEST: Final = 60
"""Characters of the name of a portfolio beside its point."""


def chart(found: SearchResult) -> Picture:
    """Spending against result: what was tried in grey, what was measured afresh with its interval, the best marked."""
    label, unit = found.kpi.label, found.kpi.unit
    title = f"What more spending can bring in {label}"
    points = [_row(each, found) for each in found.frontier]
    if len(points) < 2:
        return Picture(
            "frontier", title, title, None, f"Nothing that costs more than {named(found.best)} brings more {label}."
        )
    best = f"{wording.figure(found.best.result.mean, unit)} for {wording.figure(found.best.spending, found.currency)}"
    words = wording.listed([f"{row['name']} {row['text']}" for row in points])
    subtitle = (
        f"Lines are 95 % intervals over fresh replications of the {len(points)} choices that none beats in both; "
        f"grey points are all {sum(each.allowed for each in found.tried)} allowed choices as the search saw them, "
        f"with {wording.plural(found.replications, 'replication', 'replications')}, so luck is among them"
    )
    drawn = finished(_layers(found, points), title, subtitle, height=HEIGHT)
    return Picture("frontier", title, f"{found.scenario}: best {named(found.best)}, {best}. Frontier: {words}.", drawn)


def named(portfolio: Portfolio) -> str:
    """What a portfolio changes, shortened to stand beside its point."""
    changed = [name if level == "yes" else f"{name} {level}" for name, level in portfolio.levels.items()]
    text = ", ".join(changed) or "as it is"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _row(each: Portfolio, found: SearchResult) -> dict[str, object]:
    known = each.result.n > 1
    return {
        "name": named(each), "spending": each.spending, "value": each.result.mean,
        "low": each.result.low if known else None, "high": each.result.high if known else None,
        "best": each.choice == found.best.choice, "text": wording.figure(each.result.mean, found.kpi.unit),
        "far": each.spending > max(other.spending for other in found.tried if other.allowed) / 2,
        "spent": wording.figure(each.spending, found.currency),
    }  # fmt: skip


def _layers(found: SearchResult, points: Rows) -> alt.LayerChart:
    tried: Rows = [{"spending": each.spending, "value": each.value} for each in found.tried
                   if each.allowed and not each.refused]  # fmt: skip
    axis = alt.Axis(title=f"{found.kpi.label} ({found.kpi.unit})", labelExpr=_AXES.get(found.kpi.unit, MONEY_AXIS))
    x = alt.X("spending:Q", axis=alt.Axis(title=f"spending in the first year ({found.currency})", labelExpr=MONEY_AXIS))
    y = alt.Y("value:Q", scale=alt.Scale(zero=False), axis=axis)
    tips = [
        alt.Tooltip("name:N", title="choice"), alt.Tooltip("text:N", title=found.kpi.label),
        alt.Tooltip("spent:N", title="spending"),
    ]  # fmt: skip
    data = data_of(points)
    seen = alt.Chart(data_of(tried)).mark_circle(color=BASE, opacity=0.45, size=30).encode(x=x, y=y)
    steps = alt.Chart(data).mark_line(color=OTHERS[0], interpolate="step-after", strokeWidth=1.5).encode(x=x, y=y)
    lines = alt.Chart(data).transform_filter("isValid(datum.low)").mark_rule(color=INK, opacity=0.6)
    best = alt.condition("datum.best", alt.value(OTHERS[1]), alt.value(OTHERS[0]))
    dots = alt.Chart(data).mark_point(filled=True, size=90, opacity=1).encode(x=x, y=y, color=best, tooltip=tips)
    # A name stands on the side of its point that has more room.
    near, far = (alt.Chart(data).transform_filter(side).encode(x=x, y=y, text="name:N")
                 for side in ("!datum.far", "datum.far"))  # fmt: skip
    right, left = near.mark_text(align="left", dx=8, dy=-9), far.mark_text(align="right", dx=-8, dy=-9)
    return layered(seen, steps, lines.encode(x=x, y=alt.Y("low:Q"), y2="high:Q"), dots, right, left)
