"""What a run without a trace leaves out of its records: visits and attributes that no KPI reads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.chance.formulas import ATTRIBUTE_BITS, OF_ATTRIBUTE, Op
from simulator.chance.quantities import Chances
from simulator.program.formula_code import attributes_in, code_of
from simulator.program.kept import kept
from simulator.program.layout import Kind, Milestone
from simulator.program.program import Program
from simulator.records import ACCOUNTS


@kept
def steps_read(program: Program) -> NDArray[np.bool_]:
    """Whether KPIs read the visits to each step: those that take time, or come to a stage or a mark."""
    steps = program.tables.steps
    takes_time = np.isin(steps["kind"], (Kind.WORK, Kind.WAIT, Kind.JOIN))
    read: NDArray[np.bool_] = takes_time | (steps["stage"] >= 0) | (steps["marks"] != 0)
    return read


@kept
def attributes_read(program: Program) -> NDArray[np.bool_]:
    """Whether KPIs read each attribute: the segment, the customer's satisfaction, and what is booked for an order."""
    read = np.zeros(program.tables.births.shape[-1], np.bool_)
    told = {program.tables.segment, program.satisfaction, *(attribute for _, attribute in booked_attributes(program))}
    read[[attribute for attribute in told if attribute >= 0]] = True
    return read


@kept
def booked_attributes(program: Program) -> list[tuple[int, int]]:
    """Process in which leads order, and attribute that a step of it posts to booked; the first step of several last."""
    steps, chances = program.tables.steps, program.tables.chances
    ordering = np.unique(steps["process"][steps["marks"] & Milestone.ORDER > 0])
    books = (steps["kind"] == Kind.POST) & (steps["account"] == ACCOUNTS.index("booked"))
    those = np.flatnonzero(books & np.isin(steps["process"], ordering))[::-1]
    told = [(int(steps["process"][step]), _attribute_of(chances, int(steps["amount"][step]))) for step in those]
    return [(process, attribute) for process, attribute in told if attribute >= 0]


def _attribute_of(chances: Chances, quantity: int) -> int:
    """The attribute that a quantity is, rounded or not; -1 for anything else."""
    formula = int(chances.formula[quantity])
    if formula < 0 or chances.distribution[quantity] >= 0 or chances.uses_count[quantity] > 0:
        return -1
    first, *others = code_of(formula, chances.formulas)
    plain = attributes_in(formula, chances.formulas) and first & OF_ATTRIBUTE == 0 and set(others) <= {Op.ROUND}
    return first >> ATTRIBUTE_BITS if plain else -1
