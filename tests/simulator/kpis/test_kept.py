"""Facts of a program are worked out once for it."""

import gc
import weakref

from simulator.kpis.kept import kept


def test_a_fact_is_worked_out_once_for_each_program(company):
    """Two askings of one program are one working out; another program, of the same scenario, has its own."""
    asked = []

    @kept
    def length(program):
        asked.append(program)
        return program.end

    one, other = company(), company(horizon__length="10 d")
    assert [length(one), length(one), length(other)] == [one.end, one.end, other.end]
    assert asked == [one, other]


def test_a_fact_does_not_outlive_its_program(company):
    """Nothing holds a program that nobody replicates any more."""
    program = company()
    kept(lambda each: [each.end])(program)
    told = weakref.ref(program)
    del program
    gc.collect()
    assert told() is None
