"""What one study shows: where it clogs, who is busy, how soon leads are answered, where they stop, and the money."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from reports import wording
from reports.charts.funnel import stages_of
from reports.charts.people import BUSY
from reports.charts.series import WEEK
from reports.families import estimate_of, labels
from reports.finding import Figure, Finding, figure_of
from simulator.experiment.intervals import Estimate
from simulator.experiment.study import Study
from simulator.records import CAUSES, TEAM_CAUSES

SPARE: Final = 0.5
"""Utilisation below which a team has hours to spare."""
_OFF_SHIFT: Final = TEAM_CAUSES.index("off_shift")


def observations(study: Study) -> Iterator[Finding]:
    """Findings about one study, in no order."""
    if not study.estimate("leads").mean > 0:
        yield Finding("state", "Leads", f"No lead came in the measured time of {study.name}.", 90.0)
        return
    yield from _clog(study)
    yield from _scarce(study)
    yield from _delays(study)
    yield from _busy(study)
    yield from _speed(study)
    yield from _drop(study)
    yield from _cash(study)
    yield from _margin(study)


def _clog(study: Study) -> Iterator[Finding]:
    hours = np.nan_to_num(study.pictures.waiting)
    if hours.size == 0 or not hours.sum() > 0:
        return
    team = int(np.argmax(hours.sum(axis=1)))
    total, share = float(hours[team].sum()), float(hours[team].sum() / hours.sum())
    cause = int(np.argmax(hours[team]))
    part = float(hours[team, cause] / total)
    key, label = study.names.teams[team], labels(study.names.teams, study.names.team_labels)[team]
    visit = estimate_of(study, "waiting_{team}", key)
    why = f"{wording.share(part)} of it because of: {wording.CAUSE_WORDS[TEAM_CAUSES[cause]]}"
    if cause == _OFF_SHIFT:
        why += ", which other shifts would shorten and more people on the same shifts would not"
    sentence = (
        f"Cases wait longest for {label}: {wording.count(total)}{wording.SPACE}h in the measured time, "
        f"{wording.share(share)} of all waiting for teams; {why}. A visit to {label} waits "
        f"{wording.with_interval(visit)} on the average."
    )
    figures = (
        Figure(f"Waiting for {label}, all cases", total, math.nan, math.nan, "h"),
        Figure(f"Share of {label} in the waiting for teams", share, math.nan, math.nan, "share"),
        figure_of(f"Waiting of a visit to {label}", visit),
    )
    yield Finding("state", "Waiting", sentence, 50 + 30 * share, figures)


def _scarce(study: Study) -> Iterator[Finding]:
    """Where hours on shift are scarce, when most waiting is for a team because nobody is on shift."""
    hours = np.nan_to_num(study.pictures.waiting)
    if hours.size == 0 or int(np.argmax(hours[int(np.argmax(hours.sum(axis=1)))])) != _OFF_SHIFT:
        return
    scarce = hours.copy()
    scarce[:, _OFF_SHIFT] = 0
    team = int(np.argmax(scarce.sum(axis=1)))
    if not scarce[team].sum() > 0:
        return
    label = labels(study.names.teams, study.names.team_labels)[team]
    cause = wording.CAUSE_WORDS[TEAM_CAUSES[int(np.argmax(scarce[team]))]]
    total, share = float(scarce[team].sum()), float(scarce[team].sum() / scarce.sum())
    sentence = (
        f"During shifts cases wait longest for {label}: {wording.count(total)}{wording.SPACE}h, {wording.share(share)} "
        f"of the waiting that hours off shift do not explain, above all because of: {cause}."
    )
    figure = Figure(f"Waiting for {label} during shifts", total, math.nan, math.nan, "h")
    yield Finding("state", "Waiting", sentence, 45 + 30 * share, (figure,))


def _delays(study: Study) -> Iterator[Finding]:
    total = study.estimate("waiting_total")
    if not total.mean > 0:
        return
    parts = {cause: estimate_of(study, "waiting_{cause}", cause) for cause in CAUSES}
    cause, most = max(parts.items(), key=lambda item: np.nan_to_num(item[1].mean))
    if cause in TEAM_CAUSES:
        return
    share = most.mean / total.mean
    sentence = (
        f"A lead with all its cases waits {wording.with_interval(total)}; the largest part, {wording.share(share)}, is "
        f"waiting {wording.CAUSE_WORDS[cause]}: {wording.with_interval(most)}, which a larger team does not shorten."
    )
    figures = (figure_of("Waiting for a lead", total), figure_of(f"Waiting {wording.CAUSE_WORDS[cause]}", most))
    yield Finding("state", "Waiting", sentence, 30 + 20 * share, figures)


def _busy(study: Study) -> Iterator[Finding]:
    names = zip(study.names.teams, labels(study.names.teams, study.names.team_labels), strict=True)
    known = [(estimate_of(study, "utilisation_{team}", key), label) for key, label in names]
    known = sorted([each for each in known if math.isfinite(each[0].mean)], key=lambda each: each[0].mean)
    if not known:
        return
    (least, idle), (most, busy) = known[0], known[-1]
    room = (
        "which leaves little room for a busy week"
        if most.mean >= BUSY
        else "so no team is short of hours on the average"
    )
    sentence = f"The busiest team is {busy}: at work {wording.with_interval(most)} of its hours on shift, {room}"
    figures = [figure_of(f"Utilisation of {busy}", most)]
    if len(known) > 1:
        spare = ", with hours to spare" if least.mean < SPARE else ""
        sentence += f"; the least busy is {idle}, at {wording.with_interval(least)}{spare}"
        figures.append(figure_of(f"Utilisation of {idle}", least))
    yield Finding("state", "People", f"{sentence}.", 35 + 45 * max(0.0, most.mean - 0.5), tuple(figures))


def _speed(study: Study) -> Iterator[Finding]:
    median, soon = study.estimate("first_response_median"), study.estimate("first_response_within_1h")
    never = study.estimate("never_contacted")
    if not median.n:
        return
    sentence = (
        f"Half of the first responses take longer than {wording.with_interval(median)}; {wording.with_interval(soon)} "
        f"of the leads are answered within an hour"
    )
    figures = [figure_of("First response, median", median), figure_of("First response within an hour", soon)]
    if never.mean > 0:
        sentence += f", and {wording.with_interval(never)} are never contacted"
        figures.append(figure_of("Never contacted", never))
    slow = 1 - min(1.0, max(0.0, float(np.nan_to_num(soon.mean))))
    yield Finding("state", "Speed to lead", f"{sentence}.", 40 + 20 * slow, tuple(figures))


def _drop(study: Study) -> Iterator[Finding]:
    steps = stages_of(study)
    stages = study.names.stages[-(len(steps) - 1) :]
    passing = [
        (estimate_of(study, "conversion_{stage}_from_previous", stage), before, after)
        for stage, before, after in zip(stages, steps, steps[1:], strict=False)
        if before[1].mean > 0
    ]
    passing = [each for each in passing if math.isfinite(each[0].mean)]
    if not passing:
        return
    share, (before, came), (after, went) = min(passing, key=lambda each: each[0].mean)
    if not share.mean < 1:
        return
    sentence = (
        f"The funnel narrows most between {before} and {after}: {wording.with_interval(share)} go on, "
        f"{_cases(went)} of {_cases(came)} in the measured time."
    )
    figures = (figure_of(f"From {before} to {after}", share), figure_of(before, came), figure_of(after, went))
    yield Finding("state", "Funnel", sentence, 45 + 20 * (1 - share.mean), figures)


def _cash(study: Study) -> Iterator[Finding]:
    cash, dso = study.pictures.cash, study.estimate("dso")
    if not np.nan_to_num(cash[-1, 2]) > 0:
        return
    gaps = cash[:, 3] - cash[:, 2]
    widest = int(np.argmax(gaps))
    gap, net = float(gaps[widest]), study.estimate("net_cash")
    if gap > 0:
        when = study.start + dt.timedelta(hours=min(study.warm_up + widest * WEEK, study.end))
        sentence = (
            f"At its widest, around {wording.day(when)}, spending since the start of the measured time is "
            f"{_money(gap, study)} ahead of the money collected"
        )
    else:
        sentence = "In every week the money collected since the start of the measured time covers the spending"
    sentence += f"; at its end, net cash is {wording.with_interval(net)}"
    if dso.n:
        sentence += f". Customers owe {wording.with_interval(dso)} of revenue on the average"
    figures = (
        Figure("Widest gap between cost and cash", gap, math.nan, math.nan, study.currency),
        figure_of("Net cash", net), figure_of("Days sales outstanding", dso),
    )  # fmt: skip
    size = max(float(np.nanmax(cash)), 1.0)
    yield Finding("state", "Cash", f"{sentence}.", 40 + 40 * min(1.0, max(0.0, gap) / size), figures)


def _margin(study: Study) -> Iterator[Finding]:
    margin, rate, revenue = (study.estimate(kpi) for kpi in ("margin", "margin_rate", "revenue_invoiced"))
    if not revenue.mean > 0:
        return
    unsure = margin.low < 0 < margin.high
    judged = "; whether it earns or loses money cannot be told from this study" if unsure else ""
    sentence = (
        f"Of {wording.with_interval(revenue)} invoiced, {wording.with_interval(margin)} is left after all costs, "
        f"{wording.with_interval(rate)} of it{judged}."
    )
    figures = (figure_of("Revenue invoiced", revenue), figure_of("Margin", margin), figure_of("Margin rate", rate))
    yield Finding("state", "Margin", sentence, 70.0 if unsure or margin.mean < 0 else 60.0, figures)


def _cases(estimate: Estimate) -> str:
    return wording.figure(estimate.mean, "").rstrip()


def _money(value: float, study: Study) -> str:
    return wording.figure(value, study.currency)
