"""What can be moved in a scenario: head-counts, and every plain number whose evidence has a range."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reports import wording
from simulator.schema.loading import Loaded
from simulator.schema.names import in_words
from simulator.schema.register import Assumption, assumptions
from simulator.schema.units import parse_number, parse_units

PEOPLE: Final = "People"
GROUPS: Final = {
    "policies": "Rules", "channels": "Channels", "teams": "Teams", "processes": "Process", "effects": "Effects",
}  # fmt: skip
"""Sections of a scenario as they are offered; all others are called other."""
OTHER: Final = "Other"
STEPS: Final = 50
"""About as many as a slider has between its ends."""
_WRITTEN: Final = re.compile(r"\s*(?P<number>[+-]?\d[\d .\u00a0\u202f_]*(?:[eE][+-]?\d+)?)\s*(?P<unit>\D.*)?")


@dataclass(frozen=True)
class Lever:
    """One number that can be moved, counted in the unit in which it is written."""

    path: str
    group: str
    label: str
    unit: str
    value: float
    """As the scenario has it."""
    low: float
    high: float
    step: float
    help: str = ""
    """Where the range comes from."""

    @property
    def whole(self) -> bool:
        """Whether it moves from one whole number to the next."""
        return all(float(each).is_integer() for each in (self.value, self.low, self.high, self.step))

    def written(self, value: float) -> str:
        """A value as a scenario file states it."""
        return f"{value:.10g} {self.unit}".strip()


def levers(loaded: Loaded) -> list[Lever]:
    """Head-counts first, then numbers in the order of the file.

    A number that is drawn or computed, or that stands in a list, is none.
    """
    rows = assumptions(loaded.scenario, loaded.unsourced)
    return [*_head_counts(loaded), *(lever for row in rows if (lever := _lever(row)) is not None)]


def _head_counts(loaded: Loaded) -> Iterator[Lever]:
    """The size of each team; where people have names, how many more there are."""
    for key, team in loaded.scenario.teams.items():
        label = team.label or in_words(key)
        if team.members:
            label += ", further people"
        size = team.head_count or 0
        least = 0 if team.members else min(1, size)
        yield Lever(f"teams.{key}.head_count", PEOPLE, label, "", size, least, max(2 * size, size + 4), 1)


def _lever(row: Assumption) -> Lever | None:
    written = _WRITTEN.fullmatch(row.text)
    if row.value is None or row.range is None or written is None or "[" in row.path:
        return None
    unit = (written["unit"] or "").strip()
    one = parse_units(f"1 {unit}")
    ends = [parse_units(end) for end in row.range]
    if one is None or ends[0] is None or ends[1] is None:
        return None
    value = parse_number(written["number"].strip())
    # The ends may be written in another unit than the number; ten digits are what a file states.
    low, high = (float(f"{end.value / one.value:.10g}") for end in ends if end is not None)
    low, high = min(low, value), max(high, value)
    if not low < high:
        return None
    section = row.path.partition(".")[0]
    return Lever(row.path, GROUPS.get(section, OTHER), row.label, unit, value, low, high, _step(value, low, high),
                 _evidence(row))  # fmt: skip


def _step(value: float, low: float, high: float) -> float:
    """1, 2 or 5 times a power of ten, whole between whole numbers that leave room for it."""
    rough = (high - low) / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough * (1 - 1e-9))
    whole = all(each.is_integer() for each in (value, low, high))
    return max(1.0, step) if whole and high - low >= 4 else step


def _evidence(row: Assumption) -> str:
    ends = " to ".join(row.range or ())
    grade = f", grade {row.grade}" if row.grade else ""
    parts = (f"Range by the evidence: {ends}{grade}.", f"{row.source}." if row.source else "", row.note)
    return wording.SPACE.join(part for part in parts if part)
