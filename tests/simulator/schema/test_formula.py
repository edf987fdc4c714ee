"""Formulas over attributes: what they read and what they cannot contain."""

import ast
import contextlib
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.schema.formula import FUNCTIONS, LONGEST, parse_formula


def test_a_formula_tells_what_it_reads():
    """Names are those that are read, not the functions that are called."""
    formula = parse_formula("max(score, 10) >= threshold and segment == mid")
    assert formula.names == {"score", "threshold", "segment", "mid"}
    assert isinstance(formula.tree, ast.BoolOp)


def test_a_name_that_is_also_called_is_told():
    """A function that is read like an attribute is a name like any other, so that it can be found unknown."""
    assert parse_formula("min(1, 2) + min").names == {"min"}


def test_the_currencies_of_a_formula_are_told():
    """Money inside a formula keeps its currency for the check against the scenario's."""
    assert parse_formula("value > 500 EUR").currencies == {"EUR"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a +", "neither a quantity nor a formula"),
        ("", "neither a quantity nor a formula"),
        ("a = 1", "neither a quantity nor a formula"),
        ("20 minuts", "neither a quantity nor a formula"),
        ("a % 3", "'%'"),
        ("a // 3", "'//'"),
        ("a | b", "'|'"),
        ("a in b", "'in'"),
        ("a.b", "'a.b'"),
        ("a[0]", "'a[0]'"),
        ("[1, 2]", "'[1, 2]'"),
        ("lambda: 1", "'lambda: 1'"),
        ("(x for x in y)", "cannot contain"),
        ("'text'", "numbers and names"),
        ("True", "numbers and names"),
        ("3j", "numbers and names"),
        ("1e999", "too large"),
        ("1e999 h + 1", "too large"),
        ("sin(1)", "there is no function 'sin'"),
        ("__import__('os')", "there is no function '__import__'"),
        ("a.b(1)", "there is no function 'a.b'"),
        ("min(1)", "min takes 2 arguments"),
        ("exp(1, 2)", "exp takes 1 argument"),
        ("min(1, *a)", "cannot contain"),
        ("exp(x=1)", "exp takes 1 argument"),
        ("x" * (LONGEST + 1), "longer than"),
        ("(" * 250, "neither a quantity nor a formula"),
    ],
)
def test_what_is_no_formula_is_refused_in_a_sentence(text, word):
    """Nothing but arithmetic, comparison, logic and the listed functions is read."""
    with pytest.raises(ValueError) as caught:
        parse_formula(text)
    assert word in str(caught.value)


@given(st.text(alphabet="ab1. +-*/()<>=!,'[]{}:%and or not if else min(", max_size=30))
def test_any_text_is_read_or_refused(text):
    """No text brings the reader down, or warns on the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with contextlib.suppress(ValueError):
            assert parse_formula(text).text == text


def test_every_function_takes_as_many_arguments_as_it_says():
    """Each listed function is accepted with its own number of arguments."""
    for name, count in FUNCTIONS.items():
        assert parse_formula(f"{name}({', '.join('1' * count)})").names == frozenset()
