"""A slow second opinion on wait causes: section 6 of docs/semantics.md, applied to records stretch by stretch."""

import datetime as dt
from itertools import pairwise

import numpy as np

from simulator.program.layout import Kind
from simulator.records import TEAM_CAUSES, TICKS
from tests.simulator.engines.random_scenarios import LEVELS, SHIFTS

UNKNOWN = object()
"""An assignment that the records do not tell."""


def on_shift(said, member, moment):
    """Whether a member, named ``team.member``, is on shift at a moment, by the words of the shift."""
    team, _, name = member.partition(".")
    day, hour = divmod(moment, 24)
    weekday = (said["horizon"]["start"] + dt.timedelta(days=int(day))).weekday()
    return SHIFTS[said["teams"][team]["members"][name]["shifts"]](weekday, hour)


def step_of(said, program, row):
    """What the file says of the step of a row of the table of steps."""
    process, _, name = program.names.steps[row].partition(".")
    return said["processes"][process]["steps"][name]


def owner_at(row, said, program, records):
    """Who owns the case in the team when it comes to a visit, by the last visit there that took or released it."""
    visits, team = records.visits, step_of(said, program, records.visits.step[row])["team"]
    owner = None
    for before in np.flatnonzero(visits.case[:row] == visits.case[row]):
        step = step_of(said, program, visits.step[before])
        if step["kind"] != "work" or step["team"] != team or step["ownership"] == "none":
            continue
        if visits.member[before] >= 0:
            owner = None if step["ownership"] == "release" else visits.member[before]
        elif step["routing"]["rule"] != "first_available" and np.isnan(visits.started[before]):
            # An assignment that came to nothing relieved the owner before, unless there was nobody to assign.
            owner = owner if step["ownership"] != "take" and owner is not None else UNKNOWN
    return owner


def bound_to(row, said, program, records):
    """The only one who may take the case, None for everybody, UNKNOWN where the records do not tell."""
    step, member = step_of(said, program, records.visits.step[row]), records.visits.member[row]
    owner = owner_at(row, said, program, records) if step["ownership"] in {"keep", "release"} else None
    if owner is not None or step["routing"]["rule"] == "first_available":
        return owner
    if member >= 0 and "open_cases" not in said["teams"][step["team"]]:
        return member
    return UNKNOWN


def skilled(row, said, program, records):
    """Members of the team who have the skill for the case; everyone when nobody has it."""
    step = step_of(said, program, records.visits.step[row])
    crew = [m for m, name in enumerate(program.names.members) if name.partition(".")[0] == step["team"]]
    if "match" not in step["routing"]:
        return crew
    every = [s for body in said["processes"].values() for s in body["steps"].values()]
    if any(s["kind"] == "set" and "size" in s["values"] for s in every):
        return None  # The size may have changed since.
    size = LEVELS[int(records.cases.attributes[records.visits.case[row], program.names.attributes.index("size")])]
    people = {m: said["teams"][step["team"]]["members"][program.names.members[m].partition(".")[2]] for m in crew}
    return [m for m in crew if size in people[m].get("skills", {}).get("size", LEVELS)] or crew


def causes_of(row, said, program, records):
    """Ticks of a visit's wait by cause, or None where the records do not tell who could have taken the case."""
    visits, owner = records.visits, bound_to(row, said, program, records)
    skill = skilled(row, said, program, records)
    if owner is UNKNOWN or skill is None:
        return None
    until = next(x for x in (visits.started[row], visits.finished[row], records.end) if not np.isnan(x))
    team = program.tables.steps["team"][visits.step[row]]
    here = (program.tables.steps["kind"][visits.step] == Kind.WORK) & (
        program.tables.steps["team"][visits.step] == team
    )
    busy = np.flatnonzero(here & (visits.member >= 0) & (visits.started < until))
    ends = np.where(np.isnan(visits.finished), np.inf, visits.finished)
    cuts = {
        *np.arange(np.floor(visits.entered[row]), until + 1),
        *visits.started[busy],
        *ends[busy],
        visits.entered[row],
        until,
    }
    moments = sorted(x for x in cuts if visits.entered[row] <= x <= until)
    told = [0] * len(TEAM_CAUSES)
    for begin, end in pairwise(moments):
        middle = (begin + end) / 2
        at_work = {visits.member[v]: v for v in busy if visits.started[v] <= middle < ends[v]}
        cause = cause_at(
            row,
            owner,
            skill,
            at_work,
            {m for m in [*skill, owner or 0] if on_shift(said, program.names.members[m], middle)},
        )
        told[TEAM_CAUSES.index(cause)] += round(end * TICKS) - round(begin * TICKS)
    return told


def cause_at(row, owner, skill, at_work, present):
    """The cause at a moment, in the words of section 6; ``at_work`` is member to the visit that they work on."""
    able = [m for m in (skill if owner is None else [owner]) if m in present]
    if not able:
        return "off_shift"
    if owner is None and any(m not in at_work for m in able):
        return "limit"
    if owner is not None and any(m in present and m not in at_work for m in skill if m != owner):
        return "ownership"
    return "priority" if any(at_work[m] > row for m in able) else "contention"
