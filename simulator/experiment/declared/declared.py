"""A declared study with the scenarios that it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulator.engines.choice import Engine
from simulator.experiment.bottlenecks.ladder import PRICED
from simulator.experiment.bottlenecks.levers import KINDS, Kind
from simulator.experiment.declared.declaration import Bottlenecks, Declaration, Search
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.experiment.search.dimensions import space_of
from simulator.experiment.search.goal import Goal, amount_of, target_of
from simulator.experiment.search.search import SearchPlan
from simulator.experiment.search.space import Space
from simulator.experiment.sensitivity.parameters import Parameter, chosen
from simulator.kpis.catalogue import catalogue
from simulator.schema.loading import Loaded
from simulator.schema.quantity import Quantity, fixed

FEW: Final = 10
"""Replications with which a study of a given precision begins, and from which a warm-up is read."""


@dataclass(frozen=True)
class Declared:
    """A study that can be run."""

    declaration: Declaration
    path: Path
    scenarios: tuple[Loaded, ...]
    """The base, then what is compared with it."""

    @property
    def base(self) -> Loaded:
        """The scenario that the others are compared with, and whose assumptions are moved."""
        return self.scenarios[0]

    def plan(
        self, seed: int | None = None, jobs: int | None = None, engine: Engine = "auto", cluster: str | None = None
    ) -> Plan:
        """How each scenario is replicated; a seed takes the place of the file's. Raises StudyError as ``Plan`` does."""
        said = self.declaration
        usual = 30 if said.precision is None else min(FEW, said.precision.most)
        stated = 0.0 if said.mode == "terminating" else None
        return Plan(
            seed=said.seed if seed is None else seed, replications=said.replications or usual, jobs=jobs,
            warm_up=fixed(said.warm_up) if isinstance(said.warm_up, Quantity) else stated,
            length=None if said.length is None else fixed(said.length), engine=engine, cluster=cluster,
        )  # fmt: skip

    def kpi(self, named: str) -> str:
        """A KPI that a block names, or the first of the study."""
        return named or self.declaration.kpis[0]

    def parameters(self, wanted: Sequence[str]) -> list[Parameter]:
        """The numbers of the base that are to be moved."""
        return chosen(self.base, wanted)

    def climbed(self, asked: Bottlenecks) -> tuple[Kind, ...]:
        """Kinds of relief that a ladder climbs by: those that are named, otherwise those whose cost is stated."""
        return asked.kinds if asked.kinds != KINDS else PRICED

    def goal(self, asked: Search) -> Goal:
        """What a search is for; raises StudyError for a budget that is none."""
        budget = None if asked.budget is None else fixed(asked.budget)
        return Goal(self.kpi(asked.kpi), asked.want, budget, asked.constraints)

    def search_plan(self, asked: Search, plan: Plan) -> SearchPlan:
        """How a search is made; raises StudyError for a budget, an indifference or a discount rate that is none."""
        goal, program = self.goal(asked), compiled(self.base, plan)
        close = None
        if asked.indifference is not None:
            kpi = target_of(goal, catalogue(program), program.currency).kpi
            close = amount_of("the indifference", str(asked.indifference), kpi, program.currency)
        discount = None if asked.discount is None else fixed(asked.discount)
        return SearchPlan(goal, plan, asked.trials, asked.candidates, asked.fresh, close, discount)

    def space(self, asked: Search, plan: Plan | None = None) -> Space:
        """What a search may choose from."""
        return space_of(self.base, asked.tools, asked.teams, asked.policies, plan)
