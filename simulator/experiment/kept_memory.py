"""Memory that a worker keeps from one replication to the next: to ask the system for it anew takes long."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import Final

LARGEST: Final = 32 * 2**20
"""Bytes of the largest block that is kept, where the C library arrives by itself; it takes no more."""
_TRIM, _MAP, _MAPS = -1, -3, -4
"""Names of the options in the C library: when it hands back, from which size on it asks apart, and how often."""
_NEVER: Final = -1


@cache
def keep_memory() -> None:
    """Let the C library keep freed blocks where Dask has told it to hand back each at once.

    Dask starts its workers with ``MALLOC_TRIM_THRESHOLD_`` set, which also ends the library's own adjustment, so that
    every array of a replication is asked for anew from the system, page by page: a third of the time of a large one.
    Source: mallopt(3) of the Linux manual. Elsewhere, and where nothing was set, nothing is done.
    """
    if "MALLOC_TRIM_THRESHOLD_" in os.environ:
        _set({_MAP: LARGEST, _TRIM: 2 * LARGEST})


@cache
def keep_all_memory() -> None:
    """Let the C library keep all blocks, however large, for a process that lives no longer than its study.

    Replications of one study need about the same memory, each of a million leads some 0.7 GiB. Where settings of the
    user begin with ``MALLOC_``, and on other systems than Linux, nothing is done. Source: as above.
    """
    if not any(name.startswith("MALLOC_") for name in os.environ):
        _set({_MAPS: 0, _TRIM: _NEVER})


def _set(options: dict[int, int]) -> None:
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # only glibc has it
    if mallopt is not None:
        for name, value in options.items():
            mallopt(name, value)
