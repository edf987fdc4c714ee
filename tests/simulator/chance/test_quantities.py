"""Quantities: a formula plus a draw, moved by effects; probabilities on their log-odds; limits."""

import math

import numpy as np
import pytest

from simulator.chance.keyed import purpose_of, uniform
from simulator.chance.quantities import amount, assign, probability
from simulator.schema.formula import BUILTINS
from tests.simulator.engines.toys import toy


def chances_of(probability_text="20 %", effects="{}", used="", duration="2 h"):
    """Chances of a program with one decision and one wait that an effect moves."""
    return toy(f"""
      attributes: {{x: {{low: -5, high: 5}}}}
      effects: {effects}
      steps:
        d: {{kind: decide, outcomes: {{hit: {{probability: {probability_text}, effects: [{used}]}}, miss: {{}}}}}}
        w: {{kind: wait, duration: {duration}, effects: [{used}]}}
    """).tables.chances


def at(x):
    """Attribute, moment of setting and context of a case."""
    return np.array([float(x)]), np.zeros(1), np.zeros(len(BUILTINS))


def chance(x, *stated):
    """Probability of the decision for a case."""
    return probability(0, chances_of(*stated), *at(x))


def duration(x, *stated, key=5):
    """Duration of the wait for a case."""
    return amount(1, 1, 2, key, 3, chances_of(*stated), *at(x))


def log_odds(p):
    """Logarithm of the odds."""
    return math.log(p / (1 - p))


def test_a_coefficient_moves_log_odds_and_logarithms_by_the_distance_from_the_reference():
    """At the reference nothing changes."""
    stated = "{e: {reads: x, coefficient: 0.3, reference: 2}}"
    assert chance(2, "20 %", stated, "e") == pytest.approx(0.2, rel=1e-14)
    assert log_odds(chance(4, "20 %", stated, "e")) == pytest.approx(log_odds(0.2) + 0.6)
    assert duration(4, "20 %", stated, "e") == pytest.approx(2 * math.exp(0.6))


def test_effects_add_up():
    """Two effects, and one named twice."""
    stated = "{e: {reads: x, coefficient: 0.3}, f: {reads: x * x, coefficient: -0.1}}"
    assert log_odds(chance(2, "20 %", stated, "e, f, e")) == pytest.approx(log_odds(0.2) + 2 * 0.6 - 0.4)
    assert duration(2, "20 %", stated, "e, f, e") == pytest.approx(2 * math.exp(0.8))


def test_a_curve_is_straight_between_its_points_and_flat_beyond():
    """Factors count by their logarithm."""
    stated = "{e: {reads: x, states: factor, points: {1: 2, 3: 8, 4: 1}}}"
    for x, factor in ((-5, 2), (1, 2), (2, 4), (3, 8), (3.5, math.sqrt(8)), (4, 1), (5, 1)):
        assert duration(x, "20 %", stated, "e") == pytest.approx(2 * factor)
        assert log_odds(chance(x, "20 %", stated, "e")) == pytest.approx(log_odds(0.2) + math.log(factor))


def test_points_that_state_odds_count_by_their_logarithm():
    """Twice the odds at 1, half at 0."""
    stated = "{e: {reads: x, states: odds, points: {0: 0.5, 1: 2}}}"
    assert chance(1, "20 %", stated, "e") == pytest.approx(0.5 / 1.5)
    assert chance(0, "20 %", stated, "e") == pytest.approx(0.125 / 1.125)


def test_points_that_state_probabilities_count_from_the_curves_own_value_at_the_reference():
    """A case at the reference keeps its probability; one elsewhere has the same difference of log-odds as the curve."""
    stated = "{e: {reads: x, reference: 1, points: {1: 32 %, 3: 18 %}}}"
    assert chance(1, "32 %", stated, "e") == pytest.approx(0.32)
    assert chance(3, "32 %", stated, "e") == pytest.approx(0.18)
    assert log_odds(chance(3, "5 %", stated, "e")) == pytest.approx(log_odds(0.05) + log_odds(0.18) - log_odds(0.32))
    between = "{e: {reads: x, reference: 2, points: {1: 32 %, 3: 18 %}}}"
    assert chance(2, "5 %", between, "e") == pytest.approx(0.05)


def test_a_curve_over_a_logarithmic_axis_is_straight_in_the_logarithm():
    """Halfway between five minutes and an hour is their geometric mean; 0 reads as the least that there is."""
    stated = "{e: {reads: x, axis: log, reference: 5 min, points: {5 min: 32 %, 1 h: 18 %}}}"
    middle = math.sqrt(5 / 60)
    assert chance(middle, "32 %", stated, "e") == pytest.approx(
        1 / (1 + math.exp(-(log_odds(0.32) + log_odds(0.18)) / 2))
    )
    assert chance(0, "32 %", stated, "e") == pytest.approx(0.32)
    assert chance(-3, "32 %", stated, "e") == pytest.approx(0.32)


@pytest.mark.parametrize(("stated", "expected"), [("0", 0), ("1", 1), ("x - 9", 0), ("x + 9", 1)])
def test_certainty_and_impossibility_stay_whatever_moves_them(stated, expected):
    """Beyond 0 and 1 too."""
    assert chance(3, stated, "{e: {reads: x, coefficient: -4}}", "e") == expected


def test_huge_effects_give_neither_errors_nor_impossible_probabilities():
    """Log-odds of plus and minus a thousand."""
    for slope, expected in ((1000, 1.0), (-1000, 0.0)):
        assert chance(1, "50 %", f"{{e: {{reads: x, coefficient: {slope}}}}}", "e") == expected


def test_a_quantity_is_its_formula_plus_its_draw():
    """Observation with error: the draw is that of the place, the case and the visit, times the effects."""
    drawn = "{formula: 3 * x, uniform: {low: 0 h, high: 2 h}}"
    u = uniform(1, 2, 5, purpose_of("p/w/duration"), 3)
    assert duration(2, "20 %", "{}", "", drawn) == 6 + 2 * u
    moved = duration(2, "20 %", "{e: {reads: x, coefficient: 0.5}}", "e", drawn)
    assert moved == pytest.approx((6 + 2 * u) * math.e)


def test_values_are_cut_when_they_are_assigned():
    """To the limits, both included; where nothing decays, the moment is not kept."""
    values, touched, _ = at(0)
    for value, kept in ((7, 5), (-7, -5), (5, 5), (1.5, 1.5)):
        assign(0, value, 9.0, chances_of(), values, touched)
        assert (values[0], touched[0]) == (kept, 0.0)
