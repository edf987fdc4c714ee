"""Names on axes and beside lines: told apart, wrapped, and out of each other's way."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Final

import altair as alt
import numpy as np
from scipy.optimize import isotonic_regression

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


def spread(
    values: Sequence[float], heights: float | Sequence[float], floor: float = -math.inf, ceiling: float = math.inf
) -> list[float]:
    """Positions of the middles of labels near the values, in their order, so that no label lies over another.

    None is below the floor, and none above the ceiling where there is room for all below it. The nearest such positions
    are an isotonic regression of the values less what the labels below take up.
    """
    order = np.argsort(values, kind="stable")
    sizes = np.broadcast_to(heights, len(values))[order]
    below = np.append(0.0, np.cumsum((sizes[:-1] + sizes[1:]) / 2))
    free = isotonic_regression(np.array(values)[order] - below).x
    placed = np.empty(len(values))
    placed[order] = np.clip(free, floor, max(floor, ceiling - below[-1])) + below
    return placed.tolist()
