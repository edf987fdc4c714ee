"""One file laid over another, or a part over the parts before it: what the upper one says, and the rest of the lower.

Maps that the schema reads as models, and maps of names to models or numbers, merge key by key; any other value is
replaced whole, a distribution or a list for example. ``null`` removes. The models say which is which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

from simulator.errors import Problem
from simulator.schema.document import Document
from simulator.schema.fitting import SUITS, changes_nothing, fitted
from simulator.schema.names import did_you_mean
from simulator.schema.paths import Finding, Key, Place, dotted, shortened
from simulator.schema.shape import KIND, SCENARIO, Shape

PART: Final = "part"
"""Key under which a part, a file of which scenarios are made, says its name."""
OWN: Final = ("name", PART, "description", "based_on", "parts", "symptoms", "helped_by", SUITS)
"""What a file never takes over from those that it is laid over."""
_OWN_PATHS: Final = frozenset((key,) for key in OWN)
_GIVEN_TWICE: Final = (
    "there is a step '{0}' already, in {1}:{2}: leave one of the two files out, or rename one of the steps; a part "
    "that only changes a step does not say its kind"
)
_NOTHING_THERE: Final = "the scenario below has none of the steps that this file changes: lay it over another one"
LONGEST_PATH: Final = 200
LONGEST_MESSAGE: Final = 500
"""Most characters of a problem: a file may repeat itself without end, a sentence may not."""


@dataclass(frozen=True)
class Statements:
    """What one file, or several laid over each other, say, and where they say it."""

    data: dict[str, Any]
    places: dict[Key, Place]
    problems: tuple[Problem, ...] = ()
    unsourced: Mapping[Key, str] = field(default_factory=dict)
    """What an upper file states without saying where it comes from, and the name of that file's scenario.

    The source of the lower file is not the source of a number that the upper one has put in its place.
    """

    def place(self, path: Key) -> Place:
        """File and line of a statement, or of the nearest one around it."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]

    def problem(self, finding: Finding) -> Problem:
        """A finding with the file and line that it is about."""
        path, message = shortened(dotted(finding.path), LONGEST_PATH), shortened(finding.message, LONGEST_MESSAGE)
        return Problem(*(finding.at or self.place(finding.path)), path, message)


def stated(document: Document) -> Statements:
    """What a file that is laid over no other says."""
    places = {path: Place(document.shown, line) for path, line in document.lines.items()}
    return Statements(document.data, places, document.problems)


def laid_over(lower: Statements, document: Document) -> Statements:
    """The statements of a file over those of the files below it."""
    as_laid = fitted(lower.data, document) if SUITS in document.data else document
    own = stated(as_laid)
    merge = _Merge(PART in document.data, lower)
    if changes_nothing(document, as_laid):
        merge.findings.append(Finding(("processes",), _NOTHING_THERE))
    below = {key: value for key, value in lower.data.items() if key not in OWN}
    data: dict[str, Any] = merge.mappings(below, own.data, SCENARIO, ())
    name = str(own.data.get("name", own.data.get(PART, document.shown)))
    unsourced = {path: by for path, by in lower.unsourced.items() if path not in own.places}
    unsourced |= dict.fromkeys(_unsourced(own.data, ()), name)
    places = {path: place for path, place in lower.places.items() if path[:1] not in _OWN_PATHS} | own.places
    merged = Statements(data, places, lower.problems + own.problems, unsourced)
    return replace(merged, problems=merged.problems + tuple(merged.problem(finding) for finding in merge.findings))


def _unsourced(data: object, path: Key) -> Iterator[Key]:
    """Places of all that is stated without source or grade, there or around it."""
    yield path
    if isinstance(data, Mapping) and not {"source", "grade"} & data.keys():
        for key, value in data.items():
            if not isinstance(value, Mapping) or not {"source", "grade"} & value.keys():
                yield from _unsourced(value, (*path, key))


@dataclass
class _Merge:
    appends: bool
    """Whether steps that follow none of the same file go to the end of their process: those of a part."""
    below: Statements
    findings: list[Finding] = field(default_factory=list)

    def mappings(self, lower: Mapping[str, Any], upper: Mapping[str, Any], here: Shape, path: Key) -> dict[str, Any]:
        """Merge key by key."""
        if here.holds_steps and self.appends:
            self._given_twice(lower, upper, path)
        merged = dict(lower)
        for key, value in upper.items():
            if value is None:
                self._removed(merged, key, here, path)
            elif key in lower:
                merged[key] = self._value(lower[key], value, here.inside(key, lower), (*path, key))
            else:
                merged[key] = value
        return self._placed(merged, lower, upper, path) if here.holds_steps else merged

    def _value(self, lower: Any, upper: Any, here: Shape, path: Key) -> Any:
        both = isinstance(lower, Mapping) and isinstance(upper, Mapping)
        if not both or not (here.models or here.entries):
            return upper
        if len(here.models) > 1 and upper.get(KIND, lower.get(KIND)) != lower.get(KIND):
            return dict(upper)
        return self.mappings(lower, upper, here, path)

    def _given_twice(self, lower: Mapping[str, Any], upper: Mapping[str, Any], path: Key) -> None:
        """Find whole steps of a part in whose place another file has put steps: one would silently go."""
        for key, step in upper.items():
            if key in lower and isinstance(step, Mapping) and KIND in step:
                place = self.below.place((*path, key))
                self.findings.append(Finding((*path, key), _GIVEN_TWICE.format(key, place.file, place.line)))

    def _removed(self, merged: dict[str, Any], key: str, here: Shape, path: Key) -> None:
        if here.entries is not None and key not in merged:
            known = did_you_mean(key, merged)
            self.findings.append(Finding((*path, key), f"there is no '{key}' to remove{known}"))
        merged.pop(key, None)

    def _placed(
        self, merged: dict[str, Any], lower: Mapping[str, Any], upper: Mapping[str, Any], path: Key
    ) -> dict[str, Any]:
        """The steps in their order.

        New ones, and those that say ``after``, are put behind the step that they name, or else behind the one that
        stands before them in the same file.
        """
        moved = {key: step for key, step in upper.items() if key in merged and (key not in lower or _after(step))}
        order = [key for key in merged if key not in moved]
        before = {key: earlier for earlier, key in pairwise(each for each in upper if each in merged)}
        last: dict[str, str] = {}
        for key, step in moved.items():
            after = _after(step) or before.get(key, order[-1] if self.appends and order else "")
            if after not in order:
                self.findings.append(Finding((*path, key), _misplaced(key, after, order)))
                order.append(key)
                continue
            order.insert(order.index(last.get(after, after)) + 1, key)
            last |= {named: key for named, latest in last.items() if latest == after and not _after(step)}
            last[after] = key
        return {key: merged[key] for key in order}


def _after(step: object) -> str:
    return str(step.get("after") or "") if isinstance(step, Mapping) else ""


def _misplaced(key: str, after: str, order: list[str]) -> str:
    if not after:
        return f"'{key}' is new here: say 'after:' and the step that it is put behind"
    return (
        f"'{key}' cannot be put after '{after}': there is no such step before it{did_you_mean(after, order, 'steps')}"
    )
