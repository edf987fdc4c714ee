"""Scenarios, weeks and intervals as the rows and encodings that several charts need."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from reports import wording
from reports.charts.labels import in_legend, spread
from reports.charts.theme import BASE, INK, OTHERS, Rows, data_of, layered
from simulator.experiment.intervals import Estimate
from simulator.experiment.study import Study

WEEK = 7 * 24.0
LINES_HEIGHT = 300
"""Pixels of charts of lines over the weeks."""
TEXT_LINE = 14
"""Pixels from one line of words beside a line to the next."""


def scenario_names(studies: Sequence[Study]) -> list[str]:
    """Names of scenarios as a legend shows them."""
    return in_legend([study.name for study in studies])


def scenario_colour(names: Sequence[str], *, base: bool = True) -> alt.Color:
    """The base in grey and the others in colours, with a legend where there are others, of the base only if shown."""
    shades = [BASE, *(OTHERS[i % len(OTHERS)] for i in range(len(names) - 1))]
    legend = alt.Legend(columns=2, values=list(names if base else names[1:])) if len(names) > 1 else None
    return alt.Color("scenario:N", scale=alt.Scale(domain=list(names), range=shades), sort=list(names), legend=legend)


def edges(study: Study, number: int) -> list[str]:
    """Local dates of the start of the window and the end of each of its weeks, the last one cut at the end."""
    hours = [min(study.warm_up + week * WEEK, study.end) for week in range(number)]
    if hours:
        hours[-1] = study.end
    return [(study.start + dt.timedelta(hours=hour)).isoformat(timespec="minutes") for hour in hours]


def middles(study: Study, number: int) -> list[str]:
    """Local dates in the middle of each week of the window."""
    spans = [(study.warm_up + w * WEEK, min(study.warm_up + (w + 1) * WEEK, study.end)) for w in range(number)]
    return [(study.start + dt.timedelta(hours=(a + b) / 2)).isoformat(timespec="minutes") for a, b in spans]


def time_axis(study: Study, room: float) -> alt.X:
    """Axis of dates over the window of a study, with room for labels beside lines as a part of its length."""
    first = study.start + dt.timedelta(hours=study.warm_up)
    last = study.start + dt.timedelta(hours=study.end + room * study.length)
    form = "%-d %b" if study.length < 100 * 24 else "%b %Y"
    scale = alt.Scale(domain=[_moment(first), _moment(last)])
    return alt.X("date:T", axis=alt.Axis(title=None, format=form, tickCount=6, labelOverlap=True), scale=scale)


def _moment(time: dt.datetime) -> alt.DateTime:
    return alt.DateTime(year=time.year, month=time.month, date=time.day, hours=time.hour, minutes=time.minute)


def bounds(estimate: Estimate) -> tuple[float | None, float | None]:
    """Ends of an interval, None where there is none."""
    low, high = estimate.low, estimate.high
    return (low, high) if math.isfinite(low) and math.isfinite(high) else (None, None)


def interval_marks(data: alt.Data, y: alt.Y, offset: alt.YOffset | None = None) -> alt.Chart:
    """Thin lines with ends from the low to the high of each row; rows without interval draw nothing."""
    rules: alt.Chart = alt.Chart(data).transform_filter("isValid(datum.low)")
    drawn: alt.Chart = rules.mark_rule(color=INK, strokeWidth=1.5, opacity=0.75).encode(x="low:Q", x2="high:Q", y=y)
    moved: alt.Chart = drawn if offset is None else drawn.encode(yOffset=offset)
    return moved


def lines_with_names(
    rows: Rows, study: Study, colour: alt.Color, series: str, y: alt.Y, tips: list[alt.Tooltip]
) -> alt.LayerChart:
    """Lines over the weeks with words beside their ends.

    Rows hold ``date``, ``value`` and the words ``end``, which may have several lines.
    """
    last: dict[str, dict[str, Any]] = {row[series]: row for row in rows}
    values = [row["value"] for row in rows]
    written = [row["end"].split("\n") for row in last.values()]
    places = _beside([row["value"] for row in last.values()], [len(each) for each in written], [*values, 0.0])
    ends = [{**row, "place": place} for row, place in zip(last.values(), places, strict=True)]
    widest = max(len(line) for lines in written for line in lines)
    x = time_axis(study, min(0.0085 * widest + 0.02, 0.3))
    lines = alt.Chart(data_of(rows)).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=colour, tooltip=tips)
    words = alt.Chart(data_of(ends)).mark_text(
        align="left", baseline="middle", dx=8, fontWeight="bold", lineBreak="\n", lineHeight=TEXT_LINE
    )
    return layered(lines, words.encode(x="date:T", y="place:Q", text="end:N", color=colour))


def _beside(values: Sequence[float], lines: Sequence[int], drawn: Sequence[float]) -> list[float]:
    """Positions of the first of so many lines of words each, inside the axis of all that is drawn."""
    low, high = min(drawn), max(drawn)
    pixel = (high - low or 1.0) / LINES_HEIGHT
    inside = [(each - 1) / 2 * TEXT_LINE * pixel for each in lines]
    order = sorted(range(len(values)), key=lambda i: values[i])
    heights = [(each * TEXT_LINE + 2) * pixel for each in lines]
    middles = spread(values, heights, low + inside[order[0]], low + LINES_HEIGHT * pixel - inside[order[-1]])
    return [middle + half for middle, half in zip(middles, inside, strict=True)]  # where Vega puts several lines


def replications_words(study: Study) -> str:
    """What the figures of a chart are means of."""
    return f"Mean of {wording.plural(study.replications, 'replication', 'replications')}"
