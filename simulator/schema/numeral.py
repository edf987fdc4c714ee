"""Numbers as a file gives them at one place: of the dimension that belongs there, or refused in a sentence."""

from __future__ import annotations

import math
import re
from typing import Final

from simulator.schema.units import EXAMPLES, Dimension, Parsed, parse_units

_DECIMAL_COMMA: Final = re.compile(r"^\s*[+-]?\d[\d. ]*,\d+\s*(%|[A-Za-z]+)?(\s*/\s*[A-Za-z]+)?\s*$")
_ACCEPTED: Final[dict[Dimension, frozenset[str]]] = {
    "number": frozenset({"number", "share", "duration", "money"}),
    "share": frozenset({"number", "share"}),
    "duration": frozenset({"duration"}),
    "money": frozenset({"money"}),
    "money_rate": frozenset({"money_rate"}),
    "rate": frozenset({"rate"}),
}


def read_number(raw: object, dimension: Dimension) -> Parsed | None:
    """Read a number in base units; None for a text that is no number and may be a formula.

    Raises ``ValueError`` for what is neither, for another dimension, and for numbers that are too large.
    """
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise ValueError(f"expected {EXAMPLES[dimension]}, not {_kind(raw)}")
    if isinstance(raw, str) and _DECIMAL_COMMA.match(raw):
        raise ValueError(f"cannot read '{raw}': write decimals with a point and thousands with blanks, such as 1 250.5")
    parsed = parse_units(str(raw)) if not isinstance(raw, float) or math.isfinite(raw) else None
    if parsed is None:
        if isinstance(raw, str):
            return None
        raise unreadable(raw, dimension)
    if not math.isfinite(parsed.value):
        raise ValueError(f"'{raw}' is too large to be a number: expected {EXAMPLES[dimension]}")
    if parsed.dimension not in _ACCEPTED[dimension] and not (parsed.value == 0 and not parsed.currency):
        unpriced = dimension.startswith("money") and not parsed.currency
        missing = f"a currency is missing in '{raw}'" if unpriced else f"'{raw}' has the wrong unit"
        raise ValueError(f"{missing}: expected {EXAMPLES[dimension]}")
    return parsed


def read_share(raw: object) -> float:
    """Read a plain number or a share; raises ``ValueError`` for anything else."""
    parsed = parse_units(str(raw))
    if parsed is None or parsed.dimension not in _ACCEPTED["share"]:
        raise ValueError(f"cannot read '{raw}': expected a plain number or a share such as 25 %")
    return parsed.value


def unreadable(raw: object, dimension: Dimension) -> ValueError:
    """What to raise for a text that is no number where only a number may stand."""
    return ValueError(f"cannot read '{raw}': expected {EXAMPLES[dimension]}")


def _kind(raw: object) -> str:
    if isinstance(raw, list):
        return "a list"
    return "nothing" if raw is None else str(raw).lower()
