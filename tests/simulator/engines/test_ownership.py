"""Section 5 of docs/semantics.md: take, keep and release, and the limit of open cases."""

from tests.simulator.engines.toys import log, toy, waits


def test_the_owner_does_the_work_though_a_colleague_is_idle():
    """Ann took the case, and works on another when it comes back; Bob is idle from 2.25 on."""
    program = toy("""
      come: {a: 0, b: 1.25, c: 1.5}
      teams: {t: {members: {ann: {}, bob: {}}, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: 1 h, ownership: take}
        w: {kind: wait, duration: 1 h}
        v: {kind: work, team: t, effort: 1 h, ownership: keep}
    """)
    assert log(program, only=["u", "v"]) == [
        "a u 0 0 1 ann", "b u 1.25 1.25 2.25 bob", "c u 1.5 1.5 2.5 ann", "a v 2 2.5 3.5 ann",
        "b v 3.25 3.25 4.25 bob", "c v 3.5 3.5 4.5 ann",
    ]  # fmt: skip
    assert waits(program) == {"a v": {"contention": 0.25, "ownership": 0.25}}


def test_a_case_without_an_owner_is_taken_by_keep():
    """Whoever starts the work owns the case from then on."""
    program = toy("""
      come: {a: 0, b: 2}
      teams: {t: {members: {ann: {}, bob: {}}, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: 1 h, ownership: keep}
        w: {kind: wait, duration: "4 h - age"}
        v: {kind: work, team: t, effort: 1 h, ownership: keep}
    """)
    # By idleness alone Ann would be first at 6, as she has been idle since 5.
    assert [line for line in log(program) if " u " in line or " v " in line] == [
        "a u 0 0 1 ann", "b u 2 2 3 bob", "a v 4 4 5 ann", "b v 6 6 7 bob",
    ]  # fmt: skip


def test_take_relieves_the_earlier_owner():
    """Bob takes the case over from Ann, and keeps it."""
    program = toy("""
      come: {a: 0}
      teams: {t: {members: {ann: {}, bob: {}}, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: 1 h, ownership: take}
        v: {kind: work, team: t, effort: 1 h, ownership: take}
        w: {kind: wait, duration: 1 h}
        x: {kind: work, team: t, effort: 1 h, ownership: keep}
    """)
    assert [line.split()[5] for line in log(program, only=["u", "v", "x"])] == ["ann", "bob", "bob"]


def test_release_frees_the_case_when_the_work_is_done():
    """After the release the next step is done by whoever has been idle longest, before it by the owner."""
    program = toy("""
      come: {a: 0}
      teams: {t: {members: {ann: {}, bob: {}}, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: 1 h, ownership: take}
        v: {kind: work, team: t, effort: 1 h, ownership: release}
        x: {kind: work, team: t, effort: 1 h, ownership: keep}
    """)
    assert [line.split()[5] for line in log(program, only=["u", "v", "x"])] == ["ann", "ann", "bob"]


def test_each_team_has_an_owner_of_its_own():
    """Sales keeps its owner while finance takes and keeps another."""
    program = toy("""
      come: {a: 0}
      teams: {s: {members: {ann: {}, bob: {}}, shifts: always}, f: {members: {eve: {}, flo: {}}, shifts: always}}
      steps:
        u: {kind: work, team: s, effort: 1 h, ownership: take}
        v: {kind: work, team: f, effort: 1 h, ownership: take}
        x: {kind: work, team: s, effort: 1 h, ownership: keep}
        y: {kind: work, team: f, effort: 1 h, ownership: keep}
    """)
    assert [line.split()[5] for line in log(program, only=["u", "v", "x", "y"])] == ["ann", "eve", "ann", "eve"]


def test_nobody_takes_more_cases_than_allowed_and_the_end_of_a_case_frees_its_owner():
    """With one open case the second waits until the first has ended, at 6, though its owner is idle from 1 on."""
    program = toy("""
      come: {a: 0, b: 0.5}
      teams: {t: {head_count: 1, shifts: always, open_cases: 1}}
      steps:
        u: {kind: work, team: t, effort: 1 h, ownership: take}
        w: {kind: wait, duration: 5 h}
    """)
    assert log(program, only=["u"]) == ["a u 0 0 1 staff", "b u 0.5 6 7 staff"]
    assert waits(program) == {"b u": {"contention": 0.5, "limit": 5.0}}


def test_the_limit_does_not_hold_for_cases_that_are_owned_already_nor_for_steps_that_take_none():
    """At the limit the owner goes on with their own case, and does other work."""
    program = toy("""
      come: {a: 0, b: 0.5, c: {at: 2, process: q}}
      teams: {t: {head_count: 1, shifts: always, open_cases: 1}}
      steps:
        u: {kind: work, team: t, effort: 1 h, ownership: take}
        w: {kind: wait, duration: 5 h}
        v: {kind: work, team: t, effort: 1 h, ownership: keep}
      processes: {q: {steps: {x: {kind: work, team: t, effort: 1 h}, over: {kind: end, outcome: over}}}}
    """)
    assert log(program, only=["u", "v", "x"]) == [
        "a u 0 0 1 staff", "b u 0.5 7 8 staff", "c x 2 2 3 staff", "a v 6 6 7 staff", "b v 13 13 14 staff",
    ]  # fmt: skip
    # From 6 to 7 the person works on a, which came to its step after b.
    assert waits(program)["b u"] == {"contention": 0.5, "limit": 4.0, "priority": 2.0}


def test_release_makes_room_below_the_limit():
    """The case that waits for the limit is taken as soon as the work on the released one is done."""
    program = toy("""
      come: {a: 0, b: 0.5}
      teams: {t: {head_count: 1, shifts: always, open_cases: 1}}
      steps:
        u: {kind: work, team: t, effort: 1 h, ownership: release}
        w: {kind: wait, duration: 5 h}
    """)
    assert log(program, only=["u"]) == ["a u 0 0 1 staff", "b u 0.5 1 2 staff"]


LEAVER = """
  come: {{a: 9, b: {b}}}
  teams: {{t: {{members: {{ann: {{leaves: 2024-01-01}}, bob: {{}}}}, shifts: "Mon-Fri 09:00-17:00"}}}}
  steps:
    u: {{kind: work, team: t, effort: 1 h, ownership: take}}
    w: {{kind: wait, duration: {wait}}}
    v: {{kind: work, team: t, effort: 1 h, ownership: keep}}
"""


def test_a_case_of_someone_who_has_left_is_nobodys():
    """Ann's last day is Monday: on Tuesday at ten Bob does what she owned."""
    assert log(toy(LEAVER.format(b=90, wait="24 h")), only=["u", "v"])[:2] == ["a u 9 9 10 ann", "a v 34 34 35 bob"]


def test_a_case_that_waits_for_someone_who_leaves_goes_to_the_others_at_the_next_shift():
    """It waits from Monday 18:00 on, first for Ann, from Tuesday 09:00 on for anyone, which is Bob at once."""
    program = toy(LEAVER.format(b=90, wait="8 h"))
    assert log(program, only=["u", "v"])[:2] == ["a u 9 9 10 ann", "a v 18 33 34 bob"]
    assert waits(program)["a v"] == {"off_shift": 15.0}


def test_a_case_that_moved_to_the_others_keeps_its_place():
    """Case b waits for Bob behind case a, which came before to the queue of Ann, who has left."""
    program = toy(LEAVER.format(b=17, wait="8 h"))
    # b came at 17 to u, a at 18 to v: order of coming.
    assert log(program, only=["u", "v"])[:3] == ["a u 9 9 10 ann", "b u 17 33 34 bob", "a v 18 34 35 bob"]
    assert waits(program)["a v"] == {"off_shift": 15.0, "contention": 1.0}


def test_giving_up_ends_an_assignment():
    """Case b is assigned to Ann at 1 and gives up at 1.5; at 2.5 it is nobody's, and Bob, idle throughout, does it."""
    program = toy("""
      come: {a: {at: 0, process: q}, b: 1}
      teams: {t: {members: {ann: {win_factor: 2}, bob: {}}, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: 1 h, ownership: take, routing: {rule: best_performer},
            patience: {after: 30 min, to: w}}
        w: {kind: wait, duration: 1 h}
        v: {kind: work, team: t, effort: 1 h, ownership: keep}
      processes: {q: {steps: {x: {kind: work, team: t, effort: 9 h}, over: {kind: end, outcome: over}}}}
    """)
    assert log(program, only=["u", "v"]) == ["b u 1 - 1.5", "b v 2.5 2.5 3.5 bob"]
    assert waits(program) == {"b u": {"ownership": 0.5}}
