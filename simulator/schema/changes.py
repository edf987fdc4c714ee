"""A few changes of a scenario, each stated by its place, read as a file that is laid over the scenario."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from simulator.errors import Problem, ScenarioError
from simulator.schema.document import Document, plain_data
from simulator.schema.names import did_you_mean
from simulator.schema.overlay import Statements
from simulator.schema.paths import Key, dotted
from simulator.schema.quantity import EVIDENCE
from simulator.schema.shape import SCENARIO, Shape
from simulator.schema.yaml_tree import read_tree

SHOWN: Final = "changes"
"""What stands in a problem where a file has its name."""
NAME: Final = "What if"
"""Name of a changed scenario that is given no other."""
_PART: Final = re.compile(r"([^.\[\]]+)((?:\[\d+\])*)")
_INDEX: Final = re.compile(r"\[(\d+)\]")


def document_of(base: Statements, changes: Mapping[str, object], path: Path) -> Document:
    """Changes as the document that states them; raises ScenarioError with every place that the scenario does not have.

    A change is a dotted path, such as ``teams.sales.head_count`` or ``channels.fair.drops[0].leads``, and what stands
    there from now on: text is read as in a file. A path may add a whole block to those that have names of their own;
    a plain value under a name that is not there is a slip of the pen.
    """
    data: dict[str, Any] = {"name": NAME}
    lines: dict[Key, int] = {(): 0}
    problems: list[Problem] = []
    for place, value in changes.items():
        try:
            keys = _keys(place)
            read = _read(value, keys, lines)
            _refuse_unknown(base.data, keys, read)
            _put(data, base.data, keys, read, SCENARIO)
        except ScenarioError as error:
            problems += [Problem(SHOWN, 0, place, problem.message) for problem in error.problems]
    if problems:
        raise ScenarioError(problems)
    return Document(path, SHOWN, data, lines, ())


def _keys(place: str) -> Key:
    """The keys of a dotted path."""
    keys: list[str | int] = []
    for part in place.split("."):
        found = _PART.fullmatch(part.strip())
        if found is None:
            raise _refusal("this is no path: write one such as teams.sales.head_count or channels.fair.drops[0].leads")
        keys += [found[1], *map(int, _INDEX.findall(found[2]))]
    return tuple(keys)


def _read(value: object, keys: Key, lines: dict[Key, int]) -> object:
    """A value as a file would state it after the colon."""
    lines[keys] = 0
    if not isinstance(value, str):
        return copy.deepcopy(value)
    node = read_tree(value, SHOWN)
    if node is None:
        return None
    own: dict[Key, int] = {}
    twice: list[Problem] = []
    data = plain_data(node, keys, own, twice, SHOWN)
    if twice:
        raise ScenarioError(twice)
    lines.update(dict.fromkeys(own, 0))
    return data


def _refuse_unknown(data: object, keys: Key, value: object) -> None:
    """Refuse a name that is not among those that the scenario uses, for which a file would make a new entry."""
    here = SCENARIO
    for depth, key in enumerate(keys):
        if isinstance(key, int):
            if not isinstance(data, list) or key >= len(data):
                raise _refusal(f"there is no [{key}] in {dotted(keys[:depth])}")
        elif here.entries is not None and isinstance(data, Mapping) and key not in data:
            if depth + 1 == len(keys) and (value is None or isinstance(value, Mapping)):
                return
            where = dotted(keys[:depth])
            raise _refusal(f"there is no '{key}' in {where}{did_you_mean(key, map(str, data), 'names')}")
        here = here.inside(key, data)
        data = _below(data, key)


def _below(data: object, key: str | int) -> object:
    """What stands under a key, an empty block where nothing does."""
    if isinstance(data, list) and isinstance(key, int):
        return data[key]
    return data.get(key, {}) if isinstance(data, Mapping) else {}


def _put(upper: Any, lower: Any, keys: Key, value: object, here: Shape) -> None:
    """State a value at its place, with a copy of what a merge would otherwise lose around it."""
    key, rest = keys[0], keys[1:]
    if not rest:
        upper[key] = value
        return
    inside = here.inside(key, lower)
    below = _below(lower, key)
    if isinstance(upper, dict) and key not in upper:
        merges = inside.models or inside.entries
        upper[key] = {} if merges or not isinstance(below, Mapping | list) else _without_evidence(below)
    if not isinstance(upper[key], dict | list):
        raise _refusal(f"another change states {dotted(keys[:1])} as a whole: keep one of them")
    _put(upper[key], below, rest, value, inside)


def _without_evidence(value: object) -> object:
    """A copy of a value without its source: what is changed in it has another."""
    copied = copy.deepcopy(value)
    return {key: each for key, each in copied.items() if key not in EVIDENCE} if isinstance(copied, dict) else copied


def _refusal(message: str) -> ScenarioError:
    return ScenarioError([Problem(SHOWN, 0, "", message)])
