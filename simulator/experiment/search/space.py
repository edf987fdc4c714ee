"""What a search may choose: dimensions such as a tool, a head-count or a policy, each with a few levels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from simulator.errors import StudyError
from simulator.schema.loading import Loaded, load_changed, load_with

Choice = tuple[int, ...]
"""One level of each dimension, by its position."""


@dataclass(frozen=True)
class Level:
    """One way that a dimension can be: parts and changes laid over the scenario, neither to leave it as it is."""

    label: str
    parts: tuple[str, ...] = ()
    changes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Dimension:
    """Something that is chosen, of whose levels exactly one is taken."""

    name: str
    levels: tuple[Level, ...]
    base: int = 0
    """Position of the level that leaves the scenario as it is."""

    def __post_init__(self) -> None:
        if not 0 <= self.base < len(self.levels):
            raise StudyError(f"'{self.name}' has no level that leaves the scenario as it is")


@dataclass(frozen=True)
class Space:
    """All choices of a search: one level of each dimension."""

    dimensions: tuple[Dimension, ...]

    def __post_init__(self) -> None:
        names = [each.name for each in self.dimensions]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise StudyError(f"'{twice}' is named twice: keep one of them")
        if not any(len(each.levels) > 1 for each in self.dimensions):
            raise StudyError("there is nothing to choose: name tools, teams or policies that may change")

    @property
    def size(self) -> int:
        """Number of choices."""
        return math.prod(len(each.levels) for each in self.dimensions)

    @property
    def base(self) -> Choice:
        """The choice that leaves the scenario as it is."""
        return tuple(each.base for each in self.dimensions)

    def choices(self) -> Iterator[Choice]:
        """Every choice, the last dimension moving first."""
        return itertools.product(*(range(len(each.levels)) for each in self.dimensions))

    def singles(self) -> list[Choice]:
        """Every choice that leaves the scenario as it is but for one dimension."""
        return [
            self.moved(self.base, {place: level})
            for place, each in enumerate(self.dimensions)
            for level in range(len(each.levels))
            if level != each.base
        ]

    def neighbours(self, choice: Choice) -> list[Choice]:
        """Every choice that differs in one dimension."""
        return [
            self.moved(choice, {place: level})
            for place, each in enumerate(self.dimensions)
            for level in range(len(each.levels))
            if level != choice[place]
        ]

    @staticmethod
    def moved(choice: Choice, levels: Mapping[int, int]) -> Choice:
        """The choice with other levels of some dimensions."""
        return tuple(levels.get(place, level) for place, level in enumerate(choice))

    def taken(self, choice: Choice) -> list[int]:
        """Positions of the dimensions that are not as the scenario has them."""
        return [place for place, each in enumerate(self.dimensions) if choice[place] != each.base]

    def labels(self, choice: Choice) -> dict[str, str]:
        """What is chosen in each dimension that is not as the scenario has it."""
        return {
            self.dimensions[place].name: self.dimensions[place].levels[choice[place]].label
            for place in self.taken(choice)
        }

    def laid(self, loaded: Loaded, choice: Choice) -> Loaded:
        """The scenario with a choice laid over it; raises ScenarioError with every problem found."""
        levels = [each.levels[level] for each, level in zip(self.dimensions, choice, strict=True)]
        parts = [part for level in levels for part in level.parts]
        changes = {path: value for level in levels for path, value in level.changes.items()}
        return load_changed(load_with(loaded, parts) if parts else loaded, changes)
