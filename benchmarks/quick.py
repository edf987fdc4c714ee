"""What a slider gets: the time to a first estimate of a change, and what is known after a second."""

from __future__ import annotations

import math
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

from benchmarks.markdown import Goal, goals, grouped, machine, table
from simulator import quick_estimates
from simulator.schema.loading import load_scenario

BASELINE = "baselines/pt_installation"
PLACE = "teams.engineering.head_count"
POSITIONS = (2, 4, 5, 6, 7, 8)
"""Head-counts that the slider comes to; the baseline has three."""
BUDGET = 1.0
"""Seconds."""
KPI = "orders"
FIRST = 300
"""Milliseconds in which a first estimate should be there."""


class Answer(NamedTuple):
    """What one question led to, each estimate compared with the baseline's."""

    first: float
    """Seconds to the first estimate."""
    last: float
    """Seconds to the last estimate."""
    replications: int
    """That the last one rests on."""
    half_width: float
    """Of the 95 % interval of the difference in orders, as a share of the baseline's orders."""


def ask(positions: tuple[int, ...] = POSITIONS, budget: float = BUDGET) -> list[Answer]:
    """Move the slider from position to position in one process, as a screen does."""
    baseline = load_scenario(BASELINE)
    answers = []
    for position in positions:
        began = time.perf_counter()
        estimates = quick_estimates(baseline, {PLACE: position}, budget, against=baseline)
        best, first = next(estimates), time.perf_counter() - began
        for best in estimates:  # noqa: B007 - the last one is the best
            pass
        last = time.perf_counter() - began
        difference = best.differences[KPI]
        assert best.base is not None  # noqa: S101 - a baseline was given
        width = (difference.high - difference.low) / 2 / best.base.estimate(KPI).mean
        answers.append(Answer(first, last, best.replications, width))
    return answers


def measure(positions: tuple[int, ...] = POSITIONS, budget: float = BUDGET) -> dict[str, Answer]:
    """The first question of a fresh process, which also loads compiled code and runs the baseline, and a later one."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        first, *later = pool.submit(ask, positions, budget).result()
    median = Answer(*(statistics.median(values) for values in zip(*later, strict=True)))
    return {"first change in a process": first, f"later change, median of {len(later)}": median}


def shown(answers: dict[str, Answer]) -> str:
    """The table of times, replications and precision."""
    rows = [
        (what, grouped(1e3 * a.first), grouped(1e3 * a.last), grouped(a.replications), _precision(a.half_width))
        for what, a in answers.items()
    ]
    after = f"milliseconds to the estimate for {BUDGET:g} s"
    heads = ("slider", "milliseconds to the first estimate", after, "replications", "difference in orders known to")
    return table(heads, rows)


def judged(answers: dict[str, Answer]) -> str:
    """Each question against the goals of both estimates."""
    held = []
    for what, answer in answers.items():
        held.append((Goal(f"{what}, milliseconds to the first estimate", "at most", FIRST), 1e3 * answer.first))
        last = Goal(f"{what}, milliseconds to the estimate for {BUDGET:g} s", "at most", 1e3 * BUDGET)
        held.append((last, 1e3 * answer.last))
    return goals(held)


def _precision(half_width: float) -> str:
    return "not yet" if math.isnan(half_width) else f"± {half_width:.1%}"


def report() -> str:
    """Measure, and say it in Markdown."""
    answers = measure()
    return f"{shown(answers)}\n\n{judged(answers)}\n\n{machine()}"
