"""How often intervals of a mean hold it: Student's and two bootstraps, on symmetric and on skewed figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from scipy import stats

from benchmarks.markdown import table
from simulator.experiment.intervals import CONFIDENCE, RESAMPLES, bootstrap_interval, skewed_interval, t_interval
from simulator.records import Floats

SIZES = (5, 10, 20, 30)
STUDIES = 1_000
RUNS = 40_000
"""Runs of the queue, from which samples are drawn; their mean is taken for the truth."""
CUSTOMERS = 500
Interval = tuple[float, float]


def student(sample: Floats) -> Interval:
    """The interval that the product shows of means, and of differences that are not often skewed."""
    found = t_interval(sample)
    return found.low, found.high


def bootstrap_t(sample: Floats) -> Interval:
    """The bootstrap-t alone."""
    found = bootstrap_interval(sample)
    return found.low, found.high


def shown_of_skewed(sample: Floats) -> Interval:
    """The interval that the product shows of skewed differences: on neither side shorter than Student's."""
    found = skewed_interval(sample)
    return found.low, found.high


def accelerated(sample: Floats) -> Interval:
    """The bias-corrected, accelerated bootstrap (Efron, JASA 82 (1987), 171-185)."""
    found = stats.bootstrap(
        (sample,), np.mean, n_resamples=RESAMPLES, confidence_level=CONFIDENCE, method="BCa", rng=1
    ).confidence_interval
    return float(found.low), float(found.high)


METHODS: Mapping[str, Callable[[Floats], Interval]] = {
    "Student's t": student,
    "bootstrap-t": bootstrap_t,
    "the wider of both": shown_of_skewed,
    "BCa bootstrap": accelerated,
}


def queue_differences(runs: int = RUNS, customers: int = CUSTOMERS) -> Floats:
    """By how much faster service shortens the mean wait of the first customers of M/M/1, the same luck in both.

    Lindley's recursion, Mathematical Proceedings of the Cambridge Philosophical Society 48 (1952), 277-289; loads of
    50 and 40 %.
    """
    rng = np.random.default_rng(1)
    waits = np.zeros((2, runs))
    total = np.zeros((2, runs))
    for _ in range(customers):
        total += waits
        service = np.array([[0.5], [0.4]]) * rng.exponential(size=runs)
        waits = np.maximum(0.0, waits + service - rng.exponential(size=runs))
    difference: Floats = (total[0] - total[1]) / customers
    return difference


def measure(studies: int = STUDIES, sizes: tuple[int, ...] = SIZES) -> dict[str, dict[int, dict[str, float]]]:
    """Share of intervals that hold the truth, by figure, sample size and method."""
    rng, queue = np.random.default_rng(2), queue_differences()
    figures: dict[str, tuple[Callable[[tuple[int, int]], Floats], float]] = {
        "symmetric (normal)": (rng.standard_normal, 0.0),
        f"difference of waits, M/M/1 (skewness {stats.skew(queue):.1f})": (
            lambda shape: rng.choice(queue, shape), float(queue.mean()),
        ),
        f"long-tailed (lognormal, skewness {stats.lognorm(0.8).stats('s'):.1f})": (
            lambda shape: rng.lognormal(0.0, 0.8, shape), math.exp(0.32),
        ),
    }  # fmt: skip
    return {
        name: {n: _shares(draw((studies, n)), truth) for n in sizes} for name, (draw, truth) in figures.items()
    }  # fmt: skip


def _shares(samples: Floats, truth: float) -> dict[str, float]:
    ends = {name: np.array([method(sample) for sample in samples]).T for name, method in METHODS.items()}
    return {name: float(((low <= truth) & (truth <= high)).mean()) for name, (low, high) in ends.items()}


def shown(found: Mapping[str, Mapping[int, Mapping[str, float]]]) -> str:
    """The table of shares."""
    rows = [
        (name, str(n), *(f"{share:.1%}" for share in shares.values()))
        for name, sizes in found.items() for n, shares in sizes.items()
    ]  # fmt: skip
    return table(("figure", "replications", *METHODS), rows)


def report() -> str:
    """Measure, and say it in Markdown."""
    error = math.sqrt(CONFIDENCE * (1 - CONFIDENCE) / STUDIES)
    return f"{shown(measure())}\n\n*{STUDIES} samples each, so a share is known to {error:.1%} (standard error).*"
