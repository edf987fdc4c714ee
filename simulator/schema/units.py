"""Durations, money, shares and rates as people write them, turned into base units.

Base units: hours for time, the scenario's currency for money, one for shares and plain numbers.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Literal, NamedTuple

Dimension = Literal["number", "share", "duration", "money", "money_rate", "rate"]

HOURS: dict[str, float] = {
    "s": 1 / 3600,
    "sec": 1 / 3600,
    "min": 1 / 60,
    "minute": 1 / 60,
    "minutes": 1 / 60,
    "h": 1.0,
    "hour": 1.0,
    "hours": 1.0,
    "d": 24.0,
    "day": 24.0,
    "days": 24.0,
    "wd": 8.0,
    "wk": 168.0,
    "week": 168.0,
    "weeks": 168.0,
    "mo": 730.5,
    "month": 730.5,
    "months": 730.5,
    "y": 8766.0,
    "year": 8766.0,
    "years": 8766.0,
}
"""Length of a unit of time in hours; ``wd`` is a working day of eight hours, ``mo`` a twelfth of 365.25 days."""

EXAMPLES: dict[Dimension, str] = {
    "number": "0.8 or 25 %",
    "share": "25 % or 0.25",
    "duration": "'20 min', '3 h', '2 d', '6 wk' or '3 mo'",
    "money": "'1 250 EUR'",
    "money_rate": "'18 EUR/h' or '900 EUR/month'",
    "rate": "'6 000 /year' or '10 /h'",
}

_NUMBER = r"[+-]?(?:\d{1,3}(?:[ \u00a0\u202f_]\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"^\s*(?P<number>{_NUMBER})\s*(?P<unit>%|[A-Za-z]+)?\s*(?:/\s*(?P<per>[A-Za-z]+))?\s*$")
_UNIT = "|".join(("%", *sorted(HOURS, key=len, reverse=True), "[A-Z]{3}"))
_LITERAL = re.compile(rf"(?<![\w.])(?P<number>{_NUMBER.removeprefix('[+-]?')})\s*(?P<unit>{_UNIT})(?![\w(])")


class Parsed(NamedTuple):
    """A number with a unit, in base units."""

    value: float
    dimension: Dimension
    currency: str
    """Three-letter code for money, otherwise empty."""


def parse_number(text: str) -> float:
    """Read a number whose thousands may be set apart by spaces or underscores."""
    return float(re.sub(r"[ \u00a0\u202f_]", "", text))


@lru_cache(maxsize=4096)
def parse_units(text: str) -> Parsed | None:
    """Read one quantity such as ``20 min``, ``1 250 EUR``, ``18 EUR/h``, ``25 %`` or ``6 000 /year``.

    Returns None when the text is not of that form, so that the caller may try a formula. Each text is read once: the
    variants of a study state the same numbers.
    """
    match = _QUANTITY.match(text)
    if match is None:
        return None
    number, unit, per = parse_number(match["number"]), match["unit"] or "", match["per"]
    if per is not None and per not in HOURS:
        return None
    if re.fullmatch("[A-Z]{3}", unit):
        return Parsed(number / HOURS[per], "money_rate", unit) if per else Parsed(number, "money", unit)
    if per is not None:
        return Parsed(number / HOURS[per], "rate", "") if not unit else None
    if unit == "%":
        return Parsed(number / 100, "share", "")
    if not unit:
        return Parsed(number, "number", "")
    return Parsed(number * HOURS[unit], "duration", "") if unit in HOURS else None


def plain_literals(formula: str) -> tuple[str, frozenset[str]]:
    """Replace every ``48 h``, ``30 %`` or ``500 EUR`` inside a formula by its number in base units.

    Returns the formula and the currencies that were named in it; raises ValueError when a number is too large.
    """
    currencies: set[str] = set()

    def base_units(match: re.Match[str]) -> str:
        number, unit = parse_number(match["number"]), match["unit"]
        if math.isinf(number * HOURS.get(unit, 1.0)):
            raise ValueError(f"'{match.group().strip()}' is too large to be a number")
        if unit == "%":
            return repr(number / 100)
        if unit in HOURS:
            return repr(number * HOURS[unit])
        currencies.add(unit)
        return repr(number)

    return _LITERAL.sub(base_units, formula), frozenset(currencies)
