"""The files that a scenario is made of: the one that is asked for, those that it is based on, and its parts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from simulator.errors import Problem, ScenarioError
from simulator.schema.document import Document, read_document
from simulator.schema.names import did_you_mean
from simulator.schema.overlay import PART, stated
from simulator.schema.paths import Finding, Key
from simulator.schema.shipped import shipped, shipped_part, shipped_parts, shipped_path

_NOT_RUN: Final = "this is a part, of which scenarios are made, and no scenario: name it under 'parts' of one"


class _Reference(NamedTuple):
    """Where a file names another one."""

    document: Document
    place: Key
    name: str
    to_part: bool

    def refusal(self, message: str) -> ScenarioError:
        return _refusal(self.document, self.place, message)


def read_files(name_or_path: str | Path) -> tuple[Document, ...]:
    """The file of a scenario and all that it builds on, each once, every one above those over which it is laid.

    The order is that of laying, the lowest last: what a file is ``based_on``, then its ``parts`` from left to right,
    then the file. A file that is reached twice counts where it is reached first. Of a scenario that is named under
    ``parts`` only what it changes counts, not what it is based on. Raises ScenarioError for a file that is missing,
    unreadable, made of itself, or of the wrong sort at its place.
    """
    shown, path = _asked_for(name_or_path)
    document = read_document(path, shown)
    if PART in document.data:
        raise _refusal(document, (PART,), _NOT_RUN)
    return laid_below(document)


def laid_below(document: Document) -> tuple[Document, ...]:
    """A document and all that it builds on, as ``read_files`` orders them."""
    laid: dict[Path, Document] = {}
    _lay(document, (), laid)
    return tuple(reversed(laid.values()))


def _asked_for(name_or_path: str | Path) -> tuple[str, Path]:
    """File name to show and file of what the user asked for: a path, otherwise a shipped name."""
    shown, path = str(name_or_path), Path(name_or_path)
    if isinstance(name_or_path, Path) or _exists(path):
        return shown, path
    known = _shipped_file(shown)
    if known is not None:
        return known
    if path.suffix in {".yaml", ".yml"} or path.is_absolute() or (shown and path.is_dir()):
        return shown, path
    near = _near(shown, to_part=False) or "; 'caudal scenarios' lists those that ship"
    message = f"there is neither a file nor a shipped scenario of this name{near}"
    raise ScenarioError([Problem(shown, 0, "", message)])


def _lay(document: Document, above: tuple[Path, ...], laid: dict[Path, Document], *, as_part: bool = False) -> None:
    """Add what a document builds on, then the document itself; as a part it has no base of its own."""
    here = document.path.resolve()
    for reference in _references(document):
        if as_part and not reference.to_part:
            continue
        shown, path = _found(reference)
        file = path.resolve()
        if file in {here, *above}:
            raise reference.refusal(_circle(reference))
        below = laid.get(file) or read_document(path, shown)
        _check_sort(reference, below)
        if file not in laid:
            _lay(below, (*above, here), laid, as_part=reference.to_part)
    laid[here] = document


def _references(document: Document) -> Iterator[_Reference]:
    """The files that a document names, in the order of laying."""
    base, parts = document.data.get("based_on"), document.data.get("parts")
    if base is not None:
        if not isinstance(base, str) or not base.strip():
            message = "expected the name of a shipped scenario, or a path relative to this file"
            raise _refusal(document, ("based_on",), message)
        yield _Reference(document, ("based_on",), base, to_part=False)
    for index, part in enumerate(parts if isinstance(parts, list) else [] if parts is None else [None]):
        if not isinstance(part, str) or not part.strip():
            message = "expected a list of names of shipped parts, or of paths relative to this file"
            raise _refusal(document, ("parts", index) if isinstance(parts, list) else ("parts",), message)
        yield _Reference(document, ("parts", index), part, to_part=True)


def _found(reference: _Reference) -> tuple[str, Path]:
    """The file that is named, and how it is shown: a path relative to the document, otherwise a shipped name."""
    path = reference.document.path.parent / reference.name
    if _exists(path):
        return os.path.normpath(Path(reference.document.shown).parent / reference.name), path
    known = _shipped_file(reference.name)
    if known is None:
        what = "part" if reference.to_part else "scenario"
        message = f"there is neither a file '{reference.name}' beside this one nor a shipped {what} of this name"
        raise reference.refusal(message + _near(reference.name, to_part=reference.to_part))
    return known


def _shipped_file(name: str) -> tuple[str, Path] | None:
    known = shipped_path(name) or shipped_part(name)
    return None if known is None else (f"scenarios/{known[0]}.yaml", known[1])


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _near(name: str, *, to_part: bool) -> str:
    names = [*shipped_parts(), *shipped()] if to_part else list(shipped())
    known = [*names, *(full.rpartition("/")[2] for full in names)]
    return did_you_mean(name, known, "shipped parts" if to_part else "shipped scenarios", listed=False)


def _circle(reference: _Reference) -> str:
    if reference.to_part:
        return f"'{reference.name}' leads to this file again: a file cannot be a part of itself"
    return f"'{reference.name}' is based on this file again: a scenario cannot be based on itself"


def _check_sort(reference: _Reference, below: Document) -> None:
    """Refuse a part where a scenario is needed, and a scenario that changes none where a part is."""
    if PART not in below.data:
        if reference.to_part and below.data.get("based_on") is None:
            message = f"'{reference.name}' is a scenario that stands alone and no part: say 'based_on' to build on it"
            raise reference.refusal(message)
        return
    if not reference.to_part:
        raise reference.refusal(f"'{reference.name}' is a part and no scenario: name it under 'parts'")
    name = below.data[PART]
    if not isinstance(name, str) or not name.strip():
        raise _refusal(below, (PART,), "expected the name of this part for people")
    for key in ("name", "based_on"):
        if key in below.data:
            message = f"a part has no '{key}': its name stands behind 'part', and it builds on other 'parts' alone"
            raise _refusal(below, (key,), message)


def _refusal(document: Document, place: Key, message: str) -> ScenarioError:
    return ScenarioError([stated(document).problem(Finding(place, message))])
