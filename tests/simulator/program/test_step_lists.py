"""What steps list: outcomes, assignments, ends and automations, each in a table of its own."""

import numpy as np
import pytest

from simulator.program.layout import Kind
from tests.simulator.program.builders import AROUND, WORK, amid, distribution, program, step_of


@pytest.mark.parametrize(("of", "flag"), [("case", 0), ("parent", 1)])
def test_a_set_step_lists_its_assignments(of, flag):
    """Attribute by attribute, in the order in which they stand."""
    values = {"heat": 7, "score": "before + 1", "size": "large"}
    whole = amid({"kind": "set", "of": of, "values": values})
    found = step_of(whole, "it")
    assert (found["first"], found["items"], found["of_parent"]) == (0, 3, flag)
    assert whole.tables.assignments["attribute"].tolist() == [2, 1, 0]
    chances, quantities = whole.tables.chances, whole.tables.assignments["quantity"].tolist()
    assert 7.0 in distribution(whole, quantities[0])
    level = chances.formulas.first[chances.formula[quantities[2]]]
    assert chances.formulas.args[level] == 2.0


@pytest.mark.parametrize("joined", [True, False])
def test_a_spawn_step_names_process_and_values(joined):
    """Its assignments come behind those of the steps before it."""
    steps = {
        "one": {"kind": "set", "values": {"score": 1, "heat": 2}},
        "it": {"kind": "spawn", "process": "third", "values": {"size": "mid"}, "joined": joined},
    }
    whole = program(steps, **AROUND)
    found = step_of(whole, "it")
    assert (found["first"], found["items"], found["target"], found["joined"]) == (2, 1, 2, joined)
    assert whole.tables.assignments["attribute"].tolist() == [1, 2, 0]


def test_a_decision_lists_its_outcomes():
    """Condition, probability and where it leads: the next step where nothing is said."""
    outcomes = {"a": {"when": "score > 5", "to": "first"}, "b": {"probability": "30 %"}, "c": {"to": "done"}}
    whole = program({"first": {"kind": "wait"}, "it": {"kind": "decide", "outcomes": outcomes}}, **AROUND)
    found = step_of(whole, "it")
    assert (found["first"], found["items"]) == (0, 3)
    table = whole.tables.outcomes
    assert table["to"].tolist() == [0, 2, 2]
    assert (table["when"] >= 0).tolist() == [True, False, False]
    assert (table["probability"] >= 0).tolist() == [False, True, False]
    assert 0.3 in distribution(whole, table["probability"][1])


def test_a_decision_that_names_its_next_sends_its_outcomes_there():
    """``next`` of the step is what an outcome without ``to`` follows."""
    outcomes = {"a": {"probability": "30 %"}, "b": {}}
    whole = amid({"kind": "decide", "next": "done", "outcomes": outcomes})
    assert whole.tables.outcomes["to"].tolist() == [3, 3]


def test_the_last_step_of_a_process_leads_nowhere_and_processes_are_runs_of_rows():
    """No step leads into another process."""
    whole = amid(WORK)
    assert whole.tables.processes["first_step"].tolist() == [0, 4, 5]
    assert whole.tables.processes["steps"].tolist() == [4, 1, 2]
    assert whole.tables.steps["next"].tolist() == [1, 2, 3, -1, -1, 6, -1]
    assert whole.tables.steps["process"].tolist() == [0, 0, 0, 0, 1, 2, 2]
    assert whole.tables.steps["row"].tolist() == list(range(7))


def test_ends_that_share_outcome_and_result_share_a_code():
    """Numbered in the order in which they appear; the same name with another result is another."""
    lost, again = ({"kind": "end", "outcome": "done", "result": "lost"} for _ in range(2))
    whole = program({"it": lost, "again": again}, **AROUND)
    ends = whole.tables.steps["outcome"][whole.tables.steps["kind"] == Kind.END]
    assert ends.tolist() == [0, 0, 1, 2]
    assert whole.names.outcomes == ("done", "grown", "done")
    assert whole.names.outcome_results == ("lost", "won", "neutral")


TOOLS = {"bot": {"start": "2024-01-05", "adoption": "2 d"}, "late": {}}


@pytest.mark.parametrize(
    ("tool", "start", "adoption"), [("", -np.inf, 0.0), ("bot", 96.0, 48.0), ("late", 24.0, 0.0)]
)  # fmt: skip
def test_an_automation_starts_with_its_tool(tool, start, adoption):
    """Always without one, on its date, or when the warm-up ends."""
    said = {"share": "60 %"} | ({"tool": tool} if tool else {})
    whole = amid(WORK | {"automation": said}, tools=TOOLS, horizon={"warm_up": "1 d"})
    (found,) = whole.tables.automations
    assert (found["start"], found["adoption"], found["share"]) == (start, adoption, 0.6)
    assert (found["exceptions"], found["exception_effort"], found["cents"], found["time"]) == (0.0, 1.0, 0, -1)


def test_an_automation_holds_what_it_says():
    """Cost in cents, time as a quantity, exceptions with their effort."""
    said = {"share": 1, "exceptions": "10 %", "exception_effort": 1.5, "time": "6 min", "cost": "0.29 EUR"}
    whole = program({"one": WORK | {"automation": {"share": 0}}, "it": WORK | {"automation": said}}, **AROUND)
    assert (step_of(whole, "one")["automation"], step_of(whole, "it")["automation"]) == (0, 1)
    found = whole.tables.automations[1]
    assert (found["share"], found["exceptions"], found["exception_effort"], found["cents"]) == (1.0, 0.1, 1.5, 29)
    assert 0.1 in distribution(whole, found["time"])
    purposes = whole.tables.automations["exception_purpose"].tolist()
    assert len({*purposes, step_of(whole, "it")["purpose"], step_of(whole, "it")["routing_purpose"]}) == 4
