"""Quantities, effects, decay and formulas against the same in plain Python, whatever the numbers."""

import functools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.chance.formulas import evaluate, read_attribute
from simulator.chance.quantities import SMALLEST_X, Effects, assign, contribution
from simulator.program.formula_code import FormulaBook
from simulator.schema.formula import BUILTINS
from tests.simulator.engines.toys import toy

FIXED = settings(derandomize=True, deadline=None, max_examples=150)
NUMBERS = st.floats(-50, 50).map(lambda x: round(x, 3))


def curve(points, *, log_axis=False, coefficient=0.0, reference=0.0):
    """One effect: a curve through points, or a straight line where there are none."""
    places = [math.log(max(x, SMALLEST_X)) if log_axis else x for x, _ in points]
    return Effects(
        np.zeros(1, np.int32), np.array([coefficient]), np.array([reference]), np.zeros(1, np.int32),
        np.array([len(points)], np.int32), np.array([log_axis], np.int8),
        np.array([*places, 0.0]), np.array([*(y for _, y in points), 0.0]), np.full(1, np.nan),
    )  # fmt: skip


@st.composite
def points(draw, least=-20.0):
    """Two to six points at ascending places."""
    places = draw(st.lists(st.floats(least, 20).map(lambda x: round(x, 2)), min_size=2, max_size=6, unique=True))
    return [(x, draw(st.floats(-5, 5))) for x in sorted(places)]


@FIXED
@given(points(), st.floats(-40, 40))
def test_a_curve_is_a_line_between_neighbours(stated, x):
    """Straight between points, flat beyond the first and the last, as NumPy interpolates."""
    expected = np.interp(x, [place for place, _ in stated], [y for _, y in stated])
    assert contribution(0, x, curve(stated)) == pytest.approx(expected, abs=1e-9)


@FIXED
@given(points(least=0.01), st.floats(-1, 40))
def test_a_curve_over_a_logarithmic_axis_is_a_line_in_the_logarithm(stated, x):
    """The same, between logarithms; what is 0 or less reads as the least."""
    logs = [math.log(place) for place, _ in stated]
    expected = np.interp(math.log(max(x, SMALLEST_X)), logs, [y for _, y in stated])
    assert contribution(0, x, curve(stated, log_axis=True)) == pytest.approx(expected, abs=1e-9)


@FIXED
@given(points())
def test_a_curve_goes_through_its_points(stated):
    """At each point the contribution is the one stated, and never beyond the highest and the lowest between."""
    effect = curve(stated)
    assert [contribution(0, x, effect) for x, _ in stated] == pytest.approx([y for _, y in stated])
    heights = [y for _, y in stated]
    for x in np.linspace(-25, 25, 40):
        assert min(heights) - 1e-9 <= contribution(0, float(x), effect) <= max(heights) + 1e-9


@FIXED
@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_coefficient_counts_from_its_reference(x, coefficient, reference):
    """A straight line without points: nothing at the reference, the coefficient for each unit above it."""
    effect = curve([], coefficient=coefficient, reference=reference)
    assert contribution(0, x, effect) == coefficient * (x - reference)
    assert contribution(0, reference, effect) == 0


@FIXED
@given(st.floats(-100, 100), st.floats(0.1, 500), st.floats(0, 1000), st.floats(0, 2000))
def test_an_attribute_halves_in_each_half_life(value, half_life, touched, after):
    """Read later, it has decayed by a power of two; read in two steps, by the same."""
    now = touched + after
    found = read_attribute(0, np.array([value]), np.array([touched]), now, np.array([half_life]))
    assert found == pytest.approx(value * 0.5 ** (after / half_life))
    middle = touched + after / 2
    halfway = read_attribute(0, np.array([value]), np.array([touched]), middle, np.array([half_life]))
    again = read_attribute(0, np.array([halfway]), np.array([middle]), now, np.array([half_life]))
    assert again == pytest.approx(found, abs=1e-12)
    assert abs(found) <= abs(value)


@FIXED
@given(st.floats(-100, 100), st.floats(0, 1000), st.floats(0, 2000))
def test_an_attribute_without_half_life_stays(value, touched, after):
    """A half-life of 0 means none, however long ago it was set."""
    assert read_attribute(0, np.array([value]), np.array([touched]), touched + after, np.zeros(1)) == value


@pytest.mark.parametrize(("hours", "left"), [(0, 8), (4, 4), (8, 2), (12, 1), (40, 8 / 1024), (2, 8 / math.sqrt(2))])
def test_decay_worked_by_hand(hours, left):
    """Eight with a half-life of four hours."""
    found = read_attribute(0, np.array([8.0]), np.array([100.0]), 100.0 + hours, np.array([4.0]))
    assert found == pytest.approx(left)


@functools.cache
def limited():
    """Chances of a program whose attribute lies between limits."""
    return toy(
        "attributes: {x: {low: -2, high: 3}, free: {initial: 1}}\nsteps: {w: {kind: wait, duration: 1 h}}"
    ).tables


@FIXED
@given(NUMBERS, st.floats(0, 500))
def test_values_are_cut_to_their_limits(value, now):
    """What is assigned lies between low and high, unbounded attributes take everything."""
    values, touched = np.zeros(2), np.zeros(2)
    assign(0, value, now, limited().chances, values, touched)
    assign(1, value, now + 1, limited().chances, values, touched)
    assert values.tolist() == [min(max(value, -2.0), 3.0), value]


@given(st.floats(0, 500), st.floats(0, 10))
def test_only_what_decays_keeps_the_moment_at_which_it_was_set(now, half_life):
    """What stays as it is has no use for it."""
    made = limited().chances
    made = made._replace(formulas=made.formulas._replace(half_life=np.array([half_life, 0.0])))
    values, touched = np.zeros(2), np.full(2, -1.0)
    assign(0, 1.0, now, made, values, touched)
    assign(1, 1.0, now, made, values, touched)
    assert touched.tolist() == [now if half_life > 0 else -1.0, -1.0]


ATTRIBUTES = ("x", "y", "z")
ORACLE = {
    "min": min, "max": max, "abs": abs, "floor": math.floor, "round": lambda x: float(np.rint(x)),
    "exp": lambda x: math.exp(min(x, 700.0)), "log": lambda x: math.log(max(x, 1e-300)),
    "sqrt": lambda x: math.sqrt(max(x, 0.0)), "quotient": lambda x, y: x / y if y else 0.0, "__builtins__": {},
}  # fmt: skip
UNARY = ("abs({})", "floor({})", "round({})", "sqrt({})", "log({})", "(-{})")
BINARY = ("({} + {})", "({} - {})", "({} * {})", "min({}, {})", "max({}, {})")
CONDITIONS = ("{} < {}", "{} <= {}", "{} > {}", "{} >= {}", "{} == {}", "{} != {}")


@st.composite
def formulas(draw, depth=2):
    """Text of a formula."""
    if depth == 0:
        return draw(st.sampled_from([*ATTRIBUTES, "0.5", "2", "7.25", "0"]))
    one, two, three = (draw(formulas(depth=depth - 1)) for _ in range(3))
    shape = draw(st.sampled_from(["unary", "binary", "if", "and", "or", "not"]))
    if shape == "unary":
        return draw(st.sampled_from(UNARY)).format(one)
    if shape == "binary":
        return draw(st.sampled_from(BINARY)).format(one, two)
    condition = draw(st.sampled_from(CONDITIONS)).format(one, two)
    if shape == "if":
        return f"({one} if {condition} else {three})"
    if shape == "not":
        return f"(2 if not {condition} else {three})"
    other = draw(st.sampled_from(CONDITIONS)).format(two, three)
    return f"({one} if {condition} {shape} {other} else {three})"


def computed(text, x, y, z):
    """Value of a formula by its postfix code."""
    book = FormulaBook(ATTRIBUTES, {}, {})
    number = book.add(text)
    code = book.freeze(np.zeros(len(ATTRIBUTES)))
    return evaluate(number, code, np.array([x, y, z]), np.zeros(len(ATTRIBUTES)), np.zeros(len(BUILTINS)))


@FIXED
@given(formulas(), NUMBERS, NUMBERS, NUMBERS)
def test_formulas_agree_with_python_in_every_operation(text, x, y, z):
    """Functions, comparisons, conditions and truth give what Python's own arithmetic gives."""
    expected = float(eval(text, ORACLE, {"x": x, "y": y, "z": z}))  # noqa: S307 - made of the words above
    assert computed(text, x, y, z) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@FIXED
@given(NUMBERS, NUMBERS)
def test_a_division_is_pythons_but_for_zero(x, y):
    """By zero it gives 0, with either sign in front."""
    expected = ORACLE["quotient"](x, y)
    assert computed("x / y", x, y, 0.0) == pytest.approx(expected)
    assert computed("-x / y", x, y, 0.0) == pytest.approx(-expected)


@FIXED
@given(st.floats(0.01, 30), st.floats(-5, 5))
def test_powers_of_positive_numbers_are_pythons(x, y):
    """Whole exponents or not; negative bases take whole exponents only."""
    assert computed("x ** y", x, y, 0.0) == pytest.approx(x**y)
    assert computed("(-x) ** 3", x, y, 0.0) == pytest.approx((-x) ** 3)
    assert computed("(-x) ** 0.5", x, y, 0.0) == 0
