"""A KPI over two assumptions at once, as a heat map."""

from __future__ import annotations

from typing import Final

import altair as alt

from reports import wording
from reports.charts.theme import INK, Picture, Rows, data_of, finished, layered
from simulator.experiment.sensitivity.indices import Grid

CELL: Final = 54
"""Pixels of height of a cell."""
LOW_TO_HIGH: Final = ("#d55e00", "#f7f7f7", "#0072b2")
"""From the worst to the best cell; people with any kind of colour blindness can tell its ends apart."""
NEUTRAL: Final = ("#f7f7f7", "#009e73")
"""From the least to the most, for a KPI of which neither is better."""


def interaction(grid: Grid, number: int = 1) -> Picture:
    """Each cell the mean of the KPI at a pair of values; the subtitle says whether the two depend on each other."""
    title = f"{grid.kpi.label} over two assumptions"
    rows = _cells(grid)
    both = grid.interaction
    sure = not both.low <= 0 <= both.high
    depend = "depend on each other" if sure else "cannot be said to depend on each other"
    made = wording.plural(both.n, "replication", "replications")
    change = f"{wording.change(both.mean, both.unit)} ({wording.interval_of(both)})"
    subtitle = (
        f"Mean of {made} a cell. From corner to corner the two {depend}: together they do {change} more than the sum "
        "of each alone."
    )
    best, worst = (pick(rows, key=lambda row: row["value"]) for pick in (max, min))
    words = f"Highest {best['text']} at {best['at']}; lowest {worst['text']} at {worst['at']}. {subtitle}"
    chart = finished(_chart(grid, rows), title, subtitle, height=CELL * len(grid.row_values))
    return Picture(f"interaction-{number}", title, words, chart)


def _cells(grid: Grid) -> Rows:
    return [
        {
            "row": grid.rows.written(row), "column": grid.columns.written(column), "value": float(grid.means[i, j]),
            "text": wording.figure(float(grid.means[i, j]), grid.kpi.unit),
            "at": f"{grid.rows.label} {grid.rows.written(row)}, {grid.columns.label} {grid.columns.written(column)}",
        }
        for i, row in enumerate(grid.row_values)
        for j, column in enumerate(grid.column_values)
    ]  # fmt: skip


def _chart(grid: Grid, cells: Rows) -> alt.LayerChart:
    data = data_of(cells)
    rows = [grid.rows.written(value) for value in reversed(grid.row_values)]
    columns = [grid.columns.written(value) for value in grid.column_values]
    y = alt.Y("row:O", sort=rows, axis=alt.Axis(title=grid.rows.label))
    x = alt.X("column:O", sort=columns, axis=alt.Axis(title=grid.columns.label, labelAngle=0))
    shades = list(NEUTRAL if grid.kpi.better == "neither" else LOW_TO_HIGH)
    if grid.kpi.better == "lower":
        shades.reverse()
    colour = alt.Color("value:Q", scale=alt.Scale(range=shades), legend=None)
    tips = [alt.Tooltip("at:N", title="at"), alt.Tooltip("text:N", title=grid.kpi.label)]
    squares = alt.Chart(data).mark_rect(stroke="white", strokeWidth=2).encode(x=x, y=y, color=colour, tooltip=tips)
    values = [cell["value"] for cell in cells]
    low, high = min(values), max(values)
    # White words on the two dark ends only; in the pale middle they would not be read.
    dark = alt.condition(
        (alt.datum.value < low + 0.15 * (high - low)) | (alt.datum.value > high - 0.15 * (high - low)),
        alt.value("white"), alt.value(INK),
    )  # fmt: skip
    figures = alt.Chart(data).mark_text(fontSize=13).encode(x=x, y=y, text="text:N", color=dark)
    return layered(squares, figures)
