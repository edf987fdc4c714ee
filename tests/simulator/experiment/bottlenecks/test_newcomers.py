"""People added to teams: like the average of their colleagues, and what they cost."""

import pytest

from simulator.experiment.bottlenecks.newcomers import free_hands, newcomers, standing_costs
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run
from simulator.schema.loading import load_changed, load_scenario

PLAN = Plan(replications=1, jobs=1, engine="simpy")


def with_one_more(loaded, team, number=1):
    """The scenario with people added."""
    return load_changed(loaded, newcomers(team, loaded.scenario.teams[team], number, "EUR"))


def test_a_head_count_gets_higher(by_hand):
    """Nobody is named, so nobody is named newcomer."""
    assert newcomers("desk", by_hand.scenario.teams["desk"], 2, "EUR") == {"teams.desk.head_count": 3}


def test_a_newcomer_is_like_the_average_member(by_hand):
    """One slow and cheap, three who are like the team: speed 0.95, 4 EUR an hour; another is one more of these."""
    once = with_one_more(by_hand, "bench")
    twice = with_one_more(once, "bench")
    found = twice.scenario.teams["bench"].members["newcomer"]
    assert found.head_count == 2
    assert found.speed.fixed == pytest.approx(0.95)
    assert found.cost.fixed == pytest.approx(4)
    assert found.win_factor is None


def test_colleagues_keep_their_leave():
    """In a team with named members the newcomer comes last, so nobody's leave is moved."""
    base = load_scenario("baselines/pt_installation")
    before, after = (compiled(each, PLAN) for each in (base, with_one_more(base, "sales")))
    for name in before.names.members:
        spans = [
            program.tables.calendars[program.tables.members["calendar"][program.names.members.index(name)]]
            for program in (before, after)
        ]
        opens = [
            program.tables.opens[span["first"] : span["first"] + span["count"]].tolist()
            for program, span in zip((before, after), spans, strict=True)
        ]
        assert opens[0] == opens[1], name


def test_standing_costs_are_those_of_the_ledger(by_hand):
    """Nothing is posted to cost and no lead is bought, so they are the whole cost; a second desk costs 480 EUR."""
    for loaded in (by_hand, with_one_more(by_hand, "desk"), with_one_more(by_hand, "bench")):
        assert standing_costs(compiled(loaded, PLAN)) == pytest.approx(run(loaded, PLAN).samples["cost_total"][0])
    more = standing_costs(compiled(with_one_more(by_hand, "desk"), PLAN))
    assert more - standing_costs(compiled(by_hand, PLAN)) == pytest.approx(2 * 240)


def test_a_seat_costs_too(by_hand):
    """A tool with a licence for each member of the team, and one bought once, stand in the costs as the ledger does."""
    tools = {
        "tools.crm": {"licence": "24 EUR/d", "seats": "desk", "set_up": "100 EUR"},
        "overheads.rent": {"cost": "10 EUR/d"},
    }
    loaded = load_changed(by_hand, tools)
    assert standing_costs(compiled(loaded, PLAN)) == pytest.approx(run(loaded, PLAN).samples["cost_total"][0])
    more = standing_costs(compiled(with_one_more(loaded, "desk"), PLAN))
    assert more - standing_costs(compiled(loaded, PLAN)) == pytest.approx((2 + 1) * 240)


def test_free_hands_cost_nothing(by_hand):
    """They are as fast as the average and work without pay."""
    loaded = load_changed(by_hand, free_hands("bench", by_hand.scenario.teams["bench"], 30, "EUR"))
    assert standing_costs(compiled(loaded, PLAN)) == standing_costs(compiled(by_hand, PLAN))
    assert loaded.scenario.teams["bench"].members["free_hands"].speed.fixed == pytest.approx(0.95)
