"""Quantities of a program: the value of a formula plus a draw, moved by effects; and probabilities likewise."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import inlined
from simulator.chance.formulas import Formulas, evaluate
from simulator.chance.keyed import uniform
from simulator.chance.sampling import CONSTANT, KIND, sample


class Effects(NamedTuple):
    """All effects of a program, each a straight line or a curve through points, on a logarithmic scale."""

    reads: NDArray[np.int32]
    """Formula whose value has the effect."""
    coefficient: NDArray[np.float64]
    reference: NDArray[np.float64]
    first: NDArray[np.int32]
    """First point of the curve."""
    length: NDArray[np.int32]
    """Points of the curve; 0 for a straight line."""
    log_axis: NDArray[np.int8]
    """Whether the curve is straight over the logarithm of what it reads."""
    x: NDArray[np.float64]
    """Places of the points, ascending, as logarithms where the axis is one."""
    y: NDArray[np.float64]
    """Contributions at the points."""
    constant: NDArray[np.float64]
    """Contribution of each effect that is the same for all cases, NaN for the others."""


class Chances(NamedTuple):
    """Everything that draws and computes numbers for a case."""

    formula: NDArray[np.int32]
    """Formula of each quantity, -1 for none."""
    distribution: NDArray[np.int32]
    """Distribution of each quantity, -1 for none."""
    purpose: NDArray[np.int64]
    """Purpose of its draws: a hash of its place in the scenario, so that other places do not disturb it."""
    uses_first: NDArray[np.int32]
    uses_count: NDArray[np.int32]
    """Effects that move it, as a range in `uses`."""
    uses: NDArray[np.int32]
    effects: Effects
    formulas: Formulas
    rows: NDArray[np.float64]
    points: NDArray[np.float64]
    low: NDArray[np.float64]
    """Lowest value of each attribute."""
    high: NDArray[np.float64]
    constant: NDArray[np.float64]
    """Value of each quantity that is the same for all cases, NaN for the others."""
    certain: NDArray[np.float64]
    """The same for quantities that are probabilities."""
    log_odds: NDArray[np.float64]
    """Log-odds before its effects of each quantity that has effects, as if it were a probability; NaN where they are
    not the same for all cases or infinite."""


SMALLEST_X = 1e-9
"""What a curve on a logarithmic axis reads in place of anything smaller; four microseconds, where it reads hours."""


@inlined
def contribution(effect: int, read: float, effects: Effects) -> float:
    """Return what one effect adds on the logarithmic scale; a curve stays flat beyond its first and last point."""
    count = effects.length[effect]
    if count == 0:
        return float(effects.coefficient[effect] * (read - effects.reference[effect]))
    x = math.log(max(read, SMALLEST_X)) if effects.log_axis[effect] else read
    first = effects.first[effect]
    last = first + count - 1
    if x <= effects.x[first]:
        return float(effects.y[first])
    if x >= effects.x[last]:
        return float(effects.y[last])
    right = first + 1
    while effects.x[right] < x:
        right += 1
    share = (x - effects.x[right - 1]) / (effects.x[right] - effects.x[right - 1])
    return float(effects.y[right - 1] + share * (effects.y[right] - effects.y[right - 1]))


@inlined
def shift(
    quantity: int,
    chances: Chances,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
    context: NDArray[np.float64],
) -> float:
    """Return the sum of the effects on a quantity."""
    total = 0.0
    first = chances.uses_first[quantity]
    for at in range(first, first + chances.uses_count[quantity]):
        effect = chances.uses[at]
        added = chances.effects.constant[effect]
        if math.isnan(added):
            read = evaluate(chances.effects.reads[effect], chances.formulas, values, touched, context)
            added = contribution(effect, read, chances.effects)
        total += added
    return total


@inlined
def amount(
    quantity: int,
    seed: int,
    replication: int,
    key: int,
    visit: int,
    chances: Chances,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
    context: NDArray[np.float64],
) -> float:
    """Return a quantity: its formula plus its draw, times the exponential of its effects; base units."""
    row, u = chances.distribution[quantity], 0.5
    # No chance is spent on what is constant.
    if row >= 0 and chances.rows[row, KIND] != CONSTANT and math.isnan(chances.constant[quantity]):
        u = uniform(seed, replication, key, chances.purpose[quantity], visit)
    return amount_at(u, quantity, chances, values, touched, context)


@inlined
def amount_at(
    u: float,
    quantity: int,
    chances: Chances,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
    context: NDArray[np.float64],
) -> float:
    """Return `amount` for the uniform number of its draw."""
    fixed: float = chances.constant[quantity]
    if not math.isnan(fixed):
        return fixed
    total = 0.0
    if chances.formula[quantity] >= 0:
        total = evaluate(chances.formula[quantity], chances.formulas, values, touched, context)
    row = chances.distribution[quantity]
    if row >= 0:
        total += sample(u, row, chances.rows, chances.points)
    if chances.uses_count[quantity] > 0:
        total *= math.exp(shift(quantity, chances, values, touched, context))
    return total


@inlined
def probability(
    quantity: int,
    chances: Chances,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
    context: NDArray[np.float64],
) -> float:
    """Return a probability whose log-odds the effects move; certainty and impossibility stay what they are."""
    fixed: float = chances.certain[quantity]
    if not math.isnan(fixed):
        return fixed
    log_odds: float = chances.log_odds[quantity]
    if math.isnan(log_odds):
        base = 0.0
        if chances.formula[quantity] >= 0:
            base = evaluate(chances.formula[quantity], chances.formulas, values, touched, context)
        row = chances.distribution[quantity]
        if row >= 0:
            # Only plain numbers are allowed as probabilities: the middle of a fixed distribution is its value.
            base += sample(0.5, row, chances.rows, chances.points)
        if base <= 0.0:
            return 0.0
        if base >= 1.0:
            return 1.0
        if chances.uses_count[quantity] == 0:
            return base
        log_odds = math.log(base / (1.0 - base))
    return 1.0 / (1.0 + math.exp(-(log_odds + shift(quantity, chances, values, touched, context))))


@inlined
def assign(
    attribute: int,
    value: float,
    now: float,
    chances: Chances,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
) -> None:
    """Set an attribute, inside its limits, and restart its decay."""
    values[attribute] = min(max(value, chances.low[attribute]), chances.high[attribute])
    if chances.formulas.half_life[attribute] > 0.0:
        touched[attribute] = now
