"""Scalars of YAML 1.2 and quantities of every unit, one row each."""

import pytest

from simulator.schema.units import Parsed, parse_units, plain_literals
from simulator.schema.yaml_tree import read_tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((word, word) for word in ("no", "NO", "No", "Yes", "YES", "y", "n", "On", "ON", "OFF", "None", "nil")),
        *((word, word) for word in ("TrUE", "nULL", "12:30:45", "2026-1-5", "1_000.5", "0o8", "0xG", "5-")),
        *((word, word) for word in ("+-5", "1.2.3", "1e", "e3", ".", "-.", "1,5", "5 min", "25 %", "-0x10", "+0o7")),
        *((word, None) for word in ("Null", "NULL")),
        *((word, True) for word in ("True", "TRUE")),
        *((word, False) for word in ("false", "FALSE")),
        ("+12", 12),
        ("-0", 0),
        ("007", 7),
        ("0x10", 16),
        ("0xff", 255),
        ("0o17", 15),
        ("1.", 1.0),
        ("-1.25", -1.25),
        ("+.5", 0.5),
        ("1E3", 1000.0),
        ("1e-3", 0.001),
        ("2.5e+2", 250.0),
        ("1e999", "1e999"),
        ("-1e999", "-1e999"),
        (".inf", float("inf")),
        ("-.INF", float("-inf")),
        (".Infinity", ".Infinity"),
        ("'null'", "null"),
        ("'~'", "~"),
        ('"0x10"', "0x10"),
        ("!!str true", "true"),
        ("|\n  12\n", "12\n"),
        (">-\n  a\n  b\n", "a b"),
    ],
)
def test_a_scalar_is_what_yaml_1_2_says(text, value):
    """The value and its type are those of the core schema, the text stays beside it."""
    root = read_tree(f"x: {text}\n", "case.yaml")
    ((name, line, node),) = root.entries
    assert (name, line, node.kind) == ("x", 1, "value")
    assert node.value == value
    assert type(node.value) is type(value)


@pytest.mark.parametrize(
    ("text", "size", "depth"),
    [
        ("1", 1, 1),
        ("[]", 1, 1),
        ("{}", 1, 1),
        ("[1, 2, 3]", 4, 2),
        ("{a: 1, b: 2}", 3, 2),
        ("[[1], [2, 3]]", 6, 3),
        ("a: &x [1, 2]\nb: *x\n", 7, 3),
        ("a: {b: {c: 1}}", 4, 4),
    ],
)
def test_a_tree_counts_its_values_and_levels(text, size, depth):
    """Aliases count as if they were written out."""
    root = read_tree(text, "case.yaml")
    assert (root.size, root.depth) == (size, depth)


@pytest.mark.parametrize("text", ["", "\n", "# a remark\n"])
def test_an_empty_text_has_no_tree(text):
    """Blank lines and remarks hold no value."""
    assert read_tree(text, "case.yaml") is None


@pytest.mark.parametrize(
    ("unit", "hours"),
    [
        *((unit, 1 / 3600) for unit in ("s", "sec")),
        *((unit, 1 / 60) for unit in ("min", "minute", "minutes")),
        *((unit, 1) for unit in ("h", "hour", "hours")),
        *((unit, 24) for unit in ("d", "day", "days")),
        ("wd", 8),
        *((unit, 168) for unit in ("wk", "week", "weeks")),
        *((unit, 730.5) for unit in ("mo", "month", "months")),
        *((unit, 8766) for unit in ("y", "year", "years")),
    ],
)
def test_each_unit_of_time_in_every_place(unit, hours):
    """Behind a number it multiplies, behind a slash it divides, in a formula it becomes hours."""
    assert parse_units(f"2 {unit}") == Parsed(pytest.approx(2 * hours), "duration", "")
    assert parse_units(f"-0.5{unit}") == Parsed(pytest.approx(-0.5 * hours), "duration", "")
    assert parse_units(f"6 000 /{unit}") == Parsed(pytest.approx(6000 / hours), "rate", "")
    assert parse_units(f"18 EUR/{unit}") == Parsed(pytest.approx(18 / hours), "money_rate", "EUR")
    formula, currencies = plain_literals(f"age > 3 {unit}")
    assert (float(formula.removeprefix("age > ")), currencies) == (pytest.approx(3 * hours), frozenset())


@pytest.mark.parametrize(
    ("text", "value", "dimension", "currency"),
    [
        ("0", 0, "number", ""),
        ("+5", 5, "number", ""),
        ("-5 %", -0.05, "share", ""),
        ("100%", 1, "share", ""),
        ("0.5 %", 0.005, "share", ""),
        ("1 000 000", 1e6, "number", ""),
        ("1_000_000 RON", 1e6, "money", "RON"),
        ("-5 EUR", -5, "money", "EUR"),
        ("5EUR", 5, "money", "EUR"),
        ("1e3 USD", 1000, "money", "USD"),
        ("1\u00a0250 EUR", 1250, "money", "EUR"),
        ("  7  ", 7, "number", ""),
        ("8.5 / d", 8.5 / 24, "rate", ""),
    ],
)
def test_a_quantity_in_any_spelling(text, value, dimension, currency):
    """Signs, blanks, thousands and exponents are read alike."""
    assert parse_units(text) == Parsed(pytest.approx(value), dimension, currency)


@pytest.mark.parametrize(
    "text",
    [
        *("EUR 5", "5 EURO", "5 eur", "5 Min", "5 fortnights", "5 %/d", "5 /", "5 / EUR", "5 EUR/EUR", "5 h/h"),
        *("5 h 30 min", "1 00", "1 0000", "12 34 567", "1,5", "5..2", "--5", "%", "/d", "5 EUR/d/d", "five h"),
    ],
)
def test_what_is_no_quantity(text):
    """Other spellings are left for a formula or a refusal."""
    assert parse_units(text) is None


@pytest.mark.parametrize(
    ("formula", "plain", "currencies"),
    [
        ("interest", "interest", set()),
        ("2 * x", "2 * x", set()),
        ("x2 h", "x2 h", set()),
        ("50 % * x", "0.5 * x", set()),
        ("1 d + 2 h", "24.0 + 2.0", set()),
        ("5 EUR + 6 USD", "5.0 + 6.0", {"EUR", "USD"}),
        ("min(2 d, age)", "min(48.0, age)", set()),
    ],
)
def test_units_inside_a_formula(formula, plain, currencies):
    """Only a number with a unit is replaced."""
    assert plain_literals(formula) == (plain, frozenset(currencies))
