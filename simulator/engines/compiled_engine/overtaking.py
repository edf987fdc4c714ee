"""How long each wait was overtaken, worked out when the run is over from the stretches that were noted."""

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import making_arrays
from simulator.engines.compiled_engine.memory import Table


@making_arrays
def overtaken(notes: Table, order: NDArray[np.int64], largest: int, tickets: int) -> NDArray[np.int64]:
    """Return the ticks that each ticket was overtaken: a Fenwick tree over the order of coming, queue after queue.

    ``order`` sorts the notes by queue and leaves them in time within it; ``largest`` is the largest number of coming.
    """
    ticks = np.zeros(tickets, np.int64)
    tree = np.zeros(largest + 2, np.int64)
    total, queue = 0, -1
    for at in order:
        note = notes[at]
        if note["queue"] != queue:
            queue, total = note["queue"], 0
            tree[:] = 0
        place = note["number"] + 1
        if note["ticket"] < 0:
            total += note["ticks"]
            while place < tree.size:
                tree[place] += note["ticks"]
                place += place & -place
            continue
        below = 0
        while place > 0:
            below += tree[place]
            place -= place & -place
        ticks[note["ticket"]] += note["sign"] * (total - below)
    return ticks
