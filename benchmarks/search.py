"""A portfolio of twelve, 4 096 sets: what the search finds, and what trying every set finds.

Seven tools and five measures that touch none of their numbers: two more callers, highest score first, campaigns,
meetings by weight, and a fourth engineer. Goal: the margin of a year, after half a year of warm-up. Every set is tried
with the luck that the search has, so that both see the same; then the best of the search and the likely best of all
sets are measured with luck that neither has seen, and regret is what is between the two there.
"""

from __future__ import annotations

import os
import sys
import time
from typing import NamedTuple

from benchmarks.markdown import grouped, machine, table
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.experiment.search.dimensions import head_count, small_tools, tool
from simulator.experiment.search.evaluation import Trials
from simulator.experiment.search.goal import Goal, target_of
from simulator.experiment.search.search import SearchPlan, search
from simulator.experiment.search.shortlist import Outlook
from simulator.experiment.search.space import Space
from simulator.kpis.catalogue import catalogue
from simulator.schema.loading import Loaded, load_scenario

BASELINE = "baselines/pt_installation"
MEASURES = ("two_more_sdrs", "score_first", "campaigns", "routing_weighted")
ENGINEERS = "engineering=3..4"
PLAN = Plan(replications=2, warm_up=26 * 168.0, length=8760.0)
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


def twelve(loaded: Loaded) -> Space:
    """Seven tools and five measures, each taken or left."""
    return Space((*(tool(loaded, name) for name in (*small_tools(), *MEASURES)), head_count(loaded, ENGINEERS)))


def seven(loaded: Loaded) -> Space:
    """The seven tools alone: 128 sets, enumerated in minutes."""
    return Space(tuple(tool(loaded, name) for name in small_tools()))


def measure(loaded: Loaded, space: Space, trials: int = TRIALS, plan: Plan = PLAN, fresh: int = FRESH) -> Contest:
    """Search, enumerate, and compare with fresh luck."""
    goal = Goal("margin")
    began, worked = time.perf_counter(), _processor_seconds()
    found = search(loaded, space, SearchPlan(goal, plan, trials))
    searched, worked = time.perf_counter() - began, _processor_seconds() - worked
    program = compiled(loaded, plan)
    target = target_of(goal, catalogue(program), program.currency)
    began = time.perf_counter()
    with Trials(loaded, space, plan, target.kpis, None, _told) as every:
        every.tried(space.choices(), plan.seed, plan.replications)
        known = every.known(plan.seed)
        enumerated = time.perf_counter() - began
        raw = sorted(known, key=lambda choice: -float(known[choice].kpis[0].mean()))
        likely = Outlook(space, known, target, None).best(FINALISTS)
        finalists = list(dict.fromkeys([space.base, found.best.choice, *likely, *raw[:FINALISTS]]))
        means = [float(trial.kpis[0].mean()) for trial in every.tried(finalists, plan.seed + 100, fresh)]
    return Contest(space.size, len(found.tried), searched, worked, enumerated, means[0], means[1], max(means[1:]))


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
    """Measure, and say it in Markdown."""
    loaded = load_scenario(BASELINE)
    contests = {
        "seven tools": measure(loaded, seven(loaded), trials=60),
        "seven tools and five measures": measure(loaded, twelve(loaded)),
    }
    return f"{shown(contests)}\n\n{machine()}"


def _processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _told(done: int, total: int) -> None:
    if done % 100 == 0:
        print(f"{done} of {total}", file=sys.stderr, flush=True)
