"""Someone is there for all work that is routed to a team."""

import pytest

TEAM = "    head_count: 2\n"
SEGMENTS = "segments: {small: {}, large: {}}\nteams:\n"
MATCH = "        team: sales\n        routing: {match: segment}\n"


@pytest.mark.parametrize(
    "team",
    ["    head_count: 0\n", "", "    members: {}\n", "    members: {ana: {head_count: 0}}\n"],
)
def test_a_team_with_nobody(refuses, team):
    """Work is routed to it and would wait for ever."""
    refuses(TEAM, team, "work is routed to team 'sales', in which there is nobody", at="  sales:\n")


def test_an_empty_team_without_work_is_no_problem(accepts):
    """A team may be planned before it is staffed."""
    accepts("teams:\n", "teams:\n  support: {head_count: 0}\n")


@pytest.mark.parametrize("member", ["{leaves: 2026-03-01}", "{leaves: 2025-12-31}"])
def test_a_team_that_everybody_leaves(refuses, member):
    """Nobody is left before the run is over."""
    refuses(TEAM, f"    members: {{ana: {member}}}\n", "nobody is left in team 'sales' after 202", at="  sales:\n")


def test_a_team_that_nobody_joins_in_time(refuses):
    """Hired after the end is the same as never."""
    refuses(TEAM, "    members: {ana: {hired: 2030-01-01}}\n", "nobody comes to team 'sales'", at="  sales:\n")


def test_a_successor_is_enough(accepts):
    """One leaves, another comes."""
    accepts(TEAM, "    members: {ana: {leaves: 2026-03-01}, rui: {hired: 2026-02-01}}\n")


def test_leaving_on_the_last_day_is_in_time(accepts):
    """The run of 4 and 52 weeks from 5 January 2026 ends on 31 January 2027."""
    accepts(TEAM, "    members: {ana: {leaves: 2027-01-31}}\n")


@pytest.mark.parametrize("discipline", ["priority", "due"])
def test_an_ordered_queue_needs_its_rank(refuses, discipline):
    """The work steps of the team must say by what the queue is ordered."""
    refuses(TEAM, f"{TEAM}    discipline: {discipline}\n", f"add '{discipline}'", at="      call:")


@pytest.mark.parametrize(("discipline", "rank"), [("priority", "interest"), ("due", "2 d")])
def test_an_ordered_queue_with_its_rank(problems, edited, discipline, rank):
    """A rank on each step of the team is all that is needed."""
    text = edited(TEAM, f"{TEAM}    discipline: {discipline}\n")
    assert problems(text.replace("        team: sales\n", f"        team: sales\n        {discipline}: {rank}\n")) == []


@pytest.mark.parametrize(
    ("members", "routing", "unserved"),
    [
        ("{ana: {skills: {segment: [small]}}}", "match: segment", ["large"]),
        ("{ana: {skills: {segment: []}}}", "match: segment", ["small", "large"]),
        ("{ana: {skills: {segment: [small]}, head_count: 0}, rui: {}}", "match: segment", []),
        ("{ana: {skills: {segment: [small]}}, rui: {skills: {segment: [large]}}}", "match: segment", []),
        ("{ana: {skills: {segment: [small]}}}", "match: segment, fallback: anyone", []),
        ("{ana: {}}", "match: segment", []),
    ],
)
def test_somebody_has_each_skill_that_is_matched(problems, edited, members, routing, unserved):
    """A level that nobody serves would wait for ever, unless anyone may."""
    text = edited(TEAM, f"    members: {members}\n").replace("teams:\n", SEGMENTS)
    found = problems(text.replace("        team: sales\n", f"        team: sales\n        routing: {{{routing}}}\n"))
    assert [problem.message.partition(":")[0] for problem in found] == [
        f"nobody in team 'sales' can serve segment '{level}'" for level in sorted(unserved)
    ]


def test_far_too_many_people(refuses):
    """Eleven groups of ten thousand are beyond what is simulated."""
    groups = ", ".join(f"group_{letter}: {{head_count: 10000}}" for letter in "abcdefghijk")
    refuses(TEAM, f"    members: {{{groups}}}\n", "110000 people", at="teams:\n")
