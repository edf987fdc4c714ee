"""Every part and every number of a scenario, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

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


def stated_fields(model: Frozen) -> list[str]:
    """Fields that the file states, in the order of the model; defaults hold neither numbers nor blocks with any."""
    return [field for field in type(model).model_fields if field in model.model_fields_set]


def parts(scenario: Scenario) -> Iterator[Part]:
    """All blocks of a scenario, each before those inside it."""
    yield from _parts(Part((), scenario, ()))


def _parts(part: Part) -> Iterator[Part]:
    yield part
    for field in stated_fields(part.model):
        for key, value in _values(getattr(part.model, field)):
            if isinstance(value, Frozen) and not isinstance(value, Quantity):
                yield from _parts(Part((*part.path, field, *key), value, (*part.around, part.model)))


def _values(value: object) -> Iterator[tuple[Key, object]]:
    """A field's own value, or those that it holds by name or in a list, each with the key that leads there."""
    if isinstance(value, Mapping):
        yield from (((name,), each) for name, each in value.items())
    elif isinstance(value, tuple):
        yield from (((index,), each) for index, each in enumerate(value))
    else:
        yield (), value


def quantities(scenario: Scenario) -> Iterator[Stated]:
    """All numbers of a scenario."""
    for part in parts(scenario):
        for field in stated_fields(part.model):
            for key, value in _values(getattr(part.model, field)):
                if isinstance(value, Quantity):
                    path = (*part.path, field, *key)
                    yield Stated(path, value, part, field, _attribute(path, field))


def _attribute(path: Key, field: str) -> str:
    if field in {"brings", "values"}:
        return str(path[-1])
    return str(path[1]) if path[0] == "attributes" and field == "initial" else ""
