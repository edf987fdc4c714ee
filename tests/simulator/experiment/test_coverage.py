"""Whether intervals and tests keep what they promise on real runs: the compiled engine, short and often."""

import math
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.queue_studies import SERVICE, mean_queue, share_that_holds, simulated
from simulator.experiment.comparison import compare, paired
from simulator.experiment.intervals import skewed_interval, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.queueing import mmc
from simulator.experiment.replications import run


@pytest.fixture(scope="module")
def queues():
    """Mean queue of M/M/1 at two speeds with common luck, in 1,000 studies of fifteen replications each."""
    return simulated()


@pytest.mark.parametrize("minutes", SERVICE.values())
def test_an_empty_start_biases_nothing(minutes):
    """After the warm-up the exact mean of a run from an empty desk is that of the steady state to six digits."""
    assert mean_queue(60 / minutes) == pytest.approx(mmc(1, 60 / minutes).queue, rel=1e-6)


@pytest.mark.slow
@pytest.mark.theory
@pytest.mark.parametrize("name", SERVICE)
def test_intervals_of_simulated_queues_hold_the_truth(queues, name):
    """Of 1,000 studies of M/M/1, 93 to 97 % of the 95 % intervals hold the exact mean queue."""
    found = [t_interval(sample) for sample in queues[name]]
    assert 0.93 <= share_that_holds(mean_queue(60 / SERVICE[name]), found) <= 0.97


@pytest.mark.slow
@pytest.mark.theory
def test_intervals_of_paired_differences_hold_the_truth(queues):
    """Of 1,000 paired studies, 93 to 97 % of the intervals hold the exact difference, Student's and the bootstrap's.

    The differences are skewed by -1.3, which costs Student's intervals a point (docs/validation.md).
    """
    truth = mean_queue(60 / SERVICE["fast"]) - mean_queue(60 / SERVICE["slow"])
    student = [paired(*each)[0] for each in zip(queues["slow"], queues["fast"], strict=True)]
    resampled = [skewed_interval(fast - slow) for slow, fast in zip(queues["slow"], queues["fast"], strict=True)]
    assert 0.93 <= share_that_holds(truth, student) <= 0.97
    assert 0.93 <= share_that_holds(truth, resampled) <= 0.97
    apart = [math.hypot(*(t_interval(each).half_width for each in pair)) for pair in zip(*queues.values(), strict=True)]
    assert np.median([each.half_width for each in student]) < 0.6 * np.median(apart)  # they are pairs


@pytest.mark.slow
@pytest.mark.theory
def test_a_whole_comparison_errs_at_most_at_its_level(toy):
    """Where nothing differs, at most 5 % of 1,000 comparisons of a funnel find anything in a headline, within one
    standard error, and so in all other KPIs.

    Replications are drawn at random from one scenario's 400 and called base and other, so that no KPI differs.
    """
    study = run(toy, Plan(replications=400, jobs=1, warm_up=168.0, length=672.0))
    rng, tries, found = np.random.default_rng(12), 1000, np.zeros(2)
    known = {name: kpi for name, kpi in study.catalogue.items() if kpi.better != "neither"}
    for _ in range(tries):
        chosen = rng.integers(0, 400, (2, 20))
        base, other = (
            replace(study, catalogue=known, samples={name: study.samples[name][rows] for name in known},
                    plan=replace(study.plan, replications=20))
            for rows in chosen
        )  # fmt: skip
        comparison = compare(base, [other])
        (contrast,) = comparison.others
        told = [kpi for kpi, d in contrast.differences.items() if d.verdict != "not distinguishable"]
        found += [any(kpi in comparison.primary for kpi in told), any(kpi not in comparison.primary for kpi in told)]
    assert (found > 0).all()
    assert (found / tries <= 0.05 + math.sqrt(0.05 * 0.95 / tries)).all()
