"""Section 4 of docs/semantics.md: what a new case brings, and which of several statements holds."""

from itertools import product

import numpy as np
import pytest

from simulator.engines.choice import engine_of
from tests.simulator.engines.toys import attributes, run, toy

SOURCES = ("channel", "product", "segment", "attribute")
CROWD = """
  attributes: {{x: {{{attribute}}}}}
  segments: {{small: {{share: 1{small}}}, large: {{share: 3{large}}}}}
  products: {{basic: {{share: 1{basic}}}, plus: {{share: 1{plus}}}}}
  channels: {{web: {{process: p, drops: [{{date: 2024-01-01, leads: 200}}]{channel}}}}}
  steps: {{w: {{kind: wait, duration: 1 h}}}}
"""


def crowd(stating):
    """Two hundred leads, about which some of the sources say what x is."""
    said = {
        "channel": {"channel": ", brings: {x: 100}"},
        "product": {"basic": ", brings: {x: 10}", "plus": ", brings: {x: 11}"},
        "segment": {"small": ", brings: {x: 20}", "large": ", brings: {x: 21}"},
        "attribute": {"attribute": "initial: 40"},
    }
    nothing = dict.fromkeys(("channel", "basic", "plus", "small", "large", "attribute"), "")
    for source in stating:
        nothing |= said[source]
    return toy(CROWD.format_map(nothing))


def columns(program, seed=1):
    """Attributes of all cases by name."""
    records = run(program, seed)
    return dict(zip(program.names.attributes, records.cases.attributes.T, strict=True))


@pytest.mark.parametrize("flags", list(product([False, True], repeat=4)))
def test_the_first_that_states_an_attribute_gives_it(flags):
    """Channel, product, segment, attribute; otherwise it is 0: all sixteen ways to state some of them."""
    stating = [source for source, flag in zip(SOURCES, flags, strict=True) if flag]
    found = columns(crowd(stating))
    expected = {
        "channel": np.full(200, 100), "product": 10 + found["product"], "segment": 20 + found["segment"],
        "attribute": np.full(200, 40),
    }  # fmt: skip
    first = stating[0] if stating else None
    assert found["x"].tolist() == (expected[first] if first else np.zeros(200)).tolist()
    assert set(found["segment"]) == set(found["product"]) == {0.0, 1.0}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shares_of_segments_and_products(seed):
    """Three in four are large, half are basic, within four standard errors."""
    found = columns(crowd([]), seed)
    assert abs(found["segment"].mean() - 0.75) < 4 * np.sqrt(0.75 * 0.25 / 200)
    assert abs(found["product"].mean() - 0.5) < 4 * np.sqrt(0.25 / 200)


def test_what_is_stated_of_x_does_not_disturb_segments_and_products():
    """A lead is of the same segment, whatever else it brings."""
    base, other = columns(crowd([])), columns(crowd(SOURCES))
    assert base["segment"].tolist() == other["segment"].tolist()
    assert base["product"].tolist() == other["product"].tolist()


def test_a_formula_at_birth_sees_the_attributes_before_it():
    """And reads those after it as 0, even where the case will have them."""
    program = toy("""
      attributes: {a: {initial: b + 1}, b: {initial: 2 + a}, c: {initial: a * 100 + b * 10}, d: {initial: c + b}}
      steps: {w: {kind: wait, duration: 1 h}}
    """)
    assert attributes(program) == {"a": {"a": 1.0, "b": 3.0, "c": 130.0, "d": 133.0}}


def test_a_formula_at_birth_sees_the_moment():
    """Hours since the start of the run; the case is of no age."""
    program = toy("""
      attributes: {a: {initial: now}, b: {initial: age + visits + waited + worked}}
      come: {one: 3, two: 7.5}
      steps: {w: {kind: wait, duration: 1 h}}
    """)
    assert attributes(program) == {"one": {"a": 3.0, "b": 0.0}, "two": {"a": 7.5, "b": 0.0}}


def test_values_at_birth_are_cut():
    """To the bounds of the attribute, and levels to those there are."""
    program = toy("""
      attributes: {a: {initial: 7, low: 0, high: 5}, b: {initial: 0 - 7, low: 0, high: 5},
                   size: {levels: [s, m, l], initial: size + 9}}
      steps: {w: {kind: wait, duration: 1 h}}
    """)
    assert attributes(program) == {"a": {"a": 5.0, "b": 0.0, "size": 2.0}}


CHILDREN = """
  attributes: {{x: {{initial: 5}}, y: {{initial: {{uniform: {{low: 0, high: 1}}}}}}}}
  channels: {{a: {{process: p, drops: [{{date: 2024-01-01, leads: 1}}], brings: {{x: 1}}}},
             referral: {{process: q, brings: {{x: 9}}}}}}
  processes:
    p: {{steps: {{g: {{kind: set, values: {{x: 3}}}}, s: {{kind: spawn, process: q, count: 3{more}}}}}}}
    q: {{steps: {{w: {{kind: wait, duration: 1 h}}}}}}
"""


def test_a_child_has_what_its_parent_has():
    """As last set, without drawing anything."""
    found = columns(toy(CHILDREN.replace(", brings: {{x: 9}}", ", brings: {{x: 9}}, rate: 0 /d").format(more="")))
    assert found["x"].tolist() == [3.0] * 4
    assert np.unique(found["y"]).size == 1


def test_a_child_of_a_channel_brings_what_the_channel_brings():
    """Its own luck besides: it is a new lead."""
    text = CHILDREN.replace(", brings: {{x: 9}}", ", brings: {{x: 9}}, rate: 0 /d")
    found = columns(toy(text.format(more=", channel: referral")))
    assert found["x"].tolist() == [3.0, 9.0, 9.0, 9.0]
    assert np.unique(found["y"]).size == 4


def test_values_of_a_spawn_go_before_all_births():
    """With and without a channel; they read the parent."""
    text = CHILDREN.replace(", brings: {{x: 9}}", ", brings: {{x: 9}}, rate: 0 /d")
    for channel in ("", ", channel: referral"):
        found = columns(toy(text.format(more=f"{channel}, values: {{x: x * 20}}")))
        assert found["x"].tolist() == [3.0, 60.0, 60.0, 60.0]


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_what_comes_later_is_0_for_a_formula_at_birth(engine):
    """A constant, too, which is there for those that come after it."""
    program = toy(
        """
  attributes: {early: {initial: {formula: known + 1}}, known: {initial: 5}, late: {initial: {formula: known + 1}}}
  channels: {web: {process: p, drops: [{date: 2024-01-01, leads: 3}]}}
  steps: {w: {kind: wait, duration: 1 h}}
"""
    )
    records = engine_of(engine)(program, 1, 0)
    found = dict(zip(program.names.attributes, records.cases.attributes.T.tolist(), strict=True))
    assert found == {"early": [1.0] * 3, "known": [5.0] * 3, "late": [6.0] * 3}
