"""The agenda of events against Python's own heap: by time, and among equal times by the order of scheduling."""

import heapq
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given, settings

from simulator.engines.compiled_engine.agenda import begin_period, drop_first, schedule
from tests.simulator.engines.compiled_engine.parts import memory_with

MANY = settings(max_examples=60, deadline=None, derandomize=True)
TIMES = st.one_of(st.sampled_from([0.0, 0.5, 1.0, 1.0, 7.25, math.nextafter(1.0, 2.0)]), st.floats(0, 100))
ROWS = 512
RATES = pytest.mark.parametrize("rate", [0.0, 0.1, 3.0])
"""Periods an hour: one heap for all, periods of ten hours, and so many that the last list holds most."""


class Twin:
    """An agenda of the engine beside a heap of Python, which hold the same events."""

    def __init__(self, rate=0.1):
        self.memory = memory_with("events", ROWS)
        self.memory["later"] = self.memory["events"].copy()
        self.memory["periods"] = np.full(20, -1, np.int32)
        self.memory["registers"]["periods_an_hour"] = rate
        self.oracle = []
        self.scheduled = 0

    def schedule(self, time, kind=0, subject=0, detail=0):
        """Put an event into both."""
        schedule(self.memory.address, time, kind, subject, detail)
        heapq.heappush(self.oracle, (time, self.scheduled, kind, subject, detail))
        self.scheduled += 1
        assert self.first() == self.oracle[0]

    def drop(self):
        """Take the first event out of both."""
        found = self.first()
        drop_first(self.memory.address)
        assert found == heapq.heappop(self.oracle)
        assert len(self) == len(self.oracle)
        return found

    def first(self):
        """What the engine would let happen next."""
        if self.memory["registers"]["near"][0] == 0:
            begin_period(self.memory.address)
        event = self.memory["events"][0]
        return tuple(event[name].item() for name in ("time", "order", "kind", "subject", "detail"))

    def __len__(self):
        return self.memory.used("events")

    def in_order(self):
        """Whether no event is in front of the one above it."""
        events = self.memory["events"][: self.memory["registers"]["near"][0]]
        above = (np.arange(1, events.size) - 1) >> 2
        keys = list(zip(events["time"].tolist(), events["order"].tolist(), strict=True))
        return all(keys[upper] < key for upper, key in zip(above, keys[1:], strict=True))


@RATES
@MANY
@given(times=st.lists(TIMES, max_size=80))
def test_events_come_out_by_time_and_order_of_scheduling(rate, times):
    """All go in, all come out, each with what was scheduled."""
    twin = Twin(rate)
    for place, time in enumerate(times):
        twin.schedule(time, kind=place % 9, subject=place + 7, detail=-place)
        assert twin.in_order()
    out = [twin.drop() for _ in times]
    assert [event[0] for event in out] == sorted(times)
    assert len(twin) == 0


@RATES
@MANY
@given(moves=st.lists(st.one_of(TIMES, st.none()), max_size=150))
def test_going_in_and_coming_out_in_any_mixture(rate, moves):
    """A number schedules, None takes the first out."""
    twin = Twin(rate)
    for move in moves:
        if move is not None:
            twin.schedule(move, subject=int(4 * move))
        elif len(twin) > 0:
            twin.drop()
        assert twin.in_order()
    while len(twin) > 0:
        twin.drop()


@MANY
@given(st.integers(1, 200), TIMES)
@example(1, 0.0)
@example(200, 3.0)
def test_events_of_one_time_are_first_in_first_out(count, time):
    """Whatever the shape of the heap: nobody is overtaken at one moment."""
    twin = Twin()
    for number in range(count):
        twin.schedule(time, subject=number)
    assert [twin.drop()[3] for _ in range(count)] == list(range(count))


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
        time, order, *_ = twin.drop()
        seen.append((time, order))
        if step < len(chains):
            twin.schedule(time + chains[step][0])
            twin.schedule(time)
    assert seen == sorted(seen)


@RATES
@pytest.mark.parametrize("times", [range(300), range(300, 0, -1), [5.0] * 300, [1, 2] * 150, [2, 1] * 150])
def test_rows_of_many_events(rate, times):
    """Ascending, descending, all equal, alternating: the orders in which a careless heap goes wrong."""
    twin = Twin(rate)
    for time in times:
        twin.schedule(float(time))
    out = [twin.drop()[:2] for _ in times]
    assert out == sorted(zip(map(float, times), range(300), strict=True))


def test_orders_go_on_counting_when_the_heap_has_been_empty():
    """An event that is scheduled later has the larger number, always."""
    twin = Twin()
    for number in range(5):
        twin.schedule(1.0)
        assert twin.drop()[1] == number
    assert twin.memory["registers"]["scheduled"][0] == 5
    assert twin.memory["registers"]["events"][0] == 0


def test_endless_times_come_last():
    """A wait for a schedule without a further moment is an event that never happens before the others."""
    twin = Twin()
    for time in (math.inf, 3.0, math.inf, 1e300, 0.0):
        twin.schedule(time)
    assert [twin.drop()[:2] for _ in range(5)] == [(0.0, 4), (3.0, 1), (1e300, 3), (math.inf, 0), (math.inf, 2)]


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
    registers = twin.memory["registers"][0]
    assert (registers["near"], registers["later"], registers["events"]) == (10, 90, 100)
    for hour in range(100):
        assert registers["near"] <= 10
        twin.schedule(twin.drop()[0] + 100.0)
        assert (len(twin), registers["later"]) == (100, 90 + min(hour + 1, 10))
