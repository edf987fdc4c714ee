"""Expected arrivals of each channel, hour by hour, and the moments of its drops and traces."""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from simulator.errors import CaudalError
from simulator.program.program import Demand
from simulator.program.quantity_book import QuantityBook
from simulator.program.workforce import Days
from simulator.records import Floats, Integers
from simulator.schema.calendar import WEEKDAYS
from simulator.schema.demand import Channel, Profile, Trace
from simulator.schema.quantity import fixed
from simulator.schema.scenario import Horizon
from simulator.schema.units import HOURS

if TYPE_CHECKING:
    import pandas as pd

ZONED = r"[T ]\d.*(?:Z|[+-]\d\d(?::?\d\d)?)$"
"""A timestamp that names its zone."""


def channel_demand(
    key: str, channel: Channel, horizon: Horizon, days: Days, end: float, quantities: QuantityBook, folder: Path | None
) -> Demand:
    """Lay out what one channel brings over a run of ``end`` hours."""
    hourly = np.zeros(0) if channel.rate is None else hourly_rates(channel, days, end)
    drops = tuple((days.hour(drop.date), drop.leads, fixed(drop.spread)) for drop in channel.drops)
    return Demand(
        purpose=quantities.purpose(f"channel/{key}"),
        hourly=hourly,
        first_day=days.first.toordinal(),
        dispersion=fixed(channel.dispersion, 1.0),
        interval=quantities.add(f"channel/{key}/interval", channel.interval),
        stops=fixed(channel.stops, math.inf),
        drops=drops,
        trace=np.zeros(0) if channel.trace is None else replayed(channel.trace, horizon, folder),
    )


def hourly_rates(channel: Channel, days: Days, end: float) -> Floats:
    """Expected arrivals in each hour: the mean rate times the profile's weights, each of mean 1 over its cycle."""
    number = np.arange(days.count)
    weekday, month = _weekdays_and_months(days)
    profile = channel.profile
    weight = np.ones(days.count)
    if profile.weekdays:
        cycle = np.array([profile.weekdays.get(day, 0.0) for day in WEEKDAYS])
        weight *= (cycle / cycle.mean())[weekday]
    if profile.months:
        months = np.array(profile.months)
        weight *= (months / months.mean())[month]
    closed = np.array(sorted(day for day in days.holidays if 0 <= day < days.count), np.int64)
    weight[closed] *= fixed(profile.holidays, 1.0)
    weight *= (1 + fixed(channel.growth)) ** (number / (HOURS["y"] / 24))
    hourly = np.outer(weight, _hours_of_day(profile)).ravel() * fixed(channel.rate)
    # Where the run ends within an hour, what falls behind its end is dropped when it has been placed.
    return hourly[: math.ceil(end)]


@lru_cache(maxsize=16)
def _weekdays_and_months(days: Days) -> tuple[Integers, Integers]:
    """Weekday from Monday and month from January, both from 0, of each day: the same for all channels and variants."""
    dates = [days.first + dt.timedelta(days=day) for day in range(days.count)]
    return np.array([date.weekday() for date in dates]), np.array([date.month - 1 for date in dates])


def _hours_of_day(profile: Profile) -> Floats:
    if not profile.hours:
        return np.ones(24)
    weights = np.zeros(24)
    for text, weight in profile.hours.items():
        match = re.fullmatch(r"\s*(\d{1,2})\s*-\s*(\d{1,2})\s*", text)
        if match is None:
            raise CaudalError(f"cannot read the hours '{text}' of a profile: write '08-18'")
        weights[int(match[1]) : int(match[2])] = weight
    return np.asarray(weights / weights.mean())


def replayed(trace: Trace, horizon: Horizon, folder: Path | None) -> Floats:
    """Arrival times of a trace in hours, moved by whole weeks so that the first falls into the first week of the run.

    Whole weeks keep every arrival on its weekday and time of day. Raises CaudalError when the file cannot be read.
    """
    import pandas as pd  # a quarter of a second to import, and few scenarios replay a file

    path = Path(trace.file) if folder is None else folder / trace.file
    try:
        columns = [trace.column, *([trace.case_column] if trace.case_column else [])]
        frame = pd.read_csv(path, usecols=columns)
        moments = _read_moments(frame[trace.column])
    except (OSError, ValueError) as error:
        raise CaudalError(f"cannot read the timestamps of {path.name}: {error}") from error
    if moments.dt.tz is not None:
        moments = moments.dt.tz_convert(ZoneInfo(horizon.time_zone)).dt.tz_localize(None)
    if trace.case_column:
        moments = moments.groupby(frame[trace.case_column]).min()
    ordered = np.sort(moments.dropna().to_numpy("datetime64[us]"))
    hours = (ordered - np.datetime64(horizon.start, "us")) / np.timedelta64(1, "h")
    return np.asarray(hours - 168 * np.floor(hours[:1] / 168), np.float64)


def _read_moments(texts: pd.Series) -> pd.Series:
    import pandas as pd

    try:
        return pd.to_datetime(texts, format="ISO8601")
    except ValueError:
        # Summer and winter have offsets of their own, which pandas reads together only as universal time.
        if not texts.dropna().astype(str).str.contains(ZONED).all():
            raise
        return pd.to_datetime(texts, format="ISO8601", utc=True)
