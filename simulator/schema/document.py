"""A scenario file read into plain data, with the line on which every statement stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from simulator.errors import Problem, ScenarioError
from simulator.schema.names import did_you_mean
from simulator.schema.paths import Key, dotted

LARGEST: Final = 5 * 1024 * 1024
"""Most bytes of a file."""
MOST_VALUES: Final = 200_000
"""Most values of a file once its aliases are written out."""
DEEPEST: Final = 100
"""Most levels of nesting."""

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE: Final = yaml.reader.Reader.NON_PRINTABLE
_TEXT_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:str"})
# The scalars of the YAML 1.2 core schema: `no`, `on`, `17:00` and `2026-01-01` are text.
_CONSTANTS: Final[Mapping[str, object]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,300}")
_OTHER_BASE: Final = re.compile(r"0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300}")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


@dataclass(frozen=True)
class Document:
    """What one file says, before anything is known about scenarios."""

    path: Path
    shown: str
    """File name as the user gave it."""
    data: dict[str, Any]
    lines: dict[Key, int]
    """Line of every key and every list item; of a key that stands twice, the first."""
    problems: tuple[Problem, ...]
    """What is wrong although the file could be read: keys that stand twice."""


def read_document(path: Path, shown: str) -> Document:
    """Read one YAML file; raises ScenarioError when it holds no mapping that can be trusted."""
    text = _text(path, shown)
    reader = _Reader(shown)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        raise _broken(error, shown) from None
    except yaml.YAMLError as error:
        raise _refusal(shown, 0, f"this is not YAML: {error}") from None
    root = reader.root
    if root is None or (root.entries is None and root.scalar is None):
        raise _refusal(shown, 0, "the file is empty: a scenario begins with 'caudal: 1' and its 'name'")
    if root.size > MOST_VALUES:
        raise _too_many(shown)
    if root.entries is None or not root.named:
        what = "a list" if root.entries is not None else "a single value"
        raise _refusal(shown, root.line, f"the file holds {what}; a scenario is a mapping such as 'name: My funnel'")
    lines: dict[Key, int] = {(): root.line}
    data: dict[str, Any] = _plain(root, (), lines, reader.problems, shown)
    return Document(path, shown, data, lines, tuple(reader.problems))


def _refusal(shown: str, line: int, message: str) -> ScenarioError:
    return ScenarioError([Problem(shown, line, "", message)])


def _too_many(shown: str) -> ScenarioError:
    limit = f"{MOST_VALUES:,}".replace(",", " ")
    return _refusal(
        shown, 0, f"the file holds more than {limit} values once its aliases are written out: make it smaller"
    )


def _text(path: Path, shown: str) -> str:
    """Text of a file in UTF-8, refused when it is missing, too large or binary."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise _refusal(shown, 0, f"there is no such file{_neighbour(path)}") from None
    except IsADirectoryError:
        raise _refusal(shown, 0, "this is a folder: name a scenario file in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _refusal(shown, 0, f"the file cannot be read: {reason}") from None
    if len(raw) > LARGEST:
        raise _refusal(
            shown, 0, "the file is larger than 5 MB: a scenario is far smaller, and data belongs into a trace file"
        )
    if b"\0" in raw:
        raise _refusal(shown, 0, "this is a binary file, not YAML text in UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refusal(
            shown, line, "this is not text in UTF-8: it is a binary file, or must be saved as UTF-8"
        ) from None
    strange = _UNPRINTABLE.search(text)
    if strange is not None:
        line = text.count("\n", 0, strange.start()) + 1
        raise _refusal(shown, line, f"the character U+{ord(strange.group()):04X} cannot stand in YAML text")
    return text


def _neighbour(path: Path) -> str:
    try:
        names = sorted(each.name for each in path.parent.iterdir() if each.suffix in {".yaml", ".yml"})
    except (OSError, ValueError):
        return ""
    return did_you_mean(path.name, names, listed=False)


def _broken(error: yaml.MarkedYAMLError, shown: str) -> ScenarioError:
    mark = error.problem_mark or error.context_mark
    said = ", ".join(part for part in (error.context, error.problem) if part)
    if "cannot start any token" in said:
        said += "; indent with spaces, not tabs, and put texts with special characters in quotes"
    column = f" at column {mark.column + 1}" if mark is not None else ""
    return _refusal(shown, mark.line + 1 if mark is not None else 0, f"this is not YAML{column}: {said}")


@dataclass
class _Node:
    line: int
    scalar: object = None
    text: str | None = None
    entries: list[tuple[str | int, int, _Node]] | None = None
    named: bool = False
    """Whether the entries are those of a mapping."""
    size: int = 1
    """Number of values with all aliases written out."""
    depth: int = 1
    anchor: str | None = None
    key: _Node | None = None
    """Key that still waits for its value."""


class _Reader:
    """Builds the tree from YAML events, so that neither depth nor aliases can exhaust the machine."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.root: _Node | None = None
        self.problems: list[Problem] = []
        self._open: list[_Node] = []
        self._anchors: dict[str, _Node] = {}
        self._documents = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _refusal(self.shown, line, "a second document begins here: one file holds one scenario")
        elif isinstance(event, yaml.ScalarEvent):
            self._close(self._scalar(event, line))
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor, line)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._start(event, line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close(self._open.pop())

    def _start(self, event: Any, line: int) -> None:
        if event.tag is not None and event.tag != "!":
            raise _refusal(self.shown, line, f"the tag '{event.tag}' is not accepted: write plain YAML")
        if len(self._open) >= DEEPEST:
            raise self._too_deep(line)
        named = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Node(line, entries=[], named=named, anchor=event.anchor))

    def _too_deep(self, line: int) -> ScenarioError:
        return _refusal(self.shown, line, f"the file is nested deeper than {DEEPEST} levels")

    def _alias(self, anchor: str, line: int) -> None:
        if any(node.anchor == anchor for node in self._open):
            raise _refusal(self.shown, line, f"the alias '*{anchor}' contains itself")
        if anchor not in self._anchors:
            known = did_you_mean(anchor, self._anchors, "anchors")
            raise _refusal(self.shown, line, f"the alias '*{anchor}' has no anchor '&{anchor}' before it{known}")
        self._close(self._anchors[anchor], line)

    def _scalar(self, event: Any, line: int) -> _Node:
        tag, text = event.tag, event.value
        if tag is not None and tag not in _TEXT_TAGS:
            raise _refusal(self.shown, line, f"the tag '{tag}' is not accepted: write plain YAML")
        plain = tag is None and event.implicit[0]
        return _Node(line, _resolved(text) if plain else text, text, anchor=event.anchor)

    def _close(self, node: _Node, alias_line: int = 0) -> None:
        """Put a finished value into the mapping or list that is open."""
        if node.anchor is not None and not alias_line:
            self._anchors[node.anchor] = node
        line = alias_line or node.line
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if parent.named and parent.key is None:
            if node.text is None:
                raise _refusal(self.shown, line, "a name is expected before ':', not a list or a mapping")
            parent.key = _Node(line, text=node.text)
            return
        assert parent.entries is not None
        key: str | int = parent.key.text or "" if parent.key else len(parent.entries)
        parent.entries.append((key, parent.key.line if parent.key else line, node))
        parent.key = None
        parent.size += node.size
        parent.depth = max(parent.depth, node.depth + 1)
        if parent.size > MOST_VALUES:
            raise _too_many(self.shown)
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
        return float(
            text.replace(".inf", "inf")
            .replace(".Inf", "inf")
            .replace(".INF", "inf")
            .replace(".n", "n")
            .replace(".N", "n")
        )
    return text


def _plain(node: _Node, path: Key, lines: dict[Key, int], problems: list[Problem], shown: str) -> Any:
    """Plain data of a node; notes the line of every entry and every key that stands twice."""
    if node.entries is None:
        return node.scalar
    found: dict[str | int, Any] = {}
    for key, line, child in node.entries:
        here = (*path, key)
        if key in found:
            again = f"'{key}' stands twice: first in line {lines[here]}, again here; keep one"
            problems.append(Problem(shown, line, dotted(here), again))
            continue
        lines[here] = line
        found[key] = _plain(child, here, lines, problems, shown)
    return found if node.named else list(found.values())
