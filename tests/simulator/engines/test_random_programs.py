"""What the random scenarios of the twins really do: agreement about what never happens would prove nothing."""

from collections import Counter

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from simulator.engines import compiled_engine
from simulator.errors import CaudalError
from simulator.program.layout import Discipline, Kind, Ownership, Rule
from tests.simulator.engines.oracle import step_of
from tests.simulator.engines.random_scenarios import SHIFTS, scenarios
from tests.simulator.engines.toys import compiled

PROGRAMS = 300
LEAST = {"join that waits": 15}
"""Programs of the 300 in which a thing must happen; five where none is stated."""
THINGS = {
    *(f"kind {kind.name}" for kind in Kind),
    *(f"rule {rule.name}, waiting" for rule in Rule),
    *(f"discipline {discipline.name}, waiting" for discipline in Discipline),
    *(f"ownership {ownership.name}" for ownership in Ownership),
    *(f"shift {shift}" for shift in SHIFTS),
    *("patience", "balking", "automation", "defect", "ramp", "leaver", "absence", "annual leave"),
    *("join that waits", "decay", "simultaneous births", "public holiday", "growth", "segments", "products"),
}


@pytest.mark.slow
def test_three_hundred_random_programs_do_everything():
    """Every step kind, rule, discipline, ownership and shift, and all that can befall a case, in five programs each."""
    seen = Counter()

    @settings(
        max_examples=PROGRAMS, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(scenarios(), st.integers(0, 2**31), st.integers(0, 100))
    def looked_at(said, seed, replication):
        program = compiled(said)
        try:
            records = compiled_engine.simulate(program, seed, replication)
        except CaudalError:
            return
        seen.update(things(said, program, records))

    looked_at()
    assert set(seen) <= THINGS
    rare = {thing: seen[thing] for thing in THINGS if seen[thing] < LEAST.get(thing, 5)}
    assert not rare


def things(said, program, records):
    """What happened in a run, each thing once."""
    visits = records.visits
    return {
        *(f"kind {Kind(kind).name}" for kind in program.tables.steps["kind"][visits.step].tolist()),
        *_at_work(program, visits),
        *_waiting(program, records),
        *_people(said, program, visits),
        *_demand(said, program, records),
        *_decay(said, program, records),
    }


def _at_work(program, visits):
    steps = program.tables.steps[visits.step]
    work, left = steps["kind"] == Kind.WORK, ~np.isnan(visits.finished)
    given_up = work & left & np.isnan(visits.started)
    later = visits.finished > visits.entered
    served = work & (visits.member >= 0)
    yield from (f"ownership {Ownership(kind).name}" for kind in set(steps["ownership"][served].tolist()))
    found = {
        "patience": given_up & later & (steps["patience"] >= 0),
        "balking": given_up & ~later & (steps["balk_at"] >= 0) & (steps["patience"] < 0),
        "automation": work & left & (visits.member < 0) & ~np.isnan(visits.started),
        "defect": served & left & (steps["defect_to"] >= 0) & (visits.next == steps["defect_to"]),
        "join that waits": (steps["kind"] == Kind.JOIN) & later,
    }
    yield from (thing for thing, where in found.items() if where.any())


def _waiting(program, records):
    rows = records.waits.visit[records.waits.ticks.sum(axis=1) > 0]
    steps = program.tables.steps[records.visits.step[rows]]
    yield from (f"rule {Rule(rule).name}, waiting" for rule in set(steps["rule"].tolist()))
    disciplines = program.tables.teams["discipline"][steps["team"]]
    yield from (f"discipline {Discipline(kind).name}, waiting" for kind in set(disciplines.tolist()))


def _people(said, program, visits):
    """Of those who worked: shifts, and what took them away or slowed them."""
    members = program.tables.members
    for member in np.unique(visits.member[visits.member >= 0]).tolist():
        team, _, name = program.names.members[member].partition(".")
        stated, row = said["teams"][team]["members"][name], members[member]
        started = visits.started[visits.member == member]
        yield f"shift {stated['shifts']}"
        absences = [("absence", "absences" in stated), ("annual leave", "annual_leave" in said["teams"][team])]
        ramp = ("ramp", bool((started < row["hired"] + row["ramp_up"]).any()))
        yield from (thing for thing, there in [*absences, ramp, ("leaver", row["departs"] < program.end)] if there)


def _demand(said, program, records):
    leads = records.cases.parent < 0
    born = records.cases.born[leads]
    growing = program.names.channels.index("web")
    found = {
        "simultaneous births": np.unique(born).size < born.size,
        "public holiday": "holidays" in said["horizon"],
        "growth": "growth" in said["channels"]["web"] and bool((records.cases.channel == growing).any()),
        "segments": program.tables.segment >= 0 and born.size > 0,
        "products": program.tables.product >= 0 and born.size > 0,
    }
    return [thing for thing, there in found.items() if there]


def _decay(said, program, records):
    """A case that sets what decays from what is left of it, some time after its birth."""
    visits = records.visits
    for row in np.flatnonzero(visits.entered > records.cases.born[visits.case]):
        step = step_of(said, program, visits.step[row])
        if step["kind"] == "set" and "heat" in step["values"]:
            return ["decay"]
    return []
