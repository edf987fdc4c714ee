"""Sections 4 and 7 of docs/semantics.md: decide, set, spawn, join, post and end."""

import math

import numpy as np
import pytest

from simulator.chance.keyed import purpose_of, uniforms
from tests.simulator.engines.toys import attributes, ledger, log, outcomes, refusal, run, toy


def test_a_decision_tries_its_outcomes_in_order():
    """A failed condition is passed over with its probability; the last is taken when none was, whatever it says."""
    text = """
      attributes: {{x: {{}}}}
      come: {{a: {{at: 1, brings: {{x: {}}}}}}}
      steps:
        d: {{kind: decide, outcomes: {{one: {{when: x == 1, to: one}}, two: {{when: x == 2, probability: 1, to: two}},
             never: {{probability: 0, to: one}}, last: {{when: x == 9, to: three}}, more: {{to: three}}}}}}
        one: {{kind: end, outcome: one}}
        two: {{kind: end, outcome: two}}
        three: {{kind: end, outcome: three}}
    """
    assert [outcomes(toy(text.format(x)))["a"] for x in (1, 2, 3, 9)] == ["one", "two", "three", "three"]


def test_one_uniform_number_decides_by_the_sum_of_probabilities():
    """The share of each outcome is cut out of one uniform number, in order; a failed condition leaves no gap."""
    program = toy("""
      attributes: {x: {}}
      channels: {a: {process: p, drops: [{date: 2024-01-01, leads: 300}]}}
      steps:
        d: {kind: decide, outcomes: {none: {when: x == 1, probability: 50 %, to: b}, a: {probability: 20 %, to: a},
            b: {probability: 30 %, to: b}, c: {}}}
        c: {kind: end, outcome: c}
        a: {kind: end, outcome: a}
        b: {kind: end, outcome: b}
    """)
    records = run(program, 3, 4)
    u = uniforms(3, 4, records.cases.key, purpose_of("p/d"), 1)
    expected = np.where(u < 0.2, "a", np.where(u < 0.5, "b", "c"))
    assert np.array_equal(np.array(program.names.outcomes)[records.cases.outcome], expected)


def test_values_are_set_one_after_another_and_read_what_was_before():
    """A later value sees the earlier; `before` is the attribute as it was."""
    program = toy("""
      attributes: {x: {initial: 2}, y: {initial: 3}, z: {}}
      steps: {s: {kind: set, values: {x: "before * 10", y: "x + before", z: "x == 20 and y == 23"}}}
    """)
    assert attributes(program)["a"] == {"x": 20.0, "y": 23.0, "z": 1.0}


def test_a_parent_is_set_from_the_case():
    """Computed with the child's attributes, set in the parent, whose old value is `before`; arrivals have no parent."""
    program = toy("""
      attributes: {x: {initial: 5}, y: {}}
      processes:
        p: {steps: {s: {kind: spawn, process: q, count: 3, values: {y: 10}}, w: {kind: wait, duration: 1 h},
            lonely: {kind: set, of: parent, values: {x: 99}}, done: {kind: end, outcome: done}}}
        q: {steps: {t: {kind: set, of: parent, values: {x: before + y}},
            over: {kind: end, outcome: over}}}
    """)
    found = attributes(program)
    assert found["a"] == {"x": 35.0, "y": 0.0}
    assert found["a.1"] == {"x": 5.0, "y": 10.0}


def test_an_attribute_halves_until_it_is_set_again():
    """8 after two half-lives of two hours is 2; setting it restarts the decay; records hold what was last set."""
    program = toy("""
      attributes: {heat: {initial: 8, half_life: 2 h}, seen: {}, later: {}}
      steps:
        w: {kind: wait, duration: 4 h}
        s: {kind: set, values: {seen: heat}}
        t: {kind: set, values: {heat: heat}}
        v: {kind: wait, duration: 2 h}
        z: {kind: set, values: {later: heat}}
    """)
    assert attributes(program)["a"] == {"heat": 2.0, "seen": 2.0, "later": 1.0}


def test_a_copied_attribute_goes_on_to_decay_from_when_the_parent_set_it():
    """The child is born three hours into a half-life of three hours."""
    program = toy("""
      attributes: {heat: {initial: 8, half_life: 3 h}, seen: {}}
      processes:
        p: {steps: {w: {kind: wait, duration: 3 h}, s: {kind: spawn, process: q}, done: {kind: end, outcome: done}}}
        q: {steps: {w: {kind: wait, duration: 3 h}, t: {kind: set, values: {seen: heat}},
            over: {kind: end, outcome: over}}}
    """)
    assert attributes(program)["a.1"] == {"heat": 8.0, "seen": 2.0}


def test_values_are_cut_to_their_limits_when_they_are_set():
    """At birth and later."""
    program = toy("""
      attributes: {x: {initial: 7, low: 0, high: 5}, y: {initial: x, low: 6}}
      steps: {s: {kind: set, values: {x: -3}}}
    """)
    assert attributes(program)["a"] == {"x": 0.0, "y": 6.0}


@pytest.mark.parametrize(
    ("count", "children"),
    [("0", 0), ("-2 + 0 * now", 0), ("0.5", 0), ("1.5", 2), ("2.5", 2), ("2.51", 3), ("1 / 0", 0)],
)
def test_the_number_of_children_is_rounded_and_never_negative(count, children):
    """Ties go to even; a division by zero gives none."""
    program = toy(f"""
      steps: {{s: {{kind: spawn, process: q, count: "{count}"}}}}
      processes: {{q: {{steps: {{over: {{kind: end, outcome: over}}}}}}}}
    """)
    assert len(outcomes(program)) == 1 + children


def test_children_copy_attributes_and_get_values_of_their_own_draws():
    """`values` are computed from the parent and drawn by each child's key; the parent keeps its own."""
    program = toy("""
      attributes: {x: {initial: 4}, luck: {initial: 1}}
      steps: {s: {kind: spawn, process: q, count: 3, values: {luck: {formula: x, uniform: {low: 0, high: 1}}}}}
      processes: {q: {steps: {over: {kind: end, outcome: over}}}}
    """)
    records = run(program, 7, 3)
    found = records.cases.attributes
    assert found[:, 0].tolist() == [4.0] * 4
    assert found[0, 1] == 1.0
    assert np.array_equal(found[1:, 1], 4 + uniforms(7, 3, records.cases.key[1:], purpose_of("p/s/luck"), 1))
    assert records.cases.parent.tolist() == [-1, 0, 0, 0]
    assert records.cases.root.tolist() == [0, 0, 0, 0]


def test_a_child_with_a_channel_is_born_as_its_arrivals_are_and_begins_a_journey():
    """What the channel brings and the initial values, not the parent's attributes; then `values`."""
    program = toy("""
      attributes: {x: {initial: 1}, y: {initial: 2}, z: {}}
      come: {a: {at: 1, brings: {x: 50, y: 60}}}
      channels: {referral: {process: q, brings: {x: 7}, rate: 0 /h}}
      processes:
        p: {steps: {s: {kind: spawn, process: q, channel: referral, values: {z: x + y}},
            done: {kind: end, outcome: done}}}
        q: {steps: {t: {kind: spawn, process: r},
            over: {kind: end, outcome: over}}}
        r: {steps: {over2: {kind: end, outcome: over}}}
    """)
    records = run(program)
    assert records.cases.attributes.tolist() == [[50, 60, 0], [7, 2, 110], [7, 2, 110]]
    assert records.cases.channel.tolist() == [0, 1, -1]
    assert (records.cases.root.tolist(), records.cases.parent.tolist()) == ([0, 1, 1], [-1, 0, 1])


JOINING = """
  attributes: {{x: {{}}}}
  processes:
    p: {{steps: {{s: {{kind: spawn, process: q, count: {count}, joined: {joined}, values: {{x: 1}}}},
        w: {{kind: wait, duration: 1 h}}, j: {{kind: join}}, done: {{kind: end, outcome: done}}}}}}
    q: {{steps: {{v: {{kind: wait, duration: {duration}}}, over: {{kind: end, outcome: over}}}}}}
"""


@pytest.mark.parametrize(
    ("count", "joined", "duration", "left"),
    [(2, "true", "3 h", "3"), (2, "false", "3 h", "1"), (0, "true", "3 h", "1"), (2, "true", "30 min", "1"),
     (1, "true", "8 d", "-")],
)  # fmt: skip
def test_a_join_waits_for_joined_children_only(count, joined, duration, left):
    """Until the last has ended; at once when there is none left; for ever for a child that does not end."""
    program = toy(JOINING.format(count=count, joined=joined, duration=duration))
    assert log(program, only=["j"]) == [f"a j 1 1 {left}"]


def test_a_second_join_waits_for_the_children_since():
    """Each spawn adds to the children that the next join waits for."""
    program = toy("""
      processes:
        p: {steps: {s: {kind: spawn, process: q, joined: true}, j: {kind: join},
            t: {kind: spawn, process: q, joined: true},
            k: {kind: join}, done: {kind: end, outcome: done}}}
        q: {steps: {v: {kind: wait, duration: 2 h},
            over: {kind: end, outcome: over}}}
    """)
    assert log(program, only=["j", "k"]) == ["a j 0 0 2", "a k 2 2 4"]


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("10 EUR", 1000),
        ("0.125 EUR", 12),
        ("0.375 EUR", 38),
        ("-0.125 * 1", -12),
        ("1 / 0", 0),
        ("100 * now + 0.5", 10050),
    ],
)
def test_amounts_are_rounded_to_the_cent_with_ties_to_even(amount, cents):
    """0.125 and 0.375 are exact in binary."""
    program = toy(f'{{come: {{a: 1}}, steps: {{s: {{kind: post, account: cost, amount: "{amount}"}}}}}}')
    assert ledger(program) == [(1.0, "a", "cost", cents)]


def test_an_amount_that_no_ledger_holds_is_a_sentence():
    """An endless amount names the step instead of ending in a traceback."""
    program = toy('{steps: {s: {kind: post, account: cost, amount: "exp(700) * exp(700)"}}}')
    assert refusal(program).startswith("'p.s' posts an amount of inf")


def test_an_end_notes_outcome_and_time():
    """Several ends may share an outcome; an unfinished case has none."""
    program = toy("""
      come: {a: 1, b: 2, c: 3}
      steps:
        d: {kind: decide, outcomes: {first: {when: now == 1}, second: {when: now == 2, to: e}, third: {to: w}}}
        f: {kind: end, outcome: same}
        e: {kind: end, outcome: same}
        w: {kind: wait, duration: 8 d}
        z: {kind: end, outcome: never}
    """)
    records = run(program)
    assert outcomes(program, records) == {"a": "same", "b": "same", "c": None}
    assert records.cases.ended[:2].tolist() == [1.0, 2.0]
    assert math.isnan(records.cases.ended[2])
