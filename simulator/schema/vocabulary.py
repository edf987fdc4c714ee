"""The names of a scenario, and what is wrong with them."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from simulator.schema.formula import BUILTINS, FUNCTIONS
from simulator.schema.frozen import NAME, Frozen
from simulator.schema.paths import Finding, Key, shortened
from simulator.schema.quantity import Quantity
from simulator.schema.scenario import Scenario
from simulator.schema.steps import End
from simulator.schema.walk import parts, stated_fields

REFERRING = frozenset({"brings", "values", "skills", "cases"})
"""Fields whose keys are names that are defined elsewhere: open cases have the identifiers of the firm's own system."""


def levels_of(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Levels of every attribute that has them; those of segment and product are names of segments and of products."""
    stated = {name: attribute.levels for name, attribute in scenario.attributes.items()}
    offered = {"segment": tuple(scenario.segments), "product": tuple(scenario.products)}
    return {name: levels for name, levels in (*stated.items(), *offered.items()) if levels}


@dataclass(frozen=True)
class Vocabulary:
    """What formulas and references may name."""

    attributes: frozenset[str]
    levels: dict[str, tuple[str, ...]]
    """Levels of the attributes that have them, segments and products among them."""
    policies: frozenset[str]

    @classmethod
    def of(cls, scenario: Scenario) -> Vocabulary:
        """The vocabulary of a scenario; segment and product are attributes where any are defined."""
        levels = levels_of(scenario)
        return cls(frozenset(scenario.attributes) | levels.keys(), levels, frozenset(scenario.policies))

    @cached_property
    def level_names(self) -> frozenset[str]:
        """Levels of all attributes."""
        return frozenset(level for levels in self.levels.values() for level in levels)

    @cached_property
    def ambiguous(self) -> frozenset[str]:
        """Levels of several attributes that number them differently."""
        numbers: dict[str, set[int]] = {}
        for levels in self.levels.values():
            for level in levels:
                numbers.setdefault(level, set()).add(levels.index(level))
        return frozenset(level for level, several in numbers.items() if len(several) > 1)

    @cached_property
    def readable(self) -> frozenset[str]:
        """Every name that a formula may read."""
        return frozenset({*self.attributes, *self.policies, *self.level_names, *BUILTINS})


def name_findings(scenario: Scenario) -> Iterator[Finding]:
    """Names that formulas could not use, or that mean two things."""
    for path, name in _defined(scenario):
        if not re.fullmatch(NAME, name):
            yield Finding(path, _misnamed(name))
    vocabulary = Vocabulary.of(scenario)
    for name in scenario.attributes:
        yield from _taken(("attributes", name), name, "an attribute", vocabulary.policies, "a policy")
    for name in scenario.policies:
        yield from _taken(("policies", name), name, "a policy", frozenset(), "")
    for path, level in _levels(scenario):
        yield from _taken(path, level, "a level", vocabulary.attributes, "an attribute")
        yield from _taken(path, level, "a level", vocabulary.policies, "a policy", only=True)
    for name, attribute in scenario.attributes.items():
        repeated = sorted({level for level in attribute.levels if attribute.levels.count(level) > 1})
        if repeated:
            yield Finding(("attributes", name, "levels"), f"'{repeated[0]}' stands twice in the levels")
        if attribute.levels and name in {"segment", "product"} and getattr(scenario, f"{name}s"):
            yield Finding(("attributes", name, "levels"), f"the levels of '{name}' are the names under '{name}s'")


def _defined(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    """All names that the scenario defines."""
    for part in parts(scenario):
        for field in stated_fields(part.model):
            value = getattr(part.model, field)
            named = isinstance(value, dict) and field not in REFERRING
            if named and (field == "stages" or any(isinstance(each, Frozen | Quantity) for each in value.values())):
                yield from (((*part.path, field, name), name) for name in value)
        if isinstance(part.model, End):
            yield (*part.path, "outcome"), part.model.outcome
    for name, attribute in scenario.attributes.items():
        yield from ((("attributes", name, "levels", index), level) for index, level in enumerate(attribute.levels))


def _misnamed(name: str) -> str:
    # Letters with marks, as in `ação`, become plain ones.
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    mended = re.sub(r"[^a-z0-9_]+", "_", plain).strip("_")
    mend = f", such as '{mended}'" if re.fullmatch(NAME, mended) else ""
    rule = "use lower case letters, digits and underscores, beginning with a letter"
    return f"'{shortened(name, 40)}' is no name: {rule}{mend}"


def _levels(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    yield from ((("segments", name), name) for name in scenario.segments)
    yield from ((("products", name), name) for name in scenario.products)
    for name, attribute in scenario.attributes.items():
        yield from ((("attributes", name, "levels", index), level) for index, level in enumerate(attribute.levels))


def _taken(
    path: Key, name: str, what: str, others: frozenset[str], other: str, *, only: bool = False
) -> Iterator[Finding]:
    """A name that formulas already read as something else."""
    reserved = (
        ()
        if only
        else (
            (BUILTINS, "a number that every case has"),
            (FUNCTIONS, "a function"),
            (keyword.kwlist, "a word of the formula language"),
        )
    )
    for names, meaning in (*reserved, (others, other)):
        if name in names:
            yield Finding(path, f"'{name}' cannot be {what}: it is already {meaning} in formulas; choose another name")
