"""Section 5 of docs/semantics.md: tools and their exceptions, defects and rework."""

import numpy as np
import pytest

from simulator.chance.keyed import purpose_of, uniforms
from tests.simulator.engines.toys import ledger, log, outcomes, run, toy, waits


def tool(**changes):
    """One case, a person of sixteen minutes, and a tool."""
    stated = {"share": "100 %", "tool": "robot"} | changes
    automation = ", ".join(f"{key}: {value}" for key, value in stated.items())
    return toy(f"""
      come: {{a: 1}}
      tools: {{robot: {{start: 2024-01-01}}}}
      teams: {{t: {{head_count: 1, shifts: "Mon-Fri 09:00-17:00"}}}}
      steps: {{u: {{kind: work, team: t, effort: 16 min, automation: {{{automation}}},
                   defect: {{probability: 1, to: wrong}}}},
               right: {{kind: end, outcome: right}}, wrong: {{kind: end, outcome: wrong}}}}
    """)


def test_a_tool_does_the_work_at_once_and_nobody_waits():
    """Its time passes on the calendar, its cost is posted when it starts, and defects are of people's work only."""
    program = tool(time="15 min", cost="1.25 EUR")
    assert log(program) == ["a u 1 1 1.25", "a right 1.25 1.25 1.25"]
    assert ledger(program) == [(1.0, "a", "cost", 125)]
    assert waits(program) == {}


def test_a_tool_without_time_lets_the_case_pass_at_once():
    """Two steps in one moment."""
    assert log(tool()) == ["a u 1 1 1", "a right 1 1 1"]


def test_what_a_tool_hands_back_queues_for_a_person():
    """The try and the person's work are two visits; the effort is four times that of a normal case."""
    program = tool(time="15 min", exceptions="100 %", exception_effort=4, cost="1 EUR")
    assert log(program, only=["u"]) == ["a u 1 1 1.25", f"a u 1.25 9 {9 + 64 / 60:.15g} staff"]
    assert waits(program) == {"a u": {"off_shift": 7.75}}
    assert outcomes(program) == {"a": "wrong"}
    assert len(ledger(program)) == 1


def test_a_case_that_no_tool_takes_costs_nothing():
    """Before its start the tool does not exist."""
    program = toy("""
      come: {a: 1, b: 25}
      tools: {robot: {start: 2024-01-02}}
      teams: {t: {head_count: 1, shifts: always}}
      steps: {u: {kind: work, team: t, effort: 1 h, automation: {tool: robot, share: 1, cost: 1 EUR}}}
    """)
    assert log(program, only=["u"]) == ["a u 1 1 2 staff", "b u 25 25 25"]
    assert ledger(program) == [(25.0, "b", "cost", 100)]


def test_a_tool_without_a_date_goes_live_when_the_warm_up_ends_and_one_without_a_name_always():
    """The engines read the warm-up for nothing else."""
    text = """
      horizon: {{warm_up: 20 h}}
      come: {{a: 1, b: 20}}
      tools: {{robot: {{}}}}
      teams: {{t: {{head_count: 1, shifts: always}}}}
      steps: {{u: {{kind: work, team: t, effort: 1 h, automation: {{{} share: 1}}}}}}
    """
    assert log(toy(text.format("tool: robot,")), only=["u"]) == ["a u 1 1 2 staff", "b u 20 20 20"]
    assert log(toy(text.format("")), only=["u"]) == ["a u 1 1 1", "b u 20 20 20"]


@pytest.mark.parametrize(("date", "adopted"), [("2024-01-02", 0.0), ("2024-01-03", 0.25), ("2024-01-06", 1.0)])
def test_adoption_grows_in_a_straight_line(date, adopted):
    """The tool takes exactly the cases whose uniform number of the step is below share times adoption."""
    program = toy(f"""
      channels: {{a: {{process: p, drops: [{{date: {date}, leads: 200}}]}}}}
      tools: {{robot: {{start: 2024-01-02, adoption: 4 d}}}}
      teams: {{t: {{head_count: 300, shifts: always}}}}
      steps: {{u: {{kind: work, team: t, effort: 1 h, automation: {{tool: robot, share: 60 %}}}}}}
    """)
    records = run(program, seed=5, replication=2)
    u = uniforms(5, 2, records.cases.key, purpose_of("p/u"), 1)
    by_tool = np.zeros(200, bool)
    first = records.visits.step == 0
    by_tool[records.visits.case[first]] = records.visits.member[first] < 0
    assert np.array_equal(by_tool, u < 0.6 * adopted)
    assert 0.1 <= by_tool.mean() <= 0.2 or adopted != 0.25


def test_defective_work_is_done_again_with_its_own_effort():
    """Wrong the first two times: again with half the effort, each time."""
    program = toy("""
      come: {a: 0}
      teams: {t: {head_count: 1, shifts: always}}
      steps: {u: {kind: work, team: t, effort: 1 h, defect: {probability: "1 if visits < 3 else 0", effort: 50 %}}}
    """)
    assert log(program, only=["u"]) == ["a u 0 0 1 staff", "a u 1 1 1.5 staff", "a u 1.5 1.5 2 staff"]


def test_a_defect_sends_the_case_back_where_the_next_effort_is_changed():
    """Only the first visit after the defect takes three times the effort; the step between is as always."""
    program = toy("""
      come: {a: 0}
      teams: {t: {head_count: 1, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: 1 h}
        v: {kind: work, team: t, effort: 2 h, defect: {probability: "1 if visits < 3 else 0", to: u, effort: 300 %}}
    """)
    hours = [float(line.split()[4]) - float(line.split()[3]) for line in log(program, only=["u", "v"])]
    assert hours == [1, 2, 3, 2, 3, 2]


def test_defects_happen_with_their_probability_and_more_of_them_only_add():
    """Raising the probability keeps every defect that there was: common random numbers at the level of the case."""
    text = """
      channels: {{a: {{process: p, drops: [{{date: 2024-01-01, leads: 500}}]}}}}
      teams: {{t: {{head_count: 500, shifts: always}}}}
      steps: {{u: {{kind: work, team: t, effort: 1 h, defect: {{probability: {}, to: wrong}}}},
               right: {{kind: end, outcome: right}}, wrong: {{kind: end, outcome: wrong}}}}
    """
    few, more = (
        {name for name, outcome in outcomes(toy(text.format(p))).items() if outcome == "wrong"}
        for p in ("10 %", "30 %")
    )
    assert few < more
    assert abs(len(few) - 50) < 4 * np.sqrt(45)
    assert abs(len(more) - 150) < 4 * np.sqrt(105)
