"""The funnel: how many leads come to each stage, and what share goes on."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt
import numpy as np

from reports import wording
from reports.charts.labels import distinct, names_axis, on_axis
from reports.charts.series import bounds, interval_marks, scenario_colour, scenario_names
from reports.charts.theme import BASE, ROW, Picture, Rows, data_of, finished, layered
from reports.families import estimate_of, labels
from simulator.experiment.intervals import Estimate
from simulator.experiment.study import Study


def funnel(base: Study, others: Sequence[Study] = ()) -> Picture:
    """Bars of the journeys that came to each stage; with one study also the share of the stage before."""
    title = "How many leads come how far"
    studies = [base, *others]
    apart = leads_apart(studies)
    steps = stages_of(base, apart=apart)
    if len(steps) < 2:
        return Picture("funnel", title, title, None, "The scenario names no stages, so there is no funnel to show.")
    if not any(estimate.mean > 0 for _, estimate in steps):
        return Picture("funnel", title, title, None, "No lead came in the measured time, so the funnel is empty.")
    scenarios = scenario_names(studies)
    axis = on_axis([label for label, _ in steps])
    places = {label: axis[i] for i, (label, _) in enumerate(steps)}
    rows = [
        row
        for scenario, study in zip(scenarios, studies, strict=True)
        for row in _rows(study, scenario, places, apart=apart, alone=not others)
    ]
    return Picture("funnel", title, _words(base, steps), _chart(rows, axis, scenarios, title))


def leads_apart(studies: Sequence[Study]) -> bool:
    """Whether in any of the studies more leads came than reached the first stage, so that leads need a bar in all."""
    return not all(_all_reach_the_first(study) for study in studies)


def _all_reach_the_first(study: Study) -> bool:
    leads = study.estimate("leads").mean
    first = estimate_of(study, "reached_{stage}", study.names.stages[0]).mean if study.names.stages else math.nan
    return math.isclose(np.nan_to_num(first), np.nan_to_num(leads), rel_tol=0.005)


def stages_of(study: Study, *, apart: bool | None = None) -> list[tuple[str, Estimate]]:
    """The journeys that came to each stage, with labels that differ; with all leads before them where ``apart``.

    Where that is not said, leads come first if they are more than those that came to the first stage.
    """
    names = study.names
    reached = [estimate_of(study, "reached_{stage}", stage) for stage in names.stages]
    given = distinct(labels(names.stages, names.stage_labels))
    found = list(zip(given, reached, strict=True))
    if leads_apart([study]) if apart is None else apart:
        return [("All leads", study.estimate("leads")), *found]
    return found


def _rows(study: Study, scenario: str, places: dict[str, str], *, apart: bool, alone: bool) -> Rows:
    rows: Rows = []
    before = math.nan
    for label, estimate in stages_of(study, apart=apart):
        if label in places and math.isfinite(estimate.mean):
            low, high = bounds(estimate)
            passed = wording.share(estimate.mean / before) if before > 0 else ""
            note = f" · {passed} of the stage before" if passed and alone else ""
            rows.append({
                "stage": places[label], "scenario": scenario, "leads": estimate.mean, "low": low, "high": high,
                "end": high if high is not None else estimate.mean,
                "text": wording.figure(estimate.mean, "").rstrip() + note, "name": label, "passed": passed,
                "interval": wording.interval_of(estimate),
            })  # fmt: skip
        before = estimate.mean
    return rows


def _chart(rows: Rows, axis: list[str], scenarios: list[str], title: str) -> alt.LayerChart:
    data = data_of(rows)
    y = alt.Y("stage:N", sort=axis, axis=names_axis(), scale=alt.Scale(paddingInner=0.25))
    offset = alt.YOffset("scenario:N", sort=scenarios) if len(scenarios) > 1 else None
    most = max(row["end"] for row in rows)
    room = 1.45 if offset is None else 1.12
    x = alt.X("leads:Q", title="leads in the measured time", scale=alt.Scale(domain=[0, most * room], nice=False))
    colour = scenario_colour(scenarios)
    tips = [
        alt.Tooltip("name:N", title="stage"), alt.Tooltip("scenario:N"), alt.Tooltip("text:N", title="leads"),
        alt.Tooltip("interval:N", title="95 % interval"), alt.Tooltip("passed:N", title="of the stage before"),
    ]  # fmt: skip
    bars = alt.Chart(data).mark_bar(cornerRadiusEnd=2).encode(y=y, x=x, color=colour, tooltip=tips)
    texts = (
        alt.Chart(data)
        .mark_text(align="left", dx=6, fontSize=11 if offset else 12)
        .encode(y=y, x="end:Q", text="text:N")
    )
    lines = interval_marks(data, y, offset)
    if offset is not None:
        bars, texts = bars.encode(yOffset=offset), texts.encode(yOffset=offset)
    else:
        bars = bars.encode(color=alt.value(BASE))
    height = len(axis) * (ROW + 4 if offset is None else 16 * len(scenarios) + 10)
    subtitle = "Journeys that came to each stage in the measured time, whenever born; thin lines are 95 % intervals"
    return finished(layered(bars, lines, texts), title, subtitle, height=height)


def _words(base: Study, steps: list[tuple[str, Estimate]]) -> str:
    counts = wording.listed([f"{label} {wording.figure(estimate.mean, '').rstrip()}" for label, estimate in steps])
    return f"Funnel of {base.name}: {counts}."
