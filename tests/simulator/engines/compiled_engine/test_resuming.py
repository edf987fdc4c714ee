"""The loop comes back when a table is full or its budget is spent, and goes on as if nothing had been."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from simulator.engines import compiled_engine, simpy_engine
from simulator.engines.arrivals import draw_arrivals
from simulator.engines.compiled_engine import engine, memory
from simulator.engines.compiled_engine.kernel import FULL, OVER, PAUSED, advance
from simulator.engines.compiled_engine.memory import WITH_CASES, RunMemory
from simulator.engines.compiled_engine.tables import GROWING, VISITS
from simulator.errors import CaudalError
from simulator.records import first_difference
from tests.simulator.engines.random_scenarios import scenarios
from tests.simulator.engines.toys import compiled, toy

FEW = settings(
    max_examples=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)  # fmt: skip
BUSY = """
  horizon: {length: 3 d}
  attributes: {x: {initial: {uniform: {low: 0, high: 3}}}}
  channels: {a: {process: p, interval: {exponential: 20 min}}}
  teams: {t: {members: {ann: {}, bob: {speed: 2}}, shifts: "Mon-Sun 08:00-18:00", discipline: priority},
          s: {head_count: 1, shifts: always}}
  processes:
    p:
      steps:
        u: {kind: work, team: t, effort: {exponential: 20 min}, priority: x, patience: {after: 8 h, to: lost}}
        s: {kind: spawn, process: q, count: {poisson: 1}, joined: true}
        v: {kind: work, team: s, effort: 5 min, balk: {at: 6, to: lost}}
        j: {kind: join}
        m: {kind: post, account: booked, amount: 10 EUR}
        d: {kind: decide, outcomes: {again: {probability: 0.4, to: u}, out: {to: won}}}
        won: {kind: end, outcome: won}
        lost: {kind: end, outcome: lost}
    q: {steps: {w: {kind: wait, duration: {exponential: 2 h}}, n: {kind: post, account: cost, amount: 1 EUR},
                o: {kind: end, outcome: over}}}
"""
COLUMNS = {name: (name,) for name in GROWING} | {"cases": WITH_CASES, "visits": tuple(VISITS)}


def tiny(monkeypatch, rows=1, spare=0):
    """Let tables begin with so few rows, and grow by no more than what is asked for and a few to spare, all rubbish."""
    begin = memory._of_run

    def small(*arguments):
        tables = begin(*arguments)
        return tables | {column: tables[column][:rows] for name in GROWING for column in COLUMNS[name]}

    def larger(table, room):
        grown = np.empty((table.shape[0] + room + spare, *table.shape[1:]), table.dtype)
        grown.view(np.uint8).fill(77)
        grown[: table.shape[0]] = table
        return grown

    monkeypatch.setattr(memory, "_of_run", small)
    monkeypatch.setattr(memory, "_larger", larger)


def told(simulate, program):
    """Records, or the sentence of a refusal."""
    try:
        return simulate(program, 1, 0)
    except CaudalError as error:
        return str(error)


def same(program):
    """Whether both engines leave the same records, or refuse in the same words."""
    record, twin = told(simpy_engine.simulate, program), told(compiled_engine.simulate, program)
    if isinstance(record, str) or isinstance(twin, str):
        return record == twin
    return first_difference(record, twin) == ""


def statuses(program, budget, kept=None):
    """Why the loop came back, call by call, over a whole run; looks after the tables each time."""
    arrivals = draw_arrivals(program, 1, 0)
    tables = RunMemory(program, 1, 0, arrivals.time.size) if kept is None else kept
    found = []
    while True:
        found.append(advance(tables.address, arrivals.time, arrivals.channel, arrivals.key, budget))
        assert all(tables.used(name) <= tables.room(name) for name in GROWING)
        if found[-1] == OVER:
            return found
        if found[-1] == FULL:
            tables.enlarge(int(tables["registers"]["needed"][0]))


@pytest.mark.parametrize(("rows", "spare"), [(1, 0), (1, 1), (2, 0), (50, 3), (100, 0), (150, 50)])
def test_tables_that_are_full_all_the_time_change_no_record(monkeypatch, rows, spare):
    """From one row on, with hardly any to spare: the loop stops in the midst of walks, arrivals and events."""
    tiny(monkeypatch, rows, spare)
    program = toy(BUSY)
    assert statuses(program, 10**9).count(FULL) > 3
    assert same(program)


@pytest.mark.slow
@FEW
@given(scenarios())
def test_random_scenarios_in_tiny_tables(monkeypatch, said):
    """Every kind of step may be the one for which there is no room."""
    with monkeypatch.context() as patch:
        tiny(patch)
        assert same(compiled(said))


@FEW
@given(scenarios())
def test_random_scenarios_with_a_pause_after_each_event(monkeypatch, said):
    """What is under way is kept between two calls."""
    with monkeypatch.context() as patch:
        patch.setattr(engine, "SLICE", 1)
        assert same(compiled(said))


@pytest.mark.parametrize("budget", [1, 2, 3, 7, 100, 1_000])
def test_pauses_change_no_record(monkeypatch, budget):
    """However few events there are between two of them, and though tables are full as well."""
    monkeypatch.setattr(engine, "SLICE", budget)
    program = toy(BUSY)
    assert same(program)
    tiny(monkeypatch)
    assert same(program)


def test_a_budget_is_the_number_of_events_until_a_pause():
    """A run of 10 events and no more comes back twice with a budget of 4."""
    program = toy("{horizon: {length: 10.5 h}, steps: {w: {kind: wait, duration: 1 h}, "
                  "d: {kind: decide, outcomes: {more: {probability: 1, to: w}, out: {}}}}}")  # fmt: skip
    assert statuses(program, 4) == [PAUSED, PAUSED, OVER]
    assert statuses(program, 5) == [PAUSED, OVER]
    assert statuses(program, 10) == [OVER]
    assert statuses(program, 1) == [PAUSED] * 9 + [OVER]


def test_no_budget_lets_nothing_happen_after_the_first_moment():
    """Arrivals and first steps need no event; the rest of the run waits."""
    program = toy("{steps: {w: {kind: wait, duration: 1 h}}}")
    arrivals, tables = draw_arrivals(program, 1, 0), RunMemory(program, 1, 0, 1)
    for _ in range(3):
        assert advance(tables.address, arrivals.time, arrivals.channel, arrivals.key, 0) == PAUSED
        assert tables.used("visits") == 1
        assert tables["registers"]["now"][0] == 0
    assert advance(tables.address, arrivals.time, arrivals.channel, arrivals.key, 1) == OVER
    assert tables["registers"]["now"][0] == program.end


def test_a_run_that_is_over_stays_over():
    """Another call adds nothing."""
    program = toy(BUSY)
    arrivals, tables = draw_arrivals(program, 1, 0), RunMemory(program, 1, 0, 10)
    statuses(program, 10**9, tables)
    before = {name: tables.used(name) for name in GROWING}
    assert advance(tables.address, arrivals.time, arrivals.channel, arrivals.key, 100) == OVER
    assert {name: tables.used(name) for name in GROWING} == before


@pytest.mark.parametrize("name", GROWING)
def test_each_table_alone_may_be_the_one_that_is_full(monkeypatch, name):
    """All others are large enough from the beginning."""
    begin = memory._of_run

    def one_small(program, seed, replication, arrivals):
        tables = begin(program, seed, replication, 20_000)
        tables |= {
            other: np.zeros(20_000, tables[other].dtype) for other in ("events", "later", "postings", "overtakings")
        }
        return tables | {column: tables[column][:1] for column in COLUMNS[name]}

    monkeypatch.setattr(memory, "_of_run", one_small)
    program = toy(BUSY)
    assert FULL in statuses(program, 10**9)
    assert same(program)


def test_no_event_takes_more_rows_than_are_kept_free():
    """The room that is asked for before each event bounds what the event writes, with every queue of a team at work."""
    program = toy(BUSY)
    arrivals = draw_arrivals(program, 1, 0)
    tables = RunMemory(program, 1, 0, arrivals.time.size)
    room, elsewhere = (int(tables["registers"][name][0]) for name in ("room", "room_elsewhere"))
    most, status = dict.fromkeys(("waits", "tickets", "overtakings", "events", "later", "postings"), 0), PAUSED
    while status != OVER:
        before = {name: tables.used(name) for name in most}
        status = advance(tables.address, arrivals.time, arrivals.channel, arrivals.key, 1)
        most = {name: max(rows, tables.used(name) - before[name]) for name, rows in most.items()}
        if status == FULL:
            tables.enlarge(int(tables["registers"]["needed"][0]))
    assert 0 < most.pop("overtakings") <= room
    assert 0 < max(most.values()) <= elsewhere
