"""Figures as people read them, and tables of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

UNDEFINED = "-"
_TIMES = (("min", 60.0, 1.0), ("h", 1.0, 48.0), ("d", 1 / 24, math.inf))
"""Unit, units in an hour, and the hours up to which it is used."""


def figure(value: float, unit: str, like: float | None = None, sign: bool = False) -> str:
    """A figure with its unit, on the scale of ``like``; a difference of shares is in percentage points (pp)."""
    if not math.isfinite(value):
        return UNDEFINED
    measure = value if like is None or not math.isfinite(like) else like
    plus = "+" if sign else ""
    if unit == "share":
        return f"{_number(value * 100, abs(measure) * 100, plus)} {'pp' if sign else '%'}"
    if unit in {"h", "d"}:
        hours, scale = (24.0, 24.0) if unit == "d" else (1.0, 1.0)
        name, factor, _ = next(time for time in _TIMES if abs(measure) * scale < time[2])
        return f"{_number(value * hours * factor, abs(measure) * scale * factor, plus)} {name}"
    return f"{_number(value, abs(measure), plus)} {unit}".rstrip()


def interval(low: float, high: float, unit: str, mean: float, sign: bool = False) -> str:
    """Low to high on the scale of the mean, the unit once."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return UNDEFINED
    scale = mean if mean != 0 else max(abs(low), abs(high))
    ends = figure(low, unit, scale, sign), figure(high, unit, scale, sign)
    written = ends[1].rpartition(" ")[2] if unit else ""
    return f"{ends[0].removesuffix(written).rstrip()} to {ends[1]}"


def _number(value: float, magnitude: float, plus: str) -> str:
    digits = 0 if magnitude >= 1000 or magnitude == 0 else 1 if magnitude >= 10 else 2 if magnitude >= 0.1 else 4
    text = f"{value:{plus},.{digits}f}".replace(",", " ")
    return text.lstrip("-+") if float(text.replace(" ", "")) == 0 else text


def p_value(p: float) -> str:
    """A probability of error; very small ones are all the same to a reader."""
    if not math.isfinite(p):
        return UNDEFINED
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """Rows under a header in columns; ``right`` names those that are set flush right."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    lines = []
    for row in (header, ["-" * width for width in widths], *rows):
        cells = [c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
