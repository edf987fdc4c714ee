"""The JSON Schema of scenario files, so that editors complete and check them while they are written."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from simulator.schema.descriptions import Described
from simulator.schema.overlay import PART
from simulator.schema.scenario import Scenario

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_CHANGES: Final = "Changes"
"""Ending of the definitions that describe a file that is not whole by itself."""


def json_schema() -> dict[str, Any]:
    """The schema: a whole scenario, or only some statements in a part or a file that says ``based_on`` or ``parts``."""
    whole = Scenario.model_json_schema(schema_generator=Described)
    definitions = whole.pop("$defs")
    changes = _as_changes({"$defs": definitions | {"Scenario": whole}})["$defs"]
    return {
        "$schema": DIALECT,
        "title": "Caudal scenario",
        "description": whole.get("description", ""),
        "if": _any_of(PART, "based_on", "parts"),
        "then": {"$ref": f"#/$defs/Scenario{_CHANGES}"},
        "else": {"$ref": "#/$defs/Scenario"},
        "$defs": definitions | {"Scenario": whole} | {f"{name}{_CHANGES}": body for name, body in changes.items()},
    }


def _as_changes(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema for a file that states only changes: nothing is required, and null removes."""
    changes: dict[str, Any] = deepcopy(schema)
    for name, body in changes["$defs"].items():
        for key in ("required", "discriminator"):
            body.pop(key, None)
        if "properties" in body:
            body["properties"] = {field: _removable(each) for field, each in body["properties"].items()}
        if name == "Scenario":
            body["properties"][PART] = {"type": "string", "description": "Name of a part, in place of a scenario's."}
            body |= {"if": {"required": [PART]}, "then": {"not": _any_of("name", "based_on")}}
            body["else"] = {"required": ["name"]}
    return changes


def _any_of(*keys: str) -> dict[str, Any]:
    return {"anyOf": [{"required": [key]} for key in keys]}


def _removable(field: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [_relaxed(field), {"type": "null"}]}


def _relaxed(node: Any) -> Any:
    """A part of the schema that refers to the definitions of changes, and accepts what several kinds have in common."""
    if isinstance(node, list):
        return [_relaxed(each) for each in node]
    if not isinstance(node, dict):
        return node
    relaxed = {key: _relaxed(value) for key, value in node.items() if key not in {"discriminator", "minProperties"}}
    if "$ref" in relaxed:
        relaxed["$ref"] = f"{relaxed['$ref']}{_CHANGES}"
    if "oneOf" in relaxed:
        relaxed["anyOf"] = relaxed.pop("oneOf")
    if isinstance(relaxed.get("additionalProperties"), dict):
        relaxed["additionalProperties"] = _removable_entry(relaxed["additionalProperties"])
    return relaxed


def _removable_entry(entry: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [entry, {"type": "null"}]}
