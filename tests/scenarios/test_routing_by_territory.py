"""Meetings dealt to the sellers of the customer's region, against meetings dealt to anyone."""

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run_all
from simulator.schema.loading import load_changed, load_scenario
from tests.scenarios.published import BASELINE

RULE = "whatifs/routing_by_territory"
NEAR = {"north": {"sales.marta", "sales.ines"}, "south": {"sales.joao", "sales.tiago"}}
"""Who lives in each region; on the islands nobody does."""


def test_only_sellers_of_the_region_meet_its_customers_and_anyone_those_of_the_islands():
    """Nobody from elsewhere had a meeting on the mainland, each seller had some, and all four fly to the islands."""
    program = compiled(load_scenario(RULE), Plan(replications=1))
    records, names = simulate(program, 1, 0), program.names
    visits = records.visits
    rows = np.flatnonzero((visits.step == names.steps.index("lead.discovery")) & (visits.member >= 0))
    region = records.cases.attributes[visits.case[rows], names.attributes.index("region")].astype(int)
    met = {level: set() for level in names.levels["region"]}
    for member, level in zip(visits.member[rows], region, strict=True):
        met[names.levels["region"][level]].add(names.members[member])
    assert met == NEAR | {"islands": NEAR["north"] | NEAR["south"]}


@pytest.mark.slow
def test_shorter_ways_free_hours_of_sellers_and_customers_wait_less():
    """In every replication sellers are less busy, and whoever waits for them waits less, than where the same rule saves
    no way, and than today: shorter ways are worth more than it costs that two in place of four may take each meeting.
    """
    far = load_changed(load_scenario(RULE), {"effects.short_way.coefficient": 0})
    today, rule, alone = run_all([load_scenario(BASELINE), load_scenario(RULE), far], Plan(replications=4, jobs=1))
    for kpi in ("utilisation_sales", "waiting_sales"):
        assert (rule.samples[kpi] < alone.samples[kpi]).all(), kpi
        assert (rule.samples[kpi] < today.samples[kpi]).all(), kpi
