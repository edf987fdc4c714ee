"""What a run without a trace keeps."""

import numpy as np
import pytest

from simulator.program.compiler import compile_scenario
from simulator.program.untraced import attributes_read, booked_attributes, steps_read
from simulator.schema.loading import load_scenario
from tests.simulator.engines.toys import toy

STEPS = """
  attributes: {price: {initial: 3}, mood: {}}
  steps:
    think: {kind: decide, outcomes: {wait: {when: mood == 0}, done: {}}}
    wait: {kind: wait, duration: 1 d}
    grow: {kind: set, values: {mood: 1}}
    done: {kind: end, outcome: done}
"""


@pytest.fixture(scope="module")
def firm():
    loaded = load_scenario("baselines/pt_installation")
    return compile_scenario(loaded.scenario, loaded.folder, loaded.digest)


def test_steps_without_time_or_a_mark_are_not_read():
    """Of four steps, the wait alone takes time."""
    assert steps_read(toy(STEPS)).tolist() == [False, True, False, False]


def test_what_kpis_read_of_a_firm(firm):
    """Its segments, how content customers are, and what an order is worth; nothing else of sixty-seven attributes."""
    names = np.array(firm.names.attributes)[attributes_read(firm)].tolist()
    assert {"segment", firm.names.attributes[firm.satisfaction]} < set(names)
    assert {firm.names.attributes[attribute] for _, attribute in booked_attributes(firm)} < set(names)
    assert len(names) < len(firm.names.attributes) / 10


def test_a_program_without_segments_or_orders_keeps_no_attribute():
    """Its columns are left out whole."""
    assert attributes_read(toy(STEPS)).tolist() == [False, False]
    assert booked_attributes(toy(STEPS)) == []
