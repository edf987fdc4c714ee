"""Whom the campaigns contact."""

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.journeys import journeys_of
from simulator.program.layout import Milestone
from simulator.schema.loading import load_scenario


@pytest.mark.slow
def test_whoever_was_dialled_counts_as_contacted():
    """The first contact of a name on a list is the first time that someone dialled it."""
    program = compiled(load_scenario("whatifs/campaigns"), Plan(replications=1))
    records = simulate(program, 1, 0)
    visits, journeys = records.visits, journeys_of(program, records)
    rows = (visits.step == program.names.steps.index("outreach.dial")) & ~np.isnan(visits.started)
    first = np.full(journeys.born.size, np.inf)
    np.minimum.at(first, journeys.of_case[visits.case[rows]], visits.started[rows])
    dialled = np.isfinite(first)
    assert dialled.sum() > 500
    np.testing.assert_array_equal(journeys.reached(Milestone.CONTACTED)[dialled], first[dialled])
