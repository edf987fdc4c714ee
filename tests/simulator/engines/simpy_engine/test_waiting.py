"""Queues of the SimPy engine: how long a case was overtaken, and what it reads of the counts of its queue."""

import hypothesis.strategies as st
import pytest
import simpy
from hypothesis import given, settings

from simulator.engines.simpy_engine.waiting import BUSY, LIMIT, OFF_SHIFT, OWNERSHIP, OvertakingTime, Queue, Ticket

MANY = settings(max_examples=100, deadline=None, derandomize=True)
STRETCHES = st.lists(st.tuples(st.integers(0, 70), st.integers(0, 2**45)), max_size=40)
RANKS = st.one_of(st.sampled_from([0.0, 0.0, 1.0]), st.floats(-9, 9))


def ticket(number, rank=0.0):
    """A case of which only its place in a queue matters."""
    return Ticket(None, number, number, rank, simpy.Environment().event())


@MANY
@given(STRETCHES, st.integers(0, 80))
def test_overtaking_is_the_sum_of_what_came_later(stretches, number):
    """Against the definition: ticks in which someone of a larger number was served."""
    tree = OvertakingTime()
    for newest, ticks in stretches:
        tree.add(newest, ticks)
    assert tree.of(number) == sum(ticks for newest, ticks in stretches if newest > number)


@MANY
@given(STRETCHES, st.lists(st.integers(0, 80), min_size=1, max_size=10))
def test_overtaking_may_be_asked_for_at_any_time(stretches, numbers):
    """Asking changes nothing, and the tree grows without losing what was counted before."""
    tree, counted = OvertakingTime(), []
    for place, (newest, ticks) in enumerate(stretches):
        tree.add(newest, ticks)
        counted.append((newest, ticks))
        number = numbers[place % len(numbers)]
        assert tree.of(number) == sum(elapsed for later, elapsed in counted if later > number)


@pytest.mark.parametrize("newest", [0, 1, 2, 3, 4, 7, 8, 9, 1_023, 1_024, 100_000])
def test_each_size_of_the_tree(newest):
    """A case overtakes all before it, and neither itself nor those after it."""
    tree = OvertakingTime()
    tree.add(newest, 5)
    assert [tree.of(number) for number in (newest, newest + 1, 3 * newest + 7)] == [0, 0, 0]
    assert all(tree.of(number) == 5 for number in {0, newest // 2, newest - 1} if 0 <= number < newest)


def test_nobody_is_overtaken_before_anyone_was_served():
    """A tree of which nothing was counted."""
    assert [OvertakingTime().of(number) for number in (0, 1, 1_000_000)] == [0, 0, 0]


@MANY
@given(st.lists(st.tuples(RANKS, st.booleans()), max_size=50))
def test_the_head_of_a_queue_is_the_least_of_those_who_wait(cases):
    """By rank and number; those who left are forgotten when it would be their turn."""
    queue, there = Queue(0, -1), []
    for number, (rank, leaves) in enumerate(cases):
        comer = ticket(number, rank)
        queue.join(comer)
        there.append(comer)
        if leaves:
            gone = there.pop(number % len(there))
            gone.waiting = False
            queue.length -= 1
        first = queue.head()
        assert first is (min(there, key=lambda one: (one.rank, one.number)) if there else None)
    assert queue.length == len(there)


def test_a_ticket_goes_before_another_by_rank_and_then_by_number():
    """Two of the same rank and number are neither before the other."""
    assert ticket(5, 1.0) < ticket(1, 2.0)
    assert ticket(1, 1.0) < ticket(2, 1.0)
    assert not ticket(2, 1.0) < ticket(1, 1.0)
    assert not ticket(1, 1.0) < ticket(1, 1.0)


def test_a_case_reads_what_its_queue_counted_since_it_came():
    """And nothing of what was counted before, for any cause."""
    queue, early, late = Queue(0, -1), ticket(0), ticket(1)
    queue.join(early)
    queue.counts[OFF_SHIFT] += 10
    queue.counts[BUSY] += 20
    queue.join(late)
    queue.counts[BUSY] += 300
    queue.counts[OWNERSHIP] += 400
    queue.counts[LIMIT] += 500
    assert queue.ticks(early) == [10, 320, 400, 500, 0]
    assert queue.ticks(late) == [0, 300, 400, 500, 0]


def test_being_overtaken_is_taken_from_the_time_that_all_were_busy():
    """What someone later was served for is priority, the rest contention; both together are the busy time."""
    queue, early, late = Queue(0, -1), ticket(0), ticket(4)
    queue.join(early)
    queue.join(late)
    for newest, elapsed in ((2, 100), (9, 30), (0, 5)):
        queue.counts[BUSY] += elapsed
        queue.overtaking.add(newest, elapsed)
    assert queue.ticks(early) == [0, 5, 0, 0, 130]
    assert queue.ticks(late) == [0, 105, 0, 0, 30]


def test_a_case_that_is_moved_keeps_what_it_waited_before():
    """As when its owner leaves: the ticks of both queues add up."""
    first, second, moved = Queue(0, 1), Queue(0, -1), ticket(0)
    second.counts[OFF_SHIFT] = second.counts[BUSY] = 7_000
    second.overtaking.add(3, 7_000)
    first.join(moved)
    first.counts[OWNERSHIP] += 11
    moved.before = first.ticks(moved)
    second.join(moved)
    second.counts[BUSY] += 50
    second.overtaking.add(1, 20)
    assert second.ticks(moved) == [0, 30, 11, 0, 20]


@MANY
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(0, 2**40)), max_size=40), st.data())
def test_ticks_add_up_to_the_time_since_a_case_came(stretches, data):
    """Whatever is counted, the five causes together are the elapsed ticks, and none is negative."""
    queue, cases, since = Queue(0, -1), [], []
    for cause, newest, elapsed in stretches:
        if data.draw(st.booleans()):
            cases.append(ticket(len(cases)))
            since.append(sum(queue.counts))
            queue.join(cases[-1])
        queue.counts[cause] += elapsed
        if cause == BUSY:
            queue.overtaking.add(newest, elapsed)
    for one, before in zip(cases, since, strict=True):
        found = queue.ticks(one)
        assert sum(found) == sum(queue.counts) - before
        assert min(found) >= 0
