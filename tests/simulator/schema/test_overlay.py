"""One file laid over another."""

import pytest

from simulator.errors import ScenarioError
from simulator.schema.loading import load_scenario

HEAD = "name: What if\nbased_on: base.yaml\n"


@pytest.fixture
def over(write, minimal):
    """The scenario of a file that is based on the small one."""
    write("base.yaml", minimal)

    def loaded(text, base=minimal):
        write("base.yaml", base)
        return load_scenario(write("over.yaml", HEAD + text)).scenario

    return loaded


@pytest.fixture
def refused(over):
    """What a file that is based on the small one is refused for."""

    def problems(text, **base):
        with pytest.raises(ScenarioError) as caught:
            over(text, **base)
        return list(caught.value.problems)

    return problems


def test_a_file_states_only_what_it_changes(over, minimal, write):
    """Everything else is that of the base."""
    base = load_scenario(write("base.yaml", minimal)).scenario
    changed = over("teams: {sales: {head_count: 4}}\n")
    assert changed.teams["sales"].head_count == 4
    assert changed.teams["sales"].cost == base.teams["sales"].cost
    assert changed.model_copy(update={"name": base.name, "based_on": None, "teams": base.teams}) == base


def test_nothing_changed_is_the_base_under_another_name(over, minimal, write):
    """An empty change is a valid one."""
    base = load_scenario(write("base.yaml", minimal)).scenario
    assert over("").processes == base.processes


def test_the_description_is_not_inherited(over, minimal):
    """What is said about the base is not said about the change."""
    assert over("", base=minimal.replace("caudal: 1\n", "caudal: 1\ndescription: As it is\n")).description == ""


def test_a_change_needs_a_name_of_its_own(write, minimal):
    """Two scenarios of one name could not be told apart in a comparison."""
    write("base.yaml", minimal)
    with pytest.raises(ScenarioError, match=r"over.yaml:1: name: 'name' is missing here"):
        load_scenario(write("over.yaml", "based_on: base.yaml\n"))


def test_maps_merge_down_to_fields(over):
    """A field of an outcome of a step of a process is changed alone."""
    steps = (
        over("processes: {sales: {steps: {decision: {outcomes: {win: {probability: 40 %}}}}}}\n")
        .processes["sales"]
        .steps
    )
    assert steps["decision"].outcomes["win"].probability.fixed == pytest.approx(0.4)
    assert steps["decision"].outcomes["win"].to == "won"
    assert list(steps["decision"].outcomes) == ["win", "lose"]
    assert list(steps) == ["call", "decision", "won", "lost"]


def test_a_distribution_is_replaced_whole(over):
    """Parameters of the old one do not linger."""
    effort = over("processes: {sales: {steps: {call: {effort: {exponential: 10 min}}}}}\n")
    assert effort.processes["sales"].steps["call"].effort.form == "exponential"
    assert effort.processes["sales"].steps["call"].effort.parameters == {"mean": pytest.approx(1 / 6)}


def test_numbers_by_name_merge(over, minimal):
    """Policies and brought attributes are entries of their own."""
    base = minimal.replace("teams:\n", "policies: {a: 1, b: 2}\nteams:\n")
    policies = over("policies: {b: 3, c: 4}\n", base=base).policies
    assert {name: value.fixed for name, value in policies.items()} == {"a": 1, "b": 3, "c": 4}


def test_curves_profiles_and_lists_are_replaced_whole(over, minimal):
    """Half an old curve and half a new one would be neither."""
    effects = "effects: {x: {reads: age, points: {1: 10 %, 2: 20 %}}}\n"
    base = minimal.replace("teams:\n", f"{effects}teams:\n").replace(
        "    rate: 2 000 /year\n",
        "    rate: 2 000 /year\n    drops: [{date: 2026-02-01, leads: 1}]\n"
        "    profile: {hours: {8-12: 1}, weekdays: {Mon: 1}}\n",
    )
    changed = over(
        "effects: {x: {points: {3: 30 %, 4: 40 %}}}\n"
        "channels: {web: {drops: [{date: 2026-03-01, leads: 2}], profile: {hours: {9-17: 1}}}}\n",
        base=base,
    )
    assert list(changed.effects["x"].points) == ["3", "4"]
    assert [drop.leads for drop in changed.channels["web"].drops] == [2]
    assert changed.channels["web"].profile.hours == {"9-17": 1}
    assert changed.channels["web"].profile.weekdays == {"Mon": 1}


def test_null_removes(over):
    """A field goes back to its default, an entry disappears."""
    changed = over(
        "teams: {sales: {cost: null}, }\nprocesses: {sales: {steps: {decision: {outcomes: {win: null}}, won: null}}}\n"
    )
    assert changed.teams["sales"].cost is None
    assert list(changed.processes["sales"].steps["decision"].outcomes) == ["lose"]
    assert list(changed.processes["sales"].steps) == ["call", "decision", "lost"]


def test_removing_what_is_not_there(refused):
    """A slip in the name would otherwise change nothing, in silence."""
    (problem,) = refused("teams:\n  salse: null\n")
    assert str(problem) == "over.yaml:4: teams.salse: there is no 'salse' to remove; did you mean 'sales'?"


def test_removing_what_is_needed(refused):
    """The merged scenario is checked like any other."""
    (problem,) = refused("processes:\n  sales:\n    steps:\n      won: null\n")
    assert (problem.file, problem.line, problem.path) == (
        "base.yaml", 32, "processes.sales.steps.decision.outcomes.win.to"
    )  # fmt: skip
    (problem,) = refused("horizon:\n  length: null\n")
    assert str(problem) == "over.yaml:4: horizon.length: 'length' is missing here"


def test_a_new_step_says_where_it_goes(over):
    """It is put behind the step that it names."""
    steps = (
        over("processes: {sales: {steps: {mail: {kind: wait, duration: 2 d, after: call}}}}\n").processes["sales"].steps
    )
    assert list(steps) == ["call", "mail", "decision", "won", "lost"]


def test_several_new_steps_keep_their_order(over):
    """Behind the same step, or behind each other."""
    steps = over(
        "processes:\n  sales:\n    steps:\n"
        "      one: {kind: wait, duration: 1 d, after: call}\n"
        "      two: {kind: wait, duration: 2 d, after: call}\n"
        "      half: {kind: wait, duration: 1 d, after: one}\n"
    )
    assert list(steps.processes["sales"].steps) == ["call", "one", "half", "two", "decision", "won", "lost"]


def test_a_run_of_new_steps_need_not_repeat_where_it_goes(over):
    """A new step without 'after' follows the one before it in the same file, and the run stays together."""
    steps = over(
        "processes:\n  sales:\n    steps:\n"
        "      one: {kind: wait, duration: 1 d, after: call}\n      two: {kind: wait, duration: 1 d}\n"
        "      three: {kind: wait, duration: 1 d, after: call}\n      call: {effort: 5 min}\n"
        "      zero: {kind: wait, duration: 1 d}\n"
    )
    expected = ["call", "one", "two", "three", "zero", "decision", "won", "lost"]
    assert list(steps.processes["sales"].steps) == expected


def test_a_step_can_be_moved(over):
    """An existing step that says 'after' goes there."""
    steps = over("processes: {sales: {steps: {won: {after: lost}}}}\n").processes["sales"].steps
    assert list(steps) == ["call", "decision", "lost", "won"]


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ("", "'mail' is new here: say 'after:' and the step that it is put behind"),
        (", after: cal", "'mail' cannot be put after 'cal': there is no such step before it; did you mean 'call'?"),
        (", after: mail", "'mail' cannot be put after 'mail'"),
        (", after: 3", "'mail' cannot be put after '3'"),
    ],
)
def test_a_new_step_without_a_place(refused, after, words):
    """Where it goes must be said, and must be there."""
    found = refused(f"processes:\n  sales:\n    steps:\n      mail: {{kind: wait, duration: 2 d{after}}}\n")
    assert words in found[0].message
    assert (found[0].file, found[0].line) == ("over.yaml", 6)


def test_a_new_process_keeps_its_own_order(over):
    """Only steps that are added to steps say where they go."""
    changed = over(
        "processes:\n  bill:\n    steps:\n      post: {kind: post, account: invoiced, amount: 1 EUR}\n"
        "      end: {kind: end, outcome: x}\n"
        "  sales:\n    steps:\n      start: {kind: spawn, process: bill, after: call}\n"
    )
    assert list(changed.processes["bill"].steps) == ["post", "end"]


def test_another_kind_replaces_a_step_whole(over):
    """Nothing of the old kind is left, and the step keeps its place."""
    steps = over("processes: {sales: {steps: {call: {kind: wait, duration: 2 d}}}}\n").processes["sales"].steps
    assert steps["call"].kind == "wait"
    assert list(steps) == ["call", "decision", "won", "lost"]


def test_the_same_kind_merges(over):
    """Saying the kind again changes nothing."""
    steps = over("processes: {sales: {steps: {call: {kind: work, ownership: take}}}}\n").processes["sales"].steps
    assert (steps["call"].team, steps["call"].ownership) == ("sales", "take")


def test_blocks_inside_a_step_merge(over, minimal):
    """Patience keeps its time when only the way out changes."""
    base = minimal.replace("        team: sales\n", "        team: sales\n        patience: {after: 2 d, to: lost}\n")
    step = (
        over("processes: {sales: {steps: {call: {patience: {to: decision}}}}}\n", base=base)
        .processes["sales"]
        .steps["call"]
    )
    assert (step.patience.after.fixed, step.patience.to) == (48, "decision")


def test_problems_point_to_the_file_that_said_it(refused, edited):
    """A wrong number of the change is in the change, one of the base is in the base."""
    (problem,) = refused("teams:\n  sales:\n    head_count: many\n")
    assert (problem.file, problem.line, problem.path) == ("over.yaml", 5, "teams.sales.head_count")
    base = edited("head_count: 2", "head_count: many")
    (problem,) = refused("tools: {}\n", base=base)
    assert (problem.file, problem.line) == ("base.yaml", base[: base.index("many")].count("\n") + 1)


def test_unknown_keys_of_a_change_are_told(refused):
    """The merged scenario knows no other keys than any scenario."""
    (problem,) = refused("teams:\n  sales:\n    head_cuont: 4\n")
    assert (
        str(problem) == "over.yaml:5: teams.sales.head_cuont: there is no 'head_cuont' here; did you mean 'head_count'?"
    )


def test_a_value_in_place_of_a_block(refused):
    """It replaces the block, and is refused for what it is."""
    (problem,) = refused("teams: 5\n")
    assert (problem.file, problem.line, problem.path) == ("over.yaml", 3, "teams")


def test_a_chain_of_files(write, minimal):
    """Each file changes what the one below says; paths are relative to the file that states them."""
    write("deep/down/base.yaml", minimal)
    write(
        "deep/middle.yaml", "name: Middle\nbased_on: down/base.yaml\nteams: {sales: {head_count: 3, cost: 30 EUR/h}}\n"
    )
    loaded = load_scenario(
        write("top.yaml", "name: Top\nbased_on: deep/middle.yaml\nteams: {sales: {head_count: 5}}\n")
    )
    team = loaded.scenario.teams["sales"]
    assert (loaded.scenario.name, team.head_count, team.cost.fixed) == ("Top", 5, 30)
    assert [path.name for path in loaded.files] == ["top.yaml", "middle.yaml", "base.yaml"]


def test_a_circle_of_files(write):
    """A scenario that is based on itself, through others or directly."""
    write("a.yaml", "name: A\nbased_on: b.yaml\n")
    write("b.yaml", "name: B\nbased_on: a.yaml\n")
    with pytest.raises(ScenarioError, match=r"^b.yaml:2: based_on: 'a.yaml' is based on this file again"):
        load_scenario("a.yaml")
    with pytest.raises(ScenarioError, match=r"^c.yaml:1: based_on: './c.yaml' is based on this file again"):
        load_scenario(write("c.yaml", "based_on: ./c.yaml\n"))


@pytest.mark.parametrize(
    ("base", "words"),
    [
        ("basee.yaml", "there is neither a file 'basee.yaml' beside this one nor a shipped scenario"),
        ("''", "expected the name of a shipped scenario"),
        ("[a, b]", "expected the name of a shipped scenario"),
        ("5", "expected the name of a shipped scenario"),
        ('"a\\0b"', "there is neither a file"),
    ],
)
def test_a_base_that_is_not_there(write, minimal, base, words):
    """Told where it is named."""
    write("base.yaml", minimal)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write("over.yaml", f"name: X\nbased_on: {base}\n"))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("over.yaml", 2)
    assert words in problem.message


def test_a_broken_base_is_told_by_its_own_name(write):
    """The file that cannot be read is the base."""
    write("sub/base.yaml", "a: [\n")
    with pytest.raises(ScenarioError, match=r"^sub/base.yaml:2: this is not YAML"):
        load_scenario(write("over.yaml", "name: X\nbased_on: sub/base.yaml\n"))


def test_a_trace_is_found_beside_the_file_that_names_it(write, minimal):
    """A change in another folder replays the same file as its base."""
    write("base/arrivals.csv", "start\n2026-01-05\n")
    write("base/base.yaml", minimal.replace("rate: 2 000 /year", "trace: {file: arrivals.csv, column: start}"))
    loaded = load_scenario(write("ifs/over.yaml", "name: X\nbased_on: ../base/base.yaml\n"))
    assert (loaded.folder / loaded.scenario.channels["web"].trace.file).read_text().startswith("start")


def test_what_a_change_states_without_source_is_remembered(write, minimal):
    """The source of the base is not the source of a number that replaces the base's."""
    write("base.yaml", minimal)
    changed = (
        "channels: {web: {rate: 3 000 /year}}\n"
        "teams: {sales: {source: our plan, head_count: 4, cost: 30 EUR/h}}\n"
        "processes: {sales: {steps: {call: {effort: {value: 5 min, grade: B}}}}}\n"
    )
    unsourced = load_scenario(write("over.yaml", HEAD + changed)).unsourced
    assert unsourced["channels", "web", "rate"] == "What if"
    assert ("teams", "sales", "head_count") not in unsourced
    assert ("processes", "sales", "steps", "call", "effort") not in unsourced
    assert load_scenario("base.yaml").unsourced == {}
