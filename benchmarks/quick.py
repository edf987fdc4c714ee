"""What a slider gets: the time to a first estimate of a change, and what is known after a second.

The clock of a change begins when it is made, as on a screen that shows the baseline already; how long that takes in a
fresh process, which loads all code, has a row of its own.
"""

from __future__ import annotations

import math
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

import psutil  # type: ignore[import-untyped]  # it publishes no types

from benchmarks.markdown import Goal, goals, grouped, machine, table
from simulator import quick_estimates
from simulator.schema.loading import Loaded, load_scenario

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
    """What one question led to."""

    first: float
    """Seconds to the first estimate."""
    last: float
    """Seconds to the last estimate."""
    replications: int
    """That the last one rests on."""
    half_width: float | None
    """Of the 95 % interval of the difference in orders, as a share of the baseline's; None where nothing differs."""


def ask(positions: tuple[int, ...] = POSITIONS, budget: float = BUDGET) -> list[Answer]:
    """Show the baseline, then move the slider from position to position in the same process, as a screen does.

    The first answer is the baseline's, whose seconds count from the start of this process.
    """
    began = time.perf_counter() - (time.time() - psutil.Process().create_time())
    baseline = load_scenario(BASELINE)
    return [
        _answer(baseline, {}, budget, began),
        *(_answer(baseline, {PLACE: position}, budget, time.perf_counter()) for position in positions),
    ]


def _answer(baseline: Loaded, changes: dict[str, object], budget: float, began: float) -> Answer:
    estimates = quick_estimates(baseline, changes, budget, against=baseline if changes else None)
    best, first = next(estimates), time.perf_counter() - began
    for best in estimates:  # noqa: B007 - the last one is the best
        pass
    last = time.perf_counter() - began
    if best.base is None:
        return Answer(first, last, best.replications, None)
    difference = best.differences[KPI]
    return Answer(first, last, best.replications, (difference.high - difference.low) / 2 / best.base.estimate(KPI).mean)


def measure(positions: tuple[int, ...] = POSITIONS, budget: float = BUDGET) -> dict[str, Answer]:
    """What one waits for in a fresh process: the baseline and all code, the first change of it, and later ones."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        shown, first, *later = pool.submit(ask, positions, budget).result()
    median = Answer(*(statistics.median(values) for values in zip(*later, strict=True)))
    return {
        "baseline as it is, from the start of the process": shown,
        "first change, once the baseline is shown": first,
        f"later change, median of {len(later)}": median,
    }


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
    """Each change against the goals of both estimates; to begin has none."""
    held = []
    for what, answer in answers.items():
        if answer.half_width is not None:
            held.append((Goal(f"{what}, milliseconds to the first estimate", "at most", FIRST), 1e3 * answer.first))
            last = Goal(f"{what}, milliseconds to the estimate for {BUDGET:g} s", "at most", 1e3 * BUDGET)
            held.append((last, 1e3 * answer.last))
    return goals(held)


def _precision(half_width: float | None) -> str:
    if half_width is None:
        return "none"
    return "not yet" if math.isnan(half_width) else f"± {half_width:.1%}"


def report() -> str:
    """Measure, and say it in Markdown."""
    answers = measure()
    return f"{shown(answers)}\n\n{judged(answers)}\n\n{machine()}"
