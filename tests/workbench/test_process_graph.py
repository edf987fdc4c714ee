"""Processes in DOT: every step and every way of every shipped scenario, and labels that mean harm."""

import re

import pytest

from simulator.schema.loading import load_scenario
from simulator.schema.shipped import shipped
from simulator.schema.steps import Decide, End, Work
from workbench.process_map import ENDS, LOOKS, process_map, process_names, team_of

QUOTED = r'"(?:[^"\\]|\\.)*"'
NODE = re.compile(rf"({QUOTED}) \[(.*) label=({QUOTED})\]")
EDGE = re.compile(rf"({QUOTED}) -> ({QUOTED}) \[label=({QUOTED})( style=dashed)?\]")
HOSTILE = [
    'a"]; evil [label="x', "back\\slash", 'end\\"', "line\nbreak", "<b>html</b>", "{record|port}", "}\ndigraph x {",
    "-> lost", "\\N \\G", "ção ț €", "semi;colon // # /* comment */", " ", "w" * 200,
]  # fmt: skip
TEMPLATE = """
caudal: 1
name: Hostile
horizon: {start: 2026-01-05, warm_up: 0 d, length: 1 d, currency: EUR}
channels: {web: {process: main, rate: 1 /d}}
teams: {sales_team: {head_count: 1}, named: {label: The Named, head_count: 1}}
processes:
  main:
    steps:
      first_call: {kind: work, team: sales_team, effort: 1 h, patience: {after: 1 d, to: lost},
        balk: {at: 5, to: lost}, defect: {probability: 10 %, to: pause}}
      pause: {kind: wait, duration: 3 d}
      chance: {kind: wait, duration: {exponential: 3 d}}
      fork:
        kind: decide
        outcomes: {jump: {label: Straight on, probability: 20 %, to: won}, pass: {probability: 5 %}, fall: {to: second}}
      second: {kind: work, team: named, effort: 1 h, next: won}
      won: {kind: end, outcome: won, result: won}
      lost: {kind: end, outcome: gave_up, result: lost}
"""


def unquoted(text):
    """What a quoted string of DOT says."""
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def drawn(dot):
    """Nodes with looks and label, and edges with words and style, as Graphviz would read them."""
    lines = dot.splitlines()
    assert lines[0] == "digraph {"
    assert lines[-1] == "}"
    nodes, edges = {}, []
    for line in lines[4:-1]:
        if match := EDGE.fullmatch(line):
            start, to, words, dashed = match.groups()
            edges.append((unquoted(start), unquoted(to), unquoted(words).replace("\\n", " "), bool(dashed)))
        else:
            match = NODE.fullmatch(line)
            assert match, line
            nodes[unquoted(match[1])] = (match[2], unquoted(match[3]))
    return nodes, edges


def expected_ways(process):
    """The ways out of each step, from the scenario itself."""
    names = list(process.steps)
    ways = set()
    for place, (key, step) in enumerate(process.steps.items()):
        following = step.next or (names[place + 1] if place + 1 < len(names) else "")
        if isinstance(step, Decide):
            ways |= {(key, outcome.to or following) for outcome in step.outcomes.values()}
        elif not isinstance(step, End):
            ways.add((key, following))
        if isinstance(step, Work):
            ways |= {(key, each.to) for each in (step.patience, step.balk) if each is not None}
            ways |= {(key, step.defect.to or key)} if step.defect is not None else set()
    return ways


@pytest.fixture
def scenario(tmp_path):
    """A scenario with every way out of a step."""
    path = tmp_path / "hostile.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    return load_scenario(path).scenario


@pytest.mark.parametrize("name", shipped())
def test_every_step_and_route_of_what_ships_is_drawn(name):
    """One box a step, one line a way, both ends of each line are boxes, and nothing else."""
    scenario = load_scenario(name).scenario
    for key, process in scenario.processes.items():
        nodes, edges = drawn(process_map(scenario, key))
        assert list(nodes) == list(process.steps)
        assert {(start, to) for start, to, _, _ in edges} == expected_ways(process)
        assert {to for _, to, _, _ in edges} <= nodes.keys()


@pytest.mark.parametrize("name", shipped())
def test_the_looks_tell_the_kind_of_a_step(name):
    """Ends have the colour of their result, all others that of their kind."""
    scenario = load_scenario(name).scenario
    for key, process in scenario.processes.items():
        nodes, _ = drawn(process_map(scenario, key))
        for step_name, step in process.steps.items():
            looks = nodes[step_name][0]
            assert looks == LOOKS[step.kind] if not isinstance(step, End) else ENDS[step.result] in looks


def test_lines_of_impatience_and_rework_are_dashed(scenario):
    """They are not the way that was planned."""
    _, edges = drawn(process_map(scenario, "main"))
    assert {(start, to, words) for start, to, words, dashed in edges if dashed} == {
        ("first_call", "lost", "nobody came in time"),
        ("first_call", "lost", "queue too long"),
        ("first_call", "pause", "to be done again"),
    }


def test_lines_of_a_decision_bear_outcome_and_chance(scenario):
    """A label where there is one, the chance where it is stated, and the next step where none is named."""
    _, edges = drawn(process_map(scenario, "main"))
    assert [edge for edge in edges if edge[0] == "fork"] == [
        ("fork", "won", "Straight on, 20 %", False),
        ("fork", "second", "Pass, 5 %", False),
        ("fork", "second", "Fall", False),
    ]


def test_boxes_say_team_and_fixed_time(scenario):
    """Work bears its team, a wait its time where it is always the same, an end its outcome."""
    nodes, _ = drawn(process_map(scenario, "main"))
    labels = {key: label.split("\\n") for key, (_, label) in nodes.items()}
    assert labels["first_call"] == ["First call", "Sales team"]
    assert labels["second"] == ["Second", "The Named"]
    assert labels["pause"] == ["Pause", "3 d"]
    assert labels["chance"] == ["Chance"]
    assert labels["lost"] == ["Gave up"]


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_stay_labels(scenario, label):
    """Quotes, brackets and line breaks in labels of steps, outcomes and teams draw nothing of their own."""
    before = drawn(process_map(scenario, "main"))
    process, team = scenario.processes["main"], scenario.teams["sales_team"]
    steps = {key: step.model_copy(update={"label": label}) for key, step in process.steps.items()}
    fork = steps["fork"]
    outcomes = {key: outcome.model_copy(update={"label": label}) for key, outcome in fork.outcomes.items()}
    steps["fork"] = fork.model_copy(update={"outcomes": outcomes})
    changed = scenario.model_copy(
        update={
            "processes": {"main": process.model_copy(update={"steps": steps})},
            "teams": {**scenario.teams, "sales_team": team.model_copy(update={"label": label})},
        }
    )
    nodes, edges = drawn(process_map(changed, "main"))
    assert list(nodes) == list(before[0])
    assert [edge[:2] for edge in edges] == [edge[:2] for edge in before[1]]
    assert [looks for looks, _ in nodes.values()] == [looks for looks, _ in before[0].values()]
    words = label.split()
    assert not words or all(word[:20] in nodes["pause"][1] for word in words)


def test_names_for_people_come_from_labels_or_keys(scenario):
    """Teams and processes alike; a team that is missing is called by its key."""
    assert process_names(scenario) == {"main": "Main"}
    assert [team_of(scenario, key) for key in ("sales_team", "named", "no_such")] == [
        "Sales team", "The Named", "No such",
    ]  # fmt: skip
