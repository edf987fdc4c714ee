"""Section 1 of docs/semantics.md: time, and the order of events that happen at the same time."""

from tests.simulator.engines.toys import log, run, toy, waits


def test_an_event_at_the_very_end_does_not_happen():
    """A wait that ends with the run is unfinished; one that ends a minute before it is not."""
    text = "{{horizon: {{length: {} min}}, steps: {{w: {{kind: wait, duration: 1 h}}}}}}"
    assert log(toy(text.format(60))) == ["a w 0 0 -"]
    assert log(toy(text.format(61))) == ["a w 0 0 1", "a done 1 1 1"]


def test_the_run_begins_at_midnight_and_lasts_warm_up_and_length():
    """The warm-up adds to the length, and the engine does the same before and after it."""
    program = toy("{horizon: {warm_up: 2 h, length: 3 h}, steps: {w: {kind: wait, duration: 90 min, next: w2},"
                  " w2: {kind: wait, duration: 4 h}}}")  # fmt: skip
    records = run(program)
    assert log(program, records) == ["a w 0 0 1.5", "a w2 1.5 1.5 -"]
    assert records.end == 5.0


def test_events_of_one_time_happen_in_the_order_in_which_they_were_scheduled():
    """Whose wait began first comes out first, whoever came first."""
    program = toy("""
      come: {late: {at: 0, brings: {split: 1}}, a: 0.5, b: 1, c: 2}
      attributes: {split: {}}
      steps:
        first: {kind: wait, duration: "2.75 h if split else 4 h - now"}
        who: {kind: decide, outcomes: {late: {when: split}, others: {to: out}}}
        second: {kind: wait, duration: 1.25 h}
        out: {kind: set, values: {split: 0}}
    """)
    # 'late' began its second wait, of 1.25 h, at 2.75, after all the others had begun theirs.
    assert log(program, only=["out"]) == ["a out 4 4 4", "b out 4 4 4", "c out 4 4 4", "late out 4 4 4"]


def test_a_child_begins_after_the_event_that_created_it_and_before_any_other():
    """The parent takes its steps to the next wait, then its children begin in order, then the event of another case."""
    program = toy("""
      come: {parent: 1, other: 1.5}
      attributes: {x: {}}
      processes:
        p:
          steps:
            w: {kind: wait, duration: 2 h - age - (now - 1)}
            s: {kind: spawn, process: q, count: 2}
            t: {kind: set, values: {x: 1}}
            v: {kind: wait, duration: 1 h}
            done: {kind: end, outcome: done}
        q:
          steps: {begin: {kind: set, values: {x: 2}}, over: {kind: end, outcome: over}}
    """)
    # Both waits end at 3; that of 'parent' was scheduled first.
    assert [line for line in log(program) if " 3 3" in line][:7] == [
        "parent s 3 3 3", "parent t 3 3 3", "parent v 3 3 4", "parent.1 begin 3 3 3", "parent.1 over 3 3 3",
        "parent.2 begin 3 3 3", "parent.2 over 3 3 3",
    ]  # fmt: skip


def test_children_go_before_events_that_were_scheduled_long_ago():
    """A birth at noon comes before the other case whose wait until noon was scheduled earlier."""
    program = toy("""
      come: {parent: 1, other: 2}
      attributes: {x: {}}
      processes:
        p:
          steps:
            w: {kind: wait, duration: 12 h - now}
            s: {kind: spawn, process: q}
            done: {kind: end, outcome: done}
        q:
          steps: {begin: {kind: set, values: {x: 2}}, over: {kind: end, outcome: over}}
    """)
    at_noon = [line.split()[:2] for line in log(program) if line.split()[2] == "12"]
    assert at_noon == [["parent", "s"], ["parent", "done"], ["parent.1", "begin"], ["parent.1", "over"],
                       ["other", "s"], ["other", "done"], ["other.1", "begin"], ["other.1", "over"]]  # fmt: skip


def test_arrivals_of_one_time_come_in_the_order_of_their_channels():
    """The order of the channels in the file decides, not their names."""
    text = "{{come: {{{}: 2, {}: 2}}, attributes: {{x: {{}}}}, steps: {{s: {{kind: set, values: {{x: 1}}}}}}}}"
    assert log(toy(text.format("b", "a")), only=["s"]) == ["b s 2 2 2", "a s 2 2 2"]
    assert log(toy(text.format("a", "b")), only=["s"]) == ["a s 2 2 2", "b s 2 2 2"]


def test_who_finishes_takes_the_next_case_before_the_finished_case_goes_on():
    """The finished case comes to the same team again, and finds the person taken by the one that waited."""
    program = toy("""
      come: {a: 1, b: 1.5}
      teams: {t: {head_count: 1, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: 1 h}
        v: {kind: work, team: t, effort: 2 h}
    """)
    assert log(program, only=["u", "v"]) == [
        "a u 1 1 2 staff",
        "b u 1.5 2 3 staff",
        "a v 2 3 5 staff",
        "b v 3 5 7 staff",
    ]
    assert waits(program) == {
        "b u": {"contention": 0.5},
        "a v": {"contention": 1.0},
        "b v": {"contention": 2.0},
    }


def test_an_absolute_time_is_reached_by_a_delay():
    """The clock shows now + (time - now), which is not always the time."""
    program = toy("{come: {a: 0.3}, steps: {w: {kind: wait, until: {weekdays: [Tue]}}}}")
    assert run(program).visits.finished[0] == 0.3 + (24.0 - 0.3)


def test_an_interval_of_work_holds_its_first_moment_and_not_its_last():
    """Who works from 09:00 to 13:00 starts at 09:00 and not at 13:00."""
    program = toy("""
      come: {a: 9, b: 13}
      teams: {t: {head_count: 2, shifts: "Mon-Fri 09:00-13:00"}}
      steps: {u: {kind: work, team: t, effort: 1 h}}
    """)
    assert log(program, only=["u"]) == ["a u 9 9 10 staff 1", "b u 13 33 34 staff 2"]


def test_work_that_ends_with_the_shift_leaves_nobody_to_start():
    """Finishing at 13:00 sharp is in time, and the next case waits for tomorrow."""
    program = toy("""
      come: {a: 12, b: 12.5}
      teams: {t: {head_count: 1, shifts: "Mon-Fri 09:00-13:00"}}
      steps: {u: {kind: work, team: t, effort: 1 h}}
    """)
    assert log(program, only=["u"]) == ["a u 12 12 13 staff", "b u 12.5 33 34 staff"]
    assert waits(program) == {"b u": {"contention": 0.5, "off_shift": 20.0}}
