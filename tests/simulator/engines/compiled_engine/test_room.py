"""Room in the tables: looked for seldom, and there whenever it is said to be."""

import itertools

import pytest

from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.tables import GROWING
from tests.simulator.engines.compiled_engine.parts import memory


def takes(tables, name, needed):
    """Rows of a table that what needs so much may take: all of it in the notes of overtaking alone."""
    once = tables["registers"][0]
    return needed if name == "overtakings" else needed - once["room"] + once["room_elsewhere"]


@pytest.mark.parametrize("name", GROWING)
@pytest.mark.parametrize("more", [(0,), (0, 0, 50), (300, 0), (0, 0, 0, 0, 7)])
def test_there_is_room_whenever_it_is_said(name, more):
    """As often as it is asked for, each time with all taken that may be; and only then there is none."""
    tables = memory()
    once = tables["registers"]
    once[name] = max(0, tables.room(name) - 23 * takes(tables, name, once["room"][0]) - 5)
    for extra in itertools.cycle(more):
        needed = int(once["room"][0]) + extra
        left = tables.room(name) - tables.used(name)
        if not rows.has_room(tables.address, needed):
            break
        assert left >= takes(tables, name, needed)
        once[name] += takes(tables, name, needed)
    assert left < takes(tables, name, needed)
    assert once["needed"][0] == needed
    tables.enlarge(needed)
    assert rows.has_room(tables.address, needed)


def test_room_is_looked_for_seldom():
    """Where a table has room for many events, nobody looks again at the next ones."""
    tables = memory()
    room = int(tables["registers"]["room"][0])
    assert rows.has_room(tables.address, room)
    often = int(tables["registers"]["credit"][0])
    assert often > 5
    for left in range(often - 1, -1, -1):
        assert rows.has_room(tables.address, room)
        assert tables["registers"]["credit"][0] == left
