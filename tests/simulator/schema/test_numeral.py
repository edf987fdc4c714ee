"""Numbers of a file: read in the dimension of their place, left to formulas, or refused."""

import pytest

from simulator.schema.numeral import read_number, read_share


@pytest.mark.parametrize(
    ("raw", "dimension", "value", "currency"),
    [
        ("20 min", "duration", 1 / 3, ""),
        ("1 250 EUR", "money", 1250.0, "EUR"),
        (3, "number", 3.0, ""),
        (0, "money", 0.0, ""),
    ],
)
def test_a_number_is_read_in_base_units(raw, dimension, value, currency):
    """What belongs at a place is read, and nothing at all needs no unit."""
    read = read_number(raw, dimension)
    assert (read.value, read.currency) == (pytest.approx(value), currency)


def test_what_may_be_a_formula_is_left_to_the_reader_of_formulas():
    """A text that is no number is not refused here, since only its place knows whether a formula may stand there."""
    assert read_number("leads * 2", "number") is None


@pytest.mark.parametrize(
    ("raw", "dimension", "said"),
    [
        (5, "money", "a currency is missing in '5'"),
        ("5 EUR", "duration", "'5 EUR' has the wrong unit"),
        ("1,5 h", "duration", "write decimals with a point"),
        ("1e999 h", "duration", "too large"),
        (float("nan"), "number", "cannot read 'nan'"),
        ([1], "number", "not a list"),
        (None, "number", "not nothing"),
        (True, "number", "not true"),
    ],
)
def test_what_is_no_such_number_is_refused_with_its_mend(raw, dimension, said):
    """Each way of going wrong has a sentence of its own, which says what is expected in its place."""
    with pytest.raises(ValueError, match=said) as refused:
        read_number(raw, dimension)
    assert "expected" in str(refused.value) or "write" in str(refused.value)


def test_a_share_is_a_plain_number_or_a_part_in_a_hundred():
    """Weights and shapes carry no unit of the quantity that they describe."""
    assert (read_share("25 %"), read_share(2)) == (0.25, 2.0)
    with pytest.raises(ValueError, match="a plain number or a share"):
        read_share("3 h")
