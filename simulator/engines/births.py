"""What a new case brings: its attributes, drawn from its own key."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import bare, inlined
from simulator.chance.keyed import first_uniforms
from simulator.chance.quantities import Chances, amount_at, assign


class Births(NamedTuple):
    """What the cases of each channel bring; see ``Tables``."""

    quantities: NDArray[np.int32]
    """Quantity by channel, segment, product and attribute, flat."""
    brought: NDArray[np.int32]
    luck: NDArray[np.int64]
    segment: int
    product: int
    segments: int
    products: int
    attributes: int


@inlined
def give_birth(
    births: Births,
    channel: int,
    seed: int,
    replication: int,
    key: int,
    chances: Chances,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
    context: NDArray[np.float64],
    known: NDArray[np.float64],
    uniforms: NDArray[np.float64],
) -> None:
    """Draw the attributes of a case of one channel.

    Segment and product come first, since they decide where the others are drawn from; a formula sees those before it.
    ``known`` holds what is known of a case that was born before the run and is not drawn, NaN for the rest; it is empty
    for a newborn. ``uniforms``, as long as a row of ``births.luck``, is written over.
    """
    first_uniforms(seed, replication, key, births.luck[channel], uniforms)
    now = context[0]
    row, column, done = 0, 0, 0
    for at in range(uniforms.size):
        attribute = births.brought[channel, at]
        for other in range(done, attribute):
            assign(other, known_or(0.0, other, known), now, chances, values, touched)
        if attribute == births.attributes:
            break
        done = attribute + 1
        if attribute != births.segment and births.segment >= 0:
            row = int(values[births.segment])
        if attribute != births.product and births.product >= 0:
            column = int(values[births.product])
        place = ((channel * births.segments + row) * births.products + column) * births.attributes + attribute
        value = known_or(math.nan, attribute, known)
        if math.isnan(value):
            quantity = births.quantities[place]
            value = 0.0
            if quantity >= 0:
                value = amount_at(uniforms[at], quantity, chances, values, touched, context)
        assign(attribute, value, now, chances, values, touched)


@inlined
def known_or(value: float, attribute: int, known: NDArray[np.float64]) -> float:
    """Return what is known of an attribute of a case, or a value where nothing is."""
    if known.size > 0 and not math.isnan(known[attribute]):
        value = known[attribute]
    return value


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
