"""The memory of a run that is over, which the next one writes over."""

import pickle

import numpy as np

from simulator.engines.compiled_engine import memory
from simulator.engines.compiled_engine.engine import simulate
from simulator.engines.compiled_engine.memory import WITH_CASES, RunMemory
from simulator.engines.compiled_engine.tables import GROWING
from simulator.records import first_difference
from tests.simulator.engines.compiled_engine.parts import SMALL
from tests.simulator.engines.toys import toy


def test_the_next_replication_writes_over_the_tables_of_the_last_one():
    """As new where a row is read before it is written; attributes are part of the records and not handed on."""
    program = toy(SMALL)
    last = RunMemory(program, 1, 0, 5)
    tables = {name: last[name] for name in (*GROWING, *WITH_CASES)}
    for name, table in tables.items():
        table[:3].view(np.uint8).fill(7)
        last["registers"]["cases" if name in WITH_CASES else name] = 3
    last.remember(program)
    following, another = RunMemory(program, 1, 1, 5), RunMemory(program, 1, 2, 5)
    for name, table in tables.items():
        assert (following[name] is table) == (name != "values"), name
        assert not np.shares_memory(another[name], table), name
    for name in ("cases", "counts", "owners", "tickets"):
        assert set(following[name].view(np.uint8).ravel().tolist()) == {255 if name == "owners" else 0}, name


def test_tables_that_are_too_small_or_too_large_are_not_handed_on(monkeypatch):
    """For more arrivals new ones are made; of large ones KPIs may need the room."""
    program = toy(SMALL)
    last = RunMemory(program, 1, 0, 5)
    last.remember(program)
    assert RunMemory(program, 1, 1, 10_000)["cases"].size > 10_000
    monkeypatch.setattr(memory, "MOST_KEPT", 1_000)
    last.remember(program)
    assert RunMemory(program, 1, 1, 5)["cases"] is not last["cases"]


def test_records_are_their_own_whatever_runs_after_them():
    """A run that writes over the tables of another changes nothing in what that one has left."""
    program = toy(SMALL)
    first = simulate(program, 1, 0)
    before = pickle.dumps(first)
    others = [simulate(program, 1, replication) for replication in (1, 2)]
    assert pickle.dumps(first) == before
    assert first_difference(simulate(program, 1, 0), first) == ""
    assert first_difference(simulate(program, 1, 1), others[0]) == ""
