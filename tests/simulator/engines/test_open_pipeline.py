"""Open pipelines: cases that are under way when the run begins go on where they stand, on both engines alike."""

import os
from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from simulator.engines import compiled_engine, simpy_engine
from simulator.errors import CaudalError
from simulator.kpis.integrity import violations
from simulator.kpis.measures import measure
from simulator.records import first_difference
from tests.simulator.engines.random_scenarios import LEVELS, scenarios
from tests.simulator.engines.toys import attributes, compiled, ledger, log, outcomes, run, toy

WARMED = "horizon: {warm_up: 14 d, length: 7 d}"
"""Two weeks that the open pipeline stands for: the run begins at hour 336, a Monday."""
DESK = 'desk: {members: {ann: {shifts: "Mon-Sun 00:00-24:00", win_factor: 1.5}, bob: {shifts: "Mon-Sun 00:00-24:00"}}}'


@st.composite
def open_scenarios(draw):
    """A random scenario with up to eight open cases anywhere in it, some of them children of others."""
    said = draw(scenarios())
    cases = {}
    for number in range(draw(st.integers(0, 8))):
        process = draw(st.sampled_from(list(said["processes"])))
        case = {
            "process": process,
            "step": draw(st.sampled_from(list(said["processes"][process]["steps"]))),
            **draw(st.sampled_from([
                {"age": "0 h"}, {"age": "3 h", "spent": "3 h"}, {"age": "40 h", "spent": "30 h"},
                {"age": "100 d", "spent": "1 h"}, {"age": "100 d"},
            ])),
            "visits": draw(st.sampled_from([1, 2, {f"{process}1": 3}])),
        }  # fmt: skip
        if draw(st.booleans()):
            case["channel"] = draw(st.sampled_from(list(said["channels"])))
        if draw(st.booleans()):
            case["values"] = draw(st.sampled_from([{"x": 2.5}, {"heat": 4, "size": draw(st.sampled_from(LEVELS))}]))
        if draw(st.booleans()):
            case["owners"] = [f"{team}.dan" for team in said["teams"] if draw(st.booleans())]
        if cases and draw(st.booleans()):
            case["parent"] = draw(st.sampled_from(list(cases)))
            case["joined"] = draw(st.sampled_from([None, True, False]))
        if draw(st.booleans()):
            case["posted"] = {"booked": "10.50 EUR"}
        cases[f"case {number}"] = case
    return said | {"pipeline": {"cases": cases}}


@pytest.mark.slow
@settings(
    max_examples=int(os.environ.get("CAUDAL_EXAMPLES", "60")), deadline=None,
    derandomize="CAUDAL_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(open_scenarios(), st.integers(0, 2**31))
def test_random_pipelines_leave_the_same_records_on_both_engines(said, seed):
    """To the last bit, obeying every law, with as many cases more as there are rows; and every KPI can be measured."""
    program = compiled(said)
    told = []
    for engine in (simpy_engine, compiled_engine):
        try:
            told.append(engine.simulate(program, seed, 0))
        except CaudalError as error:
            told.append(str(error))
    if isinstance(told[0], str):
        assert told[0] == told[1]
        return
    assert first_difference(*told) == ""
    assert violations(program, told[0]) == []
    assert measure(program, told[0]).kpis
    assert (told[0].cases.born[: len(said["pipeline"]["cases"])] <= program.begins).all()


def pipeline(cases, steps, more=""):
    """A toy of one process with open cases, one a line of YAML."""
    return toy(f"""
{WARMED}
channels: {{web: {{process: p, drops: [{{date: 2024-01-20, leads: 1}}]}}}}
pipeline:
  cases:
{chr(10).join("    " + line for line in cases)}
{more}
steps:
{chr(10).join("  " + line for line in steps)}
""")


def test_the_run_begins_when_the_warm_up_ends():
    """Of a lead a day over three weeks, those of the last week come, after the case that was there already."""
    program = toy(f"""
      {WARMED}
      channels: {{web: {{process: p, interval: 1 d}}}}
      pipeline: {{cases: {{old: {{process: p, step: rest, age: 5 d}}}}}}
      steps:
        rest: {{kind: wait, duration: 1 h}}
    """)
    born = run(program).cases.born.tolist()
    assert born == [216.0, *(336.0 + 24 * day for day in range(7))]


def test_what_is_left_of_a_constant_wait():
    """Of ten hours, seven are left after three and none after twelve; a case that has just come waits all ten."""
    cases = ["a: {process: p, step: rest, age: 3 h, spent: 3 h}", "b: {process: p, step: rest, age: 2 d, spent: 12 h}",
             "c: {process: p, step: rest, age: 2 d}"]  # fmt: skip
    program = pipeline(cases, ["call: {kind: wait, duration: 1 h}", "rest: {kind: wait, duration: 10 h}"])
    left = np.sort(run(program).cases.ended[:3] - 336)
    np.testing.assert_allclose(left, [0, 7, 10])


def test_what_is_left_of_an_exponential_wait_does_not_depend_on_how_long_it_has_lasted():
    """A thousand cases that have waited twice the mean wait the mean once more: the memoryless law."""
    cases = [f"c{n}: {{process: p, step: rest, age: 9 d, spent: 20 h}}" for n in range(1000)]
    program = pipeline(cases, ["rest: {kind: wait, duration: {exponential: 10 h}}"])
    program = replace(program, end=336.0 + 10_000)
    left = run(program).cases.ended[:1000] - 336
    assert abs(left.mean() - 10) < 4 * 10 / np.sqrt(1000)
    assert (left < 10).mean() == pytest.approx(1 - np.exp(-1), abs=4 * 0.5 / np.sqrt(1000))


def test_a_wait_for_a_date_keeps_it():
    """A formula that counts from now is read as when the wait began: a date stays where it is, ten hours ahead."""
    steps = ["rest: {kind: wait, duration: 'max(term - now, 0)'}"]
    row = "a: {process: p, step: rest, age: 9 d, spent: 30 h, values: {term: 2024-01-15 10:00}}"
    assert run(pipeline([row], steps, "attributes: {term: {}}")).cases.ended[0] == 346


def test_a_wait_until_a_schedule_keeps_its_moment():
    """After five of two hours the first Wednesday is what the case still waits for."""
    program = pipeline(["a: {process: p, step: rest, age: 5 h, spent: 5 h}"],
                       ["rest: {kind: wait, duration: 2 h, until: {weekdays: [Wed], at: '12:00'}}"])  # fmt: skip
    assert run(program).cases.ended[0] == 336 + 2 * 24 + 12


def test_age_and_visits_go_on():
    """A formula reads the whole age, and how often the case has come, the visits before the run included."""
    program = pipeline(
        ["a: {process: p, step: note, age: 30 h, visits: 3}"],
        ["note: {kind: set, values: {x: age, y: visits}}"],
        "attributes: {x: {}, y: {}}",
    )
    told = attributes(program)["web"]
    assert told == {"x": 30.0, "y": 3.0}


@pytest.mark.parametrize("initial", ["{uniform: {low: 0, high: 1}}", "3"])
def test_stated_attributes_take_the_place_of_their_draws(initial):
    """What follows from them at birth follows from what is stated, and the rest has the luck of the case."""
    more = f"""attributes: {{x: {{initial: {initial}}}, twice: {{initial: "2 * x"}}, z: {{initial: 7}}}}"""
    row = "a: {process: p, step: rest, age: 1 d, channel: web, values: {x: 30}}"
    told = attributes(pipeline([row], ["rest: {kind: wait, duration: 1 h}"], more))["web"]
    assert told == {"x": 30.0, "twice": 60.0, "z": 7.0}


def test_a_decaying_attribute_has_its_stated_value_today():
    """Eight today halves within the next hour, however old the case is; drawn at birth, it has decayed since."""
    steps = ["rest: {kind: wait, duration: 1 h}", "read: {kind: set, values: {seen: heat}}"]
    more = "attributes: {heat: {initial: 8, half_life: 1 h}, seen: {}}"
    cases = ["a: {process: p, step: rest, age: 2 h, values: {heat: 8}}", "b: {process: p, step: rest, age: 2 h}"]
    told = [each["seen"] for each in attributes(pipeline(cases, steps, more)).values()][:2]
    np.testing.assert_allclose(told, [4.0, 1.0])


def test_the_longest_at_its_step_is_served_first():
    """Whatever the order of the rows: the queue is that of the day before."""
    cases = ["young: {process: p, step: call, age: 9 d, spent: 1 h, owners: [desk.ann]}",
             "old: {process: p, step: call, age: 2 h, spent: 2 h, owners: [desk.ann]}"]  # fmt: skip
    program = pipeline(cases, ["call: {kind: work, team: desk, effort: 1 h, ownership: keep}"], f"teams: {{{DESK}}}")
    records = run(program)
    served = {float(records.cases.born[case]): float(ended) for case, ended in enumerate(records.cases.ended[:2])}
    assert served == {334.0: 337.0, 120.0: 338.0}


def test_an_owner_keeps_the_case():
    """It waits for its owner while a colleague is idle, and carries the owner's win factor."""
    cases = ["a: {process: p, step: call, age: 2 h, spent: 2 h, owners: [desk.ann]}",
             "b: {process: p, step: note, age: 2 h, owners: [desk.ann]}"]  # fmt: skip
    steps = ["note: {kind: set, values: {x: win_factor}}",
             "call: {kind: work, team: desk, effort: 1 h, ownership: keep}"]  # fmt: skip
    program = pipeline(cases, steps, f"teams: {{{DESK}}}\nattributes: {{x: {{}}}}")
    records = run(program)
    assert log(program, records, only=("call",))[:2] == ["web call 336 336 337 ann", "web2 call 336 337 338 ann"]
    assert attributes(program, records)["web2"]["x"] == 1.5


def test_a_parent_waits_for_its_open_child_and_money_is_conserved():
    """The invoice that was sent before is collected, with its parent's amount, and then the order goes on."""
    program = toy(f"""
      {WARMED}
      attributes: {{price: {{}}}}
      channels: {{web: {{process: p, drops: [{{date: 2024-01-20, leads: 0}}]}}}}
      pipeline:
        cases:
          bill: {{process: q, step: term, age: 6 h, spent: 6 h, parent: order, posted: {{invoiced: 500 EUR}}}}
          order: {{process: p, step: settled, age: 9 h, values: {{price: 500}}}}
      processes:
        p:
          steps:
            bill: {{kind: spawn, process: q, joined: true}}
            settled: {{kind: join}}
        q:
          steps:
            sent: {{kind: post, account: invoiced, amount: price * 1 EUR}}
            term: {{kind: wait, duration: 10 h}}
            money: {{kind: post, account: collected, amount: price * 1 EUR}}
    """)
    records = run(program)
    assert records.cases.ended.tolist() == [340.0, 340.0]
    assert ledger(program, records) == [(330.0, "web.1", "invoiced", 50000), (340.0, "web.1", "collected", 50000)]
    assert outcomes(program, records) == {"web": "done", "web.1": "done"}


def test_a_row_more_changes_no_other_case():
    """The luck of a case comes from its identifier: the first case and the later lead do the same beside a second."""
    steps = ["rest: {kind: wait, duration: {exponential: 1 d}}"]
    one, two = (
        run(pipeline([f"c{n}: {{process: p, step: rest, age: 2 h}}" for n in range(size)], steps)).cases
        for size in (1, 2)
    )
    assert one.ended[0] == two.ended[0]
    assert one.ended[1] == two.ended[2]
    assert two.ended[0] != two.ended[1]


def test_an_open_case_that_is_lost_breaks_a_law():
    """The law sees a case that goes on at another step, and one that is not there."""
    program = pipeline(["a: {process: p, step: rest, age: 2 h}"],
                       ["call: {kind: wait, duration: 1 h}", "rest: {kind: wait, duration: 1 h}"])  # fmt: skip
    records = run(program)
    elsewhere = replace(program, pipeline=program.pipeline._replace(step=np.zeros(1, np.int32)))
    assert "open cases: each is at its step" in violations(elsewhere, records)[0]
    stranger = replace(program, pipeline=program.pipeline._replace(key=np.ones(1, np.int64)))
    assert "open cases: each is one of the first" in violations(stranger, records)[0]
