"""What a lead-to-cash funnel is, how it runs and what it measures; a library without a screen."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.experiment.quick import QuickEstimate, quick, quick_estimates

__all__ = ["QuickEstimate", "quick", "quick_estimates"]

_COMPILED = (
    "chance/*.py",
    "engines/*.py",
    "engines/compiled_engine/*.py",
    "kept_on_disk.py",
    "kpis/*_scans.py",
    "program/births.py",
    "program/layout.py",
    "program/working_time.py",
    "records.py",
    "schema/formula.py",
    "schema/magnitudes.py",
    "schema/public_holidays.py",
)
"""Sources of compiled code, of the constants in it, and of what is kept on disk beside it."""


def _keep_compiled_code() -> None:
    """Let Numba keep compiled code in a folder named after the sources that it comes from.

    Numba compiles a function again when its own file changes, but not when a function that it calls does; a folder of
    its own for every state of the sources keeps an engine from running code that is no longer there.
    """
    here = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(source for pattern in _COMPILED for source in here.glob(pattern)):
        digest.update(source.read_bytes())
    home = Path(os.path.expanduser("~"), ".cache", "caudal")  # noqa: PTH111 - Path raises where there is no home
    places = [here / "__pycache__", *([home] if home.is_absolute() else [])]
    folder = next((each for each in places if _may_be_written(each)), None)
    os.environ["NUMBA_CACHE_DIR"] = str((folder or _temporary()) / f"compiled-{digest.hexdigest()}")


def _may_be_written(folder: Path) -> bool:
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder.is_dir() and os.access(folder, os.W_OK)


def _temporary() -> Path:
    """A folder that is kept from one command to the next, where neither the installation nor a home may be written.

    Raises PermissionError where it is another's, who could put code there.
    """
    import stat
    import tempfile

    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir(), f"caudal-{user}")
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if hasattr(os, "getuid") and (not stat.S_ISDIR(found.st_mode) or found.st_uid != user or found.st_mode & 0o022):
        raise PermissionError(
            f"compiled code cannot be kept in {folder}, which others may write: remove it, or let NUMBA_CACHE_DIR name "
            "a folder of your own"
        )
    return folder


_asked = os.environ.get("NUMBA_CACHE_DIR", "")
if not _asked or "compiled-" in _asked or not _may_be_written(Path(_asked)):
    _keep_compiled_code()


def __getattr__(name: str) -> Any:
    """What the library offers at its top, loaded when it is used: importing the package costs workers nothing."""
    if name not in __all__:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from simulator.experiment import quick as offered

    return getattr(offered, name)
