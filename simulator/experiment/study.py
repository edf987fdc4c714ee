"""What a study leaves: samples of every KPI over its replications, and what is needed to show and to repeat them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from simulator.experiment.intervals import CONFIDENCE, Estimate, t_interval
from simulator.experiment.plan import Plan
from simulator.kpis.catalogue import Kpi
from simulator.kpis.measures import Pictures
from simulator.program.program import Names
from simulator.records import Floats


@dataclass(frozen=True, eq=False)
class Study:
    """Replications of one scenario, small enough to keep many; it is equal to itself alone."""

    name: str
    """Name of the scenario for people."""
    key: str
    """Shipped name or path, as the scenario was asked for."""
    digest: str
    """Fingerprint of the files that the scenario was read from."""
    plan: Plan
    currency: str
    start: dt.datetime
    """Local time at hour 0."""
    warm_up: float
    """Hours that no figure counts."""
    end: float
    """Hours from the start to the end of each run, warm-up included."""
    names: Names
    """What the indices in the pictures stand for."""
    catalogue: Mapping[str, Kpi]
    samples: Mapping[str, Floats]
    """For each KPI one value a replication, in the order of the replications; NaN where it is undefined."""
    pictures: Pictures
    """Means over the replications in which a figure is defined."""
    missed: tuple[str, ...] = ()
    """What was asked of the replications and not reached, in sentences."""
    growth: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """Queue of each team in the last third of the measured time less that in the first, shape (replications, teams)."""

    @property
    def replications(self) -> int:
        """Replications made."""
        return self.plan.replications

    @property
    def length(self) -> float:
        """Hours measured in each replication."""
        return self.end - self.warm_up

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything that weakens its figures, the gravest first."""
        from simulator.experiment.warnings import warnings_of  # which reads studies

        return (*warnings_of(self), *self.missed)

    def estimate(self, kpi: str, confidence: float = CONFIDENCE) -> Estimate:
        """Mean and interval of one KPI."""
        return t_interval(self.samples[kpi], confidence, self.catalogue[kpi].unit)

    def estimates(self, confidence: float = CONFIDENCE) -> dict[str, Estimate]:
        """Mean and interval of every KPI, in the order of the catalogue."""
        return {kpi: self.estimate(kpi, confidence) for kpi in self.catalogue}
