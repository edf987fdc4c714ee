"""What the coming months may bring, as a fan: the further ahead, the wider."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, Final

import altair as alt

from reports import wording
from reports.charts.theme import FAINT, INK, MONEY_AXIS, OTHERS, Picture, Rows, data_of, finished, layered
from simulator.experiment.forecast.forecast import Fan, Forecast

TITLES: Final = {"booked": "What may be booked", "collected": "What cash may come in"}
HEIGHT: Final = 280


def fan_chart(found: Forecast, account: str) -> Picture:
    """Running totals from today: the median, the half and the nine tenths of all futures, and the weighted pipeline."""
    title = f"{TITLES[account]} from {_day(found.today)}"
    fan = found.fans[account]
    rows = _rows(found, fan)
    last = rows[-1]
    money = {name: wording.figure(last[name], found.currency) for name in ("p5", "p25", "p50", "p75", "p95")}
    subtitle = (
        f"Running total: median, with the bands that half and nine in ten of {found.plan.replications} simulated "
        "futures fall into; prediction intervals, not confidence intervals of a mean"
    )
    words = (
        f"{found.scenario}, until {_day(found.ends[-1])}: median {money['p50']}, half of all futures from "
        f"{money['p25']} to {money['p75']}, nine in ten from {money['p5']} to {money['p95']}."
    )
    return Picture(
        f"forecast-{account}", title, words, finished(_chart(rows, fan, found), title, subtitle, height=HEIGHT)
    )


def _rows(found: Forecast, fan: Fan) -> Rows:
    """Quantiles of the running total at each date, from nothing today."""
    from simulator.experiment.forecast.forecast import quantiles

    totals = quantiles(fan.samples.cumsum(axis=1))
    columns = [[0.0] * totals.shape[0], *totals.T.tolist()]
    dates = [found.today, *found.ends]
    return [
        dict(zip(("date", "p5", "p25", "p50", "p75", "p95", "text"), (
            date.isoformat(), *column, _span(column, found.currency)), strict=True))
        for date, column in zip(dates, columns, strict=True)
    ]  # fmt: skip


def _span(column: list[float], currency: str) -> str:
    low, _, middle, _, high = (wording.figure(value, currency) for value in column)
    return f"{middle} ({low} to {high})"


def _chart(rows: Rows, fan: Fan, found: Forecast) -> alt.LayerChart:
    data = data_of(rows)
    ends = {"nine in ten futures": 0.18, "half of the futures": 0.4}
    x = alt.X("date:T", axis=alt.Axis(title=None, format="%-d %b %Y", labelOverlap=True, values=_ticks(rows)))
    axis = alt.Axis(title=f"running total ({found.currency})", labelExpr=MONEY_AXIS)
    legend = alt.Scale(domain=[*ends, "median"], range=[OTHERS[4], OTHERS[0], INK])
    layers: list[Any] = []
    for (name, opacity), (low, high) in zip(ends.items(), (("p5", "p95"), ("p25", "p75")), strict=True):
        area = alt.Chart(data).transform_calculate(band=f"'{name}'").mark_area(opacity=opacity)
        colour = alt.Color("band:N", scale=legend)
        layers.append(area.encode(x=x, y=alt.Y(f"{low}:Q", axis=axis), y2=f"{high}:Q", color=colour))
    line = alt.Chart(data).transform_calculate(band="'median'").mark_line(strokeWidth=2.5, point=True)
    tips = [alt.Tooltip("date:T", title="until"), alt.Tooltip("text:N", title="running total")]
    layers.append(line.encode(x=x, y="p50:Q", color=alt.Color("band:N", scale=legend), tooltip=tips))
    if math.isfinite(fan.weighted):
        layers += _weighted(rows, fan, found, x)
    return layered(*layers)


def _weighted(rows: Rows, fan: Fan, found: Forecast, x: alt.X) -> list[Any]:
    """A line at what the weighted pipeline says, which knows no dates."""
    words = f"weighted pipeline {wording.figure(fan.weighted, found.currency)}"
    data = data_of([{"y": fan.weighted, "text": words, "date": rows[0]["date"]}])
    rule = alt.Chart(data).mark_rule(color=FAINT, strokeDash=[5, 4]).encode(y="y:Q")
    label = alt.Chart(data).mark_text(align="left", dx=4, dy=-7, color=FAINT).encode(x=x, y="y:Q", text="text:N")
    return [rule, label]


def _ticks(rows: Rows) -> list[alt.DateTime]:
    moments = [dt.datetime.fromisoformat(row["date"]) for row in rows]
    return [alt.DateTime(year=each.year, month=each.month, date=each.day) for each in moments]


def _day(moment: dt.datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
