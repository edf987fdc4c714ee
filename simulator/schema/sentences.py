"""What pydantic found wrong, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from simulator.schema.names import did_you_mean, nearest
from simulator.schema.paths import MOST_FINDINGS, Finding, Key, shortened
from simulator.schema.shape import KIND, SCENARIO, Shape, kind_of

MISSING: Final = "missing"
EXTRA: Final = "extra_forbidden"
LONGEST: Final = 40
"""Most characters of a value that are repeated in a sentence."""
_WANTED: Final[Mapping[str, str]] = {
    "string": "a text; put it in quotes if it is one",
    "int": "a whole number",
    "float": "a number",
    "finite": "a finite number",
    "bool": "true or false",
    "date": "a date such as 2026-01-31",
    "tuple": "a list such as [a, b]",
    "list": "a list such as [a, b]",
    "dict": "names with a value each, such as 'name: value'",
    "model": "names with a value each, such as 'name: value'",
}
"""Beginning of pydantic's error type -> what was expected."""
_LIMITS: Final[Mapping[str, str]] = {
    "greater_than_equal": "must be at least {ge}, not {shown}",
    "less_than_equal": "must be at most {le}, not {shown}",
    "too_short": "needs at least {min_length} entries, and has {actual_length}",
    "too_long": "may have at most {max_length} entries, and has more",
    "string_pattern_mismatch": "expected a text such as EUR, not {shown}",
}
"""Pydantic's error type -> the sentence."""


def findings(error: ValidationError, data: Mapping[str, Any], top: Shape = SCENARIO) -> list[Finding]:
    """Everything that is wrong with the data of a scenario, or of another file whose shape is ``top``."""
    first: dict[tuple[Key, str], Finding] = {}
    for detail in error.errors(include_url=False)[:MOST_FINDINGS]:
        finding = _translated(dict(detail), data, top)
        # Where several types are allowed pydantic complains once for each of them.
        kind = detail["type"] if detail["type"] in {MISSING, EXTRA} else ""
        first.setdefault((finding.path, kind), finding)
    # A misspelt key is one slip, although the right one is missing as well.
    meant = {
        (*finding.path[:-1], _meant(finding.path, data, top)) for (_, kind), finding in first.items() if kind == EXTRA
    }
    return [finding for (_, kind), finding in first.items() if kind != MISSING or finding.path not in meant]


def _translated(detail: dict[str, Any], data: Mapping[str, Any], top: Shape) -> Finding:
    path, shape, value = _traced(detail["loc"], data, top)
    if detail["type"] == MISSING:
        key = str(detail["loc"][-1])
        return Finding((*path, key), f"'{key}' is missing here")
    if detail["type"] == EXTRA:
        return Finding(path, _unknown_key(path, data, top))
    if detail["type"].startswith("union_tag"):
        stated = isinstance(value, Mapping) and KIND in value
        return Finding((*path, KIND) if stated else path, _unknown_kind(shape, value))
    return Finding(path, _wrong(detail))


def _traced(loc: tuple[str | int, ...], data: Mapping[str, Any], top: Shape) -> tuple[Key, Shape, Any]:
    """Path of a problem in the data, without the marks that pydantic adds for unions."""
    path: Key = ()
    shape = top
    value: Any = data
    for part in loc:
        named = isinstance(value, Mapping) and part in value
        if named or (isinstance(value, list) and isinstance(part, int) and part < len(value)):
            shape, value, path = shape.inside(part, value), value[part], (*path, part)
    return path, shape, value


def _fields(path: Key, data: Mapping[str, Any], top: Shape) -> list[str]:
    """Keys that are valid in the block in which a key stands."""
    _, shape, value = _traced(path[:-1], data, top)
    model = shape.model(value)
    return list(model.model_fields) if model else []


def _meant(path: Key, data: Mapping[str, Any], top: Shape) -> str:
    return nearest(str(path[-1]), _fields(path, data, top)) or ""


def _unknown_key(path: Key, data: Mapping[str, Any], top: Shape) -> str:
    valid = _fields(path, data, top)
    known = did_you_mean(str(path[-1]), valid, listed=False) or f"; valid here: {', '.join(valid)}"
    return f"there is no '{path[-1]}' here{known}"


def _unknown_kind(shape: Shape, value: Any) -> str:
    kinds = [kind_of(model) for model in shape.models]
    if not isinstance(value, Mapping) or KIND not in value:
        return f"a step needs a kind: one of {', '.join(kinds)}"
    kind = str(value[KIND])
    known = did_you_mean(kind, kinds, listed=False)
    listed = f": the kinds are {', '.join(kinds)}"
    return f"there is no step of kind '{_short(kind)}'{known or listed}"


def _wrong(detail: dict[str, Any]) -> str:
    kind, context, value = str(detail["type"]), detail.get("ctx", {}), detail.get("input")
    if kind == "value_error":
        return _short(str(context["error"]), 300)
    if kind == "literal_error":
        options = context["expected"].replace("'", "").replace(" or ", ", ")
        return f"expected one of {options}, not {_shown(value)}{_nearest_option(value, options)}"
    if kind in _LIMITS:
        return _LIMITS[kind].format_map({**context, "shown": _shown(value)})
    wanted = _WANTED.get(kind.split("_", maxsplit=1)[0])
    if value is None and wanted:
        return f"nothing is stated here: expected {wanted}"
    return (
        f"expected {wanted}, not {_shown(value)}"
        if wanted
        else f"{detail['msg'][:1].lower()}{detail['msg'][1:]}, not {_shown(value)}"
    )


def _nearest_option(value: object, options: str) -> str:
    return did_you_mean(value, options.split(", "), listed=False) if isinstance(value, str) else ""


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping of names"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else _short(f"'{value}'")


def _short(text: str, longest: int = LONGEST) -> str:
    return shortened(text, longest)
