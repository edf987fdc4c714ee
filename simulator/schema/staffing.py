"""Whether there is someone for all work that is routed to a team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from simulator.schema.paths import Finding, Key
from simulator.schema.people import Member, Team
from simulator.schema.quantity import fixed
from simulator.schema.scenario import Scenario
from simulator.schema.steps import Work
from simulator.schema.vocabulary import Vocabulary

MOST_PEOPLE: Final = 100_000


def staffing_findings(scenario: Scenario) -> Iterator[Finding]:
    """Teams with nobody, skills that nobody has, queues without the rank that orders them, far too many people."""
    vocabulary = Vocabulary.of(scenario)
    works: list[tuple[Key, Work]] = [
        (("processes", process, "steps", name), step)
        for process, body in scenario.processes.items()
        for name, step in body.steps.items()
        if isinstance(step, Work) and step.team in scenario.teams
    ]
    for name in dict.fromkeys(step.team for _, step in works):
        yield from _nobody(name, scenario.teams[name], *_period(scenario))
    for path, step in works:
        yield from _unordered(path, step, scenario.teams[step.team])
        yield from _unskilled(path, step, scenario.teams[step.team], vocabulary)
    people = sum(member.head_count for team in scenario.teams.values() for member in team.people().values())
    if people > MOST_PEOPLE:
        yield Finding(("teams",), f"{people} people are more than this program simulates: {MOST_PEOPLE} at most")


def _period(scenario: Scenario) -> tuple[dt.date, dt.date]:
    """First and last day of the run."""
    horizon = scenario.horizon
    try:
        last = horizon.start + dt.timedelta(hours=max(0.0, fixed(horizon.warm_up) + fixed(horizon.length) - 24))
    except OverflowError:
        # The length of the run is a problem of its own.
        last = horizon.start
    return horizon.start, last


def _nobody(name: str, team: Team, first: dt.date, last: dt.date) -> Iterator[Finding]:
    crew = [member for member in team.people().values() if member.head_count > 0]
    if not crew:
        message = f"work is routed to team '{name}', in which there is nobody: give it a head_count or members"
        yield Finding(("teams", name), message)
    elif all(_gone_by(member, last) for member in crew):
        left = max((member.leaves for member in crew if member.leaves is not None), default=first)
        yield Finding(
            ("teams", name), f"nobody is left in team '{name}' after {left}, and the run goes on until {last}"
        )
    elif all(_gone_by(member, last) or (member.hired is not None and member.hired > last) for member in crew):
        yield Finding(("teams", name), f"nobody comes to team '{name}' before the run ends on {last}")


def _gone_by(member: Member, day: dt.date) -> bool:
    return member.leaves is not None and member.leaves < day


def _unordered(path: Key, step: Work, team: Team) -> Iterator[Finding]:
    if team.discipline == "priority" and step.priority is None:
        message = f"team '{step.team}' serves by priority, and this step states none"
        yield Finding(path, f"{message}: add 'priority', or change the discipline")
    if team.discipline == "due" and step.due is None:
        message = f"team '{step.team}' serves by due date, and this step states none"
        yield Finding(path, f"{message}: add 'due', or change the discipline")


def _unskilled(path: Key, step: Work, team: Team, vocabulary: Vocabulary) -> Iterator[Finding]:
    match = step.routing.match
    crew = [member for member in team.people().values() if member.head_count > 0]
    if step.routing.fallback == "anyone" or not crew:
        return
    for level in vocabulary.levels.get(match, ()):
        if not any(match not in member.skills or level in member.skills[match] for member in crew):
            message = f"nobody in team '{step.team}' can serve {match} '{level}'"
            yield Finding((*path, "routing"), f"{message}: give someone the skill, or say 'fallback: anyone'")
