"""Whether intervals and tests keep what they promise on real runs: the compiled engine, short and often."""

import math

import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.comparison import holm, paired
from simulator.experiment.intervals import t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.queueing import mmc
from simulator.experiment.replications import compiled, run
from simulator.kpis.queues import queue_lengths, queueing
from simulator.kpis.window import window_of
from simulator.schema.loading import load_changed, load_scenario

STUDIES, REPLICATIONS = 1_000, 8
SERVICE = {"slow": 30, "fast": 24}
"""Minutes of one service; one case an hour comes."""


@pytest.fixture(scope="module")
def queues():
    """Mean queue of M/M/1 at two speeds in 1,000 studies of eight replications each."""
    simulate, found = engine_of("compiled"), {}
    for name, minutes in SERVICE.items():
        changes = {
            "channels.arrivals.interval": {"exponential": "60 min"},
            "processes.service.steps.serve.effort": {"exponential": f"{minutes} min"},
        }
        program = compiled(load_changed(load_scenario("theory/m_m_1"), changes), Plan(warm_up=48.0, length=504.0))
        window = window_of(program)
        lengths = [
            queue_lengths(program, queueing(program, simulate(program, 7, r), window), window).mean()
            for r in range(STUDIES * REPLICATIONS)
        ]
        found[name] = np.array(lengths).reshape(STUDIES, REPLICATIONS)
    return found


@pytest.mark.slow
@pytest.mark.theory
@pytest.mark.parametrize("name", SERVICE)
def test_intervals_of_simulated_queues_hold_the_truth(queues, name):
    """Of 1,000 studies of M/M/1, 93 to 97 % of the 95 % intervals hold the mean queue of the closed form."""
    true = mmc(1, 60 / SERVICE[name]).queue
    found = [t_interval(sample) for sample in queues[name]]
    assert 0.93 <= np.mean([e.low <= true <= e.high for e in found]) <= 0.97


@pytest.mark.slow
@pytest.mark.theory
def test_a_whole_comparison_errs_at_most_at_its_level(toy, monkeypatch):
    """Over all KPIs of a funnel, where nothing differs, at most 5 % of comparisons find anything, within the error.

    Replications are drawn at random from one scenario's 300 and called base and other, so that no KPI differs.
    """
    monkeypatch.setattr("gc.collect", lambda: 0)  # statsmodels collects garbage each time, for a quarter of a second
    study = run(toy, Plan(replications=300, jobs=1, warm_up=168.0, length=672.0))
    samples = np.array([study.samples[name] for name, kpi in study.catalogue.items() if kpi.better != "neither"])
    rng, tries, found = np.random.default_rng(12), 400, 0
    for _ in range(tries):
        base, other = samples[:, rng.integers(0, 300, (2, 20))].swapaxes(0, 1)
        p_values = [paired(*pair)[1] for pair in zip(base, other, strict=True)]
        found += bool((holm(np.array(p_values)) < 0.05).any())
    assert found / tries <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / tries)
