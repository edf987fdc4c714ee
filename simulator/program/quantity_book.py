"""Quantities, effects and distributions of a scenario, collected into flat arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from simulator.chance import keyed
from simulator.chance.compiled import interpreted
from simulator.chance.distributions import DistributionTable
from simulator.chance.quantities import SMALLEST_X, Chances, Effects, contribution
from simulator.chance.sampling import CONSTANT, KIND, A
from simulator.errors import CaudalError
from simulator.program.formula_code import FormulaBook
from simulator.schema.quantity import Quantity
from simulator.schema.scenario import Effect, Scenario
from simulator.schema.units import parse_units

purpose_of = lru_cache(maxsize=8192)(keyed.purpose_of)
"""``keyed.purpose_of``, which digests each place once: the variants of a study have the same places."""


class QuantityBook:
    """Collects every quantity under the name of its place, from which the purpose of its draws follows."""

    def __init__(self, scenario: Scenario, formulas: FormulaBook, levels: Mapping[str, Sequence[str]]) -> None:
        self.formulas = formulas
        self._levels = levels
        self._distributions = DistributionTable()
        self._drawn: dict[str, int] = {}
        self._effects = _EffectBook(scenario.effects, formulas)
        self._rows: list[tuple[int, int, int, int, int]] = []
        self._uses: list[int] = []
        self._purposes: dict[int, str] = {}

    def add(self, place: str, quantity: Quantity | None, effects: Sequence[str] = (), target: str = "") -> int:
        """Add a quantity and return its number, -1 when there is none.

        ``place`` names where it stands: ``process/step/effort``; ``target`` is the attribute whose levels it may name.
        """
        if quantity is None:
            return -1
        formula = self.formulas.add(quantity.formula, target) if quantity.formula else -1
        distribution = self._distribution(quantity, target) if quantity.form else -1
        self._rows.append((formula, distribution, self.purpose(place), len(self._uses), len(effects)))
        self._uses += [self._effects.index(name) for name in effects]
        return len(self._rows) - 1

    def purpose(self, place: str) -> int:
        """Purpose of the draws at a place; CaudalError when another place happens to have the same."""
        number = purpose_of(place)
        if self._purposes.setdefault(number, place) != place:
            raise CaudalError(
                f"'{place}' and '{self._purposes[number]}' happen to share their random numbers: rename one of them"
            )
        return number

    def _distribution(self, quantity: Quantity, target: str) -> int:
        parameters = dict(quantity.parameters)
        if quantity.form == "choice":
            levels = list(self._levels.get(target, ()))
            parameters["values"] = [float(levels.index(x)) if isinstance(x, str) else x for x in parameters["values"]]
        # Written out, parameters are the same to the last bit or not; most are, and a row takes long to work out.
        written = f"{quantity.form} {parameters}"
        if written not in self._drawn:
            self._drawn[written] = self._distributions.add(quantity.form, parameters)
        return self._drawn[written]

    def mean(self, quantity: Quantity | None) -> float:
        """Mean of the distribution of a quantity, without its formula and effects."""
        return (
            self._distributions.mean(self._distribution(quantity, ""))
            if quantity is not None and quantity.form
            else 0.0
        )

    def freeze(self, half_life: np.ndarray, low: np.ndarray, high: np.ndarray) -> Chances:
        """Return everything as read-only flat arrays."""
        columns = np.array(self._rows, np.int64).reshape(-1, 5)
        chances = Chances(
            formula=columns[:, 0].astype(np.int32),
            distribution=columns[:, 1].astype(np.int32),
            purpose=columns[:, 2].copy(),
            uses_first=columns[:, 3].astype(np.int32),
            uses_count=columns[:, 4].astype(np.int32),
            uses=np.array(self._uses, np.int32),
            effects=self._effects.freeze(),
            formulas=self.formulas.freeze(half_life),
            rows=np.array(self._distributions.rows),
            points=np.array(self._distributions.points),
            low=low,
            high=high,
            constant=np.full(len(columns), np.nan),
            certain=np.full(len(columns), np.nan),
            log_odds=np.full(len(columns), np.nan),
        )
        for quantity in filter(self._base_reads_nothing, range(len(columns))):
            base, shift = self._base(quantity), self._shift(quantity, chances.effects)
            if shift is None or not math.isnan(shift):
                chances.certain[quantity] = _probability(base, shift)
                chances.constant[quantity] = base if shift is None else base * _exp(shift)
            elif 0.0 < base < 1.0:
                chances.log_odds[quantity] = math.log(base / (1.0 - base))
        return chances

    def _base_reads_nothing(self, quantity: int) -> bool:
        """Whether a quantity is before its effects the same for every case: it reads policies only, or nothing."""
        formula, distribution = self._rows[quantity][:2]
        drawn = distribution >= 0 and self._distributions.rows[distribution][KIND] != CONSTANT
        return not drawn and not (formula >= 0 and math.isnan(self.formulas.constant(formula)))

    def _base(self, quantity: int) -> float:
        """What such a quantity is before its effects."""
        formula, distribution = self._rows[quantity][:2]
        total = self.formulas.constant(formula) if formula >= 0 else 0.0
        return total + float(self._distributions.rows[distribution][A]) if distribution >= 0 else total

    def _shift(self, quantity: int, effects: Effects) -> float | None:
        """Sum of the effects on a quantity: None without any, NaN where they are not the same for every case."""
        first, count = self._rows[quantity][3:]
        total = 0.0
        for added in effects.constant[self._uses[first : first + count]].tolist():
            total += added  # `sum` would round less often than the engines do, from Python 3.12 on
        return total if count else None


class _EffectBook:
    """Effects by name, each a line or a curve of contributions on a logarithmic scale."""

    def __init__(self, effects: Mapping[str, Effect], formulas: FormulaBook) -> None:
        self._names = {name: index for index, name in enumerate(effects)}
        self._curves = [_curve(effect) for effect in effects.values()]
        self._effects = list(effects.values())
        self._reads = [formulas.add(effect.reads) for effect in effects.values()]
        self._read = [formulas.constant(reads) for reads in self._reads]

    def index(self, name: str) -> int:
        return self._names[name]

    def reads_nothing(self, effect: int) -> bool:
        """Whether an effect is the same for every case."""
        return not math.isnan(self._read[effect])

    def freeze(self) -> Effects:
        counts = np.array([len(curve) for curve in self._curves], np.int32)
        points = [point for curve in self._curves for point in curve]
        slopes = [0.0 if e.coefficient is None else e.coefficient.fixed or 0.0 for e in self._effects]
        effects = Effects(
            reads=np.array(self._reads, np.int32),
            coefficient=np.array(slopes, np.float64),
            reference=np.array([_number(effect.reference) for effect in self._effects], np.float64),
            first=(np.cumsum(counts) - counts).astype(np.int32),
            length=counts,
            log_axis=np.array([effect.axis == "log" for effect in self._effects], np.int8),
            x=np.array([x for x, _ in points], np.float64),
            y=np.array([y for _, y in points], np.float64),
            constant=np.full(len(self._effects), np.nan),
        )
        with np.errstate(over="ignore", invalid="ignore"):  # of which machine code says nothing either
            for effect in filter(self.reads_nothing, range(len(self._effects))):
                effects.constant[effect] = interpreted(contribution)(effect, self._read[effect], effects)
        return effects


def _probability(base: float, shift: float | None) -> float:
    """What ``quantities.probability`` is, as Python works it out: nobody who lays out a program waits for Numba."""
    if base <= 0.0:
        return 0.0
    if shift is None or base >= 1.0:
        return min(base, 1.0)
    return 1.0 / (1.0 + _exp(-(math.log(base / (1.0 - base)) + shift)))


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:  # which machine code does not know
        return math.inf


def _number(raw: str | float) -> float:
    parsed = parse_units(str(raw))
    return math.nan if parsed is None else parsed.value


def _curve(effect: Effect) -> list[tuple[float, float]]:
    """Points of an effect as contributions; probabilities become log-odds relative to the one at the reference."""
    points = sorted((_number(x), _number(y)) for x, y in effect.points.items())
    if not points:
        return []
    scale = math.log if effect.states != "probability" else lambda p: math.log(p / (1 - p))
    logs = [(math.log(max(x, SMALLEST_X)) if effect.axis == "log" else x, scale(y)) for x, y in points]
    if effect.states != "probability":
        return logs
    reference = _number(effect.reference)
    at = math.log(max(reference, SMALLEST_X)) if effect.axis == "log" else reference
    base = float(np.interp(at, [x for x, _ in logs], [y for _, y in logs]))
    return [(x, y - base) for x, y in logs]
