"""Steps that take no time, compiled."""

import math

from simulator.chance.compiled import bare, inlined
from simulator.chance.formulas import evaluate, read_attribute
from simulator.chance.keyed import derived_key
from simulator.chance.quantities import assign
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.agenda import schedule
from simulator.engines.compiled_engine.chance import bear, chance_of, draw_uniform, look, quantity_of
from simulator.engines.compiled_engine.recorder import create, retire
from simulator.engines.compiled_engine.rows import Memory
from simulator.engines.compiled_engine.tables import JOINED
from simulator.engines.compiled_engine.team import let_go
from simulator.schema.formula import BUILTINS

BEFORE = list(BUILTINS).index("before")
SIBLINGS = 2**20
"""Children that one visit to a step may have, so that every child has an ordinal of its own."""


@inlined
def decide(m: Memory, case: int, step: int, visit: int) -> int:
    """Choose one of several outcomes, the conditions and probabilities being tried in their order."""
    this = rows.steps(m)[step]
    u, passed, following, looked = math.nan, 0.0, this["next"], False
    for at in range(this["first"], this["first"] + this["items"]):
        outcome = rows.outcomes(m)[at]
        following = outcome["to"]
        if outcome["when"] >= 0:
            if not looked:
                look(m, case, visit)
                looked = True
            values, touched = rows.values(m)[case], rows.touched(m)[case]
            if evaluate(outcome["when"], rows.formulas(m), values, touched, rows.context(m)) == 0.0:
                continue
        if outcome["probability"] < 0:
            break
        if math.isnan(u):  # a decision by conditions alone needs no chance
            u = draw_uniform(m, rows.cases(m)[case]["key"], this["purpose"], visit)
        passed += chance_of(m, outcome["probability"], case, visit)
        if u < passed:
            break
    return following


@inlined
def set_values(m: Memory, case: int, target: int, step: int, visit: int, key: int) -> None:
    """Compute values with the attributes of a case, and set them in the same or another case."""
    this, now = rows.steps(m)[step], rows.registers(m)[0]["now"]
    for at in range(this["first"], this["first"] + this["items"]):
        attribute, quantity = rows.assignments(m)[at]["attribute"], rows.wide(rows.assignments(m)[at]["quantity"])
        rows.context(m)[BEFORE] = read_attribute(
            attribute, rows.values(m)[target], rows.touched(m)[target], now, rows.half_life(m)
        )
        value = quantity_of(m, quantity, case, visit, key)
        assign(attribute, value, now, rows.chances(m), rows.values(m)[target], rows.touched(m)[target])


@bare
def spawn(m: Memory, case: int, step: int, visit: int, count: int) -> None:
    """Create child cases, whose lives begin after this event."""
    this = rows.steps(m)[step]
    for ordinal in range(count):
        key = derived_key(rows.cases(m)[case]["key"], this["purpose"], visit * SIBLINGS + ordinal)
        child = create(m, key, this["target"], this["channel"], case)
        rows.cases(m)[child]["at_once"] = rows.cases(m)[case]["at_once"] + 1
        if this["channel"] >= 0:
            bear(m, child, this["channel"])
        else:
            values, touched = rows.values(m), rows.touched(m)
            for attribute in range(rows.registers(m)[0]["attributes"]):
                values[child, attribute] = values[case, attribute]
            for attribute in rows.decaying(m):
                touched[child, attribute] = touched[case, attribute]
        set_values(m, case, child, step, visit, key)
        if this["joined"] != 0:
            rows.cases(m)[child]["joined"] = 1
            rows.cases(m)[case]["children"] += 1


@bare
def children_of(m: Memory, case: int, step: int, visit: int) -> int:
    """Number of children that a spawn step creates."""
    number = rows.steps(m)[step]["number"]
    if number < 0:
        return 1
    count = quantity_of(m, number, case, visit, rows.cases(m)[case]["key"])
    return round(min(max(0.0, count), SIBLINGS))


@bare
def end_case(m: Memory, case: int, step: int) -> None:
    """Close the case: its owners are free of it, and a parent that waits for it may go on."""
    who = rows.cases(m)[case]
    entry, who["over"] = rows.roll(m)[who["number"]], 1
    entry["ended"], entry["outcome"] = rows.registers(m)[0]["now"], rows.steps(m)[step]["outcome"]
    for team in range(rows.team_count(m)):
        if rows.owners(m)[case, team] >= 0:
            let_go(m, case, team)
    if who["joined"] != 0:
        parent = who["parent"]
        rows.cases(m)[parent]["children"] -= 1
        if rows.cases(m)[parent]["children"] == 0 and rows.cases(m)[parent]["joining"] != 0:
            schedule(m, rows.registers(m)[0]["now"], JOINED, parent, 0)
    retire(m, case)
