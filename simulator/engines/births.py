"""What a new case brings: its attributes, drawn from its own key."""

import math

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import bare
from simulator.chance.quantities import Chances, amount, assign


@bare
def give_birth(
    births: NDArray[np.int32],
    segment: int,
    product: int,
    seed: int,
    replication: int,
    key: int,
    chances: Chances,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
    context: NDArray[np.float64],
    known: NDArray[np.float64],
) -> None:
    """Draw the attributes of a case of one channel; ``births`` is int32[segments, products, attributes].

    Segment and product come first, since they decide where the others are drawn from; a formula sees those before it.
    ``known`` holds what is known of a case that was born before the run and is not drawn, NaN for the rest; it is empty
    for a newborn.
    """
    now = context[0]
    row, column = 0, 0
    for attribute in range(births.shape[2]):
        if attribute != segment and segment >= 0:
            row = int(values[segment])
        if attribute != product and product >= 0:
            column = int(values[product])
        quantity = births[row, column, attribute]
        value = 0.0
        if known.size > 0 and not math.isnan(known[attribute]):
            value = known[attribute]
        elif quantity >= 0:
            value = amount(quantity, seed, replication, key, 0, chances, values, touched, context)
        assign(attribute, value, now, chances, values, touched)


@bare
def note_known(
    known: NDArray[np.float64],
    now: float,
    chances: Chances,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
) -> None:
    """Set the attributes that are known of a case today."""
    for attribute in range(known.size):
        if not math.isnan(known[attribute]):
            assign(attribute, known[attribute], now, chances, values, touched)
