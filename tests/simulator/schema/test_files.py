"""The files that a scenario is made of."""

from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.schema.loading import load_scenario, load_with
from simulator.schema.shipped import shipped_parts


@pytest.fixture
def split(write, minimal):
    """The small scenario in two parts, its process begun by one and ended by the other."""
    head, steps = minimal.split("    steps:\n")
    first, last = steps.split("      won:")
    process = "processes:\n  sales:\n    steps:\n"
    write("parts/begin.yaml", f"part: Begin\n{process}{first}")
    write("parts/end.yaml", f"part: End\nparts: [begin.yaml]\n{process}      won:{last}")
    write("whole.yaml", minimal)
    rest = head.replace("processes:\n  sales:\n", "")
    return lambda parts: write("case.yaml", rest.replace("caudal: 1\n", f"caudal: 1\nparts: {parts}\n"))


@pytest.fixture
def refused():
    """What a file is refused for: one problem, as text."""

    def told(name):
        with pytest.raises(ScenarioError) as caught:
            load_scenario(name)
        (problem,) = caught.value.problems
        return str(problem)

    return told


@pytest.mark.parametrize(
    "parts",
    ["[parts/begin.yaml, parts/end.yaml]", "[parts/end.yaml]", "[parts/end.yaml, parts/begin.yaml, parts/end.yaml]"],
)
def test_in_parts_it_is_the_same_scenario(split, parts):
    """Written in one file or in parts that name parts, each of which counts once, the fingerprint is the same."""
    assert load_scenario(split(parts)).digest == load_scenario("whole.yaml").digest


def test_the_files_are_told_the_lowest_last(split):
    """A part stands below what names it."""
    files = load_scenario(split("[parts/end.yaml]")).files
    assert [path.name for path in files] == ["case.yaml", "end.yaml", "begin.yaml"]


def test_later_parts_and_the_file_itself_win(write, minimal):
    """What is based on comes first, then the parts from left to right, then the file's own statements."""
    write("base.yaml", minimal.replace("teams:\n", "policies: {a: 1, b: 1, c: 1, d: 1}\nteams:\n"))
    write("one.yaml", "part: One\npolicies: {b: 2, c: 2, d: 2}\n")
    write("two.yaml", "part: Two\npolicies: {c: 3, d: 3}\n")
    text = "name: Top\nbased_on: base.yaml\nparts: [one.yaml, two.yaml]\npolicies: {d: 4}\n"
    policies = load_scenario(write("top.yaml", text)).scenario.policies
    assert {name: value.fixed for name, value in policies.items()} == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_a_change_does_not_lay_a_part_of_its_base_again(write, minimal):
    """A part that the base has counts below the base, so that what the base says of it still holds."""
    write("low.yaml", "part: Low\npolicies: {a: 1}\n")
    base = minimal.replace("caudal: 1\n", "caudal: 1\nparts: [low.yaml]\n")
    write("base.yaml", base.replace("teams:\n", "policies: {a: 5}\nteams:\n"))
    over = load_scenario(write("over.yaml", "name: Over\nbased_on: base.yaml\nparts: [low.yaml]\n"))
    assert over.scenario.policies["a"].fixed == 5


def test_of_a_scenario_among_the_parts_only_what_it_changes_counts(write, minimal):
    """Its own parts and statements are laid, in their order, over another base than its own; its name is not taken."""
    write("base.yaml", minimal.replace("teams:\n", "policies: {a: 1, b: 1, c: 1}\nteams:\n"))
    write("other.yaml", minimal.replace("teams:\n", "policies: {a: 5, b: 5, c: 5, d: 5}\nteams:\n"))
    write("low.yaml", "part: Low\npolicies: {b: 2, e: 2}\n")
    write("one.yaml", "name: One\nbased_on: base.yaml\nparts: [low.yaml]\npolicies: {b: 3}\n")
    write("two.yaml", "name: Two\nbased_on: base.yaml\nparts: [low.yaml]\npolicies: {c: 4}\n")
    both = load_scenario(write("both.yaml", "name: Both\nbased_on: other.yaml\nparts: [one.yaml, two.yaml]\n"))
    values = {name: value.fixed for name, value in both.scenario.policies.items()}
    assert values == {"a": 5, "b": 3, "c": 4, "d": 5, "e": 2}
    assert both.scenario.name == "Both"
    assert [path.name for path in both.files] == ["both.yaml", "two.yaml", "one.yaml", "low.yaml", "other.yaml"]


def test_parts_laid_over_a_loaded_scenario_are_those_that_a_file_would_lay(write, minimal):
    """The same digest as from a file; a part that the base has, and the path of its trace, stay as they are."""
    Path("data").mkdir()
    Path("data/times.csv").write_text("time\n2024-01-03T09:00:00\n", encoding="utf-8")
    trace = "channels: {replayed: {process: sales, trace: {file: data/times.csv, column: time}}}\n"
    write("low.yaml", "part: Low\npolicies: {a: 1, b: 1}\n")
    write("base.yaml", minimal)
    write("mine.yaml", f"name: Mine\nbased_on: base.yaml\nparts: [low.yaml]\npolicies: {{b: 2}}\n{trace}")
    write("one.yaml", "name: One\nbased_on: base.yaml\nparts: [low.yaml]\npolicies: {c: 3}\n")
    base = load_scenario("mine.yaml")
    both = load_with(base, ["one.yaml"])
    same = load_scenario(write("same.yaml", f"name: {both.scenario.name}\nbased_on: mine.yaml\nparts: [one.yaml]\n"))
    assert both.digest == same.digest
    assert both.scenario.name == "Mine + one.yaml"
    assert [path.name for path in both.files] == ["one.yaml", "mine.yaml", "low.yaml", "base.yaml"]
    assert {name: value.fixed for name, value in both.scenario.policies.items()} == {"a": 1, "b": 2, "c": 3}
    with pytest.raises(ScenarioError, match="nor a shipped part"):
        load_with(base, ["two.yaml"])


def test_what_a_challenge_shows_and_what_helps_are_its_own(write, minimal):
    """A scenario based on it has neither, and they change no digest."""
    write("base.yaml", minimal)
    said = "name: Low\nbased_on: base.yaml\n"
    extra = "symptoms: {dso: higher}\nhelped_by: [tools/crm_small]\n"
    plain = load_scenario(write("plain.yaml", said))
    ill = load_scenario(write("ill.yaml", said + extra))
    above = load_scenario(write("above.yaml", "name: Above\nbased_on: ill.yaml\n"))
    assert (ill.scenario.symptoms, ill.scenario.helped_by) == ({"dso": "higher"}, ("tools/crm_small",))
    assert (above.scenario.symptoms, above.scenario.helped_by) == ({}, ())
    assert plain.digest == ill.digest


def test_new_steps_of_a_part_follow_each_other_at_the_end(write, minimal):
    """Behind the last step of the process, then one behind the other; 'after' begins a run elsewhere."""
    steps = (
        "      late: {kind: wait, duration: 1 d, next: won}\n      later: {kind: wait, duration: 1 d, next: lost}\n"
        "      soon: {kind: wait, duration: 1 d, after: call}\n      next_one: {kind: wait, duration: 1 d}\n"
    )
    write("base.yaml", minimal)
    write("more.yaml", f"part: More\nprocesses:\n  sales:\n    steps:\n{steps}")
    with pytest.raises(ScenarioError, match="no case ever comes to 'late'"):
        load_scenario(write("over.yaml", "name: Over\nbased_on: base.yaml\nparts: [more.yaml]\n"))
    lose = "processes: {sales: {steps: {decision: {outcomes: {lose: {to: late}}}, late: {next: later}}}}\n"
    text = f"name: Over\nbased_on: base.yaml\nparts: [more.yaml]\n{lose}"
    order = list(load_scenario(write("over.yaml", text)).scenario.processes["sales"].steps)
    assert order == ["call", "soon", "next_one", "decision", "won", "lost", "late", "later"]


def test_problems_of_a_part_are_told_at_its_own_lines(split, refused, write):
    """File, line and field, as in any file."""
    name = split("[parts/end.yaml]")
    text = Path("parts/begin.yaml").read_text(encoding="utf-8").replace("team: sales", "team: slaes")
    write("parts/begin.yaml", text)
    line = text[: text.index("slaes")].count("\n") + 1
    assert refused(name) == (
        f"parts/begin.yaml:{line}: processes.sales.steps.call.team: there is no team 'slaes'; did you mean 'sales'?"
    )


def test_a_number_that_a_part_changes_without_source_is_remembered(write, minimal):
    """With the name of the part that changed it."""
    write("cheap.yaml", "part: Cheap\nteams: {sales: {cost: 1 EUR/h}}\n")
    write("top.yaml", "name: Top\nbased_on: base.yaml\nparts: [cheap.yaml]\n")
    write("base.yaml", minimal)
    assert load_scenario("top.yaml").unsourced["teams", "sales", "cost"] == "Cheap"


def test_a_part_is_no_scenario(refused, write):
    """By its shipped name, the end of it, or its path: one sentence says how it is used."""
    for name in ("library/selling", "selling"):
        assert refused(name).startswith("scenarios/library/selling.yaml:")
        assert "this is a part, of which scenarios are made" in refused(name)
    assert "name it under 'parts'" in refused(write("mine.yaml", "part: Mine\n"))


def test_a_shipped_part_by_its_name(write):
    """The whole name, or its last part."""
    text = "name: Top\nbased_on: m_m_1\nparts: [library/vocabulary, invoicing]\n"
    with pytest.raises(ScenarioError, match="there is no team 'finance'"):
        load_scenario(write("top.yaml", text))
    files = load_scenario(write("top.yaml", "name: Top\nbased_on: m_m_1\nparts: [vocabulary]\n")).files
    assert files[1] == shipped_parts()["library/vocabulary"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("parts: library/selling", "top.yaml:3: parts: expected a list of names of shipped parts"),
        ("parts: [5]", "top.yaml:3: parts[0]: expected a list of names of shipped parts"),
        ("parts: ['']", "top.yaml:3: parts[0]: expected a list of names of shipped parts"),
        ("parts: [one.yaml, library/seling]", "parts[1]: there is neither a file 'library/seling' beside this one nor"),
        ("parts: [library/seling]", "nor a shipped part of this name; did you mean 'library/selling'?"),
        ("parts: [whole.yaml]", "top.yaml:3: parts[0]: 'whole.yaml' is a scenario that stands alone and no part: say"),
        ("parts: [m_m_1]", "'m_m_1' is a scenario that stands alone and no part"),
        ("parts: [top.yaml]", "top.yaml:3: parts[0]: 'top.yaml' leads to this file again: a file cannot be a part of"),
        ("parts: [circle.yaml]", "other.yaml:2: parts[0]: 'circle.yaml' leads to this file again"),
        ("parts: [named.yaml]", "named.yaml:2: name: a part has no 'name': its name stands behind 'part'"),
        ("parts: [based.yaml]", "based.yaml:2: based_on: a part has no 'based_on'"),
        ("parts: [nameless.yaml]", "nameless.yaml:1: part: expected the name of this part for people"),
    ],
)  # fmt: skip
def test_a_part_that_cannot_be_one(write, minimal, refused, said, words):
    """Told where it is named, or where the part itself is wrong."""
    write("whole.yaml", minimal)
    write("one.yaml", "part: One\n")
    write("circle.yaml", "part: Circle\nparts: [other.yaml]\n")
    write("other.yaml", "part: Other\nparts: [circle.yaml]\n")
    write("named.yaml", "part: Named\nname: Named\n")
    write("based.yaml", "part: Based\nbased_on: whole.yaml\n")
    write("nameless.yaml", "part: ''\n")
    assert words in refused(write("top.yaml", f"name: Top\nbased_on: whole.yaml\n{said}\n"))


def test_a_scenario_is_not_based_on_a_part(write, refused):
    """The sentence says where parts are named."""
    words = "over.yaml:2: based_on: 'library/selling' is a part and no scenario: name it under 'parts'"
    assert refused(write("over.yaml", "name: Over\nbased_on: library/selling\n")) == words


def test_two_parts_cannot_give_the_same_step(split, refused, write):
    """The one that would silently go is named with its place, and so is the other."""
    name = split("[parts/end.yaml, other.yaml]")
    write("other.yaml", "part: Other\nprocesses:\n  sales:\n    steps:\n      call: {kind: wait, duration: 1 d}\n")
    text = Path("parts/begin.yaml").read_text(encoding="utf-8")
    line = text[: text.index("call:")].count("\n") + 1
    found = refused(name)
    assert found.startswith("other.yaml:5: processes.sales.steps.call: there is a step 'call' already, in ")
    assert f"parts/begin.yaml:{line}: leave one of the two files out, or rename one of the steps" in found


def test_a_part_may_change_a_step_and_a_scenario_may_replace_it(split, write):
    """A part that does not say the kind changes the step; the scenario above the parts has the last word."""
    change = "processes: {{sales: {{steps: {{call: {}}}}}}}\n"
    write("slower.yaml", "part: Slower\n" + change.format("{effort: 50 min}"))
    name = split("[parts/end.yaml, slower.yaml]")
    assert load_scenario(name).scenario.processes["sales"].steps["call"].effort.fixed == pytest.approx(50 / 60)
    write("top.yaml", f"name: Top\nbased_on: {name}\n" + change.format("{kind: wait, duration: 1 d}"))
    assert load_scenario("top.yaml").scenario.processes["sales"].steps["call"].kind == "wait"
