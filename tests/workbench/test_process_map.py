"""Processes as graphs."""

import shutil
import subprocess

import pytest

from simulator.schema.loading import load_scenario
from simulator.schema.shipped import shipped
from workbench.process_map import process_map, process_names

AWKWARD = """
caudal: 1
name: Awkward
horizon: {start: 2026-01-05, warm_up: 0 d, length: 1 d, currency: EUR}
channels: {web: {process: p, rate: 1 /d}}
teams: {sales: {label: 'Sales "A" \\ B', head_count: 1}}
processes:
  p:
    steps:
      ask: {label: 'A "quoted" \\ label that is much too long for a single line', kind: work, team: sales, effort: 1 h,
        patience: {after: 1 d, to: lost}, defect: {probability: 10 %}}
      choose: {kind: decide, outcomes: {yes_please: {probability: 30 %, to: won}, no_thanks: {to: lost}}}
      won: {kind: end, outcome: won, result: won}
      lost: {kind: end, outcome: lost, result: lost}
"""


@pytest.fixture
def awkward(tmp_path):
    path = tmp_path / "awkward.yaml"
    path.write_text(AWKWARD, encoding="utf-8")
    return load_scenario(path).scenario


def test_every_way_out_of_a_step_is_a_line(awkward):
    """Next steps, outcomes with their chance, patience and rework are all drawn."""
    dot = process_map(awkward, "p")
    lines = [line.partition(" [")[0] for line in dot.splitlines() if " -> " in line]
    assert sorted(lines) == [
        '"ask" -> "ask"', '"ask" -> "choose"', '"ask" -> "lost"', '"choose" -> "lost"', '"choose" -> "won"',
    ]  # fmt: skip
    assert "Yes please, 30 %" in dot.replace("\\n", " ")


def test_words_of_users_stay_inside_their_quotes(awkward):
    """Quotes and backslashes of a label cannot end it."""
    dot = process_map(awkward, "p")
    for line in dot.splitlines():
        unescaped = line.replace("\\\\", "").replace('\\"', "")
        assert unescaped.count('"') % 2 == 0, line
    assert 'A \\"quoted\\" \\\\' in dot


@pytest.mark.parametrize("name", [name for name in shipped() if not name.startswith("theory/")])
def test_shipped_processes_can_be_drawn(name):
    """Each process of each shipped scenario gives a graph; Graphviz, where it is there, accepts it."""
    scenario = load_scenario(name).scenario
    for process in process_names(scenario):
        dot = process_map(scenario, process)
        assert dot.count("->") >= len(scenario.processes[process].steps) - 1
        if shutil.which("dot"):
            subprocess.run(["dot", "-Tsvg"], input=dot.encode(), capture_output=True, check=True)
