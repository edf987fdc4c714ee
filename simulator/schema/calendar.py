"""When people work and when things happen by the calendar: shifts, leave, schedules."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, model_validator

from simulator.schema.frozen import Frozen

Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Week = tuple[tuple[tuple[int, int], ...], ...]
"""For each weekday from Monday the working intervals in minutes of the day, sorted and disjoint."""

_DAYS = r"[A-Za-z]{3}(?:\s*-\s*[A-Za-z]{3})?"
_SHIFT = re.compile(rf"^\s*(?P<days>{_DAYS}(?:\s*,\s*{_DAYS})*)\s+(?P<hours>.+)$")
_HOURS = re.compile(r"^\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*$")
DAY: Final = 24 * 60


@lru_cache(maxsize=512)
def parse_shifts(text: str) -> Week:
    """Read working hours such as ``Mon-Fri 09:00-13:00, 14:00-18:00; Sat 09:00-13:00`` or ``always``.

    Raises ValueError with a sentence when the text is not of that form. Each text is read once: colleagues share their
    hours, and so do the variants of a study.
    """
    week: list[list[tuple[int, int]]] = [[] for _ in WEEKDAYS]
    if text.strip() == "always":
        return tuple(((0, DAY),) for _ in WEEKDAYS)
    for shift in text.split(";"):
        match = _SHIFT.match(shift)
        if match is None:
            example = "write 'Mon-Fri 09:00-13:00, 14:00-18:00' or 'always'"
            raise ValueError(f"cannot read the shift '{shift.strip()}': {example}")
        for day in _days(match["days"]):
            for start, end in map(_interval, match["hours"].split(",")):
                week[day].append((start, min(end, DAY)))
                if end > DAY:
                    week[(day + 1) % 7].append((0, end - DAY))
    return tuple(tuple(_disjoint(sorted(day))) for day in week)


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in text.split(","):
        first, _, last = (name.strip().capitalize() for name in part.partition("-"))
        for name in filter(None, (first, last)):
            if name not in WEEKDAYS:
                raise ValueError(f"'{name}' is no weekday: write {', '.join(WEEKDAYS)}")
        start = WEEKDAYS.index(first)
        end = WEEKDAYS.index(last) if last else start
        days += [(start + i) % 7 for i in range((end - start) % 7 + 1)]
    return days


def _interval(text: str) -> tuple[int, int]:
    match = _HOURS.match(text)
    if match is None:
        raise ValueError(f"cannot read the hours '{text.strip()}': write '09:00-13:00'")
    first_hour, first_minute, last_hour, last_minute = (int(part) for part in match.groups())
    start, end = first_hour * 60 + first_minute, last_hour * 60 + last_minute
    if max(start, end) > DAY or max(first_minute, last_minute) > 59:
        raise ValueError(f"'{text.strip()}' is no time of day: hours go to 24:00, minutes to 59")
    # A shift that ends before it begins goes on after midnight.
    return start, end if end > start else end + DAY


def _disjoint(intervals: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in intervals:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _checked_shifts(raw: object) -> str:
    text = "; ".join(map(str, raw)) if isinstance(raw, list) else str(raw)
    parse_shifts(text)
    return text


def parse_time_of_day(text: str) -> int:
    """Minutes of the day of a text such as ``17:00``; ValueError with a sentence otherwise."""
    match = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*", text)
    if match is None or int(match[1]) * 60 + int(match[2]) > DAY or int(match[2]) > 59:
        raise ValueError(f"cannot read the time of day '{text}': write '17:00'")
    return int(match[1]) * 60 + int(match[2])


def _checked_time(raw: object) -> str:
    parse_time_of_day(str(raw))
    return str(raw)


Shifts = Annotated[str, BeforeValidator(_checked_shifts)]
TimeOfDay = Annotated[str, BeforeValidator(_checked_time)]


class Absence(Frozen):
    """Days on which someone is away, both included."""

    first: dt.date
    last: dt.date

    @model_validator(mode="after")
    def _in_order(self) -> Absence:
        if self.last < self.first:
            raise ValueError(f"the absence ends on {self.last}, before it begins on {self.first}")
        return self


class Schedule(Frozen):
    """Moments on the calendar at which something happens, such as a payment run on Mondays and Thursdays at 17:00."""

    weekdays: tuple[Weekday, ...] = ()
    """Every week on these days."""
    month_days: tuple[Literal["last"] | Annotated[int, Field(ge=1, le=28)], ...] = ()
    """Every month on these days; ``last`` is the last day of the month."""
    dates: tuple[dt.date, ...] = ()
    """On these dates only."""
    holidays: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Every year on these public holidays of the horizon's country, by a word of their English name, such as Easter or
    Christmas: the first day so called. ``all`` is every one."""
    days_before: Annotated[int, Field(ge=0, le=60)] = 0
    """Days by which the moment comes before a holiday, such as 7 for a greeting that goes out the week before."""
    at: TimeOfDay = "00:00"
    """Time of day."""

    @model_validator(mode="after")
    def _never_empty(self) -> Schedule:
        if not (self.weekdays or self.month_days or self.dates or self.holidays):
            raise ValueError("a schedule needs weekdays, month_days, dates or holidays")
        return self
