"""The order of moments that are spread over all the time of a run, as arrivals are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import making_arrays
from simulator.records import Floats

CROWDED, SHORT = 64, 1e-6
"""Moments in one part of the time, and hours from the first to the last, beyond which they are sorted otherwise."""


def in_time(time: Floats) -> NDArray[np.int64]:
    """Return the order of moments, those at the same time as they stand."""
    order = _by_parts(time)
    return order if order.size == time.size else np.argsort(time, kind="stable")


@making_arrays
def _by_parts(time: Floats) -> NDArray[np.int64]:
    """Return the order of moments that are spread over all the time, and nothing where a part of it is crowded.

    Each goes to one of as many equal parts as there are moments, and then before those of its part that come later:
    a seventh of the time of a sort that knows nothing of them (Dobosiewicz, Information Processing Letters 7, 1978).
    """
    order = np.empty(time.size, np.int64)
    if time.size == 0:
        return order
    earliest = time.min()
    width = time.max() - earliest
    if width < SHORT:
        return order[:0]
    parts_an_hour = (time.size - 1) / width
    first = np.zeros(time.size + 1, np.int32)
    for moment in time:
        first[int((moment - earliest) * parts_an_hour) + 1] += 1
    if first.max() > CROWDED:
        return order[:0]
    for part in range(time.size):
        first[part + 1] += first[part]
    for row in range(time.size):
        part = int((time[row] - earliest) * parts_an_hour)
        order[first[part]] = row
        first[part] += 1
    for place in range(1, time.size):
        row, before = order[place], place - 1
        while before >= 0 and time[order[before]] > time[row]:
            order[before + 1] = order[before]
            before -= 1
        order[before + 1] = row
    return order
