"""The memory of a run that is over, which the next one writes over."""

import pickle

import numpy as np
import pytest

from simulator.engines.compiled_engine import memory
from simulator.engines.compiled_engine.engine import simulate
from simulator.engines.compiled_engine.memory import WITH_CASES, RunMemory
from simulator.engines.compiled_engine.tables import GROWING, VISITS
from simulator.records import first_difference
from tests.simulator.engines.compiled_engine.parts import SMALL
from tests.simulator.engines.compiled_engine.test_places import FAMILY
from tests.simulator.engines.compiled_engine.test_resuming import BUSY
from tests.simulator.engines.toys import toy

PIPELINE = """
  attributes: {x: {initial: 1}, heat: {initial: 9, half_life: 5 h}}
  channels: {a: {process: p, rate: 2 /h}}
  pipeline: {cases: {open: {process: p, step: rest, age: 3 h}}}
  teams: {t: {head_count: 2, shifts: always}}
  steps:
    call: {kind: work, team: t, effort: {exponential: 1 h}, ownership: keep}
    told: {kind: set, values: {x: before + heat}}
    child: {kind: spawn, process: q, joined: true}
    all: {kind: join}
    rest: {kind: wait, duration: {exponential: 2 h}}
  processes:
    q: {steps: {again: {kind: wait, duration: {exponential: 1 h}}, heated: {kind: set, values: {heat: 3}},
        over: {kind: end, outcome: over}}}
"""


def test_the_next_replication_writes_over_the_tables_of_the_last_one():
    """They are the same; only attributes and visits are part of the records, and made for each."""
    program = toy(SMALL)
    last = RunMemory(program, 1, 0, 5)
    tables = {name: last[name] for name in (*GROWING, *WITH_CASES) if name != "visits"}
    for name in tables:
        last["registers"]["cases" if name in WITH_CASES else name] = 3
    last.remember(program)
    last.hand_on()
    following, another = RunMemory(program, 1, 1, 5), RunMemory(program, 1, 2, 5)
    for name, table in tables.items():
        assert following[name] is table, name
        assert not np.shares_memory(another[name], table), name
    for name in ("attributes", *VISITS):
        assert not np.shares_memory(following[name], last[name]), name


@pytest.mark.parametrize("replication", range(1, 4))
@pytest.mark.parametrize("text", [BUSY, FAMILY, PIPELINE], ids=["busy", "family", "pipeline"])
def test_what_the_last_replication_left_is_not_read(text, replication):
    """With rubbish in every row that is handed on, the records are those of new tables."""
    program = toy(text)
    simulate(program, 1, 0)
    for table in memory._KEPT[0].values():
        table.view(np.uint8).fill(77)
    assert first_difference(simulate(program, 1, replication), simulate(toy(text), 1, replication)) == ""


def test_tables_that_are_too_small_or_too_large_are_not_handed_on(monkeypatch):
    """New ones are made where more is needed; of large ones KPIs may need the room."""
    program = toy(SMALL)
    last = RunMemory(program, 1, 0, 5)
    last.remember(program)
    last.hand_on()
    memory._NEEDED[program]["tickets"] = 10_000
    assert RunMemory(program, 1, 1, 5)["tickets"].size > 10_000
    last.remember(program)
    last.hand_on()
    monkeypatch.setattr(memory, "MOST_KEPT", 1_000)
    last.remember(program)
    last.hand_on()
    assert RunMemory(program, 1, 1, 5)["cases"] is not last["cases"]


def test_tables_of_another_program_serve_where_they_are_as_wide():
    """A variant writes over those of the scenario before it, and leaves the records that it leaves with new ones."""
    simulate(toy(BUSY), 1, 0)
    (left,) = memory._KEPT
    for table in left.values():
        table.view(np.uint8).fill(77)
    text = BUSY.replace("bob: {speed: 2}", "bob: {speed: 3}")
    variant = toy(text)
    assert text != BUSY
    assert RunMemory(variant, 1, 0, 5)["cases"] is left["cases"]
    memory._KEPT.append(left)
    after = simulate(variant, 1, 0)
    memory._KEPT.clear()
    assert first_difference(after, simulate(toy(text), 1, 0)) == ""


def test_tables_of_another_width_are_not_handed_on():
    """A program with other attributes, steps or teams has rows of its own."""
    simulate(toy(BUSY), 1, 0)
    (left,) = memory._KEPT
    tables = RunMemory(toy(PIPELINE), 1, 0, 5)
    assert not any(tables[name] is table for name, table in left.items())


def test_records_are_their_own_whatever_runs_after_them():
    """A run that writes over the tables of another changes nothing in what that one has left."""
    program = toy(SMALL)
    first = simulate(program, 1, 0)
    before = pickle.dumps(first)
    others = [simulate(program, 1, replication) for replication in (1, 2)]
    assert pickle.dumps(first) == before
    assert first_difference(simulate(program, 1, 0), first) == ""
    assert first_difference(simulate(program, 1, 1), others[0]) == ""


@pytest.mark.parametrize("traced", [True, False])
def test_visits_of_one_replication_are_not_those_of_the_next(traced):
    """Records take the columns of visits as they are, so that the next replication of the program has its own."""
    program = toy(BUSY)
    first = simulate(program, 1, 0, traced=traced).visits
    before = [column.tobytes() for column in first]
    second = simulate(program, 1, 1, traced=traced).visits
    for mine, next_one, left in zip(first, second, before, strict=True):
        assert mine.size > 0 < next_one.size
        assert not np.shares_memory(mine, next_one)
        assert mine.tobytes() == left
