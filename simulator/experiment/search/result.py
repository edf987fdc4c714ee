"""What a search found: the best portfolio, what else was looked at, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from simulator.experiment.intervals import Estimate
from simulator.experiment.investment import Investment
from simulator.experiment.search.goal import Constraint
from simulator.experiment.search.selection import Selected
from simulator.experiment.search.space import Choice
from simulator.kpis.catalogue import Kpi

Kept = Literal["kept", "not certain", "broken"]
"""Whether a limit is kept: by the whole 95 % interval, by the mean alone, or not."""


@dataclass(frozen=True)
class Tried:
    """A choice as the search saw it, with the few replications that the search makes."""

    levels: Mapping[str, str]
    """What is chosen in each dimension that is not as the scenario has it."""
    spending: float
    """Committed in the first year beyond the base, in currency units."""
    value: float
    """Mean of the KPI; NaN where the choice was not simulated."""
    allowed: bool
    """Whether it keeps to the budget and, on the mean, to the constraints."""
    refused: str
    """Why it was not simulated; empty where it was."""


@dataclass(frozen=True)
class Limit:
    """A constraint, and what the KPI that it is about turned out to be."""

    constraint: Constraint
    value: Estimate
    kept: Kept


@dataclass(frozen=True)
class Portfolio:
    """A choice measured with replications by which none was chosen."""

    choice: Choice
    levels: Mapping[str, str]
    spending: float
    result: Estimate
    """The KPI."""
    gain: Estimate
    """The KPI less that of the base, over common replications."""
    limits: tuple[Limit, ...]
    """Each constraint, kept or not."""
    allowed: bool
    """Whether it keeps to the constraints on the mean."""
    replications: int

    @property
    def kept(self) -> Kept:
        """How the limit that it keeps least is kept."""
        states: tuple[Kept, ...] = ("broken", "not certain")
        return next((state for state in states if any(each.kept == state for each in self.limits)), "kept")


@dataclass(frozen=True)
class Interaction:
    """What two levels of the best portfolio are worth alone and together, against the base."""

    one: str
    other: str
    one_alone: Estimate
    other_alone: Estimate
    both: Estimate
    synergy: Estimate
    """Both less the one alone less the other alone: what they are worth to each other."""
    p_adjusted: float
    """Of the synergy, adjusted over all pairs by Holm's method."""


@dataclass(frozen=True)
class SearchResult:
    """A search from start to end."""

    scenario: str
    """Name for people."""
    kpi: Kpi
    most: bool
    """Whether most of the KPI is best."""
    currency: str
    budget: float | None
    constraints: tuple[str, ...]
    size: int
    """Choices that there are."""
    complete: bool
    """Whether all of them were tried."""
    seed: int
    replications: int
    """Of each choice in the search."""
    fresh_seed: int
    """Of the replications by which the best was selected."""
    confirmed_seed: int
    """Of the replications of all figures of portfolios, interactions and investment, by which none was chosen."""
    tried: tuple[Tried, ...]
    base: Portfolio
    best: Portfolio
    candidates: tuple[Portfolio, ...]
    """Those among which the best was selected: it first, the others by gain."""
    selected: Selected
    """Its systems are the candidates, in their order."""
    frontier: tuple[Portfolio, ...]
    """Of all that were measured afresh and keep to the constraints, those that none beats in both spending and gain;
    the cheapest first."""
    interactions: tuple[Interaction, ...]
    investment: Investment | None
    """The best against the base; None where it is the base, or was there before the measured time, from whose first day
    cash is counted."""

    @property
    def no_investment(self) -> str:
        """Why there is neither payback nor net present value; empty where there is."""
        if self.investment is not None:
            return ""
        if self.best.choice == self.base.choice:
            return "Nothing is changed, so nothing has to pay back."
        return (
            "No payback and no net present value: some of it, a policy or a what-if, is there from the first day of "
            "the run and not from the day on which cash begins to count."
        )

    @property
    def settled(self) -> bool:
        """Whether the selection ended with its guarantee."""
        return self.selected.confidence > 0
