"""Figures as the reports write them, in plain characters, and tables of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

# The wording is imported where a figure is written: it takes NumPy, and a command reads its options before.


def plain(text: str) -> str:
    """A text for a terminal, and whoever copies from it: with blanks and minus signs that every program reads."""
    from reports import wording

    return text.replace(wording.SPACE, " ").replace(wording.MINUS, "-").replace(wording.UNDEFINED, "-")


def figure(value: float, unit: str, sign: bool = False) -> str:
    """A figure with its unit; a difference has a sign."""
    from reports import wording

    return plain(wording.change(value, unit) if sign else wording.figure(value, unit))


def interval(low: float, high: float, unit: str, mean: float, sign: bool = False) -> str:
    """Low to high on the scale of the mean, the unit once."""
    from reports import wording

    if not (math.isfinite(low) and math.isfinite(high)):
        return plain(wording.UNDEFINED)
    scale = mean if mean != 0 else max(abs(low), abs(high))
    return plain(wording.span(low, high, unit, scale, sign=sign).removeprefix("from "))


def p_value(p: float) -> str:
    """A probability of error, without its letter."""
    from reports import wording

    return plain(wording.probability(p).removeprefix("p")).removeprefix(" = ").strip()


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """Rows under a header in columns; ``right`` names those that are set flush right."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    lines = []
    for row in (header, ["-" * width for width in widths], *rows):
        cells = [c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
