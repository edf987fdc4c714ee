"""What a search finds, against trying every set: twelve tools of a small desk, 4 096 sets.

Every set is tried with luck that the search has too; then the sets that came out best and the likely best are measured
with luck that none has seen, and whichever is best there is measured against the best of the search with a third:
regret is what is between the two there, with the interval of paired replications. With the luck that picks the best of
several it would be told too large.

``python -m benchmarks search_all`` does the same for the baseline with twelve options, its seven tools and five
measures that touch none of their numbers (two more callers, highest score first, campaigns, meetings by weight, a
fourth engineer). Trying all sets, there with one replication each, takes ten minutes of two free cores; it may be
stopped, and goes on where it was when it is asked for again.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil  # type: ignore[import-untyped]  # it publishes no types

from benchmarks.enumeration import enumerated, keeping_place
from benchmarks.markdown import grouped, machine, table
from simulator.experiment.intervals import Estimate, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.experiment.search.dimensions import small_tools, tool
from simulator.experiment.search.evaluation import Trials
from simulator.experiment.search.goal import Goal, target_of
from simulator.experiment.search.search import SearchPlan, search
from simulator.experiment.search.shortlist import Outlook
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.experiment.search.staffing import head_count
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
FRESH = 20
"""Replications that decide which of all sets is best."""
JUDGING = 60
"""Replications of that and of what the search found, by which neither was chosen."""
JUDGING_ALL = 600
"""The same for the baseline, whose margin varies more."""
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
    base: float
    """Margin of the scenario as it is, with the third luck."""
    found: float
    """The same of what the search found."""
    best: float
    """The same of the best of all sets."""
    lost: Estimate
    """The best less what was found, over common replications."""

    @property
    def regret(self) -> str:
        """What is lost by searching as a share of the best margin, with its 95 % interval."""
        shares = [each / abs(self.best) for each in (self.lost.mean, self.lost.low, self.lost.high)]
        return "{:.1%} ({:.1%} to {:.1%})".format(*shares)

    @property
    def share_of_gain(self) -> float:
        """What the search gains of what can be gained."""
        return (self.found - self.base) / (max(self.best, self.found) - self.base)


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
    loaded: Loaded, space: Space, plan: Plan, budget: float | None = None, trials: int = TRIALS, fresh: int = FRESH,
    judging: int = JUDGING, *, every_set: int | None = None, kept: Path | None = None,
) -> Contest:  # fmt: skip
    """Search, try every set, and compare with fresh luck.

    Every set is tried with ``every_set`` replications, as many as the search makes where None; those that stand in the
    file ``kept`` are not simulated again.
    """
    goal = Goal("margin", budget=budget)
    began, work = time.perf_counter(), _Work()
    found = search(loaded, space, SearchPlan(goal, plan, trials), work)
    searched = time.perf_counter() - began
    program = compiled(loaded, plan)
    target = target_of(goal, catalogue(program), program.currency)
    with Trials(loaded, space, plan, target.kpis, budget, _told) as every:
        all_sets = enumerated(every, plan.seed, every_set or plan.replications, kept)
        known = {choice: trial for choice, trial in all_sets.items() if not trial.refused}
        raw = sorted(known, key=lambda choice: -float(known[choice].kpis[0].mean()))
        likely = Outlook(space, known, target, budget).best(FINALISTS)
        finalists = list(dict.fromkeys([found.best.choice, *likely, *raw[:FINALISTS]]))
        means = [trial.kpis[0].mean() for trial in every.tried(finalists, plan.seed + 100, fresh)]
        both = [space.base, found.best.choice, finalists[int(np.argmax(means))]]
        base, chosen, best = (trial.kpis[0] for trial in every.tried(both, plan.seed + 200, judging))
    return Contest(
        space.size, len(found.tried), searched, work.seconds, float(base.mean()), float(chosen.mean()),
        float(best.mean()), t_interval(best - chosen),
    )  # fmt: skip


def shown(contests: dict[str, Contest]) -> str:
    """The table of times and of regret."""
    heads = (
        "portfolio", "sets", "tried", "seconds of the search", "of processors", "margin as it is", "found",
        "best of all sets", "regret", "share of the gain",
    )  # fmt: skip
    rows = [
        (
            what, grouped(c.sets), grouped(c.tried), grouped(c.seconds), grouped(c.processor),
            grouped(c.base), grouped(c.found), grouped(c.best),
            c.regret, f"{c.share_of_gain:.0%}",
        )
        for what, c in contests.items()
    ]  # fmt: skip
    return table(heads, rows)


def report() -> str:
    """Measure the small desk, and say it in Markdown."""
    contest = measure(load_scenario(DESK), desk(), PLAN, BUDGET)
    return f"{shown({f'twelve tools of a small desk, for {grouped(BUDGET)} EUR': contest})}\n\n{machine()}"


def report_all() -> str:
    """Measure the baseline with twelve options, and say it in Markdown."""
    loaded = load_scenario(BASELINE)
    space = twelve(loaded)
    kept = keeping_place(loaded, space, Goal("margin"), PLAN.seed)
    contest = measure(loaded, space, PLAN, judging=JUDGING_ALL, every_set=1, kept=kept)
    return f"{shown({'seven tools and five measures': contest})}\n\n{machine()}"


class _Work:
    """Processor seconds of this process and all below it since it was made, looked at whenever a search tells of it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._before = self._all()

    def __call__(self, _done: int, _total: int) -> None:
        """Workers that have ended would be left out, but those of a search live until it has told its last."""
        self.seconds = max(self.seconds, self._all() - self._before)

    @staticmethod
    def _all() -> float:
        here = psutil.Process()
        return sum(sum(each.cpu_times()[:2]) for each in (here, *here.children(recursive=True)))


def _told(done: int, total: int) -> None:
    if done % 100 == 0:
        print(f"{done} of {total}", file=sys.stderr, flush=True)
