"""How the interval of a figure narrows from replication to replication, down to the precision that was asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import altair as alt

from reports import wording
from reports.charts.labels import in_legend
from reports.charts.series import scenario_colour
from reports.charts.theme import FAINT, PERCENT_AXIS, Picture, Rows, data_of, finished, layered
from simulator.experiment.replication_rule import FEWEST, PrecisionPath

HEIGHT: Final = 200


def precision(label: str, paths: Sequence[PrecisionPath]) -> Picture:
    """One KPI: half of the 95 % interval over the mean after each replication, a line for each scenario."""
    name, title = f"precision-{paths[0].kpi}", f"{label}: how its interval narrows"
    names = in_legend([path.scenario for path in paths])
    rows = [row for known, path in zip(names, paths, strict=True) for row in _rows(known, path)]
    if not rows:
        return Picture(name, title, title, None, "There are too few replications for an interval to narrow.")
    target = paths[0].target
    told = [f"{known} ±{wording.share(path.reached)}" for known, path in zip(names, paths, strict=True)]
    subtitle = (
        f"Half of the 95 % interval over the mean, after each replication. Dashed: ±{wording.share(target)}, which "
        "must also hold through the replications that follow."
    )
    words = f"After {wording.count(len(paths[0].means))} replications: {wording.listed(told)}."
    return Picture(name, title, words, finished(_chart(rows, names, target), title, subtitle, height=HEIGHT))


def _rows(name: str, path: PrecisionPath) -> Rows:
    """From the replication on from which an interval is trusted; a mean of 0 has no relative width."""
    made = enumerate(zip(path.means, path.half_widths, strict=True), start=1)
    known = [(n, half / abs(mean)) for n, (mean, half) in made if n >= FEWEST and mean and math.isfinite(half)]
    return [{"replications": n, "width": width, "scenario": name} for n, width in known]


def _chart(rows: Rows, names: Sequence[str], target: float) -> alt.LayerChart:
    last = max(row["replications"] for row in rows)
    x = alt.X(
        "replications:Q", axis=alt.Axis(title="replications", tickMinStep=1), scale=alt.Scale(domain=[FEWEST, last])
    )
    y = alt.Y("width:Q", axis=alt.Axis(title=None, labelExpr=PERCENT_AXIS), scale=alt.Scale(zero=True))
    lines = alt.Chart(data_of(rows)).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=scenario_colour(names))
    asked = alt.Chart(data_of([{"width": target}])).mark_rule(strokeDash=[5, 4], color=FAINT, strokeWidth=1.5)
    return layered(lines, asked.encode(y=y))
