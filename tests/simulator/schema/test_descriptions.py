"""The sentences below the fields of the models."""

from __future__ import annotations

import json
import subprocess
import sys

from pydantic import BaseModel, ConfigDict, Field, create_model

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


def test_fields_are_described_as_pydantic_describes_them():
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


def test_models_in_models_are_described_too():
    """The definitions of a schema have their sentences as the whole has."""
    definition = Derived.model_json_schema(schema_generator=Described)["$defs"]["Plain"]
    assert definition["properties"]["below"]["description"] == "What it is,\n\nand more of it."


AS_PYDANTIC_READS_THEM = """
import json
import pydantic
plain = pydantic.ConfigDict
pydantic.ConfigDict = lambda **stated: plain(**stated, use_attribute_docstrings=True)
from simulator.experiment.declared.declaration import Declaration
from simulator.schema.scenario import Scenario
print(json.dumps([model.model_json_schema() for model in (Scenario, Declaration)]))
"""


def test_files_are_described_as_pydantic_would_describe_them():
    """The schemas of scenarios and of studies are those of models that are told to read their own sentences."""
    told = subprocess.run(
        [sys.executable, "-c", AS_PYDANTIC_READS_THEM], capture_output=True, text=True, check=True, timeout=60
    )
    assert "Name for people" in told.stdout
    ours = [model.model_json_schema(schema_generator=Described) for model in (Scenario, Declaration)]
    assert ours == json.loads(told.stdout)
    assert ours[0] != Scenario.model_json_schema()


def test_a_model_without_source_has_no_sentences():
    """As one that is made while a program runs, or read from compiled files alone."""
    made = create_model("Made", x=(int, 1), __base__=Plain)
    assert sentences(made) == sentences(Plain)
    assert "description" not in made.model_json_schema(schema_generator=Described)["properties"]["x"]
