"""Formulas over attributes, such as ``score >= 60 and segment == mid``, read into a checked syntax tree."""

from __future__ import annotations

import ast
import warnings
from typing import NamedTuple

from simulator.schema.units import plain_literals

BUILTINS: dict[str, str] = {
    "now": "hours since the start of the run",
    "age": "hours since the case was created",
    "visits": "times that the case came to this step, this one included",
    "waited": "hours that the case waited at its latest work step",
    "worked": "hours from start to finish of its latest work step",
    "win_factor": "win-rate factor of the person who worked on the case last",
    "measured": "hours since the end of the warm-up, negative before it",
    "before": "in a set or spawn step, the value of the attribute before it is set",
}
"""Names that every formula may read, in the order of their slots."""

FUNCTIONS: dict[str, int] = {"min": 2, "max": 2, "exp": 1, "log": 1, "sqrt": 1, "abs": 1, "floor": 1, "round": 1}
"""Functions that a formula may call, with the number of their arguments."""

_NODES = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.UAdd, ast.BinOp, ast.Add, ast.Sub,
    ast.Mult, ast.Div, ast.Pow, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.IfExp, ast.Call,
    ast.Name, ast.Load, ast.Constant,
)  # fmt: skip
_SYMBOLS: dict[type[ast.AST], str] = {
    ast.Mod: "%", ast.FloorDiv: "//", ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.Invert: "~", ast.LShift: "<<", ast.RShift: ">>",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
LONGEST = 500
LARGEST = 1e300


class Formula(NamedTuple):
    """A formula that has been read."""

    text: str
    tree: ast.expr
    names: frozenset[str]
    """Attributes, policies, levels and built-in names that it reads."""
    currencies: frozenset[str]


def parse_formula(text: str) -> Formula:
    """Read a formula; numbers may carry units, as in ``age > 48 h``.

    Raises ValueError with a sentence when the text is no formula.
    """
    if len(text) > LONGEST:
        raise ValueError(f"the formula is longer than {LONGEST} characters: split it over attributes")
    plain, currencies = plain_literals(text)
    try:
        with warnings.catch_warnings():
            # Python frowns at text such as `1if x else 2`; it is read, or refused below, all the same.
            warnings.simplefilter("ignore")
            tree = ast.parse(plain.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"'{text}' is neither a quantity nor a formula") from None
    called: set[int] = set()
    for node in ast.walk(tree):
        _admit(node, text)
        if isinstance(node, ast.Call):
            called.add(id(node.func))
    names = frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)
    return Formula(text, tree.body, names, currencies)


def _admit(node: ast.AST, text: str) -> None:
    """Refuse what is no part of the formula language."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise ValueError(f"'{text}': a formula holds numbers and names, not {node.value!r}")
        if not abs(node.value) <= LARGEST:
            raise ValueError(f"'{text}': the formula holds a number that is too large")
    elif isinstance(node, ast.Call):
        _admit_call(node, text)
    elif not isinstance(node, _NODES):
        shown = (
            ast.unparse(node) if isinstance(node, ast.expr) else _SYMBOLS.get(type(node), type(node).__name__.lower())
        )
        raise ValueError(f"'{text}': a formula cannot contain '{shown}'")


def _admit_call(call: ast.Call, text: str) -> None:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        raise ValueError(f"'{text}': there is no function '{name or ast.unparse(call.func)}'; there are {known}")
    if len(call.args) != FUNCTIONS[name] or call.keywords:
        raise ValueError(f"'{text}': {name} takes {FUNCTIONS[name]} argument{'s' * (FUNCTIONS[name] > 1)}")
