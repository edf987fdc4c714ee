"""Who is at the head of a queue when others have left it, and what is noted of overtaking."""

import numpy as np
import pytest

from simulator.engines import compiled_engine, simpy_engine
from simulator.engines.compiled_engine import memory as run_memory
from simulator.engines.compiled_engine.waiting import count_waits, join_queue, take_out
from simulator.records import TEAM_CAUSES, first_difference
from tests.simulator.engines.compiled_engine.parts import memory
from tests.simulator.engines.toys import toy

NETWORK = """
  horizon: {{length: 60 d}}
  channels: {{a: {{process: p, rate: 2 /h}}, b: {{process: p, rate: 1 /h}}}}
  teams: {{s: {{head_count: 2, shifts: always{team}}}, t: {{head_count: 3, shifts: "Mon-Sun 06:00-22:00"{team}}},
          u: {{head_count: 1, shifts: always{team}}}}}
  steps:
    one: {{kind: work, team: s, effort: {{exponential: 30 min}}{step}}}
    two: {{kind: work, team: t, effort: {{exponential: 30 min}}{step}}}
    again: {{kind: decide, outcomes: {{back: {{probability: 0.1, to: one}}, out: {{}}}}}}
    three: {{kind: work, team: u, effort: {{exponential: 15 min}}{step}}}
"""


def queue_of(tickets):
    """Memory of a run in whose first queue these tickets wait, which came in the order of their numbers."""
    found = memory()
    found["registers"]["tickets"] = tickets
    for number in range(tickets):
        ticket = found["tickets"][number]
        ticket["rank"], ticket["number"], ticket["waiting"], ticket["ticks"] = 0.0, number, 1, 0
    return found


def join(found, ticket):
    """Let a ticket join the first queue of the first team."""
    join_queue(found.address, ticket, 0)
    found["crews"]["waiting"][0] += 1


def test_whoever_joins_an_empty_queue_is_at_its_head():
    """The root is not left to the one who has gone, nor are they found below it."""
    found = queue_of(3)
    for ticket in range(3):
        join(found, ticket)
        assert found["queues"]["root"][0] == ticket
        assert found["queues"]["length"][0] == 1
        assert found["tickets"][["left", "right"]][ticket].tolist() == (-1, -1)
        take_out(found.address, ticket)
    assert found["queues"]["length"][0] == 0


@pytest.mark.parametrize(("gone", "notes"), [((), 1), ((0,), 0)])
def test_overtaking_is_measured_against_who_still_waits(gone, notes):
    """While number 1 is served, 0 is overtaken if it waits; 2, which came later, is not, though 0 was there."""
    found = queue_of(3)
    join(found, 0)
    join(found, 2)
    for ticket in gone:
        take_out(found.address, ticket)
    found["people"]["serving"][:2] = (1, 1)
    found["people"]["idle_since"][:2] = -1
    found["registers"]["now"] = 1.0
    count_waits(found.address, 0)
    assert found.used("overtakings") == notes


def simulated(team="", step=""):
    """Records of the network, the same from both engines, and the notes of overtaking that were made."""
    program = toy(NETWORK.format(team=team, step=step))
    records = compiled_engine.simulate(program, 1, 0)
    assert first_difference(simpy_engine.simulate(program, 1, 0), records) == ""
    return records, run_memory._NEEDED[program]["overtakings"]


IMPATIENT = ", patience: {after: {exponential: 1 h}, to: done}"


@pytest.mark.parametrize("step", ["", IMPATIENT], ids=["patient", "impatient"])
def test_where_all_are_served_in_the_order_of_coming_no_overtaking_is_noted(step):
    """In a network of stations whose queues empty and fill thousands of times: not a row, nor a tick."""
    records, notes = simulated(step=step)
    assert np.count_nonzero(records.waits.ticks[:, TEAM_CAUSES.index("contention")]) > 1_000
    assert notes == 0
    assert not records.waits.ticks[:, TEAM_CAUSES.index("priority")].any()


def test_where_the_last_is_served_first_overtaking_is_noted():
    """The same network with another discipline notes what the first need not."""
    records, notes = simulated(team=", discipline: lifo")
    assert notes > 1_000
    assert records.waits.ticks[:, TEAM_CAUSES.index("priority")].any()
