"""The size of a team, or of a group in it, as something to choose: who comes or goes does so on the first measured day.

So a person, like a tool, is judged from the day of the decision on, and has not worked through the warm-up for nothing.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from simulator.errors import StudyError
from simulator.experiment.bottlenecks.newcomers import newcomers
from simulator.experiment.plan import Plan, with_horizon
from simulator.experiment.search.space import Dimension, Level
from simulator.schema.loading import Loaded
from simulator.schema.names import did_you_mean
from simulator.schema.people import Team
from simulator.schema.quantity import fixed

MOST_LEVELS: Final = 100
COMING, GOING = "hired_at_decision", "leaving_at_decision"
"""Members that stand for those who come and go; a group in a team has its own name before it."""
_OF_THEIR_OWN: Final = frozenset({"label", "head_count", "hired", "leaves"})
"""What a copy of a group does not take over from it."""
_RANGE: Final = re.compile(r"\s*(?P<low>-?\d+)\s*\.\.\s*(?P<high>-?\d+)\s*")


class _Group(NamedTuple):
    """People whose number is chosen."""

    path: str
    """Of their number."""
    size: int
    fewer: Callable[[int], dict[str, object]]
    """Changes by which so many leave."""
    more: Callable[[int], dict[str, object]]
    """Changes by which so many come."""


def head_count(loaded: Loaded, text: str, plan: Plan | None = None) -> Dimension:
    """The size of a team, such as ``crews=4..7``, or of a group in it, ``teams.sdr.members.ana=1..3``.

    Those who come begin on the first measured day, with the ramp-up that the scenario states; those whom a level does
    without leave with the day before. They are like their group, or like the average of a team whose members are named.
    ``plan`` is for the warm-up that it may state. Raises StudyError for a team that is not there or a range that is
    none, and where it is not said who of named members would go.
    """
    path, equals, ends = text.partition("=")
    if not equals:
        raise StudyError(f"'{text}' has no range: write {path.strip() or 'TEAM'}=LOW..HIGH")
    written = _RANGE.fullmatch(ends)
    if written is None or not int(written["low"]) < int(written["high"]):
        raise StudyError(f"'{text}' names no range of whole numbers: write LOW..HIGH, lower first")
    low, high = int(written["low"]), int(written["high"])
    if low < 0:
        raise StudyError(f"'{text}' begins below 0: a head-count may be 0, but not less")
    if high - low >= MOST_LEVELS:
        raise StudyError(f"'{text}' has more than {MOST_LEVELS} levels: name a narrower range")
    group = _group(loaded, path, _first_measured_day(loaded, plan))
    sizes = sorted({*range(low, high + 1), group.size})
    levels = tuple(Level(str(size), (), _resized(group, size)) for size in sizes)
    return Dimension(group.path, levels, sizes.index(group.size))


def _resized(group: _Group, size: int) -> Mapping[str, object]:
    if size == group.size:
        return {}
    return group.more(size - group.size) if size > group.size else group.fewer(group.size - size)


def _first_measured_day(loaded: Loaded, plan: Plan | None) -> dt.date | None:
    """The day of the decision; None where everything is measured from the start."""
    horizon = (loaded.scenario if plan is None else with_horizon(loaded.scenario, plan)).horizon
    days = math.ceil(fixed(horizon.warm_up) / 24)
    return horizon.start + dt.timedelta(days=days) if days else None


def _group(loaded: Loaded, path: str, day: dt.date | None) -> _Group:
    keys = path.strip().removeprefix("teams.").removesuffix(".head_count")
    name, _, member = keys.partition(".members.")
    team = loaded.scenario.teams.get(name)
    if team is None:
        raise StudyError(f"there is no team '{name}'{did_you_mean(name, loaded.scenario.teams, 'teams')}")
    here = f"teams.{name}.members"
    if member:
        if member not in team.members:
            raise StudyError(f"there is no member '{member}' in {name}{did_you_mean(member, team.members, 'members')}")
        stated: Mapping[str, Any] = loaded.statements.data["teams"][name]["members"][member] or {}
        like = {field: value for field, value in stated.items() if field not in _OF_THEIR_OWN}
        return _alike(f"{here}.{member}.head_count", f"{here}.{member}", team.members[member].head_count, like, day)
    if team.head_count is not None and not team.members:
        return _alike(f"teams.{name}.head_count", f"{here}.staff", team.head_count, None, day)
    return _named(name, team, loaded.scenario.horizon.currency, day)


def _alike(path: str, member: str, size: int, like: Mapping[str, object] | None, day: dt.date | None) -> _Group:
    """People who are alike: of them some leave, or more like them come; ``like`` is what a file says of a member."""

    def fewer(number: int) -> dict[str, object]:
        stays: dict[str, object] = {path: size - number}
        if day is None:
            return stays
        last = day - dt.timedelta(days=1)
        if like is not None and number == size:
            return {f"{member}.leaves": last}
        return stays | {f"{member}_{GOING}": {**(like or {}), "head_count": number, "leaves": last}}

    def more(number: int) -> dict[str, object]:
        if day is None:
            return {path: size + number}
        return {f"{member}_{COMING}": {**(like or {}), "head_count": number, "hired": day}}

    return _Group(path, size, fewer, more)


def _named(name: str, team: Team, currency: str, day: dt.date | None) -> _Group:
    """A team whose members are named: more come who are like their average; of fewer it would have to be said who."""

    def fewer(_number: int) -> dict[str, object]:
        one = next(iter(team.members))
        raise StudyError(f"the members of {name} are named: say who goes, such as teams.{name}.members.{one}=0..1")

    def more(number: int) -> dict[str, object]:
        ((path, member),) = newcomers(name, team, number, currency, called=COMING).items()
        assert isinstance(member, Mapping)  # noqa: S101 - nobody is called so in a file
        return {path: {**member, **({} if day is None else {"hired": day})}}

    return _Group(f"teams.{name}", sum(each.head_count for each in team.people().values()), fewer, more)
