"""How compiled code reaches a table: by its address, which stands in one vector.

Numba passes an array as seven words and counts its references. With some forty tables, that costs more than what most
functions of the engine do. They are therefore called with one word, the address of a vector that holds address and
shape of each table, and take the tables that they need from there. Python keeps vector and tables alive while compiled
code runs (``memory.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array
from numba.np.numpy_support import from_dtype
from numpy.typing import NDArray

Memory = int
"""Address of the vector with address, rows and columns of each table, in the order of ``SLOTS``."""
SLOTS: Final[dict[str, int]] = {}
"""Tables by name; each takes three words."""


_WORD: Final = partial(ir.Constant, ir.IntType(64))


def _read(builder: Any, memory: Any, place: Any) -> Any:
    """Generate the reading of a word of the vector."""
    value = builder.load(builder.gep(builder.inttoptr(memory, ir.IntType(64).as_pointer()), [place]))
    # Python moves tables only while no compiled code runs, which therefore may keep what it has read.
    value.set_metadata("invariant.load", builder.module.add_metadata([]))
    return value


def table(name: str, dtype: Any, dimensions: int, *, sized: bool = False) -> Callable[[Memory], NDArray[Any]]:
    """Declare a table, and return the compiled function that reaches it.

    A table that is not ``sized`` says that it has no rows. Numba adds the size to an index below 0, of which there is
    none here; where the size is known to be 0, that costs nothing. Slices, ``size`` and ``shape`` need a sized table.
    """
    word = 3 * SLOTS.setdefault(name, len(SLOTS))
    made_of = types.Array(from_dtype(np.dtype(dtype)), dimensions, "C")

    @intrinsic
    def reach(_typing: Any, _memory: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            made = context.make_array(made_of)(context, builder)
            size = context.get_abi_sizeof(context.get_data_type(made_of.dtype))
            shape = [_read(builder, arguments[0], _WORD(word + 1 + dimension)) for dimension in range(dimensions)]
            item = _WORD(size)
            strides = [builder.mul(shape[1], item), item] if dimensions > 1 else [item]
            address = _read(builder, arguments[0], _WORD(word))
            data = builder.inttoptr(address, context.get_data_type(made_of.dtype).as_pointer())
            said = shape if sized else [_WORD(0), *shape[1:]]
            populate_array(made, data=data, shape=said, strides=strides, itemsize=item, meminfo=None)  # type: ignore[no-untyped-call]
            return made._getvalue()  # noqa: SLF001 - how Numba's own functions hand back a structure

        return made_of(types.int64), generate

    reached: Any = reach
    return cast("Callable[[Memory], NDArray[Any]]", reached)


def column(name: str, dtype: Any, *, sized: bool = False) -> Callable[[Memory], NDArray[Any]]:
    """Declare a table of one dimension."""
    return table(name, dtype, 1, sized=sized)


def matrix(name: str, dtype: Any, *, sized: bool = False) -> Callable[[Memory], NDArray[Any]]:
    """Declare a table of two dimensions."""
    return table(name, dtype, 2, sized=sized)


@intrinsic
def _word_at(_typing: Any, _memory: Any, _place: Any) -> Any:
    """Return a word of the vector."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return _read(builder, *arguments)

    return types.int64(types.int64, types.int64), generate


@intrinsic
def _prefetch(_typing: Any, _memory: Any, _word: Any, _row: Any, _size: Any, _offset: Any) -> Any:
    """Ask the processor for a place in a row of a table whose rows have ``size`` bytes, without waiting for it."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        address = _read(builder, arguments[0], arguments[1])
        first = builder.add(builder.add(address, builder.mul(arguments[2], arguments[3])), arguments[4])
        flags = [ir.Constant(ir.IntType(32), flag) for flag in (1, 3, 1)]
        pointer = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [pointer, *[ir.IntType(32)] * 3])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")  # type: ignore[no-untyped-call]
        builder.call(prefetch, [builder.inttoptr(first, pointer), *flags])
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), generate


word_at: Any = _word_at
touch: Any = _prefetch
"""Numba passes the first argument of an intrinsic itself."""
