"""Nothing is declared that never happens: every step of every baseline, and every policy, does something."""

import re

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.measures import measure
from simulator.schema.loading import load_scenario
from simulator.schema.shipped import shipped

BASELINES = sorted(name for name in shipped() if name.startswith("baselines/"))
REPLICATIONS = 12
TOO_RARE = {
    # The run is shorter than the three years after which a household is on no list any more.
    "baselines/b2c_home_improvement": {
        "aftercare.off_the_list",
        # One household in a thousand is so late with its deposit that it is given up: once in a dozen years.
        "lead.cancelled",
        "lead.called_off",
    }
}
"""Steps that need not happen within a dozen replications, and why."""


@pytest.mark.slow
@pytest.mark.parametrize("name", BASELINES)
def test_every_step_of_a_baseline_happens(name):
    """In a dozen replications some case comes to each step of each process, apart from those listed with a reason."""
    program = compiled(load_scenario(name), Plan(replications=REPLICATIONS))
    visits = np.zeros(len(program.names.steps), dtype=np.int64)
    for replication in range(REPLICATIONS):
        visits += np.bincount(simulate(program, 1, replication).visits.step, minlength=visits.size)
    never = {step for step, number in zip(program.names.steps, visits, strict=True) if number == 0}
    assert never - TOO_RARE.get(name, set()) == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", BASELINES)
def test_each_lead_that_ends_is_counted_under_one_ending(name):
    """The shares of all endings make one, ends of one name with different results included."""
    kpis = measure(program := compiled(load_scenario(name), Plan(replications=1)), simulate(program, 1, 0)).kpis
    assert sum(value for kpi, value in kpis.items() if kpi.startswith("ended_")) == pytest.approx(1)


@pytest.mark.parametrize("name", TOO_RARE)
def test_the_exceptions_are_steps_of_the_firm(name):
    """No step stands in the list that the firm has no longer."""
    assert set(compiled(load_scenario(name), Plan(replications=1)).names.steps) >= TOO_RARE[name]


@pytest.mark.parametrize("name", BASELINES)
def test_every_policy_of_a_baseline_is_read(name):
    """Each policy stands in a formula of the firm, in an effect, or in another policy."""
    scenario = load_scenario(name).scenario
    text = re.findall(r"\w+", scenario.model_dump_json(exclude={"policies": {"__all__": {"source", "note", "label"}}}))
    used = {word: text.count(word) for word in scenario.policies}
    assert [policy for policy, number in used.items() if number < 2] == []
