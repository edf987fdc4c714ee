"""A replication among the threads of its process."""

import threading
import time

from simulator.engines import compiled_engine
from simulator.engines.compiled_engine import engine
from tests.simulator.engines.toys import toy

LONG = """
  horizon: {length: 50 wk}
  channels: {a: {process: p, rate: 100 /h}}
  processes: {p: {steps: {w: {kind: wait, duration: {exponential: 30 h}}, o: {kind: end, outcome: over}}}}
"""


def test_other_threads_go_on_while_events_happen(monkeypatch):
    """A screen answers, and a worker of a cluster hands on what others ask it for, however long a run takes."""
    program, loop, took = toy(LONG), engine.advance, [0.0]

    def timed(*arguments):
        began = time.perf_counter()
        status = loop(*arguments)
        took.append(time.perf_counter() - began)
        return status

    monkeypatch.setattr(engine, "advance", timed)
    under_way = threading.Thread(target=compiled_engine.simulate, args=(program, 1, 0))
    under_way.start()
    silence, before = 0.0, time.perf_counter()
    while under_way.is_alive():
        time.sleep(0.001)
        now = time.perf_counter()
        silence, before = max(silence, now - before), now
    assert silence < 0.5 * max(took)
