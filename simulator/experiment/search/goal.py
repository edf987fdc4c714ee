"""What a search is for: a KPI, constraints on others, and a budget."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal

from simulator.errors import StudyError
from simulator.kpis.catalogue import Kpi
from simulator.kpis.window import DAY, MONTH
from simulator.schema.names import no_kpi
from simulator.schema.units import parse_units

Direction = Literal["auto", "most", "least"]
_CONSTRAINT: Final = re.compile(r"\s*(?P<kpi>[\w*?]+)\s*(?P<sense><=|>=)\s*(?P<limit>.+?)\s*")
_HOURS: Final = {"h": 1.0, "d": DAY, "months": MONTH}
"""Hours in the units of KPIs that are times."""


@dataclass(frozen=True)
class Constraint:
    """One side on which the mean of a KPI has to stay."""

    kpi: str
    sense: Literal["<=", ">="]
    limit: float
    """In the unit of the KPI."""
    unit: str = ""

    def excess(self, value: float) -> float:
        """How far a value is beyond the limit, relative to it; 0 or less where it is kept, infinite for NaN."""
        if math.isnan(value):
            return math.inf
        beyond = value - self.limit if self.sense == "<=" else self.limit - value
        return beyond / (abs(self.limit) or 1.0)

    def __str__(self) -> str:
        return f"{self.kpi} {self.sense} {self.limit:g}"


@dataclass(frozen=True)
class Goal:
    """The KPI that is to be as good as it can be, and what must hold meanwhile."""

    kpi: str = "margin"
    direction: Direction = "auto"
    """Whether most or least is best; auto takes the way in which the KPI is better."""
    budget: float | None = None
    """Most that may be committed beyond the base in the first year, in the currency of the scenario."""
    constraints: tuple[str, ...] = ()
    """Such as ``dso <= 45 d`` or ``utilisation_* <= 85 %``, where the star stands for every KPI whose name fits."""

    def __post_init__(self) -> None:
        if self.budget is not None and not (math.isfinite(self.budget) and self.budget >= 0):
            raise StudyError(f"the budget must be an amount of 0 or more, not {self.budget:g}")


@dataclass(frozen=True)
class Target:
    """A goal against the KPIs of a scenario."""

    kpi: Kpi
    sign: float
    """1 where most is best and -1 where least is."""
    constraints: tuple[Constraint, ...]

    @property
    def kpis(self) -> tuple[str, ...]:
        """Names of all KPIs that are looked at, that of the goal first."""
        return tuple(dict.fromkeys([self.kpi.name, *(each.kpi for each in self.constraints)]))

    def excess(self, values: Mapping[str, float]) -> float:
        """How far the worst kept constraint is beyond its limit; 0 or less where all are kept."""
        return max((each.excess(values[each.kpi]) for each in self.constraints), default=0.0)


def target_of(goal: Goal, catalogue: Mapping[str, Kpi], currency: str) -> Target:
    """The goal with its KPIs found and its limits read; raises StudyError with what is wrong and how to mend it."""
    if goal.kpi not in catalogue:
        raise StudyError(no_kpi(goal.kpi, catalogue))
    kpi = catalogue[goal.kpi]
    if goal.direction == "auto" and kpi.better == "neither":
        raise StudyError(f"of {goal.kpi} neither more nor less is better: say whether most or least is wanted")
    most = goal.direction == "most" or (goal.direction == "auto" and kpi.better == "higher")
    found = [each for text in goal.constraints for each in constraints_of(text, catalogue, currency)]
    return Target(kpi, 1.0 if most else -1.0, tuple(found))


def constraints_of(text: str, catalogue: Mapping[str, Kpi], currency: str) -> Sequence[Constraint]:
    """The constraints that a text such as ``utilisation_* <= 85 %`` states, one for each KPI whose name fits."""
    written = _CONSTRAINT.fullmatch(text)
    if written is None:
        raise StudyError(f"'{text}' is no constraint: write one such as 'dso <= 45 d' or 'utilisation_* <= 85 %'")
    pattern, sense = written["kpi"], written["sense"]
    names = [name for name in catalogue if fnmatchcase(name, pattern)]
    if not names:
        raise StudyError(no_kpi(pattern, catalogue))
    limits = [amount_of(f"in '{text}' the limit", written["limit"], catalogue[name], currency) for name in names]
    return [
        Constraint(name, "<=" if sense == "<=" else ">=", limit, catalogue[name].unit)
        for name, limit in zip(names, limits, strict=True)
    ]


def amount_of(what: str, written: str, kpi: Kpi, currency: str) -> float:
    """An amount in the unit of a KPI; a number without a unit is taken to be in it. Raises StudyError for any other."""
    parsed = parse_units(written)
    if parsed is not None:
        if parsed.dimension in {"number", "share"}:
            return parsed.value
        if parsed.dimension == "duration" and kpi.unit in _HOURS:
            return parsed.value / _HOURS[kpi.unit]
        if parsed.dimension == "money" and kpi.unit == currency == parsed.currency:
            return parsed.value
    raise StudyError(f"{what} '{written}' is not in the unit of {kpi.name}, which is {kpi.unit}")
