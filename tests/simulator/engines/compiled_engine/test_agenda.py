"""The agenda of events against Python's own heap: by time, and among equal times by the order of scheduling."""

import heapq
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given, settings

from simulator.engines.arrivals import draw_arrivals
from simulator.engines.compiled_engine.agenda import (
    ALONE,
    QUEUED,
    drop_due,
    drop_first,
    foremost,
    moment_of,
    schedule,
    schedule_arrival,
)
from simulator.engines.compiled_engine.kernel import FULL, OVER, advance
from simulator.engines.compiled_engine.memory import CASES_A_PERIOD, RunMemory
from tests.simulator.engines.compiled_engine.parts import memory_with
from tests.simulator.engines.toys import toy

MANY = settings(max_examples=60, deadline=None, derandomize=True)
DELAYS = st.one_of(st.sampled_from([0.0, 0.5, 1.0, 1.0, 7.25, math.nextafter(1.0, 2.0)]), st.floats(0, 100))
ROWS = 512
RATES = pytest.mark.parametrize("rate", [0.0, 0.1, 3.0])
"""Periods an hour: one heap for all, periods of ten hours, and so many that the last list holds most."""
ARRIVES = -1
"""Kind of an arrival in the oracle, which the engine does not need."""


class Twin:
    """An agenda of the engine beside a heap of Python, which hold the same events."""

    def __init__(self, rate=0.1):
        self.memory = memory_with("events", ROWS)
        self.memory["later"] = self.memory["events"].copy()
        self.memory["periods"] = np.full(20, -1, np.int32)
        self.registers = self.memory["registers"]
        self.registers["periods_an_hour"] = rate
        self.oracle = []
        self.scheduled = 0

    @property
    def now(self):
        """The moment of the event that was taken out last."""
        return self.registers["now"][0].item()

    def schedule(self, delay, kind=0, subject=0, detail=0):
        """Put an event into both."""
        schedule(self.memory.address, self.now + delay, kind, subject, detail)
        self._note(delay, kind, subject, detail)

    def schedule_arrival(self, delay):
        """Let an arrival be the next in both."""
        schedule_arrival(self.memory.address, self.now + delay)
        self._note(delay, ARRIVES, 0, 0)

    def _note(self, delay, *what):
        heapq.heappush(self.oracle, (self.now + delay, self.scheduled, *what))
        self.scheduled += 1

    def drop(self):
        """Take the first event out of both; return when it happens, what it is, and behind how many it was noted."""
        where = foremost(self.memory.address)
        time = moment_of(self.memory.address, where)
        if where == ALONE:
            found = (time, ARRIVES, 0, 0)
            self.registers["comes"] = math.inf
        else:
            row = self.memory["later"][self.registers["due"][0]] if where == QUEUED else self.memory["events"][0]
            found = (time, *(row[name].item() for name in ("kind", "subject", "detail")))
            (drop_due if where == QUEUED else drop_first)(self.memory.address)
        self.registers["now"] = time
        expected, order, *what = heapq.heappop(self.oracle)
        assert found == (expected, *what)
        assert self.in_order()
        return (*found, order)

    def __len__(self):
        return len(self.oracle)

    def in_order(self):
        """Whether no event is in front of the one above it."""
        events = self.memory["events"][: self.registers["near"][0]]
        above = (np.arange(1, events.size) - 1) >> 2
        keys = list(zip(events["time"].tolist(), events["order"].tolist(), strict=True))
        return all(keys[upper] < key for upper, key in zip(above, keys[1:], strict=True))


@RATES
@MANY
@given(delays=st.lists(DELAYS, max_size=80))
def test_events_come_out_by_time_and_order_of_scheduling(rate, delays):
    """All go in, all come out, each with what was scheduled."""
    twin = Twin(rate)
    for place, delay in enumerate(delays):
        twin.schedule(delay, kind=place % 8, subject=place + 7, detail=place)
        assert twin.in_order()
    out = [twin.drop() for _ in delays]
    assert [event[0] for event in out] == sorted(delays)
    assert moment_of(twin.memory.address, foremost(twin.memory.address)) == math.inf
    assert twin.memory.used("events") == 0


@RATES
@MANY
@given(moves=st.lists(st.one_of(DELAYS, st.none(), st.tuples(DELAYS.filter(bool))), max_size=150))
def test_going_in_and_coming_out_in_any_mixture(rate, moves):
    """A number schedules, a number in brackets lets an arrival be the next unless one is, None takes the first out."""
    twin = Twin(rate)
    for move in moves:
        if isinstance(move, tuple):
            if not any(event[2] == ARRIVES for event in twin.oracle):
                twin.schedule_arrival(*move)
        elif move is not None:
            twin.schedule(move, subject=int(4 * move))
        elif len(twin) > 0:
            twin.drop()
        assert twin.in_order()
    while len(twin) > 0:
        twin.drop()


@MANY
@given(st.integers(1, 200), DELAYS)
@example(1, 0.0)
@example(200, 3.0)
def test_events_of_one_time_are_first_in_first_out(count, delay):
    """Whatever the shape of the heap, and in the queue of this moment: nobody is overtaken at one moment."""
    twin = Twin()
    for number in range(count):
        twin.schedule(delay, subject=number)
    assert [twin.drop()[2] for _ in range(count)] == list(range(count))


def test_an_arrival_comes_in_its_turn_among_events_of_its_moment():
    """Behind what was noted for its moment before it, in front of what is noted after it, and of what is due then."""
    twin = Twin()
    twin.schedule(2.0, subject=1)
    twin.schedule_arrival(2.0)
    twin.schedule(2.0, subject=2)
    assert twin.drop()[2] == 1
    twin.schedule(0.0, subject=3)
    assert [twin.drop()[1:3] for _ in range(3)] == [(ARRIVES, 0), (0, 2), (0, 3)]


@MANY
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=40))
def test_what_an_event_schedules_for_its_own_moment_comes_after_all_that_is_there(chains):
    """As a loop runs: each event taken out schedules others, now or later."""
    twin = Twin()
    for delay, _ in chains:
        twin.schedule(float(delay))
    seen = []
    for step in range(4 * len(chains)):
        if len(twin) == 0:
            break
        time, *_, order = twin.drop()
        seen.append((time, order))
        if step < len(chains):
            twin.schedule(float(chains[step][0]))
            twin.schedule(0.0)
    assert seen == sorted(seen)


@RATES
@pytest.mark.parametrize("times", [range(300), range(300, 0, -1), [5.0] * 300, [1, 2] * 150, [2, 1] * 150])
def test_rows_of_many_events(rate, times):
    """Ascending, descending, all equal, alternating: the orders in which a careless heap goes wrong."""
    twin = Twin(rate)
    for time in times:
        twin.schedule(float(time))
    out = [(event[0], event[-1]) for event in (twin.drop() for _ in times)]
    assert out == sorted(zip(map(float, times), range(300), strict=True))


def test_endless_times_come_last():
    """A wait for a schedule without a further moment is an event that never happens before the others."""
    twin = Twin()
    for time in (math.inf, 3.0, math.inf, 1e300, 0.0):
        twin.schedule(time)
    assert [twin.drop()[0] for _ in range(3)] == [0.0, 3.0, 1e300]
    assert moment_of(twin.memory.address, foremost(twin.memory.address)) == math.inf


def test_a_heap_in_a_larger_table_is_the_same_heap():
    """Enlarging between two events changes nothing of the order."""
    twin, times = Twin(), np.random.default_rng(5).integers(0, 9, 400).astype(float)
    for number, time in enumerate(times):
        if number in {3, 100, 399}:
            before = twin.memory["events"].size
            twin.memory.enlarge(before)
            assert twin.memory["events"].size >= 2 * before
        twin.schedule(time)
    assert [twin.drop()[0] for _ in times] == sorted(times)


def test_what_is_put_off_lies_outside_the_heap_until_its_period_begins():
    """The heap holds the events of one period, whatever waits for others; rows of those that came are used again."""
    twin = Twin()
    for hour in range(100):
        twin.schedule(float(hour))
    registers = twin.registers[0]
    # That of hour 0 is due now, and not put off.
    assert (registers["near"], registers["later"], registers["events"]) == (9, 91, 99)
    for hour in range(100):
        assert registers["near"] <= 10
        twin.drop()
        twin.schedule(100.0)
        assert (len(twin), registers["later"]) == (100, 91 + min(hour, 9))


def test_an_empty_heap_is_not_filled_beyond_the_next_arrival():
    """Else all that it brings would go into the heap: of 840 cases that wait for a week, the heap holds some dozens."""
    program = toy("""
      horizon: {length: 60 d}
      channels: {a: {process: p, interval: 12 min}}
      steps: {rest: {kind: wait, duration: 7 d}}
    """)
    arrivals = draw_arrivals(program, 1, 0)
    memory = RunMemory(program, 1, 0, arrivals.time.size)
    registers, in_heap, waiting = memory["registers"], [], []
    while (status := advance(memory.address, arrivals.time, arrivals.channel, arrivals.key, 50)) != OVER:
        if status == FULL:
            memory.enlarge(int(registers["needed"][0]))
        in_heap.append(registers["near"][0])
        waiting.append(registers["events"][0])
    assert max(in_heap) < 2 * CASES_A_PERIOD
    assert max(waiting) >= 7 * 24 * 5 - 1
