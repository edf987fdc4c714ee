"""What moves a customer's decision, run against the same leads."""

from functools import cache

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import load_changed, load_scenario

BASELINE = "baselines/pt_installation"
GAPS = ("7 d", "14 d", "28 d", "180 d")


@cache
def decided(name, place, value, replication=0):
    """Leads that came to the decision, and those of them that it won, by key; one number of the scenario changed."""
    program = compiled(load_changed(load_scenario(name), {place: value}), Plan(replications=1))
    records = simulate(program, 1, replication)
    steps, visits = program.names.steps, records.visits
    rows = np.flatnonzero((visits.step == steps.index("lead.decision")) & (visits.next >= 0))
    chosen = visits.next[rows] == steps.index("lead.negotiate")
    keys = records.cases.key[visits.case[rows]]
    return set(keys.tolist()), set(keys[chosen].tolist())


@pytest.mark.parametrize("replication", [0, 1])
def test_fewer_follow_ups_never_win_more(replication):
    """The longer the gap between follow-ups, the fewer of the decisions are won, down to no follow-up at all."""
    found = [decided(BASELINE, "policies.follow_up_gap", gap, replication) for gap in GAPS]
    shares = [len(won) / len(came) for came, won in found]
    assert shares == sorted(shares, reverse=True), shares
    assert shares[1] > shares[-1] + 0.05, shares


def test_a_rare_follow_up_does_not_prolong_the_validity_of_a_quote():
    """As many leads decide with a follow-up each 180 d as with one each 14 d, but for one in fifty."""
    usual, rare = (len(decided(BASELINE, "policies.follow_up_gap", gap)[0]) for gap in ("14 d", "180 d"))
    assert rare == pytest.approx(usual, rel=0.02)


HOME, ACCOUNT = "baselines/b2c_home_improvement", "baselines/ro_distributor"
COMPETITORS = "attributes.competitors.initial"


@cache
def won(name, place, value):
    """Share of first decisions on an offer that fall to the firm, over two replications; one number changed."""
    program = compiled(load_changed(load_scenario(name), {place: value}), Plan(replications=1))
    steps = program.names.steps
    decides, yes_ = DECIDED[name]
    found = []
    for replication in range(2):
        visits = simulate(program, 1, replication).visits
        rows = np.flatnonzero((visits.step == steps.index(f"lead.{decides}")) & (visits.next >= 0))
        found.extend((visits.next[rows] == steps.index(f"lead.{yes_}")).tolist())
    return float(np.mean(found))


DECIDED = {HOME: ("decision", "cooling_off"), ACCOUNT: ("orders", "open_account")}


@pytest.mark.parametrize(
    ("name", "place", "values"),
    [
        (HOME, COMPETITORS, (5, 0)),
        (ACCOUNT, COMPETITORS, (5, 0)),
        (HOME, "processes.lead.steps.draw_up.effort", ("20 h", "30 min")),
        (ACCOUNT, "processes.lead.steps.offer.effort", ("20 h", "30 min")),
        (HOME, "policies.follow_up_gap", ("28 d", "4 d")),
        (HOME, "processes.lead.steps.visited.values.discount", (0, 0.12)),
        (ACCOUNT, "policies.price_against_market", ("10 %", "-10 %")),
        (HOME, "attributes.intent.half_life", ("5 d", "3650 d")),
        (ACCOUNT, "attributes.intent.half_life", ("5 d", "3650 d")),
    ],
)
def test_households_and_trade_customers_choose_for_the_reasons_firms_do(name, place, values):
    """Fewer competitors, a sooner quote, more calls, a lower price and warmer interest win a larger share."""
    worse, better = (won(name, place, value) for value in values)
    assert worse < better - 0.01, (worse, better)


@pytest.mark.parametrize(
    ("name", "step", "outcome"),
    [(BASELINE, "decision", "shortlisted"), (HOME, "decision", "signed"), (ACCOUNT, "orders", "buys")],
)
def test_whoever_sells_moves_the_decision(name, step, outcome):
    """Of firms, households and trade customers alike."""
    scenario = load_scenario(name).scenario
    assert "seller" in scenario.processes["lead"].steps[step].outcomes[outcome].effects
    assert scenario.effects["seller"].coefficient.fixed > 0
