"""Estimates in the time that a reader waits: rounds of replications in this process, until a budget is spent."""

from __future__ import annotations

import math
import numbers
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from simulator.engines.choice import Engine, engine_of
from simulator.engines.warm import is_cold
from simulator.errors import StudyError
from simulator.experiment.comparison import Comparison, Difference, compare, import_statistics
from simulator.experiment.intervals import Estimate
from simulator.experiment.plan import Plan, available_processors
from simulator.experiment.replications import Progress, Tally, compiled
from simulator.experiment.study import Study
from simulator.experiment.together import together
from simulator.kpis.measures import Measures, measure
from simulator.schema.loading import Loaded, load_changed, load_scenario

Source = Loaded | str | Path
"""A scenario, or the shipped name or path of one."""
MOST: Final = 500
"""Replications after which more time would hardly narrow an interval."""
KEPT: Final = 12
"""Scenarios whose replications are kept, so that a base, or a change that is taken back, is not run again."""
MOST_AT_ONCE: Final = 4
"""Replications at the same time; more would hold each other up, since their KPIs are worked out one after the other."""
MORE: Final = 1.5
"""How many times the replications of an estimate the next one has."""
COLD: Final = (
    "the engine has not been compiled yet, which takes one or two minutes, once for each version: "
    "run 'python -m simulator.engines.warm' first, or take the engine 'simpy'"
)
WORTH: Final = 0.5
"""Share of a second replication that must fit into the budget where the first was alone: it gives an interval."""
_USED: Final[set[Engine]] = set()
"""Engines that have run in this process: the first run also loads compiled code, and says nothing about the next."""

# While scenarios are read: the first slider has no second for either.
import_statistics()
engine_of("auto", traced=False)


@dataclass(frozen=True)
class QuickEstimate:
    """What was found out about a scenario in a given time."""

    study: Study
    """The scenario with its changes; its warnings say what the figures cannot tell, first of all that they are few."""
    seconds: float
    """Time since it was asked for."""
    base: Study | None = None
    comparison: Comparison | None = None
    """Paired differences from the base, where one was given."""

    @property
    def replications(self) -> int:
        """Replications that it rests on."""
        return self.study.replications

    @property
    def estimates(self) -> Mapping[str, Estimate]:
        """Mean and 95 % interval of every KPI; a single replication has no interval, so its ends are NaN."""
        return self.study.estimates()

    @property
    def differences(self) -> Mapping[str, Difference]:
        """Differences from the base with their verdicts; empty without a base."""
        return {} if self.comparison is None else self.comparison.others[0].differences


def quick(
    scenario: Source, changes: Mapping[str, object] | None = None, budget_s: float = 1.0, *,
    against: Source | None = None, seed: int = 1, engine: Engine = "auto", progress: Progress = None,
) -> QuickEstimate:  # fmt: skip
    """The best estimate of a changed scenario that can be had in ``budget_s`` seconds, all in this process.

    ``changes`` maps dotted paths of the scenario file to values as people write them, such as
    ``{"teams.sales.head_count": 3, "policies.answer_within": "20 min"}``. With ``against``, usually the unchanged
    scenario, differences are paired: replication i of both has the same luck. The compiled engine makes as many
    replications at once as there are processors, up to four. At least one such round is made, and more as long as they
    fit; where it is of a single replication, a second if half of it fits: the budget is never exceeded by more than a
    round is expected to take. One replication gives means without intervals, whose ends are NaN, and the study warns of
    that. ``progress`` is told the replications made and those that there will be, as far as can be said.
    Raises ScenarioError for changes that make no valid scenario, and StudyError when the engine has not been compiled.
    """
    asked = _Asked.of(scenario, changes, budget_s, against, seed, engine)
    made = 0
    for made in asked.replicate():
        if progress is not None:
            progress(made, asked.in_all(made))
    return asked.estimate(made)


def quick_estimates(
    scenario: Source, changes: Mapping[str, object] | None = None, budget_s: float = 1.0, *,
    against: Source | None = None, seed: int = 1, engine: Engine = "auto",
) -> Iterator[QuickEstimate]:  # fmt: skip
    """Ever better estimates, the first after one replication and the last that of ``quick``, whose errors it raises."""
    asked = _Asked.of(scenario, changes, budget_s, against, seed, engine)
    told = made = 0
    for made in asked.replicate():
        if made >= MORE * told:
            yield asked.estimate(made)
            told = made
    if made > told:
        yield asked.estimate(made)


class _Run:
    """The replications of one scenario so far."""

    def __init__(self, loaded: Loaded, seed: int, engine: Engine) -> None:
        self.program = compiled(loaded, Plan(seed=seed))
        self.seed, self.engine = seed, engine
        self.measured: list[Measures] = []
        self.seconds = 0.0
        """What a round takes, as far as is known."""
        self.told_in = 0.0
        """What the latest estimate took to be made of the replications; of the base where there is one."""
        self._lock = threading.Lock()

    def expected(self, replications: int) -> float:
        """Seconds that it will take until there are so many replications, a round more than there are."""
        return 0.0 if replications <= len(self.measured) else self.seconds

    def ensure(self, replications: int) -> None:
        """Make those of the first replications that are missing; several visitors may share them."""
        with self._lock:
            missing = range(len(self.measured), replications)
            if missing:
                began = time.perf_counter()
                self.measured += together(self._replicate, missing)
                if self.engine in _USED:
                    self.seconds = time.perf_counter() - began
                _USED.add(self.engine)

    def _replicate(self, replication: int) -> Measures:
        records = engine_of(self.engine, traced=False)(self.program, self.seed, replication)
        return measure(self.program, records)

    def study(self, loaded: Loaded, made: int) -> Study:
        """The first replications as a study."""
        tally = Tally(self.program, made)
        for replication, measures in enumerate(self.measured[:made]):
            tally.add(replication, measures)
        return tally.study(loaded, Plan(seed=self.seed, replications=made, jobs=1, engine=self.engine))


@dataclass(frozen=True)
class _Key:
    """What makes replications the same."""

    digest: str
    seed: int
    engine: Engine
    loaded: Loaded = field(compare=False)


@lru_cache(maxsize=KEPT)
def _run_of(key: _Key) -> _Run:
    return _Run(key.loaded, key.seed, key.engine)


@dataclass(frozen=True)
class _Asked:
    """One question, and the runs that answer it."""

    scenarios: tuple[Loaded, ...]
    """The changed scenario and, where there is one, the base."""
    runs: tuple[_Run, ...]
    at_once: int
    """Replications of a round."""
    budget: float
    began: float

    @classmethod
    def of(
        cls, scenario: Source, changes: Mapping[str, object] | None, budget_s: float, against: Source | None,
        seed: int, engine: Engine,
    ) -> _Asked:  # fmt: skip
        """Read and check what is asked, and find the runs that there are already."""
        began = time.perf_counter()
        if not (isinstance(budget_s, numbers.Real) and math.isfinite(budget_s) and budget_s > 0):
            raise StudyError(f"the budget must be a positive number of seconds, not {budget_s!r}")
        Plan(seed=seed, engine=engine)  # refuses what makes no sense
        if engine != "simpy" and is_cold():
            raise StudyError(COLD)
        loaded = [load_changed(_loaded(scenario), changes or {})]
        if against is not None:
            loaded.append(_loaded(against))
        runs = tuple(_run_of(_Key(each.digest, seed, engine, each)) for each in loaded)
        return cls(tuple(loaded), runs, _at_once(engine), budget_s, began)

    def replicate(self) -> Iterator[int]:
        """Numbers of replications made, as long as the budget has room for the next."""
        made = 0
        while made == 0 or (made < MOST and self._has_room(made)):
            made = min(made + self.at_once, MOST)
            for run in self.runs:
                run.ensure(made)
            yield made

    def estimate(self, made: int) -> QuickEstimate:
        """What the first replications tell."""
        began = time.perf_counter()
        found = self._estimate(made)
        self.runs[-1].told_in = time.perf_counter() - began
        return found

    def _estimate(self, made: int) -> QuickEstimate:
        study, *bases = (run.study(each, made) for run, each in zip(self.runs, self.scenarios, strict=True))
        if not bases:
            return QuickEstimate(study, self._seconds())
        comparison = compare(bases[0], [study])
        return QuickEstimate(study, self._seconds(), bases[0], comparison)

    def in_all(self, made: int) -> int:
        """Replications that there will be, as far as the pace of these says."""
        expected = self._expected(made)
        more = (self.budget - self._seconds()) / expected if expected else 0.0
        return min(MOST, made + self.at_once * max(0, int(more)))

    def _has_room(self, made: int) -> bool:
        share = WORTH if made == 1 else 1.0
        return self._seconds() + share * self._expected(made) + self.runs[-1].told_in <= self.budget

    def _seconds(self) -> float:
        return time.perf_counter() - self.began

    def _expected(self, made: int) -> float:
        return sum(run.expected(made + self.at_once) for run in self.runs)


def _at_once(engine: Engine) -> int:
    """Replications at the same time: those of the SimPy engine, all Python, would only hold each other up."""
    return 1 if engine == "simpy" else min(available_processors(), MOST_AT_ONCE)


def _loaded(source: Source) -> Loaded:
    return source if isinstance(source, Loaded) else load_scenario(source)
