"""What the figures say, in sentences: each follows by a rule from figures that it carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reports.changes import changes
from reports.finding import Figure, Finding, figure_of
from reports.observations import observations
from simulator.experiment.comparison import Comparison
from simulator.experiment.study import Study

__all__ = ["Figure", "Finding", "figure_of", "findings"]
WARNING: Final = 100.0


def findings(base: Study, others: Sequence[Study] = (), comparison: Comparison | None = None) -> tuple[Finding, ...]:
    """Everything that the studies show, the weightiest first; those of equal weight in the order of the scenarios."""
    told = [*_warnings([base, *others]), *observations(base)]
    if comparison is not None:
        told += changes(base, comparison)
    return tuple(sorted(told, key=lambda finding: -finding.weight))


def _warnings(studies: Sequence[Study]) -> Iterator[Finding]:
    """What weakens the studies; what holds for several is told once."""
    about: dict[str, list[str]] = {}
    for study in studies:
        for warning in study.warnings:
            about.setdefault(warning, []).append(study.name)
    for warning, names in about.items():
        topic = "All scenarios" if len(names) == len(studies) else ", ".join(names)
        yield Finding("warning", topic, warning, WARNING)
