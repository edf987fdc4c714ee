"""The one way in which this library compiles a function, so that both engines run the same machine code."""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit, types  # type: ignore[import-untyped, unused-ignore]

F = TypeVar("F", bound=Callable[..., Any])

FLOATS: Any = types.Array(types.float64, 1, "C", readonly=True)
"""Type of a read-only float64 vector; a writable one is accepted too."""
FLOAT_ROWS: Any = types.Array(types.float64, 2, "C", readonly=True)
"""Type of a read-only float64 matrix; a writable one is accepted too."""
KEYS: Any = types.Array(types.int64, 1, "C", readonly=True)
"""Type of a read-only int64 vector; a writable one is accepted too."""


_NO_ARRAYS: dict[str, Any] = {"_nrt": False, "error_model": "numpy"}
"""For functions that make no arrays: without counting references to those that they read, a third faster."""


def bare(function: F) -> F:
    """Compile a function that makes no arrays."""
    made: F = njit(cache=True, **_NO_ARRAYS)(function)
    return made


def inlined(function: F) -> F:
    """Compile a small function that makes no arrays into each of its callers."""
    made: F = njit(cache=True, forceinline=True, **_NO_ARRAYS)(function)
    return made


def compiled(signature: Any, *, makes_arrays: bool = False, inline: bool = False) -> Callable[[F], F]:
    """Compile a function ahead of its first call for one signature (Numba text or type), cached on disk.

    A fixed signature keeps Python ints and `np.int64` from making variants. `fastmath` stays off: it would let the
    compiler reorder sums, and the two engines would differ in the last bit.
    `inline` compiles it into each of its callers.
    """
    decorator: Callable[[F], F] = njit(
        signature, cache=True, forceinline=inline, **({} if makes_arrays else _NO_ARRAYS)
    )
    return decorator
