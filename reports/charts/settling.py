"""Welch's plot: a series week by week from the empty start, and where MSER-5 would cut its beginning off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from reports import wording
from reports.charts.labels import in_legend
from reports.charts.series import scenario_colour
from reports.charts.theme import FAINT, GRID, MONEY_AXIS, Picture, Rows, data_of, finished, layered
from simulator.experiment.warm_up import WINDOW, Settling

HEIGHT: Final = 170
_WEEK: Final = 168.0


def settling(label: str, found: Sequence[tuple[str, Settling]], warm_up: float | None = None) -> Picture:
    """One KPI in each scenario: weekly means, Welch's moving average, MSER-5's cuts, and the warm-up that was used.

    ``found`` holds the names of the scenarios with their series; ``warm_up`` is in hours.
    """
    title = f"{label}, week by week from the start"
    names = in_legend([name for name, _ in found])
    weekly, smoothed, cuts = _rows(names, [each for _, each in found])
    if not weekly:
        return Picture(f"settling-{found[0][1].kpi}", title, title, None, "The run has no full week.")
    told = [f"{name} {_cut(each)}" for name, (_, each) in zip(names, found, strict=True)]
    used = "" if warm_up is None else f" Shaded: the {warm_up / 24:.0f} d that the study leaves out."
    subtitle = (
        f"Thin: mean of each week over the replications. Thick: Welch's moving average over {2 * WINDOW + 1} weeks. "
        f"Dashed: where MSER-5 would begin.{used}"
    )
    chart = _chart(weekly, smoothed, cuts, names, warm_up)
    name = f"settling-{found[0][1].kpi}"
    return Picture(
        name, title, f"MSER-5: {wording.listed(told)}.{used}", finished(chart, title, subtitle, height=HEIGHT)
    )


def _cut(settling: Settling) -> str:
    suggested = settling.suggested
    return "does not settle" if suggested is None else f"settles after {suggested / 24:.0f} d"


def _rows(names: Sequence[str], series: Sequence[Settling]) -> tuple[Rows, Rows, Rows]:
    weekly: Rows = []
    smoothed: Rows = []
    cuts: Rows = []
    for name, each in zip(names, series, strict=True):
        first = each.measured_from / _WEEK
        for rows, values in ((weekly, each.weekly), (smoothed, each.smoothed)):
            rows += [{"week": first + i + 0.5, "value": v, "scenario": name} for i, v in enumerate(values.tolist())]
        if each.suggested is not None:
            cuts.append({"week": each.suggested / _WEEK, "scenario": name})
    return weekly, smoothed, cuts


def _chart(weekly: Rows, smoothed: Rows, cuts: Rows, names: Sequence[str], warm_up: float | None) -> alt.LayerChart:
    last = max(row["week"] for row in weekly) + 0.5
    x = alt.X(
        "week:Q", axis=alt.Axis(title="weeks from the start of the run"), scale=alt.Scale(domain=[0, last], nice=False)
    )
    y = alt.Y("value:Q", axis=alt.Axis(title=None, labelExpr=MONEY_AXIS))
    colour = scenario_colour(names)
    layers: list[Any] = []
    if warm_up:
        band = data_of([{"week": 0.0, "end": min(warm_up / _WEEK, last)}])
        layers.append(alt.Chart(band).mark_rect(color=GRID).encode(x=x, x2="end:Q"))
    layers.append(alt.Chart(data_of(weekly)).mark_line(strokeWidth=1, opacity=0.45).encode(x=x, y=y, color=colour))
    layers.append(alt.Chart(data_of(smoothed)).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=colour))
    if cuts:
        marks = alt.Chart(data_of(cuts)).mark_rule(strokeDash=[5, 4], strokeWidth=1.5)
        layers.append(marks.encode(x=x, color=colour if len(names) > 1 else alt.value(FAINT)))
    return layered(*layers)
