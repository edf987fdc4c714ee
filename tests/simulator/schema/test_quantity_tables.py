"""Each way of writing a number through each dimension, and each distribution with its units and its text."""

import pytest
from pydantic import TypeAdapter, ValidationError

from simulator.schema.quantity import (
    Duration,
    FixedDuration,
    FixedMoney,
    FixedNumber,
    FixedShare,
    Money,
    MoneyRate,
    Number,
    Probability,
    Rate,
    fixed,
)

READERS = {
    "number": Number,
    "duration": Duration,
    "money": Money,
    "probability": Probability,
    "fixed_share": FixedShare,
    "fixed_number": FixedNumber,
    "fixed_duration": FixedDuration,
    "fixed_money": FixedMoney,
    "money_rate": MoneyRate,
    "rate": Rate,
}
NUMBERS = {"number", "fixed_number"}
SHARES = {"probability", "fixed_share"}
DURATIONS = {"duration", "fixed_duration"}
AMOUNTS = {"money", "fixed_money"}
RANDOM = {"number", "duration", "money"}
FORMULAS = RANDOM | {"probability"}


def read(kind, raw):
    """What a reader makes of what a file says."""
    return TypeAdapter(READERS[kind]).validate_python(raw)


def refusal(kind, raw):
    """The sentence with which a reader refuses it."""
    with pytest.raises(ValidationError) as caught:
        read(kind, raw)
    (detail,) = caught.value.errors()
    return detail["msg"]


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    ("raw", "value", "kinds"),
    [
        (0, 0, set(READERS)),
        ("0", 0, set(READERS)),
        (3, 3, NUMBERS | SHARES),
        (0.25, 0.25, NUMBERS | SHARES),
        ("25 %", 0.25, NUMBERS | SHARES),
        ("1 250", 1250, NUMBERS | SHARES),
        ("2 d", 48, NUMBERS | DURATIONS),
        ("90 min", 1.5, NUMBERS | DURATIONS),
        ("5 EUR", 5, NUMBERS | AMOUNTS),
        ("48 EUR/d", 2, {"money_rate"}),
        ("24 /d", 1, {"rate"}),
        ({"value": "2 d", "grade": "B"}, 48, NUMBERS | DURATIONS),
    ],
)
def test_each_form_through_each_dimension(kind, raw, value, kinds):
    """A number is read where its unit belongs, and refused with an example everywhere else."""
    if kind in kinds:
        quantity = read(kind, raw)
        assert (quantity.form, quantity.formula) == ("fixed", "")
        assert fixed(quantity) == quantity.fixed == pytest.approx(value)
    else:
        message = refusal(kind, raw)
        assert "expected " in message
        assert "has the wrong unit" in message or "a currency is missing" in message


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (True, "not true"),
        (False, "not false"),
        (None, "not nothing"),
        ([1, 2], "not a list"),
        ("1,5", "write decimals with a point"),
        ("1.250,50 EUR", "write decimals with a point"),
        ("0,5 %", "write decimals with a point"),
        ("9e400", "is too large to be a number"),
        (float("nan"), "cannot read 'nan'"),
        ({"value": 1, "lognromal": {}}, "beside source, grade, range and note"),
        ({"grade": "B"}, "beside source, grade, range and note"),
        ({"lognromal": {}}, "did you mean 'lognormal'?"),
    ],
)
def test_what_no_dimension_reads(kind, raw, words):
    """The same slip is refused in the same words wherever a number stands."""
    assert words in refusal(kind, raw)


@pytest.mark.parametrize("kind", READERS)
def test_which_dimensions_may_be_drawn_or_computed(kind):
    """Probabilities are computed and never drawn; fixed numbers are neither."""
    if kind in FORMULAS:
        assert read(kind, "interest * 2").formula == "interest * 2"
        assert read(kind, {"formula": "interest * 2", "note": "n"}).note == "n"
    else:
        assert "cannot read 'interest * 2': expected" in refusal(kind, "interest * 2")
    unit = {"duration": "1 h", "money": "1 EUR"}.get(kind, 1)
    if kind in RANDOM:
        assert read(kind, {"exponential": unit}).parameters == {"mean": 1.0}
    else:
        assert "a plain number is needed here" in refusal(kind, {"exponential": unit})


@pytest.mark.parametrize(
    ("form", "body", "parameters", "text"),
    [
        ("uniform", {"low": "1 h", "high": "2 d"}, {"low": 1, "high": 48}, "uniform low 1 h, high 2 d"),
        (
            "triangular",
            {"low": "1 h", "mode": "2 h", "high": "3 h"},
            {"low": 1, "mode": 2, "high": 3},
            "triangular low 1 h, mode 2 h, high 3 h",
        ),
        (
            "pert",
            {"low": 0, "mode": "2 h", "high": "3 h"},
            {"low": 0, "mode": 2, "high": 3},
            "pert low 0, mode 2 h, high 3 h",
        ),
        ("normal", {"mean": "8 h", "sd": "30 min"}, {"mean": 8, "sd": 0.5}, "normal mean 8 h, sd 30 min"),
        ("lognormal", {"median": "1 d", "sigma": 0.5}, {"median": 24, "sigma": 0.5}, "lognormal median 1 d, sigma 0.5"),
        ("lognormal", {"mean": "1 d", "sd": "1 h"}, {"mean": 24, "sd": 1}, "lognormal mean 1 d, sd 1 h"),
        ("exponential", {"mean": "3 h"}, {"mean": 3}, "exponential mean 3 h"),
        ("exponential", "3 h", {"mean": 3}, "exponential 3 h"),
        ("gamma", {"mean": "3 h", "cv": "50 %"}, {"mean": 3, "cv": 0.5}, "gamma mean 3 h, cv 50 %"),
        ("gamma", {"shape": 2, "scale": "3 h"}, {"shape": 2, "scale": 3}, "gamma shape 2, scale 3 h"),
        ("erlang", {"mean": "3 h", "stages": 3}, {"mean": 3, "stages": 3}, "erlang mean 3 h, stages 3"),
        ("weibull", {"shape": 2, "mean": "3 h"}, {"shape": 2, "mean": 3}, "weibull shape 2, mean 3 h"),
        (
            "beta",
            {"a": 2, "b": 3, "low": 0, "high": "2 h"},
            {"a": 2, "b": 3, "low": 0, "high": 2},
            "beta a 2, b 3, low 0, high 2 h",
        ),
        ("choice", {"1 h": 1, "2 h": 3}, {"values": [1, 2], "weights": [1, 3]}, "choice 1 h 1, 2 h 3"),
        (
            "choice",
            {"values": ["1 h", "2 h"], "weights": ["25 %", "75 %"]},
            {"values": [1, 2], "weights": [0.25, 0.75]},
            "choice values (1 h, 2 h), weights (25 %, 75 %)",
        ),
        ("empirical", ["1 h", "2 h"], {"values": [1, 2]}, "empirical (1 h, 2 h)"),
        ("empirical", ["1 h"] * 7, {"values": [1] * 7}, "empirical (1 h, 1 h, 1 h, 1 h, 1 h, 1 h, ...)"),
    ],
)
def test_each_distribution_of_a_time(form, body, parameters, text):
    """Times come in hours, shapes and weights as they are, and the text says what was written."""
    quantity = read("duration", {form: body})
    assert (quantity.form, quantity.text, quantity.fixed) == (form, text, None)
    assert quantity.parameters == parameters
    truncated = read("duration", {form: body, "min": "1 min", "max": "9 wk"})
    assert truncated.parameters == parameters | {"min": pytest.approx(1 / 60), "max": 1512}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"uniform": {"low": "1 h"}}, "high"),
        ({"uniform": {"low": "3 h", "high": "1 h"}}, "low"),
        ({"uniform": {"low": 1, "high": "2 h"}}, "'1' has the wrong unit"),
        ({"normal": {"mean": "8 h", "sd": 0}}, "sd"),
        ({"gamma": {"mean": "3 h", "cv": "1 h"}}, "cannot read '1 h': expected a plain number or a share"),
        ({"lognormal": {"mean": "3 h", "cv": "x"}}, "cannot read 'x': expected a plain number or a share"),
        ({"lognormal": ["1 h"]}, "lognormal needs its parameters, such as {median, p90}"),
        ({"choice": "1 h"}, "choice needs its parameters, such as {values, weights}"),
        ({"normal": None}, "normal needs its parameters, such as {mean, sd}"),
        ({"exponential": "x * 2"}, "cannot read 'x * 2'"),
        ({"exponential": "2 h", "min": "x"}, "cannot read 'x'"),
        ({"mix": {"weight": 1}}, "mix needs a list"),
        ({"mix": ["1 h"]}, "each part of a mix is"),
        ({"mix": [{"weight": 1, "zzz": 1}]}, "there is no distribution 'zzz': there are beta"),
        ({"min": "1 h"}, "expected one of beta"),
    ],
)
def test_distributions_that_are_refused(raw, words):
    """The parameter that is missing, of another unit or no number is named."""
    assert words in refusal("duration", raw)


@pytest.mark.parametrize(
    ("raw", "currency"),
    [
        ("5 EUR", "EUR"),
        (0, ""),
        ({"exponential": "5 RON"}, "RON"),
        ({"uniform": {"low": 0, "high": "5 USD"}}, "USD"),
        ({"uniform": {"low": "1 EUR", "high": "5 EUR"}, "max": "4 EUR"}, "EUR"),
        ({"mix": [{"weight": 1, "fixed": "1 EUR"}, {"weight": 2, "exponential": "2 EUR"}]}, "EUR"),
        ("value * 2", ""),
    ],
)
def test_the_currency_of_an_amount(raw, currency):
    """Whatever part of a number names a currency, the number is in it."""
    assert read("money", raw).currency == currency
