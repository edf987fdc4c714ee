"""From a schedule to its moments in hours of the run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from simulator.program.workforce import Days
from simulator.records import Floats
from simulator.schema.calendar import WEEKDAYS, Schedule, parse_time_of_day
from simulator.schema.public_holidays import festive_days


@lru_cache(maxsize=256)
def moments_of(schedule: Schedule, days: Days, country: str) -> Floats:
    """Ascending moments of a schedule, none before the run; dates and holidays may lie behind its end.

    Variants of a scenario share most of their schedules, so the array is kept, and nobody may change it.
    """
    at = parse_time_of_day(schedule.at) / 60
    chosen = {*map(days.number, schedule.dates), *_regular(schedule, days), *_festive(schedule, days, country)}
    return np.array(sorted(24.0 * number + at for number in chosen if number >= 0), np.float64)


def _regular(schedule: Schedule, days: Days) -> Iterator[int]:
    """Days of the run on the weekdays and days of the month."""
    for number in range(days.count):
        date = days.first + dt.timedelta(days=number)
        last = (date + dt.timedelta(days=1)).month != date.month
        if (
            WEEKDAYS[date.weekday()] in schedule.weekdays
            or date.day in schedule.month_days
            or (last and "last" in schedule.month_days)
        ):
            yield number


def _festive(schedule: Schedule, days: Days, country: str) -> Iterator[int]:
    """Days of the run so many days before the holidays, up to the year after its end, which a wait may reach into."""
    end = days.first + dt.timedelta(days=days.count)
    for name in schedule.holidays:
        for date in festive_days(country, name, range(days.first.year, end.year + 2)):
            yield days.number(date) - schedule.days_before
