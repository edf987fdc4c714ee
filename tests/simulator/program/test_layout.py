"""The program as a whole: types of its columns, the way through a pickle, and what additions leave alone."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from simulator.program.compiler import compile_scenario
from simulator.program.layout import AUTOMATION, MEMBER, STEP, TEAM, Kind, Milestone, Ownership, Rule, Step
from simulator.schema.loading import load_scenario
from tests.simulator.program.builders import leaves, program, same, step_of

RICH = Path(__file__).parents[1] / "schema" / "rich.yaml"
WORK = {"kind": "work", "team": "crew", "effort": {"exponential": "2 h"}, "priority": "x"}
BASE = {
    "steps": {"call": WORK, "pause": {"kind": "wait", "duration": "1 d", "until": {"weekdays": ["Mon"]}}},
    "attributes": {"x": {"initial": {"normal": {"mean": 3, "sd": 1}}}},
    "segments": {"small": {}, "large": {"share": 2}},
    "teams": {"crew": {"head_count": 2, "annual_leave": 25}},
    "channels": {"web": {"process": "p", "rate": "9000 /year"}},
}


@pytest.fixture(scope="module")
def rich():
    """Program of a scenario that uses most of the vocabulary."""
    loaded = load_scenario(RICH)
    return compile_scenario(loaded.scenario, loaded.folder, loaded.digest)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_program_goes_through_a_pickle_unchanged(rich, protocol):
    """Every array has the same bytes, type and shape, and everything else is equal."""
    again = dict(leaves(pickle.loads(pickle.dumps(rich, protocol))))  # noqa: S301 - our own bytes
    before = dict(leaves(rich))
    assert list(again) == list(before)
    assert len(before) > 80
    assert [place for place in before if not same(before[place], again[place])] == []


def test_compiling_twice_gives_the_same_program(rich):
    """Down to the last byte."""
    loaded = load_scenario(RICH)
    again = dict(leaves(compile_scenario(loaded.scenario, loaded.folder, loaded.digest)))
    assert [place for place, value in leaves(rich) if not same(value, again[place])] == []


def test_references_stay_inside_their_tables(rich):
    """No index of a step points behind the end of what it indexes."""
    tables, names = rich.tables, rich.names
    sizes = {
        "next": len(tables.steps), "patience_to": len(tables.steps), "balk_to": len(tables.steps),
        "defect_to": len(tables.steps), "stage": len(names.stages), "team": len(tables.teams),
        "queue_class": len(tables.class_takes), "match": len(names.attributes),
        "automation": len(tables.automations), "clock": len(tables.calendars), "schedule": len(tables.schedules),
        "target": len(tables.processes), "channel": len(names.channels), "outcome": len(names.outcomes),
    } | dict.fromkeys(
        ("effort", "priority", "due", "patience", "defect", "duration", "number", "amount"),
        len(tables.chances.formula),
    )  # fmt: skip
    for field, size in sizes.items():
        assert tables.steps[field].min() >= -1, field
        assert tables.steps[field].max() < size, field
    assert set(tables.steps["kind"]) == {kind.value for kind in Kind}
    assert tables.births.max() < len(tables.chances.formula)
    assert tables.serves.shape == (len(tables.class_takes), len(tables.members))
    assert tables.calendars["count"].sum() == tables.opens.size == tables.closes.size == tables.worked.size
    assert tables.schedules["count"].sum() == tables.moments.size


def test_steps_know_their_place_in_their_process(rich):
    """They count up from 0 in each process, and lie side by side from its first step on."""
    steps, processes = rich.tables.steps, rich.tables.processes
    assert len(processes) > 1
    for number, process in enumerate(processes):
        mine = steps[steps["process"] == number]
        assert mine["place"].tolist() == list(range(process["steps"]))
        assert mine["row"].tolist() == (process["first_step"] + mine["place"]).tolist()


def test_columns_have_the_types_that_the_engines_expect():
    """Integers are whole words in a step, and numbers with a fraction are doubles."""
    assert STEP.names == Step._fields
    assert {STEP[name] for name in STEP.names if name != "defect_effort"} == {np.dtype(np.int64)}
    assert STEP["defect_effort"] == np.float64
    assert [MEMBER[name] for name in ("speed", "weight", "hired", "departs")] == [np.float64] * 4
    assert (TEAM["presence_first"], AUTOMATION["cents"], AUTOMATION["exception_purpose"]) == (np.int64,) * 3


@pytest.mark.parametrize("codes", [Kind, Ownership, Rule])
def test_codes_count_up_from_zero(codes):
    """Records that were written with them stay readable."""
    assert [code.value for code in codes] == list(range(len(codes)))


def test_milestones_share_no_bit():
    """Their sum names each of them."""
    assert sum(Milestone) == 2 ** len(Milestone) - 1


def test_an_empty_part_of_a_scenario_is_an_empty_array():
    """Not an error, nor a row too many."""
    tables = program().tables
    empty = ("outcomes", "assignments", "teams", "members", "class_takes", "roster_start", "presence", "automations")
    assert [getattr(tables, name).size for name in empty] == [0] * len(empty)
    assert tables.serves.shape == (0, 0)
    assert len(tables.steps) == 1


ADDITIONS = {
    "team": {"teams": BASE["teams"] | {"other": {"head_count": 3, "shifts": "always"}}},
    "channel": {"channels": BASE["channels"] | {"fair": {"process": "p", "interval": "3 h", "brings": {"x": 9}}}},
    "attribute": {"attributes": BASE["attributes"] | {"y": {"initial": {"exponential": 2}}}},
    "process": {"processes": {"q": {"steps": {"out": {"kind": "end", "outcome": "other"}}}}},
    "tool": {"tools": {"crm": {"licence": "1 EUR/h"}}},
    "policy": {"policies": {"limit": 5}},
    "effect": {"effects": {"e": {"reads": "now", "coefficient": 1}}},
    "stage": {"stages": {"open": "Open"}},
}
SAME = {"opens", "closes", "worked", "schedules", "moments", "roster_start", "presence", "members", "class_takes"}


@pytest.mark.parametrize("addition", ADDITIONS)
def test_what_is_added_elsewhere_leaves_the_luck_of_all_others(addition):
    """Every purpose that there was is there still: common random numbers hold between the two scenarios."""
    before, after = program(**BASE), program(**(BASE | ADDITIONS[addition]))
    for name in ("call", "pause", "done"):
        one, other = step_of(before, name), step_of(after, name)
        assert one["purpose"] == other["purpose"]
        assert one["routing_purpose"] == other["routing_purpose"]
        for field in ("effort", "priority", "duration"):
            assert (one[field] >= 0) == (other[field] >= 0)
            if one[field] >= 0:
                old = before.tables.chances.purpose[one[field]]
                assert old == after.tables.chances.purpose[other[field]]
    assert before.demand[0].purpose == after.demand[0].purpose
    assert (before.demand[0].hourly == after.demand[0].hourly).all()
    assert set(before.tables.chances.purpose.tolist()) <= set(after.tables.chances.purpose.tolist())


@pytest.mark.parametrize("addition", ADDITIONS)
def test_what_is_added_elsewhere_leaves_the_calendars_of_all_others(addition):
    """What there was before stands at the front of each array, unchanged."""
    before, after = program(**BASE).tables, program(**(BASE | ADDITIONS[addition])).tables
    for name in SAME:
        old, new = getattr(before, name), getattr(after, name)
        assert new[: len(old)].tolist() == old.tolist(), name
        assert addition == "team" or len(new) == len(old), name
