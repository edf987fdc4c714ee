"""YAML text read into a tree of values with their lines, by the rules of YAML 1.2 and with limits on size and depth.

The tree is built from the parser's events, so that neither nesting nor aliases can exhaust the machine.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import yaml

from simulator.errors import Problem, ScenarioError
from simulator.schema.names import did_you_mean

MOST_VALUES: Final = 200_000
"""Most values of a file once its aliases are written out."""
DEEPEST: Final = 100
"""Most levels of nesting."""

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:str"})
# The scalars of the YAML 1.2 core schema: `no`, `on`, `17:00` and `2026-01-01` are text.
_CONSTANTS: Final[Mapping[str, object]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,300}")
_OTHER_BASE: Final = re.compile(r"0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300}")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ENDLESS: Final = re.compile(r"([-+]?)\.(inf|Inf|INF|nan|NaN|NAN)")


@dataclass
class Node:
    """One value, list or mapping."""

    line: int
    kind: Literal["value", "list", "mapping"]
    value: object = None
    """A value after YAML's rules; of no meaning for lists and mappings."""
    text: str = ""
    """A value as it is written."""
    entries: list[tuple[str | int, int, Node]] = field(default_factory=list)
    """Name or position, line, and what stands there."""
    size: int = 1
    """Number of values with all aliases written out."""
    depth: int = 1
    anchor: str | None = None
    name: tuple[str, int] | None = None
    """Name that waits for its value, and its line."""


def read_tree(text: str, shown: str) -> Node | None:
    """Read one YAML document, None when there is nothing in it; raises ScenarioError when it is broken or too large."""
    reader = _Reader(shown)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        raise _broken(error, shown) from None
    except yaml.YAMLError as error:
        raise refusal(shown, 0, f"this is not YAML: {error}") from None
    return reader.root


def refusal(shown: str, line: int, message: str) -> ScenarioError:
    """The error that says why a file is of no use at all."""
    return ScenarioError([Problem(shown, line, "", message)])


def _broken(error: yaml.MarkedYAMLError, shown: str) -> ScenarioError:
    mark = error.problem_mark or error.context_mark
    said = ", ".join(part for part in (error.context, error.problem) if part)
    if "cannot start any token" in said or "tab character" in said:
        said += "; indent with spaces, not tabs, and put texts with special characters in quotes"
    column = f" at column {mark.column + 1}" if mark is not None else ""
    return refusal(shown, mark.line + 1 if mark is not None else 0, f"this is not YAML{column}: {said}")


class _Reader:
    """Builds the tree, one event after the other."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.root: Node | None = None
        self._open: list[Node] = []
        self._anchors: dict[str, Node] = {}
        self._documents = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise self._refusal(line, "a second document begins here: one file holds one scenario")
            case yaml.ScalarEvent():
                self._close(self._value(event, line))
            case yaml.AliasEvent():
                self._alias(str(event.anchor), line)
            case yaml.MappingStartEvent():
                self._start(Node(line, "mapping", anchor=event.anchor), event.tag)
            case yaml.SequenceStartEvent():
                self._start(Node(line, "list", anchor=event.anchor), event.tag)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(self._open.pop())

    def _refusal(self, line: int, message: str) -> ScenarioError:
        return refusal(self.shown, line, message)

    def _start(self, node: Node, tag: str | None) -> None:
        if tag not in {None, "!"}:
            raise self._refusal(node.line, f"the tag '{tag}' is not accepted: write plain YAML")
        if len(self._open) >= DEEPEST:
            raise self._too_deep(node.line)
        self._open.append(node)

    def _too_deep(self, line: int) -> ScenarioError:
        return self._refusal(line, f"the file is nested deeper than {DEEPEST} levels")

    def _alias(self, anchor: str, line: int) -> None:
        if any(node.anchor == anchor for node in self._open):
            raise self._refusal(line, f"the alias '*{anchor}' contains itself")
        if anchor not in self._anchors:
            known = did_you_mean(anchor, self._anchors, listed=False)
            raise self._refusal(line, f"the alias '*{anchor}' has no anchor '&{anchor}' before it{known}")
        self._put(self._anchors[anchor], line)

    def _value(self, event: yaml.ScalarEvent, line: int) -> Node:
        tag, text = event.tag, str(event.value)
        if tag is not None and tag not in _TEXT_TAGS:
            raise self._refusal(line, f"the tag '{tag}' is not accepted: write plain YAML")
        plain = tag is None and event.implicit[0]
        return Node(line, "value", _resolved(text) if plain else text, text, anchor=event.anchor)

    def _close(self, node: Node) -> None:
        if node.anchor is not None:
            self._anchors[node.anchor] = node
        self._put(node, node.line)

    def _put(self, node: Node, line: int) -> None:
        """Put a finished value into the mapping or list that is open."""
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if parent.kind == "mapping" and parent.name is None:
            if node.kind != "value":
                raise self._refusal(line, "a name is expected before ':', not a list or a mapping")
            parent.name = (node.text, line)
            return
        place = parent.name if parent.name is not None else (len(parent.entries), line)
        parent.entries.append((*place, node))
        parent.name = None
        parent.size += node.size
        parent.depth = max(parent.depth, node.depth + 1)
        if parent.size > MOST_VALUES:
            limit = f"{MOST_VALUES:,}".replace(",", " ")
            raise self._refusal(line, f"the file holds more than {limit} values once its aliases are written out")
        if parent.depth > DEEPEST:
            raise self._too_deep(line)


def _resolved(text: str) -> object:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        # A number beyond all bounds stays text, so that it is refused as it was written.
        return float(text) if math.isfinite(float(text)) else text
    endless = _ENDLESS.fullmatch(text)
    return float(endless[1] + endless[2]) if endless is not None else text
