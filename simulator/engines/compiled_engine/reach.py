"""How compiled code reaches a table: by its address, which stands in one vector.

Numba passes an array as seven words and counts its references. With some forty tables, that costs more than what most
functions of the engine do. They are therefore called with one vector, which holds address and shape of each table, and
take the tables that they need from it. Python keeps the tables alive while compiled code runs (``memory.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array
from numba.np.numpy_support import from_dtype
from numpy.typing import NDArray

Memory = NDArray[np.int64]
"""Address, rows and columns of each table, in the order of ``SLOTS``."""
SLOTS: Final[dict[str, int]] = {}
"""Tables by name; each takes three words."""


def table(name: str, dtype: Any, dimensions: int, *, sized: bool = False) -> Callable[[Memory], NDArray[Any]]:
    """Declare a table, and return the compiled function that reaches it.

    A table that is not ``sized`` says that it has no rows. Numba adds the size to an index below 0, of which there is
    none here; where the size is known to be 0, that costs nothing. Slices, ``size`` and ``shape`` need a sized table.
    """
    word = 3 * SLOTS.setdefault(name, len(SLOTS))
    made_of = types.Array(from_dtype(np.dtype(dtype)), dimensions, "C")

    @intrinsic
    def reach(_typing: Any, _vector: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            vector = context.make_array(signature.args[0])(context, builder, arguments[0])

            def read(place: int) -> Any:
                value = builder.load(builder.gep(vector.data, [ir.Constant(ir.IntType(64), word + place)]))
                # Python moves tables only while no compiled code runs, which therefore may keep what it has read.
                value.set_metadata("invariant.load", builder.module.add_metadata([]))
                return value

            made = context.make_array(made_of)(context, builder)
            size = context.get_abi_sizeof(context.get_data_type(made_of.dtype))
            shape = [read(1 + dimension) for dimension in range(dimensions)]
            item = ir.Constant(ir.IntType(64), size)
            strides = [builder.mul(shape[1], item), item] if dimensions > 1 else [item]
            data = builder.inttoptr(read(0), context.get_data_type(made_of.dtype).as_pointer())
            said = shape if sized else [ir.Constant(ir.IntType(64), 0), *shape[1:]]
            populate_array(made, data=data, shape=said, strides=strides, itemsize=item, meminfo=None)  # type: ignore[no-untyped-call]
            return made._getvalue()  # noqa: SLF001 - how Numba's own functions hand back a structure

        return made_of(_vector), generate

    reached: Any = reach
    return cast("Callable[[Memory], NDArray[Any]]", reached)


def column(name: str, dtype: Any, *, sized: bool = False) -> Callable[[Memory], NDArray[Any]]:
    """Declare a table of one dimension."""
    return table(name, dtype, 1, sized=sized)


def matrix(name: str, dtype: Any, *, sized: bool = False) -> Callable[[Memory], NDArray[Any]]:
    """Declare a table of two dimensions."""
    return table(name, dtype, 2, sized=sized)


@intrinsic
def _prefetch(_typing: Any, vector: Any, _word: Any, _row: Any, _size: Any, _offset: Any) -> Any:
    """Ask the processor for a place in a row of a table whose rows have ``size`` bytes, without waiting for it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = context.make_array(signature.args[0])(context, builder, arguments[0])
        address = builder.load(builder.gep(table.data, [arguments[1]]))
        first = builder.add(builder.add(address, builder.mul(arguments[2], arguments[3])), arguments[4])
        flags = [ir.Constant(ir.IntType(32), flag) for flag in (1, 3, 1)]
        pointer = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [pointer, *[ir.IntType(32)] * 3])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")  # type: ignore[no-untyped-call]
        builder.call(prefetch, [builder.inttoptr(first, pointer), *flags])
        return context.get_dummy_value()

    return types.void(vector, *[types.int64] * 4), generate


touch: Any = _prefetch
"""Numba passes the first argument of an intrinsic itself."""
