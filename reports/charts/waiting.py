"""Waiting: for which team, for what cause, and how long the queues are from week to week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import altair as alt
import numpy as np

from reports import wording
from reports.charts.labels import beside_lines, distinct, names_axis, on_axis
from reports.charts.series import lines_with_names, middles, replications_words, scenario_colour, scenario_names
from reports.charts.theme import CAUSE_COLOURS, OTHERS, ROW, Picture, Rows, data_of, finished, layered
from reports.families import estimate_of, labels
from simulator.experiment.bottlenecks.bottlenecks import Bottlenecks
from simulator.experiment.study import Study
from simulator.records import CAUSES, TEAM_CAUSES, Floats

SHOWN: Final = 6
"""Queues that one chart can tell apart."""
STEPS: Final = 12
"""Steps beyond which nobody reads on."""
_LEGEND: Final = alt.Legend(columns=3)


def waiting_by_team(study: Study) -> Picture:
    """Hours that cases waited for each team, stacked by cause, the team with most waiting first."""
    title = "For whom cases wait, and why"
    hours = np.nan_to_num(study.pictures.waiting)
    if hours.size == 0 or not hours.sum() > 0:
        return Picture("waiting", title, title, None, "No case waited for a team in the measured time.")
    teams = on_axis(labels(study.names.teams, study.names.team_labels))
    order = np.argsort(-hours.sum(axis=1), kind="stable")
    total, unit, divisor = float(hours.sum()), *_scale(hours)
    rows: Rows = [
        {
            "place": teams[t], "cause": wording.CAUSE_WORDS[cause], "time": float(hours[t, c]) / divisor, "order": c,
            "hours": f"{wording.count(hours[t, c])} h", "share": wording.share(float(hours[t, c]) / total),
        }
        for t in order for c, cause in enumerate(TEAM_CAUSES)
    ]  # fmt: skip
    totals: Rows = [
        {
            "place": teams[t],
            "time": float(hours[t].sum()) / divisor,
            "text": wording.share(float(hours[t].sum()) / total),
        }
        for t in order
    ]
    subtitle = (
        f"Waiting of all cases for each team, with its share of all waiting for teams. {replications_words(study)}"
    )
    chart = _stacked(rows, totals, TEAM_CAUSES, [teams[t] for t in order], f"{unit} of waiting in the measured time")
    words = wording.listed([f"{row['place']} {row['text']}".replace("\n", " ") for row in totals])
    return Picture("waiting", title, f"Share of the waiting for teams: {words}.", finished(chart, title, subtitle))


def waiting_by_scenario(base: Study, others: Sequence[Study] = ()) -> Picture:
    """Waiting of a lead and all its cases, stacked by all eight causes, a bar for each scenario."""
    title = "How long a lead waits, and why" if not others else "How long a lead waits in each scenario, and why"
    studies = [base, *others]
    names = on_axis([study.name for study in studies])
    hours = np.nan_to_num([[estimate_of(s, "waiting_{cause}", cause).mean for cause in CAUSES] for s in studies])
    if not hours.sum() > 0:
        return Picture("waiting-causes", title, title, None, "No lead waited for anything in the measured time.")
    unit, divisor = _scale(hours, limit=72)
    rows: Rows = [
        {
            "place": names[s], "cause": wording.CAUSE_WORDS[cause], "time": float(hours[s, c]) / divisor, "order": c,
            "hours": wording.duration(float(hours[s, c])), "share": wording.share(float(hours[s, c] / hours[s].sum())),
        }
        for s in range(len(studies)) for c, cause in enumerate(CAUSES) if hours[s].sum() > 0
    ]  # fmt: skip
    texts = [wording.duration(float(each.sum())) for each in hours]
    totals: Rows = [
        {"place": names[s], "time": float(hours[s].sum()) / divisor, "text": texts[s]} for s in range(len(studies))
    ]
    subtitle = f"Waiting of all cases of a lead, those after the order included. {replications_words(base)}"
    chart = _stacked(rows, totals, CAUSES, names, f"{unit} of waiting for a lead")
    words = wording.listed([f"{study.name} {text}" for study, text in zip(studies, texts, strict=True)])
    return Picture("waiting-causes", title, f"Waiting for a lead: {words}.", finished(chart, title, subtitle))


def late_cash(found: Bottlenecks) -> Picture:
    """What it cost that cash came later for the waits at each step, stacked by cause; the dearest step on top."""
    title = "What waiting cost in late cash, and why"
    waits = sorted((each for each in found.waits if each.total_late > 0), key=lambda each: -each.total_late)[:STEPS]
    if not waits:
        return Picture("late-cash", title, title, None, "No cash of the measured time came later for a wait.")
    places, unit = on_axis([each.label for each in waits]), found.currency
    # A wait before the measured time may have held up cash in it: it has no hours there.
    rows: Rows = [
        {
            "place": place, "cause": wording.CAUSE_WORDS[cause], "time": late, "order": CAUSES.index(cause),
            "hours": wording.duration(each.hours.get(cause, 0.0)), "share": wording.figure(late, unit),
        }
        for place, each in zip(places, waits, strict=True) for cause, late in each.cash_late.items()
    ]  # fmt: skip
    totals: Rows = [
        {"place": place, "time": each.total_late, "text": wording.figure(each.total_late, unit)}
        for place, each in zip(places, waits, strict=True)
    ]
    causes = [cause for cause in CAUSES if any(cause in each.cash_late for each in waits)]
    subtitle = (
        f"Cost of finance over {wording.figure(found.hours, 'h')} of the cash that came after each wait, as if it had "
        "come later by the whole of it: the most that the wait can have cost"
    )
    chart = _stacked(rows, totals, causes, places, f"cost of late cash ({unit})")
    words = wording.listed([f"{each.label} {row['text']}" for each, row in zip(waits, totals, strict=True)])
    return Picture(
        "late-cash", title, f"{found.scenario}, cost of late cash: {words}.", finished(chart, title, subtitle)
    )


def _scale(hours: Floats, limit: float = 5_000) -> tuple[str, float]:
    """Unit and its hours in which the longest bar reads well."""
    return ("days", 24.0) if float(hours.sum(axis=1).max()) > limit else ("hours", 1.0)


def _stacked(rows: Rows, totals: Rows, causes: Sequence[str], order: list[str], axis: str) -> alt.LayerChart:
    words = [wording.CAUSE_WORDS[cause] for cause in causes]
    scale = alt.Scale(domain=words, range=[CAUSE_COLOURS[cause] for cause in causes])
    most = max(row["time"] for row in totals)
    y = alt.Y("place:N", sort=order, axis=names_axis(), scale=alt.Scale(paddingInner=0.3))
    x = alt.X("time:Q", title=axis, scale=alt.Scale(domain=[0, most * 1.12], nice=False))
    tips = [alt.Tooltip("place:N", title="for"), alt.Tooltip("cause:N"), alt.Tooltip("hours:N"), alt.Tooltip("share:N")]
    bars = alt.Chart(data_of(rows)).mark_bar(stroke="white", strokeWidth=0.5)
    bars = bars.encode(y=y, x=x, color=alt.Color("cause:N", scale=scale, legend=_LEGEND), order="order:Q", tooltip=tips)
    texts = alt.Chart(data_of(totals)).mark_text(align="left", dx=6).encode(y=y, x="time:Q", text="text:N")
    return layered(bars, texts).properties(height=max(len(order) * (ROW + 4), 60))


def queue_lengths(study: Study) -> Picture:
    """Mean number of cases that wait for each team, week by week; the longest queues only."""
    title = "How long the queues are, week by week"
    queue = np.nan_to_num(study.pictures.queue)
    if queue.size == 0 or not queue.sum() > 0:
        return Picture("queues", title, title, None, "No queue formed in the measured time.")
    teams = distinct(labels(study.names.teams, study.names.team_labels))
    ends = beside_lines(teams)
    order = [int(t) for t in np.argsort(-queue.mean(axis=0), kind="stable") if queue[:, t].mean() > 0][:SHOWN]
    rows: Rows = [
        {"date": day, "team": teams[t], "value": float(queue[w, t]), "end": ends[t]}
        for t in order for w, day in enumerate(middles(study, queue.shape[0]))
    ]  # fmt: skip
    shown = [teams[t] for t in order]
    colour = alt.Color("team:N", scale=alt.Scale(domain=shown, range=list(OTHERS[: len(shown)])), legend=None)
    more = f" The {SHOWN} longest of {len(teams)}." if len(order) < len(teams) and len(order) == SHOWN else ""
    chart = _queue_lines(rows, study, colour, "team")
    words = wording.listed([f"{teams[t]} {wording.figure(float(queue[:, t].mean()), '').rstrip()}" for t in order])
    subtitle = f"Cases waiting, on the average over each week.{more} {replications_words(study)}"
    return Picture(
        "queues", title, f"Mean number of cases waiting: {words}.", finished(chart, title, subtitle, height=300)
    )


def queue_compared(base: Study, others: Sequence[Study]) -> Picture:
    """Number of cases that wait for the team with the longest queue of the base, a line for each scenario."""
    queue = np.nan_to_num(base.pictures.queue)
    if queue.size == 0 or not queue.sum() > 0:
        title = "How long the longest queue is in each scenario"
        return Picture("queue", title, title, None, "No queue formed in the base scenario.")
    index = int(np.argmax(queue.mean(axis=0)))
    key, label = base.names.teams[index], labels(base.names.teams, base.names.team_labels)[index]
    title = f"How long the queue for {label} is in each scenario"
    names = scenario_names([base, *others])
    rows: Rows = []
    ends: list[str] = []
    for name, study in zip(names, [base, *others], strict=True):
        if key not in study.names.teams:
            continue
        lengths = np.nan_to_num(study.pictures.queue[:, study.names.teams.index(key)])
        ends.append(f"{name} {wording.figure(float(lengths.mean()), '').rstrip()}")
        days = middles(study, lengths.size)
        rows += [{"date": day, "scenario": name, "value": float(lengths[w]), "end": ""} for w, day in enumerate(days)]
    chart = _queue_lines(rows, base, scenario_colour(names), "scenario")
    subtitle = f"Cases waiting, on the average over each week. {replications_words(base)}"
    words = f"Mean number of cases waiting for {label}: {wording.listed(ends)}."
    return Picture("queue", title, words, finished(chart, title, subtitle, height=300))


def _queue_lines(rows: Rows, study: Study, colour: alt.Color, series: str) -> alt.LayerChart:
    y = alt.Y("value:Q", axis=alt.Axis(title="cases waiting"), scale=alt.Scale(zero=True))
    waiting = alt.Tooltip("value:Q", format=".1f", title="waiting")
    return lines_with_names(
        rows, study, colour, series, y, [alt.Tooltip("date:T"), alt.Tooltip(f"{series}:N"), waiting]
    )
