"""Formulas: their code against Python's own arithmetic, and what mathematics leaves open."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.chance.formulas import DEEPEST, evaluate, read_attribute
from simulator.errors import CaudalError
from simulator.program.formula_code import FormulaBook
from simulator.schema.formula import BUILTINS

ATTRIBUTES = ("x", "y", "size", "heat")
LEVELS = {"size": ("small", "mid", "large"), "other": ("mid", "small")}
HALF_LIFE = np.array([0.0, 0.0, 0.0, 4.0])


def value(text, target="", now=10.0, **attributes):
    """Value of a formula; heat was set at hour 2."""
    book = FormulaBook(ATTRIBUTES, LEVELS, {"threshold": 60.0})
    number = book.add(text, target)
    values = np.array([float(attributes.get(name, 0)) for name in ATTRIBUTES])
    touched = np.array([0.0, 0.0, 0.0, 2.0])
    context = np.arange(len(BUILTINS), dtype=np.float64) * 100
    context[0] = now
    return evaluate(number, book.freeze(HALF_LIFE), values, touched, context)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 ** 3 ** 2", 512), ("-2 ** 2", -4), ("7 / 2", 3.5), ("1 - 2 - 3", -4),
        ("+x", 5), ("x if y else 9", 9), ("x if not y else 9", 5), ("1 < x < 6", 1), ("1 < x < 5", 0),
        ("x == 5 != y", 1),
        ("x >= 5 and x <= 5", 1), ("x > 5 or x < 5", 0), ("0 or 3 and 4", 1), ("not 3", 0),
        ("min(x, 2) + max(x, 2)", 7),
        ("abs(-3) + floor(-0.5)", 2), ("round(0.5) + round(1.5) + round(2.4)", 4), ("sqrt(16) * exp(0)", 4),
        ("log(exp(2))", 2), ("threshold", 60), ("48 h", 48), ("2 d", 48), ("10 %", 0.1), ("now", 10), ("age", 100),
        ("visits", 200), ("waited", 300), ("worked", 400), ("win_factor", 500), ("measured", 600), ("before", 700),
    ],
)  # fmt: skip
def test_a_formula_is_computed_as_it_is_written(text, expected):
    """Precedence, chains of comparisons, functions, units, policies and built-in names."""
    assert value(text, x=5) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 / 0", 0), ("0 / 0", 0), ("-5 / y", 0), ("1 if y == 0 else 1 / y", 1), ("sqrt(-4)", 0),
        ("log(0)", math.log(1e-300)),
        ("log(-7)", math.log(1e-300)), ("(-8) ** (1 / 3)", 0), ("0 ** (0 - 1)", 0), ("0 ** 0", 1), ("(-2) ** 3", -8),
        ("exp(10000)", math.exp(700)),
    ],
)  # fmt: skip
def test_where_mathematics_has_no_value_the_nearest_finite_one_stands(text, expected):
    """A formula never ends a run with an error."""
    assert value(text) == pytest.approx(expected)


def test_levels_are_numbered_by_the_attribute_that_they_are_compared_with():
    """`small` is 0 for size and 1 for the other; a target makes a bare level one of its own."""
    assert [value("size == mid", size=level) for level in range(3)] == [0, 1, 0]
    assert [value("size < large", size=level) for level in range(3)] == [1, 1, 0]
    assert value("mid if x > 3 else large", target="size", x=5) == 1
    assert value("mid if x > 3 else large", target="size", x=2) == 2
    assert value("mid", target="other") == 0


def test_an_attribute_with_a_half_life_is_read_decayed():
    """8, set at hour 2 with a half-life of four hours, is 2 at hour 10; others stay."""
    assert value("heat", heat=8) == 2.0
    assert value("heat + x", heat=8, x=1, now=2.0) == 9.0
    values, touched = np.array([8.0]), np.array([2.0])
    assert read_attribute(0, values, touched, 6.0, np.array([0.0])) == 8.0
    assert read_attribute(0, values, touched, 6.0, np.array([4.0])) == 4.0


def test_equal_formulas_share_their_code_but_not_across_targets():
    """The same text may mean other levels for another attribute."""
    book = FormulaBook(ATTRIBUTES, LEVELS, {})
    assert book.add("x + 1") == book.add("x + 1")
    assert book.add("mid", "size") != book.add("mid", "other")


def test_what_cannot_be_computed_is_refused_in_a_sentence():
    """Unknown names, and nesting beyond the stack of the evaluator."""
    book = FormulaBook(ATTRIBUTES, LEVELS, {})
    with pytest.raises(CaudalError, match="reads 'foo', which is no attribute"):
        book.add("foo + 1")
    deep = "x" + "+(x" * DEEPEST + ")" * DEEPEST
    with pytest.raises(CaudalError, match="too deeply nested"):
        book.add(deep)
    fits = "x" + "+(x" * (DEEPEST - 1) + ")" * (DEEPEST - 1)
    assert value(fits, x=1) == DEEPEST


@st.composite
def expressions(draw, depth=3):
    """Text of a formula that Python understands in the same way."""
    if depth == 0:
        return draw(st.sampled_from(["x", "y", "0.5", "2", "3.25"]))
    left, right, other = (draw(expressions(depth=depth - 1)) for _ in range(3))
    shape = draw(
        st.sampled_from(["({} + {})", "({} - {})", "({} * {})", "(1.0 * ({} < {}))", "min({}, {})", "max({}, {})"])
    )
    if draw(st.booleans()):
        return f"({left} if {right} > {other} else {other})"
    return shape.format(left, right)


@given(expressions(), st.floats(-9, 9), st.floats(-9, 9))
def test_formulas_agree_with_python(text, x, y):
    """To the last bit, whatever is nested in what."""
    assert value(text, x=x, y=y) == float(eval(text, {"__builtins__": {"min": min, "max": max}}, {"x": x, "y": y}))  # noqa: S307
