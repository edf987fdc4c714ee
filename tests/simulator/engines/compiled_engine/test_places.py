"""Places of cases: given to others when a case is over, unless a child may still set its values."""

import pytest

from simulator.engines import compiled_engine, simpy_engine
from simulator.engines.compiled_engine import memory
from simulator.records import first_difference
from tests.simulator.engines.toys import toy

FLOW = """
  channels: {a: {process: p, rate: 10 /h}}
  steps:
    look: {kind: wait, duration: {exponential: 2 h}}
"""
FAMILY = """
  attributes: {x: {initial: 1}, y: {initial: 5}}
  channels: {a: {process: p, rate: 3 /h}}
  processes:
    p:
      steps:
        first: {kind: spawn, process: q}
        second: {kind: spawn, process: q, values: {y: 7}}
        done: {kind: end, outcome: done}
    q:
      steps:
        later: {kind: wait, duration: {uniform: {low: 1 h, high: 5 h}}}
        told: {kind: set, of: parent, values: {x: before + y}}
        child: {kind: spawn, process: r}
        over: {kind: end, outcome: over}
    r:
      steps:
        rest: {kind: wait, duration: {exponential: 3 h}}
        told: {kind: set, of: parent, values: {y: before + 100}}
        over: {kind: end, outcome: over}
"""


def places(program):
    """Places that the replications of a program have needed, and cases that came."""
    return memory._NEEDED[program]["cases"], memory._NEEDED[program]["roll"]


def test_memory_is_that_of_the_cases_alive():
    """Of some 1,700 cases in a week about 20 are there at one time, and three times as many never."""
    program = toy(FLOW)
    records = compiled_engine.simulate(program, 1, 0)
    needed, came = places(program)
    assert came == records.cases.key.size > 1_500
    assert needed < 60


@pytest.mark.parametrize("replication", range(5))
def test_a_parent_that_is_over_has_its_place_until_its_last_child_has_told_it(replication):
    """Its attributes are as in the SimPy engine: both children and no stranger have added to them."""
    program = toy(FAMILY)
    records = compiled_engine.simulate(program, 1, replication)
    assert first_difference(simpy_engine.simulate(program, 1, replication), records) == ""
    early = records.cases.born < 100
    parents = records.cases.attributes[early & (records.cases.parent == -1)]
    assert set(map(tuple, parents.tolist())) == {(13.0, 5.0)}
    children = records.cases.attributes[early & (records.cases.process == 1)]
    assert set(children[:, 1].tolist()) == {105.0, 107.0}
    needed, came = places(program)
    assert needed < came / 5


def test_a_place_is_given_to_one_case_at_a_time():
    """After a week each case in the roll that is over has left its place, and those alive have different ones."""
    program = toy(FAMILY)
    compiled_engine.simulate(program, 2, 0)
    kept = memory._KEPT[0]
    needed, came = places(program)
    numbers = kept["cases"]["number"][:needed]
    alive = numbers[numbers >= 0]
    assert len(set(alive.tolist())) == alive.size > 0
    assert (kept["roll"]["place"][:came][alive] == (numbers >= 0).nonzero()[0]).all()
