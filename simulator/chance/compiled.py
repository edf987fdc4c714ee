"""The one way in which this library compiles a function, so that both engines run the same machine code."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, NoReturn, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
_FIRST: Final = threading.Lock()
"""Held while Numba is imported: of several threads, each would put back what another had put there for a moment."""

FLOATS: Final = "Array(float64, 1, 'C', True)"
"""Type of a read-only float64 vector; a writable one is accepted too."""
FLOAT_ROWS: Final = "Array(float64, 2, 'C', True)"
"""Type of a read-only float64 matrix; a writable one is accepted too."""
KEYS: Final = "Array(int64, 1, 'C', True)"
"""Type of a read-only int64 vector; a writable one is accepted too."""


_ALWAYS: dict[str, Any] = {"cache": True, "nogil": True}
"""Other threads go on meanwhile: a screen answers, and a worker of a cluster hands on what others ask it for."""
_NO_ARRAYS: dict[str, Any] = {**_ALWAYS, "_nrt": False, "error_model": "numpy"}
"""For functions that make no arrays: without counting references to those that they read, a third faster."""


def bare(function: F) -> F:
    """Compile a function that makes no arrays."""
    # Numba hands down from caller to callee what is not said: without False, what an inlined function calls is inlined.
    return _compiled(function, forceinline=False, **_NO_ARRAYS)


def inlined(function: F) -> F:
    """Compile a small function that makes no arrays into each of its callers."""
    return _compiled(function, forceinline=True, **_NO_ARRAYS)


def making_arrays(function: F) -> F:
    """Compile a function that makes arrays."""
    return _compiled(function, **_ALWAYS)


def compiled(signature: str, *, makes_arrays: bool = False, inline: bool = False) -> Callable[[F], F]:
    """Compile a function for one signature, as Numba writes it, cached on disk.

    A fixed signature keeps Python ints and `np.int64` from making variants. `fastmath` stays off: it would let the
    compiler reorder sums, and the two engines would differ in the last bit.
    `inline` compiles it into each of its callers.
    """
    options = _ALWAYS if makes_arrays else _NO_ARRAYS
    return lambda function: _compiled(function, signature, forceinline=inline, **options)


def interpreted(function: F) -> F:
    """A function that calls no other compiled one, as Python runs it, for which nobody waits for Numba.

    It gives the same to the last bit, but raises OverflowError where machine code comes to infinity.
    """
    plain: F = function.py_func  # type: ignore[attr-defined]  # what `Late` keeps
    return plain


def _compiled(function: F, *signature: str, **options: Any) -> F:
    late: Any = Late(lambda: _numba().njit(*signature, **options)(function))
    functools.update_wrapper(late, function)
    late.py_func = function
    made: F = late
    return made


class Late:
    """What Numba makes of a function, made when it is first called or first compiled into another.

    To lay out a program calls no compiled code, and need not wait for Numba, which takes a third of a second to import
    and as long again to make ready.
    """

    py_func: Callable[..., Any]
    """The function as Python runs it, of those that can be called from Python."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None

    @property
    def made(self) -> Any:
        """What Numba calls a dispatcher or an intrinsic."""
        if self._made is None:
            with _FIRST:
                _numba()
            from numba.core.compiler_lock import global_compiler_lock

            with global_compiler_lock:  # whoever holds it may ask for this one too, to compile it into another
                if self._made is None:
                    self._made = self._make()
        return self._made

    def __call__(self, *arguments: Any) -> Any:
        """Call the machine code."""
        return (self._made or self.made)(*arguments)


@functools.cache
def _numba() -> Any:
    """Numba, which takes something late for what it makes."""
    import numba
    from numba.core.registry import cpu_target
    from numba.extending import typeof_impl

    _load_without_blas()

    @typeof_impl.register(Late)
    def type_of(late: Late, _: Any) -> Any:
        made, context = late.made, cpu_target.typing_context
        context.refresh()
        return context.resolve_value_type(made)

    return numba


def _load_without_blas() -> None:
    """Let Numba find no BLAS: its own loops then do what little it would use it for, unless it is loaded already.

    It looks by importing SciPy's linear algebra, which takes a sixth of a second of every command, and nothing here
    multiplies matrices. Functions of Numba that need BLAS look again when they are compiled; only its correlations stay
    with the loops.
    """
    from numba.np import linalg

    look = linalg.ensure_blas
    linalg.ensure_blas = _refuse
    try:
        import_module("numba.np.arraymath")
    finally:
        linalg.ensure_blas = look


def _refuse() -> NoReturn:
    raise ImportError("not looked for")
