"""The programs whose size is chosen have that size, and do what their names say."""

import math

import numpy as np
import pytest

from benchmarks.events import events, in_progress, leads
from benchmarks.populations import RATE, drop, endless_servers, three_stations
from simulator.engines import compiled_engine


def simulated(program):
    return program, compiled_engine.simulate(program, 1, 0)


def test_three_stations_run_until_as_many_leads_have_come():
    """The number of leads is Poisson about what was asked for, and each means 1 + 2.5 events, less those not yet due.

    A lead arrives, works at 1.5 stations and rests once in ten times; queueing adds an event for those who wait.
    """
    program, records = simulated(three_stations(20_000))
    assert abs(leads(records) - 20_000) < 4 * math.sqrt(20_000)
    queued = records.waits.visit.size / leads(records)
    assert events(program, records) / leads(records) - queued == pytest.approx(1 + 1.5 + 0.1, abs=0.03)


@pytest.mark.parametrize("stay", [1.0, 30.0])
def test_endless_servers_hold_as_many_cases_as_littles_law_says(stay):
    """The mean number in the system is the rate times the stay, within four standard errors of a Poisson number."""
    hours = 4_000.0
    _, records = simulated(endless_servers(stay, int(hours * RATE)))
    expected = RATE * stay * (1 - stay / hours)
    # Two numbers a time t apart correlate by exp(-t / stay), which makes hours / (2 stay) independent observations.
    error = math.sqrt(RATE * stay * 2 * stay / hours)
    assert abs(in_progress(records) - expected) < 4 * error


@pytest.mark.parametrize("discipline", ["fifo", "priority"])
def test_a_drop_waits_at_once_and_is_served_to_its_end_in_the_order_of_its_discipline(discipline):
    """All come at one moment, all but the first wait, all leave; the most urgent first or in the order of coming."""
    program, records = simulated(drop(500, discipline))
    assert np.unique(records.cases.born).size == 1
    assert not np.isnan(records.cases.ended).any()
    assert records.waits.visit.size == 499
    urgency = records.cases.attributes[:, program.names.attributes.index("urgency")]
    served = np.argsort(records.cases.ended)[1:]
    expected = np.argsort(-urgency[1:]) + 1 if discipline == "priority" else np.arange(1, 500)
    assert (served == expected).all()
