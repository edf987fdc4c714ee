"""A declared study carried out, stage by stage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from simulator.engines.choice import Engine
from simulator.errors import ScenarioError, StudyError
from simulator.experiment.bottlenecks.bottlenecks import Bottlenecks, bottlenecks
from simulator.experiment.bottlenecks.ladder import Ladder, ladder
from simulator.experiment.bottlenecks.worth import NET
from simulator.experiment.comparison import compare
from simulator.experiment.declared import declaration as asking
from simulator.experiment.declared.declaration import MSER5, Interaction, Sensitivity
from simulator.experiment.declared.declared import FEW, Declared
from simulator.experiment.declared.made import check_seed, read_made
from simulator.experiment.declared.outcome import Indices, Outcome
from simulator.experiment.diary.told import Told, tell
from simulator.experiment.evidence import added_by
from simulator.experiment.forecast.backtest import Backtest, backtest
from simulator.experiment.forecast.forecast import Forecast, forecast
from simulator.experiment.plan import Plan
from simulator.experiment.replication_rule import PrecisionPath, run_on, run_to_precision
from simulator.experiment.replications import Progress, run_all
from simulator.experiment.search.result import SearchResult
from simulator.experiment.search.search import search
from simulator.experiment.sensitivity.indices import Grid, grid, morris, sobol
from simulator.experiment.sensitivity.parameters import Parameter, parameters_of
from simulator.experiment.sensitivity.tornado import Tornado, most_telling, tornado
from simulator.experiment.study import Study
from simulator.experiment.tasks import Cancellation, stop_if_cancelled
from simulator.experiment.trust import Checks, TwinCheck, twin_check
from simulator.experiment.warm_up import Settling, run_from_empty, settlings_of
from simulator.schema.loading import Loaded
from simulator.schema.quantity import fixed

Asked = TypeVar("Asked")
Found = TypeVar("Found")
Stage = Callable[[str], AbstractContextManager[Progress]]
"""Opens a stage of the work by its name, and gives what is told how far it is."""


def conduct(
    declared: Declared, stage: Stage, *, jobs: int | None = None, seed: int | None = None, engine: Engine = "auto",
    cluster: str | None = None, cancelled: Cancellation = None, made: Path | None = None,
) -> Outcome:  # fmt: skip
    """Carry a study out; raises StudyError where its comparison makes no sense, and ``Cancelled``.

    The replications of an earlier one that ``save_made`` wrote to the file ``made`` are not made again; StudyError says
    where they do not fit.

    Where a block beside the comparison turns out to make no sense, the outcome says why and holds all the others. A
    seed takes the place of the file's; jobs, engine and cluster change how long it takes, never its result.
    """
    return _Conduct(declared, stage, declared.plan(seed, jobs, engine, cluster), cancelled, made).outcome()


@dataclass
class _Conduct:
    declared: Declared
    stage: Stage
    plan: Plan
    cancelled: Cancellation
    made: Path | None
    refused: list[str] = field(default_factory=list)

    def outcome(self) -> Outcome:
        said = self.declared.declaration
        if self.made is not None:
            check_seed(self.made, self.plan.seed)
        settlings = () if said.mode == "terminating" else self._settlings()
        if said.warm_up == MSER5:
            self.plan = replace(self.plan, warm_up=longest(settlings))
        studies, paths = self._studies()
        self.plan = replace(self.plan, replications=studies[0].replications)
        comparison = compare(studies[0], studies[1:], said.kpis) if len(studies) > 1 else None
        twins = self._twins() if said.twins else ()
        single = [each for each in said.sensitivity if each.method == "one_at_a_time"]
        tornados = self._tried("sensitivity", self._tornado, single)
        indices = self._tried("sensitivity", self._indices, [each for each in said.sensitivity if each not in single])
        grids = self._tried("interactions", self._grid, said.interactions)
        target = None if said.precision is None else fixed(said.precision.target)
        others = self.declared.scenarios[1:]
        about = [each for each in tornados if each.kpi.name == said.kpis[0]] or tornados
        added = added_by(self.declared.scenarios)
        checks = Checks(about[0] if about else None, twins, settlings, target, said.mode, added)
        return Outcome(
            self.declared, self.plan, tuple(studies), comparison, checks, paths, tuple(tornados), tuple(indices),
            tuple(grids), self._one("bottlenecks", self._clogs, said.bottlenecks),
            self._one("bottlenecks", self._ladder, said.bottlenecks), self._one("search", self._search, said.search),
            self._one("forecast", self._forecast, said.forecast),
            self._one("forecast", self._backtest, said.forecast),
            tuple(self._tried("diary", self._diary, others if said.diary else ())), tuple(self.refused),
        )  # fmt: skip

    def _tried(self, block: str, work: Callable[[Asked], Found], asked: Iterable[Asked]) -> list[Found]:
        """What comes of each part of a block; of one that makes no sense the reason is kept, and the rest goes on."""
        found = []
        for each in asked:
            try:
                found.append(work(each))
            except (StudyError, ScenarioError) as error:
                self.refused.append(f"{block}: {error}")
        return found

    def _one(self, block: str, work: Callable[[Asked], Found | None], asked: Asked | None) -> Found | None:
        """The same for a block that there is once or not at all."""
        return next(iter(self._tried(block, work, () if asked is None else (asked,))), None)

    def _settlings(self) -> tuple[tuple[str, tuple[Settling, ...]], ...]:
        """Every series of every scenario from the empty start on, over a few replications."""
        few = replace(self.plan, replications=min(FEW, self.plan.replications))
        with self.stage("replications for the warm-up") as progress:
            studies = run_from_empty(self.declared.scenarios, few, progress, self.cancelled)
        return tuple((study.name, settlings_of(study)) for study in studies)

    def _studies(self) -> tuple[list[Study], tuple[PrecisionPath, ...]]:
        said, scenarios = self.declared.declaration, self.declared.scenarios
        most = self.plan.replications if said.precision is None else said.precision.most
        made = self._made_before(most)
        with self.stage("replications") as progress:
            if said.precision is None and not made:
                return run_all(scenarios, self.plan, progress, self.cancelled), ()
            if said.precision is None:
                return run_on(scenarios, self.plan, made, progress, self.cancelled), ()
            found = run_to_precision(
                scenarios, self.plan, fixed(said.precision.target), said.precision.kpis or said.kpis,
                said.precision.most, made, progress, self.cancelled,
            )  # fmt: skip
            return found.studies, found.paths

    def _made_before(self, most: int) -> list[Study]:
        """The replications to go on from; of a scenario that has been added since they are made first, as many."""
        if self.made is None:
            return []
        scenarios = self.declared.scenarios
        found = read_made(self.made, scenarios, self.plan, most)
        added = [loaded for loaded, study in zip(scenarios, found, strict=True) if study is None]
        if not added:
            return [study for study in found if study is not None]
        plan = replace(self.plan, replications=next(study.replications for study in found if study is not None))
        with self.stage("replications of what was added") as progress:
            new = iter(run_all(added, plan, progress, self.cancelled))
        return [next(new) if study is None else study for study in found]

    def _twins(self) -> tuple[TwinCheck, ...]:
        found = []
        with self.stage("scenarios run by both engines") as progress:
            for done, loaded in enumerate(self.declared.scenarios, start=1):
                stop_if_cancelled(self.cancelled)
                found.append(twin_check(loaded, self.plan))
                if progress is not None:
                    progress(done, len(self.declared.scenarios))
        return tuple(found)

    def _tornado(self, asked: Sensitivity) -> Tornado:
        plan, kpi = self._sized(asked)
        moved = self._moved(asked, plan, kpi)
        with self.stage(f"replications for the tornado of {kpi}") as progress:
            return tornado(self.declared.base, plan, [kpi], moved, progress, self.cancelled)[0]

    def _indices(self, asked: Sensitivity) -> Indices:
        plan, kpi = self._sized(asked)
        moved, base = self._moved(asked, plan, kpi), self.declared.base
        with self.stage(f"replications for {asked.method} of {kpi}") as progress:
            if asked.method == "morris":
                effects = morris(base, plan, kpi, moved, asked.points or 10, progress, self.cancelled)
                return Indices(kpi, asked.method, effects=tuple(effects))
            shares = sobol(base, plan, kpi, moved, asked.points or 64, progress, self.cancelled)
            return Indices(kpi, asked.method, shares=tuple(shares))

    def _moved(self, asked: Sensitivity, plan: Plan, kpi: str) -> Sequence[Parameter]:
        known = parameters_of(self.declared.base)
        if asked.parameters:
            return self.declared.parameters(asked.parameters)
        if len(known) <= asked.most:
            return list(known.values())
        with self.stage("variants screened") as progress:
            return most_telling(self.declared.base, plan, [kpi], asked.most, progress, self.cancelled)

    def _grid(self, asked: Interaction) -> Grid:
        plan, kpi = self._sized(asked)
        rows, columns = self.declared.parameters([asked.rows])[0], self.declared.parameters([asked.columns])[0]
        with self.stage(f"replications for the heat map of {kpi}") as progress:
            return grid(self.declared.base, plan, kpi, rows, columns, asked.levels, progress, self.cancelled)

    def _clogs(self, asked: asking.Bottlenecks) -> Bottlenecks:
        plan, kpi = self._sized(asked)
        base, kinds = self.declared.base, asked.kinds
        with self.stage("replications for the bottlenecks") as progress:
            return bottlenecks(base, plan, kpi, progress, self.cancelled, kinds, asked.most)

    def _ladder(self, asked: asking.Bottlenecks) -> Ladder | None:
        plan, kpi = self._sized(asked)
        if not asked.rungs or kpi not in NET:
            return None
        base, kinds = self.declared.base, self.declared.climbed(asked)
        with self.stage("replications of the ladder") as progress:
            return ladder(base, plan, kpi, progress, self.cancelled, asked.rungs, kinds, asked.most)

    def _search(self, asked: asking.Search) -> SearchResult:
        plan, _ = self._sized(asked)
        searched = self.declared.search_plan(asked, plan)
        with self.stage("trials of the search") as progress:
            return search(
                self.declared.base, self.declared.space(asked, searched.study), searched, progress, self.cancelled
            )

    def _forecast(self, asked: asking.Forecast) -> Forecast:
        with self.stage("futures") as progress:
            return forecast(self.declared.base, self._ahead(asked), asked.months, progress, self.cancelled)

    def _backtest(self, asked: asking.Forecast) -> Backtest | None:
        if asked.backtest is None:
            return None
        plan, truths = self._ahead(asked), asked.backtest
        with self.stage("replications of the backtest") as progress:
            return backtest(self.declared.base, plan, asked.months, truths, progress, self.cancelled)

    def _diary(self, other: Loaded) -> Told:
        asked = self.declared.declaration.diary or asking.Diary()
        plan = replace(self.plan, replications=asked.replications)
        with self.stage(f"replications followed lead by lead with {other.scenario.name}") as progress:
            return tell(self.declared.base, other, plan, asked.stories, progress, self.cancelled)

    def _ahead(self, asked: asking.Forecast) -> Plan:
        return replace(self.plan, replications=asked.replications, warm_up=None)

    def _sized(self, asked: Sensitivity | Interaction | asking.Bottlenecks | asking.Search) -> tuple[Plan, str]:
        return replace(self.plan, replications=asked.replications), self.declared.kpi(asked.kpi)


def longest(settlings: Sequence[tuple[str, tuple[Settling, ...]]]) -> float:
    """The warm-up that MSER-5 asks for over all series of all scenarios, in hours; those that never settle aside.

    Raises StudyError where none settles.
    """
    asked = [each.suggested for _, found in settlings for each in found if each.suggested is not None]
    if not asked:
        raise StudyError("MSER-5 finds no series that settles: state the warm-up, or run longer")
    return max(asked)
