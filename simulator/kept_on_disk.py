"""What takes long to work out and is always the same, kept beside compiled code from one command to the next."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final, TypeVar

MOST: Final = 1_000
"""Files of one kind: before another, all are removed, since a search asks for more than anybody asks for again."""

Result = TypeVar("Result")


def kept_on_disk(kind: str, name: str, work_out: Callable[[], Result]) -> Result:
    """What was worked out under this name by an earlier command or, where there is none, is worked out now.

    It consists of lists, dictionaries by text, text and numbers. ``kind`` names what it depends on besides: versions of
    libraries, the machine. The folder is named after the sources (``_COMPILED``); in one that a user has named, what
    others worked out would stay, so there nothing is kept, nor where nothing can be written. A file that is not as it
    was written is worked out anew.
    """
    compiled = Path(os.environ["NUMBA_CACHE_DIR"])
    if not compiled.name.startswith("compiled-"):
        return work_out()
    path = compiled / kind / f"{name}.kept"
    with suppress(OSError, ValueError):
        digest, _, text = path.read_text(encoding="utf-8").partition("\n")
        if digest == _digest(text):
            known: Result = json.loads(text)
            return known
    found = work_out()
    with suppress(OSError):
        _write(path, json.dumps(found))
    return found


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _write(path: Path, text: str) -> None:
    """Write a file as a whole: other processes read it meanwhile, and may write the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    there = list(path.parent.iterdir())
    for each in there if len(there) >= MOST else ():
        each.unlink(missing_ok=True)
    unfinished = path.with_suffix(f".{os.urandom(8).hex()}")
    try:
        unfinished.write_text(f"{_digest(text)}\n{text}", encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
