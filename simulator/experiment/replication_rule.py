"""How many replications: as many as give the chosen KPIs the relative precision that is asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Final

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.dispatch import dispatched
from simulator.experiment.intervals import t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, Tally, _Means, _replicate, _Task, compiled
from simulator.experiment.study import Study
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi, catalogue
from simulator.kpis.measures import Measures
from simulator.program.program import Program
from simulator.records import Floats
from simulator.schema.loading import Loaded

FEWEST: Final = 3
"""Replications before which no interval is trusted."""
LOOK_AHEAD: Final = 5
"""Further replications, for each hundred made, through which the precision must hold."""
MOST: Final = 1_000


@dataclass
class PrecisionPath:
    """How the interval of one KPI of one scenario narrows from replication to replication."""

    scenario: str
    """Name for people."""
    kpi: str
    target: float
    """Half of the 95 % interval over the mean that is asked for."""
    means: list[float] = field(default_factory=list)
    """Mean after each replication, the first at index 0; units of the KPI."""
    half_widths: list[float] = field(default_factory=list)
    """Half of the interval after each replication; NaN before there are two values."""
    since: int | None = None
    """Replications from which on the precision has held until now; None where it does not hold."""
    needed: int | None = None
    """Replications that the rule asks for this KPI alone; None as long as it has not been met."""

    @property
    def reached(self) -> float:
        """Half of the interval over the mean, after all replications; infinite for a mean of 0 that varies."""
        return _relative(self.means[-1], self.half_widths[-1]) if self.means else math.nan

    def add(self, values: Floats) -> None:
        """Take in one more replication; ``values`` are those of all replications so far."""
        n = values.size
        estimate = t_interval(values)
        self.means.append(estimate.mean)
        self.half_widths.append(estimate.half_width)
        if n < FEWEST or not self.reached <= self.target:  # NaN too
            self.since = None
            return
        self.since = self.since or n
        if self.needed is None and self.held(n):
            self.needed = self.since

    def held(self, n: int) -> bool:
        """Whether the precision has held through the look-ahead after the replication that reached it."""
        return self.since is not None and n - self.since >= LOOK_AHEAD * max(n, 100) // 100


@dataclass(frozen=True)
class PreciseStudies:
    """Studies made until they were precise enough, and how they came to be."""

    studies: list[Study]
    paths: tuple[PrecisionPath, ...]
    """By scenario, then by KPI."""
    reached: bool
    """Whether all KPIs of all scenarios were precise enough at once."""


def run_to_precision(
    scenarios: Sequence[Loaded], plan: Plan, precision: float, kpis: Sequence[str], most: int = MOST,
    made: Sequence[Study] = (), progress: Progress = None, cancelled: Cancellation = None,
) -> PreciseStudies:  # fmt: skip
    """Replicate scenarios until half the 95 % interval of every KPI is at most ``precision`` times its mean.

    The replications algorithm of Hoad, Robinson and Davies, Journal of the Operational Research Society 61 (2010),
    1632-1644: the precision must also hold through the next 5 replications (5 % of those made, beyond 100). Here it
    must hold for all KPIs of all scenarios at the same time. All scenarios get the same number of replications, at
    least that of the plan and at most ``most``; those of ``made``, studies of the same scenarios and plan, are not run
    again, and pictures then agree up to rounding with those of a study made in one go. Where the limit comes first,
    each study's warnings say so. Raises StudyError for an unknown KPI, a precision outside 0 to 1, and studies that
    are not of these scenarios.
    """
    if not 0 < precision < 1:
        raise StudyError(f"the precision must lie between 0 and 1, such as 0.05 for 5 %, not {precision:g}")
    most = replace(plan, replications=most).replications  # refuses what makes no sense
    if most < plan.replications:
        raise StudyError(f"at most {most} replications are fewer than the {plan.replications} that are asked for")
    if not scenarios or not kpis:
        raise StudyError("name at least one scenario, and at least one KPI that is to be precise")
    sequence = _Sequence(scenarios, plan, precision, kpis)
    sequence.reuse(made)
    sequence.replicate(most, progress, cancelled)
    return PreciseStudies(sequence.studies(), sequence.paths, sequence.held)


def run_on(
    scenarios: Sequence[Loaded], plan: Plan, made: Sequence[Study], progress: Progress = None,
    cancelled: Cancellation = None,
) -> list[Study]:  # fmt: skip
    """Replicate scenarios as often as the plan says; the replications of ``made`` are not run again.

    Samples are those of ``run_all``, pictures up to rounding. Raises StudyError for studies of other scenarios.
    """
    sequence = _Sequence(scenarios, plan, 0.5, ())
    sequence.reuse(made)
    sequence.replicate(plan.replications, progress, cancelled)
    return sequence.studies()


class _Sequence:
    """The replications of several scenarios, in their order."""

    def __init__(self, scenarios: Sequence[Loaded], plan: Plan, precision: float, kpis: Sequence[str]) -> None:
        self.scenarios, self.plan = scenarios, plan
        self.programs = tuple(compiled(loaded, plan) for loaded in scenarios)
        for program in self.programs:
            _check_known(kpis, catalogue(program), program.name)
        self.paths = tuple(
            PrecisionPath(program.name, kpi, precision) for program in self.programs for kpi in dict.fromkeys(kpis)
        )
        self.values: list[list[float]] = [[] for _ in self.paths]
        self.measured: list[dict[int, Measures]] = [{} for _ in self.programs]
        """New replications of each program, by number."""
        self.made: Sequence[Study] = ()
        self.n = 0
        """Replications that all scenarios have."""

    @property
    def held(self) -> bool:
        """Whether all have been precise enough, at once, through the look-ahead."""
        return all(path.held(self.n) for path in self.paths)

    def reuse(self, made: Sequence[Study]) -> None:
        """Begin with replications that there are already."""
        if not made:
            return
        _check_same(self.programs, self.plan, made)
        self.made = made
        for r in range(made[0].replications):
            self._take([{kpi: float(sample[r]) for kpi, sample in study.samples.items()} for study in made])

    def replicate(self, most: int, progress: Progress, cancelled: Cancellation) -> None:
        """Make replications in their order, and stop at the first that is enough, whoever was faster."""
        if self._enough(most):
            return
        count = len(self.programs)
        tasks = [_Task(p, self.plan.seed, r, self.plan.engine) for r in range(self.n, most) for p in range(count)]
        with closing(dispatched(_replicate, self.programs, tasks, self.plan, cancelled)) as outcomes:
            for index, measures in outcomes:
                self.measured[tasks[index].program][tasks[index].replication] = measures
                while all(self.n in each for each in self.measured):
                    self._take([each[self.n].kpis for each in self.measured])
                    done = self._enough(most)
                    if progress is not None:
                        progress(count * self.n, count * (self.n if done else self._expected(most)))
                    if done:
                        return

    def studies(self) -> list[Study]:
        """The replications up to the last that all scenarios have."""
        plan = replace(self.plan, replications=self.n)
        found = []
        for p, (program, loaded) in enumerate(zip(self.programs, self.scenarios, strict=True)):
            tally = Tally(program, self.n)
            if self.made:
                _resume(tally, self.made[p])
            for r in range(tally.next, self.n):
                tally.add(r, self.measured[p][r])
            study = tally.study(loaded, plan)
            found.append(replace(study, missed=self._missed(p)))
        return found

    def _take(self, kpis: list[Mapping[str, float]]) -> None:
        """One more replication: the KPIs of each scenario."""
        self.n += 1
        each = len(self.paths) // len(kpis)
        for i, (path, values) in enumerate(zip(self.paths, self.values, strict=True)):
            values.append(kpis[i // each][path.kpi])
            path.add(np.array(values))

    def _enough(self, most: int) -> bool:
        return self.n >= most or (self.n >= self.plan.replications and self.held)

    def _expected(self, most: int) -> int:
        """Replications that will be needed if spreads stay as they are: half-widths shrink with the root of n."""
        ratios = [path.reached / path.target for path in self.paths]
        worst = max((ratio for ratio in ratios if math.isfinite(ratio)), default=1.0)
        likely = max(self.n + 1, self.plan.replications, math.ceil(self.n * worst**2) + LOOK_AHEAD)
        return min(most, likely)

    def _missed(self, program: int) -> tuple[str, ...]:
        each = len(self.paths) // len(self.programs)
        return tuple(
            f"The precision that was asked for, {path.target:.1%}, was not reached for {path.kpi}: after {self.n} "
            f"replications half of its interval is {path.reached:.1%} of its mean."
            for path in self.paths[program * each : (program + 1) * each]
            if not path.held(self.n)
        )


def _relative(mean: float, half_width: float) -> float:
    if half_width == 0:
        return 0.0
    return half_width / abs(mean) if mean else math.inf * half_width


def _resume(tally: Tally, study: Study) -> None:
    """Let a tally begin with the replications of a study."""
    n = study.replications
    for kpi, sample in study.samples.items():
        tally.samples[kpi][:n] = sample
    tally.growth[:n] = study.growth
    tally.means = _Means(study.pictures)
    for index, means in enumerate(study.pictures):
        tally.means.sums[index] += n * np.nan_to_num(means)
        tally.means.counts[index] += n * ~np.isnan(means)
    tally.next = n


def _check_known(kpis: Sequence[str], known: Mapping[str, Kpi], scenario: str) -> None:
    for kpi in kpis:
        if kpi not in known:
            near = get_close_matches(kpi, known, n=3)
            mend = f"did you mean {' or '.join(near)}?" if near else "see `caudal run --all --json -` for all"
            raise StudyError(f"'{scenario}' has no KPI '{kpi}': {mend}")


def _check_same(programs: Sequence[Program], plan: Plan, made: Sequence[Study]) -> None:
    asked = [(program.digest, plan.seed, program.warm_up, program.end) for program in programs]
    if asked != [(study.digest, study.plan.seed, study.warm_up, study.end) for study in made]:
        raise StudyError("only studies of the same scenarios, with the same seed, warm-up and length, can be extended")
    if len({study.replications for study in made}) > 1:
        raise StudyError("studies that are extended together must have the same number of replications")
