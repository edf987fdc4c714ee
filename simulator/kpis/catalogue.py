"""The catalogue of KPIs: name, label, unit, which way is better, and the formula in a sentence."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from simulator.kpis.campaigns import campaign_names
from simulator.kpis.declared import CAUSE_WORDS, Better, Declared, Group
from simulator.kpis.formulas import DECLARED, HEADLINES
from simulator.kpis.money import CENTRES
from simulator.kpis.receivables import BUCKETS
from simulator.kpis.targets import sellers
from simulator.kpis.volumes import lead_outcomes
from simulator.program.kept import kept
from simulator.program.program import Program
from simulator.schema.names import in_words

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SUMMARIES: Final = {"mean": "mean", "median": "median", "p90": "90th percentile"}
_BUCKETS: Final = dict(
    zip(BUCKETS, ("not due", "1 to 30 days", "31 to 60 days", "61 to 90 days", "over 90 days"), strict=True)
)


@dataclass(frozen=True)
class Kpi:
    """One figure of a run."""

    name: str
    label: str
    """Name for people, in English; may end in the scenario's own name of a stage, channel, segment or team."""
    unit: str
    """Currency code, h, d, months, share, times, cases, or points."""
    better: Better
    formula: str
    """How it is computed, in one sentence."""
    group: Group
    headline: bool
    """Whether it stands among the few that are shown first."""


class Entry(NamedTuple):
    """Where the value of a KPI is found among the measured figures."""

    kpi: Kpi
    figure: str
    member: int
    """Position in a family of KPIs; 0 for one that stands alone."""


def catalogue(program: Program) -> dict[str, Kpi]:
    """Every KPI of a program by name, in the order in which they are shown."""
    return {entry.kpi.name: entry.kpi for entry in entries(program)}


@kept
def entries(program: Program) -> tuple[Entry, ...]:
    """Every KPI of a program with its place among the figures.

    A name that is taken, as when a stage is called order, gets its family added: ``conversion_order_stage``. Variants
    of a scenario share the entries that ``_entries`` keeps.
    """
    return _entries(tuple((family, tuple(of.items())) for family, of in _families(program).items()), program.currency)


@functools.lru_cache(maxsize=64)
def _entries(named: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], currency: str) -> tuple[Entry, ...]:
    families = {family: dict(members) for family, members in named}
    taken = {declared.template for declared in DECLARED}
    found = []
    for declared in DECLARED:
        for name, label, family, index in _members(declared, families):
            unique = f"{name}_{family}" if family and name in taken else name
            taken.add(unique)
            found.append(Entry(_kpi(declared, unique, label, currency), declared.template, index))
    return tuple(found)


def _families(program: Program) -> dict[str, dict[str, str]]:
    names = program.names
    return {
        "stage": _labelled(names.stages, names.stage_labels),
        "passage": _labelled(names.stages[:-1], names.stage_labels[:-1]),
        "channel": _labelled(names.channels, names.channel_labels),
        "segment": _labelled(names.segments, names.segment_labels),
        "team": _labelled(names.teams, names.team_labels),
        "outcome": {name: in_words(name, begins=False) for name in lead_outcomes(program)},
        "cause": dict(CAUSE_WORDS),
        "centre": {centre: centre for centre in CENTRES},
        "bucket": _BUCKETS,
        "summary": _SUMMARIES,
        "campaign": campaign_names(program),
        "seller": {names.members[row]: _person(program, row) for row in sellers(program)},
    }


def _person(program: Program, row: int) -> str:
    """A member in words: name and team."""
    team, _, name = program.names.members[row].partition(".")
    label = program.names.team_labels[program.names.teams.index(team)]
    return f"{in_words(name)}, {label}"


def _labelled(names: tuple[str, ...], labels: tuple[str, ...]) -> dict[str, str]:
    return {name: label or name for name, label in zip(names, labels, strict=True)}


def _members(declared: Declared, families: dict[str, dict[str, str]]) -> Iterator[tuple[str, str, str, int]]:
    """Name, label, family and place of each KPI of a declaration; one without placeholder is its own only member."""
    placeholder = _PLACEHOLDER.search(declared.template)
    if placeholder is None:
        yield declared.template, declared.label, "", 0
        return
    family = placeholder[1]
    for index, (name, label_of_member) in enumerate(families[family].items()):
        snake = re.sub(r"\W+", "_", name).strip("_").lower()
        label = declared.label.replace(placeholder[0], label_of_member)
        yield declared.template.replace(placeholder[0], snake), label, family, index


def _kpi(declared: Declared, name: str, label: str, currency: str) -> Kpi:
    unit = currency if declared.unit == "money" else declared.unit
    return Kpi(name, label, unit, declared.better, declared.formula, declared.group, name in HEADLINES)
