"""People: how busy each team is, in the base and in the other scenarios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import altair as alt
import numpy as np

from reports import wording
from reports.charts.labels import names_axis, on_axis
from reports.charts.series import bounds, interval_marks, scenario_colour, scenario_names
from reports.charts.theme import BASE, FAINT, PERCENT_AXIS, ROW, Picture, Rows, data_of, finished, layered
from reports.families import estimate_of, labels
from simulator.experiment.study import Study

BUSY: Final = 0.85
"""Utilisation above which a busy week leaves a queue behind for weeks."""


def utilisation(base: Study, others: Sequence[Study] = ()) -> Picture:
    """Share of its hours on shift that each team is at work, with intervals."""
    title = "How busy the teams are"
    studies = [base, *others]
    teams: dict[str, str] = {}
    for study in studies:
        for key, label in zip(study.names.teams, labels(study.names.teams, study.names.team_labels), strict=True):
            teams.setdefault(key, label)
    busiest = {key: estimate_of(base, "utilisation_{team}", key).mean for key in teams}
    teams = {key: teams[key] for key in sorted(teams, key=lambda key: -np.nan_to_num(busiest[key]))}
    axis = on_axis(list(teams.values()))
    places = dict(zip(teams, axis, strict=True))
    scenarios = scenario_names(studies)
    rows: Rows = []
    for scenario, study in zip(scenarios, studies, strict=True):
        for key in study.names.teams:
            estimate = estimate_of(study, "utilisation_{team}", key)
            if math.isfinite(estimate.mean):
                low, high = bounds(estimate)
                rows.append({
                    "team": places[key], "scenario": scenario, "share": estimate.mean, "low": low, "high": high,
                    "end": max(high or 0.0, estimate.mean), "text": wording.share(estimate.mean),
                    "interval": wording.interval_of(estimate),
                })  # fmt: skip
    if not rows:
        return Picture("utilisation", title, title, None, "No team was on shift in the measured time.")
    first = [f"{row['team']} {row['text']}".replace("\n", " ") for row in rows if row["scenario"] == scenarios[0]]
    words = f"Utilisation in {base.name}: {wording.listed(first)}."
    return Picture("utilisation", title, words, _chart(rows, axis, scenarios, title))


def _chart(rows: Rows, axis: list[str], scenarios: list[str], title: str) -> alt.LayerChart:
    data = data_of(rows)
    offset = alt.YOffset("scenario:N", sort=scenarios) if len(scenarios) > 1 else None
    y = alt.Y("team:N", sort=axis, axis=names_axis(), scale=alt.Scale(paddingInner=0.25))
    x = alt.X("share:Q", axis=alt.Axis(title="share of the hours on shift at work", labelExpr=PERCENT_AXIS))
    x = x.scale(domain=[0, max(1.0, *(row["end"] for row in rows)) * 1.02], nice=False)
    tips = [
        alt.Tooltip("team:N"), alt.Tooltip("scenario:N"), alt.Tooltip("text:N", title="at work"),
        alt.Tooltip("interval:N", title="95 % interval"),
    ]  # fmt: skip
    bars = alt.Chart(data).mark_bar(cornerRadiusEnd=2).encode(y=y, x=x, color=scenario_colour(scenarios), tooltip=tips)
    texts = (
        alt.Chart(data)
        .mark_text(align="left", dx=6, fontSize=11 if offset else 12)
        .encode(y=y, x="end:Q", text="text:N")
    )
    lines = interval_marks(data, y, offset)
    if offset is None:
        bars = bars.encode(color=alt.value(BASE))
    else:
        bars, texts = bars.encode(yOffset=offset), texts.encode(yOffset=offset)
    mark = alt.Chart(data_of([{"share": BUSY}])).mark_rule(strokeDash=[4, 4], color=FAINT).encode(x="share:Q")
    height = len(axis) * (ROW + 4 if offset is None else 16 * len(scenarios) + 10)
    subtitle = f"Thin lines are 95 % intervals; beyond the dashed line at {100 * BUSY:.0f} % waits grow fast"
    return finished(layered(bars, mark, lines, texts), title, subtitle, height=height)
