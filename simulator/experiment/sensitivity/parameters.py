"""Parameters that a sensitivity study moves: numbers of a scenario between the ends of their evidence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

import numpy as np

from simulator.chance.forms import PARAMETERS
from simulator.errors import StudyError
from simulator.records import Floats
from simulator.schema.frozen import Frozen
from simulator.schema.loading import Loaded
from simulator.schema.names import did_you_mean
from simulator.schema.register import Assumption, assumptions
from simulator.schema.units import Parsed, parse_number, parse_units

_WRITTEN: Final = re.compile(r"\s*(?P<number>[+-]?\d[\d .\u00a0\u202f_]*(?:[eE][+-]?\d+)?)\s*(?P<unit>\D.*)?")
_RANGE: Final = re.compile(r"(?P<path>[^=]+)=(?P<low>.+?)\.\.(?P<high>.+)")
_LOCATIONS: Final = ("mean", "median")
_PROPORTIONAL: Final = ("p90",)
"""Parameters of a distribution that move in proportion with its mean or median, so that it keeps its shape."""


@dataclass(frozen=True)
class Parameter:
    """One number of a scenario that a study moves, counted in the unit in which it is written."""

    path: str
    label: str
    text: str
    """As the scenario has it."""
    unit: str
    value: float
    low: float
    high: float
    grade: str = ""
    """Of the evidence, A to D; empty where none is given."""
    source: str = ""
    whole: bool = False
    """Whether only whole numbers make sense."""
    places: tuple[tuple[str, float], ...] = ()
    """Paths that a change states, each with its multiple of the value."""

    def written(self, value: float) -> str:
        """A value as a scenario file states it."""
        return f"{round(value) if self.whole else value:.10g} {self.unit}".strip()

    def changes(self, value: float) -> dict[str, object]:
        """What is laid over the scenario to give the parameter this value."""
        if self.whole:
            return {path: round(value) for path, _ in self.places}
        return {path: self.written(value * multiple) for path, multiple in self.places}

    def nearest(self, values: Floats) -> Floats:
        """The values next to these that it can have: whole ones of its range where others make no sense."""
        return np.clip(np.floor(values + 0.5), self.low, self.high) if self.whole else values

    def levels(self, most: int) -> tuple[float, ...]:
        """Evenly spaced values from end to end, without repeating a whole one where the range has fewer of them."""
        return tuple(np.unique(self.nearest(np.linspace(self.low, self.high, most))).tolist())


def parameters_of(loaded: Loaded) -> dict[str, Parameter]:
    """Every number whose evidence has a range, by path, in the order of the file.

    A fixed number moves itself. A distribution that states its mean or median, inside the range, moves by that and
    keeps its coefficient of variation, its sigma or its p90 in proportion; other distributions and formulas are left
    out, since a range does not say what of them is uncertain.
    """
    rows = assumptions(loaded.scenario, loaded.unsourced)
    found = (_parameter(row, row.range, loaded) for row in rows if row.range is not None)
    return {each.path: each for each in found if each is not None}


def chosen(loaded: Loaded, wanted: Sequence[str]) -> list[Parameter]:
    """The parameters of some paths, each over its evidence or, written ``path=low..high``, over a range of one's own.

    Raises StudyError for a path that has no number or no range.
    """
    known = parameters_of(loaded)
    rows = {row.path: row for row in assumptions(loaded.scenario, loaded.unsourced)}
    found: dict[str, Parameter] = {}
    for text in wanted:
        stated = _RANGE.fullmatch(text)
        path = (stated["path"] if stated else text).strip()
        if stated:
            found[path] = _between(path, (stated["low"].strip(), stated["high"].strip()), rows, loaded)
        elif path in known:
            found[path] = known[path]
        elif path in rows:
            raise StudyError(f"'{path}' has no range that it could be moved over: write {path}=LOW..HIGH")
        else:
            raise StudyError(no_number(path, rows))
    return list(found.values())


def no_number(path: str, rows: Iterable[str]) -> str:
    """The sentence that refuses the path of a number."""
    known = list(rows)
    near = "', '".join(get_close_matches(path, known, n=3, cutoff=0.0))
    written = f"; a number is named by its place in the scenario, the nearest are '{near}'" if near else ""
    return f"there is no number '{path}'{did_you_mean(path, known, listed=False) or written}"


def _between(path: str, ends: tuple[str, str], rows: Mapping[str, Assumption], loaded: Loaded) -> Parameter:
    if path not in rows:
        raise StudyError(no_number(path, rows))
    found = _parameter(rows[path], ends, loaded)
    if found is None:
        raise StudyError(
            f"'{path}' ({rows[path].text}) cannot be moved from {ends[0]} to {ends[1]}: name two ends, lower first, "
            "in units such as its own, and for a distribution around its mean or median"
        )
    return found


def _parameter(row: Assumption, ends: tuple[str, str], loaded: Loaded) -> Parameter | None:
    text, places = (row.text, ((row.path, 1.0),)) if row.value is not None else _location(row.path, loaded)
    written = _WRITTEN.fullmatch(text)
    if written is None:
        return None
    unit, value = (written["unit"] or "").strip(), parse_number(written["number"].strip())
    one, *limits = (parse_units(each) for each in (f"1 {unit}", *ends))
    if one is None or not all(_alike(one, end) for end in limits):
        return None
    # The ends may be written in another unit than the number; ten digits are what a file states.
    low, high = (float(f"{end.value / one.value:.10g}") for end in limits if end is not None)
    whole = isinstance(_at(loaded.scenario, row.path), int)
    if whole:
        low, high = float(math.ceil(low)), float(math.floor(high))
    if not low < high or (row.value is None and not low <= value <= high):
        return None
    return Parameter(row.path, row.label, text, unit, value, low, high, row.grade, row.source, whole, places)


def _alike(one: Parsed, end: Parsed | None) -> bool:
    """Whether an end measures what the number measures; shares are plain numbers too."""
    measures = ({"number": "share"}.get(each.dimension, each.dimension) for each in (one, end) if each is not None)
    return end is not None and len(set(measures)) == 1 and one.currency == end.currency


def _location(path: str, loaded: Loaded) -> tuple[str, tuple[tuple[str, float], ...]]:
    """The mean or median of a distribution as written, its place, and those that move with it; no text without."""
    stated: Any = _at(loaded.statements.data, path)
    form = next((each for each in PARAMETERS if isinstance(stated, Mapping) and each in stated), "")
    if not form or "formula" in stated:
        return "", ()
    body = stated[form]
    if not isinstance(body, Mapping):
        return str(body), ((f"{path}.{form}", 1.0),)
    key = next((each for each in _LOCATIONS if each in body), "")
    centre = parse_units(str(body.get(key, "")))
    if centre is None or centre.value == 0:
        return (str(body[key]), ((f"{path}.{form}.{key}", 1.0),)) if centre is not None else ("", ())
    along = ((each, parse_units(str(body[each]))) for each in _PROPORTIONAL if each in body)
    moved = tuple((f"{path}.{form}.{each}", other.value / centre.value) for each, other in along if other is not None)
    return str(body[key]), ((f"{path}.{form}.{key}", 1.0), *moved)


def _at(block: Any, path: str) -> Any:
    """What stands at a dotted path of a scenario or of its statements, None for nothing."""
    for key in re.findall(r"[^.\[\]]+", path):
        if isinstance(block, Frozen):
            block = getattr(block, key)
        elif isinstance(block, Mapping):
            block = block.get(key)
        else:
            block = block[int(key)] if isinstance(block, Sequence) else None
    return block


def refuse_none(parameters: Sequence[Parameter]) -> None:
    """Raise StudyError where there is nothing to move."""
    if not parameters:
        raise StudyError("no number of this scenario has a range in its evidence: name some as PATH=LOW..HIGH")
