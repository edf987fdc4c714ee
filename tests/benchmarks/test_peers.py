"""Do all that the speed table compares simulate the same network?"""

from itertools import pairwise

import numpy as np
import pytest

from benchmarks import peers, plain_ciw, plain_salabim, plain_simpy
from benchmarks.departures import Departures
from benchmarks.populations import three_stations
from simulator.engines import compiled_engine
from simulator.program.layout import Kind

HOURS, REPLICATIONS = 100.0, 12


def by_the_engine(seed, hours):
    program = three_stations(round(hours * 10))
    records = compiled_engine.simulate(program, seed, 0)
    timed = np.isin(program.tables.steps["kind"][records.visits.step], (Kind.WORK, Kind.WAIT))
    visits = np.bincount(records.visits.case[timed], minlength=records.cases.key.size)
    left = ~np.isnan(records.cases.ended)
    hours_of_each = (records.cases.ended - records.cases.born)[left]
    return Departures(records.cases.key.size, list(hours_of_each), list(visits[left]))


def sample(run):
    """Arrivals, visits and hours of those who left, means of each of several replications."""
    departures = [run(seed, HOURS) for seed in range(REPLICATIONS)]
    return np.array([(d.arrived, np.mean(d.visits), np.mean(d.hours), len(d.hours)) for d in departures])


@pytest.mark.slow
def test_peers_and_engine_simulate_the_same_network():
    """Arrivals, departures, visits and time in the system agree within four standard errors of their differences."""
    samples = [sample(run) for run in (plain_simpy.run, plain_ciw.run, plain_salabim.run, by_the_engine)]
    for one, other in pairwise(samples):
        error = np.sqrt((one.var(axis=0, ddof=1) + other.var(axis=0, ddof=1)) / REPLICATIONS)
        assert (np.abs(one.mean(axis=0) - other.mean(axis=0)) < 4 * error).all()


@pytest.mark.parametrize("run", [plain_simpy.run, plain_ciw.run, plain_salabim.run])
def test_a_peer_repeats_itself_with_the_same_seed_only(run):
    """The seed reaches every draw: the same one gives the same departures, another one others."""
    assert run(1, 20.0) == run(1, 20.0)
    assert run(1, 20.0) != run(2, 20.0)


def test_the_table_states_ratios_to_plain_simpy():
    """The reference has ratio 1, the others theirs, and peers are shown with their version."""
    lines = peers.shown({"SimPy": 50_000.0, "compiled engine": 1_250_000.0}).splitlines()
    assert lines[2].startswith("| plain SimPy 4")
    assert lines[2].endswith("| 50 000 | 1.00 |")
    assert lines[3] == "| compiled engine | 1 250 000 | 25.00 |"


def test_both_engines_have_goals():
    """The model of record a quarter of plain SimPy's speed, the compiled engine 25 times it and a million leads."""
    traced, untraced = {"compiled engine": 1_200_000.0}, {"compiled engine without a trace": 1_600_000.0}
    lines = peers.judged({"SimPy": 80_000.0, "SimPy engine": 20_000.0} | traced | untraced).splitlines()
    assert [line.split(" | ")[1:] for line in lines[2:]] == [
        ["at least 0.25", "0.25", "met |"],
        ["at least 25", "15", "missed |"],
        ["at least 25", "20", "missed |"],
        ["at least 1 000 000", "1 200 000", "met |"],
    ]
