"""Scenarios written as small mappings, whose names and formulas are checked like those of files, and compiled."""

import datetime as dt

import numpy as np

from simulator.program.compiler import compile_scenario
from simulator.program.layout import STEP
from simulator.program.step_table import REFERENCES
from simulator.schema.arrivals import arrival_findings
from simulator.schema.references import formula_findings, reference_findings
from simulator.schema.scenario import Scenario

MONDAY = dt.date(2024, 1, 1)
HORIZON = {"start": MONDAY, "warm_up": "0 d", "length": "7 d", "currency": "EUR"}
DONE = {"kind": "end", "outcome": "done"}
CREW = {"crew": {"head_count": 2}}


def scenario(steps=None, folder=None, **said):
    """A valid scenario: one process ``p`` of the steps given, with an end behind them, and what else is said."""
    steps = dict(steps or {})
    if not any(step["kind"] == "end" for step in steps.values()):
        steps["done"] = DONE
    said["processes"] = {"p": {"steps": steps}, **said.get("processes", {})}
    said["horizon"] = HORIZON | said.get("horizon", {})
    said.setdefault("channels", {"web": {"process": "p", "interval": "1 h"}})
    built = Scenario.model_validate({"caudal": 1, "name": "Toy"} | said)
    # Not whether every step can be reached: a step alone is compiled all the same.
    found = [*reference_findings(built), *formula_findings(built), *arrival_findings(built, folder)]
    assert not found, found
    return built


def program(steps=None, folder=None, **said):
    """Program of such a scenario."""
    return compile_scenario(scenario(steps, folder, **said), folder)


WORK = {"kind": "work", "team": "desk", "effort": "1 h"}
AROUND = {
    "stages": {"open": "Open", "won": "Won", "paid": "Paid"},
    "attributes": {"size": {"levels": ["small", "mid", "large"]}, "score": {}, "heat": {}},
    "teams": {"crew": {"head_count": 1}, "desk": {"head_count": 3, "cost_centre": "service"}},
    "channels": {"web": {"process": "p", "interval": "1 h"}, "fair": {"process": "child", "interval": "1 h"}},
    "processes": {
        "child": {"steps": {"out": {"kind": "end", "outcome": "grown", "result": "won"}}},
        "third": {"steps": {"x": {"kind": "join"}, "out": {"kind": "end", "outcome": "done"}}},
    },
}


def amid(stated, name="it", **more):
    """Program of one step among others: process p is first, the step stated, last, end."""
    wait = {"kind": "wait", "duration": "1 h"}
    return program({"first": wait, name: stated, "last": wait}, **(AROUND | more))


def step_of(compiled, name, process="p"):
    """Row of a step by name, as a dictionary."""
    row = compiled.tables.steps[compiled.names.steps.index(f"{process}.{name}")]
    return {field: row[field].item() for field in STEP.names}


def used(row):
    """References of a step that are used."""
    return {field for field in REFERENCES if row[field] != -1}


def leaves(value, place=""):
    """Every array and plain value inside a program with its place, in a fixed order."""
    if hasattr(value, "__dataclass_fields__"):
        value = {name: getattr(value, name) for name in value.__dataclass_fields__}
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{place}.{name}")
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{place}.{number}")
    else:
        yield place, value


def same(one, other):
    """Whether two leaves hold the same bytes."""
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return one == other


def distribution(compiled, quantity):
    """Row of the distribution behind a quantity."""
    chances = compiled.tables.chances
    return chances.rows[chances.distribution[quantity]]
