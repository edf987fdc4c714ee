"""Names on axes and beside lines: told apart, wrapped, and out of each other's way."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Final

import altair as alt

LINE: Final = 30
"""Letters on a line of an axis label."""
LINES: Final = 2
SPLIT: Final = "split(datum.label, '\\n')"
"""Vega expression that breaks a label where it was wrapped."""


def distinct(labels: Sequence[str]) -> list[str]:
    """The same labels, with numbers behind those that occur more than once, so that their bars do not merge."""
    left = Counter(labels)
    seen: Counter[str] = Counter()
    found = []
    for label in labels:
        seen[label] += 1
        found.append(label if left[label] == 1 else f"{label} ({seen[label]})")
    return found


def wrapped(label: str, width: int = LINE, lines: int = LINES) -> str:
    """A long name over two lines, the rest cut off with an ellipsis."""
    parts = textwrap.wrap(" ".join(label.split()), width) or [""]
    if len(parts) > lines:
        last = textwrap.shorten(" ".join(parts[lines - 1 :]), width, placeholder=" …")
        parts = [*parts[: lines - 1], last if last != "…" else parts[lines - 1][: width - 1] + "…"]
    return "\n".join(parts)


def on_axis(labels: Sequence[str]) -> list[str]:
    """Names for an axis: wrapped, and still told apart where the cut made them the same."""
    return distinct([wrapped(label) for label in distinct(labels)])


def in_legend(labels: Sequence[str]) -> list[str]:
    """Names for a legend: on one line, cut off where they are long."""
    return distinct([wrapped(label, 46, 1) for label in distinct(labels)])


def beside_lines(labels: Sequence[str]) -> list[str]:
    """Names for the ends of lines: over as many as three short lines, and still told apart."""
    return distinct([wrapped(label, 26, 3) for label in distinct(labels)])


def names_axis() -> alt.Axis:
    """Axis of names that were wrapped."""
    return alt.Axis(title=None, labelExpr=SPLIT, labelLineHeight=14)


def spread(values: Sequence[float], gap: float, floor: float = -math.inf, ceiling: float = math.inf) -> list[float]:
    """Positions near the values, a gap apart or more and none below the floor, so that labels can be read.

    None is above the ceiling either, where there is room for all below it.
    """
    order = sorted(range(len(values)), key=lambda i: values[i])
    placed = list(values)
    groups: list[list[int]] = []
    for index in order:
        groups.append([index])
        while len(groups) > 1 and _bottom(groups[-1], values, gap) < _top(groups[-2], values, gap) + gap:
            groups[-2:] = [groups[-2] + groups[-1]]
    for group in groups:
        for place, index in enumerate(group):
            placed[index] = _bottom(group, values, gap) + place * gap
    for place, index in enumerate(order):
        placed[index] = max(placed[index], floor + place * gap)
    if floor + gap * (len(order) - 1) <= ceiling:
        for place, index in enumerate(reversed(order)):
            placed[index] = min(placed[index], ceiling - place * gap)
    return placed


def _bottom(group: list[int], values: Sequence[float], gap: float) -> float:
    return sum(values[i] for i in group) / len(group) - gap * (len(group) - 1) / 2


def _top(group: list[int], values: Sequence[float], gap: float) -> float:
    return _bottom(group, values, gap) + gap * (len(group) - 1)
