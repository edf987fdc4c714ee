"""The form of a finding: a sentence with the figures that it rests on."""

from __future__ import annotations

from typing import Literal, NamedTuple

from simulator.experiment.comparison import Difference
from simulator.experiment.intervals import Estimate

Kind = Literal["warning", "change", "unclear", "state"]


class Figure(NamedTuple):
    """A number that a finding rests on."""

    label: str
    value: float
    low: float
    """Lower end of the 95 % interval; NaN where the number has none."""
    high: float
    unit: str


class Finding(NamedTuple):
    """One thing that a study shows."""

    kind: Kind
    """Warning about the study, change for sure, change that could not be told, or state of the base."""
    topic: str
    """What it is about, in a word or two, or the name of the scenario."""
    sentence: str
    weight: float
    """The larger, the earlier it is told."""
    figures: tuple[Figure, ...] = ()


def figure_of(label: str, estimate: Estimate | Difference) -> Figure:
    """A figure with the interval and unit of an estimate or a difference."""
    value = estimate.difference if isinstance(estimate, Difference) else estimate.mean
    return Figure(label, value, estimate.low, estimate.high, estimate.unit)
