"""The files of a study that a consultant would make: a firm of any size, three shipped what-ifs and one more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from simulator.schema.document import read_document
from simulator.schema.shipped import shipped
from simulator.schema.units import parse_units

BASELINE = "baselines/pt_installation"
WHATIFS = ("whatifs/two_more_sdrs", "whatifs/instant_routing", "whatifs/quoting_tool")
"""Shipped what-ifs of the baseline."""
ADDED = "whatifs/one_more_crew"
SCENARIOS = (BASELINE, *WHATIFS, ADDED)
"""Of the study."""
LEADS = 6_000
"""Leads a year of the shipped baseline, as its description says."""
ONE_MORE_CREW = {
    "caudal": 1,
    "name": "One more installation crew",
    "based_on": BASELINE,
    "teams": {"crews": {"members": {"new_crew": {"hired": "2026-01-05", "ramp_up": "2 mo"}}}},
}


def write_study(folder: Path, leads: int) -> list[Path]:
    """Write baseline and what-ifs of a firm with so many leads a year, and return the files, the baseline first."""
    files = {name: read_document(shipped()[name], name).data for name in SCENARIOS if name != ADDED}
    files[ADDED] = ONE_MORE_CREW
    paths = {name: folder / f"{name.rpartition('/')[2]}.yaml" for name in files}
    for name, data in files.items():
        scaled = sized(data, leads / LEADS)
        if name != BASELINE:
            scaled["based_on"] = paths[BASELINE].name
        paths[name].write_text(yaml.safe_dump(scaled, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return list(paths.values())


def sized(data: dict[str, Any], factor: float) -> dict[str, Any]:
    """What a scenario file says, for a firm so many times as large: more leads, and as many more people for them."""
    channels = {name: _channel(channel, factor) for name, channel in data.get("channels", {}).items()}
    teams = {name: _team(team, factor) for name, team in data.get("teams", {}).items()}
    return {**data, **({"channels": channels} if channels else {}), **({"teams": teams} if teams else {})}


def _channel(channel: dict[str, Any], factor: float) -> dict[str, Any]:
    scaled = dict(channel)
    if "rate" in channel:
        rate = parse_units(channel["rate"]["value"])
        assert rate is not None  # noqa: S101 - the file was checked when it was shipped
        scaled["rate"] = f"{factor * rate.value!r} /h"
    if "drops" in channel:
        scaled["drops"] = [{**drop, "leads": round(factor * drop["leads"])} for drop in channel["drops"]]
    return scaled


def _team(team: dict[str, Any], factor: float) -> dict[str, Any]:
    scaled = dict(team)
    if "head_count" in team:
        scaled["head_count"] = round(factor * team["head_count"])
    if "members" in team:
        scaled["members"] = {
            name: {**member, "head_count": round(factor * member.get("head_count", 1))}
            for name, member in team["members"].items()
        }
    return scaled
