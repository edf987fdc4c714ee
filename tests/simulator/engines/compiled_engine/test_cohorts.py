"""Arrivals whose attributes are drawn together have those that each would have drawn by itself."""

import pytest

from simulator.engines import compiled_engine, simpy_engine
from simulator.engines.compiled_engine import initial
from simulator.engines.compiled_engine.tables import COHORT
from simulator.records import first_difference
from tests.simulator.engines.toys import run, toy

FIRM = """
  segments: {{small: {{share: 2, brings: {{size: {{lognormal: {{median: 9, p90: 40}}}}}}}}, large: {{share: 1}}}}
  products: {{one: {{share: 1, brings: {{worth: size * 3}}}}, other: {{share: 1}}}}
  attributes:
    size: {{initial: {{exponential: 300}}, low: 1, high: 900}}
    heat: {{initial: {{uniform: {{low: 0, high: 8}}}}, half_life: 1 d}}
    seen: {{initial: {{formula: heat + log(size), normal: {{mean: 0, sd: 1}}}}}}
    worth: {{initial: {worth}}}
  channels:
    web: {{process: p, drops: [{{date: 2024-01-01, leads: {leads}}}, {{date: 2024-01-03, leads: 40}}]}}
    fair: {{process: p, rate: 1 /h, brings: {{heat: 5, size: 77}}}}
  steps:
    rest: {{kind: wait, duration: {{exponential: 9 h}}}}
    child: {{kind: spawn, process: q, channel: web}}
  processes:
    q: {{steps: {{told: {{kind: set, values: {{seen: before + heat}}}}}}}}
"""


@pytest.mark.parametrize("leads", [1, COHORT - 1, COHORT, COHORT + 1, 3 * COHORT + 5])
def test_they_are_as_drawn_one_by_one(leads, monkeypatch):
    """By channel, segment and product, with formulas, bounds, what decays and children between, however many come."""
    program = toy(FIRM.format(leads=leads, worth="seen * 2"))
    together = compiled_engine.simulate(program, 5, 2)
    monkeypatch.setattr(initial, "born_alike", lambda _: False)
    apart = compiled_engine.simulate(program, 5, 2)
    assert first_difference(apart, together) == ""
    assert first_difference(simpy_engine.simulate(program, 5, 2), together) == ""
    assert together.cases.key.size > leads + 40


@pytest.mark.parametrize("name", ["now", "age", "visits", "waited", "worked", "win_factor", "measured"])
def test_whoever_reads_the_moment_at_birth_is_drawn_at_birth(name):
    """A formula over built-in names keeps arrivals apart, and both engines agree."""
    program = toy(FIRM.format(leads=40, worth=f"size + {name} * 3"))
    assert not initial.born_alike(program)
    run(program)


def test_formulas_over_attributes_alone_do_not():
    """Whoever has none of them is drawn together too."""
    assert initial.born_alike(toy(FIRM.format(leads=40, worth="'min(size, heat)'")))
    assert initial.born_alike(toy("{come: {a: 3}, steps: {w: {kind: wait, duration: 1 h}}}"))
