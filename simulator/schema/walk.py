"""Every part and every number of a scenario, with its place."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import ClassVar, NamedTuple

from pydantic.fields import FieldInfo

from simulator.schema.frozen import Frozen
from simulator.schema.paths import Key
from simulator.schema.quantity import Quantity
from simulator.schema.scenario import Scenario


class Part(NamedTuple):
    """One block of a scenario: a team, a step, a patience..."""

    path: Key
    model: Frozen
    around: tuple[Frozen, ...]
    """The blocks that it stands in, the outermost first."""


class Stated(NamedTuple):
    """One number of a scenario."""

    path: Key
    quantity: Quantity
    part: Part
    """The block that it stands in."""
    field: str
    """Field of that block."""
    attribute: str
    """Attribute that it is the value of, empty where it is something else."""


@cache
def fields_of(kind: type[Frozen]) -> dict[str, FieldInfo]:
    """Fields of a model by name, which Pydantic takes long to tell each time."""
    return kind.model_fields


def stated_fields(model: Frozen) -> list[str]:
    """Fields that the file states, in the order of the model; defaults hold neither numbers nor blocks with any."""
    stated = model.model_fields_set
    return [field for field in fields_of(type(model)) if field in stated]


class _Walk:
    """All parts and numbers of a scenario; the last walks are kept, since each scenario is walked many times."""

    latest: ClassVar[deque[_Walk]] = deque(maxlen=8)

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        parts: list[Part] = []
        quantities: list[Stated] = []
        _collect(Part((), scenario, ()), parts, quantities)
        self.parts, self.quantities = tuple(parts), tuple(quantities)

    @classmethod
    def through(cls, scenario: Scenario) -> _Walk:
        for walk in tuple(cls.latest):
            if walk.scenario is scenario:
                return walk
        found = cls(scenario)
        cls.latest.append(found)
        return found


def parts(scenario: Scenario) -> tuple[Part, ...]:
    """All blocks of a scenario, each before those inside it."""
    return _Walk.through(scenario).parts


def quantities(scenario: Scenario) -> tuple[Stated, ...]:
    """All numbers of a scenario."""
    return _Walk.through(scenario).quantities


def _collect(part: Part, parts: list[Part], quantities: list[Stated]) -> None:
    """Add a block and its numbers, then the blocks inside it with theirs."""
    parts.append(part)
    inside: list[Part] = []
    for field in stated_fields(part.model):
        for key, value in _values(getattr(part.model, field)):
            if isinstance(value, Quantity):
                path = (*part.path, field, *key)
                quantities.append(Stated(path, value, part, field, _attribute(path, field)))
            elif isinstance(value, Frozen):
                inside.append(Part((*part.path, field, *key), value, (*part.around, part.model)))
    for each in inside:
        _collect(each, parts, quantities)


def _values(value: object) -> Iterator[tuple[Key, object]]:
    """A field's own value, or those that it holds by name or in a list, each with the key that leads there."""
    if isinstance(value, dict):
        yield from (((name,), each) for name, each in value.items())
    elif isinstance(value, tuple):
        yield from (((index,), each) for index, each in enumerate(value))
    else:
        yield (), value


def _attribute(path: Key, field: str) -> str:
    if field in {"brings", "values"}:
        return str(path[-1])
    return str(path[1]) if path[0] == "attributes" and field == "initial" else ""
