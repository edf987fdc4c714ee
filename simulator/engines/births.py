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
) -> None:
    """Draw the attributes of a case of one channel; ``births`` is int32[segments, products, attributes].

    Segment and product come first, since they decide where the others are drawn from; a formula sees those before it.
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
        if quantity >= 0:
            value = amount(quantity, seed, replication, key, 0, chances, values, touched, context)
        assign(attribute, value, now, chances, values, touched)


MOST_DRAWS = 1_000
"""Draws of a wait that is under way before it is taken to be over: none of them was as long as it has lasted."""


@bare
def recall(
    births: NDArray[np.int32],
    segment: int,
    product: int,
    seed: int,
    replication: int,
    key: int,
    known: NDArray[np.float64],
    chances: Chances,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
    context: NDArray[np.float64],
) -> None:
    """Draw the attributes of a case that was born before the run, as ``give_birth`` does, save those that are known."""
    now = context[0]
    row, column = 0, 0
    for attribute in range(births.shape[2]):
        if attribute != segment and segment >= 0:
            row = int(values[segment])
        if attribute != product and product >= 0:
            column = int(values[product])
        quantity = births[row, column, attribute]
        value = 0.0
        if not math.isnan(known[attribute]):
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
