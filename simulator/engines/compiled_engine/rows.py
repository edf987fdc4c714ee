"""The tables of a program and of a run, reached through their addresses.

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

from simulator.chance.compiled import inlined
from simulator.chance.formulas import Formulas
from simulator.chance.quantities import Chances, Effects
from simulator.engines.births import Births
from simulator.engines.compiled_engine import tables
from simulator.program import layout

Memory = NDArray[np.int64]
"""Address, rows and columns of each table, in the order of ``SLOTS``."""
SLOTS: Final[dict[str, int]] = {}
"""Tables by name; each takes three words."""


def _table(name: str, dtype: Any, dimensions: int, *, sized: bool = False) -> Callable[[Memory], NDArray[Any]]:
    """Declare a table, and return the compiled function that reaches it.

    A table that is not ``sized`` says that it has no rows. Numba adds the size to an index below 0, of which there is
    none here; where the size is known to be 0, that costs nothing. Slices, ``size`` and ``shape`` need a sized table.
    """
    word = 3 * SLOTS.setdefault(name, len(SLOTS))
    table = types.Array(from_dtype(np.dtype(dtype)), dimensions, "C")

    @intrinsic
    def reach(_typing: Any, _vector: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            vector = context.make_array(signature.args[0])(context, builder, arguments[0])

            def read(place: int) -> Any:
                value = builder.load(builder.gep(vector.data, [ir.Constant(ir.IntType(64), word + place)]))
                # Python moves tables only while no compiled code runs, which therefore may keep what it has read.
                value.set_metadata("invariant.load", builder.module.add_metadata([]))
                return value

            made = context.make_array(table)(context, builder)
            size = context.get_abi_sizeof(context.get_data_type(table.dtype))
            shape = [read(1 + dimension) for dimension in range(dimensions)]
            item = ir.Constant(ir.IntType(64), size)
            strides = [builder.mul(shape[1], item), item] if dimensions > 1 else [item]
            data = builder.inttoptr(read(0), context.get_data_type(table.dtype).as_pointer())
            said = shape if sized else [ir.Constant(ir.IntType(64), 0), *shape[1:]]
            populate_array(made, data=data, shape=said, strides=strides, itemsize=item, meminfo=None)  # type: ignore[no-untyped-call]
            return made._getvalue()  # noqa: SLF001 - how Numba's own functions hand back a structure

        return table(_vector), generate

    reached: Any = reach
    return cast("Callable[[Memory], NDArray[Any]]", reached)


def _rows(name: str, dtype: Any, *, sized: bool = False) -> Callable[[Memory], NDArray[Any]]:
    """Declare a table of one dimension."""
    return _table(name, dtype, 1, sized=sized)


def _matrix(name: str, dtype: Any, *, sized: bool = False) -> Callable[[Memory], NDArray[Any]]:
    """Declare a table of two dimensions."""
    return _table(name, dtype, 2, sized=sized)


@intrinsic
def _prefetched(_typing: Any, vector: Any, _word: Any, _row: Any, _size: Any, _offset: Any) -> Any:
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


_touch: Any = _prefetched
"""Numba passes the first argument of an intrinsic itself."""


registers = _rows("registers", tables.REGISTERS)
events = _rows("events", tables.EVENT)
cases = _rows("cases", tables.CASE)
values = _matrix("values", np.float64)
touched = _matrix("touched", np.float64)
counts = _matrix("counts", np.int32)
owners = _matrix("owners", np.int32)
visits = _rows("visits", tables.VISIT)
waits = _rows("waits", np.int32)
postings = _rows("postings", tables.POSTING)
tickets = _rows("tickets", tables.TICKET)
overtakings = _rows("overtakings", tables.OVERTAKING)
queues = _rows("queues", tables.QUEUE)
crews = _rows("crews", tables.CREW)
people = _rows("people", tables.PERSON, sized=True)
turns = _rows("turns", np.int64)
context = _rows("context", np.float64, sized=True)
scratch = _matrix("scratch", np.bool_, sized=True)

steps = _rows("steps", layout.STEP)
kept = _rows("kept", np.uint8)
"""Whether visits to a step are written."""
outcomes = _rows("outcomes", layout.OUTCOME)
assignments = _rows("assignments", layout.ASSIGNMENT)
processes = _rows("processes", layout.PROCESS)
_births = _rows("births", np.int32)
brought = _matrix("brought", np.int32, sized=True)
_luck = _matrix("luck", np.int64, sized=True)
uniforms = _rows("uniforms", np.float64, sized=True)
"""Uniform numbers of a newborn."""
channel_process = _rows("channel_process", np.int32)
teams = _rows("teams", layout.TEAM)
members = _rows("members", layout.MEMBER, sized=True)
class_takes = _rows("class_takes", np.int8)
serves = _matrix("serves", np.uint8)
roster_start = _rows("roster_start", np.float64)
roster_opening = _rows("roster_opening", np.float64)
presence = _rows("presence", np.uint8, sized=True)
calendars = _rows("calendars", layout.SPAN)
opens = _rows("opens", np.float64)
closes = _rows("closes", np.float64)
worked = _rows("worked", np.float64)
schedules = _rows("schedules", layout.SPAN)
moments = _rows("moments", np.float64)
automations = _rows("automations", layout.AUTOMATION)

formula = _rows("formula", np.int32)
distribution = _rows("distribution", np.int32)
purpose = _rows("purpose", np.int64)
uses_first = _rows("uses_first", np.int32)
uses_count = _rows("uses_count", np.int32)
_uses = _rows("uses", np.int32)
distributions = _matrix("rows", np.float64)
points = _rows("points", np.float64)
_low = _rows("low", np.float64)
_high = _rows("high", np.float64)
constant = _rows("constant", np.float64)
certain = _rows("certain", np.float64)
_effect_reads = _rows("effects.reads", np.int32)
_effect_coefficient = _rows("effects.coefficient", np.float64)
_effect_reference = _rows("effects.reference", np.float64)
_effect_first = _rows("effects.first", np.int32)
_effect_count = _rows("effects.length", np.int32)
_effect_log_axis = _rows("effects.log_axis", np.int8)
_effect_x = _rows("effects.x", np.float64)
_effect_y = _rows("effects.y", np.float64)
_formula_first = _rows("formulas.first", np.int32)
_formula_count = _rows("formulas.length", np.int32)
_formula_ops = _rows("formulas.ops", np.int32)
_formula_args = _rows("formulas.args", np.float64)
half_life = _rows("formulas.half_life", np.float64)
decaying = _rows("decaying", np.int64, sized=True)
"""Attributes that have a half-life: for the others nobody looks when they were set."""


@inlined
def formulas(m: Memory) -> Formulas:
    """Return the formulas of the program."""
    return Formulas(_formula_first(m), _formula_count(m), _formula_ops(m), _formula_args(m), half_life(m))


@inlined
def chances(m: Memory) -> Chances:
    """Return what draws and computes numbers."""
    effects = Effects(
        _effect_reads(m), _effect_coefficient(m), _effect_reference(m), _effect_first(m), _effect_count(m),
        _effect_log_axis(m), _effect_x(m), _effect_y(m),
    )  # fmt: skip
    return Chances(
        formula(m), distribution(m), purpose(m), uses_first(m), uses_count(m), _uses(m), effects, formulas(m),
        distributions(m), points(m), _low(m), _high(m), constant(m), certain(m),
    )  # fmt: skip


@inlined
def all_births(m: Memory) -> Births:
    """Return what the cases of each channel bring."""
    once = registers(m)[0]
    return Births(
        _births(m), brought(m), _luck(m), once["segment"], once["product"], once["segments"], once["products"],
        once["attributes"],
    )  # fmt: skip


_CASES, _VALUES, _TOUCHED, _COUNTS, _OWNERS, _VISITS = (
    3 * SLOTS[name] for name in ("cases", "values", "touched", "counts", "owners", "visits")
)
_EVENTS, _WAITS, _POSTINGS, _TICKETS, _OVERTAKINGS, _TEAMS = (
    3 * SLOTS[name] for name in ("events", "waits", "postings", "tickets", "overtakings", "teams")
)
_CASE, _VISIT = tables.CASE.itemsize, tables.VISIT.itemsize
_LINE = 64


@inlined
def team_count(m: Memory) -> int:
    """Number of teams."""
    return m[_TEAMS + 1]


@inlined
def has_room(m: Memory, needed: int) -> bool:
    """Return whether every table that grows has room for some more rows."""
    used = registers(m)[0]
    used["needed"] = needed
    return (
        m[_CASES + 1] - used["cases"] >= needed
        and m[_VISITS + 1] - used["visits"] >= needed
        and m[_EVENTS + 1] - used["events"] >= needed
        and m[_WAITS + 1] - used["waits"] >= needed
        and m[_POSTINGS + 1] - used["postings"] >= needed
        and m[_TICKETS + 1] - used["tickets"] >= needed
        and m[_OVERTAKINGS + 1] - used["overtakings"] >= needed
    )


@inlined
def expect(m: Memory, case: int, visit: int) -> None:
    """Ask the processor for the rows of a case and a visit whose turn it is soon, so that nobody waits for memory."""
    _touch(m, _VISITS, visit, _VISIT, 0)
    for line in range(0, _CASE, _LINE):
        _touch(m, _CASES, case, _CASE, line)
    width = 8 * m[_VALUES + 2]
    for line in range(0, width, _LINE):
        _touch(m, _VALUES, case, width, line)
    for attribute in decaying(m):
        _touch(m, _TOUCHED, case, width, 8 * attribute)
    width = 4 * m[_COUNTS + 2]
    for line in range(0, width, _LINE):
        _touch(m, _COUNTS, case, width, line)
    _touch(m, _OWNERS, case, 4 * m[_OWNERS + 2], 0)
