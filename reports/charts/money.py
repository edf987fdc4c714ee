"""Money over the weeks: booked, invoiced, collected and spent, and what scenarios bring beyond the base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import altair as alt
import numpy as np

from reports import wording
from reports.charts.series import (
    LINES_HEIGHT,
    edges,
    lines_with_names,
    replications_words,
    scenario_colour,
    scenario_names,
)
from reports.charts.theme import MONEY_AXIS, Picture, Rows, finished
from simulator.experiment.study import Study
from simulator.records import Floats

_LINES: Final = (("Booked", "#56b4e9"), ("Invoiced", "#0072b2"), ("Collected", "#009e73"), ("Cost", "#d55e00"))
"""Columns of the picture of cash, with their colours."""


def cash_curve(study: Study) -> Picture:
    """Running totals of money booked, invoiced, collected and spent, by week."""
    title = "When the money comes in"
    totals = study.pictures.cash
    if not np.any(np.abs(np.nan_to_num(totals)) > 0):
        return Picture("cash", title, title, None, "No money moved in the measured time, so there is no cash curve.")
    days = edges(study, totals.shape[0])
    rows = [
        {
            "date": day,
            "line": line,
            "value": float(totals[i, column]),
            "end": line,
            "text": _money(totals[i, column], study),
        }
        for column, (line, _) in enumerate(_LINES)
        for i, day in enumerate(days)
    ]
    subtitle = f"Running totals from the start of the measured time, {study.currency}. {replications_words(study)}"
    names = [line for line, _ in _LINES]
    colour = alt.Color("line:N", scale=alt.Scale(domain=names, range=[c for _, c in _LINES]), legend=None)
    chart = _chart(rows, colour, "line", study, f"{study.currency}, running total")
    last = wording.listed([f"{name.lower()} {_money(totals[-1, i], study)}" for i, name in enumerate(names)])
    return Picture(
        "cash",
        title,
        f"Totals at the end of the window: {last}.",
        finished(chart, title, subtitle, height=LINES_HEIGHT),
    )


def cash_gain(base: Study, others: Sequence[Study]) -> Picture:
    """What each scenario has collected, less what it has cost, beyond the base, by week."""
    title = "What each scenario brings in beyond the base"
    rows: Rows = []
    names = scenario_names([base, *others])
    for name, other in zip(names[1:], others, strict=True):
        gain = _net(other) - _net(base)
        texts = [_money(value, base, sign=True) for value in gain.tolist()]
        rows += [
            {"date": day, "scenario": name, "value": value, "text": text, "end": text}
            for day, value, text in zip(edges(base, gain.size), gain.tolist(), texts, strict=True)
        ]
    if not any(abs(row["value"]) > 0 for row in rows):
        missing = "The scenarios collect and spend what the base does, so there is no gain to show."
        return Picture("gain", title, title, None, missing)
    subtitle = f"Collected less cost, running total minus that of {base.name}. {replications_words(base)}"
    chart = _chart(rows, scenario_colour(names, base=False), "scenario", base, f"{base.currency} beyond the base")
    ends = rows[len(rows) // len(others) - 1 :: len(rows) // len(others)]
    words = wording.listed([f"{row['scenario']} {row['text']}" for row in ends])
    return Picture(
        "gain", title, f"Beyond the base at the end: {words}.", finished(chart, title, subtitle, height=LINES_HEIGHT)
    )


def _net(study: Study) -> Floats:
    totals: Floats = study.pictures.cash[:, 2] - study.pictures.cash[:, 3]
    return totals


def _chart(rows: Rows, colour: alt.Color, series: str, study: Study, axis: str) -> alt.LayerChart:
    y = alt.Y("value:Q", axis=alt.Axis(title=axis, labelExpr=MONEY_AXIS))
    tips = [alt.Tooltip("date:T", format="%-d %b %Y"), alt.Tooltip(f"{series}:N"), alt.Tooltip("text:N", title="money")]
    return lines_with_names(rows, study, colour, series, y, tips)


def _money(value: float, study: Study, *, sign: bool = False) -> str:
    return wording.figure(float(value), study.currency, sign=sign)
