"""What a reader must know before believing a study, in sentences with figures, and the KPIs that it spoils."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from simulator.experiment.comparison import LEVEL, paired
from simulator.experiment.study import Study
from simulator.experiment.warm_up import FLOWS, Settling, settlings_of, stands_for
from simulator.program.kept import kept
from simulator.records import Floats

UNFINISHED: Final = 0.10
"""Share of unfinished journeys from which figures over finished ones mislead."""
OVERLOADED: Final = 0.97
BUSY: Final = 0.85
"""Utilisation above which a growing queue is read as overload rather than as season."""
GROWTH: Final = 1.5
"""Last third of the window over the first third, for a queue that grows."""
GROWN: Final = 3.0
"""Cases by which it must have grown, so that noise in short queues is no overload."""
BIASED: Final = 0.05
"""Share of its mean by which a beginning must pull a figure down to be worth a sentence."""
THIN: Final = 10
NAMED: Final = 5
"""Undefined KPIs that are named."""
_JOURNEYS: Final = ("lead_to_order_", "order_to_delivery_", "order_to_cash_", "lead_to_cash_")
_THROUGH: Final = (*_JOURNEYS, "unfinished", "work_in_progress", "journeys_in_progress")
_WAITS: Final = ("waiting_total", "waiting_for_teams", "waiting_off_shift", "waiting_contention")
_PAID: Final = ("cash_collected", "net_cash", "collected_share", "conversion_paid", "reached_paid")
"""What cases that came before the measured time would have added to."""


Topic = Literal["unfinished", "overload", "warm-up", "precision"]
"""What a caution is about; each is a line of the trust card."""
TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)


@dataclass(frozen=True)
class Caution:
    """One thing that weakens a study."""

    topic: Topic
    sentence: str
    spoils: frozenset[str] = frozenset()
    """KPIs that are not to be believed on account of it; none where it weakens all of them alike."""


def warnings_of(study: Study) -> tuple[str, ...]:
    """Everything that weakens the study's figures, the gravest first."""
    return tuple(caution.sentence for caution in cautions_of(study))


@kept  # every line of a trust card and every table asks for them again
def cautions_of(study: Study) -> tuple[Caution, ...]:
    """The same with the KPIs that each spoils."""
    return (
        *_overload(study), *_unfinished(study), *_warm_up(study), *_unsettled(study), *_evidence(study),
        *_undefined(study),
    )  # fmt: skip


def offered_load(study: Study, team: int) -> float:
    """Hours of work that came to a team over its hours on shift; NaN where it cannot be told.

    Work done, which is the utilisation, and in the same proportion what those would have been who gave up or were
    turned away, and what was left to the growing queue: it grew by its trend line (least squares over the weeks), and
    Little's law (Operations Research 9 (1961), 383-387) gives the number of visits from the mean queue and the mean
    wait.
    """
    queue, name = study.pictures.queue[:, team], study.names.teams[team]
    length, wait = (_mean(study, f"{kpi}_{name}") for kpi in ("queue", "waiting"))
    served = 1.0 - np.nan_to_num(_mean(study, f"abandoned_{name}"))
    done = float(study.pictures.utilisation[team]) / served if served > 0 else math.nan
    if queue.size < 6 or not wait > 0:
        return done
    grown = float(np.polyfit(np.arange(queue.size), queue, 1)[0]) * queue.size
    visits = length / wait * study.length
    return done * visits / (visits - grown) if grown < visits else math.nan


def _mean(study: Study, kpi: str) -> float:
    return study.estimate(kpi).mean if kpi in study.samples else math.nan


def _named(study: Study, beginnings: Iterable[str]) -> frozenset[str]:
    """The KPIs of a study that begin so."""
    return frozenset(kpi for kpi in study.catalogue if kpi.startswith(tuple(beginnings)))


def growth_of(queue: Floats) -> Floats:
    """Mean queue of each team in the last third of a window less that in the first; NaN under six weeks.

    From the mean queue by week, shape (weeks, teams).
    """
    if len(queue) < 6:
        return np.full(queue.shape[1], np.nan)
    first, _, last = np.array_split(queue, 3)
    grown: Floats = last.mean(axis=0) - first.mean(axis=0)
    return grown


def _overload(study: Study) -> Iterator[Caution]:
    for index, name in enumerate(study.names.teams):
        said = _strain(study, index)
        if said:
            own = {f"{kpi}_{name}" for kpi in ("queue", "waiting", "abandoned")} & set(study.catalogue)
            spoils = _named(study, (*_THROUGH, *_WAITS)) | own
            yield Caution("overload", said[0], spoils if said[1] else frozenset())


def _strain(study: Study, team: int) -> tuple[str, bool] | None:
    """What is to be said of a team, and whether its waits depend on the length of the run."""
    label, utilisation = study.names.team_labels[team], float(study.pictures.utilisation[team])
    load, (first, second, third) = offered_load(study, team), _thirds(study.pictures.queue[:, team])
    grows, surely = first < second < third and third > max(GROWTH * first, first + GROWN), _surely(study, team)
    # Where more is left to the queue than is done, the load is too high to be told.
    over = load >= 1 or (math.isnan(load) and not math.isnan(utilisation))
    offered = f", work for {load:.0%} of it comes in," if load >= 1 else ","
    queue = f"grows from {first:.1f} to {third:.1f} cases between the first and the last third of the run"
    lengthy = "so waiting times depend on the length of the run."
    at_work = f"{label} is overloaded: it is at work {utilisation:.0%} of its time"
    if (grows and (utilisation >= BUSY or over)) or (surely and over):
        return f"{at_work}{offered} and its queue {queue}, {lengthy}", True
    if utilisation >= OVERLOADED:
        busy = f"it is at work {utilisation:.1%} of its time"
        return f"{label} is overloaded: {busy}, which leaves no room for a busy week.", False
    if load >= 1:
        lost = _mean(study, f"abandoned_{study.names.teams[team]}")
        return f"{at_work}{offered} and {lost:.0%} of those who come give up or are turned away.", False
    if grows and surely:
        return f"The queue of {label} {queue}, more than chance explains, though its people have time, {lengthy}", True
    return None


def _surely(study: Study, team: int) -> bool:
    """Whether its queue grew by more than luck over the replications: paired t, one-sided, adjusted over the teams."""
    if study.replications < 2 or len(study.growth) != study.replications:
        return False
    growth = study.growth[:, team]
    found, p_value = paired(np.zeros_like(growth), growth)
    return found.mean > 0 and p_value / 2 < LEVEL / len(study.names.teams)


def _thirds(queue: Floats) -> tuple[float, float, float]:
    """Mean queue in each third of the window, NaN when it is shorter than six weeks."""
    if queue.size < 6:
        return math.nan, math.nan, math.nan
    first, second, third = (float(np.mean(part)) for part in np.array_split(queue, 3))
    return first, second, third


def _unfinished(study: Study) -> Iterator[Caution]:
    share = _mean(study, "unfinished")
    if share > UNFINISHED:
        yield Caution(
            "unfinished",
            f"{share:.0%} of the leads had not finished when the run ended: of the last to come, only the quicker ones "
            "count in times to order and to cash.",
            _named(study, _JOURNEYS),
        )


def _warm_up(study: Study) -> Iterator[Caution]:
    slow = _mean(study, "lead_to_cash_p90")
    days = study.warm_up / 24
    if days < slow:
        yield Caution(
            "warm-up",
            f"The warm-up of {days:.0f} d is shorter than the {slow:.0f} d in which 90 % of the paying leads pay: at "
            "the start of the measured time less money comes in than in the long run.",
            frozenset(_PAID) & set(study.catalogue),
        )


def _unsettled(study: Study) -> Iterator[Caution]:
    """A beginning that MSER-5 would cut off and that lies below the rest, as when a system fills.

    Of queues, which vary far more than flows of money, those that also grow by more than luck.
    """
    growing = {f"queue_{name}" for team, name in enumerate(study.names.teams) if _surely(study, team)}
    found = [each for each in settlings_of(study, {*FLOWS, *growing}) if each.bias < -BIASED]
    if not found:
        return

    def said(settling: Settling) -> str:
        return f"{study.catalogue[settling.kpi].label} ({settling.bias:.0%})"

    longest = max(found, key=lambda settling: settling.truncation or 0)
    yield Caution(
        "warm-up",
        f"The warm-up of {study.warm_up / 24:.0f} d is too short, or the measured time has a season: MSER-5 suggests "
        f"{(longest.suggested or 0) / 24:.0f} d, and the weeks before pull down {', '.join(map(said, found))}.",
        frozenset().union(*(stands_for(settling.kpi, study.catalogue) for settling in found)),
    )


def _evidence(study: Study) -> Iterator[Caution]:
    n = study.replications
    if n == 1:
        yield Caution(
            "precision",
            "One replication shows one possible year: without a second there is neither interval nor comparison.",
        )
    elif n < THIN:
        yield Caution(
            "precision",
            f"Only {n} replications: the intervals are wide, those of skewed figures hold the truth less often than "
            "they promise, and differences that exist may not show; 30 are usual.",
        )


def _undefined(study: Study) -> Iterator[Caution]:
    counts = {kpi: int((~np.isnan(sample)).sum()) for kpi, sample in study.samples.items()}
    partly = {kpi: n for kpi, n in counts.items() if 0 < n < study.replications}
    if partly:
        named = ", ".join(f"{kpi} ({n} of {study.replications})" for kpi, n in list(partly.items())[:NAMED])
        more = f" and {len(partly) - NAMED} more" if len(partly) > NAMED else ""
        yield Caution(
            "precision",
            f"Some figures are undefined in some replications and are means over the others: {named}{more}.",
            frozenset(partly),
        )
