"""What the fields of the models mean, as their sources say below each, for those who write files."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema


class Described(GenerateJsonSchema):
    """Makes the JSON Schema of a model, with the sentences that stand below its fields.

    Pydantic reads them itself where models are told to (``use_attribute_docstrings``), but whenever they are imported:
    that takes a quarter of loading them, of every command, and only a JSON Schema shows them.
    """

    def model_schema(self, schema: Any) -> dict[str, Any]:
        """The schema of one model."""
        made: dict[str, Any] = super().model_schema(schema)
        fields, properties = schema["cls"].model_fields, made.get("properties", {})
        for name, text in sentences(schema["cls"]).items():
            if name in properties and fields[name].description is None:
                properties[name]["description"] = text
        return made


@cache
def sentences(model: type[BaseModel]) -> dict[str, str]:
    """The text below each field, by the field's name; a model takes over those of what it is derived from."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, BaseModel) and each is not BaseModel:
            found |= dict(_own(each))
    return found


def _own(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    try:
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    except (OSError, TypeError):
        return  # an installation without sources has no sentences
    for field, below in pairwise(definition.body if isinstance(definition, ast.ClassDef) else ()):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            text = below.value.value if isinstance(below.value, ast.Constant) else None
            if isinstance(text, str):
                yield field.target.id, inspect.cleandoc(text)
