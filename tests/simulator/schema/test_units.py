"""Quantities as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.schema.units import HOURS, Parsed, parse_number, parse_units, plain_literals


@pytest.mark.parametrize(
    ("text", "value", "dimension", "currency"),
    [
        ("20 min", 1 / 3, "duration", ""),
        ("3h", 3, "duration", ""),
        ("2 d", 48, "duration", ""),
        ("1 wd", 8, "duration", ""),
        ("6 wk", 1008, "duration", ""),
        ("3 mo", 2191.5, "duration", ""),
        ("1 y", 8766, "duration", ""),
        ("-3 d", -72, "duration", ""),
        ("25 %", 0.25, "share", ""),
        ("0.25", 0.25, "number", ""),
        ("1 250", 1250, "number", ""),
        ("1_250.5 EUR", 1250.5, "money", "EUR"),
        ("1\u202f250 RON", 1250, "money", "RON"),
        ("18 EUR/h", 18, "money_rate", "EUR"),
        ("730.5 EUR / month", 1, "money_rate", "EUR"),
        ("8 766 /year", 1, "rate", ""),
        ("10/h", 10, "rate", ""),
        ("1e3", 1000, "number", ""),
    ],
)
def test_a_quantity_is_read_into_base_units(text, value, dimension, currency):
    """Hours for time, the currency itself for money, one for shares."""
    assert parse_units(text) == Parsed(pytest.approx(value), dimension, currency)


@pytest.mark.parametrize(
    "text", ["", "h", "3 D", "5 Eur", "1 25 EUR", "1,250 EUR", "3 h/d", "10 per h", "x + 1", "12:30"]
)
def test_what_is_no_quantity_is_left_to_others(text):
    """Text of another form gives None, so that a formula may be tried."""
    assert parse_units(text) is None


@given(st.floats(0.001, 1e6), st.sampled_from(sorted(HOURS)))
def test_a_duration_survives_the_round_trip(number, unit):
    """Writing a number with any unit of time and reading it gives the number of hours."""
    parsed = parse_units(f"{number!r} {unit}")
    assert parsed is not None
    assert parsed.dimension == "duration"
    assert math.isclose(parsed.value, number * HOURS[unit])


@given(st.integers(0, 10**12), st.sampled_from([" ", "_", "\u00a0", "\u202f"]))
def test_thousands_may_be_set_apart(number, separator):
    """Groups of three digits with any separator are one number."""
    assert parse_number(f"{number:,}".replace(",", separator)) == number


@given(st.floats(0, 100, allow_nan=False), st.sampled_from(["EUR", "RON", "USD"]), st.sampled_from(["h", "month", "y"]))
def test_a_rate_of_money_keeps_its_currency(number, currency, per):
    """Money over time is money per hour, in the currency that was named."""
    parsed = parse_units(f"{number!r} {currency}/{per}")
    assert parsed == Parsed(pytest.approx(number / HOURS[per]), "money_rate", currency)


@pytest.mark.parametrize(
    ("formula", "plain", "currencies"),
    [
        ("age > 48 h", "age > 48.0", set()),
        ("value < 1 250 EUR or age > 2 d", "value < 1250.0 or age > 48.0", {"EUR"}),
        ("interest * 30 %", "interest * 0.3", set()),
        ("x2 + 3", "x2 + 3", set()),
        ("min(3 min, visits)", "min(0.05, visits)", set()),
        ("1 EUR + 1 USD", "1.0 + 1.0", {"EUR", "USD"}),
    ],
)
def test_units_inside_a_formula_become_plain_numbers(formula, plain, currencies):
    """Every literal with a unit is replaced by its base units, and the currencies are told."""
    assert plain_literals(formula) == (plain, frozenset(currencies))
