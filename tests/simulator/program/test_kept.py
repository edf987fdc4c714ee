"""Facts of a program are worked out once for it."""

import gc
import weakref

from simulator.program.kept import kept
from tests.simulator.engines.toys import toy

STEPS = """
  steps:
    wait: {kind: wait, duration: 1 d}
"""


def test_a_fact_is_worked_out_once_for_each_program():
    """Two askings of one program are one working out; another program, of the same scenario, has its own."""
    asked = []

    @kept
    def length(program):
        asked.append(program)
        return program.end

    one, other = toy(STEPS), toy(STEPS)
    assert [length(one), length(one), length(other)] == [one.end, one.end, other.end]
    assert asked == [one, other]


def test_a_fact_does_not_outlive_its_program():
    """Nothing holds a program that nobody replicates any more."""
    program = toy(STEPS)
    kept(lambda each: [each.end])(program)
    told = weakref.ref(program)
    del program
    gc.collect()
    assert told() is None
