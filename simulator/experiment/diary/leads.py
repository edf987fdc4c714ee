"""The same lead in two scenarios: where its ways part, what it had met until then, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from simulator.engines.choice import engine_of
from simulator.errors import StudyError
from simulator.experiment.diary.sides import Event, Fate, Side, event, fate, label, roots, side_of, step
from simulator.experiment.plan import MOST_REPLICATIONS, Plan
from simulator.experiment.replications import Progress, compiled
from simulator.kpis.declared import CAUSE_WORDS
from simulator.program.program import Names
from simulator.records import CAUSES
from simulator.schema.loading import Loaded

TELLING: Final = 10
SAME: Final = 1 / 60
"""Hours by which two waits must differ to be told apart."""


class Row(NamedTuple):
    """What happened to a lead in both scenarios at the same visit to a step; None where it did not come there."""

    base: Event | None
    other: Event | None


@dataclass(frozen=True)
class Lead:
    """A lead that is in both scenarios."""

    key: int
    """Key of its chance, the same in both."""
    born: float
    base: Fate
    other: Fate
    base_booked: float
    other_booked: float
    """Value of its orders in currency units."""
    parted: str
    """Last step that its own case passed in both before it went on differently; empty where it never did."""
    cause: str
    """That step, and whether the wait that differed most until then was longer or shorter in the other, in words."""
    where: str
    """Step at which that wait was; empty where all waits were alike."""
    hours: float
    """By how much the other scenario waited longer there."""


@dataclass(frozen=True)
class Diary:
    """All leads of one replication that are in both scenarios, with the totals of those that were turned."""

    base: str
    other: str
    replication: int
    leads: tuple[Lead, ...]
    """Those that ordered in one scenario and not in the other, in the order of their coming."""
    both: int
    """Leads after the warm-up that are in both."""
    only_base: int
    only_other: int
    gained: Mapping[str, int]
    """Leads that the other scenario won and the base lost, by cause, the most frequent first."""
    given_up: Mapping[str, int]
    """Leads that the base won and the other lost, by cause."""
    ahead: Mapping[str, int]
    """Leads that the other won and that are still open in the base when the run ends, by cause: they may yet order."""
    behind: Mapping[str, int]
    """Leads that the base won and that are still open in the other."""
    telling: tuple[Lead, ...]
    """Few leads that stand for many: the largest of each cause, causes by turns from the most frequent on."""


class Runs:
    """One replication of both scenarios."""

    def __init__(
        self, base: Loaded, other: Loaded, plan: Plan, replication: int = 0, progress: Progress = None
    ) -> None:
        """Run both; raises StudyError for a replication that there cannot be, different horizons or unrelated firms."""
        if not 0 <= replication < MOST_REPLICATIONS:
            raise StudyError(f"the replication must lie between 0 and {MOST_REPLICATIONS - 1}, not {replication}")
        programs = [compiled(loaded, plan) for loaded in (base, other)]
        if len({(each.warm_up, each.end, each.start, each.currency) for each in programs}) > 1:
            raise StudyError("the scenarios differ in start, warm-up, length or currency: state the same in both")
        self.names = base.scenario.name, other.scenario.name
        _check_related(self.names, [each.names for each in programs])
        self.currency = programs[0].currency
        self.start = programs[0].start
        self.replication = replication
        sides = []
        for done, program in enumerate(programs, start=1):
            sides.append(side_of(program, engine_of(plan.engine)(program, plan.seed, replication)))
            if progress is not None:
                progress(done, len(programs))
        self._sides = sides[0], sides[1]
        self._roots = [roots(side) for side in sides]

    def diary(self) -> Diary:
        """Leads of both scenarios that came after the warm-up, and what became of those that were turned."""
        mine, others = self._roots
        common = [key for key in mine if key in others]
        leads = tuple(lead for key in common if (lead := self.lead(key)).base != lead.other)
        turned = [lead for lead in leads if "won" in {lead.base, lead.other}]
        turns: list[tuple[Fate, Fate]] = [("lost", "won"), ("won", "lost"), ("open", "won"), ("won", "open")]
        gained, given_up, ahead, behind = (_by_cause(turned, base, other) for base, other in turns)
        return Diary(
            *self.names, self.replication, tuple(turned), len(common), len(mine) - len(common),
            len(others) - len(common), gained, given_up, ahead, behind, telling(turned),
        )  # fmt: skip

    def lead(self, key: int) -> Lead:
        """What became of one lead; raises StudyError for a key that is not in both scenarios."""
        rows = [self._root(key, known) for known in self._roots]
        fates = [fate(side, row) for side, row in zip(self._sides, rows, strict=True)]
        booked = [float(side.booked[row]) for side, row in zip(self._sides, rows, strict=True)]
        born = float(self._sides[0].records.cases.born[rows[0]])
        return Lead(key, born, fates[0], fates[1], booked[0], booked[1], *self._parting(rows))

    def rows(self, key: int) -> list[Row]:
        """Everything that happened to a lead and to the cases that stem from it, side by side, by time in the base."""
        found = [
            self._events(side, self._root(key, roots)) for side, roots in zip(self._sides, self._roots, strict=True)
        ]
        rows = [Row(found[0].get(place), found[1].get(place)) for place in dict.fromkeys([*found[0], *found[1]])]
        return sorted(rows, key=lambda row: min(each.time for each in row if each is not None))

    def _root(self, key: int, known: Mapping[int, int]) -> int:
        if key not in known:
            raise StudyError(
                f"there is no lead {key} after the warm-up in both scenarios of replication {self.replication}: "
                "see the keys that the diary without --lead shows"
            )
        return known[key]

    def _events(self, side: Side, root: int) -> dict[tuple[int, str, int], Event]:
        """Events of a journey by case, step and how often the case had come there."""
        found: dict[tuple[int, str, int], Event] = {}
        names = side.program.names
        for case in side.cases[root]:
            times: Counter[str] = Counter()
            key = int(side.records.cases.key[case])
            for visit in side.visits.get(case, []):
                step = names.steps[side.records.visits.step[visit]]
                found[key, step, times[step]] = event(side, visit)
                times[step] += 1
        return found

    def _parting(self, leads: Sequence[int]) -> _Parting:
        """Where the ways of a lead part, and the wait that differs most until then."""
        mine, others = self._sides
        ways = [side.visits.get(lead, []) for side, lead in zip(self._sides, leads, strict=True)]
        worst, waited, where, last = 0.0, "", "", ""
        for one, two in zip(*ways, strict=False):
            if step(mine, one) != step(others, two):
                break
            last = label(mine, one)
            longer = others.waits[two] - mine.waits[one]
            most = int(np.argmax(np.abs(longer)))
            if abs(longer[most]) > max(SAME, abs(worst)):
                worst, where = float(longer[most]), last
                waited = f"{'longer' if worst > 0 else 'shorter'} wait ({CAUSE_WORDS[CAUSES[most]]})"
        else:
            if len(ways[0]) == len(ways[1]):
                last = ""
        why = f"after a {waited}" if waited else "nothing waited differently"
        return _Parting(last, f"{last or 'the same way'}, {why}", where, worst)


def _check_related(called: tuple[str, str], names: Sequence[Names]) -> None:
    """Raise StudyError for scenarios whose leads cannot be the same: no common process, or no common channel."""
    base, other = names
    for what, one, two in (("process", base.processes, other.processes), ("channel", base.channels, other.channels)):
        if one and two and not {*one} & {*two}:
            raise StudyError(
                f"'{called[0]}' and '{called[1]}' have no {what} in common, so none of their leads are the same: "
                "compare a scenario with a variant that is based on it"
            )


class _Parting(NamedTuple):
    """Where the ways of a lead part, why as far as waits tell, and the step and hours of that wait."""

    parted: str
    cause: str
    where: str
    hours: float


def _by_cause(leads: Sequence[Lead], base: Fate, other: Fate) -> dict[str, int]:
    """Leads with these two fates, by cause, the most frequent first."""
    return dict(Counter(lead.cause for lead in leads if (lead.base, lead.other) == (base, other)).most_common())


def telling(leads: Sequence[Lead], most: int = TELLING) -> tuple[Lead, ...]:
    """Leads that stand for many: the largest of each cause, causes by turns from the most frequent on."""
    groups: dict[str, list[Lead]] = {}
    for lead in sorted(leads, key=lambda each: -max(each.base_booked, each.other_booked)):
        groups.setdefault(lead.cause, []).append(lead)
    frequent = sorted(groups.values(), key=len, reverse=True)
    turns = max(map(len, frequent), default=0)
    return tuple([group[turn] for turn in range(turns) for group in frequent if turn < len(group)][:most])
