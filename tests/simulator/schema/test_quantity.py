"""One number of a scenario: fixed, drawn or computed, with its evidence."""

import pytest
from pydantic import BaseModel, ValidationError

from simulator.schema.quantity import (
    Duration,
    FixedDuration,
    FixedShare,
    Money,
    MoneyRate,
    Number,
    Probability,
    Rate,
    fixed,
)


class Toy(BaseModel):
    """One field for each kind of number."""

    duration: Duration | None = None
    fixed_duration: FixedDuration | None = None
    share: FixedShare | None = None
    probability: Probability | None = None
    money: Money | None = None
    wage: MoneyRate | None = None
    number: Number | None = None
    rate: Rate | None = None


def read(field, raw):
    """What a field makes of what a file says."""
    return getattr(Toy.model_validate({field: raw}), field)


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        ("duration", "90 min", 1.5),
        ("duration", 0, 0),
        ("share", "25 %", 0.25),
        ("share", 0.25, 0.25),
        ("money", "1 250 EUR", 1250),
        ("money", 0, 0),
        ("wage", "18 EUR/h", 18),
        ("rate", "24 /d", 1),
        ("number", "500 EUR", 500),
        ("number", 3, 3),
        ("number", "-2", -2),
        ("duration", {"value": "2 d", "source": "seen"}, 48),
    ],
)
def test_a_plain_number_is_fixed(field, raw, value):
    """A number with its unit is fixed in base units."""
    assert read(field, raw).fixed == pytest.approx(value)
    assert fixed(read(field, raw)) == pytest.approx(value)


def test_nothing_has_the_default():
    """What is not stated has the value that the caller gives."""
    assert fixed(None, 7.0) == 7.0
    assert fixed(read("number", "interest * 2"), 7.0) == 7.0


def test_a_number_remembers_how_it_was_written():
    """Text, dimension and currency stay with the number."""
    quantity = read("money", "1 250 EUR")
    assert (quantity.text, quantity.dimension, quantity.currency) == ("1 250 EUR", "money", "EUR")


def test_a_number_carries_its_own_evidence():
    """Source, grade, range and note stand beside the value."""
    quantity = read("share", {"value": "25 %", "source": "crm", "grade": "B", "range": ["20 %", "30 %"], "note": "n"})
    assert (quantity.source, quantity.grade, quantity.range, quantity.note) == ("crm", "B", ("20 %", "30 %"), "n")


def test_a_formula_is_kept_as_text():
    """What is no number is a formula, and has no fixed value."""
    quantity = read("duration", "20 min + interest * 2 h")
    assert quantity.formula == "20 min + interest * 2 h"
    assert quantity.fixed is None
    assert quantity.parsed_formula().names == {"interest"}
    assert read("duration", "20 min").parsed_formula() is None


@pytest.mark.parametrize(
    ("raw", "form", "parameters"),
    [
        ({"lognormal": {"median": "2 d", "p90": "9 d"}}, "lognormal", {"median": 48.0, "p90": 216.0}),
        ({"lognormal": {"mean": "2 d", "cv": 0.5}}, "lognormal", {"mean": 48.0, "cv": 0.5}),
        ({"exponential": "2 h"}, "exponential", {"mean": 2.0}),
        ({"empirical": ["1 h", "2 h"]}, "empirical", {"values": [1.0, 2.0]}),
        ({"empirical": {"quantiles": {"0 %": "1 h", "1": "3 h"}}}, "empirical", {"quantiles": {0.0: 1.0, 1.0: 3.0}}),
        ({"choice": {"1 h": "30 %", "2 h": "70 %"}}, "choice", {"values": [1.0, 2.0], "weights": [0.3, 0.7]}),
        ({"normal": {"mean": "8 h", "sd": "1 h"}, "min": 0}, "normal", {"mean": 8.0, "sd": 1.0, "min": 0.0}),
        (
            {"mix": [{"weight": 0.3, "fixed": "1 h"}, {"weight": 0.7, "exponential": "2 h"}]},
            "mix",
            {"parts": [(0.3, "fixed", {"value": 1.0}), (0.7, "exponential", {"mean": 2.0})]},
        ),
    ],
)
def test_a_distribution_is_read_with_units(raw, form, parameters):
    """Parameters with the unit of the quantity come in hours, those without stay as they are."""
    quantity = read("duration", raw)
    assert (quantity.form, quantity.parameters, quantity.fixed) == (form, parameters, None)


def test_a_choice_may_name_levels():
    """Values of an attribute with levels are names, looked up when the scenario is checked."""
    assert read("number", {"choice": {"small": "70 %", "large": "30 %"}}).parameters["values"] == ["small", "large"]


def test_a_formula_may_be_added_to_a_draw():
    """The two parts stand beside each other."""
    quantity = read("duration", {"formula": "interest * 2 h", "exponential": "1 h"})
    assert (quantity.formula, quantity.form) == ("interest * 2 h", "exponential")


@pytest.mark.parametrize(
    ("field", "raw", "word"),
    [
        ("duration", 20, "'20' has the wrong unit: expected '20 min'"),
        ("duration", "20 EUR", "has the wrong unit"),
        ("share", "3 h", "has the wrong unit"),
        ("money", 500, "a currency is missing in '500'"),
        ("wage", "18", "a currency is missing in '18'"),
        ("wage", "18 EUR", "has the wrong unit"),
        ("rate", "6 000", "has the wrong unit"),
        ("number", "18 EUR/h", "has the wrong unit"),
        ("duration", True, "not true"),
        ("duration", [1], "not a list"),
        ("duration", "1e999 h", "too large"),
        ("duration", float("inf"), "cannot read 'inf'"),
        ("duration", float("nan"), "cannot read 'nan'"),
        ("share", "interest", "cannot read 'interest'"),
        ("duration", "20 minuts", "neither a quantity nor a formula"),
        ("duration", {}, "expected one of beta"),
        ("fixed_duration", {}, "expected 'value'"),
        ("duration", {"lognromal": {}}, "there is no distribution 'lognromal'; did you mean 'lognormal'?"),
        ("duration", {"zzz": {}}, "there is no distribution 'zzz': there are beta"),
        ("fixed_duration", {"exponential": "2 h"}, "a plain number is needed here"),
        ("probability", {"beta": {"mean": 0.5, "sd": 0.1}}, "a plain number is needed here"),
        ("duration", {"lognormal": "2 h"}, "needs its parameters"),
        ("duration", {"lognormal": {"median": "2 h"}}, "p90"),
        ("duration", {"lognormal": {"median": "-2 h", "p90": "3 h"}}, "median"),
        ("duration", {"exponential": "1 h", "uniform": {}}, "expected one of"),
        ("duration", {"exponential": "1 h", "value": "2 h"}, "expected one of"),
        ("duration", {"value": "2 h", "formula": "interest"}, "a 'value' stands alone"),
        ("duration", {"value": "2 h", "min": 0}, "a 'value' stands alone"),
        ("duration", {"formula": "interest", "min": 0}, "min and max belong to a distribution"),
        ("duration", {"formula": "interest +"}, "neither a quantity nor a formula"),
        ("duration", {"mix": []}, "mix needs a list"),
        ("duration", {"mix": [{"weight": 1}]}, "each part of a mix"),
        ("duration", {"mix": [{"weight": 1, "nromal": {}}]}, "did you mean 'normal'?"),
        ("duration", {"choice": {"1 h": "x", "2 h": 1}}, "cannot read 'x'"),
        ("money", {"uniform": {"low": "1 EUR", "high": "2 USD"}}, "EUR and USD are mixed"),
    ],
)
def test_what_is_no_number_is_refused_in_a_sentence(field, raw, word):
    """The sentence says what was expected, with an example of how it is written."""
    with pytest.raises(ValidationError) as caught:
        read(field, raw)
    (detail,) = caught.value.errors()
    assert word in detail["msg"]


def test_a_number_that_has_been_read_is_left_alone():
    """Validating a scenario again changes nothing."""
    quantity = read("duration", "2 h")
    assert read("duration", quantity) is quantity


def test_bad_evidence_of_a_number_is_told(refuses):
    """A grade that does not exist is refused at the number, by the name of the field."""
    at = "effort: {value: 20 min, grade: Z}"
    refuses("effort: {lognormal: {median: 20 min, p90: 45 min}}", at, "effort.grade: expected one of A, B, C, D")
