"""What a reader must know before believing a study, in sentences with figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from simulator.experiment.study import Study
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
THIN: Final = 10
NAMED: Final = 5
"""Undefined KPIs that are named."""


def warnings_of(study: Study) -> tuple[str, ...]:
    """Everything that weakens the study's figures, the gravest first."""
    return (*_overload(study), *_unfinished(study), *_warm_up(study), *_evidence(study), *_undefined(study))


def _mean(study: Study, kpi: str) -> float:
    return study.estimate(kpi).mean if kpi in study.samples else math.nan


def _overload(study: Study) -> Iterator[str]:
    for index, label in enumerate(study.names.team_labels):
        utilisation = float(study.pictures.utilisation[index])
        thirds = _thirds(study.pictures.queue[:, index])
        grows = thirds[0] < thirds[1] < thirds[2] and thirds[2] > max(GROWTH * thirds[0], thirds[0] + GROWN)
        if utilisation >= BUSY and grows:
            yield (
                f"{label} is overloaded: it is at work {utilisation:.0%} of its time, and its queue grows from "
                f"{thirds[0]:.1f} to {thirds[2]:.1f} cases between the first and the last third of the run, so waiting "
                "times depend on the length of the run."
            )
        elif utilisation >= OVERLOADED:
            busy = f"it is at work {utilisation:.1%} of its time"
            yield f"{label} is overloaded: {busy}, which leaves no room for a busy week."


def _thirds(queue: Floats) -> tuple[float, float, float]:
    """Mean queue in each third of the window, NaN when it is shorter than six weeks."""
    if queue.size < 6:
        return math.nan, math.nan, math.nan
    first, second, third = (float(np.mean(part)) for part in np.array_split(queue, 3))
    return first, second, third


def _unfinished(study: Study) -> Iterator[str]:
    share = _mean(study, "unfinished")
    if share > UNFINISHED:
        yield (
            f"{share:.0%} of the leads had not finished when the run ended: of the last to come, only the quicker ones "
            "count in times to order and to cash."
        )


def _warm_up(study: Study) -> Iterator[str]:
    slow = _mean(study, "lead_to_cash_p90")
    days = study.warm_up / 24
    if days < slow:
        yield (
            f"The warm-up of {days:.0f} d is shorter than the {slow:.0f} d in which 90 % of the paying leads pay: at "
            "the start of the measured time less money comes in than in the long run."
        )


def _evidence(study: Study) -> Iterator[str]:
    n = study.replications
    if n == 1:
        yield "One replication shows one possible year: without a second there is no interval and no comparison."
    elif n < THIN:
        yield f"Only {n} replications: the intervals are wide, and differences that exist may not show; 30 are usual."


def _undefined(study: Study) -> Iterator[str]:
    counts = {kpi: int((~np.isnan(sample)).sum()) for kpi, sample in study.samples.items()}
    partly = {kpi: n for kpi, n in counts.items() if 0 < n < study.replications}
    if partly:
        named = ", ".join(f"{kpi} ({n} of {study.replications})" for kpi, n in list(partly.items())[:NAMED])
        more = f" and {len(partly) - NAMED} more" if len(partly) > NAMED else ""
        yield f"Some figures are undefined in some replications and are means over the others: {named}{more}."
