"""The open pipeline of a scenario, as rows that the engines begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from simulator.chance.keyed import derived_key, purpose_of
from simulator.program.layout import Kind, OpenCases, Table, Tables
from simulator.program.program import Names
from simulator.records import ACCOUNTS, Floats
from simulator.schema.open_cases import open_cases, value_of
from simulator.schema.pipeline import OpenCase
from simulator.schema.scenario import Scenario
from simulator.schema.vocabulary import levels_of


def open_pipeline(
    scenario: Scenario, folder: Path | None, tables: Tables, names: Names, begins: float
) -> OpenCases | None:
    """Lay out the open cases of a checked scenario, whose run begins at an hour; None without a pipeline."""
    if scenario.pipeline is None:
        return None
    stated = open_cases(scenario, folder)
    cases = {identifier: stated[identifier] for identifier in _order(stated)}
    rows, place = list(cases.values()), {identifier: row for row, identifier in enumerate(cases)}
    step = np.array([names.steps.index(f"{case.process}.{case.step}") for case in rows], np.int32)
    waits = (tables.steps["kind"] == Kind.WAIT)[step]
    owners, win_factor = _owners(rows, tables, names)
    born = begins - np.array([case.age for case in rows], np.float64)
    entries = sorted(
        ((born[row], row, ACCOUNTS.index(account), round(100 * amount))
         for row, case in enumerate(rows) for account, amount in case.posted.items()),
    )  # fmt: skip
    return OpenCases(
        key=np.array([_key(identifier) for identifier in cases], np.int64),
        process=np.array([names.processes.index(case.process) for case in rows], np.int32),
        channel=np.array([_channel(scenario, case, names) for case in rows], np.int32),
        parent=np.array([place.get(case.parent, -1) for case in rows], np.int32),
        joined=np.array([_joined(case, cases, tables.steps, names) for case in rows], np.int8),
        step=step,
        visits=_visits(rows, step, tables, names),
        born=born,
        spent=np.where(waits, np.array([case.spent for case in rows], np.float64), 0.0),
        win_factor=win_factor,
        owners=owners,
        values=_values(scenario, rows, tables, names),
        posted_case=np.array([entry[1] for entry in entries], np.int32),
        posted_account=np.array([entry[2] for entry in entries], np.int32),
        posted_cents=np.array([entry[3] for entry in entries], np.int64),
    )


def _key(identifier: str) -> int:
    return int(derived_key(0, purpose_of(f"pipeline/{identifier}"), 0))


def _order(cases: Mapping[str, OpenCase]) -> list[str]:
    """Identifiers, parents before children and then the longest at their step first, as they wait in a queue."""
    depth: dict[str, int] = {}
    for identifier in cases:
        line = [identifier]
        while cases[line[-1]].parent and line[-1] not in depth:
            line.append(cases[line[-1]].parent)
        for above, each in enumerate(reversed(line)):
            depth[each] = depth.get(line[-1], 0) + above
    return sorted(cases, key=lambda identifier: (depth[identifier], -cases[identifier].spent))


def _visits(rows: Sequence[OpenCase], step: np.ndarray, tables: Tables, names: Names) -> np.ndarray:
    """How often each case has come to each step of its process, that to which it comes again once less."""
    counts = np.zeros((len(rows), int(tables.processes["steps"].max())), np.int32)
    for row, case in enumerate(rows):
        first = int(tables.processes["first_step"][names.processes.index(case.process)])
        for name, count in case.visits.items():
            at = names.steps.index(f"{case.process}.{name}") if name else step[row]
            counts[row, at - first] = count
        counts[row, step[row] - first] = max(0, counts[row, step[row] - first] - 1)
    return counts


def _channel(scenario: Scenario, case: OpenCase, names: Names) -> int:
    if case.channel:
        return names.channels.index(case.channel)
    bring = [name for name, channel in scenario.channels.items() if channel.process == case.process]
    return names.channels.index(bring[0]) if len(bring) == 1 and not case.parent else -1


def _joined(case: OpenCase, cases: Mapping[str, OpenCase], steps: Table, names: Names) -> bool:
    """Whether the parent waits for the case: as stated, or as any of its steps that create such cases says."""
    if not case.parent or case.joined is not None:
        return bool(case.parent and case.joined)
    above, own = names.processes.index(cases[case.parent].process), names.processes.index(case.process)
    creates = (steps["process"] == above) & (steps["kind"] == Kind.SPAWN) & (steps["target"] == own)
    return bool((steps["joined"][creates] > 0).any())


def _owners(rows: Sequence[OpenCase], tables: Tables, names: Names) -> tuple[np.ndarray, Floats]:
    """Owners by team, and the win factor of the owner named last, who is taken to have worked on the case last."""
    owners = np.full((len(rows), tables.teams.size), -1, np.int32)
    factors = np.ones(len(rows))
    number = {name: index for index, name in enumerate(names.members)}
    for row, case in enumerate(rows):
        for owner in case.owners:
            member = tables.members[number[owner]]
            team = int(member["team"])
            owners[row, team] = number[owner] - int(tables.teams[team]["first_member"])
            factors[row] = member["win_factor"]
    return owners, factors


def _values(scenario: Scenario, rows: Sequence[OpenCase], tables: Tables, names: Names) -> Floats:
    """Stated attributes inside their limits, NaN for the others."""
    levels_by_name = levels_of(scenario)
    slots = {name: (slot, levels_by_name.get(name, ())) for slot, name in enumerate(names.attributes)}
    values = np.full((len(rows), len(slots)), np.nan)
    for row, case in enumerate(rows):
        for name, text in case.values.items():
            slot, levels = slots[name]
            stated = value_of(text, levels, scenario.horizon.start)
            assert stated is not None  # noqa: S101 - the scenario has been checked
            values[row, slot] = min(max(stated, tables.chances.low[slot]), tables.chances.high[slot])
    return values
