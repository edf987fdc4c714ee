"""Notes of overtaking against the definition: who came before the one that is served, and while they waited."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from simulator.engines.compiled_engine.overtaking import overtaken
from simulator.engines.simpy_engine.waiting import OvertakingTime
from tests.simulator.engines.compiled_engine.parts import notes

MANY = settings(max_examples=80, deadline=None, derandomize=True)
STRETCH, COMES, LEAVES = range(3)


SECOND = [(1, 0, -1, 0, 0), (1, -1, 1, 9, 2), (1, 0, 1, 0, 0)]
"""The first ticket comes to the second queue, is overtaken for two ticks, and leaves."""


def told(rows, tickets):
    """Ticks of each ticket as the engine works them out."""
    table = notes(rows)
    order = np.argsort(table["queue"], kind="stable")
    return overtaken(table, order, int(table["number"].max(initial=0)), tickets).tolist()


def by_hand(rows, tickets):
    """The same from the definition: a stretch counts for a ticket that has come to the queue and not left it."""
    ticks, inside = [0] * tickets, {}
    for queue, ticket, sign, number, elapsed in rows:
        if ticket < 0:
            for waiting, (where, mine) in inside.items():
                if where == queue and mine < number:
                    ticks[waiting] += elapsed
        elif sign < 0:
            inside[ticket] = (queue, number)
        else:
            del inside[ticket]
    return ticks


@st.composite
def histories(draw):
    """Rows of notes: cases come to queues, leave them or move to another, and stretches of time pass."""
    rows, inside, came, free = [], {}, 0, []
    for _ in range(draw(st.integers(0, 60))):
        what = draw(st.sampled_from([STRETCH, STRETCH, COMES, LEAVES]))
        if what == STRETCH:
            rows.append((draw(st.integers(0, 2)), -1, 1, draw(st.integers(0, 40)), draw(st.integers(0, 2**40))))
        elif what == COMES:
            # One that moved to another queue keeps its number.
            ticket = free.pop() if free and draw(st.booleans()) else came
            came += ticket == came
            inside[ticket] = draw(st.integers(0, 2))
            rows.append((inside[ticket], ticket, -1, ticket, 0))
        elif inside:
            ticket = draw(st.sampled_from(sorted(inside)))
            rows.append((inside.pop(ticket), ticket, 1, ticket, 0))
            free.append(ticket)
    rows += [(queue, ticket, 1, ticket, 0) for ticket, queue in inside.items()]
    return rows, came


@MANY
@given(histories())
def test_notes_add_up_to_the_definition(history):
    """Whatever comes in whatever order, in three queues."""
    rows, tickets = history
    assert told(rows, tickets) == by_hand(rows, tickets)


@MANY
@given(histories())
def test_notes_say_what_the_other_engine_counts(history):
    """The tree that the SimPy engine keeps while it runs gives the same as the notes read afterwards."""
    rows, tickets = history
    trees = [OvertakingTime() for _ in range(3)]
    ticks = [0] * tickets
    for queue, ticket, sign, number, elapsed in rows:
        if ticket < 0:
            trees[queue].add(number, elapsed)
        else:
            ticks[ticket] += sign * trees[queue].of(number)
    assert told(rows, tickets) == ticks


@pytest.mark.parametrize(
    ("rows", "ticks"),
    [
        # Ticket 0 waits while number 5 is served.
        ([(0, 0, -1, 0, 0), (0, -1, 1, 5, 70), (0, 0, 1, 0, 0)], [70]),
        # Number 0 itself is served: it overtakes nobody, least of all itself.
        ([(0, 0, -1, 0, 0), (0, -1, 1, 0, 70), (0, 0, 1, 0, 0)], [0]),
        # What passed before it came, or after it left, is nothing to it.
        ([(0, -1, 1, 9, 1), (0, 0, -1, 0, 0), (0, -1, 1, 9, 2), (0, 0, 1, 0, 0), (0, -1, 1, 9, 4)], [2]),
        # Nor what passed in another queue.
        ([(0, 0, -1, 0, 0), (1, -1, 1, 9, 8), (0, -1, 1, 9, 2), (0, 0, 1, 0, 0)], [2]),
        # It moves from one queue to another, and both count.
        ([(0, 0, -1, 0, 0), (0, -1, 1, 9, 8), (0, 0, 1, 0, 0), *SECOND], [10]),
        # Number 1 is served: 0 is overtaken, 1 and 2 are not.
        (
            [(0, n, -1, n, 0) for n in range(3)] + [(0, -1, 1, 1, 3)] + [(0, n, 1, n, 0) for n in range(3)],
            [3, 0, 0],
        ),
    ],
)  # fmt: skip
def test_what_counts_as_being_overtaken(rows, ticks):
    """One case after the other."""
    assert told(rows, len(ticks)) == ticks
    assert by_hand(rows, len(ticks)) == ticks


def test_no_notes_at_all():
    """A run in which nobody waited."""
    assert told([], 0) == []
    assert told([], 4) == [0, 0, 0, 0]


def test_ticks_of_years_are_counted_whole():
    """Twenty years in ticks are beyond 2**49, and sums of them remain exact."""
    stretch = 20 * 8766 * 2**32 + 1
    rows = [(0, 0, -1, 0, 0), *[(0, -1, 1, 1, stretch)] * 1000, (0, 0, 1, 0, 0)]
    assert told(rows, 1) == [1000 * stretch]
