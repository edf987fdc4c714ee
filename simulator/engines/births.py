"""What a new case brings: its attributes, drawn from its own key."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import bare, inlined
from simulator.chance.keyed import first_uniforms
from simulator.chance.quantities import Chances, amount_at, assign
from simulator.program.births import DIFFERS


class Births(NamedTuple):
    """What the cases of each channel bring; see ``Tables``."""

    quantities: NDArray[np.int32]
    """Quantity by channel, segment, product and attribute, flat."""
    given: NDArray[np.float64]
    brought: NDArray[np.int32]
    alike: NDArray[np.int32]
    luck: NDArray[np.int64]
    decaying: NDArray[np.int64]
    """Attributes that have a half-life."""
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
    for attribute in range(births.attributes):
        values[attribute] = births.given[channel, attribute]
    for attribute in births.decaying:
        touched[attribute] = now
    if known.size > 0:
        recall(births, channel, known, now, chances, values, touched)
    for at in range(uniforms.size):
        if births.brought[channel, at] == births.attributes:
            break
        bring(births, channel, at, uniforms[at], chances, values, touched, context, known)


@inlined
def bring(
    births: Births,
    channel: int,
    at: int,
    u: float,
    chances: Chances,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
    context: NDArray[np.float64],
    known: NDArray[np.float64],
) -> None:
    """Draw the attribute in one place of those that a channel brings; see ``give_birth``."""
    attribute, quantity = births.brought[channel, at], births.alike[channel, at]
    if quantity == DIFFERS:
        row, column = 0, 0
        if attribute != births.segment and births.segment >= 0:
            row = int(values[births.segment])
        if attribute != births.product and births.product >= 0:
            column = int(values[births.product])
        place = ((channel * births.segments + row) * births.products + column) * births.attributes + attribute
        quantity = births.quantities[place]
    value = known[attribute] if known.size > 0 else math.nan
    if math.isnan(value):
        value = 0.0
        if quantity >= 0:
            value = amount_at(u, quantity, chances, values, touched, context)
    assign(attribute, value, context[0], chances, values, touched)


@inlined
def recall(
    births: Births,
    channel: int,
    known: NDArray[np.float64],
    now: float,
    chances: Chances,
    values: NDArray[np.float64],
    touched: NDArray[np.float64],
) -> None:
    """Set what is known of the attributes that need not be drawn; the others have their turn."""
    at = 0
    for attribute in range(known.size):
        if at < births.brought.shape[1] and births.brought[channel, at] == attribute:
            at += 1
        elif not math.isnan(known[attribute]):
            assign(attribute, known[attribute], now, chances, values, touched)


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
