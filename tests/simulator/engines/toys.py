"""Toy scenarios written as text, run by both engines, and read back as exact logs."""

import datetime as dt
import math

import yaml

from simulator.engines import compiled_engine, simpy_engine
from simulator.errors import CaudalError
from simulator.kpis.integrity import violations
from simulator.program.compiler import compile_scenario
from simulator.records import ACCOUNTS, TEAM_CAUSES, TICKS, first_difference
from simulator.schema.checks import check
from simulator.schema.scenario import Scenario

MONDAY = dt.date(2024, 1, 1)
"""Hour 0 of every toy."""
HORIZON = {"start": MONDAY, "warm_up": "0 d", "length": "7 d", "currency": "EUR"}


def arrival(hour, process, **more):
    """A channel that brings one case at an hour."""
    if hour == 0:
        return {"process": process, "drops": [{"date": MONDAY, "leads": 1}], **more}
    return {"process": process, "interval": f"{hour} h", "stops": f"{1.5 * hour} h", **more}


def statements(text):
    """What the text of a toy says, its shorthands written out.

    ``steps`` is a process named ``p`` with an end put behind it; ``come`` lists when single cases come: a channel each.
    """
    said = yaml.safe_load(text)
    steps = said.pop("steps", None)
    if steps is not None:
        said["processes"] = {"p": {"steps": steps}, **said.get("processes", {})}
    for body in said["processes"].values():
        if not any(step["kind"] == "end" for step in body["steps"].values()):
            body["steps"]["done"] = {"kind": "end", "outcome": "done"}
    first = next(iter(said["processes"]))
    come = {
        name: stated if isinstance(stated, dict) else {"at": stated} for name, stated in said.pop("come", {}).items()
    }
    arrivals = {
        name: arrival(**({"process": first} | {"hour" if key == "at" else key: value for key, value in stated.items()}))
        for name, stated in come.items()
    }
    said["channels"] = {**arrivals, **said.get("channels", {})}
    if not said["channels"]:
        said["channels"] = {"a": arrival(0, first)}
    said["horizon"] = HORIZON | said.get("horizon", {})
    return {"caudal": 1, "name": "Toy"} | said


def compiled(said, folder=None):
    """Program of a scenario given as a mapping, checked like a file."""
    scenario = Scenario.model_validate(said)
    found = check(scenario, folder)
    assert not found, found
    return compile_scenario(scenario, folder)


def toy(text):
    """Program of a toy."""
    return compiled(statements(text))


def run(program, seed=1, replication=0):
    """Records of a replication, which must obey all laws, and be the same from both engines to the last bit."""
    records = simpy_engine.simulate(program, seed, replication)
    assert violations(program, records) == []
    assert first_difference(records, compiled_engine.simulate(program, seed, replication)) == ""
    return records


def refusal(program, seed=1, replication=0):
    """The sentence with which both engines refuse to run a program."""
    told = []
    for engine in (simpy_engine, compiled_engine):
        try:
            engine.simulate(program, seed, replication)
        except CaudalError as error:
            told.append(str(error))
    assert len(told) == 2, f"not both engines refuse: {told}"
    assert told[0] == told[1]
    return told[0]


def case_names(program, records):
    """Name of each case: its channel and, from the second of the channel on, a number; a child is its parent's."""
    seen, names = {}, []
    for channel, parent in zip(records.cases.channel.tolist(), records.cases.parent.tolist(), strict=True):
        base = program.names.channels[channel] if channel >= 0 else f"{names[parent]}."
        seen[base] = seen.get(base, 0) + 1
        names.append(base if seen[base] == 1 and channel >= 0 else f"{base}{seen[base]}")
    return names


def _shown(moment):
    return "-" if math.isnan(moment) else f"{moment:.15g}"


def log(program, records=None, *, only=()):
    """Lines such as ``a call 9 9.5 10 ann``: case, step, entered, started, finished, who; some steps only if named."""
    records = run(program) if records is None else records
    names, visits, lines = case_names(program, records), records.visits, []
    for row in range(visits.case.size):
        step = program.names.steps[visits.step[row]].partition(".")[2]
        moments = " ".join(_shown(column[row]) for column in (visits.entered, visits.started, visits.finished))
        member = visits.member[row]
        who = f" {program.names.members[member].partition('.')[2]}" if member >= 0 else ""
        if step in only or not only:
            lines.append(f"{names[visits.case[row]]} {step} {moments}{who}")
    return lines


def waits(program, records=None):
    """Hours that each case waited at each step for each cause, keyed by ``case step``; causes of no time left out."""
    records = run(program) if records is None else records
    names, found = case_names(program, records), {}
    for visit, ticks in zip(records.waits.visit.tolist(), records.waits.ticks.tolist(), strict=True):
        key = f"{names[records.visits.case[visit]]} {program.names.steps[records.visits.step[visit]].partition('.')[2]}"
        hours = {cause: count / TICKS for cause, count in zip(TEAM_CAUSES, ticks, strict=True) if count}
        for cause, time in hours.items():
            found.setdefault(key, {})[cause] = found.get(key, {}).get(cause, 0) + time
    return found


def outcomes(program, records=None):
    """Outcome of each case by name, None for those that are unfinished."""
    records = run(program) if records is None else records
    codes = records.cases.outcome.tolist()
    told = [program.names.outcomes[code] if code >= 0 else None for code in codes]
    return dict(zip(case_names(program, records), told, strict=True))


def ledger(program, records=None):
    """Postings as (hour, case, account, cents)."""
    records = run(program) if records is None else records
    names, postings = case_names(program, records), records.postings
    rows = zip(postings.time, postings.case, postings.account, postings.cents, strict=True)
    return [(float(t), names[case], ACCOUNTS[account], int(cents)) for t, case, account, cents in rows]


def attributes(program, records=None):
    """Attributes of each case as last set, by name."""
    records = run(program) if records is None else records
    rows = records.cases.attributes.tolist()
    return {
        name: dict(zip(program.names.attributes, row, strict=True))
        for name, row in zip(case_names(program, records), rows, strict=True)
    }
