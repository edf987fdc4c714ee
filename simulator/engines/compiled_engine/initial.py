"""What a run of the compiled engine begins with beside rows for cases: its registers, and everybody idle."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.engines.compiled_engine.tables import CREW, PERSON, QUEUE, REGISTERS
from simulator.program.formula_code import reads_moment
from simulator.program.kept import kept
from simulator.program.program import Program

ROOM = 64
"""Rows that one step or event may need in any table, beside those for people, notes of overtaking and children."""


def room_of(program: Program) -> int:
    """Rows that one step or event may need in any table, notes of overtaking among them."""
    people, classes = program.tables.members.size, program.tables.class_takes.size
    return ROOM + people + 2 * classes * (people + 1)


def registers(program: Program, seed: int, replication: int, periods: int) -> NDArray[Any]:
    """Return the row of single numbers as it stands before the first event."""
    table = np.zeros(1, REGISTERS)
    people = program.tables.members.size
    _, segments, products, attributes = program.tables.births.shape
    stays = {
        "case": -1, "vacant": -1, "arriving": 1, "seed": seed, "replication": replication,
        "now": program.begins, "warm_up": program.warm_up, "end": program.end,
        "segment": program.tables.segment, "product": program.tables.product,
        "free": -1, "ahead": -1, "due": -1, "comes": np.inf, "later_from": 1.0,
        "periods_an_hour": (periods - 1) / program.end,
        "room": room_of(program), "room_elsewhere": ROOM + people,
        "segments": segments, "products": products, "attributes": attributes, "cohorts": born_alike(program),
    }  # fmt: skip
    for name, value in stays.items():
        table[name] = value
    return table


@kept
def born_alike(program: Program) -> bool:
    """Whether what cases bring is the same whenever they are born: no formula for it reads more than attributes."""
    tables = program.tables
    quantities = np.unique(tables.births[tables.births >= 0])
    chances = tables.chances
    formulas = np.unique(chances.formula[quantities])
    return not any(reads_moment(int(each), chances.formulas) for each in formulas[formulas >= 0])


@kept
def staff(program: Program) -> dict[str, NDArray[Any]]:
    """Return teams, people and queues as a run finds them: for each class a shared queue and one a member."""
    tables = program.tables
    people = np.zeros(tables.members.size, PERSON)
    people["serving"] = -1
    turns = np.zeros(tables.class_takes.size, np.int64)
    crews = np.zeros(tables.teams.size, CREW)
    rows: list[tuple[int, int, int]] = []
    for index, team in enumerate(tables.teams):
        size, classes, first = int(team["members"]), int(team["classes"]), int(team["first_class"])
        crews[index]["first_queue"], crews[index]["queues"] = len(rows), classes * (size + 1)
        crews[index]["idled"] = size
        of_team = int(team["first_member"])
        people["idle_since"][of_team : of_team + size] = np.arange(size)
        turns[first : first + classes] = size - 1
        rows += [(index, first + klass, owner) for klass in range(classes) for owner in range(-1, size)]
    queues = np.zeros(len(rows), QUEUE)
    for at, name in enumerate(("team", "klass", "owner")):
        queues[name] = [row[at] for row in rows]
    queues["root"] = -1
    return {"queues": queues, "crews": crews, "people": people, "turns": turns}
