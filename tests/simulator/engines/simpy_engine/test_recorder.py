"""The recorder: rows as they come about, and the columns that they become."""

import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from simulator.engines import compiled_engine, simpy_engine
from simulator.engines.simpy_engine.case import Case
from simulator.engines.simpy_engine.recorder import Recorder, ticks
from simulator.records import Cases, Postings, Visits, Waits, first_difference
from tests.simulator.engines.toys import toy

MANY = settings(max_examples=60, deadline=None, derandomize=True)
DTYPES = {
    "visits": ("i4", "i4", "f8", "f8", "f8", "i4", "i4"),
    "waits": ("i4", "i8"),
    "postings": ("f8", "i4", "i4", "i4", "i8"),
    "cases": ("i8", "i4", "i4", "i4", "i4", "f8", "f8", "i4", "f8"),
}


def case(row, parent=None, channel=0, born=0.0, values=()):
    """A case with attributes."""
    found = Case(row, 1000 + row, 2, channel, parent, born, len(values))
    found.values[:] = values
    return found


def shapes(records):
    """Type and rows of each column by table."""
    return {table: [(column.dtype.str[1:], column.shape[0]) for column in getattr(records, table)] for table in DTYPES}


def test_columns_of_a_run_in_which_nothing_happened():
    """Tables without rows have their types all the same."""
    records = Recorder().records(24.0)
    assert shapes(records) == {table: [(kind, 0) for kind in kinds] for table, kinds in DTYPES.items()}
    assert records.waits.ticks.shape == (0, 5)
    assert records.cases.attributes.shape == (0, 0)
    assert records.end == 24.0


def test_a_run_to_which_nobody_comes_is_the_same_from_both_engines():
    """Apart from the width of attributes that no case has."""
    program = toy("{channels: {a: {process: p, drops: [{date: 2025-01-01, leads: 1}]}}, "
                  "steps: {w: {kind: wait, duration: 1 h}}}")  # fmt: skip
    record, twin = (engine.simulate(program, 1, 0) for engine in (simpy_engine, compiled_engine))
    assert first_difference(record, twin) == ""
    assert shapes(record) == shapes(twin) == shapes(Recorder().records(0))


@pytest.mark.parametrize(
    ("table", "kind"), [("visits", Visits), ("waits", Waits), ("postings", Postings), ("cases", Cases)]
)
def test_every_column_has_a_type(table, kind):
    """A new column would need one here."""
    assert len(DTYPES[table]) == len(kind._fields)


def test_a_visit_from_entering_to_leaving():
    """Waiting, at work, done: what is not known yet is not a number."""
    recorder = Recorder()
    row = recorder.enter(4, 9, 1.5)
    other = recorder.enter(5, 9, 2.0)
    assert (row, other) == (0, 1)
    visits = recorder.records(10.0).visits
    assert np.isnan(visits.started).all()
    assert np.isnan(visits.finished).all()
    assert visits.member.tolist() == visits.next.tolist() == [-1, -1]
    recorder.start(row, 2.5, 3)
    recorder.leave(row, 4.0, 11)
    recorder.leave(other, 3.0, 12)
    visits = recorder.records(10.0).visits
    assert [column[0].item() for column in visits] == [4, 9, 1.5, 2.5, 4.0, 3, 11]
    assert [visits.case[1], visits.step[1], visits.finished[1], visits.member[1], visits.next[1]] == [5, 9, 3.0, -1, 12]
    assert math.isnan(visits.started[1])


@MANY
@given(st.lists(st.tuples(st.integers(0, 2**31 - 1), st.integers(0, 999), st.floats(0, 1e6), st.integers(-1, 999))))
def test_steps_without_time_come_back_as_they_were_written(rows):
    """Numbers of cases up to the largest survive the way through a table of floats."""
    recorder = Recorder()
    for who, step, now, following in rows:
        recorder.pass_through(who, step, now, following)
    visits = recorder.records(0.0).visits
    assert visits.case.tolist() == [row[0] for row in rows]
    assert visits.step.tolist() == [row[1] for row in rows]
    assert visits.entered.tolist() == visits.started.tolist() == visits.finished.tolist() == [row[2] for row in rows]
    assert visits.next.tolist() == [row[3] for row in rows]
    assert (visits.member == -1).all()


@MANY
@given(st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 99), st.integers(0, 99), st.integers(0, 6),
                          st.integers(-(10**17), 10**17))))  # fmt: skip
def test_cents_are_kept_to_the_last_one(rows):
    """Whole numbers beyond what a float holds exactly."""
    recorder = Recorder()
    recorder.postings += rows
    postings = recorder.records(0.0).postings
    assert list(zip(*(column.tolist() for column in postings), strict=True)) == rows


@MANY
@given(st.lists(st.tuples(st.integers(0, 2**31 - 1), *[st.integers(0, 2**52)] * 5)))
def test_waits_are_kept_to_the_last_tick(rows):
    """A row of the visits and five causes."""
    recorder = Recorder()
    recorder.waits += rows
    waits = recorder.records(0.0).waits
    assert waits.visit.tolist() == [row[0] for row in rows]
    assert waits.ticks.tolist() == [list(row[1:]) for row in rows]


def test_cases_know_their_parents_and_where_their_journey_began():
    """A child without a channel belongs to the journey of its parent; one of a channel begins its own."""
    lead = case(0, born=1.0, values=(5.0, 6.0))
    child = case(1, lead, -1, 2.0, (7.0, 8.0))
    grandchild = case(2, child, -1, 3.0, (9.0, 10.0))
    referral = case(3, grandchild, 1, 4.0, (11.0, 12.0))
    child.ended, child.outcome = 2.5, 3
    recorder = Recorder()
    recorder.cases += [lead, child, grandchild, referral]
    cases = recorder.records(9.0).cases
    assert cases.key.tolist() == [1000, 1001, 1002, 1003]
    assert cases.parent.tolist() == [-1, 0, 1, 2]
    assert cases.root.tolist() == [0, 0, 0, 3]
    assert cases.channel.tolist() == [0, -1, -1, 1]
    assert cases.born.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert cases.outcome.tolist() == [-1, 3, -1, -1]
    assert np.isnan(cases.ended).tolist() == [True, False, True, True]
    assert cases.attributes.tolist() == [[5.0, 6.0], [7.0, 8.0], [9.0, 10.0], [11.0, 12.0]]


def test_columns_are_the_records_own():
    """What a case does after the records were taken changes nothing in them, and each column lies in one piece."""
    lead, recorder = case(0, values=(5.0,)), Recorder()
    recorder.cases.append(lead)
    row = recorder.enter(0, 0, 1.0)
    records = recorder.records(9.0)
    lead.values[0] = 99.0
    recorder.leave(row, 2.0, 1)
    assert records.cases.attributes.tolist() == [[5.0]]
    assert math.isnan(records.visits.finished[0])
    for table in DTYPES:
        assert all(column.flags["C_CONTIGUOUS"] for column in getattr(records, table))


def test_a_child_inherits_the_win_factor_of_its_parent():
    """Whoever won the parent counts for its children."""
    lead = case(0)
    lead.win_factor = 1.3
    assert case(1, lead, -1).win_factor == 1.3
    assert case(2).win_factor == 1.0


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(0.0, 0), (1.0, 2**32), (0.5 / 2**32, 0), (1.5 / 2**32, 2), (2.5 / 2**32, 2), (8766.0, 8766 * 2**32)],
)
def test_ticks_are_whole(hours, expected):
    """Halves go to the even one."""
    assert ticks(hours) == expected
