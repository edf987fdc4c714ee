"""Arrivals of one replication: when each case comes, from which channel, and under which key.

A day's count and every arrival within it have keys of their own, so a channel whose rate grows keeps the leads that it
had and gets more of them, and no other channel notices.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit  # type: ignore[import-untyped, unused-ignore]
from numpy.typing import NDArray

from simulator.chance.formulas import evaluate
from simulator.chance.keyed import derived_key, purpose_of, uniforms
from simulator.chance.sampling import samples
from simulator.errors import CaudalError
from simulator.program.kept import kept
from simulator.program.program import Demand, Program
from simulator.records import Floats, Indices, Integers
from simulator.schema.formula import BUILTINS

COUNT = purpose_of("arrivals/count of a day")
MOMENT = purpose_of("arrivals/moment")
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


class _Days(NamedTuple):
    """What is known of the days of a channel before anything is drawn; days without arrivals are left out."""

    keys: Integers
    means: Floats
    before: Floats
    """Arrivals expected until the day begins."""
    first: Integers
    """First hour of the day."""
    cumulated: Floats
    """Arrivals expected until each hour, those of days without arrivals too."""


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
    order = inside.take(_in_time(time.take(inside)))
    return Arrivals(time.take(order), channel.take(order), key.take(order))


CROWDED, SHORT = 64, 1e-6
"""Moments in one part of the time, and hours from the first to the last, beyond which they are sorted otherwise."""


def _in_time(time: Floats) -> NDArray[np.int64]:
    """Return the order of moments, those at the same time as they stand."""
    order = _by_parts(time)
    return order if order.size == time.size else np.argsort(time, kind="stable")


@njit(cache=True)
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


@njit(cache=True)
def _keys(key: int, purpose: int, count: int) -> NDArray[np.int64]:
    """Return the keys of the first ``count`` children of a key."""
    keys = np.empty(count, np.int64)
    for ordinal in range(count):
        keys[ordinal] = derived_key(key, purpose, ordinal)
    return keys


@njit(cache=True)
def _keys_at(key: int, purpose: int, ordinals: Integers) -> NDArray[np.int64]:
    """Return the keys of some children of a key."""
    keys = np.empty(ordinals.size, np.int64)
    for position in range(ordinals.size):
        keys[position] = derived_key(key, purpose, ordinals[position])
    return keys


@njit(cache=True)
def _keys_of_days(days: Integers, counts: Integers) -> NDArray[np.int64]:
    """Return the keys of the arrivals of each day, one day after the other."""
    keys = np.empty(counts.sum(), np.int64)
    place = 0
    for day in range(days.size):
        for ordinal in range(counts[day]):
            keys[place] = derived_key(days[day], 0, ordinal)
            place += 1
    return keys


@njit(cache=True)
def _hours_of_days(u: Floats, days: _Days, counts: Integers) -> Floats:
    """Turn the uniform number of each arrival into its hour: where the arrivals expected until then reach it.

    Between full hours the line is straight, as `numpy.interp` draws it, which would search among all hours for each.
    """
    times, cumulated, last = np.empty(u.size), days.cumulated, days.cumulated.size - 1
    at = 0
    for day in range(counts.size):
        for _ in range(counts[day]):
            expected = days.before[day] + days.means[day] * u[at]
            hour = days.first[day] + int(24.0 * u[at])
            while cumulated[hour] > expected:
                hour -= 1
            while hour < last and cumulated[hour + 1] <= expected:
                hour += 1
            passed = expected - cumulated[hour]
            times[at] = hour
            if hour < last and passed > 0.0:
                times[at] += 1.0 / (cumulated[hour + 1] - cumulated[hour]) * passed
            at += 1
    return times


SMALL_MEAN = 200.0
"""Mean up to which the count of a day is searched from 0 upwards, which for small counts is fastest."""


NOTHING = 1e-300
"""Probability that adds nothing any more; with the means above, no count starts with one as small."""


@njit(cache=True)
def _small_counts(u: Floats, means: Floats, dispersion: float) -> NDArray[np.int64]:
    """Return Poisson or negative binomial quantiles by sequential search.

    Each probability follows from the one before by a simple ratio (Devroye, Non-Uniform Random Variate Generation,
    1986, section X.3).
    """
    counts = np.empty(u.size, np.int64)
    for day in range(u.size):
        if dispersion > 1.0:
            shape, fall = means[day] / (dispersion - 1.0), 1.0 - 1.0 / dispersion
            probability = math.exp(-shape * math.log(dispersion))
        else:
            shape, fall = 0.0, means[day]
            probability = math.exp(-means[day])
        passed, count = probability, 0
        # Rounding may keep the sum below the largest numbers for ever.
        while passed < u[day] and probability > NOTHING:
            probability *= fall * ((shape + count) if dispersion > 1.0 else 1.0) / (count + 1)
            passed += probability
            count += 1
        counts[day] = count
    return counts


def day_counts(u: Floats, means: Floats, dispersion: float) -> NDArray[np.int64]:
    """Return the counts of days for uniform numbers: variance is ``dispersion`` times mean."""
    if means.max(initial=0.0) <= SMALL_MEAN:
        return _small_counts(u, means, dispersion)
    if dispersion > 1:
        from scipy import stats  # half a second to import, and few scenarios have such days

        return np.asarray(stats.nbinom.ppf(u, means / (dispersion - 1), 1 / dispersion), np.int64)
    from scipy import special

    # As `scipy.stats.poisson.ppf` has it, without what it does besides, which takes longer.
    at_most = np.ceil(special.pdtrik(u, means))
    below = np.maximum(at_most - 1, 0)
    return np.asarray(np.where(special.pdtr(below, means) >= u, below, at_most), np.int64)


def _channel(
    program: Program, demand: Demand, days: _Days, dated: _Dated, seed: int, replication: int
) -> list[tuple[Floats, Integers]]:
    """Return the cases of a channel: by rate, by interval, those of drops, and those of its trace."""
    own, parts = derived_key(0, demand.purpose, 0), [_by_rate(demand, days, seed, replication)]
    parts.append(_by_interval(program, demand, own, seed, replication))
    if dated.keys.size:
        u = uniforms(seed, replication, dated.keys, MOMENT, 0)
        parts.append((dated.moments + dated.spreads * u, dated.keys))
    return [*parts, (demand.trace, dated.trace)]


@kept
def _known(program: Program) -> list[tuple[_Days, _Dated]]:
    """Return what is known of each channel before anything is drawn."""
    return [(_days(demand), _dated(demand)) for demand in program.demand]


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


def _days(demand: Demand) -> _Days:
    padded = np.zeros(-(-demand.hourly.size // 24) * 24)
    padded[: demand.hourly.size] = demand.hourly
    means = padded.reshape(-1, 24).sum(axis=1)
    busy = np.flatnonzero(means > 0)
    cumulated = np.concatenate([[0.0], np.cumsum(padded)])
    keys = _keys_at(derived_key(0, demand.purpose, 0), DAY, demand.first_day + busy)
    return _Days(keys, means[busy], cumulated[24 * busy], 24 * busy, cumulated)


def _by_rate(demand: Demand, days: _Days, seed: int, replication: int) -> tuple[Floats, Integers]:
    """Draw a count for each day, Poisson or negative binomial where days differ more, and place it by the rate.

    The negative binomial is a Poisson count with a gamma distributed rate: variance is ``dispersion`` times mean.
    """
    u = uniforms(seed, replication, days.keys, COUNT, 0)
    counts = day_counts(u, days.means, demand.dispersion)
    keys = _keys_of_days(days.keys, counts)
    return _hours_of_days(uniforms(seed, replication, keys, MOMENT, 0), days, counts), keys


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
