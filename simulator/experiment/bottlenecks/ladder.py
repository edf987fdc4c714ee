"""The ladder: relieve what is worth most, measure again, find what binds next, until nothing surely pays for itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.bottlenecks.bottlenecks import MOST
from simulator.experiment.bottlenecks.levers import Kind, levers_of
from simulator.experiment.bottlenecks.stages import Stages
from simulator.experiment.bottlenecks.worth import NET, Measured, Value, directed, effort_of, measured, worth_of
from simulator.experiment.comparison import LEVEL, contrasted, holm
from simulator.experiment.intervals import Estimate, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, compiled, run_all
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi, entries
from simulator.records import Floats
from simulator.schema.loading import Loaded, load_changed

RUNGS: Final = 10
PRICED: Final[tuple[Kind, ...]] = ("person",)
"""Kinds of lever whose cost the scenario states."""
UNPRICED: Final = "is no amount of money that holds both what a relief costs and what it brings"
"""Why there is no ladder in a KPI."""
WATCHED: Final = ("orders", "utilisation_{team}", "waiting_{team}")
"""Figures beside the KPI of which a rung says whether they moved."""
Ending = Literal["nothing surely pays for itself", "as many rungs as were asked for"]


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
    """The lever that was worth most, and what it is worth against the rung before with luck that did not choose it.

    Its p-value is adjusted over the rungs.
    """
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
    """Of each lever in the climb and, with another seed, of the base and each rung."""


def ladder(
    loaded: Loaded, plan: Plan, kpi: str = "margin", progress: Progress = None, cancelled: Cancellation = None,
    rungs: int = RUNGS, kinds: Collection[Kind] = PRICED, most: int = MOST,
) -> Ladder:  # fmt: skip
    """Relieve what is worth most net of its cost, measure all again, and so on until nothing surely pays for itself.

    A rung takes the lever with the highest value among those that are *worth it*, adjusted over all levers of the rung.
    Only people are relieved where no other kinds are named, since of them alone the scenario says what they cost;
    whatever is free would always pay. The best of several looks better than it is in the replications that chose it, so
    base and rungs are measured once more with another seed, and that is what is told. Theory of constraints: Goldratt,
    *The Goal* (1984). Raises StudyError as ``bottlenecks`` does, and for a KPI that is none of ``NET``.
    """
    described = directed(loaded, plan, kpi)
    if kpi not in NET:
        raise StudyError(f"'{kpi}' {UNPRICED}: climb by {' or '.join(sorted(NET))}")
    if rungs < 1:
        raise StudyError(f"a ladder has at least one rung, not {rungs}")
    watched = [entry.kpi for entry in entries(compiled(loaded, plan)) if entry.figure in WATCHED]
    steps, taken = [loaded], list[Value]()
    done = 0
    while True:
        levers = levers_of(steps[-1], kinds)
        effort = effort_of(levers, most, plan.replications)
        found = measured(steps[-1], plan, [kpi], levers, most, Stages(progress, done + effort, done), cancelled)
        done += effort
        best = _best(found)
        if best is None or len(taken) == rungs:
            break
        taken.append(found.values[best])
        steps.append(load_changed(steps[-1], taken[-1].lever.changes))
    samples = found.samples[:1]
    if taken:
        tell = Stages(progress, done + len(steps) * plan.replications, done).next(len(steps) * plan.replications)
        samples = _anew(steps, plan, [described, *watched], tell, cancelled)
    currency = loaded.scenario.horizon.currency
    return Ladder(
        loaded.scenario.name, described, t_interval(samples[0, 0], unit=described.unit),
        _rungs(taken, samples, [described, *watched], currency),
        contrasted(samples[0, 0], samples[-1, 0], described, currency)[0],
        "nothing surely pays for itself" if best is None else "as many rungs as were asked for",
        tuple(sorted(found.values, key=lambda each: -each.value.mean)) if best is None else (),
        plan.replications,
    )  # fmt: skip


def _anew(
    steps: Sequence[Loaded], plan: Plan, kpis: Sequence[Kpi], progress: Progress, cancelled: Cancellation
) -> Floats:
    """Samples of the base and each rung, shape (steps, KPIs, replications), with luck that chose nothing."""
    # The seed itself chose among levers, and the seed ^ 1 which levers were measured.
    studies = run_all(steps, replace(plan, seed=plan.seed ^ 2), progress, cancelled)
    return np.array([[study.samples[kpi.name] for kpi in kpis] for study in studies])


def _rungs(taken: Sequence[Value], samples: Floats, kpis: Sequence[Kpi], currency: str) -> tuple[Rung, ...]:
    """Each relief with what it is worth in these samples of the KPI and of those that are watched."""
    kpi, *watched = kpis
    tests = [contrasted(before[0], after[0], kpi, currency) for before, after in pairwise(samples)]
    adjusted = holm(np.array([p for _, p in tests])).tolist()
    return tuple(
        Rung(
            replace(each, value=value, p_adjusted=p, worth=worth_of(value.mean, each.cost, p, kpi)),
            t_interval(after[0], unit=kpi.unit), _moved(watched, before[1:], after[1:], currency),
        )
        for each, (value, _), p, (before, after) in zip(taken, tests, adjusted, pairwise(samples), strict=True)
    )  # fmt: skip


def _best(found: Measured) -> int | None:
    """Position of the lever that is worth most among those that are worth it; None where none is."""
    worthy = [i for i, each in enumerate(found.values) if each.worth == "worth it"]
    return max(worthy, key=lambda i: found.values[i].value.mean, default=None)


def _moved(watched: Sequence[Kpi], before: Floats, after: Floats, currency: str) -> tuple[Moved, ...]:
    """Figures that differ by more than luck, adjusted over all that are watched."""
    tests = [contrasted(old, new, kpi, currency) for kpi, old, new in zip(watched, before, after, strict=True)]
    adjusted = holm(np.array([p for _, p in tests]))
    rows = sorted(range(len(watched)), key=lambda i: adjusted[i])
    return tuple(
        Moved(watched[i], float(np.nanmean(before[i])), float(np.nanmean(after[i])), tests[i][0])
        for i in rows
        if adjusted[i] < LEVEL
    )
