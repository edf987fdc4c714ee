"""The scenarios that can be picked: those that come with the product, and those that the user brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from simulator.errors import CaudalError
from simulator.schema.document import read_document
from simulator.schema.loading import Loaded
from simulator.schema.shipped import shipped, shipped_parts, shipped_path

UPLOADED: Final = "uploaded"
WHAT_IFS: Final = "whatifs"
SHELVES: Final = (UPLOADED, "baselines", WHAT_IFS)
"""Order in which the shelves are offered; all others follow by name."""
FIRST: Final = (
    "baselines/pt_installation",
    "whatifs/two_more_sdrs", "whatifs/instant_routing", "whatifs/quoting_tool", "whatifs/three_tools",
)  # fmt: skip
"""What stands on top of its shelf, in this order: the baseline that most files change, what-ifs worth a first look."""


@dataclass(frozen=True)
class Title:
    """One scenario as it is offered."""

    key: str
    """Shipped name, or name of the uploaded file."""
    name: str
    description: str
    shelf: str
    """Folder of the shipped scenarios, or ``uploaded``."""
    based_on: str
    """Key of the scenario that it changes, empty for none."""
    path: Path


def titles(uploads: Mapping[str, Loaded]) -> dict[str, Title]:
    """Everything that can be picked, by key, in the order in which it is offered."""
    found = [_uploaded(name, loaded) for name, loaded in uploads.items()]
    found += _shipped_titles(tuple(shipped().items()), last_change())
    return {title.key: title for title in sorted(found, key=_place)}


def last_change() -> int:
    """When a shipped file was last changed, in nanoseconds: what was read of them before then is out of date."""
    return max((path.stat().st_mtime_ns for path in (shipped() | shipped_parts()).values()), default=0)


def what_ifs(offered: Mapping[str, Title], base: str) -> list[str]:
    """Keys of the user's files and shipped what-ifs that change this one; tools and challenges wait to be asked for."""
    return [
        key
        for key, title in offered.items()
        if title.based_on == base and key != base and title.shelf in (UPLOADED, WHAT_IFS)
    ]


def label(offered: Mapping[str, Title], key: str) -> str:
    """Name for people, with the key where two scenarios share a name."""
    if key not in offered:
        return key
    name = offered[key].name
    shared = sum(title.name == name for title in offered.values()) > 1
    return f"{name} ({key})" if shared or offered[key].shelf == UPLOADED else name


def first_base(offered: Mapping[str, Title]) -> str:
    """Key of the scenario to compare others with at first: the first offered, or what that one changes."""
    first = next(iter(offered.values()))
    return first.based_on if first.based_on in offered else first.key


def _place(title: Title) -> tuple[int, str, int, bool, str]:
    place = SHELVES.index(title.shelf) if title.shelf in SHELVES else len(SHELVES)
    on_top = FIRST.index(title.key) if title.key in FIRST else len(FIRST)
    return place, title.shelf, on_top, bool(title.based_on), title.key


def _uploaded(name: str, loaded: Loaded) -> Title:
    scenario = loaded.scenario
    return _title(name, scenario.name, scenario.description, UPLOADED, scenario.based_on, loaded.path)


@lru_cache(1)
def _shipped_titles(files: tuple[tuple[str, Path], ...], _changed: int) -> tuple[Title, ...]:
    """Kept until a file changes: every screen asks for them on every click."""
    found = []
    for key, path in files:
        try:
            found.append(_shipped(key, path))
        except CaudalError:
            continue  # a broken file in the folder of shipped scenarios must not take the others with it
    return tuple(found)


def _shipped(key: str, path: Path) -> Title:
    data = read_document(path, key).data
    shelf = key.partition("/")[0]
    return _title(key, str(data.get("name") or key), data.get("description"), shelf, data.get("based_on"), path)


def _title(key: str, name: str, description: object, shelf: str, based_on: object, path: Path) -> Title:
    prose = " ".join(str(description or "").split())
    return Title(key, name, prose, shelf, _base_key(based_on, path), path)


def _base_key(based_on: object, path: Path) -> str:
    """Key of the base that a file names: a file beside it, otherwise a shipped name."""
    if not isinstance(based_on, str) or not based_on:
        return ""
    beside = (path.parent / based_on).resolve()
    for key, each in shipped().items():
        if each.resolve() == beside:
            return key
    if beside.is_file():
        return beside.name
    known = shipped_path(based_on)
    return known[0] if known else ""
