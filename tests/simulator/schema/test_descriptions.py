"""The sentences below the fields of the models."""

from __future__ import annotations

import json

from pydantic import BaseModel, ConfigDict, Field

from simulator.experiment.declared.declaration import Declaration
from simulator.schema.descriptions import Described, sentences
from simulator.schema.scenario import Scenario


class Plain(BaseModel):
    """A model with fields of every kind."""

    below: int
    """What it is,

    and more of it.
    """
    silent: int
    stated: str = Field(default="", description="As stated.")
    """Not this."""
    other: int = 1
    _private: int = 2
    """Not a field."""


class Derived(Plain):
    """One that takes fields over, and says one anew."""

    other: int = 3
    """Said here."""
    part: Plain | None = None


class ReadByPydantic(Plain):
    """The same, read by pydantic itself."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    below: int
    """What it is,

    and more of it.
    """
    other: int = 3
    """Said here."""
    part: Plain | None = None


def test_fields_are_described_as_pydantic_describes_them() -> None:
    """What stands below a field, in the model or in one that it is derived from; what is stated goes before."""
    ours = Derived.model_json_schema(schema_generator=Described)["properties"]
    theirs = ReadByPydantic.model_json_schema()["properties"]
    assert ours == theirs
    assert {name: each.get("description") for name, each in ours.items()} == {
        "below": "What it is,\n\nand more of it.",
        "silent": None,
        "stated": "As stated.",
        "other": "Said here.",
        "part": None,
    }


def test_models_in_models_are_described_too() -> None:
    """The definitions of a schema have their sentences as the whole has."""
    definition = Derived.model_json_schema(schema_generator=Described)["$defs"]["Plain"]
    assert definition["properties"]["below"]["description"] == "What it is,\n\nand more of it."


def test_files_are_described_field_by_field() -> None:
    """In scenarios and in studies: every sentence below a field of the whole stands in its schema."""
    for model in (Scenario, Declaration):
        made = model.model_json_schema(schema_generator=Described)
        said = {name: text for name, text in sentences(model).items() if name in model.model_fields}
        assert len(said) > 5
        assert {name: made["properties"][name]["description"] for name in said} == said
        assert "description" not in json.dumps(model.model_json_schema()["properties"]["caudal"])
