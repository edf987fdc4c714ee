"""A scenario file read into plain data, with the line on which every statement stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from yaml.reader import Reader

from simulator.errors import Problem
from simulator.schema.names import did_you_mean
from simulator.schema.paths import Key, dotted
from simulator.schema.yaml_tree import Node, read_tree, refusal

LARGEST: Final = 5 * 1024 * 1024
"""Most bytes of a file."""
KEPT: Final = 64
"""Documents that are kept: scenarios are made of some twenty parts, and those compared share most of them."""


@dataclass(frozen=True, eq=False)
class Document:
    """What one file says, before anything is known about scenarios; it is equal to itself alone."""

    path: Path
    shown: str
    """File name as the user gave it."""
    data: dict[str, Any]
    lines: dict[Key, int]
    """Line of every key and every list item; of a key that stands twice, the first."""
    problems: tuple[Problem, ...]
    """What is wrong although the file could be read: keys that stand twice."""


def read_document(path: Path, shown: str) -> Document:
    """Read one YAML file; raises ScenarioError when it holds no mapping that can be trusted.

    A document that was read before, and whose text is still the same, is handed out again: nobody may change its data.
    """
    return _document(path, shown, _text(path, shown))


@lru_cache(KEPT)
def _document(path: Path, shown: str, text: str) -> Document:
    root = read_tree(text, shown)
    if root is None or (root.kind == "value" and root.value is None):
        raise refusal(shown, 0, "the file is empty: a scenario begins with 'caudal: 1' and its 'name'")
    if root.kind != "mapping":
        what = "a list" if root.kind == "list" else "a single value"
        raise refusal(shown, root.line, f"the file holds {what}; a scenario is a mapping such as 'name: My funnel'")
    lines: dict[Key, int] = {(): root.line}
    problems: list[Problem] = []
    data: dict[str, Any] = plain_data(root, (), lines, problems, shown)
    return Document(path, shown, data, lines, tuple(problems))


def _text(path: Path, shown: str) -> str:
    """Text of a file in UTF-8, refused when it is missing, too large or binary."""
    raw = _bytes(path, shown)
    if b"\0" in raw:
        raise refusal(shown, 0, "this is a binary file, not YAML text in UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refusal(shown, line, "this is no text in UTF-8: the file is binary, or must be saved as UTF-8") from None
    strange = Reader.NON_PRINTABLE.search(text)
    if strange is not None:
        line = text.count("\n", 0, strange.start()) + 1
        raise refusal(shown, line, f"the character U+{ord(strange.group()):04X} cannot stand in YAML text")
    return text


def _bytes(path: Path, shown: str) -> bytes:
    try:
        # A pipe or a device would be waited for, or read without end.
        if path.exists() and not path.is_file():
            what = "a folder" if path.is_dir() else "no regular file"
            raise refusal(shown, 0, f"this is {what}: name a scenario file")
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise refusal(shown, 0, f"there is no such file{_neighbour(path)}") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise refusal(shown, 0, f"the file cannot be read: {reason}") from None
    if len(raw) > LARGEST:
        raise refusal(
            shown, 0, "the file is larger than 5 MB: a scenario is far smaller; data belongs into a trace file"
        )
    return raw


def _neighbour(path: Path) -> str:
    try:
        names = sorted(each.name for each in path.parent.iterdir() if each.suffix in {".yaml", ".yml"})
    except (OSError, ValueError):
        return ""
    return did_you_mean(path.name, names, listed=False)


def plain_data(node: Node, path: Key, lines: dict[Key, int], problems: list[Problem], shown: str) -> Any:
    """Plain data of a node; notes the line of every entry and every key that stands twice."""
    if node.kind == "value":
        return node.value
    found: dict[str | int, Any] = {}
    for key, line, child in node.entries:
        here = (*path, key)
        if key in found:
            again = f"'{key}' stands twice: first in line {lines[here]}, again here; keep one"
            problems.append(Problem(shown, line, dotted(here), again))
        else:
            lines[here] = line
            found[key] = plain_data(child, here, lines, problems, shown)
    return found if node.kind == "mapping" else list(found.values())
