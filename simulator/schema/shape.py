"""What the models allow at a place: another model, names of models, or one value. Read from their annotations."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from simulator.schema.frozen import Frozen
from simulator.schema.quantity import Quantity
from simulator.schema.scenario import Scenario
from simulator.schema.steps import BaseStep

KIND: Final = "kind"
"""Field that tells one model of a union from another."""


@dataclass(frozen=True)
class Shape:
    """What is allowed at one place."""

    models: tuple[type[Frozen], ...] = ()
    """The model that is read here; several where ``kind`` decides."""
    entries: object = None
    """Annotation of the values where names are mapped to models or quantities."""
    items: object = None
    """Annotation of the items of a list of models."""

    @property
    def holds_steps(self) -> bool:
        """Whether the order of the names means something: the steps of a process."""
        return any(issubclass(model, BaseStep) for model in shape(self.entries).models)

    def model(self, raw: object) -> type[Frozen] | None:
        """The model that the data here are read into, None where it cannot be told."""
        if len(self.models) < 2 or not isinstance(raw, Mapping):
            return self.models[0] if len(self.models) == 1 else None
        return next((model for model in self.models if kind_of(model) == raw.get(KIND)), None)

    def inside(self, key: str | int, raw: object) -> Shape:
        """What is allowed under one key of the data that stand here."""
        if self.items is not None and isinstance(key, int):
            return shape(self.items)
        if self.entries is not None:
            return shape(self.entries)
        model = self.model(raw)
        known = model is not None and key in model.model_fields
        return shape(model.model_fields[str(key)].annotation) if model is not None and known else VALUE


VALUE: Final = Shape()
"""One value, which is replaced whole."""
SCENARIO: Final = Shape(models=(Scenario,))


def kind_of(model: type[Frozen]) -> str:
    """Value of ``kind`` that stands for a model, empty where it has none."""
    field = model.model_fields.get(KIND)
    return str(get_args(field.annotation)[0]) if field and get_origin(field.annotation) is Literal else ""


def shape(annotation: Any) -> Shape:
    """What a field with this annotation allows."""
    return _shape(annotation) if annotation is not None else VALUE


@cache
def _shape(annotation: Any) -> Shape:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(arguments[0])
    if origin in {Union, types.UnionType}:
        branches = [_shape(each) for each in arguments if each is not type(None)]
        models = tuple(model for branch in branches for model in branch.models)
        return branches[0] if len(branches) == 1 else Shape(models=models)
    if origin is dict and _is_model(arguments[1]):
        return Shape(entries=arguments[1])
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis and _is_model(arguments[0]):
        return Shape(items=arguments[0])
    if isinstance(annotation, type) and issubclass(annotation, Frozen) and annotation is not Quantity:
        return Shape(models=(annotation,))
    return VALUE


def _is_model(annotation: Any) -> bool:
    """Whether the annotation is of a model or a quantity, under any wrapping."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _is_model(arguments[0])
    if origin in {Union, types.UnionType}:
        return any(_is_model(each) for each in arguments)
    return isinstance(annotation, type) and issubclass(annotation, Frozen)
