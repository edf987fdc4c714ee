"""Formulas turned into postfix code."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import interpreted
from simulator.chance.formulas import (
    AND_BEFORE,
    ATTRIBUTE_BITS,
    DEEPEST,
    FROM_ATTRIBUTE,
    FROM_CONSTANT,
    OF_ATTRIBUTE,
    Formulas,
    Op,
    of_one,
    of_two,
)
from simulator.errors import CaudalError
from simulator.schema.formula import BUILTINS
from simulator.schema.quantity import read_formula

_TWO: Final[dict[type[ast.AST], Op]] = {
    ast.Add: Op.ADD, ast.Sub: Op.SUBTRACT, ast.Mult: Op.MULTIPLY, ast.Div: Op.DIVIDE, ast.Pow: Op.POWER,
    ast.Eq: Op.EQUAL, ast.NotEq: Op.UNEQUAL, ast.Lt: Op.LESS, ast.LtE: Op.AT_MOST,
    ast.Gt: Op.MORE, ast.GtE: Op.AT_LEAST,
    ast.And: Op.AND, ast.Or: Op.OR, ast.Not: Op.NOT, ast.USub: Op.NEGATE,
}  # fmt: skip
_CALLS: Final = {
    "min": Op.MIN, "max": Op.MAX, "exp": Op.EXP, "log": Op.LOG, "sqrt": Op.SQRT, "abs": Op.ABS,
    "floor": Op.FLOOR, "round": Op.ROUND,
}  # fmt: skip
_MIRRORED: Final[dict[int, int]] = {
    **{op: op for op in (Op.ADD, Op.MULTIPLY, Op.EQUAL, Op.UNEQUAL, Op.AND, Op.OR)},
    Op.LESS: Op.MORE, Op.AT_MOST: Op.AT_LEAST, Op.MORE: Op.LESS, Op.AT_LEAST: Op.AT_MOST,
}  # fmt: skip
"""What gives the same with the two numbers exchanged, to the last bit."""
Instruction = tuple[int, float]
"""An operation and its argument: a constant, an attribute or a slot of the context. Once shortened, an operation with
what is added to it to say where its numbers come from, and a constant."""
_READS: Final = 127
"""Bits of an instruction that tell what it reads, if that is all it does."""


class FormulaBook:
    """Collects the formulas of a program; equal texts share one entry."""

    def __init__(
        self, attributes: Sequence[str], levels: Mapping[str, Sequence[str]], policies: Mapping[str, float]
    ) -> None:
        self._attributes = {name: index for index, name in enumerate(attributes)}
        self._levels = levels
        self._policies = policies
        self._slots = {name: index for index, name in enumerate(BUILTINS)}
        self._known: dict[tuple[str, str], int] = {}
        self._codes: list[list[Instruction]] = []

    def add(self, text: str, target: str = "") -> int:
        """Compile a formula and return its number; bare level names are read as those of the attribute ``target``."""
        known = self._known.get((text, target))
        if known is not None:
            return known
        code = self._expression(read_formula(text).tree, target)
        if _depth(code) > DEEPEST:
            raise CaudalError(f"the formula '{text}' is too deeply nested: split it over attributes")
        self._codes.append(code)
        self._known[text, target] = len(self._codes) - 1
        return len(self._codes) - 1

    def constant(self, number: int) -> float:
        """Value of a formula that reads nothing of a case, NaN for any other."""
        code = self._codes[number]
        return code[0][1] if [op for op, _ in code] == [Op.CONSTANT] else math.nan

    def freeze(self, half_life: np.ndarray) -> Formulas:
        """Return all formulas as flat arrays."""
        return _flat([_shortened(code, half_life > 0.0) for code in self._codes], half_life)

    def _expression(self, node: ast.expr, target: str) -> list[Instruction]:
        match node:
            case ast.Constant():
                return [(Op.CONSTANT, float(node.value))]  # type: ignore[arg-type]
            case ast.Name():
                return [self._name(node.id, target)]
            case ast.UnaryOp():
                inner = self._expression(node.operand, target)
                return inner if isinstance(node.op, ast.UAdd) else _folded([*inner, (_TWO[type(node.op)], 0.0)])
            case ast.BinOp():
                left, right = self._expression(node.left, target), self._expression(node.right, target)
                return _folded([*left, *right, (_TWO[type(node.op)], 0.0)])
            case ast.BoolOp():
                return self._chain([self._expression(value, target) for value in node.values], _TWO[type(node.op)])
            case ast.Compare():
                return self._comparison(node)
            case ast.IfExp():
                parts = (node.test, node.body, node.orelse)
                return _folded([*(x for part in parts for x in self._expression(part, target)), (Op.CHOOSE, 0.0)])
            case ast.Call(func=ast.Name(id=name)):
                arguments = (self._expression(argument, target) for argument in node.args)
                return _folded([*(x for argument in arguments for x in argument), (_CALLS[name], 0.0)])
        raise CaudalError(f"a formula cannot contain '{ast.unparse(node)}'")

    def _comparison(self, node: ast.Compare) -> list[Instruction]:
        operands = [node.left, *node.comparators]
        classes = [x.id for x in operands if isinstance(x, ast.Name) and x.id in self._levels]
        target = classes[0] if classes else ""
        sides = [self._expression(operand, target) for operand in operands]
        pairs = [_folded([*sides[i], *sides[i + 1], (_TWO[type(op)], 0.0)]) for i, op in enumerate(node.ops)]
        return self._chain(pairs, Op.AND)

    @staticmethod
    def _chain(parts: list[list[Instruction]], op: Op) -> list[Instruction]:
        code = parts[0]
        for part in parts[1:]:
            code = _folded([*code, *part, (op, 0.0)])
        return code

    def _name(self, name: str, target: str) -> Instruction:
        if target and name in self._levels.get(target, ()):
            return Op.CONSTANT, float(self._levels[target].index(name))
        if name in self._attributes:
            return Op.ATTRIBUTE, float(self._attributes[name])
        if name in self._policies:
            return Op.CONSTANT, self._policies[name]
        if name in self._slots:
            return Op.CONTEXT, float(self._slots[name])
        for levels in self._levels.values():
            if name in levels:
                return Op.CONSTANT, float(levels.index(name))
        raise CaudalError(f"the formula reads '{name}', which is no attribute, policy or level")


def _flat(codes: Sequence[Sequence[Instruction]], half_life: np.ndarray) -> Formulas:
    counts = np.array([len(code) for code in codes], np.int32)
    flat = [instruction for code in codes for instruction in code]
    return Formulas(
        first=(np.cumsum(counts) - counts).astype(np.int32),
        length=counts,
        ops=np.array([op for op, _ in flat], np.uint32),
        args=np.array([argument for _, argument in flat], np.float64),
        half_life=half_life,
    )


def _folded(code: list[Instruction]) -> list[Instruction]:
    """Replace an operation on constants alone, policies among them, by its value."""
    if any(op != Op.CONSTANT for op, _ in code[:-1]):
        return code
    numbers, (op, _) = [number for _, number in code[:-1]], code[-1]
    if op == Op.CHOOSE:
        condition, chosen, other = numbers
        return [(Op.CONSTANT, chosen if condition != 0.0 else other)]
    with suppress(OverflowError):  # what is too large for Python is left to the engines
        value = interpreted(of_one)(op, *numbers) if len(numbers) == 1 else interpreted(of_two)(op, *numbers)
        return [(Op.CONSTANT, float(value))]
    return code


def _shortened(code: list[Instruction], decays: NDArray[np.bool_]) -> list[Instruction]:
    """Let operations take constants and attributes without pushing them first, and conditions join those before."""
    operands: list[list[Instruction]] = []
    for op, argument in code:
        if op == Op.CONSTANT:
            operands.append([(op, argument)])
        elif op <= Op.CONTEXT:
            number = int(argument)
            reads = Op.DECAYING if op == Op.ATTRIBUTE and decays[number] else op
            operands.append([(reads + (number << ATTRIBUTE_BITS), 0.0)])
        elif op == Op.CHOOSE:
            operands[-3:] = [[*operands[-3], *operands[-2], *operands[-1], (op, 0.0)]]
        elif op >= Op.NEGATE:
            operands[-1] = [*operands[-1], (op, 0.0)]
        else:
            operands[-2:] = [_of_two(op, *operands[-2:])]
    return operands[0]


def _of_two(op: int, left: list[Instruction], right: list[Instruction]) -> list[Instruction]:
    """Shorten an operation on two numbers; where it has a mirrored one, whichever is simpler comes second."""
    if op in _MIRRORED and _simplicity(left) > _simplicity(right):
        op, left, right = _MIRRORED[op], right, left
    first, (second, constant) = left[-1][0], right[-1]
    match _simplicity(right):
        case 3 if len(left) == 1 and first & _READS == Op.ATTRIBUTE:
            return [(op + OF_ATTRIBUTE + (first - Op.ATTRIBUTE), constant)]
        case 3:
            return [*left, (op + FROM_CONSTANT, constant)]
        case 2:
            return [*left, (op + FROM_ATTRIBUTE + (second - Op.ATTRIBUTE), 0.0)]
        case 1 if op == Op.AND:
            return [*left, (second + AND_BEFORE, constant)]
    return [*left, *right, (op, 0.0)]


def _simplicity(operand: list[Instruction]) -> int:
    """How simple the code of a number is: a constant, an attribute, a comparison of both, anything else."""
    code = operand[0][0]
    if len(operand) > 1 or code & AND_BEFORE:
        return 0
    if code & OF_ATTRIBUTE == OF_ATTRIBUTE:
        return 1
    return {int(Op.ATTRIBUTE): 2, int(Op.CONSTANT): 3}.get(code & _READS, 0)


def _depth(code: list[Instruction]) -> int:
    depth = deepest = 0
    for op, _ in code:
        if op <= Op.CONTEXT:
            depth += 1
        elif op == Op.CHOOSE:
            depth -= 2
        elif op < Op.NEGATE:
            depth -= 1
        deepest = max(deepest, depth)
    return deepest


def attributes_in(formula: int, formulas: Formulas) -> set[int]:
    """Attributes that a formula reads."""
    sources = {FROM_ATTRIBUTE, OF_ATTRIBUTE}
    return {
        code >> ATTRIBUTE_BITS
        for code in code_of(formula, formulas)
        if code & OF_ATTRIBUTE in sources or code & _READS in {Op.ATTRIBUTE, Op.DECAYING}
    }


def reads_moment(formula: int, formulas: Formulas) -> bool:
    """Whether a formula reads the moment, or what has happened to a case: one of the built-in names."""
    return any(code & _READS == Op.CONTEXT for code in code_of(formula, formulas))


def code_of(formula: int, formulas: Formulas) -> list[int]:
    """Instructions of a formula, without their constants."""
    first = int(formulas.first[formula])
    return [int(code) for code in formulas.ops[first : first + int(formulas.length[formula])]]
