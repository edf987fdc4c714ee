"""Leads won here and lost there over several replications, by cause, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from simulator.experiment.diary.leads import Diary, Runs
from simulator.experiment.dispatch import dispatched
from simulator.experiment.intervals import Estimate, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress
from simulator.experiment.tasks import Cancellation
from simulator.schema.loading import Loaded

UNIT: Final = "leads"


@dataclass(frozen=True)
class Turn:
    """Leads with one fate in the base and another in the other scenario, a run."""

    total: Estimate
    causes: Mapping[str, Estimate]
    """By cause, the most frequent first."""


@dataclass(frozen=True)
class Totals:
    """What a diary says of one replication, as means over several."""

    replications: int
    both: Estimate
    """Leads after the warm-up that are in both scenarios."""
    gained: Turn
    given_up: Turn
    ahead: Turn
    behind: Turn
    """As in ``Diary``."""
    net: Estimate
    """Leads gained less those given up."""


class _Counts(NamedTuple):
    both: int
    gained: Mapping[str, int]
    given_up: Mapping[str, int]
    ahead: Mapping[str, int]
    behind: Mapping[str, int]


def totals(
    base: Loaded, other: Loaded, plan: Plan, progress: Progress = None, cancelled: Cancellation = None
) -> Totals:
    """Follow the leads of every replication of the plan through both scenarios and count who was turned, by cause.

    Intervals are Student's, over the replications, those of counts from 0 on. Raises StudyError as ``Runs`` does.
    """
    tasks = list(range(plan.replications))
    counts: dict[int, _Counts] = {}
    with closing(dispatched(_counted, (base, other, plan), tasks, plan, cancelled)) as outcomes:
        for index, found in outcomes:
            counts[index] = found
            if progress is not None:
                progress(len(counts), len(tasks))
    made = [counts[index] for index in tasks]
    net = [sum(each.gained.values()) - sum(each.given_up.values()) for each in made]
    return Totals(
        plan.replications, _estimate([each.both for each in made]),
        _turn([each.gained for each in made]), _turn([each.given_up for each in made]),
        _turn([each.ahead for each in made]), _turn([each.behind for each in made]), _difference(net),
    )  # fmt: skip


def _counted(shared: tuple[Loaded, Loaded, Plan], replication: int) -> _Counts:
    found: Diary = Runs(*shared, replication).diary()
    return _Counts(found.both, found.gained, found.given_up, found.ahead, found.behind)


def _turn(counts: list[Mapping[str, int]]) -> Turn:
    causes = {
        cause: _estimate([each.get(cause, 0) for each in counts]) for cause in {c for each in counts for c in each}
    }
    frequent = sorted(causes.items(), key=lambda each: (-each[1].mean, each[0]))
    return Turn(_estimate([sum(each.values()) for each in counts]), dict(frequent))


def _estimate(counts: list[int]) -> Estimate:
    """Of a count, which cannot be below 0."""
    found = _difference(counts)
    return replace(found, low=max(found.low, 0.0))


def _difference(counts: list[int]) -> Estimate:
    return t_interval(np.array(counts, np.float64), unit=UNIT)
