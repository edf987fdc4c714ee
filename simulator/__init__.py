"""What a lead-to-cash funnel is, how it runs and what it measures; a library without a screen."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.experiment.quick import QuickEstimate, quick, quick_estimates

__all__ = ["QuickEstimate", "quick", "quick_estimates"]

_COMPILED = (
    "chance/*.py",
    "engines/*.py",
    "engines/compiled_engine/*.py",
    "program/layout.py",
    "program/working_time.py",
    "records.py",
    "schema/formula.py",
)
"""Sources of compiled code, and of the constants in it."""


def _keep_compiled_code() -> None:
    """Let Numba keep compiled code in a folder named after the sources that it comes from.

    Numba compiles a function again when its own file changes, but not when a function that it calls does; a folder of
    its own for every state of the sources keeps an engine from running code that is no longer there.
    """
    here = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(source for pattern in _COMPILED for source in here.glob(pattern)):
        digest.update(source.read_bytes())
    own = here / "__pycache__"
    writable = os.access(own if own.is_dir() else here, os.W_OK)
    folder = own if writable else Path.home() / ".cache" / "caudal"
    os.environ["NUMBA_CACHE_DIR"] = str(folder / f"compiled-{digest.hexdigest()}")


if "NUMBA_CACHE_DIR" not in os.environ or "compiled-" in os.environ["NUMBA_CACHE_DIR"]:
    _keep_compiled_code()


def __getattr__(name: str) -> Any:
    """What the library offers at its top, loaded when it is used: importing the package costs workers nothing."""
    if name not in __all__:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from simulator.experiment import quick as offered

    return getattr(offered, name)
