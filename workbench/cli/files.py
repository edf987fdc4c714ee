"""Files that are written whole or not at all."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from simulator.errors import StudyError

STANDARD_OUTPUT = "-"


def check_writable(paths: Iterable[str | Path | None]) -> None:
    """Refuse, before hours of work, files that could not be written at its end; ``-`` and None are always fine."""
    seen: set[Path] = set()
    for path in (Path(p) for p in paths if p is not None and str(p) != STANDARD_OUTPUT):
        if path.is_dir():
            raise StudyError(f"'{path}' is a folder: name a file in it")
        if not path.parent.is_dir():
            raise StudyError(f"'{path}' cannot be written: there is no folder '{path.parent}'")
        replaced = not _stays(path)
        if (replaced and not os.access(path.parent, os.W_OK)) or (path.exists() and not os.access(path, os.W_OK)):
            raise StudyError(f"'{path}' cannot be written: permission is missing")
        if path.resolve() in seen:
            raise StudyError(f"'{path}' is named for two results: name two files")
        seen.add(path.resolve())


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside the named one, then put it in its place; nothing is left when that fails.

    A device or a pipe, such as ``/dev/null``, is written to as it is.
    """
    if _stays(path):
        try:
            write(path)
        except OSError as error:
            raise StudyError(f"'{path}' cannot be written: {error.strerror or error}") from error
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise StudyError(f"'{path}' cannot be written: {error.strerror}") from error
    unfinished = Path(name)
    try:
        write(unfinished)
        unfinished.chmod(0o666 & ~_umask())
        unfinished.replace(path)
    except OSError as error:
        raise StudyError(f"'{path}' cannot be written: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _stays(path: Path) -> bool:
    """Whether there is something that is no file, which root would otherwise replace by one."""
    return path.exists() and not path.is_file()


def write_json(target: str, content: object) -> None:
    """Write JSON to a file or to standard output; NaN, which JSON does not know, becomes null."""
    text = json.dumps(defined(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if target == STANDARD_OUTPUT:
        click.echo(text, nl=False)
    else:
        write_whole(Path(target), lambda path: path.write_text(text, encoding="utf-8"))


def defined(content: Any) -> Any:
    """The same content with None for every number that is not finite."""
    if isinstance(content, dict):
        return {key: defined(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [defined(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def _umask() -> int:
    # The mask can only be read by setting it.
    mask = os.umask(0)
    os.umask(mask)
    return mask
