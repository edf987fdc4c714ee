"""A process drawn as a graph, in the DOT language of Graphviz."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final, NamedTuple

from simulator.schema.names import in_words
from simulator.schema.quantity import Quantity
from simulator.schema.scenario import Scenario
from simulator.schema.steps import Decide, End, Spawn, Step, Wait, Work

WIDTH: Final = 22
"""Letters on a line of a box."""
INK: Final = "#16303a"
LOOKS: Final = {
    "work": 'shape=box style="rounded,filled" fillcolor="#cfe8e8"',
    "wait": 'shape=box style="rounded,filled" fillcolor="#fdf1d6"',
    "decide": 'shape=diamond style=filled fillcolor="#ffffff" margin="0.02,0.02"',
    "set": 'shape=box style="filled" fillcolor="#f3f5f6" fontsize=9',
    "spawn": 'shape=cds style=filled fillcolor="#e7e2f3"',
    "join": 'shape=box style="filled" fillcolor="#e7e2f3"',
    "post": 'shape=box style="filled" fillcolor="#f3f5f6" fontsize=9',
}
ENDS: Final = {"won": "#bfe3c4", "lost": "#f3cdc7", "neutral": "#e3e8ea"}
LEGEND: Final = (
    "Green boxes are work of a team, yellow ones waiting, diamonds decisions, grey ones entries in the books or "
    "changes of an attribute, violet ones start other processes. Dashed lines are taken when someone loses patience or "
    "when work must be done again."
)


class _Way(NamedTuple):
    """A line from one step to another."""

    to: str
    words: str = ""
    aside: bool = False


def process_map(scenario: Scenario, name: str) -> str:
    """One process of a scenario in DOT, every step a box and every way between steps a line."""
    process = scenario.processes[name]
    names = list(process.steps)
    lines = [
        "digraph {",
        f'graph [rankdir=TB nodesep=0.3 ranksep=0.35 bgcolor=transparent fontcolor="{INK}"]',
        f'node [fontname="sans-serif" fontsize=11 color="#5b7a80" fontcolor="{INK}"]',
        'edge [fontname="sans-serif" fontsize=9 color="#5b7a80" fontcolor="#3d5a61" arrowsize=0.7]',
    ]
    for index, (key, step) in enumerate(process.steps.items()):
        lines.append(f"{_quoted(key)} [{_looks(step)} label={_quoted(_words(scenario, key, step))}]")
        following = step.next or (names[index + 1] if index + 1 < len(names) else "")
        for way in _ways(key, step, following):
            dashed = " style=dashed" if way.aside else ""
            lines.append(f"{_quoted(key)} -> {_quoted(way.to)} [label={_quoted(_wrapped(way.words))}{dashed}]")
    return "\n".join([*lines, "}"])


def process_names(scenario: Scenario) -> dict[str, str]:
    """Processes and their names for people."""
    return {key: process.label or in_words(key) for key, process in scenario.processes.items()}


def team_of(scenario: Scenario, key: str) -> str:
    """Name of a team for people."""
    team = scenario.teams.get(key)
    return (team.label if team else "") or in_words(key)


def _looks(step: Step) -> str:
    if isinstance(step, End):
        return f'shape=ellipse style=filled fillcolor="{ENDS[step.result]}"'
    return LOOKS[step.kind]


def _words(scenario: Scenario, key: str, step: Step) -> str:
    title = _wrapped(step.label or (in_words(step.outcome) if isinstance(step, End) else in_words(key)))
    match step:
        case Work():
            return f"{title}\n{_wrapped(team_of(scenario, step.team))}"
        case Wait() if step.duration is not None and step.duration.fixed is not None:
            return f"{title}\n{step.duration.text}"
        case Spawn():
            return f"{title}\n→ {in_words(step.process)}"
        case _:
            return title


def _ways(key: str, step: Step, following: str) -> Iterator[_Way]:
    match step:
        case End():
            return
        case Decide():
            yield from (
                _Way(outcome.to or following, _chance(outcome.label or in_words(name), outcome.probability))
                for name, outcome in step.outcomes.items()
            )
        case Work():
            yield _Way(following)
            if step.patience is not None:
                yield _Way(step.patience.to, "nobody came in time", aside=True)
            if step.balk is not None:
                yield _Way(step.balk.to, "queue too long", aside=True)
            if step.defect is not None:
                yield _Way(step.defect.to or key, "to be done again", aside=True)
        case _:
            yield _Way(following)


def _chance(words: str, probability: Quantity | None) -> str:
    return words if probability is None or probability.fixed is None else f"{words}, {probability.text}"


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, WIDTH)) or text


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
