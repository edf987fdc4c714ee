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


def discounts(changes):
    """Discount, competitors and value against list of the orders of one run; and whether each was cut to the limit."""
    program = compiled(load_changed(load_scenario(BASELINE), changes), Plan(replications=1))
    records = simulate(program, 1, 0)
    steps, visits = program.names.steps, records.visits
    cases, cut = (
        np.unique(visits.case[visits.step == steps.index(f"lead.{step}")]) for step in ("signature", "cut_discount")
    )
    kept = records.cases.attributes[cases]
    at = program.names.attributes.index
    value = kept[:, at("deal_value")] / (kept[:, at("list_value")] * kept[:, at("size_factor")])
    return kept[:, at("discount")], kept[:, at("competitors")], value, np.isin(cases, cut)


def test_a_discount_above_the_limit_is_allowed_or_cut_and_the_customer_pays_what_was_agreed():
    """Whoever was cut has the limit, others above it what they asked for; the value is the list's less the discount."""
    discount, _, value, cut = discounts({"policies.discount_limit": 0.04})
    assert cut.sum() > 20
    assert discount[cut] == pytest.approx(0.04)
    assert (discount[~cut] > 0.04).sum() > 20
    assert value == pytest.approx(1 - discount)
    assert discounts({"policies.discount_limit": 0.3, "policies.director_limit": 0.3})[3].sum() == 0


def test_more_competitors_ask_for_more_discount():
    """With two points for each competitor, those above the usual number get more off than those below."""
    discount, competitors, *_ = discounts({"policies.discount_per_competitor": 0.02})
    assert discount[competitors > 1].mean() > discount[competitors < 1].mean() + 0.01


def test_the_management_is_asked_above_the_limit_of_the_director():
    """With a limit below every discount all wait for it, with one above none."""
    waits = []
    for limit in (0, 0.5):
        program = compiled(
            load_changed(load_scenario(BASELINE), {"policies.director_limit": limit}), Plan(replications=1)
        )
        visits = simulate(program, 1, 0).visits
        rows = [
            (visits.step == program.names.steps.index(f"lead.{s}")).sum() for s in ("large_discount", "management_wait")
        ]
        waits.append(rows)
    assert waits[0][1] > 0.8 * waits[0][0]
    assert waits[1][1] == 0
