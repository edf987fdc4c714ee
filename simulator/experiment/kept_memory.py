"""Memory that a worker of a cluster keeps from one replication to the next, as a process of this machine does."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import Final

LARGEST: Final = 32 * 2**20
"""Bytes of the largest block that is kept, where the C library arrives by itself; it takes no more."""
_TRIM, _MAP = -1, -3
"""Names of the options in the C library."""


@cache
def keep_memory() -> None:
    """Let the C library keep freed blocks where Dask has told it to hand back each at once.

    Dask starts its workers with ``MALLOC_TRIM_THRESHOLD_`` set, which also ends the library's own adjustment, so that
    every array of a replication is asked for anew from the system, page by page: a third of the time of a large one.
    Source: mallopt(3) of the Linux manual. Elsewhere, and where nothing was set, nothing is done.
    """
    if sys.platform != "linux" or "MALLOC_TRIM_THRESHOLD_" not in os.environ:
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # only glibc has it
    if mallopt is not None:
        mallopt(_MAP, LARGEST)
        mallopt(_TRIM, 2 * LARGEST)
