"""A larger copy of a firm: so many times the leads, the customers of old and the people, all else the same."""

from typing import Any

from simulator.schema.loading import Loaded, load_changed
from simulator.schema.quantity import fixed


def larger(firm: Loaded, times: int) -> Loaded:
    """The firm with its rates, drops and head counts multiplied."""
    changes: dict[str, Any] = {}
    for name, channel in firm.scenario.channels.items():
        if channel.rate is not None:
            rate = {"value": f"{times * fixed(channel.rate)} /h", "source": "own assumption", "grade": "D"}
            changes[f"channels.{name}.rate"] = rate
        if channel.drops:
            drops = firm.statements.data["channels"][name]["drops"]
            changes[f"channels.{name}.drops"] = [drop | {"leads": times * drop["leads"]} for drop in drops]
    for name, team in firm.scenario.teams.items():
        if team.head_count is not None:
            changes[f"teams.{name}.head_count"] = times * team.head_count
        for member, person in team.members.items():
            changes[f"teams.{name}.members.{member}.head_count"] = times * person.head_count
    return load_changed(firm, changes)
