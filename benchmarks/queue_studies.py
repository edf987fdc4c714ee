"""A thousand studies of M/M/1 by the compiled engine, whose truth is known: how often their intervals hold it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import linalg

from benchmarks.markdown import table
from simulator.engines.choice import engine_of
from simulator.experiment.comparison import paired
from simulator.experiment.intervals import CONFIDENCE, Estimate, skewed_interval, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.queues import queueing
from simulator.kpis.window import window_of
from simulator.records import Floats
from simulator.schema.loading import load_changed, load_scenario

STUDIES, REPLICATIONS = 1_000, 15
SERVICE = {"slow": 30, "fast": 24}
"""Minutes of one service; one case an hour comes."""
WARM_UP, LENGTH = 48.0, 504.0


def simulated(studies: int = STUDIES) -> dict[str, Floats]:
    """Mean queue of M/M/1 at two speeds with common luck, each of shape (studies, replications)."""
    simulate, found = engine_of("compiled"), {}
    for name, minutes in SERVICE.items():
        changes = {
            "channels.arrivals.interval": {"exponential": "60 min"},
            "processes.service.steps.serve.effort": {"exponential": f"{minutes} min"},
        }
        program = compiled(load_changed(load_scenario("theory/m_m_1"), changes), Plan(warm_up=WARM_UP, length=LENGTH))
        window = window_of(program)
        lengths = [
            queueing(program, simulate(program, 7, r), window).lengths.mean() for r in range(studies * REPLICATIONS)
        ]
        found[name] = np.array(lengths).reshape(studies, REPLICATIONS)
    return found


def mean_queue(served: float, most: int = 60) -> float:
    """Expected mean queue in the measured time of a run that begins empty, exactly: one case an hour comes.

    The master equation of the number of cases, cut off where it hardly ever comes, with the integral of the expected
    queue as one more state.
    """
    rates = np.diag(np.ones(most), 1) + np.diag(np.full(most, served), -1)
    joint = np.zeros((most + 2, most + 2))
    joint[:-1, :-1] = rates - np.diag(rates.sum(axis=1))
    joint[:-1, -1] = np.maximum(np.arange(most + 1) - 1, 0)
    until = [float(linalg.expm(joint * hours)[0, -1]) for hours in (WARM_UP, WARM_UP + LENGTH)]
    return (until[1] - until[0]) / LENGTH


def share_that_holds(truth: float, intervals: Sequence[Estimate]) -> float:
    """Share of intervals that contain the truth."""
    return float(np.mean([each.low <= truth <= each.high for each in intervals]))


def measure(queues: dict[str, Floats]) -> dict[str, float]:
    """Share of intervals that hold the exact mean of each queue and the exact difference of both, by what they are."""
    truths = {name: mean_queue(60 / minutes) for name, minutes in SERVICE.items()}
    difference, pairs = truths["fast"] - truths["slow"], list(zip(queues["slow"], queues["fast"], strict=True))
    means = {
        f"mean queue, service of {minutes} min": share_that_holds(truths[name], list(map(t_interval, queues[name])))
        for name, minutes in SERVICE.items()
    }
    return means | {
        "paired difference, Student's t": share_that_holds(difference, [paired(*pair)[0] for pair in pairs]),
        "paired difference, the wider of both": share_that_holds(
            difference, [skewed_interval(fast - slow) for slow, fast in pairs]
        ),
    }


def shown(found: dict[str, float], studies: int = STUDIES) -> str:
    """The table of shares."""
    error = math.sqrt(CONFIDENCE * (1 - CONFIDENCE) / studies)
    shares = table(
        (f"{studies:,} studies of M/M/1, {REPLICATIONS} replications each", "95 % intervals that hold the truth"),
        [(what, f"{share:.1%}") for what, share in found.items()],
    )
    return f"{shares}\n\n*Standard error {error:.1%}.*"


def report() -> str:
    """Measure, and say it in Markdown."""
    return shown(measure(simulated()))
