"""What the evidence of the assumptions carries that a result hangs on."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Final, Literal

from simulator.experiment.comparison import LEVEL
from simulator.experiment.sensitivity.tornado import Tornado
from simulator.schema.loading import Loaded
from simulator.schema.register import assumptions

TELLING: Final = 5
"""Bars of a tornado whose evidence is looked at, and things that a sentence names."""
WEAK: Final = ("C", "D", "")
"""Grades of evidence that carry no decision by themselves."""
Added = Sequence[tuple[str, Sequence[str]]]
"""By name of each scenario the weak assumptions that the base does not make."""
Found = tuple[Literal["fine", "caution", "not checked"], str, str]
"""How it stands, what was found, and what to do about it."""


def added_by(scenarios: Sequence[Loaded]) -> Added:
    """What each scenario after the first, which is the base, adds to its weak assumptions.

    These are numbers that the base does not state so, and that rest on a weak grade; each with its grade.
    """
    base, *others = scenarios
    if not others:
        return ()
    known = {(row.path, row.text) for row in assumptions(base.scenario, base.unsourced)}
    return tuple((each.scenario.name, _weakly_added(each, known)) for each in others)


def _weakly_added(scenario: Loaded, known: Container[tuple[str, str]]) -> tuple[str, ...]:
    rows = assumptions(scenario.scenario, scenario.unsourced, known)
    return tuple(f"{row.label} ({row.grade or 'none'})" for row in rows if row.grade in WEAK)


def evidence_found(key: str, tornado: Tornado | None, added: Added) -> Found:
    """What the assumptions of the base rest on that surely move a KPI, and what the others add to them.

    Of the bars of a tornado those count whose swing is beyond chance (adjusted p below 5 %).
    """
    told = _told([(name, weak) for name, weak in added if weak])
    standing, found, advice = _moved(key, tornado)
    if not told:
        return standing, found, advice
    advice = advice or "Measure what a scenario adds before it is decided by."
    return ("caution" if standing == "fine" else standing), found + told, advice


def listed(words: Iterable[str], most: int = TELLING) -> str:
    """The first words with commas between them, and how many more there are."""
    every = list(words)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def _told(added: Added) -> str:
    """What one scenario adds is named, what several add is counted."""
    if len(added) == 1:
        ((name, weak),) = added
        return f" {name} adds {len(weak)} on grade C, D or none: {listed(weak)}."
    counts = ", ".join(f"{name} {len(weak)}" for name, weak in added)
    return f" The scenarios add assumptions of grade C, D or none: {counts}." if added else ""


def _moved(key: str, tornado: Tornado | None) -> Found:
    if tornado is None:
        return (
            "not checked",
            "Which assumptions matter most was not looked at.",
            f"Run caudal tornado {key}, or ask for it under Studies.",
        )
    label, tried = tornado.kpi.label, len(tornado.bars)
    if not any(bar.span > 0 for bar in tornado.bars):
        return "fine", f"None of the assumptions that were moved changes {label}.", ""
    bars = [bar for bar in tornado.bars if bar.p_adjusted < LEVEL][:TELLING]
    if not bars:
        found = f"None of the {tried} assumptions tried moves {label} by more than chance explains"
        return "caution", f"{found}, over {tornado.replications} replications.", "Give the tornado more replications."
    weak = [f"{bar.parameter.label} ({bar.parameter.grade or 'none'})" for bar in bars if bar.parameter.grade in WEAK]
    most = f"the {len(bars)} of {tried} assumptions tried that surely move {label} most"
    if not weak:
        return "fine", f"All of {most} rest on grade A or B.", ""
    found = f"Of {most}, {len(weak)} rest on grade C, D or none: {listed(weak)}."
    return "caution", found, "Measure these first: their ranges move the result most."
