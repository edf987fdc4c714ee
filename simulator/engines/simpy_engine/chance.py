"""Draws of one replication, in the words of the engine."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from simulator.chance.formulas import evaluate, read_attribute
from simulator.chance.keyed import uniform
from simulator.chance.quantities import amount, assign, probability
from simulator.chance.sampling import draw
from simulator.engines.births import Births, give_birth, note_known
from simulator.engines.simpy_engine.case import Case
from simulator.program.layout import Tables
from simulator.program.program import Program
from simulator.records import Floats
from simulator.schema.formula import BUILTINS

_SLOTS = {name: slot for slot, name in enumerate(BUILTINS)}
BEFORE = _SLOTS["before"]
_NOTHING = np.zeros(0)


def _births(tables: Tables) -> Births:
    """Return what the cases of each channel bring."""
    _, segments, products, attributes = tables.births.shape
    return Births(
        tables.births.ravel(), tables.given, tables.brought, tables.alike, tables.luck,
        np.flatnonzero(tables.chances.formulas.half_life > 0.0), tables.segment, tables.product, segments, products,
        attributes,
    )  # fmt: skip


class Chance:
    """Everything that a case draws or computes, by the functions that both engines share."""

    def __init__(self, program: Program, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self.tables = program.tables
        self.chances = program.tables.chances
        self.warm_up = program.warm_up
        self.context = np.zeros(len(BUILTINS))
        self.births = _births(program.tables)
        self.uniforms = np.zeros(program.tables.luck.shape[1])
        self._constant: list[float] = self.chances.constant.tolist()
        self._certain: list[float] = self.chances.certain.tolist()
        self._plain = [self._shortcut(quantity) for quantity in range(self.chances.formula.size)]

    def _shortcut(self, quantity: int) -> Callable[[int, int], float] | None:
        """Return the draw of a quantity without formula and effects, which needs nothing of the case but its key."""
        row = int(self.chances.distribution[quantity])
        if self.chances.formula[quantity] >= 0 or self.chances.uses_count[quantity] or row < 0:
            return None
        seed, replication, rows, points = self.seed, self.replication, self.chances.rows, self.chances.points
        purpose = int(self.chances.purpose[quantity])
        return lambda key, visit: draw(seed, replication, key, purpose, visit, row, rows, points)

    def uniform(self, key: int, purpose: int, visit: int) -> float:
        """Return the uniform number of a case for a purpose."""
        return uniform(self.seed, self.replication, key, purpose, visit)

    def look(self, case: Case, now: float, visit: int) -> None:
        """Set what formulas read of the moment and of the case."""
        context = self.context
        context[0] = now
        context[1] = now - case.born
        context[2] = visit
        context[3] = case.waited
        context[4] = case.worked
        context[5] = case.win_factor
        context[6] = now - self.warm_up

    def amount(self, quantity: int, case: Case, now: float, visit: int, key: int | None = None) -> float:
        """Return a quantity for a case, or for a child whose key is given; base units."""
        fixed = self._constant[quantity]
        if not math.isnan(fixed):
            return fixed
        plain = self._plain[quantity]
        own = case.key if key is None else key
        if plain is not None:
            return plain(own, visit)
        self.look(case, now, visit)
        value: float = amount(
            quantity, self.seed, self.replication, own, visit, self.chances, case.values, case.touched, self.context
        )
        return value

    def hours(self, quantity: int, case: Case, now: float, visit: int) -> float:
        """Return a quantity of time, which is never negative; 0 where there is none."""
        value = self.amount(quantity, case, now, visit) if quantity >= 0 else 0.0
        return max(0.0, value)

    def probability(self, quantity: int, case: Case, now: float, visit: int) -> float:
        """Return a probability for a case."""
        fixed = self._certain[quantity]
        if not math.isnan(fixed):
            return fixed
        self.look(case, now, visit)
        value: float = probability(quantity, self.chances, case.values, case.touched, self.context)
        return value

    def holds(self, formula: int, case: Case, now: float, visit: int) -> bool:
        """Return whether a condition holds for a case."""
        self.look(case, now, visit)
        return bool(evaluate(formula, self.chances.formulas, case.values, case.touched, self.context) != 0.0)

    def give_birth(self, case: Case, channel: int, now: float) -> None:
        """Give a case the attributes that its channel brings."""
        if not case.values.size:
            return
        self.look(case, now, 0)
        give_birth(
            self.births, channel, self.seed, self.replication, case.key, self.chances, case.values, case.touched,
            self.context, _NOTHING, self.uniforms,
        )  # fmt: skip

    def remember(self, case: Case, known: Floats, now: float) -> None:
        """Give an open case its attributes: of its parent, or drawn as at birth, save those that are known today."""
        if case.parent is not None and case.channel < 0:
            case.values[:], case.touched[:] = case.parent.values, case.parent.touched
        elif case.values.size:
            self.look(case, case.born, 0)
            channel = case.channel if case.channel >= 0 else len(self.births.brought) - 1
            give_birth(
                self.births, channel, self.seed, self.replication, case.key, self.chances, case.values, case.touched,
                self.context, known, self.uniforms,
            )  # fmt: skip
        note_known(known, now, self.chances, case.values, case.touched)

    def set(self, case: Case, target: Case, attribute: int, quantity: int, now: float, visit: int, key: int) -> None:
        """Compute a value with the attributes of a case, and set it in the same or another case."""
        self.context[BEFORE] = self._read(target, attribute, now)
        value = self.amount(quantity, case, now, visit, key)
        assign(attribute, value, now, self.chances, target.values, target.touched)

    def _read(self, case: Case, attribute: int, now: float) -> float:
        value: float = read_attribute(attribute, case.values, case.touched, now, self.chances.formulas.half_life)
        return value
