"""Cases born with the run: their clocks count in fractions of an hour like any other's."""

import numpy as np

from simulator.engines import compiled_engine, simpy_engine
from tests.simulator.engines.toys import toy


def test_a_case_born_at_hour_zero_remembers_when_it_was_set():
    """Set at half past one and read an hour later, it has halved once, on both engines."""
    program = toy("""
      come: {a: 0}
      attributes: {heat: {initial: 8, half_life: 1 h}}
      steps:
        rest: {kind: wait, duration: 90 min}
        stir: {kind: set, values: {heat: "8"}}
        cool: {kind: wait, duration: 1 h}
        read: {kind: set, values: {heat: heat}}
    """)
    for engine in (simpy_engine, compiled_engine):
        heat = engine.simulate(program, 1, 0).cases.attributes[0]
        np.testing.assert_allclose(heat, [4.0])
