"""The best portfolio of tools, staffing and policies: proposed, smoothed, and confirmed with fresh replications."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.investment import check_discount
from simulator.experiment.plan import LARGEST_SEED, MOST_REPLICATIONS, Plan
from simulator.experiment.replications import Progress, compiled
from simulator.experiment.search.confirmation import Confirmation
from simulator.experiment.search.evaluation import Trial, Trials
from simulator.experiment.search.goal import Goal, Target, target_of
from simulator.experiment.search.interactions import interactions
from simulator.experiment.search.proposals import Score, explore
from simulator.experiment.search.result import SearchResult, Tried
from simulator.experiment.search.rounds import Rounds
from simulator.experiment.search.selection import FIRST, Selected, kim_nelson
from simulator.experiment.search.shortlist import Outlook
from simulator.experiment.search.space import Choice, Space
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import catalogue
from simulator.records import Floats
from simulator.schema.loading import Loaded

CONFIRMING: Final = 30
"""Replications behind a figure that is told, where fewer than four times as many may select."""
LITTLE: Final = 0.01
"""Beyond a limit by less than this, only that much is said."""


@dataclass(frozen=True)
class SearchPlan:
    """How a search is made."""

    goal: Goal = field(default_factory=Goal)
    study: Plan = field(default_factory=lambda: Plan(replications=2))
    """Seed, workers, horizon, and the replications of each choice in the search."""
    trials: int = 150
    """Most choices that are tried."""
    candidates: int = 5
    """Likely best choices that are measured with fresh replications, beside the base and the likely frontier."""
    fresh: int = 100
    """Most fresh replications of a choice by which the best is selected."""
    indifference: float | None = None
    """Difference in the KPI that does not matter; the smallest that the fresh replications can settle if None."""
    discount: float | None = None
    """Yearly rate of the net present value; the scenario's cost of finance if None."""

    def __post_init__(self) -> None:
        for what, value, least in (("trials", self.trials, 1), ("candidates", self.candidates, 1),
                                   ("fresh replications", self.fresh, 2)):  # fmt: skip
            if not least <= value <= MOST_REPLICATIONS:
                raise StudyError(f"the number of {what} must lie between {least} and {MOST_REPLICATIONS}, not {value}")
        if self.indifference is not None and not self.indifference > 0:
            raise StudyError(f"the difference that does not matter must be positive, not {self.indifference:g}")
        if self.discount is not None:
            check_discount(self.discount)

    @property
    def fresh_seed(self) -> int:
        """Seed of the replications by which the best is selected."""
        return (self.study.seed + 1) % (LARGEST_SEED + 1)

    @property
    def confirmed_seed(self) -> int:
        """Seed of the replications of the figures that are told, by which nothing is chosen."""
        return (self.study.seed + 2) % (LARGEST_SEED + 1)

    @property
    def confirming(self) -> int:
        """Replications of each choice whose figures are told."""
        return max(min(CONFIRMING, self.fresh), self.fresh // 4)


def search(
    loaded: Loaded, space: Space, plan: SearchPlan, progress: Progress = None, cancelled: Cancellation = None
) -> SearchResult:
    """Find the choice that makes a KPI best within a budget and constraints, and say how surely it is the best.

    Choices are tried in rounds with few replications and common random numbers (``explore``, ``Rounds``), evened out by
    a response surface (``smoothed``), and the likely best, the likely frontier and the base measured with a seed that
    the search never saw, until ranking and selection is sure (``kim_nelson``). All figures are of a third seed
    (``Confirmation``), by which nothing was chosen but that whatever breaks a limit there too is left out before the
    best is selected. Raises StudyError where nothing that was measured is allowed.
    """
    program = compiled(loaded, plan.study)
    target = target_of(plan.goal, catalogue(program), program.currency)
    rate = program.cost_of_finance if plan.discount is None else plan.discount
    with Trials(loaded, space, plan.study, target.kpis, plan.goal.budget, progress, cancelled) as trials:
        trials.expect(min(space.size, plan.trials))
        return _Search(loaded, space, plan, target, trials).result(program.currency, rate)


@dataclass(frozen=True)
class _Search:
    loaded: Loaded
    space: Space
    plan: SearchPlan
    target: Target
    trials: Trials

    def result(self, currency: str, rate: float) -> SearchResult:
        plan, target, base = self.plan, self.target, self.space.base
        seed = plan.study.seed
        rounds = Rounds(self.trials, seed, plan.study.replications, plan.trials)
        explore(self.space, lambda choices: list(map(self._score, rounds.tried(choices))), plan.trials, seed)
        candidates, frontier = self._shortlist(rounds.seen)
        measured = list(dict.fromkeys([base, *candidates, *frontier]))
        runners = self._allowed(measured) or self._nearest(measured, rounds.seen)
        selected = self._selected(runners)
        best = runners[selected.best]
        confirmed = Confirmation(
            self.trials, target, currency, plan.confirmed_seed, plan.confirming, list(dict.fromkeys([base, *runners]))
        )
        ranked = confirmed.ranked(runners, best)
        seeds = plan.fresh_seed, plan.confirmed_seed
        pairs = interactions(self.trials, best, target, currency, *seeds, plan.confirming)
        return SearchResult(
            scenario=self.loaded.scenario.name, kpi=target.kpi, most=target.sign > 0, currency=currency,
            budget=plan.goal.budget, constraints=plan.goal.constraints, size=self.space.size,
            complete=len(rounds.seen) >= self.space.size, seed=seed, replications=plan.study.replications,
            fresh_seed=plan.fresh_seed, confirmed_seed=plan.confirmed_seed,
            tried=tuple(self._tried(*each) for each in rounds.seen.items()), base=confirmed.portfolio(base),
            best=confirmed.portfolio(best), candidates=tuple(map(confirmed.portfolio, ranked)),
            selected=selected.ordered([runners.index(choice) for choice in ranked]),
            frontier=confirmed.frontier(runners), interactions=pairs,
            investment=confirmed.investment(best, rate),
        )  # fmt: skip

    def _score(self, trial: Trial) -> Score:
        if trial.refused:
            budget = self.plan.goal.budget
            over = math.inf if budget is None or math.isnan(trial.spending) else trial.spending / max(budget, 1.0) - 1
            return Score(math.nan, over)
        means = trial.kpis.mean(axis=1)
        return Score(self.target.sign * means[0], self._excess(means))

    def _excess(self, means: Floats) -> float:
        return self.target.excess(dict(zip(self.target.kpis, means.tolist(), strict=True)))

    def _shortlist(self, known: Mapping[Choice, Trial]) -> tuple[list[Choice], list[Choice]]:
        """The likely best and the likely frontier."""
        if not any(np.isfinite(trial.kpis.mean(axis=1)).all() for trial in known.values() if not trial.refused):
            refusals = [trial.refused for trial in known.values() if trial.refused]
            raise StudyError(f"{self.target.kpi.label} is not defined for any choice: {refusals[:1] or 'no value'}")
        outlook = Outlook(self.space, known, self.target, self.plan.goal.budget)
        return outlook.best(self.plan.candidates), outlook.frontier()

    def _allowed(self, choices: Sequence[Choice]) -> list[Choice]:
        """Those that keep to everything by fresh replications, and to the constraints by those of the figures too."""
        plan = self.plan
        self.trials.expect(len(choices))
        fresh = self._keeping(choices, plan.fresh_seed, min(FIRST, plan.fresh))
        return self._keeping(fresh, plan.confirmed_seed, plan.confirming) if self.target.constraints else fresh

    def _keeping(self, choices: Sequence[Choice], seed: int, replications: int) -> list[Choice]:
        """Those that keep to everything by a seed's replications, the cheapest first: of equals it is selected."""
        found = self.trials.tried(choices, seed, replications)
        kept = [(trial.spending, choice) for choice, trial in zip(choices, found, strict=True)
                if self._score(trial).excess <= 0 and not math.isnan(self._score(trial).value)]  # fmt: skip
        return [choice for _, choice in sorted(kept, key=lambda each: each[0])]

    def _nearest(self, measured: Sequence[Choice], known: Mapping[Choice, Trial]) -> list[Choice]:
        """Those allowed among the nearest of the search; raises StudyError with the nearest where none is."""
        seen = {choice: self._score(trial).excess for choice, trial in known.items()}
        likely = sorted(seen, key=lambda choice: seen[choice])[: self.plan.candidates]
        allowed = self._allowed(likely)
        if allowed:
            return allowed
        excess = {choice: self._worst(choice) for choice in [*measured, *likely]}
        nearest = min(excess, key=lambda choice: excess[choice])
        labels = ", ".join(f"{name} {label}" for name, label in self.space.labels(nearest).items()) or "nothing changed"
        beyond = f"{excess[nearest]:.0%}" if excess[nearest] >= LITTLE else f"less than {LITTLE:.0%}"
        raise StudyError(
            f"no choice keeps to {' and '.join(self.plan.goal.constraints) or 'the budget'}: the nearest ({labels}) is "
            f"{beyond} beyond {self._limit(nearest)}; allow more, or let more be chosen"
        )

    def _worst(self, choice: Choice) -> float:
        """How far a choice is beyond what is allowed, by the replications that refused it."""
        return max(self._score(trial).excess for trial in self._refusals(choice))

    def _limit(self, choice: Choice) -> str:
        """The limit that it is beyond."""
        trial = max(self._refusals(choice), key=lambda each: self._score(each).excess)
        if trial.refused:
            return "the budget"
        means = dict(zip(self.target.kpis, trial.kpis.mean(axis=1).tolist(), strict=True))
        return str(max(self.target.constraints, key=lambda each: each.excess(means[each.kpi])))

    def _refusals(self, choice: Choice) -> list[Trial]:
        """The choice by the replications that may refuse it."""
        known = (self.trials.known(seed) for seed in (self.plan.fresh_seed, self.plan.confirmed_seed))
        return [found[choice] for found in known if choice in found]

    def _selected(self, runners: list[Choice]) -> Selected:
        """The best of the candidates by ranking and selection."""
        plan, sign = self.plan, self.target.sign

        def sampling(systems: Sequence[int], replications: int) -> list[Floats]:
            found = self.trials.tried([runners[each] for each in systems], plan.fresh_seed, replications)
            return [sign * trial.kpis[0][:replications] for trial in found]

        return kim_nelson(len(runners), sampling, plan.fresh, plan.indifference)

    def _tried(self, choice: Choice, trial: Trial) -> Tried:
        score = self._score(trial)
        value = self.target.sign * score.value
        return Tried(self.space.labels(choice), trial.spending, value, score.excess <= 0, trial.refused)
