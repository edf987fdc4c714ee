"""The assumption register: every number of a scenario, where it comes from and how good that evidence is."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Mapping
from typing import Any, Final, NamedTuple

from simulator.schema.demand import Profile
from simulator.schema.frozen import Evidenced, Frozen
from simulator.schema.names import in_words
from simulator.schema.paths import Key, dotted
from simulator.schema.quantity import Quantity
from simulator.schema.scenario import Effect, Horizon, Scenario, Source
from simulator.schema.walk import Part, parts, stated_fields

OWN_ASSUMPTION: Final = "D"
"""Grade of a number that a scenario changes without saying why."""
_NO_NUMBERS: Final = frozenset({"label", "source", "grade", "range", "note", "caudal"})
_UNNAMED: Final = frozenset({"steps", "members", "outcomes"})
"""Sections inside a block, which people do not name when they speak of what is in it."""
_MEASURES: Final[Mapping[type[Frozen], tuple[str, ...]]] = {
    Profile: ("hours", "weekdays", "months"),
    Effect: ("points", "reference"),
}
"""Fields that hold numbers as text, or several plain ones that are shown as one."""
_ELSEWHERE: Final = (Horizon, Source)
"""Blocks whose numbers are the frame of the study, or of the evidence itself."""


class Assumption(NamedTuple):
    """One number of a scenario with its evidence."""

    path: str
    label: str
    """Where it stands, in words."""
    text: str
    """The number as it was written."""
    value: float | None
    """In hours, currency units or parts of one; None when it is drawn or computed."""
    range: tuple[str, str] | None
    """Lowest and highest value that the evidence allows, as written."""
    grade: str
    """A to D, empty where none is given."""
    source: str
    note: str


def assumptions(
    scenario: Scenario, unsourced: Mapping[Key, str] | None = None, known: Container[tuple[str, str]] = ()
) -> list[Assumption]:
    """All numbers of a scenario but those of its horizon, in the order of the file.

    A number without evidence of its own has that of the nearest block around it, except those that a scenario has
    changed without a source (``Loaded.unsourced``): these are its own assumptions. Those whose path and text are
    ``known`` are left out.
    """
    changed = unsourced or {}
    stated = (part for part in parts(scenario) if not isinstance(part.model, _ELSEWHERE))
    return [row for part in stated for row in _rows(part, scenario, changed, known)]


def _rows(
    part: Part, scenario: Scenario, changed: Mapping[Key, str], known: Container[tuple[str, str]]
) -> Iterator[Assumption]:
    numbers = list(_numbers(part))
    for key, value in numbers:
        path = (*part.path, *key)
        place, text = dotted(path), value.text if isinstance(value, Quantity) else _written(value)
        if (place, text) in known:
            continue
        evidence = _evidence(value, part, alone=len(numbers) == 1)
        if path in changed and not _states_evidence(value):
            evidence = _Evidence(None, OWN_ASSUMPTION, f"stated by '{changed[path]}'", "")
        source = scenario.sources.get(evidence.source)
        yield Assumption(
            path=place,
            label=_label(path, scenario),
            text=text,
            value=value.fixed
            if isinstance(value, Quantity)
            else float(value)
            if isinstance(value, int | float)
            else None,
            range=evidence.range,
            grade=evidence.grade,
            source=evidence.source if source is None else _cited(source.title, source.year),
            note=evidence.note,
        )


def _cited(title: str, year: int | None) -> str:
    return title if year is None else f"{title} ({year})"


def _numbers(part: Part) -> Iterator[tuple[Key, Any]]:
    """Numbers that a block states itself: quantities, counts, and curves or profiles as a whole."""
    for field in stated_fields(part.model):
        value = getattr(part.model, field)
        if field in _NO_NUMBERS:
            continue
        if isinstance(value, Mapping):
            named = ((name, each) for name, each in value.items() if isinstance(each, Quantity) and _is_number(each))
            yield from (((field, name), each) for name, each in named)
        if _is_number(value) or (value and field in _MEASURES.get(type(part.model), ())):
            yield (field,), value


def _is_number(value: object) -> bool:
    """Whether something holds a number of its own; a formula over attributes alone does not."""
    if not isinstance(value, Quantity):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if value.form:
        return True
    formula = value.parsed_formula()
    return formula is not None and any(isinstance(node, ast.Constant) for node in ast.walk(formula.tree))


class _Evidence(NamedTuple):
    range: tuple[str, str] | None
    grade: str
    source: str
    note: str


def _states_evidence(block: object) -> bool:
    return isinstance(block, Quantity | Evidenced) and bool(block.source or block.grade or block.range or block.note)


def _evidence(value: object, part: Part, *, alone: bool) -> _Evidence:
    """Evidence of a number: what it says itself and, of what it does not say, what the nearest block around it says.

    Source and grade belong together. The range of a block is that of its number only where it has but one.
    """
    blocks: list[Quantity | Evidenced] = [
        block for block in (value, part.model, *reversed(part.around)) if isinstance(block, Quantity | Evidenced)
    ]
    cited = next((block for block in blocks if block.source or block.grade), None)
    ranges = [block.range for block in blocks if block.range and (block is value or (block is part.model and alone))]
    stated = ranges[0] if ranges else None
    return _Evidence(
        range=None if stated is None else (_end(stated[0]), _end(stated[1])),
        grade=(cited.grade or "") if cited else "",
        source=cited.source if cited else "",
        note=next((block.note for block in blocks if block.note), ""),
    )


def _label(path: Key, scenario: Scenario) -> str:
    """Where a number stands, in words: the labels of the blocks around it, then the field."""
    words: list[str] = []
    here: object = scenario
    for index, key in enumerate(path):
        named = isinstance(here, Mapping | tuple)
        here = getattr(here, str(key)) if isinstance(here, Frozen) else here[key]  # type: ignore[index]
        if index == 0 or key in _UNNAMED:
            continue
        label = getattr(here, "label", "")
        words.append(label or (str(key + 1) if isinstance(key, int) else in_words(key, begins=named)))
    return ", ".join(words) or in_words(str(path[0]), begins=False)


def _end(value: object) -> str:
    """An end of a range as a file states it; whole numbers were read as 5.0."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {each}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
