"""What a declared study found."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.experiment.bottlenecks.bottlenecks import Bottlenecks
from simulator.experiment.bottlenecks.ladder import Ladder
from simulator.experiment.comparison import Comparison
from simulator.experiment.declared.declared import Declared
from simulator.experiment.diary.told import Told
from simulator.experiment.forecast.backtest import Backtest
from simulator.experiment.forecast.forecast import Forecast
from simulator.experiment.plan import Plan
from simulator.experiment.replication_rule import PrecisionPath
from simulator.experiment.search.result import SearchResult
from simulator.experiment.sensitivity.indices import Effect, Grid, Share
from simulator.experiment.sensitivity.tornado import Tornado
from simulator.experiment.study import Study
from simulator.experiment.trust import Checks, TrustLine, trust_card


@dataclass(frozen=True)
class Indices:
    """All assumptions moved at once, for one KPI."""

    kpi: str
    method: str
    effects: tuple[Effect, ...] = ()
    """Of Morris."""
    shares: tuple[Share, ...] = ()
    """Of Sobol."""


@dataclass(frozen=True)
class Outcome:
    """Everything that a declared study found."""

    declared: Declared
    plan: Plan
    """As it was carried out: with the warm-up that was chosen and the replications that were made."""
    studies: tuple[Study, ...]
    """The base, then what is compared with it."""
    comparison: Comparison | None
    checks: Checks
    precision: tuple[PrecisionPath, ...] = ()
    tornados: tuple[Tornado, ...] = ()
    indices: tuple[Indices, ...] = ()
    grids: tuple[Grid, ...] = ()
    bottlenecks: Bottlenecks | None = None
    ladder: Ladder | None = None
    search: SearchResult | None = None
    forecast: Forecast | None = None
    backtest: Backtest | None = None
    """How often such forecasts held, where it was asked."""
    diaries: tuple[Told, ...] = ()
    """Of the base with each other scenario."""
    refused: tuple[str, ...] = ()
    """Blocks that turned out to make no sense, each with the reason; all others were carried out."""

    @property
    def base(self) -> Study:
        """The scenario that the others are compared with."""
        return self.studies[0]

    @property
    def card(self) -> list[TrustLine]:
        """What a reader must know before believing it."""
        return trust_card(self.studies, self.declared.declaration.kpis, self.checks)
