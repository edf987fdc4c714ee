"""Draws of the SimPy engine: shortcuts equal the full path through formula, draw and effects."""

from functools import cache

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from simulator.chance import quantities
from simulator.chance.formulas import evaluate
from simulator.chance.keyed import uniform
from simulator.engines.simpy_engine.case import Case
from simulator.engines.simpy_engine.chance import Chance
from tests.simulator.engines.toys import toy

MANY = settings(max_examples=60, deadline=None, derandomize=True)
RICH = """
  attributes: {x: {initial: {uniform: {low: 0, high: 4}}, low: 0, high: 100}, heat: {initial: 2, half_life: 1 d}}
  effects: {warm: {reads: heat, coefficient: 0.2, reference: 1}, slow: {reads: x, states: factor,
            points: {0: 0.5, 4: 2}}}
  teams: {t: {head_count: 1, shifts: always}}
  steps:
    a: {kind: work, team: t, effort: {exponential: 1 h}}
    b: {kind: work, team: t, effort: {lognormal: {median: 1 h, p90: 3 h}}, effects: [slow, warm]}
    c: {kind: work, team: t, effort: {formula: x, uniform: {low: 0 h, high: 2 h}}}
    d: {kind: work, team: t, effort: 90 min, patience: {after: {exponential: 8 h}, to: done}}
    e: {kind: wait, duration: "x * 1 h + waited + age"}
    f: {kind: wait, duration: {triangular: {low: 1 h, mode: 2 h, high: 5 h}}}
    g: {kind: decide, outcomes: {one: {probability: 0.3, effects: [warm]}, two: {probability: 0.25, to: done},
        three: {probability: 0.05 * x, to: done}, four: {when: heat > 1 and visits < 3, to: done},
        five: {probability: 0, effects: [warm], to: done}, six: {}}}
    h: {kind: post, account: booked, amount: {normal: {mean: 90 EUR, sd: 9 EUR}}}
    i: {kind: set, values: {x: before + 1, heat: {formula: heat, exponential: 1}}}
"""
MOMENTS = st.tuples(st.floats(0, 500), st.floats(0, 500)).map(sorted)
KEYS = st.integers(-(2**62), 2**62)
VALUES = st.tuples(st.floats(0, 100), st.floats(-5, 5))


@cache
def program():
    """A scenario with quantities of every kind."""
    return toy(RICH)


def case_of(key, born, values):
    """A case at its first moment, with attributes set then."""
    found = Case(0, key, 0, 0, None, born, 2)
    found.values[:] = values
    found.waited, found.worked, found.win_factor = 0.75, 1.5, 1.2
    return found


def context(case, now, visit):
    """What formulas read besides attributes, in the words of the handbook."""
    read = np.zeros_like(Chance(program(), 1, 0).context)
    read[:7] = now, now - case.born, visit, case.waited, case.worked, case.win_factor, now - program().warm_up
    return read


def every_quantity():
    """Numbers of all quantities of the program."""
    return range(program().tables.chances.formula.size)


@MANY
@given(st.integers(0, 2**31), st.integers(0, 99), KEYS, MOMENTS, st.integers(0, 9), VALUES)
def test_each_quantity_is_the_one_of_the_full_path(seed, replication, key, moments, visit, values):
    """To the last bit, with formula, draw and effects or without."""
    born, now = moments
    case, chance, chances = case_of(key, born, values), Chance(program(), seed, replication), program().tables.chances
    for quantity in every_quantity():
        full = quantities.amount(
            quantity, seed, replication, key, visit, chances, case.values, case.touched, context(case, now, visit)
        )
        assert chance.amount(quantity, case, now, visit) == full
        assert chance.hours(quantity, case, now, visit) == max(0.0, full)


@MANY
@given(KEYS, KEYS, MOMENTS, VALUES)
def test_a_quantity_of_a_child_is_drawn_from_its_own_key(key, other, moments, values):
    """The formula reads the parent, the draw is the child's."""
    born, now = moments
    parent, child, chance = case_of(key, born, values), case_of(other, born, values), Chance(program(), 3, 4)
    for quantity in every_quantity():
        assert chance.amount(quantity, parent, now, 2, other) == chance.amount(quantity, child, now, 2)


@MANY
@given(KEYS, MOMENTS, st.integers(0, 9), VALUES)
def test_each_probability_is_the_one_of_the_full_path(key, moments, visit, values):
    """Stated, computed, or moved by effects; certainty and impossibility stay what they are."""
    born, now = moments
    case, chance, chances = case_of(key, born, values), Chance(program(), 1, 0), program().tables.chances
    stated = [int(quantity) for quantity in program().tables.outcomes["probability"] if quantity >= 0]
    assert len(stated) == 4
    for quantity in stated:
        full = quantities.probability(quantity, chances, case.values, case.touched, context(case, now, visit))
        assert chance.probability(quantity, case, now, visit) == full
        assert 0 <= full <= 1
    assert chance.probability(stated[1], case, now, visit) == 0.25
    assert chance.probability(stated[3], case, now, visit) == 0


@MANY
@given(KEYS, MOMENTS, st.integers(0, 9), VALUES)
def test_each_condition_is_the_one_of_the_formula(key, moments, visit, values):
    """Heat halves in a day."""
    born, now = moments
    case, chance = case_of(key, born, values), Chance(program(), 1, 0)
    (formula,) = (int(one) for one in program().tables.outcomes["when"] if one >= 0)
    formulas = program().tables.chances.formulas
    full = evaluate(formula, formulas, case.values, case.touched, context(case, now, visit)) != 0
    assert chance.holds(formula, case, now, visit) == full
    heat = values[1] * 2 ** (-(now - born) / 24)
    if abs(heat - 1) > 1e-9:
        assert full == (heat > 1 and visit < 3)


@MANY
@given(KEYS, st.integers(0, 2**40), st.integers(0, 99))
def test_uniform_numbers_are_those_of_the_key(key, purpose, visit):
    """Seed and replication are those of the run."""
    assert Chance(program(), 5, 6).uniform(key, purpose, visit) == uniform(5, 6, key, purpose, visit)


def test_no_quantity_of_time_takes_none():
    """A step that states no duration."""
    assert Chance(program(), 1, 0).hours(-1, case_of(1, 0.0, (1.0, 1.0)), 0.0, 1) == 0.0


@pytest.mark.parametrize(
    ("seed", "replication", "key", "visit"), [(2, 0, 7, 1), (1, 1, 7, 1), (1, 0, 8, 1), (1, 0, 7, 2)]
)
def test_another_seed_replication_case_or_visit_draws_another_number(seed, replication, key, visit):
    """Wherever there is something to draw."""
    drawn = [int(one) for one in np.flatnonzero(program().tables.chances.distribution >= 0)]
    usual, other = Chance(program(), 1, 0), Chance(program(), seed, replication)
    differ = sum(
        usual.amount(quantity, case_of(7, 0.0, (1.0, 1.0)), 5.0, 1)
        != other.amount(quantity, case_of(key, 0.0, (1.0, 1.0)), 5.0, visit)
        for quantity in drawn
    )
    assert differ >= 8


def test_setting_reads_what_was_there_before_and_cuts():
    """``before`` is the value of the target, decayed to now; the value is cut to the bounds of its attribute."""
    chance, case, target = Chance(program(), 1, 0), case_of(1, 0.0, (50.0, 8.0)), case_of(2, 0.0, (99.5, 8.0))
    attribute, quantity = (int(number) for number in program().tables.assignments[0])
    assert attribute == program().names.attributes.index("x")
    chance.set(case, target, attribute, quantity, 24.0, 1, case.key)
    assert target.values[attribute] == 100.0
    decays = program().tables.chances.formulas.half_life[attribute] > 0
    assert target.touched[attribute] == (24.0 if decays else 0.0)
    assert case.values.tolist() == [50.0, 8.0]
    chance.set(case, case, attribute, quantity, 24.0, 1, case.key)
    assert case.values[attribute] == 51.0
