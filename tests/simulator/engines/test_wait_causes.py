"""Section 6 of docs/semantics.md: each cause in a scenario worked out by hand, to the exact hour."""

from simulator.records import TICKS
from tests.simulator.engines.toys import log, run, toy, waits


def test_off_shift_and_then_contention():
    """The colleague is off shift for half an hour, and then works on a case that came before for half an hour more."""
    program = toy("""
      come: {a: 8, b: 8.5}
      teams: {t: {head_count: 1, shifts: "Mon-Fri 09:00-17:00"}}
      steps: {u: {kind: work, team: t, effort: 30 min}}
    """)
    assert waits(program) == {"a u": {"off_shift": 1.0}, "b u": {"off_shift": 0.5, "contention": 0.5}}


def test_contention_priority_and_a_lunch():
    """Of 2.5 hours one goes to an earlier case, one to a case that was taken first, and half an hour to a lunch."""
    program = toy("""
      attributes: {rank: {}}
      come: {a: {at: 10}, b: {at: 11, brings: {rank: 1}}, c: {at: 11.5, brings: {rank: 2}}}
      teams: {t: {head_count: 1, discipline: priority, shifts: "Mon-Fri 09:00-13:00, 13:30-18:00"}}
      steps: {u: {kind: work, team: t, effort: "2 h if now == 10 else 1 h", priority: rank}}
    """)
    assert log(program, only=["u"])[1:] == ["b u 11 13.5 14.5 staff", "c u 11.5 12 13 staff"]
    assert waits(program) == {
        "b u": {"contention": 1.0, "priority": 1.0, "off_shift": 0.5},
        "c u": {"contention": 0.5},
    }


def test_one_of_two_colleagues_who_overtakes_is_enough_for_priority():
    """Ann works on an earlier case, Bob on a later one: overtaken, not contended."""
    program = toy("""
      attributes: {rank: {}}
      come: {a: {at: 1}, b: {at: 1.5}, c: {at: 2}, d: {at: 2.5, brings: {rank: 5}}}
      teams: {t: {members: {ann: {}, bob: {}}, discipline: priority, shifts: always}}
      steps: {u: {kind: work, team: t, effort: "8 h if now == 1 else 2 h", priority: rank}}
    """)
    assert log(program, only=["u"]) == [
        "a u 1 1 9 ann",
        "b u 1.5 1.5 3.5 bob",
        "c u 2 5.5 7.5 bob",
        "d u 2.5 3.5 5.5 bob",
    ]
    assert waits(program) == {"c u": {"contention": 1.5, "priority": 2.0}, "d u": {"contention": 1.0}}


def test_a_later_case_of_the_same_person_at_another_step_overtakes_too():
    """The order of coming is that of the team, not of the step."""
    program = toy("""
      come: {a: 1, b: {at: 1.5, process: q}, c: 2}
      teams: {t: {head_count: 1, discipline: lifo, shifts: always}}
      steps: {u: {kind: work, team: t, effort: 2 h}}
      processes: {q: {steps: {v: {kind: work, team: t, effort: 1 h}, over: {kind: end, outcome: over}}}}
    """)
    assert waits(program) == {"b v": {"contention": 1.5, "priority": 2.0}, "c u": {"contention": 1.0}}


OWNED = """
  come: {{a: 0, b: {{at: 1, process: q}}, c: {{at: 1.5, process: q}}}}
  teams: {{t: {{members: {{ann: {{}}, bob: {{{bob}}}}}, shifts: always}}}}
  steps:
    u: {{kind: work, team: t, effort: 1 h, ownership: take}}
    w: {{kind: wait, duration: 2 h}}
    v: {{kind: work, team: t, effort: 1 h, ownership: keep}}
  processes: {{q: {{steps: {{x: {{kind: work, team: t, effort: 4 h, routing: {{rule: best_performer}}}},
    over: {{kind: end, outcome: over}}}}}}}}
"""


def test_an_owner_who_is_busy_while_a_colleague_is_idle():
    """Ann works on b and then c, which was assigned to her, until 9; Bob has nothing to do."""
    program = toy(OWNED.format(bob=""))
    assert log(program, only=["v", "x"]) == ["b x 1 1 5 ann", "c x 1.5 5 9 ann", "a v 3 9 10 ann"]
    # a came to v after b and c, so nobody overtakes it.
    assert waits(program) == {"c x": {"ownership": 3.5}, "a v": {"ownership": 6.0}}


def test_an_owner_who_is_busy_while_the_colleague_is_off_shift():
    """Without Bob it is contention; at 8 he comes, and from then on it is ownership."""
    program = toy(OWNED.format(bob='shifts: "Mon 08:00-12:00"'))
    assert waits(program) == {"c x": {"contention": 3.5}, "a v": {"contention": 5.0, "ownership": 1.0}}


def test_an_owner_who_is_off_shift_makes_a_wait_off_shift_whoever_else_is_there():
    """Ann owns the case and comes back in the morning; Bob sits idle."""
    program = toy("""
      come: {a: 9}
      teams: {t: {members: {ann: {shifts: "Mon-Fri 09:00-10:00"}, bob: {}}, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: 1 h, ownership: take}
        w: {kind: wait, duration: 1 h}
        v: {kind: work, team: t, effort: 1 h, ownership: keep}
    """)
    assert waits(program) == {"a v": {"off_shift": 22.0}}


def test_a_colleague_without_the_skill_does_not_count():
    """Bob is idle and on shift, but could not take the case anyway."""
    text = """
      attributes: {{size: {{levels: [s, m]}}}}
      come: {{a: 1, b: 2}}
      teams: {{t: {{members: {{ann: {{win_factor: 2}}, bob: {{skills: {{size: [{}]}}}}}}, shifts: always}}}}
      steps: {{u: {{kind: work, team: t, effort: 4 h, routing: {{rule: best_performer, match: size}}}}}}
    """
    assert waits(toy(text.format("m"))) == {"b u": {"contention": 3.0}}
    assert waits(toy(text.format("s"))) == {"b u": {"ownership": 3.0}}


def test_the_limit_of_open_cases_is_a_cause_only_while_someone_at_it_is_idle_and_there():
    """Off shift at night, contention while the person works, the limit in between."""
    program = toy("""
      come: {a: 9, b: 9.5}
      teams: {t: {head_count: 1, shifts: "Mon-Fri 09:00-17:00", open_cases: 1}}
      steps:
        u: {kind: work, team: t, effort: 1 h, ownership: take}
        w: {kind: wait, duration: 24 h}
    """)
    assert log(program, only=["u"]) == ["a u 9 9 10 staff", "b u 9.5 34 35 staff"]
    assert waits(program) == {"b u": {"contention": 0.5, "limit": 8.0, "off_shift": 16.0}}


def test_a_wait_that_is_not_over_is_counted_up_to_the_end_of_the_run():
    """Partial waits are rows of their own, of visits that never began."""
    program = toy("""
      horizon: {length: 20 h}
      come: {a: 16, b: 16.25}
      teams: {t: {head_count: 1, shifts: "Mon-Fri 09:00-17:00"}}
      steps: {u: {kind: work, team: t, effort: 3 h}}
    """)
    assert log(program) == ["a u 16 16 - staff", "b u 16.25 - -"]
    # While the suspended person is off shift it is off shift, whoever's case lies on the desk.
    assert waits(program) == {"b u": {"contention": 0.75, "off_shift": 3.0}}


def test_causes_add_up_to_the_whole_wait_in_ticks():
    """Moments that are no whole ticks: the sum is the difference of the rounded ends."""
    program = toy("""
      horizon: {length: 30 d}
      channels: {a: {process: p, interval: {exponential: 37 min}}}
      teams: {t: {members: {ann: {}, bob: {shifts: "Mon-Fri 11:00-19:00"}}, discipline: lifo,
              shifts: "Mon-Fri 09:00-17:00"}}
      steps: {u: {kind: work, team: t, effort: {exponential: 50 min}}}
    """)
    records = run(program, 3, 4)
    visits, rows = records.visits, records.waits.visit
    assert rows.size > 300
    for row, ticks in zip(rows.tolist(), records.waits.ticks.tolist(), strict=True):
        until = visits.started[row] if visits.started[row] == visits.started[row] else records.end
        assert sum(ticks) == round(float(until) * TICKS) - round(float(visits.entered[row]) * TICKS)
