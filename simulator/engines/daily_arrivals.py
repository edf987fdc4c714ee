"""Arrivals by rate: a count for each day, whose cases are placed within it by the rate of its hours.

A day's count and every arrival within it have keys of their own, so a channel whose rate grows keeps the leads that it
had and gets more of them, and no other channel notices.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import making_arrays
from simulator.chance.keyed import derived_key, purpose_of, uniforms
from simulator.program.program import Demand
from simulator.records import Floats, Integers

COUNT = purpose_of("arrivals/count of a day")
MOMENT = purpose_of("arrivals/moment")


class Days(NamedTuple):
    """What is known of the days of a channel before anything is drawn; days without arrivals are left out."""

    keys: Integers
    means: Floats
    before: Floats
    """Arrivals expected until the day begins."""
    first: Integers
    """First hour of the day."""
    cumulated: Floats
    """Arrivals expected until each hour, those of days without arrivals too."""


@making_arrays
def _keys_at(key: int, purpose: int, ordinals: Integers) -> NDArray[np.int64]:
    """Return the keys of some children of a key."""
    keys = np.empty(ordinals.size, np.int64)
    for position in range(ordinals.size):
        keys[position] = derived_key(key, purpose, ordinals[position])
    return keys


@making_arrays
def _keys_of_days(days: Integers, counts: Integers) -> NDArray[np.int64]:
    """Return the keys of the arrivals of each day, one day after the other."""
    keys = np.empty(counts.sum(), np.int64)
    place = 0
    for day in range(days.size):
        for ordinal in range(counts[day]):
            keys[place] = derived_key(days[day], 0, ordinal)
            place += 1
    return keys


@making_arrays
def _hours_of_days(u: Floats, days: Days, counts: Integers) -> Floats:
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


@making_arrays
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


def days_of(demand: Demand, purpose: int) -> Days:
    """Return what is known of the days of a channel; ``purpose`` tells their keys from those of its other cases."""
    padded = np.zeros(-(-demand.hourly.size // 24) * 24)
    padded[: demand.hourly.size] = demand.hourly
    means = padded.reshape(-1, 24).sum(axis=1)
    busy = np.flatnonzero(means > 0)
    cumulated = np.concatenate([[0.0], np.cumsum(padded)])
    keys = _keys_at(derived_key(0, demand.purpose, 0), purpose, demand.first_day + busy)
    return Days(keys, means[busy], cumulated[24 * busy], 24 * busy, cumulated)


def arrivals_by_rate(demand: Demand, days: Days, seed: int, replication: int) -> tuple[Floats, Integers]:
    """Draw a count for each day, Poisson or negative binomial where days differ more, and place it by the rate.

    The negative binomial is a Poisson count with a gamma distributed rate: variance is ``dispersion`` times mean.
    """
    u = uniforms(seed, replication, days.keys, COUNT, 0)
    counts = day_counts(u, days.means, demand.dispersion)
    keys = _keys_of_days(days.keys, counts)
    return _hours_of_days(uniforms(seed, replication, keys, MOMENT, 0), days, counts), keys
