"""Section 5 of docs/semantics.md: the routing rules, with and without sight of absence, and skills."""

import numpy as np
import pytest

from simulator.program.layout import Rule
from tests.simulator.engines.toys import log, run, toy, waits


def members(program, step="u"):
    """Who did a step, in the order of the visits."""
    return [line.split()[5] if len(line.split()) > 5 else "-" for line in log(program, only=[step])]


def at_once(rule, leads, crew="ann: {}, bob: {}, cy: {}", effort="1 h", more=""):
    """Several cases at hour 0, routed by a rule."""
    return toy(f"""
      channels: {{a: {{process: p, drops: [{{date: 2024-01-01, leads: {leads}}}]}}}}
      teams: {{t: {{members: {{{crew}}}, shifts: always}}}}
      steps: {{u: {{kind: work, team: t, effort: {effort}, routing: {{rule: {rule}{more}}}}}}}
    """)


def test_round_robin_goes_on_after_the_last():
    """The first is the first, and after the third comes the first again."""
    assert members(at_once("round_robin", 5)) == ["ann", "bob", "cy", "ann", "bob"]


def test_round_robin_passes_over_who_lacks_the_skill():
    """Only those who serve the class take part in its round."""
    program = toy("""
      attributes: {size: {levels: [s, m]}}
      come: {a: {at: 1, brings: {size: s}}, b: {at: 2, brings: {size: s}},
             c: {at: 3, brings: {size: m}}, d: {at: 4, brings: {size: s}}}
      teams: {t: {members: {ann: {skills: {size: [s]}}, bob: {skills: {size: [m]}}, cy: {}}, shifts: always}}
      steps: {u: {kind: work, team: t, effort: 1 h, routing: {rule: round_robin, match: size}}}
    """)
    assert members(program) == ["ann", "cy", "bob", "ann"]


def test_least_loaded_counts_those_who_wait_and_those_in_work():
    """Ties go to the first; Bob, who is fast, is free again when the later ones come."""
    assert members(at_once("least_loaded", 5)) == ["ann", "bob", "cy", "ann", "bob"]
    program = toy("""
      come: {a: 0, b: 0.25, c: 2, d: 2.25}
      teams: {t: {members: {ann: {speed: 0.25}, bob: {}}, shifts: always}}
      steps: {u: {kind: work, team: t, effort: 1 h, routing: {rule: least_loaded}}}
    """)
    # At 2.25 each has one case: Ann is the first, and d waits for her though Bob is free from 3 on.
    assert log(program, only=["u"]) == ["a u 0 0 4 ann", "b u 0.25 0.25 1.25 bob", "c u 2 2 3 bob", "d u 2.25 4 8 ann"]
    assert waits(program) == {"d u": {"contention": 0.75, "ownership": 1.0}}


def test_least_loaded_counts_cases_that_are_owned():
    """Ann owns a case that waits for its customer, so Bob gets the next."""
    program = toy("""
      come: {a: 0, b: 3, c: 4}
      teams: {t: {members: {ann: {}, bob: {}}, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: 30 min, ownership: take, routing: {rule: least_loaded}}
        w: {kind: wait, duration: "9 h if now < 1 else 15 min"}
    """)
    assert members(program) == ["ann", "bob", "bob"]


def test_the_best_performer_gets_everything():
    """Cases wait for the highest win factor while colleagues are idle: a wait for an owner."""
    program = at_once("best_performer", 3, "ann: {}, bob: {win_factor: 1.5}, cy: {win_factor: 1.2}")
    assert members(program) == ["bob"] * 3
    assert waits(program) == {"a2 u": {"ownership": 1.0}, "a3 u": {"ownership": 2.0}}


def test_random_and_weighted_rules_choose_by_their_shares():
    """400 cases: a third each, or by weights of 3, 1 and 0, within four standard errors."""
    for rule, crew, shares in (
        ("random", "ann: {}, bob: {}, cy: {}", (1 / 3, 1 / 3, 1 / 3)),
        ("weighted", "ann: {weight: 3}, bob: {}, cy: {weight: 0}", (0.75, 0.25, 0.0)),
    ):
        chosen = members(at_once(rule, 400, crew, "1 min"))
        for name, share in zip(("ann", "bob", "cy"), shares, strict=True):
            assert abs(chosen.count(name) - 400 * share) <= 4 * np.sqrt(400 * share * (1 - share))


PART_TIME = """
  come: {{a: 8, b: 10, c: 10.25, d: 13.5}}
  teams: {{t: {{members: {{ann: {{shifts: "Mon 09:00-13:00"}}, bob: {{shifts: "Mon 14:00-18:00"}}}}}}}}
  steps: {{u: {{kind: work, team: t, effort: 30 min, routing: {{rule: {rule}, sees_absence: {sees}}}}}}}
"""


def test_a_rule_that_sees_absence_chooses_among_those_on_shift_or_first_on_shift():
    """Before nine and in the morning that is Ann, at lunch Bob."""
    program = toy(PART_TIME.format(rule="round_robin", sees="true"))
    assert log(program, only=["u"]) == [
        "a u 8 9 9.5 ann", "b u 10 10 10.5 ann", "c u 10.25 10.5 11 ann", "d u 13.5 14 14.5 bob",
    ]  # fmt: skip
    assert waits(program) == {
        "a u": {"off_shift": 1.0},
        "c u": {"contention": 0.25},
        "d u": {"off_shift": 0.5},
    }


def test_a_rule_that_does_not_see_absence_leaves_cases_to_those_who_are_away():
    """Every other case waits for Bob until the afternoon, though Ann is there: off shift, as he alone may take it."""
    program = toy(PART_TIME.format(rule="round_robin", sees="false"))
    assert log(program, only=["u"]) == [
        "a u 8 9 9.5 ann", "b u 10 14 14.5 bob", "c u 10.25 10.25 10.75 ann", "d u 13.5 14.5 15 bob",
    ]  # fmt: skip
    assert waits(program) == {
        "a u": {"off_shift": 1.0},
        "b u": {"off_shift": 4.0},
        "d u": {"off_shift": 0.5, "contention": 0.5},
    }


@pytest.mark.parametrize("rule", ["random", "weighted", "least_loaded", "best_performer"])
def test_every_rule_sees_absence_or_not(rule):
    """On a day that Bob does not work, he gets cases only from a rule that does not look."""
    text = """
      channels: {{a: {{process: p, drops: [{{date: 2024-01-01, leads: 12}}]}}}}
      teams: {{t: {{members: {{ann: {{shifts: "Mon 00:00-24:00"}},
              bob: {{shifts: "Tue 00:00-24:00", win_factor: 2}}}}}}}}
      steps: {{u: {{kind: work, team: t, effort: 30 min, routing: {{rule: {}, sees_absence: {}}}}}}}
    """
    assert set(members(toy(text.format(rule, "true")))) == {"ann"}
    assert "bob" in members(toy(text.format(rule, "false")))


@pytest.mark.parametrize("sees", ["true", "false"])
def test_no_rule_chooses_who_is_not_employed(sees):
    """Ann has left, Cy is yet to come."""
    program = toy(f"""
      channels: {{a: {{process: p, drops: [{{date: 2024-01-03, leads: 6}}]}}}}
      teams: {{t: {{members: {{ann: {{leaves: 2024-01-02}}, bob: {{}}, cy: {{hired: 2024-01-04}}}}, shifts: always}}}}
      steps: {{u: {{kind: work, team: t, effort: 1 min, routing: {{rule: round_robin, sees_absence: {sees}}}}}}}
    """)
    assert set(members(program)) == {"bob"}


def test_those_at_their_limit_are_passed_over_and_then_the_shared_queue_takes_the_case():
    """Two cases for each, the fifth waits for whoever has room first: Bob, whose case ends at 3."""
    program = toy("""
      channels: {a: {process: p, drops: [{date: 2024-01-01, leads: 5}]}}
      teams: {t: {members: {ann: {}, bob: {speed: 2}}, shifts: always, open_cases: 2}}
      steps:
        u: {kind: work, team: t, effort: 2 h, ownership: take, routing: {rule: round_robin}}
        w: {kind: wait, duration: 2 h}
    """)
    assert log(program, only=["u"]) == [
        "a u 0 0 2 ann", "a2 u 0 0 1 bob", "a3 u 0 2 4 ann", "a4 u 0 1 2 bob", "a5 u 0 3 4 bob",
    ]  # fmt: skip
    assert waits(program)["a5 u"] == {"contention": 2.0, "limit": 1.0}
    assert waits(program)["a3 u"] == {"contention": 2.0}


def test_the_owner_goes_before_any_rule():
    """The best performer would be Bob, but Ann keeps what she has."""
    program = toy("""
      come: {a: 0}
      teams: {t: {members: {ann: {}, bob: {win_factor: 2}}, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: 1 h, ownership: take}
        v: {kind: work, team: t, effort: 1 h, ownership: keep, routing: {rule: best_performer}}
        x: {kind: work, team: t, effort: 1 h, ownership: take, routing: {rule: best_performer}}
        y: {kind: work, team: t, effort: 1 h, ownership: keep}
    """)
    assert [line.split()[5] for line in log(program, only=["u", "v", "x", "y"])] == ["ann", "ann", "bob", "bob"]


SKILLS = """
  attributes: {{size: {{levels: [s, m, l]}}}}
  come: {{a: {{at: 1, brings: {{size: m}}}}, b: {{at: 1.5, brings: {{size: m}}}},
         c: {{at: 2, brings: {{size: s}}}}, d: {{at: 9, brings: {{size: l}}}}}}
  teams: {{t: {{members: {{ann: {{skills: {{size: [s]}}}}, bob: {{skills: {{size: [m]}}}}}}, shifts: always}}}}
  steps: {{u: {{kind: work, team: t, effort: 1 h, routing: {{match: size, fallback: {}}}}}}}
"""


def test_only_those_with_the_skill_serve_a_case_and_where_nobody_has_it_anyone_does():
    """Medium cases wait for Bob while Ann is idle, which is contention; large ones fall to everybody."""
    program = toy(SKILLS.format("anyone"))
    assert members(program) == ["bob", "bob", "ann", "ann"]
    assert log(program, only=["u"])[1] == "b u 1.5 2 3 bob"
    assert waits(program) == {"b u": {"contention": 0.5}}


def test_a_skill_that_nobody_has_is_refused_unless_anyone_may_fall_in():
    """The file is refused, not left to wait for ever."""
    with pytest.raises(AssertionError, match="nobody in team 't' can serve size 'l'"):
        toy(SKILLS.format("wait"))


def test_a_value_beyond_the_levels_is_cut_to_them():
    """An attribute that is an index into queues can name no queue that is not there."""
    text = """
      attributes: {{size: {{levels: [s, m]}}}}
      teams: {{t: {{members: {{ann: {{skills: {{size: [s]}}}}, bob: {{skills: {{size: [m]}}}}}}, shifts: always}}}}
      steps: {{g: {{kind: set, values: {{size: size {} 7}}}},
              u: {{kind: work, team: t, effort: 1 h, routing: {{match: size}}}}}}
    """
    assert (members(toy(text.format("+"))), members(toy(text.format("-")))) == (["bob"], ["ann"])


def test_the_rules_in_the_program_are_those_of_the_file():
    """Every rule has a test above; a new one would need one."""
    assert {rule.name.lower() for rule in Rule} == {
        "first_available", "random", "round_robin", "weighted", "least_loaded", "best_performer",
    }  # fmt: skip
    assert run(at_once("first_available", 3)).visits.member.tolist()[:3] == [0, 1, 2]
