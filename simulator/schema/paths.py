"""Places inside a scenario: the keys that lead there, and how people read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

Key = tuple[str | int, ...]
"""Names of mappings and positions in lists, from the top of the file."""
MOST_FINDINGS: Final = 500


class Place(NamedTuple):
    """Where a statement stands."""

    file: str
    line: int


class Finding(NamedTuple):
    """Something wrong at a place inside the scenario, not yet traced to its file and line."""

    path: Key
    message: str
    at: Place | None = None
    """Where it stands, if in a file of another kind that the scenario names; the path is then its column."""


def first_of(found: Iterable[Finding]) -> list[Finding]:
    """The first findings, each once; looking for more than anyone will read would take long in a file full of them."""
    unique: dict[Finding, None] = {}
    for finding in found:
        if len(unique) == MOST_FINDINGS:
            return [*unique, Finding((), f"there is more: only {MOST_FINDINGS} problems are told")]
        unique[finding] = None
    return list(unique)


def shortened(text: str, longest: int) -> str:
    """A text without what is beyond a number of characters."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def dotted(path: Key) -> str:
    """A place as it is shown, such as ``channels.fair.drops[0].leads``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
