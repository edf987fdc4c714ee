"""Meetings dealt to the best qualified seller for the customer's industry, against meetings dealt to anyone."""

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.intervals import t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run_all
from simulator.schema.loading import load_changed, load_scenario
from tests.scenarios.published import BASELINE

RULE = "whatifs/routing_by_industry"
KNOW = {
    "manufacturing": ("sales.marta", "sales.ines"),
    "hospitality": ("sales.marta", "sales.tiago"),
    "retail": ("sales.joao", "sales.ines"),
    "services": ("sales.joao", "sales.tiago"),
}
"""Who knows each industry, whoever wins more first."""


def meetings(name):
    """How many meetings each seller had with customers of each industry, in one run."""
    program = compiled(load_scenario(name), Plan(replications=1))
    records, names = simulate(program, 1, 0), program.names
    visits = records.visits
    rows = np.flatnonzero((visits.step == names.steps.index("lead.discovery")) & (visits.member >= 0))
    industry = records.cases.attributes[visits.case[rows], names.attributes.index("industry")].astype(int)
    members, levels = [names.members[member] for member in visits.member[rows]], names.levels["industry"]
    found = {level: dict.fromkeys(("sales.marta", "sales.joao", "sales.ines", "sales.tiago"), 0) for level in levels}
    for member, number in zip(members, industry, strict=True):
        found[levels[number]][member] += 1
    return found


def test_only_those_who_know_the_industry_meet_its_customers():
    """Nobody else had a meeting, and whoever wins more had more of them, until that seller's hands were full."""
    for industry, by_seller in meetings(RULE).items():
        best, other = (by_seller[seller] for seller in KNOW[industry])
        assert best > other > 0, industry
        assert best + other == sum(by_seller.values()), industry


def test_dealt_blind_every_second_customer_meets_someone_who_knows_the_industry():
    """The reference of the effect is the share that the baseline's own records give, within four standard errors."""
    dealt = meetings(BASELINE)
    total = sum(sum(by_seller.values()) for by_seller in dealt.values())
    known = sum(dealt[industry][seller] for industry, sellers in KNOW.items() for seller in sellers)
    reference = load_scenario(RULE).scenario.effects["knows_industry"].reference
    assert abs(known / total - reference) < 4 * np.sqrt(0.25 / total)


@pytest.mark.slow
def test_the_best_qualified_win_more_than_anyone():
    """The win rate rises, with an interval that excludes zero, less where knowledge is worth nothing; so do waits."""
    ignorant = load_changed(load_scenario(RULE), {"effects.knows_industry.coefficient": 0})
    studies = run_all([load_scenario(BASELINE), load_scenario(RULE), ignorant], Plan(replications=10, jobs=1))
    blind, rule, alone = (study.samples["win_rate"] for study in studies)
    assert t_interval(rule - blind).low > 0
    assert (rule - blind).mean() > (alone - blind).mean()
    assert t_interval(studies[1].samples["waiting_sales"] - studies[0].samples["waiting_sales"]).low > 0
