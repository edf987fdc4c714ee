"""Section 5 of docs/semantics.md: who takes which case; disciplines, patience and balking."""

import pytest

from tests.simulator.engines.toys import log, outcomes, toy, waits


def order_of_service(discipline, step, brings=("", "", "")):
    """Cases b, c and d come at 1, 2 and 3, while the only person works on case a until 4."""
    comers = ", ".join(
        f"{name}: {{at: {at}{more}}}" for at, (name, more) in enumerate(zip("bcd", brings, strict=True), 1)
    )
    program = toy(f"""
      attributes: {{rank: {{}}}}
      come: {{a: {{at: 0}}, {comers}}}
      teams: {{t: {{head_count: 1, shifts: always, discipline: {discipline}}}}}
      steps: {{u: {{kind: work, team: t, effort: "4 h if now == 0 else 1 h"{step}}}}}
    """)
    lines = [line.split() for line in log(program, only=["u"])]
    assert lines[0] == ["a", "u", "0", "0", "4", "staff"]
    return "".join(line[0] for line in sorted(lines[1:], key=lambda line: float(line[3])))


RANKS = (", brings: {rank: 1}", ", brings: {rank: 3}", ", brings: {rank: 2}")


@pytest.mark.parametrize(
    ("discipline", "step", "brings", "expected"),
    [
        ("fifo", "", RANKS, "bcd"),
        ("lifo", "", RANKS, "dcb"),
        ("priority", ", priority: rank", RANKS, "cdb"),
        ("priority", ", priority: 1", RANKS, "bcd"),  # ties in the order of coming
        ("priority", ", priority: now", RANKS, "dcb"),  # fixed when the case comes
        ("due", ", due: rank * 4 h", RANKS, "bdc"),  # due at 5, 14, 11
        ("due", ", due: 8 h - now", RANKS, "bcd"),  # all due at 8
        ("due", ", due: 8 h - 2 * now", RANKS, "dcb"),  # due at 7, 6, 5
    ],
)
def test_the_discipline_says_who_is_next(discipline, step, brings, expected):
    """The smallest rank first, then the order of coming."""
    assert order_of_service(discipline, step, brings) == expected


def test_whoever_has_been_idle_longest_starts():
    """Work goes round among those who are idle."""
    program = toy("""
      come: {a: 0, b: 2, c: 4, d: 4.5, e: 8}
      teams: {t: {members: {ann: {}, bob: {}, cy: {}}, shifts: always}}
      steps: {u: {kind: work, team: t, effort: "3 h if now == 2 else 1 h"}}
    """)
    assert [line.split()[5] for line in log(program, only=["u"])] == ["ann", "bob", "cy", "ann", "bob"]


def test_a_shift_that_begins_serves_those_who_wait():
    """At eight two come, at nine the third."""
    program = toy("""
      come: {a: 1, b: 2, c: 3}
      teams: {t: {members: {ann: {}, bob: {shifts: "Mon 08:00-10:00"}, cy: {shifts: "Mon 08:00-18:00"}},
              shifts: "Mon 09:00-18:00"}}
      steps: {u: {kind: work, team: t, effort: 1 h}}
    """)
    # The timer of nine was set at eight, before Bob and Cy set to work: Ann comes before they finish.
    assert log(program, only=["u"]) == ["a u 1 8 9 bob", "b u 2 8 9 cy", "c u 3 9 10 ann"]


def test_a_new_case_and_a_shift_that_begins_at_the_same_time():
    """The timer of the shift was set when the first case began to wait, before the second came."""
    program = toy("""
      come: {a: 1, b: 9}
      teams: {t: {head_count: 1, shifts: "Mon-Fri 09:00-18:00"}}
      steps: {u: {kind: work, team: t, effort: 1 h}}
    """)
    # Arrivals are one after another: the second was scheduled when the first had come, just before it began to wait.
    assert log(program, only=["u"]) == ["a u 1 10 11 staff", "b u 9 9 10 staff"]


PATIENT = """
  come: {come}
  teams: {{t: {{head_count: 1, shifts: {shifts}}}}}
  steps:
    u: {{kind: work, team: t, effort: {effort}, patience: {{after: {after}, to: lost}}}}
    won: {{kind: end, outcome: won}}
    lost: {{kind: end, outcome: lost}}
"""


def patient(come, after, effort="2 h", shifts="always"):
    """A toy in which cases give up."""
    return toy(PATIENT.format(come=come, after=after, effort=effort, shifts=shifts))


def test_a_case_that_is_not_started_in_time_goes_where_its_patience_says():
    """It leaves the queue, and those behind it move up."""
    program = patient("{a: 0, b: 0.5, c: 1}", "80 min if now == 0.5 else 1 d")
    third = 0.5 + 80 / 60
    assert log(program, only=["u"]) == ["a u 0 0 2 staff", f"b u 0.5 - {third:.15g}", "c u 1 2 4 staff"]
    assert outcomes(program) == {"a": "won", "b": "lost", "c": "won"}
    assert waits(program)["b u"]["contention"] == pytest.approx(80 / 60, abs=1e-9)


def test_work_that_ends_when_patience_does_serves_the_case_if_it_began_before():
    """The end of the work was scheduled at 0, the end of the patience at 1: at 2 the case is taken."""
    assert log(patient("{a: 0, b: 1}", "1 h"), only=["u"]) == ["a u 0 0 2 staff", "b u 1 2 4 staff"]


def test_work_that_ends_when_patience_does_is_too_late_if_it_began_after():
    """The patience of c was scheduled at 1, the end of b's work at 2: at 4 the case has given up already."""
    program = patient("{a: 0, b: 0.5, c: 1}", "3 h")
    assert log(program, only=["u"]) == ["a u 0 0 2 staff", "b u 0.5 2 4 staff", "c u 1 - 4"]


def test_patience_counts_calendar_hours():
    """Nobody comes over night, and the case does not wait for the morning."""
    program = patient("{a: 20}", "6 h", shifts='"Mon-Fri 09:00-18:00"')
    assert log(program, only=["u"]) == ["a u 20 - 26"]
    assert waits(program) == {"a u": {"off_shift": 6.0}}


def test_no_patience_at_all_gives_up_in_an_event_of_its_own():
    """Of 0 hours: it is served only when someone is free at once."""
    assert log(patient("{a: 0, b: 1, c: 2}", "0 h"), only=["u"]) == ["a u 0 0 2 staff", "b u 1 - 1", "c u 2 2 4 staff"]


@pytest.mark.parametrize(("at", "lost"), [(0, "bcd"), (1, "cd"), (2, "d"), (3, "")])
def test_a_case_turns_away_from_a_queue_of_that_length(at, lost):
    """Case a is served until 4; the first of b, c and d find nobody, one, two cases waiting."""
    program = toy(f"""
      come: {{a: 0, b: 1, c: 2, d: 3, e: 100}}
      teams: {{t: {{head_count: 1, shifts: always}}}}
      steps:
        u: {{kind: work, team: t, effort: 4 h, balk: {{at: {at}, to: lost}}}}
        won: {{kind: end, outcome: won}}
        lost: {{kind: end, outcome: lost}}
    """)
    found = outcomes(program)
    assert "".join(name for name in "abcd" if found[name] == "lost") == lost
    assert all(line.endswith((" 1 - 1", " 2 - 2", " 3 - 3")) for line in log(program, only=["u"]) if line[0] in lost)


def test_a_queue_is_counted_over_the_whole_team():
    """Cases that wait at another step of the team make the queue long too."""
    program = toy("""
      come: {a: 0, b: {at: 1, process: q}, c: 2}
      teams: {t: {head_count: 1, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: 4 h, balk: {at: 1, to: lost}}
        won: {kind: end, outcome: won}
        lost: {kind: end, outcome: lost}
      processes: {q: {steps: {v: {kind: work, team: t, effort: 1 h}, over: {kind: end, outcome: over}}}}
    """)
    assert outcomes(program) == {"a": "won", "b": "over", "c": "lost"}
