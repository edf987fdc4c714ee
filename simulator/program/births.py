"""What cases bring: a quantity for each attribute, those that every case of a channel has alike, those to be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.chance.quantities import Chances
from simulator.program.formula_code import attributes_in
from simulator.program.quantity_book import QuantityBook
from simulator.records import Floats
from simulator.schema.quantity import Quantity, fixed
from simulator.schema.scenario import Scenario

Levels = Mapping[str, Sequence[str]]
DIFFERS = -2
"""In place of a quantity that depends on segment or product."""


class AtBirth(NamedTuple):
    """See the fields of the same names in ``Tables``."""

    given: Floats
    brought: NDArray[np.int32]
    alike: NDArray[np.int32]
    luck: NDArray[np.int64]


def births_of(
    scenario: Scenario, attributes: Sequence[str], levels: Levels, quantities: QuantityBook
) -> NDArray[np.int32]:
    """Quantity of each attribute by channel, segment and product; channel goes before product, segment, attribute."""
    segments, products = list(scenario.segments.values()), list(scenario.products.values())
    shape = (len(scenario.channels) + 1, max(1, len(segments)), max(1, len(products)), len(attributes))
    births = np.full(shape, -1, np.int32)
    brought = [channel.brings for channel in scenario.channels.values()]
    added: dict[tuple[int, str], int] = {}
    initial = {
        name: attribute.initial for name, attribute in scenario.attributes.items() if attribute.initial is not None
    }
    mixes = {name: _mix(scenario, name, levels) for name in attributes}
    for channel, segment, product in np.ndindex(*shape[:3]):
        own = brought[channel] if channel < len(brought) else {}
        sources = (*(x[i].brings for x, i in ((segments, segment), (products, product)) if x), own)
        known = {name: quantity for source in (initial, *sources) for name, quantity in source.items()}
        for slot, name in enumerate(attributes):
            found = known.get(name, mixes[name])
            if found is None:
                continue
            # One place for all sources: a lead keeps its luck in an attribute whatever the source of the distribution.
            key = (id(found), name)
            if key not in added:
                added[key] = quantities.add(f"birth/{name}", found, target=name)
            births[channel, segment, product, slot] = added[key]
    return births


def _mix(scenario: Scenario, name: str, levels: Levels) -> Quantity | None:
    if name not in {"segment", "product"}:
        return None
    offerings = scenario.segments if name == "segment" else scenario.products
    if not offerings:
        return None  # an attribute like any other
    weights = [fixed(offering.share, 1.0) for offering in offerings.values()]
    return Quantity(
        text="mix", dimension="number", form="choice", parameters={"values": list(levels[name]), "weights": weights}
    )


def before_anyone_is_born(births: NDArray[np.int32], chances: Chances) -> AtBirth:
    """Tell what is known of all cases of a channel from what has to be drawn or computed for each."""
    first = births[:, 0, 0, :]
    single = (births == first[:, None, None, :]).all(axis=(1, 2))
    value = np.append(chances.constant, 0.0)[first]  # no quantity, -1, is the last of them
    known = single & ~np.isnan(value)
    if any(_reads_later_ones(births, attribute, chances) for attribute in range(births.shape[-1])):
        # What comes later is still 0 for them.
        known[:] = False
    given = np.where(known, np.minimum(np.maximum(value, chances.low), chances.high), 0.0)
    width = int((~known).sum(axis=1).max(initial=0))
    shape = (len(births), width)
    brought, alike = np.full(shape, births.shape[-1], np.int32), np.full(shape, DIFFERS, np.int32)
    luck = np.zeros(shape, np.int64)
    for channel, quantities in enumerate(births.max(axis=(1, 2), initial=-1)):
        those = np.flatnonzero(~known[channel])
        brought[channel, : those.size] = those
        alike[channel, : those.size] = np.where(single[channel, those], first[channel, those], DIFFERS)
        luck[channel, : those.size] = np.where(quantities[those] >= 0, chances.purpose[quantities[those]], 0)
    return AtBirth(given, brought, alike, luck)


def _reads_later_ones(births: NDArray[np.int32], attribute: int, chances: Chances) -> bool:
    """Whether a formula for an attribute reads one that does not come before it; births have no effects."""
    formulas = {int(chances.formula[quantity]) for quantity in np.unique(births[..., attribute]) if quantity >= 0}
    return any(read >= attribute for each in formulas - {-1} for read in attributes_in(each, chances.formulas))
