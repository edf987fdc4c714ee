"""The one way in which this library compiles a function, so that both engines run the same machine code."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NoReturn, TypeVar

from numba import njit, types  # type: ignore[import-untyped, unused-ignore]
from numba.np import linalg  # type: ignore[import-untyped, unused-ignore]


def _refuse() -> NoReturn:
    raise ImportError("not looked for")


def _load_without_blas() -> None:
    """Let Numba find no BLAS: its own loops then do what little it would use it for, unless it is loaded already.

    It looks by importing SciPy's linear algebra, which takes a sixth of a second of every command, and nothing here
    multiplies matrices. Functions of Numba that need BLAS look again when they are compiled; only its correlations stay
    with the loops.
    """
    look = linalg.ensure_blas
    linalg.ensure_blas = _refuse
    try:
        import_module("numba.np.arraymath")
    finally:
        linalg.ensure_blas = look


_load_without_blas()

F = TypeVar("F", bound=Callable[..., Any])

FLOATS: Any = types.Array(types.float64, 1, "C", readonly=True)
"""Type of a read-only float64 vector; a writable one is accepted too."""
FLOAT_ROWS: Any = types.Array(types.float64, 2, "C", readonly=True)
"""Type of a read-only float64 matrix; a writable one is accepted too."""
KEYS: Any = types.Array(types.int64, 1, "C", readonly=True)
"""Type of a read-only int64 vector; a writable one is accepted too."""


_ALWAYS: dict[str, Any] = {"cache": True, "nogil": True}
"""Other threads go on meanwhile: a screen answers, and a worker of a cluster hands on what others ask it for."""
_NO_ARRAYS: dict[str, Any] = {**_ALWAYS, "_nrt": False, "error_model": "numpy"}
"""For functions that make no arrays: without counting references to those that they read, a third faster."""


def bare(function: F) -> F:
    """Compile a function that makes no arrays."""
    # Numba hands down from caller to callee what is not said: without False, what an inlined function calls is inlined.
    made: F = njit(forceinline=False, **_NO_ARRAYS)(function)
    return made


def inlined(function: F) -> F:
    """Compile a small function that makes no arrays into each of its callers."""
    made: F = njit(forceinline=True, **_NO_ARRAYS)(function)
    return made


def making_arrays(function: F) -> F:
    """Compile a function that makes arrays."""
    made: F = njit(**_ALWAYS)(function)
    return made


def compiled(signature: Any, *, makes_arrays: bool = False, inline: bool = False) -> Callable[[F], F]:
    """Compile a function ahead of its first call for one signature (Numba text or type), cached on disk.

    A fixed signature keeps Python ints and `np.int64` from making variants. `fastmath` stays off: it would let the
    compiler reorder sums, and the two engines would differ in the last bit.
    `inline` compiles it into each of its callers.
    """
    decorator: Callable[[F], F] = njit(signature, forceinline=inline, **(_ALWAYS if makes_arrays else _NO_ARRAYS))
    return decorator
