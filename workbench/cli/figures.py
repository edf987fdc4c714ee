"""Figures as the reports write them, in plain characters, and tables of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from reports import wording

PLAIN: Final = str.maketrans({wording.SPACE: " ", wording.MINUS: "-", wording.UNDEFINED: "-"})
"""A terminal, and whoever copies from it, gets blanks and minus signs that every program reads."""


def figure(value: float, unit: str, sign: bool = False) -> str:
    """A figure with its unit; a difference has a sign."""
    return (wording.change(value, unit) if sign else wording.figure(value, unit)).translate(PLAIN)


def interval(low: float, high: float, unit: str, mean: float, sign: bool = False) -> str:
    """Low to high on the scale of the mean, the unit once."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return wording.UNDEFINED.translate(PLAIN)
    scale = mean if mean != 0 else max(abs(low), abs(high))
    return wording.span(low, high, unit, scale, sign=sign).removeprefix("from ").translate(PLAIN)


def p_value(p: float) -> str:
    """A probability of error, without its letter."""
    return wording.probability(p).removeprefix("p").translate(PLAIN).removeprefix(" = ").strip()


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """Rows under a header in columns; ``right`` names those that are set flush right."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    lines = []
    for row in (header, ["-" * width for width in widths], *rows):
        cells = [c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
