"""The tables of a program and of a run, as compiled code reaches them (``reach.py``)."""

from __future__ import annotations

import numpy as np

from simulator.chance.compiled import bare, inlined
from simulator.chance.formulas import Formulas
from simulator.chance.quantities import Chances, Effects
from simulator.engines.births import Births
from simulator.engines.compiled_engine import tables
from simulator.engines.compiled_engine.reach import SLOTS, Memory, column, matrix, touch, word_at
from simulator.program import layout

__all__ = ["SLOTS", "Memory"]

registers = column("registers", tables.REGISTERS)
events = column("events", tables.EVENT)
later = column("later", tables.EVENT)
periods = column("periods", np.int32)
"""First event of each period that is not in the heap, -1 for none."""
roll = column("roll", tables.ENTRY)
"""All cases, in the order of their birth."""
cases = column("cases", tables.CASE)
"""Those that are not over, or that a child may still change; so are the next four."""
values = matrix("values", np.float64)
touched = matrix("touched", np.float64)
counts = matrix("counts", np.int32)
owners = matrix("owners", np.int32)
attributes = matrix("attributes", np.float64)
"""Last values of the attributes that are kept, by row of the roll."""
attributes_kept = column("attributes_kept", np.int64, sized=True)
visit_case = column("visits.case", np.int32)
visit_step = column("visits.step", np.int32)
visit_entered = column("visits.entered", np.float64)
visit_started = column("visits.started", np.float64)
visit_finished = column("visits.finished", np.float64)
visit_member = column("visits.member", np.int32)
visit_next = column("visits.next", np.int32)
waits = column("waits", np.int32)
postings = column("postings", tables.POSTING)
tickets = column("tickets", tables.TICKET)
overtakings = column("overtakings", tables.OVERTAKING)
queues = column("queues", tables.QUEUE)
crews = column("crews", tables.CREW)
people = column("people", tables.PERSON, sized=True)
turns = column("turns", np.int64)
context = column("context", np.float64, sized=True)
scratch = matrix("scratch", np.bool_, sized=True)

steps = column("steps", layout.STEP)
kept = column("kept", np.uint8)
"""Whether visits to a step are written."""
outcomes = column("outcomes", layout.OUTCOME)
assignments = column("assignments", layout.ASSIGNMENT)
processes = column("processes", layout.PROCESS)
_births = column("births", np.int32)
_given = matrix("given", np.float64)
brought = matrix("brought", np.int32, sized=True)
_alike = matrix("alike", np.int32)
_luck = matrix("luck", np.int64, sized=True)
uniforms = column("uniforms", np.float64, sized=True)
"""Uniform numbers of a newborn."""
cohort = matrix("cohort", np.float64, sized=True)
"""Attributes at birth of all arrivals or, where these are too many, of those that are drawn at a time."""
cohort_uniforms = matrix("cohort_uniforms", np.float64, sized=True)
untouched = column("untouched", np.float64, sized=True)
"""When attributes of arrivals were set last, as they see it: at their birth, the hour 0."""
channel_process = column("channel_process", np.int32)
teams = column("teams", layout.TEAM)
members = column("members", layout.MEMBER, sized=True)
class_takes = column("class_takes", np.int8)
serves = matrix("serves", np.uint8)
roster_start = column("roster_start", np.float64)
roster_opening = column("roster_opening", np.float64)
presence = column("presence", np.uint8, sized=True)
calendars = column("calendars", layout.SPAN)
opens = column("opens", np.float64)
closes = column("closes", np.float64)
worked = column("worked", np.float64)
schedules = column("schedules", layout.SPAN)
moments = column("moments", np.float64)
automations = column("automations", layout.AUTOMATION)

formula = column("formula", np.int32)
distribution = column("distribution", np.int32)
purpose = column("purpose", np.int64)
uses_first = column("uses_first", np.int32)
uses_count = column("uses_count", np.int32)
_uses = column("uses", np.int32)
distributions = matrix("rows", np.float64)
points = column("points", np.float64)
_low = column("low", np.float64)
_high = column("high", np.float64)
constant = column("constant", np.float64)
certain = column("certain", np.float64)
_log_odds = column("log_odds", np.float64)
_effect_reads = column("effects.reads", np.int32)
_effect_coefficient = column("effects.coefficient", np.float64)
_effect_reference = column("effects.reference", np.float64)
_effect_first = column("effects.first", np.int32)
_effect_count = column("effects.length", np.int32)
_effect_log_axis = column("effects.log_axis", np.int8)
_effect_x = column("effects.x", np.float64)
_effect_y = column("effects.y", np.float64)
_effect_constant = column("effects.constant", np.float64)
_formula_first = column("formulas.first", np.int32)
_formula_count = column("formulas.length", np.int32)
_formula_ops = column("formulas.ops", np.uint32)
_formula_args = column("formulas.args", np.float64)
half_life = column("formulas.half_life", np.float64)
decaying = column("decaying", np.int64, sized=True)
"""Attributes that have a half-life: for the others nobody looks when they were set."""


@inlined
def wide(number: int) -> int:
    """Return an integer of a table as one of 64 bits: a function is compiled once for each width that it is given."""
    return np.int64(number)  # type: ignore[return-value]  # numba's int64 is an int in Python


@inlined
def formulas(m: Memory) -> Formulas:
    """Return the formulas of the program."""
    return Formulas(_formula_first(m), _formula_count(m), _formula_ops(m), _formula_args(m), half_life(m))


@inlined
def chances(m: Memory) -> Chances:
    """Return what draws and computes numbers."""
    effects = Effects(
        _effect_reads(m), _effect_coefficient(m), _effect_reference(m), _effect_first(m), _effect_count(m),
        _effect_log_axis(m), _effect_x(m), _effect_y(m), _effect_constant(m),
    )  # fmt: skip
    return Chances(
        formula(m), distribution(m), purpose(m), uses_first(m), uses_count(m), _uses(m), effects, formulas(m),
        distributions(m), points(m), _low(m), _high(m), constant(m), certain(m), _log_odds(m),
    )  # fmt: skip


@inlined
def all_births(m: Memory) -> Births:
    """Return what the cases of each channel bring."""
    once = registers(m)[0]
    return Births(
        _births(m), _given(m), brought(m), _alike(m), _luck(m), decaying(m), once["segment"], once["product"],
        once["segments"], once["products"], once["attributes"],
    )  # fmt: skip


_CASES, _VALUES, _TOUCHED, _COUNTS, _VISITS, _NEXT = (
    3 * SLOTS[name] for name in ("cases", "values", "touched", "counts", "visits.finished", "visits.next")
)
_ROLL, _EVENTS, _LATER, _PERIODS, _WAITS, _POSTINGS, _TICKETS, _OVERTAKINGS, _TEAMS = (
    3 * SLOTS[name]
    for name in ("roll", "events", "later", "periods", "waits", "postings", "tickets", "overtakings", "teams")
)
_CASE, _EVENT = tables.CASE.itemsize, tables.EVENT.itemsize
_LINE = 64
_ATTRIBUTES_FIRST, _COUNTS_FIRST = 3, 2
"""Lines of a row that are asked for beforehand."""


@inlined
def team_count(m: Memory) -> int:
    """Number of teams."""
    return word_at(m, _TEAMS + 1)


@inlined
def period_count(m: Memory) -> int:
    """Number of periods of the agenda."""
    return word_at(m, _PERIODS + 1)


@inlined
def has_room(m: Memory, needed: int) -> bool:
    """Return whether every table that grows has room for some more rows.

    ``needed`` is said of notes of overtaking; others need as many less as ``room_elsewhere`` is less than ``room``.
    """
    used = registers(m)[0]
    if used["credit"] > 0 and needed <= used["room"]:
        used["credit"] -= 1
        return True
    return looked_for_room(m, needed)


@bare
def looked_for_room(m: Memory, needed: int) -> bool:
    """Look for room in every table, and note how often there is that of an event without looking."""
    used = registers(m)[0]
    noted = used["room"] - used["room_elsewhere"]
    left = min(
        word_at(m, _CASES + 1) - used["cases"],
        word_at(m, _ROLL + 1) - used["roll"],
        word_at(m, _VISITS + 1) - used["visits"],
        word_at(m, _EVENTS + 1) - used["events"],
        word_at(m, _LATER + 1) - used["later"],
        word_at(m, _WAITS + 1) - used["waits"],
        word_at(m, _POSTINGS + 1) - used["postings"],
        word_at(m, _TICKETS + 1) - used["tickets"],
    ) - (needed - noted)
    left_of_notes = word_at(m, _OVERTAKINGS + 1) - used["overtakings"] - needed
    used["needed"], used["credit"] = needed, min(left // used["room_elsewhere"], left_of_notes // used["room"])
    return left >= 0 and left_of_notes >= 0


@inlined
def expect_later(m: Memory, row: int) -> None:
    """Ask the processor for an event of a later period."""
    touch(m, _LATER, row, _EVENT, 0)


@inlined
def expect(m: Memory, case: int, visit: int) -> None:
    """Ask the processor for the rows of a case and a visit whose turn it is soon, so that nobody waits for memory.

    Of attributes and counts only the first are asked for: those that come early in a scenario are read most, and to ask
    for all of them takes longer than to wait for some.
    """
    touch(m, _VISITS, visit, 8, 0)
    touch(m, _NEXT, visit, 4, 0)
    for line in range(0, _CASE, _LINE):
        touch(m, _CASES, case, _CASE, line)
    width = 8 * word_at(m, _VALUES + 2)
    for line in range(0, _ATTRIBUTES_FIRST * _LINE, _LINE):
        touch(m, _VALUES, case, width, line)
    for attribute in decaying(m):
        touch(m, _TOUCHED, case, width, 8 * attribute)
    width = 4 * word_at(m, _COUNTS + 2)
    for line in range(0, _COUNTS_FIRST * _LINE, _LINE):
        touch(m, _COUNTS, case, width, line)
