"""Draws of one replication, compiled: the functions that both engines share, called with the memory of the run."""

import math

from simulator.chance.compiled import bare, inlined
from simulator.chance.formulas import evaluate
from simulator.chance.keyed import first_uniforms, uniform
from simulator.chance.quantities import amount, probability
from simulator.chance.sampling import draw
from simulator.engines.births import bring, give_birth
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.rows import Memory
from simulator.engines.compiled_engine.tables import COHORT
from simulator.records import Indices, Integers


@inlined
def look(
    m: Memory,
    case: int,
    visit: int,
) -> None:
    """Set what formulas read of the moment and of the case."""
    now, who, context = rows.registers(m)[0]["now"], rows.cases(m)[case], rows.context(m)
    context[0] = now
    context[1] = now - who["born"]
    context[2] = visit
    context[3] = who["waited"]
    context[4] = who["worked"]
    context[5] = who["win_factor"]
    context[6] = now - rows.registers(m)[0]["warm_up"]


@inlined
def draw_uniform(m: Memory, key: int, purpose: int, visit: int) -> float:
    """Return the uniform number of a case for a purpose."""
    once = rows.registers(m)[0]
    return uniform(once["seed"], once["replication"], key, purpose, visit)


@bare
def full_amount(m: Memory, quantity: int, case: int, visit: int, key: int) -> float:
    """Return a quantity that reads attributes."""
    look(m, case, visit)
    once = rows.registers(m)[0]
    return amount(
        quantity, once["seed"], once["replication"], key, visit,
        rows.chances(m), rows.values(m)[case], rows.touched(m)[case], rows.context(m),
    )  # fmt: skip


@bare
def formula_of(m: Memory, formula: int, case: int, visit: int) -> float:
    """Return the value of a formula for a case."""
    look(m, case, visit)
    return evaluate(formula, rows.formulas(m), rows.values(m)[case], rows.touched(m)[case], rows.context(m))


@inlined
def quantity_of(m: Memory, quantity: int, case: int, visit: int, key: int) -> float:
    """Return a quantity for a case, or for a child whose key is given; base units."""
    fixed = rows.constant(m)[quantity]
    if not math.isnan(fixed):
        return fixed
    row, formula = rows.distribution(m)[quantity], rows.formula(m)[quantity]
    if rows.uses_count(m)[quantity] > 0 or (row >= 0 and formula >= 0):
        return full_amount(m, quantity, case, visit, key)
    if row < 0:
        return formula_of(m, rows.wide(formula), case, visit)
    once = rows.registers(m)[0]
    return draw(
        once["seed"], once["replication"], key, rows.purpose(m)[quantity], visit,
        row, rows.distributions(m), rows.points(m),
    )  # fmt: skip


@inlined
def hours_of(m: Memory, quantity: int, case: int, visit: int) -> float:
    """Return a quantity of time, which is never negative; 0 where there is none."""
    if quantity < 0:
        return 0.0
    value = quantity_of(m, quantity, case, visit, rows.cases(m)[case]["key"])
    return max(0.0, value)


@inlined
def full_chance(m: Memory, quantity: int, case: int, visit: int) -> float:
    """Return a probability that reads attributes."""
    look(m, case, visit)
    return probability(quantity, rows.chances(m), rows.values(m)[case], rows.touched(m)[case], rows.context(m))


@inlined
def chance_of(m: Memory, quantity: int, case: int, visit: int) -> float:
    """Return a probability for a case."""
    fixed = rows.certain(m)[quantity]
    return full_chance(m, quantity, case, visit) if math.isnan(fixed) else fixed


@bare
def bear(m: Memory, case: int, channel: int) -> None:
    """Give a case the attributes that its channel brings."""
    once = rows.registers(m)[0]
    if once["attributes"] == 0:
        return
    look(m, case, 0)
    give_birth(
        rows.all_births(m), channel, once["seed"], once["replication"], rows.cases(m)[case]["key"], rows.chances(m),
        rows.values(m)[case], rows.touched(m)[case], rows.context(m), rows.context(m)[:0], rows.uniforms(m),
    )  # fmt: skip


@bare
def bear_cohort(m: Memory, first: int, channels: Indices, keys: Integers) -> None:
    """Draw the attributes of the arrivals from the ``first`` on, as many as are drawn at a time.

    One attribute of all of them comes after the other: the processor then does the same many times, and several at
    once. It can be done before their time, since nothing that is drawn depends on it.
    """
    births, chances, context = rows.all_births(m), rows.chances(m), rows.context(m)
    once, touched, uniforms = rows.registers(m)[0], rows.untouched(m), rows.cohort_uniforms(m)
    count = min(COHORT, channels.size - first)
    place = first % rows.cohort(m).shape[0]
    values = rows.cohort(m)[place : place + count]
    once["borne"] = first + count
    for row in range(count):
        channel = channels[first + row]
        first_uniforms(once["seed"], once["replication"], keys[first + row], births.luck[channel], uniforms[row])
        for attribute in range(births.attributes):
            values[row, attribute] = births.given[channel, attribute]
    context[0] = 0.0
    for at in range(uniforms.shape[1]):
        for row in range(count):
            channel = channels[first + row]
            if births.brought[channel, at] < births.attributes:
                bring(births, channel, at, uniforms[row, at], chances, values[row], touched, context, context[:0])


@bare
def bear_arrival(m: Memory, case: int, at: int, channels: Indices, keys: Integers) -> None:
    """Give the case of an arrival the attributes that its channel brings."""
    once = rows.registers(m)[0]
    if once["cohorts"] == 0:
        bear(m, case, rows.wide(channels[at]))
        return
    if at >= once["borne"]:
        bear_cohort(m, at, channels, keys)
    values, touched, cohort = rows.values(m), rows.touched(m), rows.cohort(m)
    row = at % cohort.shape[0]
    for attribute in range(once["attributes"]):
        values[case, attribute] = cohort[row, attribute]
    for attribute in rows.decaying(m):
        touched[case, attribute] = once["now"]
