"""The ladder: relieve what is worth most, measure again, find what binds next, until nothing pays for itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.bottlenecks.bottlenecks import MOST
from simulator.experiment.bottlenecks.levers import Kind, levers_of
from simulator.experiment.bottlenecks.stages import Stages
from simulator.experiment.bottlenecks.worth import NET, Measured, Value, directed, effort_of, measured
from simulator.experiment.comparison import LEVEL, holm, paired
from simulator.experiment.intervals import Estimate, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, compiled
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi, entries
from simulator.records import Floats
from simulator.schema.loading import Loaded, load_changed

RUNGS: Final = 10
PRICED: Final[tuple[Kind, ...]] = ("person",)
"""Kinds of lever whose cost the scenario states."""
WATCHED: Final = ("orders", "utilisation_{team}", "waiting_{team}")
"""Figures beside the KPI of which a rung says whether they moved."""
Ending = Literal["nothing pays for itself", "as many rungs as were asked for"]


@dataclass(frozen=True)
class Moved:
    """A figure that a rung changed for certain."""

    kpi: Kpi
    before: float
    after: float
    difference: Estimate


@dataclass(frozen=True)
class Rung:
    """One relief, on top of those before it."""

    relief: Value
    """The lever that was worth most, against the rung before, with what it costs."""
    reached: Estimate
    """The KPI with it."""
    moved: tuple[Moved, ...]
    """Orders, utilisation and waiting of teams that it changed, adjusted over all of them; the surest first."""


@dataclass(frozen=True)
class Ladder:
    """Reliefs one after the other, each the best at its time."""

    scenario: str
    kpi: Kpi
    base: Estimate
    rungs: tuple[Rung, ...]
    gain: Estimate
    """Of all rungs together, paired; 0 without any."""
    ended: Ending
    refused: tuple[Value, ...]
    """What was measured last and not taken, the best first; empty where the rungs ran out."""
    replications: int


def ladder(
    loaded: Loaded, plan: Plan, kpi: str = "margin", progress: Progress = None, cancelled: Cancellation = None,
    rungs: int = RUNGS, kinds: Collection[Kind] = PRICED, most: int = MOST,
) -> Ladder:  # fmt: skip
    """Relieve what is worth most net of its cost, measure everything again, and so on until nothing pays for itself.

    A rung takes the lever with the highest value among those that are *worth it*, adjusted over all levers of the rung.
    Only people are relieved where no other kinds are named, since of them alone the scenario says what they cost;
    whatever is free would always pay. All rungs use the same replications, so the best of several close levers looks
    a little better than it is. Theory of constraints: Goldratt, *The Goal* (1984). Raises StudyError as
    ``bottlenecks`` does, and for a KPI that does not contain what people cost.
    """
    described = directed(loaded, plan, kpi)
    if kpi not in NET:
        raise StudyError(f"'{kpi}' does not contain what a relief costs: climb by {' or '.join(sorted(NET))}")
    if rungs < 1:
        raise StudyError(f"a ladder has at least one rung, not {rungs}")
    watched = [entry.kpi for entry in entries(compiled(loaded, plan)) if entry.figure in WATCHED]
    names = [kpi, *(each.name for each in watched)]
    climbed: list[Rung] = []
    first: Floats | None = None
    here, done = loaded, 0
    while True:
        levers = levers_of(here, kinds)
        effort = effort_of(levers, most, plan.replications)
        found = measured(here, plan, names, levers, most, Stages(progress, done + effort, done), cancelled)
        done += effort
        before, first = found.samples[0], found.samples[0, 0] if first is None else first
        best = _best(found)
        if best is None or len(climbed) == rungs:
            break
        relief, after = found.values[best], found.samples[1 + best]
        climbed.append(Rung(relief, t_interval(after[0], unit=described.unit), _moved(watched, before[1:], after[1:])))
        here = load_changed(here, relief.lever.changes)
    return Ladder(
        loaded.scenario.name, described, t_interval(first, unit=described.unit), tuple(climbed),
        paired(first, before[0], described.unit)[0],
        "nothing pays for itself" if best is None else "as many rungs as were asked for",
        tuple(sorted(found.values, key=lambda each: -each.value.mean)) if best is None else (),
        plan.replications,
    )  # fmt: skip


def _best(found: Measured) -> int | None:
    """Position of the lever that is worth most among those that are worth it; None where none is."""
    worthy = [i for i, each in enumerate(found.values) if each.worth == "worth it"]
    return max(worthy, key=lambda i: found.values[i].value.mean, default=None)


def _moved(watched: Sequence[Kpi], before: Floats, after: Floats) -> tuple[Moved, ...]:
    """Figures that differ by more than luck, adjusted over all that are watched."""
    tests = [paired(old, new, kpi.unit) for kpi, old, new in zip(watched, before, after, strict=True)]
    adjusted = holm(np.array([p for _, p in tests]))
    rows = sorted(range(len(watched)), key=lambda i: adjusted[i])
    return tuple(
        Moved(watched[i], float(np.nanmean(before[i])), float(np.nanmean(after[i])), tests[i][0])
        for i in rows
        if adjusted[i] < LEVEL
    )
