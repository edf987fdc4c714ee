import math

import pytest

from simulator.engines.simpy_engine import simulate
from simulator.experiment.plan import Plan, with_horizon
from simulator.kpis.integrity import violations
from simulator.kpis.measures import measure
from simulator.program.compiler import compile_scenario
from simulator.schema.loading import load_scenario
from simulator.schema.register import assumptions
from simulator.schema.shipped import shipped

BUSINESS = sorted(name for name in shipped() if not name.startswith("theory/"))
"""Scenarios with figures of a business; those of theory have closed forms instead of sources."""
WEEKS = 168.0


def first_weeks(name, weeks):
    """Program of the first weeks of a scenario, of which the first half fills it."""
    loaded = load_scenario(name)
    plan = Plan(warm_up=weeks / 2 * WEEKS, length=weeks / 2 * WEEKS)
    return compile_scenario(with_horizon(loaded.scenario, plan), loaded.folder, loaded.digest)


def test_a_baseline_and_three_what_ifs_are_shipped():
    """The first things a new user opens are there."""
    expected = {"baselines/pt_installation", "whatifs/two_more_sdrs", "whatifs/instant_routing", "whatifs/quoting_tool"}
    assert expected <= set(BUSINESS)


@pytest.mark.slow
@pytest.mark.parametrize("name", BUSINESS)
def test_a_shipped_scenario_runs_and_obeys_all_laws(name):
    """Twenty weeks of each shipped file leave records that break no law, and no infinite KPI."""
    program = first_weeks(name, 20)
    records = simulate(program, 1, 0)
    assert violations(program, records) == []
    kpis = measure(program, records).kpis
    assert kpis["leads"] > 0
    assert not [kpi for kpi, value in kpis.items() if math.isinf(value)]


@pytest.mark.parametrize("name", BUSINESS)
def test_every_number_says_where_it_comes_from(name):
    """Each number has a source and a grade, its own or that of the block around it."""
    loaded = load_scenario(name)
    rows = assumptions(loaded.scenario, loaded.unsourced)
    assert len(rows) > 40
    assert [row.path for row in rows if not row.source or row.grade not in set("ABCD")] == []


@pytest.mark.parametrize("name", BUSINESS)
def test_an_own_assumption_states_how_far_it_may_be_off(name):
    """Each price, share, time and policy that is nobody's but ours carries a range for sensitivity studies."""
    loaded = load_scenario(name)
    rows = [row for row in assumptions(loaded.scenario, loaded.unsourced) if row.grade == "D"]
    sections = ("policies.", "overheads.", "tools.", "cost_of_finance")
    money = ("cost", "licence", "set_up", "probability", "effort", "rate", "coefficient", "availability")
    business = [row for row in rows if row.path.startswith(sections) or row.path.endswith(money)]
    drops = [row for row in business if ".drops[" in row.path]
    assert len(business) > 20
    assert [row.path for row in business if row.range is None and row not in drops] == []


@pytest.mark.parametrize("name", BUSINESS)
def test_every_source_that_is_listed_is_cited(name):
    """The list of sources holds no title that no number refers to."""
    loaded = load_scenario(name)
    text = "\n".join(path.read_text(encoding="utf-8") for path in loaded.files)
    assert [key for key in loaded.scenario.sources if text.count(key) < 2] == []


@pytest.mark.parametrize("name", BUSINESS)
def test_all_steps_teams_and_channels_have_names_for_people(name):
    """What screens and reports show is words, not keys."""
    scenario = load_scenario(name).scenario
    shown = [
        *scenario.teams.values(),
        *scenario.channels.values(),
        *scenario.processes.values(),
        *scenario.tools.values(),
    ]
    steps = [step for process in scenario.processes.values() for step in process.steps.values() if step.kind != "end"]
    assert all(part.label for part in (*shown, *steps))
