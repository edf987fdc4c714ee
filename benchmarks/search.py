"""What a search finds, against trying every set: twelve tools of a small desk, 4 096 sets.

Every set is tried with the luck that the search has, so that both see the same; then the best of the search and the
likely best of all sets are measured with luck that neither has seen, and regret is what is between the two there. The
best of several is picked by that luck too, so that regret is told rather too large than too small.

``python -m benchmarks search_all`` does the same for the baseline: its seven tools, 128 sets, and twelve, these and
five measures that touch none of their numbers (two more callers, highest score first, campaigns, meetings by weight, a
fourth engineer). It takes about an hour of two free cores.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.markdown import grouped, machine, table
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.experiment.search.dimensions import head_count, small_tools, tool
from simulator.experiment.search.evaluation import Trials
from simulator.experiment.search.goal import Goal, target_of
from simulator.experiment.search.search import SearchPlan, search
from simulator.experiment.search.shortlist import Outlook
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.kpis.catalogue import catalogue
from simulator.schema.loading import Loaded, load_scenario

BASELINE = "baselines/pt_installation"
MEASURES = ("two_more_sdrs", "score_first", "campaigns", "routing_weighted")
ENGINEERS = "engineering=3..4"
PLAN = Plan(replications=2)
DESK = Path(__file__).with_name("portfolio.yaml")
PRICES = {
    "crm": 2_500, "erp": 6_000, "quoting": 4_000, "invoicing": 1_500, "mail": 2_000, "shop": 2_500, "analytics": 2_000,
    "routing": 3_000, "scoring": 2_500, "portal": 1_000, "calendar": 600, "signature": 900,
}  # fmt: skip
"""Of the tools of the desk, in EUR."""
BUDGET = 16_000.0
"""For the desk, about half of what all tools cost."""
TRIALS = 150
FRESH = 40
"""Replications that decide between the search and the enumeration."""
FINALISTS = 10
"""Sets of the enumeration that are measured afresh."""


class Contest(NamedTuple):
    """A search against the enumeration of the same sets."""

    sets: int
    tried: int
    seconds: float
    """Of the whole search, confirmation, interactions and frontier included."""
    processor: float
    """Processor seconds of it, workers included: half of them is what two free cores would take."""
    enumeration_seconds: float
    base: float
    """Margin of the scenario as it is, with the fresh luck."""
    found: float
    """The same of what the search found."""
    best: float
    """The same of the best of the finalists of the enumeration."""

    @property
    def regret(self) -> float:
        """What is lost by searching, as a share of the best margin."""
        return max(0.0, self.best - self.found) / abs(self.best)

    @property
    def share_of_gain(self) -> float:
        """What the search gains of what can be gained."""
        return (self.found - self.base) / (max(self.best, self.found) - self.base)


def seven(loaded: Loaded) -> Space:
    """The seven small tools: 128 sets."""
    return Space(tuple(tool(loaded, name) for name in small_tools()))


def twelve(loaded: Loaded) -> Space:
    """Seven tools and five measures of the baseline, each taken or left: 4 096 sets."""
    return Space((*(tool(loaded, name) for name in (*small_tools(), *MEASURES)), head_count(loaded, ENGINEERS)))


def desk() -> Space:
    """Twelve tools of the small desk, each bought or not: 4 096 sets."""
    return Space(tuple(Dimension(name, (Level("no"), Level("yes", (), _bought(name)))) for name in PRICES))


def _bought(name: str) -> dict[str, object]:
    price = {"licence": "0 EUR/month", "set_up": f"{PRICES[name]} EUR"}
    return {f"policies.{name}": 1, f"tools.{name}": price}


def measure(
    loaded: Loaded, space: Space, plan: Plan, budget: float | None = None, trials: int = TRIALS, fresh: int = FRESH
) -> Contest:
    """Search, try every set, and compare with fresh luck."""
    goal = Goal("margin", budget=budget)
    began, worked = time.perf_counter(), _processor_seconds()
    found = search(loaded, space, SearchPlan(goal, plan, trials))
    searched, worked = time.perf_counter() - began, _processor_seconds() - worked
    program = compiled(loaded, plan)
    target = target_of(goal, catalogue(program), program.currency)
    began = time.perf_counter()
    with Trials(loaded, space, plan, target.kpis, budget, _told) as every:
        every.tried(space.choices(), plan.seed, plan.replications)
        known = {choice: trial for choice, trial in every.known(plan.seed).items() if not trial.refused}
        enumerated = time.perf_counter() - began
        raw = sorted(known, key=lambda choice: -float(known[choice].kpis[0].mean()))
        likely = Outlook(space, known, target, budget).best(FINALISTS)
        finalists = list(dict.fromkeys([space.base, found.best.choice, *likely, *raw[:FINALISTS]]))
        means = [float(trial.kpis[0].mean()) for trial in every.tried(finalists, plan.seed + 100, fresh)]
    best = max(means[finalists.index(choice)] for choice in [found.best.choice, *finalists[1:]])
    chosen = means[finalists.index(found.best.choice)]
    return Contest(space.size, len(found.tried), searched, worked, enumerated, means[0], chosen, best)


def shown(contests: dict[str, Contest]) -> str:
    """The table of times and of regret."""
    heads = (
        "portfolio", "sets", "tried", "seconds of the search", "of processors", "seconds of trying all",
        "margin as it is", "found", "best of all sets", "regret", "share of the gain",
    )  # fmt: skip
    rows = [
        (
            what, grouped(c.sets), grouped(c.tried), grouped(c.seconds), grouped(c.processor),
            grouped(c.enumeration_seconds), grouped(c.base), grouped(c.found), grouped(c.best),
            f"{c.regret:.1%}", f"{c.share_of_gain:.0%}",
        )
        for what, c in contests.items()
    ]  # fmt: skip
    return table(heads, rows)


def report() -> str:
    """Measure the small desk, and say it in Markdown."""
    contest = measure(load_scenario(DESK), desk(), PLAN, BUDGET)
    return f"{shown({f'twelve tools of a small desk, for {grouped(BUDGET)} EUR': contest})}\n\n{machine()}"


def report_all() -> str:
    """Measure the baseline, and say it in Markdown."""
    loaded = load_scenario(BASELINE)
    contests = {
        "seven tools": measure(loaded, seven(loaded), PLAN, trials=60),
        "seven tools and five measures": measure(loaded, twelve(loaded), PLAN),
    }
    return f"{shown(contests)}\n\n{machine()}"


def _processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _told(done: int, total: int) -> None:
    if done % 100 == 0:
        print(f"{done} of {total}", file=sys.stderr, flush=True)
