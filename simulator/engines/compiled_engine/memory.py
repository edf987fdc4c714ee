"""The memory of one replication: tables that Python keeps alive and enlarges, and compiled code reaches by address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from simulator.engines.compiled_engine.initial import ROOM, registers, room_of, staff
from simulator.engines.compiled_engine.rows import SLOTS
from simulator.engines.compiled_engine.tables import (
    CASE,
    COHORT,
    ENTRY,
    EVENT,
    GROWING,
    OVERTAKING,
    POSTING,
    TICKET,
    VISITS,
)
from simulator.program.kept import kept
from simulator.program.program import Program
from simulator.program.untraced import attributes_read, steps_read
from simulator.schema.formula import BUILTINS

Table = NDArray[Any]
CASES_A_PERIOD = 8
"""Arrivals for which the agenda has a period: with their events the heap of a period has a few levels."""
SPARE = ROOM * 16
"""Rows that a table has beside those that other replications have needed."""
_NEEDED: WeakKeyDictionary[Program, dict[str, int]] = WeakKeyDictionary()
"""Rows that the replications of a program have needed in each table that grows."""
_KEPT: list[dict[str, Table]] = []
"""Tables of the replication that is over, which the next one writes over: new memory comes page by page, and slowly.

It may be of another program, as when many variants are tried."""
MOST_KEPT = 2**28
"""Bytes of tables that are kept, for as long as the process lives: beyond that, others may need the room."""
WITH_CASES = ("cases", "values", "touched", "counts", "owners")
WITH_ROLL = ("roll", "attributes")
TOGETHER = {"cases": WITH_CASES, "roll": WITH_ROLL, "visits": tuple(VISITS)}
"""Tables that grow together, by the name of what their rows are; other tables grow alone."""
HANDED_ON = tuple(name for name in GROWING if name != "visits")
"""Those that are no part of the records, and may be written over."""


class RunMemory:
    """All tables of a replication; compiled code is called with ``address``, which leads to them."""

    def __init__(self, program: Program, seed: int, replication: int, arrivals: int, *, traced: bool = True) -> None:
        of_program, vector = _of_program(program)
        self.vector = vector.copy()
        self.address: int = self.vector.ctypes.data
        self._tables = of_program.copy()
        self._kept: dict[str, Table] = {}
        for name, table in _of_run(program, seed, replication, arrivals).items():
            self[name] = table
        self["kept"] = (steps_read(program) | traced).astype(np.uint8)
        self["attributes_kept"] = np.flatnonzero(attributes_read(program) | traced)
        self["attributes"] = np.empty((self["roll"].size, self["attributes_kept"].size))

    def take_newborns(self, arrivals: int, values: Table | None) -> None:
        """Take what all arrivals bring, where that is known, or make room for it: otherwise it is for a cohort."""
        if values is None:
            self["cohort"] = np.empty((arrivals, self["cohort"].shape[1]))
        else:
            self["cohort"], self["registers"]["borne"] = values, arrivals

    def check(self) -> None:
        """Raise AssertionError where an event took more rows than were kept free: nothing after it can be trusted."""
        full = [name for name in GROWING if self.used(name) > self.room(name)]
        if full:
            raise AssertionError(f"the compiled engine wrote beyond its tables: {', '.join(full)}")

    def remember(self, program: Program) -> None:
        """Note what this replication needed, so that the next one has it from the start, and which tables to hand on.

        Whoever takes a row writes it, so they are handed on as they are; the attributes are part of the records.
        """
        known = _NEEDED.setdefault(program, {})
        for name in GROWING:
            known[name] = max(known.get(name, 0), self.used(name))
        kept = {name: self._tables[name] for name in (*HANDED_ON, *WITH_CASES)}
        self._kept = kept if sum(table.nbytes for table in kept.values()) <= MOST_KEPT else {}

    def hand_on(self) -> None:
        """Leave the tables that are to be kept to the next replication."""
        _KEPT[:] = [self._kept]

    def __getitem__(self, name: str) -> Table:
        return self._tables[name]

    def __setitem__(self, name: str, table: Table) -> None:
        self._tables[name] = _placed(table, name, self.vector)

    def used(self, name: str) -> int:
        """Rows of a growing table, or of one of its columns, that are in use."""
        return int(self._tables["registers"][name.partition(".")[0]][0])

    def room(self, name: str) -> int:
        """Rows that a growing table has."""
        return int(self._tables[TOGETHER.get(name, (name,))[0]].shape[0])

    def filled(self, name: str) -> Table:
        """Return the rows of a growing table that are in use."""
        return self._tables[name][: self.used(name)]

    def taken(self, name: str) -> Table:
        """Return the same, and let go of the table: what is not handed on need not lie beside the records of it."""
        rows = self.filled(name)
        del self._tables[name]
        return rows

    def enlarge(self, room: int) -> None:
        """Double every table that has less than ``room`` rows left, and give it that much room besides."""
        for name in GROWING:
            if self.room(name) - self.used(name) < room:
                for column in TOGETHER.get(name, (name,)):
                    self[column] = _larger(self._tables[column], room)


def _larger(table: Table, room: int) -> Table:
    grown = np.empty((2 * table.shape[0] + room, *table.shape[1:]), table.dtype)
    grown[: table.shape[0]] = table
    return grown


def _placed(table: Table, name: str, vector: Table) -> Table:
    """Return a table as it lies in memory, with its address and shape written where compiled code looks for it."""
    flat = np.ascontiguousarray(table)
    word, shape = 3 * SLOTS[name], (*flat.shape, 1)
    vector[word : word + 3] = (flat.ctypes.data, shape[0], shape[1])
    return flat


@kept
def _of_program(program: Program) -> tuple[dict[str, Table], Table]:
    """Return the tables of a program, none of which a run changes, and the vector that leads to them."""
    chances = program.tables.chances
    tables = {name: table for name, table in program.tables._asdict().items() if name in SLOTS}
    tables |= {name: table for name, table in chances._asdict().items() if name in SLOTS}
    tables |= {f"effects.{name}": table for name, table in chances.effects._asdict().items()}
    tables |= {f"formulas.{name}": table for name, table in chances.formulas._asdict().items()}
    tables["decaying"] = np.flatnonzero(chances.formulas.half_life > 0.0)
    tables["births"], vector = program.tables.births.ravel(), np.zeros(3 * len(SLOTS), np.int64)
    return {name: _placed(table, name, vector) for name, table in tables.items()}, vector


def _of_run(program: Program, seed: int, replication: int, arrivals: int) -> dict[str, Table]:
    """Return the tables of a run that is about to begin."""
    tables, periods = program.tables, arrivals // CASES_A_PERIOD + 2
    return _growing(program, arrivals) | {
        "registers": registers(program, seed, replication, periods),
        "periods": np.full(periods, -1, np.int32),
        **{name: table.copy() for name, table in staff(program).items()},
        "context": np.zeros(len(BUILTINS)),
        "uniforms": np.zeros(tables.luck.shape[1]),
        "cohort": np.zeros((COHORT, tables.births.shape[-1])),
        "cohort_uniforms": np.zeros((COHORT, tables.luck.shape[1])),
        "untouched": np.zeros(tables.births.shape[-1]),
        "scratch": np.zeros((2, int(tables.teams["members"].max(initial=1))), np.bool_),
    }


def _growing(program: Program, arrivals: int) -> dict[str, Table]:
    """Return tables with room for what the program has needed, or for a first guess of what it needs."""
    tables, known = program.tables, _NEEDED.get(program, {})

    def room(name: str, guess: int) -> int:
        return known[name] + known[name] // 16 + SPARE if name in known else guess

    born = room("roll", arrivals + arrivals // 2 + SPARE)
    alive = room("cases", arrivals // 8 + SPARE)
    forms: dict[str, tuple[tuple[int, ...], Any]] = {
        "events": ((room("events", SPARE),), EVENT),
        "later": ((room("later", SPARE),), EVENT),
        "roll": ((born,), ENTRY),
        "cases": ((alive,), CASE),
        "values": ((alive, tables.births.shape[-1]), np.float64),
        "touched": ((alive, tables.births.shape[-1]), np.float64),
        "counts": ((alive, int(tables.processes["steps"].max())), np.int32),
        "owners": ((alive, tables.teams.size), np.int32),
        **{name: ((room("visits", born * 4),), dtype) for name, dtype in VISITS.items()},
        "waits": ((room("waits", born),), np.int32),
        "postings": ((room("postings", SPARE),), POSTING),
        "tickets": ((room("tickets", born),), TICKET),
        "overtakings": ((room("overtakings", SPARE) + 16 * room_of(program),), OVERTAKING),
    }
    handed_on = _handed_on({name: shape for name, (shape, _) in forms.items()}, known)
    return {name: handed_on[name] if name in handed_on else np.empty(*form) for name, form in forms.items()}


def _handed_on(shapes: Mapping[str, tuple[int, ...]], known: Mapping[str, int]) -> dict[str, Table]:
    """Return the tables of a replication that is over, nothing where there are none or they do not fit.

    They are as wide as asked for, and have the rows that are known to be needed or, where nothing is known, half of
    those that would be made: to double them often takes longer than to make them.
    """
    try:
        kept = _KEPT.pop()  # in one step: screens simulate in several threads
    except IndexError:
        return {}
    fit = all(
        table.shape[0] >= known.get(name, shapes[name][0] // 2) and table.shape[1:] == shapes[name][1:]
        for name, table in kept.items()
    )
    return kept if fit else {}
