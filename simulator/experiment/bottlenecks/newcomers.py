"""People added to a team, as the average of its members, and what people and their seats cost."""

from __future__ import annotations

from typing import Final

from simulator.kpis.people import present_of
from simulator.kpis.window import window_of
from simulator.program.program import Program
from simulator.schema.people import Team
from simulator.schema.quantity import fixed

NAME: Final = "newcomer"
AVERAGED: Final = ("speed", "availability", "win_factor", "weight")
FREE_HANDS: Final = "free_hands"


def newcomers(name: str, team: Team, number: int, currency: str, called: str = NAME) -> dict[str, object]:
    """Changes that add people to a team, trained and there from the first day of the run.

    A team that is a head-count gets a higher one. Where members are named, the newcomers are like their average: pay,
    speed, availability, win factor and weight are the means over those members; shifts are those of the first; they
    serve every skill. A newcomer of before is followed by another.
    """
    if team.head_count is not None and not team.members:
        return {f"teams.{name}.head_count": team.head_count + number}
    if called in team.members:
        return {f"teams.{name}.members.{called}.head_count": team.members[called].head_count + number}
    pay = _mean(team, "cost")
    member = {"head_count": number} | ({} if pay is None else {"cost": f"{pay:.10g} {currency}/h"})
    return {f"teams.{name}.members.{called}": member | _averages(team)}


def free_hands(name: str, team: Team, number: int, currency: str) -> dict[str, object]:
    """Changes that add hands like those of ``newcomers``, but without pay and without leave of their own."""
    member = {"head_count": number, "cost": f"0 {currency}/h", "annual_leave": 0}
    return {f"teams.{name}.members.{FREE_HANDS}": member | _averages(team)}


def _averages(team: Team) -> dict[str, object]:
    """What the average member is like, where members differ from what the team states."""
    means = {field: _mean(team, field) for field in AVERAGED}
    stated: dict[str, object] = {field: f"{mean:.10g}" for field, mean in means.items() if mean is not None}
    own = next((member.shifts for member in team.members.values()), None)
    return stated | ({} if own is None else {"shifts": own})


def _mean(team: Team, field: str) -> float | None:
    """Mean of a number over the people of a team, None where no member states an own one."""
    people = [member for member in team.people().values() if member.head_count > 0]
    if not any(getattr(member, field) is not None for member in people):
        return None
    default = 0.0 if field == "cost" else 1.0
    numbers = [fixed(team.inherited(member, field), default) * member.head_count for member in people]  # type: ignore[arg-type]
    return sum(numbers) / sum(member.head_count for member in people)


def standing_costs(program: Program) -> float:
    """Wages of the hours on shift, tools with their seats, and overheads inside the window: all that no case moves."""
    window = window_of(program)
    wages = float(present_of(program)[-1] @ program.wages)
    running = 0.0
    for cost in program.other_costs:
        due = window.start <= cost.start < window.end
        running += cost.per_hour * max(window.end - max(cost.start, window.start), 0.0) + cost.once * due
    return wages + running
