"""The open pipeline of a run's end: a run that is cut and goes on from it ends as one that was never cut."""

from dataclasses import replace

import numpy as np
import pytest

from simulator.engines import compiled_engine
from simulator.engines.simpy_engine import simulate
from simulator.experiment.forecast.forecast import TRUTH, View
from simulator.experiment.forecast.snapshot import open_cases_at_end, write_cases
from simulator.experiment.plan import Plan
from simulator.kpis.integrity import violations
from simulator.program.compiler import compile_scenario
from simulator.program.pipeline import _key
from simulator.records import first_difference
from simulator.schema.loading import load_scenario
from simulator.schema.open_cases import open_cases
from simulator.schema.pipeline import Pipeline

DAY = 24.0
CONSTANT = """
caudal: 1
name: Clockwork
horizon: {start: 2026-01-05, warm_up: 10 d, length: 90 d, currency: EUR}
attributes: {size: {levels: [small, mid], initial: 1}, heat: {initial: 8, half_life: 2 d}, seen: {}, price: {}}
teams:
  desk: {members: {ann: {shifts: "Mon-Sun 00:00-24:00"}, bob: {shifts: "Mon-Sun 00:00-24:00"}}}
channels:
  web: {process: deal, interval: 7 h, stops: 9 d}
processes:
  deal:
    steps:
      call: {kind: work, team: desk, effort: 20 min, ownership: take, routing: {rule: round_robin}}
      think: {kind: wait, duration: 3 d}
      office: {kind: wait, duration: 9 h, clock: business}
      heat_up: {kind: set, values: {price: "100 * visits"}}
      again: {kind: work, team: desk, effort: 6 min, ownership: keep}
      payday: {kind: wait, duration: 1 h, until: {weekdays: [Fri], at: '12:00'}}
      more: {kind: decide, outcomes: {once_more: {when: visits < 3, to: think}, on: {}}}
      cool: {kind: set, values: {seen: heat}}
      bill: {kind: spawn, process: invoice, joined: true}
      ask: {kind: spawn, process: ticket}
      paid: {kind: join}
      done: {kind: end, outcome: won}
  invoice:
    steps:
      sent: {kind: post, account: invoiced, amount: price * 1 EUR}
      term: {kind: wait, duration: 5 d}
      money: {kind: post, account: collected, amount: price * 1 EUR}
      over: {kind: end, outcome: paid}
  ticket:
    steps:
      rest: {kind: wait, duration: 30 d}
      over: {kind: end, outcome: answered}
"""


@pytest.fixture
def clockwork(tmp_path):
    """A scenario without chance whose cases are open at every step that takes time, sooner or later."""
    path = tmp_path / "clockwork.yaml"
    path.write_text(CONSTANT, encoding="utf-8")
    return load_scenario(path)


def resumed(loaded, cases, cut):
    """Program and records of the scenario from its cut on, with the open cases of that hour."""
    horizon = loaded.scenario.horizon
    left = 100 * DAY - cut
    moved = type(horizon).model_validate({**dict(horizon), "warm_up": f"{cut} h", "length": f"{left} h"})
    pipeline = Pipeline.model_construct(file="", cases=cases)
    program = compile_scenario(loaded.scenario.model_copy(update={"horizon": moved, "pipeline": pipeline}))
    return program, simulate(program, 1, 0)


@pytest.mark.parametrize("cut", [220.5, 230.75, 262.5, 301.5, 350.5, 640.5])
def test_a_run_that_is_cut_and_goes_on_ends_as_one_that_was_not(clockwork, cut):
    """Every open case ends at the same hour with the same attributes, and its journey posts the same sums."""
    program = compile_scenario(clockwork.scenario)
    whole = simulate(program, 1, 0)
    cases = open_cases_at_end(*(cut_program := replace(program, end=cut), simulate(cut_program, 1, 0)))
    ahead, rest = resumed(clockwork, cases, cut)
    row = {int(key): number for number, key in enumerate(rest.cases.key.tolist())}
    names = {f"{int(key) & (2**64 - 1):016x}": number for number, key in enumerate(whole.cases.key.tolist())}
    here, there = [row[_key(name)] for name in cases], [names[name] for name in cases]
    assert len(cases) > 10
    np.testing.assert_allclose(rest.cases.ended[here], whole.cases.ended[there], rtol=0, atol=1e-6)
    np.testing.assert_allclose(rest.cases.born[here], whole.cases.born[there], rtol=0, atol=1e-6)
    np.testing.assert_allclose(rest.cases.attributes[here, 2:], whole.cases.attributes[there, 2:], atol=1e-6)
    later = whole.postings.cents[whole.postings.time >= cut].sum()
    assert rest.postings.cents[rest.postings.time >= cut].sum() == later
    assert violations(ahead, rest) == []


def test_cases_of_every_kind_of_step_were_open(clockwork):
    """The cuts of the test above are not all alike: they find each wait, the join and children."""
    program = compile_scenario(clockwork.scenario)
    found = set()
    for cut in (220.5, 230.75, 262.5, 301.5, 350.5, 640.5):
        ended = replace(program, end=cut)
        found |= {case.step for case in open_cases_at_end(ended, simulate(ended, 1, 0)).values()}
    assert {"think", "office", "payday", "paid", "term", "rest"} <= found


def test_what_a_row_says(clockwork):
    """Owner, visits, time at the step on its clock, channel, level and decayed attribute, what was invoiced."""
    program = replace(compile_scenario(clockwork.scenario), end=220.5)
    records = simulate(program, 1, 0)
    cases = open_cases_at_end(program, records)
    first = next(iter(cases.values()))
    assert (first.process, first.channel, first.parent, first.age) == ("deal", "web", "", 220.5 - 7)
    assert first.owners == ("desk.ann",)
    assert first.values["size"] == "mid"
    assert float(first.values["heat"]) == pytest.approx(8 * 2 ** (-(220.5 - 7) / 48))
    late = replace(program, end=640.5)
    children = {name: case for name, case in open_cases_at_end(late, simulate(late, 1, 0)).items() if case.parent}
    assert {case.posted.get("invoiced") for case in children.values() if case.process == "invoice"} == {300.0}
    assert {case.process: case.joined for case in children.values()}["invoice"] is True
    assert max(case.visits["think"] for case in cases.values()) == 2


def test_what_is_written_is_read_again(clockwork, tmp_path):
    """The CSV file of the open cases, named in a scenario, gives the same rows."""
    program = replace(compile_scenario(clockwork.scenario), end=350.5)
    cases = open_cases_at_end(program, simulate(program, 1, 0))
    write_cases(cases, tmp_path / "open.csv")
    path = tmp_path / "again.yaml"
    path.write_text(CONSTANT + "pipeline: {file: open.csv}\n", encoding="utf-8")
    loaded = load_scenario(path)
    assert open_cases(loaded.scenario, loaded.folder) == cases


def test_a_run_that_leaves_nothing_open(clockwork):
    """At the end of the hundred days all cases are over, and the pipeline is empty."""
    program = compile_scenario(clockwork.scenario)
    assert open_cases_at_end(program, simulate(program, 1, 0)) == {}


@pytest.mark.slow
def test_a_real_pipeline_goes_on_alike_on_both_engines():
    """The thousands of cases that the Portuguese firm has open, over two weeks, to the last bit and by every law."""
    loaded = load_scenario("baselines/pt_installation")
    view = View(loaded, Plan(), 1)
    cases = open_cases_at_end(*view.past(TRUTH, until=view.today))
    program = replace(view.ahead(cases), end=view.today + 14 * DAY)
    records = simulate(program, 1, 0)
    assert len(cases) > 1000
    assert first_difference(records, compiled_engine.simulate(program, 1, 0)) == ""
    assert violations(program, records) == []
