"""Formulas as postfix code over a case's attributes, evaluated by one compiled function."""

import functools
import math
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import Late, inlined


class Op(IntEnum):
    """Operations of the postfix code; the first four push a number, the others take theirs from the stack."""

    CONSTANT = 0
    ATTRIBUTE = 1
    DECAYING = 2
    """An attribute that has a half-life."""
    CONTEXT = 3
    ADD = 4
    SUBTRACT = 5
    MULTIPLY = 6
    DIVIDE = 7
    POWER = 8
    EQUAL = 9
    UNEQUAL = 10
    LESS = 11
    AT_MOST = 12
    MORE = 13
    AT_LEAST = 14
    AND = 15
    OR = 16
    MIN = 17
    MAX = 18
    NEGATE = 19
    NOT = 20
    EXP = 21
    LOG = 22
    SQRT = 23
    ABS = 24
    FLOOR = 25
    ROUND = 26
    CHOOSE = 27
    """Takes condition, value if it holds, value otherwise."""


FROM_CONSTANT, FROM_ATTRIBUTE, OF_ATTRIBUTE = 32, 64, 96
"""Added to an operation on two numbers whose second one is a constant or an attribute, and need not be pushed first;
``OF_ATTRIBUTE`` to one on an attribute and a constant. These attributes have no half-life."""
AND_BEFORE = 128
"""Added to such an operation on an attribute and a constant, which holds only if what was computed before holds too."""
ATTRIBUTE_BITS = 8
"""Place of the number of the attribute, or of the slot of the context, in an instruction that reads one."""
_OPERATION, _SOURCE = 31, 96
"""Bits of an instruction that name the operation, and where its numbers come from."""

DEEPEST = 32
"""Most numbers that a formula may hold at one time: a power of 2."""
_DEEPEST = DEEPEST - 1
"""Bits of a place in the stack: what shows that it is not below 0 saves to look."""


def _frame() -> Any:
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils
    from numba.extending import intrinsic
    from numba.np.arrayobj import populate_array

    numbers, word = types.Array(types.float64, 1, "C"), functools.partial(ir.Constant, ir.IntType(64))

    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        made = context.make_array(numbers)(context, builder)
        place = cgutils.alloca_once(builder, ir.DoubleType(), DEEPEST)  # type: ignore[no-untyped-call]
        populate_array(made, data=place, shape=[word(DEEPEST)], strides=[word(8)], itemsize=word(8), meminfo=None)  # type: ignore[no-untyped-call]
        return made._getvalue()  # noqa: SLF001 - how Numba's own functions hand back a structure

    def frame(_typing: Any) -> Any:
        return numbers(), generate

    return intrinsic(frame)


_stack: Any = Late(_frame)
"""Reserves a place for ``DEEPEST`` numbers in the frame of its caller, which costs nothing, unlike a new array."""


class Formulas(NamedTuple):
    """All formulas of a program, and what they need to know of its attributes."""

    first: NDArray[np.int32]
    """First instruction of each formula."""
    length: NDArray[np.int32]
    ops: NDArray[np.uint32]
    args: NDArray[np.float64]
    """The constant of each instruction that has one."""
    half_life: NDArray[np.float64]
    """Hours in which each attribute halves; 0 for those that stay."""


@inlined
def read_attribute(
    attribute: int,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
    now: float,
    half_life: NDArray[np.float64],
) -> float:
    """Return an attribute as it is now: its value decayed since it was last set, `touched` being that hour."""
    value: float = values[attribute]
    if half_life[attribute] > 0.0:
        value *= 2.0 ** (-(now - touched[attribute]) / half_life[attribute])
    return value


@inlined
def of_one(op: int, x: float) -> float:
    """Return an operation on one number; where mathematics has no value, the nearest one that is finite."""
    if op == Op.NEGATE:
        return -x
    if op == Op.NOT:
        return 1.0 if x == 0.0 else 0.0
    if op == Op.EXP:
        return math.exp(min(x, 700.0))
    if op == Op.LOG:
        return math.log(max(x, 1e-300))
    if op == Op.SQRT:
        return math.sqrt(max(x, 0.0))
    if op == Op.ABS:
        return abs(x)
    if op == Op.FLOOR:
        return float(np.floor(x))
    return float(np.rint(x))


@inlined
def of_two(op: int, x: float, y: float) -> float:
    """Return an operation on two numbers; truth is 1 and 0, and a division by zero gives 0."""
    if op == Op.ADD:
        return x + y
    if op == Op.SUBTRACT:
        return x - y
    if op == Op.MULTIPLY:
        return x * y
    if op == Op.DIVIDE:
        return x / y if y != 0.0 else 0.0
    if op == Op.POWER:
        return float(x**y) if x > 0.0 or (y == np.rint(y) and (x != 0.0 or y >= 0.0)) else 0.0
    if op == Op.MIN:
        return min(x, y)
    if op == Op.MAX:
        return max(x, y)
    if op == Op.AND:
        return 1.0 if x != 0.0 and y != 0.0 else 0.0
    if op == Op.OR:
        return 1.0 if x != 0.0 or y != 0.0 else 0.0
    if op == Op.EQUAL:
        return 1.0 if x == y else 0.0
    if op == Op.UNEQUAL:
        return 1.0 if x != y else 0.0
    if op == Op.LESS:
        return 1.0 if x < y else 0.0
    if op == Op.AT_MOST:
        return 1.0 if x <= y else 0.0
    if op == Op.MORE:
        return 1.0 if x > y else 0.0
    return 1.0 if x >= y else 0.0


@inlined
def evaluate(
    formula: int,
    formulas: Formulas,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
    context: NDArray[np.float64],
) -> float:
    """Return the value of a formula; `context` holds the built-in names, of which the first is the hour."""
    stack: NDArray[np.float64] = _stack()
    top, last = 0, 0.0
    start = formulas.first[formula]
    for at in range(start, start + formulas.length[formula]):
        code = formulas.ops[at]
        op, source = code & _OPERATION, code & _SOURCE
        if source != 0:
            before, x, y = last, last, formulas.args[at]
            if source == FROM_ATTRIBUTE:
                y = values[code >> ATTRIBUTE_BITS]
            elif source == OF_ATTRIBUTE:
                x = values[code >> ATTRIBUTE_BITS]
                if code & AND_BEFORE == 0:
                    stack[top & _DEEPEST] = last
                    top += 1
            last = of_two(op, x, y)
            if code & AND_BEFORE != 0:
                last = of_two(Op.AND, before, last)
        elif op <= Op.CONTEXT:
            stack[top & _DEEPEST] = last
            top += 1
            if op == Op.CONSTANT:
                last = formulas.args[at]
            elif op == Op.ATTRIBUTE:
                last = values[code >> ATTRIBUTE_BITS]
            elif op == Op.DECAYING:
                attribute = code >> ATTRIBUTE_BITS
                last = read_attribute(attribute, values, touched, context[0], formulas.half_life)
            else:
                last = context[code >> ATTRIBUTE_BITS]
        elif op == Op.CHOOSE:
            top -= 2
            last = stack[(top + 1) & _DEEPEST] if stack[top & _DEEPEST] != 0.0 else last
        elif op >= Op.NEGATE:
            last = of_one(op, last)
        else:
            top -= 1
            last = of_two(op, stack[top & _DEEPEST], last)
    return float(last)
