"""Numbers, intervals and verdicts as people read them; every format that a document uses is decided here."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Final

from babel.dates import format_date
from babel.numbers import format_decimal

from simulator.kpis import declared

if TYPE_CHECKING:
    from simulator.experiment.comparison import Difference, Verdict
    from simulator.experiment.intervals import Estimate
    from simulator.experiment.trust import Standing

LOCALE: Final = "en"
UNDEFINED: Final = "–"
SPACE: Final = "\u00a0"
"""Does not break at the end of a line, so that a figure stays with its unit."""
MINUS: Final = "\u2212"
_TIMES: Final = (("min", 60.0, 2.0), ("h", 1.0, 72.0), ("d", 1 / 24, math.inf))
"""Unit, units in an hour, and the hours below which it is used."""
SURE: Final = 0.99
"""Chance beyond which none is stated: so few draws and replications do not tell more."""
FINER: Final = 3
"""Digits that an interval may have beyond its figure, so that its ends differ."""
VERDICT_SIGNS: Final[dict[Verdict, str]] = {"better": "▲", "worse": "▼", "not distinguishable": "○"}
"""A sign beside the word, so that a verdict is seen without its colour."""
STANDING_SIGNS: Final[dict[Standing, str]] = {"fine": "✓", "caution": "!", "spoils": "✗", "not checked": "○"}
"""The same for the lines of the trust card."""
SPOILT: Final = f" {STANDING_SIGNS['spoils']} spoilt"
"""Behind the label of a KPI that the trust card, or a warning, spoils."""
CAUSE_WORDS: Final = declared.CAUSE_WORDS
"""How a wait came about; one phrase for each of the causes of the records."""


def figure(value: float, unit: str, like: float | None = None, *, sign: bool = False, more: int = 0) -> str:
    """A value with its unit, at the scale and digits of the figure ``like`` where one is given, and ``more`` digits."""
    if not math.isfinite(value):
        return UNDEFINED
    size = abs(value if like is None or not math.isfinite(like) else like)
    if unit == "share":
        return f"{_digits(100 * value, _share_digits(100 * size) + more, sign)}{SPACE}%"
    if unit in {"h", "d"}:
        hours = 24 if unit == "d" else 1
        if size == 0:
            return f"{_digits(value, more, sign)}{SPACE}{unit}"
        name, factor, _ = next(time for time in _TIMES if size * hours < time[2])
        digits = _time_digits(size * hours * factor) + more
        return f"{_digits(value * hours * factor, digits, sign)}{SPACE}{name}"
    return f"{_digits(value, _plain_digits(size, unit) + more, sign)}{SPACE}{unit}"


def change(value: float, unit: str, like: float | None = None, *, more: int = 0) -> str:
    """A difference with its sign; of shares in percentage points, which nobody takes for per cent of the base."""
    size = abs(value if like is None or not math.isfinite(like) else like)
    if unit == "share" and math.isfinite(value):
        return f"{_digits(100 * value, _share_digits(100 * size) + more, sign=True)}{SPACE}points"
    if unit == "d" and math.isfinite(value):  # in hours it would not be seen as the change of a figure in days
        return f"{_digits(value, _plain_digits(size, unit) + more, sign=True)}{SPACE}d"
    return figure(value, unit, like, sign=True, more=more)


def span(low: float, high: float, unit: str, like: float, *, sign: bool = False) -> str:
    """An interval, ``from 1 200 to 1 300 EUR``, at the scale of its figure, and finer where its ends would agree."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval"
    for more in range(FINER + 1):
        lower, upper = (
            change(end, unit, like, more=more) if sign else figure(end, unit, like, more=more) for end in (low, high)
        )
        if lower != upper or low == high:
            break
    number, _, written = lower.rpartition(SPACE)
    return f"from {number if upper.endswith(SPACE + written) else lower} to {upper}"


def mean_of(estimate: Estimate) -> str:
    """The mean of an estimate."""
    return figure(estimate.mean, estimate.unit)


def interval_of(estimate: Estimate | Difference) -> str:
    """The interval of an estimate, or of a difference with signs."""
    from simulator.experiment.comparison import Difference  # heavy, and by now loaded: a command may only want a format

    if isinstance(estimate, Difference):
        return span(estimate.low, estimate.high, estimate.unit, estimate.difference, sign=True)
    return span(estimate.low, estimate.high, estimate.unit, estimate.mean)


def with_interval(estimate: Estimate | Difference) -> str:
    """A figure and its interval in brackets."""
    from simulator.experiment.comparison import Difference  # heavy, and by now loaded: a command may only want a format

    if isinstance(estimate, Difference):
        return f"{change(estimate.difference, estimate.unit)} ({interval_of(estimate)})"
    return f"{mean_of(estimate)} ({interval_of(estimate)})"


def chance(probability: float) -> str:
    """A chance that was estimated, which is never certain."""
    if probability > SURE or probability < 1 - SURE:
        word, end = ("over", SURE) if probability > SURE else ("under", 1 - SURE)
        return f"{word}{SPACE}{100 * end:.0f}{SPACE}%"
    return share(probability)


def probability(p: float) -> str:
    """A probability of error as ``p = 0.012``; very small ones are all the same to a reader."""
    if not math.isfinite(p):
        return UNDEFINED
    return f"p{SPACE}<{SPACE}0.001" if p < 0.001 else f"p{SPACE}={SPACE}{_digits(p, 3)}"


def share(value: float, *, sign: bool = False) -> str:
    """A share in per cent."""
    return figure(value, "share", sign=sign)


def duration(hours: float) -> str:
    """Hours in minutes, hours or days, whichever reads best."""
    return figure(hours, "h")


def count(value: float) -> str:
    """A whole number, grouped in thousands."""
    return _digits(value, 0) if math.isfinite(value) else UNDEFINED


def unit(name: str) -> str:
    """A unit in full."""
    return {
        "h": "in hours",
        "d": "in days",
        "share": "a share",
        "times": "a multiple",
        "cases": "a number of cases",
    }.get(name, f"in {name}")


def day(moment: dt.datetime) -> str:
    """A date as ``1 January 2025``."""
    return format_date(moment, "d MMMM yyyy", locale=LOCALE)


def plural(number: float, one: str, many: str) -> str:
    """``1 replication`` or ``30 replications``."""
    return f"{count(number)}{SPACE}{one if number == 1 else many}"


def listed(words: list[str]) -> str:
    """Words as a list in a sentence: ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _time_digits(size: float) -> int:
    return 0 if size >= 100 or size == 0 else 1


def _share_digits(percent: float) -> int:
    return 0 if percent == 0 else 1 if round(percent, 9) >= 1 else 2 if percent >= 0.1 else 3


def _plain_digits(size: float, unit: str) -> int:
    if len(unit) == 3 and unit.isupper():  # money
        return 0 if size >= 100 or size == 0 else 2
    return 0 if size >= 100 or size == 0 else 1 if size >= 1 else 2 if size >= 0.01 else 3


def _digits(value: float, digits: int, sign: bool = False) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text = format_decimal(abs(value), pattern, locale=LOCALE).replace(",", SPACE)
    if not any(digit in "123456789" for digit in text):
        return text  # neither plus nor minus nothing
    return (MINUS if value < 0 else "+" if sign else "") + text
