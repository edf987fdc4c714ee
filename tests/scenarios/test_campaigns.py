"""Whom the campaigns contact, and what they cost in the firms that run them."""

from functools import cache

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.journeys import journeys_of
from simulator.kpis.measures import measure
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


@pytest.mark.parametrize(
    ("name", "channel", "price", "leads"),
    [
        ("baselines/pt_installation", "email", 1240 / 40, 120),
        ("baselines/pt_installation", "direct_mail", 4200 / 35, 35),
        ("baselines/pt_installation", "webinars", 4800 / 40, 40),
        ("baselines/pt_installation", "call_list", 3, 280),
        ("baselines/b2b_saas", "email", 1600 / 45, 135),
        ("baselines/b2b_saas", "call_list", 3.5, 240),
        ("baselines/b2c_home_improvement", "email", 950 / 30, 60),
        ("baselines/b2c_home_improvement", "direct_mail", 80, 45),
    ],
)
def test_each_firm_knows_the_cost_and_return_of_its_campaigns(measured, name, channel, price, leads):
    """Every date of the measured year brings its leads at their price, and its return is told."""
    kpis = measured(name)
    assert kpis[f"leads_{channel}"] == leads
    assert kpis[f"cost_per_lead_{channel}"] == pytest.approx(price)
    assert kpis[f"channel_return_{channel}"] >= 0
    dated = [kpi for kpi in kpis if kpi.startswith(f"campaign_return_{channel}_2026")]
    assert sum(kpis[kpi] >= 0 for kpi in dated) == len(dated) > 0


@pytest.fixture(scope="module")
def measured():
    """KPIs of one run of a scenario, by its name."""

    @cache
    def kpis(name):
        program = compiled(load_scenario(name), Plan(replications=1))
        return measure(program, simulate(program, 1, 0)).kpis

    return kpis
