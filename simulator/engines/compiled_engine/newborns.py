"""What the arrivals of a replication bring, kept for the next scenario to which the same leads come."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from simulator.chance.formulas import Formulas
from simulator.chance.quantities import Chances
from simulator.chance.sampling import COUNT, KIND, MIX, START
from simulator.engines.arrivals import Arrivals
from simulator.engines.compiled_engine.initial import born_alike
from simulator.program.kept import kept
from simulator.program.program import Program
from simulator.records import Floats, Indices, Integers

MOST_KEPT: Final = 2**26
"""Bytes that are kept at most: twenty replications of 6,000 leads a year, two of 50,000."""
BESIDE: Final = 700
"""Bytes that a replication takes beside its numbers: what a process grows by that keeps 5,000 of five leads each."""


class Newborns(NamedTuple):
    """Arrivals of a replication, and what they bring."""

    channel: Indices
    key: Integers
    values: Floats
    """Attributes at birth; shape (arrivals, attributes). Nobody may write to it."""

    @property
    def size(self) -> int:
        """Bytes that they take."""
        return sum(table.nbytes for table in self) + BESIDE


class Latest:
    """Newborns by digest of the births, seed and replication: those of the latest runs, up to ``MOST_KEPT`` bytes."""

    def __init__(self) -> None:
        self.newborns: OrderedDict[tuple[bytes, int, int], Newborns] = OrderedDict()
        """Those put last come last: whoever has asked puts what was found again, or its own."""
        self.size = 0
        """Bytes of all, which are thousands where scenarios are small: to add them up each time would take longest."""
        self._lock = threading.Lock()
        """Screens simulate in several threads."""

    def put(self, name: tuple[bytes, int, int], these: Newborns) -> None:
        """Keep these in place of others of the same name, and let go of what was put longest ago."""
        with self._lock:
            before = self.newborns.pop(name, None)
            self.newborns[name] = these
            self.size += these.size - (0 if before is None else before.size)
            while self.size > MOST_KEPT:
                self.size -= self.newborns.popitem(last=False)[1].size


_KEPT = Latest()


def may_be_kept(program: Program, arrivals: int) -> bool:
    """Whether what so many arrivals bring depends on them alone, and is not too much to be kept."""
    width = program.tables.births.shape[-1]
    # Beside the attributes, 8 bytes of the key and 4 of the channel.
    return born_alike(program) and width > 0 and 0 < arrivals * (8 * width + 12) <= MOST_KEPT // 2


def known(program: Program, seed: int, replication: int, arrivals: Arrivals) -> Floats | None:
    """Return what these arrivals bring, where another run of this process has drawn it already.

    The same leads come to many scenarios: most what-ifs change what happens to them, not who they are.
    """
    found = _KEPT.newborns.get((digest_of_births(program), seed, replication))
    if found is None:
        return None
    same = np.array_equal(found.key, arrivals.key) and np.array_equal(found.channel, arrivals.channel)
    return found.values if same else None


def keep(program: Program, seed: int, replication: int, arrivals: Arrivals, values: Floats) -> None:
    """Keep what the arrivals of a replication bring for the next run."""
    _KEPT.put((digest_of_births(program), seed, replication), Newborns(arrivals.channel, arrivals.key, values))


@kept
def digest_of_births(program: Program) -> bytes:
    """Digest of all that decides what the cases of a channel bring, wherever in the tables of a program it stands."""
    tables, chances = program.tables, program.tables.chances
    quantities, places = np.unique(tables.births, return_inverse=True)
    computed = quantities[quantities >= 0]  # births have no effects
    parts = [
        [*tables.births.shape, tables.segment, tables.product], quantities < 0, places,
        tables.given, tables.brought, tables.luck, chances.low, chances.high, chances.constant[computed],
        *_formulas(chances.formula[computed], chances.formulas), *_laws(chances.distribution[computed], chances),
    ]  # fmt: skip
    content = hashlib.sha256()
    for part in map(np.ascontiguousarray, parts):
        content.update(part.size.to_bytes(8, "little"))
        content.update(part.tobytes())
    return content.digest()


def _formulas(which: Indices, formulas: Formulas) -> Iterator[object]:
    """What quantities compute, one after the other, -1 being nothing."""
    yield which < 0
    for formula in which[which >= 0].tolist():
        first = int(formulas.first[formula])
        span = slice(first, first + int(formulas.length[formula]))
        yield from (formulas.ops[span], formulas.args[span])


def _laws(which: Indices, chances: Chances) -> Iterator[object]:
    """What quantities are drawn from, one after the other, -1 being nothing: rows of the table, and their points."""
    yield which < 0
    laws = chances.rows[which[which >= 0]]
    starts, counts = (laws[:, column].astype(np.int64) for column in (START, COUNT))
    yield np.delete(laws, START, axis=1)
    for at in np.flatnonzero(counts).tolist():
        points, others = chances.points[starts[at] :][: 2 * counts[at]].reshape(2, -1)
        yield points
        if laws[at, KIND] == MIX:
            yield from _laws(others.astype(np.int32), chances)
        else:
            yield others
