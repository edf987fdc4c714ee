"""The best portfolio of tools, staffing and policies: proposed, smoothed, and confirmed with fresh replications."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.comparison import paired
from simulator.experiment.intervals import t_interval
from simulator.experiment.investment import Investment, check_discount, investment
from simulator.experiment.plan import LARGEST_SEED, MOST_REPLICATIONS, Plan
from simulator.experiment.replications import Progress, compiled
from simulator.experiment.search.evaluation import Trial, Trials
from simulator.experiment.search.goal import Goal, Target, target_of
from simulator.experiment.search.interactions import interactions
from simulator.experiment.search.proposals import Score, explore
from simulator.experiment.search.result import Portfolio, SearchResult, Tried
from simulator.experiment.search.selection import FIRST, Selected, kim_nelson
from simulator.experiment.search.shortlist import Outlook, undominated
from simulator.experiment.search.space import Choice, Space
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import catalogue
from simulator.records import Floats
from simulator.schema.loading import Loaded


@dataclass(frozen=True)
class SearchPlan:
    """How a search is made."""

    goal: Goal = field(default_factory=Goal)
    study: Plan = field(default_factory=lambda: Plan(replications=2))
    """Seed, workers, horizon, and the replications of each choice in the search."""
    trials: int = 150
    """Most choices that are tried."""
    candidates: int = 5
    """Choices, beside the base, among which the best is selected with fresh replications."""
    fresh: int = 100
    """Most fresh replications of a candidate."""
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
        """Seed of the fresh replications."""
        return (self.study.seed + 1) % (LARGEST_SEED + 1)


def search(
    loaded: Loaded, space: Space, plan: SearchPlan, progress: Progress = None, cancelled: Cancellation = None
) -> SearchResult:
    """Find the choice that makes a KPI best within a budget and constraints, and say how surely it is the best.

    Choices are tried with few replications and common random numbers (``explore``), evened out by a response surface
    (``smoothed``), and the likely best and the base measured with a seed that the search never saw, until ranking and
    selection is sure (``kim_nelson``). Raises StudyError where nothing that was tried is allowed.
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
        plan, target = self.plan, self.target
        seed = plan.study.seed
        self.trials.tried([self.space.base], seed, plan.study.replications)
        explore(self.space, self._scores, plan.trials, seed)
        candidates, frontier = self._shortlist()
        measured = list(dict.fromkeys([self.space.base, *candidates, *frontier]))
        self.trials.expect(len(measured))
        self.trials.tried(measured, plan.fresh_seed, min(FIRST, plan.fresh))
        runners = [choice for choice in [self.space.base, *candidates] if self._portfolio(choice).allowed]
        runners = list(dict.fromkeys(runners)) or self._nothing()
        runners.sort(key=lambda choice: self._portfolio(choice).spending)  # of equals the cheapest is selected
        selected = self._selected(runners)
        best = runners[selected.best]
        pairs = interactions(
            self.trials, best, target.sign, target.kpi.unit, plan.fresh_seed, min(2 * FIRST, plan.fresh)
        )
        portfolios = sorted(map(self._portfolio, runners), key=lambda each: -target.sign * each.result.mean)
        known = self.trials.known(seed)
        return SearchResult(
            scenario=self.loaded.scenario.name, kpi=target.kpi, most=target.sign > 0, currency=currency,
            budget=plan.goal.budget, constraints=plan.goal.constraints, size=self.space.size,
            complete=len(known) >= self.space.size, seed=seed, replications=plan.study.replications,
            fresh_seed=plan.fresh_seed, tried=tuple(self._tried(*each) for each in known.items()),
            base=self._portfolio(self.space.base), best=self._portfolio(best), candidates=tuple(portfolios),
            selected=selected, frontier=self._frontier(measured), interactions=pairs,
            investment=self._investment(best, rate, currency),
        )  # fmt: skip

    def _scores(self, choices: Sequence[Choice]) -> list[Score]:
        study = self.plan.study
        return [self._score(trial) for trial in self.trials.tried(choices, study.seed, study.replications)]

    def _score(self, trial: Trial) -> Score:
        if trial.refused:
            budget = self.plan.goal.budget
            over = math.inf if budget is None or math.isnan(trial.spending) else trial.spending / max(budget, 1.0) - 1
            return Score(math.nan, over)
        means = trial.kpis.mean(axis=1)
        return Score(self.target.sign * means[0], self._excess(means))

    def _excess(self, means: Floats) -> float:
        return self.target.excess(dict(zip(self.target.kpis, means.tolist(), strict=True)))

    def _shortlist(self) -> tuple[list[Choice], list[Choice]]:
        """The likely best and the likely frontier."""
        known = self.trials.known(self.plan.study.seed)
        if not any(np.isfinite(trial.kpis.mean(axis=1)).all() for trial in known.values() if not trial.refused):
            refusals = [trial.refused for trial in known.values() if trial.refused]
            raise StudyError(f"{self.target.kpi.label} is not defined for any choice: {refusals[:1] or 'no value'}")
        outlook = Outlook(self.space, known, self.target, self.plan.goal.budget)
        return outlook.best(self.plan.candidates), outlook.frontier()

    def _nothing(self) -> list[Choice]:
        """Say that no choice is allowed, and which comes nearest."""
        scores = {choice: self._score(trial) for choice, trial in self.trials.known(self.plan.study.seed).items()}
        nearest = min(scores, key=lambda choice: scores[choice].excess)
        labels = ", ".join(f"{name} {label}" for name, label in self.space.labels(nearest).items()) or "nothing changed"
        raise StudyError(
            f"no choice keeps to {' and '.join(self.plan.goal.constraints) or 'the budget'}: the nearest ({labels}) is "
            f"{scores[nearest].excess:.0%} beyond; allow more, or let more be chosen"
        )

    def _selected(self, runners: list[Choice]) -> Selected:
        """The best of the candidates by ranking and selection."""
        plan, sign = self.plan, self.target.sign

        def sampling(systems: Sequence[int], replications: int) -> list[Floats]:
            found = self.trials.tried([runners[each] for each in systems], plan.fresh_seed, replications)
            return [sign * trial.kpis[0][:replications] for trial in found]

        return kim_nelson(len(runners), sampling, plan.fresh, plan.indifference)

    def _frontier(self, measured: Sequence[Choice]) -> tuple[Portfolio, ...]:
        fresh = self.trials.known(self.plan.fresh_seed)
        found = [each for each in map(self._portfolio, [choice for choice in measured if not fresh[choice].refused])
                 if each.allowed]  # fmt: skip
        spending = np.array([each.spending for each in found])
        values = np.array([self.target.sign * each.result.mean for each in found])
        return tuple(found[place] for place in undominated(spending, values))

    def _portfolio(self, choice: Choice) -> Portfolio:
        """A choice as its fresh replications show it."""
        fresh, target = self.trials.known(self.plan.fresh_seed), self.target
        trial, base, unit = fresh[choice], fresh[self.space.base], target.kpi.unit
        n = min(trial.kpis.shape[1], base.kpis.shape[1])
        samples = dict(zip(target.kpis, trial.kpis, strict=True))
        constrained = {each.kpi: t_interval(samples[each.kpi]) for each in target.constraints}
        return Portfolio(
            choice, self.space.labels(choice), trial.spending, t_interval(trial.kpis[0], unit=unit),
            paired(base.kpis[0, :n], trial.kpis[0, :n], unit)[0], constrained,
            not trial.refused and self._excess(trial.kpis.mean(axis=1)) <= 0, trial.kpis.shape[1],
        )  # fmt: skip

    def _tried(self, choice: Choice, trial: Trial) -> Tried:
        score = self._score(trial)
        value = self.target.sign * score.value
        return Tried(self.space.labels(choice), trial.spending, value, score.excess <= 0, trial.refused)

    def _investment(self, best: Choice, rate: float, currency: str) -> Investment:
        base, other = self.trials.tried([self.space.base, best], self.plan.fresh_seed, 2)
        n = min(base.cash.shape[0], other.cash.shape[0])
        return investment(base.cash[:n], other.cash[:n], other.spending, rate, currency)
