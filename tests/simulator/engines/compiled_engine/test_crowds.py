"""Crowds: many children of one step, many arrivals of one moment, long queues; and both engines agree on them."""

import heapq

import numpy as np
import pytest

from simulator.engines import compiled_engine, simpy_engine
from simulator.records import first_difference
from tests.simulator.engines.toys import run, toy

QUEUE = """
  horizon: {{length: {days} d}}
  attributes: {{x: {{initial: {{uniform: {{low: 0, high: 100}}}}}}}}
  channels: {{a: {{process: p, drops: [{{date: 2024-01-01, leads: {leads}}}]}}}}
  teams: {{t: {{head_count: {staff}, shifts: always, discipline: {discipline}}}}}
  steps: {{u: {{kind: work, team: t, effort: {effort}, priority: x, due: x * 1 h{more}}}}}
"""


def queue(leads, discipline="fifo", staff=1, effort="1 min", more="", days=40):
    """A crowd that comes at midnight to a few people."""
    return toy(QUEUE.format(leads=leads, discipline=discipline, staff=staff, effort=effort, more=more, days=days))


def in_order_of_service(records):
    """Rows of cases as they were started."""
    visits = records.visits
    started = np.flatnonzero((visits.member >= 0) & ~np.isnan(visits.started))
    return visits.case[started[np.argsort(visits.started[started], kind="stable")]].tolist()


def test_a_hundred_thousand_children_of_one_step():
    """The tables grow to what the step needs, and every child has a key of its own."""
    program = toy("""
      processes:
        p: {steps: {s: {kind: spawn, process: q, count: 100000, joined: true}, j: {kind: join}}}
        q: {steps: {m: {kind: wait, duration: 1 h}}}
    """)
    records = compiled_engine.simulate(program, 1, 0)
    cases = records.cases
    assert cases.key.size == 100_001
    assert np.unique(cases.key).size == 100_001
    assert (cases.parent[1:] == 0).all()
    assert (cases.ended == 1.0).all()
    assert records.visits.case[2:100_002].tolist() == list(range(1, 100_001))


def test_thousands_of_children_are_the_same_in_both_engines():
    """Born, drawn and joined alike; three parents at one moment, each a number of its own."""
    program = toy("""
      attributes: {x: {initial: {uniform: {low: 0, high: 1}}}}
      channels: {a: {process: p, drops: [{date: 2024-01-01, leads: 3}]}}
      processes:
        p: {steps: {s: {kind: spawn, process: q, count: {poisson: 900}, joined: true,
                        values: {x: {uniform: {low: 0, high: 9}}}}, j: {kind: join}}}
        q: {steps: {m: {kind: wait, duration: x * 1 h}}}
    """)
    records = run(program)
    children = np.bincount(records.cases.parent[records.cases.parent >= 0])
    assert (abs(children - 900) < 5 * 30).all()
    assert np.unique(children).size == 3
    for parent in range(3):
        own = records.cases.parent == parent
        assert records.cases.ended[parent] == records.cases.ended[own].max()


@pytest.mark.parametrize("depth", [1, 2, 13])
def test_generations_of_children_at_one_moment(depth):
    """Each has two, until a last generation that has none: all in one moment, in breadth."""
    program = toy(f"""
      attributes: {{x: {{}}}}
      steps: {{s: {{kind: spawn, process: p, count: "2 if x < {depth} else 0", values: {{x: x + 1}}}}}}
    """)
    records = run(program)
    assert records.cases.key.size == 2 ** (depth + 1) - 1
    assert (records.cases.ended == 0).all()
    assert records.cases.attributes[:, 0].tolist() == sorted(records.cases.attributes[:, 0])
    assert records.cases.parent[1:].tolist() == [row // 2 for row in range(2 ** (depth + 1) - 2)]


def test_fifty_thousand_arrivals_at_one_moment():
    """They come in the order of their keys and wait for one person, first come first served."""
    records = compiled_engine.simulate(queue(50_000, effort="1 h"), 1, 0)
    assert records.cases.born.tolist() == [0.0] * 50_000
    assert in_order_of_service(records) == list(range(960))
    assert records.waits.visit.size == 49_999
    assert records.waits.ticks.sum(axis=1).tolist() == [
        (min(at, 960)) * 2**32 for at in range(1, 50_000)
    ]  # fmt: skip


def test_thousands_of_arrivals_at_one_moment_are_the_same_in_both_engines():
    """On three teams' worth of people, of whom the longest idle is taken each time."""
    records = run(queue(3_000, staff=7, effort="{exponential: 10 min}"))
    assert records.cases.key.size == 3_000
    assert np.bincount(records.visits.member[records.visits.member >= 0], minlength=7).min() > 300


@pytest.mark.parametrize("discipline", ["priority", "due", "lifo", "fifo"])
def test_a_queue_of_twenty_thousand_is_served_by_its_discipline(discipline):
    """Against a sort of what the cases brought; one a minute, 40 days long."""
    records = compiled_engine.simulate(queue(20_000, discipline), 3, 0)
    brought = records.cases.attributes[:, 0]
    numbers = np.arange(20_000)
    rank = {"priority": -brought, "due": brought, "lifo": -numbers, "fifo": numbers}[discipline]
    first = in_order_of_service(records)
    assert first[0] == 0
    assert first[1:] == [case for case in np.lexsort((numbers, rank)).tolist() if case != 0]


@pytest.mark.slow
def test_a_queue_of_twenty_thousand_by_priority_is_the_same_in_both_engines():
    """Twenty thousand wait at once and three hundred of them are served, the most urgent first."""
    short = queue(20_000, "priority", 2, "30 min", days=3)
    record, twin = (engine.simulate(short, 5, 0) for engine in (simpy_engine, compiled_engine))
    assert first_difference(record, twin) == ""
    assert len(in_order_of_service(record)) == 2 * 3 * 48
    assert record.waits.visit.size == 19_998


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_queue_with_impatience_against_a_queue_kept_by_hand(seed):
    """Two hundred wait for one person by priority, and most give up where they stand."""
    program = queue(200, "priority", effort="30 min", more=", patience: {after: x * 30 min, to: done}")
    records = run(program, seed)
    brought = records.cases.attributes[:, 0]
    heap = [(-brought[case], case) for case in range(1, 200)]
    heapq.heapify(heap)
    now, served = 0.5, [0]
    while heap:
        _, case = heapq.heappop(heap)
        if brought[case] / 2 > now:
            served.append(case)
            now += 0.5
    assert in_order_of_service(records) == served
    assert 20 < len(served) < 120


@pytest.mark.parametrize("patience", ["0 h", "30 min", "1 h"])
def test_all_give_up_at_one_moment(patience):
    """Two thousand leave a queue at once, and only those were served who came to idle people."""
    records = run(queue(2_000, "priority", 3, "2 h", f", patience: {{after: {patience}, to: done}}"))
    visits = records.visits
    gone = visits.next[np.isnan(visits.started)]
    assert gone.size == 1_997
    assert (gone >= 0).all()
    assert in_order_of_service(records) == [0, 1, 2]


@pytest.mark.parametrize("at", [0, 1, 50])
def test_a_crowd_before_a_short_queue(at):
    """One is served at once, so many may wait, and the others turn away at the door."""
    records = run(queue(500, effort="1 h", more=f", balk: {{at: {at}, to: done}}"))
    assert in_order_of_service(records) == list(range(1 + at))
    assert records.waits.visit.size == at


def test_a_shift_that_begins_before_a_crowd():
    """Three hundred have waited for nine o'clock, when five people come and take five of them."""
    program = toy("""
      channels: {a: {process: p, drops: [{date: 2024-01-01, leads: 300}]}}
      teams: {t: {head_count: 5, shifts: "Mon-Fri 09:00-17:00"}}
      steps: {u: {kind: work, team: t, effort: 30 min}}
    """)
    records = run(program)
    visits = records.visits
    started = visits.started[visits.member >= 0]
    assert started[:80].tolist() == [9 + 0.5 * (place // 5) for place in range(80)]
    assert started[80] == 24 + 9
    assert records.waits.visit.size == 300


def test_hundreds_of_channels_at_one_moment():
    """Those at the same time come in the order of the file."""
    channels = ", ".join(f"c{number}: {{process: p, drops: [{{date: 2024-01-02, leads: 2}}]}}" for number in range(300))
    records = run(toy(f"{{channels: {{{channels}}}, steps: {{w: {{kind: wait, duration: 1 h}}}}}}"))
    assert records.cases.channel.tolist() == [number // 2 for number in range(600)]
    assert (records.cases.born == 24.0).all()


@pytest.mark.parametrize("discipline", ["fifo", "lifo", "priority", "due"])
@pytest.mark.parametrize(("rule", "ownership"), [("random", "keep"), ("round_robin", "none"), ("random", "release")])
def test_a_crowd_that_waits_for_someone_who_leaves_is_handed_over(discipline, rule, ownership):
    """Hundreds go to another queue at one moment, which takes more rows than any other event; both engines agree."""
    program = toy(f"""
      horizon: {{length: 4 d}}
      attributes: {{x: {{initial: {{uniform: {{low: 0, high: 100}}}}}}}}
      channels: {{a: {{process: p, drops: [{{date: 2024-01-01, leads: 1200}}]}}}}
      teams:
        t:
          members: {{ann: {{leaves: 2024-01-02}}, bob: {{}}}}
          shifts: always
          discipline: {discipline}
      steps:
        u: {{kind: work, team: t, effort: 30 min, priority: x, due: x * 1 h,
             ownership: {ownership}, routing: {{rule: {rule}}}}}
    """)
    records, twin = (engine.simulate(program, 1, 0) for engine in (simpy_engine, compiled_engine))
    assert first_difference(records, twin) == ""
    started = records.visits.started
    assert np.nanmax(started[records.visits.member == 0]) < 48.0 < np.nanmax(started)


def test_an_urgency_that_is_not_a_number_counts_as_none():
    """A formula may overflow: such cases stand behind those that are urgent, in the order of their coming."""
    program = toy("""
      horizon: {length: 2 d}
      attributes: {x: {initial: {uniform: {low: 0, high: 1}}}}
      channels: {a: {process: p, drops: [{date: 2024-01-01, leads: 60}]}}
      teams: {t: {head_count: 1, shifts: always, discipline: priority}}
      steps:
        u: {kind: work, team: t, effort: 10 min, priority: exp(700) * exp(700) - exp(700) * exp(700) if x > 0.5 else x}
    """)
    records, twin = (engine.simulate(program, 1, 0) for engine in (simpy_engine, compiled_engine))
    assert first_difference(records, twin) == ""
    odd = records.cases.attributes[:, 0] > 0.5
    order = in_order_of_service(records)[1:]
    assert [bool(odd[case]) for case in order] == sorted(bool(odd[case]) for case in order)
    assert [case for case in order if odd[case]] == sorted(case for case in order if odd[case])


def test_rows_beyond_a_table_are_noticed():
    """What was written beyond the end of a table spoils what follows: the run must not end as if nothing had been."""
    tables = compiled_engine.engine.RunMemory(queue(3), 1, 0, 3)
    tables.check()
    tables["registers"]["overtakings"] = tables["overtakings"].size + 1
    with pytest.raises(AssertionError, match="overtakings"):
        tables.check()
