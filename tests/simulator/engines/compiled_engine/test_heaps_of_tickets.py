"""The skew heap of tickets against sorted lists."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from simulator.engines.compiled_engine.heaps import head, merged, ticks_at
from simulator.engines.simpy_engine.recorder import ticks
from simulator.records import TICKS
from tests.simulator.engines.compiled_engine.parts import memory_with

MANY = settings(max_examples=60, deadline=None, derandomize=True)
RANKS = st.one_of(st.sampled_from([-1.0, 0.0, 0.0, 2.5]), st.floats(-50, 50))
QUEUE = 0


class Line:
    """One queue of the engine, in which every ticket waits until it is told to leave."""

    def __init__(self, ranks):
        self.memory = memory_with("tickets", max(1, len(ranks)))
        table = self.memory["tickets"]
        table["left"] = table["right"] = -1
        table["waiting"] = 1
        for number, rank in enumerate(ranks):
            table[number]["rank"], table[number]["number"] = rank, number
        self.ranks = ranks
        self.there = []

    @property
    def root(self):
        """Ticket at the top, -1 for an empty heap."""
        return int(self.memory["queues"]["root"][QUEUE])

    def join(self, number):
        """Merge a heap of one ticket into the queue, as the engine does."""
        self.memory["queues"]["root"][QUEUE] = merged(self.memory.address, self.root, number)
        self.there.append((self.ranks[number], number))

    def leave(self, number):
        """Mark a ticket as gone, as patience does: it stays in the heap until it would be its turn."""
        self.memory["tickets"]["waiting"][number] = 0
        self.there.remove((self.ranks[number], number))

    def head(self):
        """Whose turn it is."""
        return int(head(self.memory.address, QUEUE))

    def expected(self):
        """Whose turn it is by a sorted list."""
        return min(self.there)[1] if self.there else -1

    def below(self, ticket):
        """Tickets of a heap, each with all below it behind it in turn."""
        if ticket < 0:
            return []
        row, found = self.memory["tickets"][ticket], [ticket]
        for side in ("left", "right"):
            under = int(row[side])
            if under >= 0:
                upper = self.memory["tickets"][under]
                assert (row["rank"], row["number"]) < (upper["rank"], upper["number"])
            found += self.below(under)
        return found


def served(line):
    """Tickets in the order of their turns."""
    order = []
    while (ticket := line.head()) >= 0:
        assert ticket == line.expected()
        order.append(ticket)
        line.leave(ticket)
    assert line.there == []
    return order


@MANY
@given(st.lists(RANKS, max_size=60))
def test_tickets_are_served_by_rank_and_number(ranks):
    """Smallest rank first, ties in the order of coming."""
    line = Line(ranks)
    for number in range(len(ranks)):
        line.join(number)
        assert line.head() == line.expected()
    assert sorted(line.below(line.root)) == list(range(len(ranks)))
    assert served(line) == [number for _, number in sorted(zip(ranks, range(len(ranks)), strict=True))]
    assert line.root == -1


@MANY
@given(st.data(), st.lists(RANKS, min_size=1, max_size=40))
def test_those_who_left_are_passed_over(data, ranks):
    """Whoever gives up in the middle of a heap is never served, and nobody with them is lost."""
    line = Line(ranks)
    for number in range(len(ranks)):
        line.join(number)
        if data.draw(st.booleans()):
            line.leave(data.draw(st.sampled_from([who for _, who in line.there])))
        if data.draw(st.booleans()):
            assert line.head() == line.expected()
    kept = [number for _, number in sorted(line.there)]
    assert served(line) == kept


@MANY
@given(st.lists(RANKS, max_size=30), st.lists(RANKS, max_size=30))
def test_merging_two_heaps_keeps_all_of_both(left, right):
    """As when the queue of someone who leaves the firm goes to the others."""
    line = Line(left + right)
    for number in range(len(left)):
        line.join(number)
    mine = line.root
    line.memory["queues"]["root"][QUEUE] = -1
    for number in range(len(left), len(left) + len(right)):
        line.join(number)
    root = merged(line.memory.address, mine, line.root)
    assert sorted(line.below(root)) == list(range(len(left) + len(right)))
    line.memory["queues"]["root"][QUEUE] = root
    assert served(line) == [who for _, who in sorted(zip(line.ranks, range(len(line.ranks)), strict=True))]


def test_merging_with_nothing():
    """An empty heap changes nothing, and two of them are none."""
    line = Line([1.0, 2.0])
    assert merged(line.memory.address, -1, -1) == -1
    assert merged(line.memory.address, 1, -1) == 1
    assert merged(line.memory.address, -1, 0) == 0
    assert merged(line.memory.address, 1, 0) == merged(line.memory.address, 0, -1) == 0


def test_an_empty_queue_has_no_head_and_one_of_which_all_left_is_empty_again():
    """The heap forgets them when it is asked."""
    line = Line([3.0, 1.0, 2.0])
    assert line.head() == -1
    for number in range(3):
        line.join(number)
    for number in range(3):
        line.leave(number)
    assert line.root >= 0
    assert line.head() == -1
    assert line.root == -1


@pytest.mark.parametrize("order", ["ascending", "descending", "shuffled", "equal"])
def test_long_heaps_do_not_go_deep_into_the_machine(order):
    """20,000 tickets: merging is a loop, so that no chain of them exhausts a stack."""
    count = 20_000
    ranks = {
        "ascending": np.arange(count, dtype=float), "descending": -np.arange(count, dtype=float),
        "shuffled": np.random.default_rng(1).permutation(count).astype(float), "equal": np.zeros(count),
    }[order]  # fmt: skip
    line = Line([])
    line.memory = memory_with("tickets", count)
    table, address, queues = line.memory["tickets"], line.memory.address, line.memory["queues"]
    table["left"] = table["right"] = -1
    table["rank"], table["number"], table["waiting"] = ranks, np.arange(count), 1
    for number in range(count):
        queues["root"][QUEUE] = merged(address, queues["root"][QUEUE], number)
    found = []
    while (ticket := head(address, QUEUE)) >= 0:
        found.append(ticket)
        table["waiting"][ticket] = 0
    assert found == np.lexsort((np.arange(count), ranks)).tolist()


@MANY
@given(st.one_of(st.floats(0, 1e6), st.sampled_from([0.5 / TICKS, 1.5 / TICKS, 2.5 / TICKS, 1 / 3])))
def test_ticks_of_a_moment_are_those_of_the_other_engine(moment):
    """Whole ticks, halves to the even one."""
    assert ticks_at(moment) == ticks(moment) == round(moment * 2**32)
