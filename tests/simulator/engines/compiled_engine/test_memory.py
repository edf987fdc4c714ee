"""The memory of a run: addresses of its tables, how they grow, and what it begins with."""

import ctypes
import math

import numpy as np
import pytest

from simulator.engines.compiled_engine.initial import ROOM
from simulator.engines.compiled_engine.memory import SPARE, WITH_CASES, WITH_ROLL, RunMemory
from simulator.engines.compiled_engine.rows import SLOTS
from simulator.engines.compiled_engine.tables import GROWING, REGISTERS, VISITS
from tests.simulator.engines.compiled_engine.parts import SMALL, memory
from tests.simulator.engines.toys import toy

COLUMNS = {name: (name,) for name in GROWING} | {"cases": WITH_CASES, "roll": WITH_ROLL, "visits": tuple(VISITS)}


def bytes_at(address, count):
    """What lies in the memory of the machine."""
    return ctypes.string_at(address, count)


def words(tables, name):
    """Address, rows and columns of a table in the vector."""
    return tables.vector[3 * SLOTS[name] : 3 * SLOTS[name] + 3].tolist()


def contents(table):
    """Bytes of every field; those between the fields, which hold nothing, are left out."""
    return {name: table[name].tobytes() for name in table.dtype.names} if table.dtype.names else {"": table.tobytes()}


def fill(table, seed):
    """Put bytes into a table that nobody would find there by chance."""
    flat = table.view(np.uint8).reshape(-1)
    flat[:] = np.random.default_rng(seed).integers(1, 255, flat.size, dtype=np.uint8)


@pytest.mark.parametrize("name", sorted(SLOTS))
def test_every_slot_holds_the_address_and_shape_of_its_table(name):
    """Compiled code reads those bytes which Python keeps."""
    tables = memory()
    address, rows, columns = words(tables, name)
    table = tables[name]
    assert table.flags["C_CONTIGUOUS"]
    assert rows == table.shape[0]
    assert columns == (table.shape[1] if table.ndim == 2 else 1)
    assert address == table.ctypes.data
    assert bytes_at(address, table.nbytes) == table.tobytes()


def test_slots_do_not_overlap():
    """Three words each, side by side."""
    assert sorted(SLOTS.values()) == list(range(len(SLOTS)))
    assert memory().vector.size == 3 * len(SLOTS)
    assert memory().vector.dtype == np.int64


def test_a_table_that_is_replaced_is_found_at_its_new_place():
    """Also when it is a slice of another, which is copied to lie in one piece."""
    tables = memory()
    every_other = np.arange(20, dtype=np.int32)[::2]
    tables["waits"] = every_other
    address, rows, columns = words(tables, "waits")
    assert (rows, columns) == (10, 1)
    assert bytes_at(address, 40) == every_other.tobytes()
    matrix = np.arange(12.0).reshape(3, 4)
    tables["values"] = matrix.T
    assert words(tables, "values")[1:] == [4, 3]
    assert bytes_at(words(tables, "values")[0], 96) == matrix.T.tobytes()


@pytest.mark.parametrize("name", GROWING)
def test_enlarging_keeps_what_is_there(name):
    """To the last byte, in every column that grows with it."""
    tables = memory()
    before = {}
    for column in COLUMNS[name]:
        fill(tables[column], len(column))
        before[column] = contents(tables[column])
    size = tables.room(name)
    tables["registers"][name] = size
    tables.enlarge(1)
    for column in COLUMNS[name]:
        grown = tables[column]
        assert grown.shape[0] == 2 * size + 1
        assert contents(grown[:size]) == before[column]
        assert words(tables, column)[:2] == [grown.ctypes.data, grown.shape[0]]


@pytest.mark.parametrize("name", GROWING)
@pytest.mark.parametrize("room", [1, 64, 1_000, 100_000])
def test_enlarging_gives_the_room_that_is_asked_for(name, room):
    """At once, even where doubling would not be enough."""
    tables = memory()
    tables["registers"][name] = tables.room(name)
    tables.enlarge(room)
    assert tables.room(name) - tables.used(name) >= room
    assert tables.room(name) >= 2 * tables.used(name)


@pytest.mark.parametrize("name", GROWING)
def test_only_the_table_that_is_full_grows(name):
    """Those that have room stay where they are."""
    tables = memory()
    places = {other: words(tables, other) for other in SLOTS}
    tables["registers"][name] = tables.room(name) - 9
    tables.enlarge(10)
    assert {other for other in SLOTS if words(tables, other) != places[other]} == set(COLUMNS[name])


@pytest.mark.parametrize(("left", "grows"), [(9, True), (10, False), (11, False)])
def test_exactly_enough_room_is_enough(left, grows):
    """A table grows when less is left than is needed."""
    tables = memory()
    size = tables["tickets"].size
    tables["registers"]["tickets"] = size - left
    tables.enlarge(10)
    assert (tables["tickets"].size > size) == grows


@pytest.mark.parametrize("name", ["cases", "visits"])
def test_columns_have_the_same_rows_however_often_they_grow(name):
    """What a case has lies in five tables, a visit in seven, and no row of one may lie beyond the end of another."""
    tables = memory()
    for _ in range(6):
        tables["registers"][name] = tables.room(name)
        tables.enlarge(3)
        assert {tables[column].shape[0] for column in COLUMNS[name]} == {tables.room(name)}
        assert {words(tables, column)[1] for column in COLUMNS[name]} == {tables.room(name)}
    assert tables.room(name) > 64 * 140


def test_doubling_makes_growth_cheap():
    """A million cases one by one are at most twenty copies."""
    tables = memory(arrivals=0)
    copies = 0
    while tables["cases"].size < 1_000_000:
        tables["registers"]["cases"] = tables["cases"].size
        tables.enlarge(ROOM)
        copies += 1
    assert copies <= 14


def test_filled_is_what_is_in_use():
    """A view, not a copy: what the engine writes is seen."""
    tables = memory()
    assert tables.used("visits") == tables.used("visits.case") == 0
    assert tables.filled("visits.case").size == 0
    tables["registers"]["visits"] = 3
    tables["visits.case"][:3] = (7, 8, 9)
    assert tables.filled("visits.case").tolist() == [7, 8, 9]
    assert np.shares_memory(tables.filled("visits.case"), tables["visits.case"])


def test_registers_at_the_beginning():
    """Nothing is under way, the arrivals are to come, and what stays is said."""
    tables = memory(seed=2**40, replication=17)
    registers = tables["registers"][0]
    assert registers.dtype == REGISTERS
    said = {name: registers[name].item() for name in REGISTERS.names if registers[name] != 0}
    assert said == {
        "case": -1, "vacant": -1, "arriving": 1, "free": -1, "ahead": -1, "due": -1,
        "comes": math.inf, "later_from": 1.0,
        # A period for every eight cases, and one for what comes when the run is over.
        "periods_an_hour": 2 / 168, "seed": 2**40, "replication": 17, "end": 168.0, "segment": -1, "product": -1,
        # Three people and one class of queue for each of two teams.
        "room": ROOM + 3 + 2 * 2 * (3 + 1), "room_elsewhere": ROOM + 3,
        "segments": 1, "products": 1, "attributes": 2, "cohorts": 1,
    }  # fmt: skip


def test_every_growing_table_has_a_register():
    """And none of them is in use."""
    tables = memory()
    assert all(tables.used(name) == 0 for name in GROWING)
    assert set(GROWING) <= set(REGISTERS.names)


def test_queues_of_a_team_lie_side_by_side():
    """For each class the shared one, then one for each member: three for the first team, two for the second."""
    tables = memory()
    assert tables["crews"]["first_queue"].tolist() == [0, 3]
    assert tables["crews"]["queues"].tolist() == [3, 2]
    assert tables["queues"]["klass"].tolist() == [0, 0, 0, 1, 1]
    assert tables["queues"]["owner"].tolist() == [-1, 0, 1, -1, 0]
    assert tables["queues"]["root"].tolist() == [-1] * 5
    assert not tables["queues"]["length"].any()


def test_people_at_the_beginning():
    """All are idle, in the order of the file, and the last has had the last turn, so that the first comes first."""
    tables = memory()
    assert tables["people"]["idle_since"].tolist() == [0, 1, 0]
    assert tables["people"]["serving"].tolist() == [-1, -1, -1]
    assert tables["crews"]["idled"].tolist() == [2, 1]
    assert tables["turns"].tolist() == [1, 0]


@pytest.mark.parametrize("arrivals", [0, 1, 1000])
def test_a_first_guess_of_the_cases_is_more_than_the_arrivals(arrivals):
    """Room for them and for half as many children, of whom one in eight is there at one time."""
    tables = memory(arrivals=arrivals)
    assert {tables[column].shape[0] for column in WITH_ROLL} == {arrivals + arrivals // 2 + SPARE}
    assert {tables[column].shape[0] for column in WITH_CASES} == {arrivals // 8 + SPARE}
    assert tables.room("visits") >= 4 * arrivals


def test_tables_of_a_program_are_shared_and_those_of_a_run_are_its_own():
    """Two runs of a program disturb each other in nothing."""
    program = toy(SMALL)
    one, other = RunMemory(program, 1, 0, 5), RunMemory(program, 1, 1, 5)
    growing = [column for columns in COLUMNS.values() for column in columns]
    for name in (*growing, "queues", "crews", "people", "turns", "context", "scratch", "registers"):
        assert not np.shares_memory(one[name], other[name]), name


def test_the_next_replication_of_a_program_has_room_for_what_the_last_one_needed():
    """And another program, were it equal, has not heard of it."""
    program = toy(SMALL)
    used = RunMemory(program, 1, 0, 5)
    for rank, name in enumerate(GROWING):
        used["registers"][name] = 60_000 + rank
    used.remember(program)
    following, stranger = RunMemory(program, 1, 1, 5), RunMemory(toy(SMALL), 1, 1, 5)
    for rank, name in enumerate(GROWING):
        assert following.room(name) > 60_000 + rank, name
        assert stranger.room(name) < 60_000, name


def test_what_is_remembered_is_the_most_that_any_replication_needed():
    """A quiet one after a busy one takes nothing back."""
    program = toy(SMALL)
    for needed in (5_000, 10):
        used = RunMemory(program, 1, 0, 5)
        for name in GROWING:
            used["registers"][name] = needed
        used.remember(program)
    assert all(RunMemory(program, 1, 2, 5).room(name) > 5_000 for name in GROWING)
