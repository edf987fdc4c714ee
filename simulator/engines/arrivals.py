"""Arrivals of one replication: when each case comes, from which channel, and under which key."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import making_arrays
from simulator.chance.formulas import evaluate
from simulator.chance.keyed import derived_key, uniforms
from simulator.chance.sampling import samples
from simulator.engines.daily_arrivals import MOMENT, Days, arrivals_by_rate, days_of
from simulator.engines.order_of_arrivals import in_time
from simulator.errors import CaudalError
from simulator.program.kept import kept
from simulator.program.program import Demand, Program
from simulator.records import Floats, Indices, Integers
from simulator.schema.formula import BUILTINS

MOST_INTERVALS = 2**25
"""Cases after which a channel by intervals is taken to have none between them."""
DAY, INTERVAL, DROP, TRACE = range(4)
"""Purposes that tell the keys of a channel's days, intervals, drops and trace apart."""


class Arrivals(NamedTuple):
    """Cases that enter from outside, in the order in which they come."""

    time: Floats
    """Hours since the start of the run."""
    channel: Indices
    key: Integers


class _Dated(NamedTuple):
    """What is known of the cases of a channel that come in number and by date: those of its drops and of its trace."""

    moments: Floats
    """When the drop of each is made."""
    spreads: Floats
    """Hours over which its cases come."""
    keys: Integers
    trace: Integers
    """Keys of the trace."""


def draw_arrivals(program: Program, seed: int, replication: int) -> Arrivals:
    """Draw all arrivals of one replication; those at the same time keep the order of channels.

    Those of before the run begins are part of the open pipeline that it begins with.
    """
    parts = [
        (channel, *part)
        for channel, (demand, (days, dated)) in enumerate(zip(program.demand, _known(program), strict=True))
        for part in _channel(program, demand, days, dated, seed, replication)
        if part[0].size
    ]
    time = np.concatenate([np.zeros(0), *(time for _, time, _ in parts)])
    key = np.concatenate([np.zeros(0, np.int64), *(key for _, _, key in parts)])
    channel = np.repeat([channel for channel, _, _ in parts], [time.size for _, time, _ in parts]).astype(np.int32)
    # Only while the run lasts, and before the channel stops.
    until = np.array([min(program.end, demand.stops) for demand in program.demand])
    inside = np.flatnonzero((time >= program.begins) & (time < until.take(channel)))
    order = inside.take(in_time(time.take(inside)))
    return Arrivals(time.take(order), channel.take(order), key.take(order))


@making_arrays
def _keys(key: int, purpose: int, count: int) -> NDArray[np.int64]:
    """Return the keys of the first ``count`` children of a key."""
    keys = np.empty(count, np.int64)
    for ordinal in range(count):
        keys[ordinal] = derived_key(key, purpose, ordinal)
    return keys


def _channel(
    program: Program, demand: Demand, days: Days, dated: _Dated, seed: int, replication: int
) -> list[tuple[Floats, Integers]]:
    """Return the cases of a channel: by rate, by interval, those of drops, and those of its trace."""
    own, parts = derived_key(0, demand.purpose, 0), [arrivals_by_rate(demand, days, seed, replication)]
    parts.append(_by_interval(program, demand, own, seed, replication))
    if dated.keys.size:
        u = uniforms(seed, replication, dated.keys, MOMENT, 0)
        parts.append((dated.moments + dated.spreads * u, dated.keys))
    return [*parts, (demand.trace, dated.trace)]


@kept
def _known(program: Program) -> list[tuple[Days, _Dated]]:
    """Return what is known of each channel before anything is drawn."""
    return [(days_of(demand, DAY), _dated(demand)) for demand in program.demand]


def _dated(demand: Demand) -> _Dated:
    own, keys = derived_key(0, demand.purpose, 0), [np.zeros(0, np.int64)]
    dropped: dict[float, int] = {}
    for moment, leads, _ in demand.drops:
        before = dropped.get(moment, 0)
        dropped[moment] = before + leads
        keys.append(_keys(derived_key(own, DROP, demand.first_day + int(moment // 24)), 0, before + leads)[before:])
    drops = np.array([[moment, spread] for moment, _, spread in demand.drops], np.float64).reshape(-1, 2)
    moments, spreads = np.repeat(drops, [leads for _, leads, _ in demand.drops], axis=0).T.copy()
    return _Dated(moments, spreads, np.concatenate(keys), _keys(own, TRACE, demand.trace.size))


def _by_interval(program: Program, demand: Demand, own: int, seed: int, replication: int) -> tuple[Floats, Integers]:
    """Draw intervals until they pass the end of the run: a renewal process, whose first case comes after one."""
    if demand.interval < 0:
        return np.zeros(0), np.zeros(0, np.int64)
    chances, limit, count = program.tables.chances, min(program.end, demand.stops), 1024
    formula, row = int(chances.formula[demand.interval]), int(chances.distribution[demand.interval])
    # There is no case yet: such a formula reads policies only, which are constants.
    nothing = np.zeros(len(BUILTINS))
    stated = evaluate(formula, chances.formulas, nothing, nothing, nothing) if formula >= 0 else 0.0
    while True:
        keys = _keys(own, INTERVAL, count)
        intervals = np.full(count, stated)
        if row >= 0:
            u = uniforms(seed, replication, keys, int(chances.purpose[demand.interval]), 0)
            intervals += samples(u, row, chances.rows, chances.points)
        times = np.cumsum(np.maximum(0.0, intervals))
        if times[-1] >= limit:
            return times, keys
        if times[-1] * MOST_INTERVALS < limit * count:
            raise CaudalError(f"a channel brings over {MOST_INTERVALS} cases: the time between them is too short")
        count *= 2
