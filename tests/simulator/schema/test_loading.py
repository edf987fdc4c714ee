"""From a file or a name to a checked scenario."""

import pytest

from simulator.errors import CaudalError, ScenarioError
from simulator.schema.loading import load_scenario
from simulator.schema.overlay import laid_over
from simulator.schema.paths import Finding
from simulator.schema.shipped import shipped

TEN = {
    "name: Two-step sales": "nmae: Two-step sales",
    "length: 52 wk": "length: 0 d",
    "holidays: PT": "holidays: XX",
    "rate: 2 000 /year": "rate: 2 000",
    "grade: D": "grade: E",
    "cost: 20 EUR/h": "cost: 20 USD/h",
    "team: sales": "team: slaes",
    "median: 20 min": "median: -20 min",
    "probability: 25 %": "probability: 125 %",
    "to: won}": "to: wonn}",
}


def test_all_problems_of_a_file_at_once(problems, minimal):
    """Ten mistakes of every sort, malformed and inconsistent, are ten problems, each at its line."""
    text = minimal
    for old, new in TEN.items():
        assert old in text
        text = text.replace(old, new, 1)
    found = problems(text)
    lines = {text[: text.index(new)].count("\n") + 1 for new in TEN.values()}
    assert {problem.line for problem in found} == lines
    assert len(found) == len(TEN)
    assert found == sorted(found)


def test_the_error_is_one_text_of_all_problems(write, minimal):
    """Each problem is a line: file, line, place, sentence."""
    text = minimal.replace("team: sales", "team: slaes").replace("grade: D", "grade: E")
    with pytest.raises(CaudalError) as caught:
        load_scenario(write("case.yaml", text))
    assert str(caught.value) == (
        "case.yaml:17: channels.web.grade: expected one of A, B, C, D, not 'E'\n"
        "case.yaml:27: processes.sales.steps.call.team: there is no team 'slaes'; did you mean 'sales'?"
    )


def test_a_file_that_is_loaded(write, minimal, tmp_path):
    """The scenario, where it comes from, and its fingerprint."""
    loaded = load_scenario(write("case.yaml", minimal))
    assert loaded.scenario.name == "Two-step sales"
    assert loaded.path.resolve() == tmp_path / "case.yaml"
    assert loaded.files == (loaded.path,)
    assert loaded.folder == loaded.path.parent
    assert len(loaded.digest) == 64


def test_a_path_may_be_given_as_one(write, minimal, tmp_path):
    """Text and path name the same file."""
    write("case.yaml", minimal)
    assert load_scenario(tmp_path / "case.yaml").digest == load_scenario("case.yaml").digest


def test_the_digest_is_of_what_is_said_not_how(write, minimal):
    """Comments, quotes and the name of the file change nothing."""
    digest = load_scenario(write("case.yaml", minimal)).digest
    other = f"# a comment\n{minimal}".replace("currency: EUR", "currency: 'EUR'")
    assert load_scenario(write("other.yaml", other)).digest == digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("head_count: 2", "head_count: 3"),
        ("median: 20 min", "median: 21 min"),
        ("name: Two-step sales", "name: Other"),
        (
            "      won: {kind: end, outcome: won, result: won}\n      lost: {kind: end, outcome: lost, result: lost}",
            "      lost: {kind: end, outcome: lost, result: lost}\n      won: {kind: end, outcome: won, result: won}",
        ),
    ],
)
def test_the_digest_changes_with_what_is_said(write, minimal, edited, old, new):
    """A number, a name, the order of steps."""
    digest = load_scenario(write("case.yaml", minimal)).digest
    assert load_scenario(write("case.yaml", edited(old, new))).digest != digest


def test_the_digest_covers_the_trace(write, edited):
    """Other arrivals are another scenario; the same ones in another folder are not."""
    text = edited("rate: 2 000 /year", "trace: {file: a.csv, column: start}")
    write("one/a.csv", "start\n2026-01-05\n")
    write("two/a.csv", "start\n2026-01-05\n")
    write("three/a.csv", "start\n2026-01-06\n")
    one, two, three = (load_scenario(write(f"{n}/case.yaml", text)).digest for n in ("one", "two", "three"))
    assert one == two != three
    write("ifs/over.yaml", "name: Two-step sales\nbased_on: ../one/case.yaml\n")
    assert load_scenario("ifs/over.yaml").digest == one


def test_a_based_scenario_has_the_digest_of_the_merged_one(write, minimal, edited):
    """Written in one file or in two, it is the same scenario."""
    write("base.yaml", minimal)
    whole = write("whole.yaml", edited("head_count: 2", "head_count: 4"))
    over = write("over.yaml", "name: Two-step sales\nbased_on: base.yaml\nteams: {sales: {head_count: 4}}\n")
    assert load_scenario(over).digest == load_scenario(whole).digest


def test_every_shipped_scenario_is_valid():
    """What comes with the product has no problem."""
    names = shipped()
    assert names
    for name, path in names.items():
        loaded = load_scenario(name)
        assert loaded.path == path


def test_problems_of_a_shipped_scenario_name_no_machine(tmp_path, monkeypatch):
    """A shipped file is shown below scenarios/, wherever it is installed."""
    name = next(iter(shipped()))
    monkeypatch.setattr("simulator.schema.loading.check", lambda *_: [Finding(("horizon", "length"), "told")])
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)
    (problem,) = caught.value.problems
    assert problem.file == f"scenarios/{name}.yaml"
    assert problem.line > 0


@pytest.mark.parametrize("name", ["theory/m_m_1", "m_m_1"])
def test_a_shipped_scenario_by_its_name(name):
    """The whole name, or its last part where that is unique."""
    assert load_scenario(name).path == shipped()["theory/m_m_1"]


def test_a_file_goes_before_a_shipped_name(write, minimal):
    """A path that exists is meant as a path."""
    assert load_scenario(write("m_m_1", minimal)).scenario.name == "Two-step sales"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("canten", "there is neither a file nor a shipped scenario of this name; did you mean 'canteen'?"),
        ("theory/canten", "did you mean 'theory/canteen'?"),
        ("qqqqqq", "there is neither a file nor a shipped scenario of this name; 'caudal scenarios' lists"),
        (".", "this is a folder: name a scenario file"),
        ("", "there is neither a file nor a shipped scenario"),
    ],
)
def test_a_name_that_is_nothing(write, name, words):
    """The nearest shipped name is proposed."""
    write("other.yaml")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)
    assert words in str(caught.value)


def test_a_scenario_may_be_based_on_a_shipped_one(write):
    """By its short name too, with problems told at the shipped file's own lines."""
    loaded = load_scenario(write("over.yaml", "name: Mine\nbased_on: m_m_1\n"))
    assert loaded.scenario.name == "Mine"
    assert loaded.files[1] == shipped()["theory/m_m_1"]


def test_scenarios_that_are_compared_share_what_they_are_based_on(write, minimal, monkeypatch):
    """What two files are based on is laid once; where its text changes, it is laid again."""
    laid = []
    monkeypatch.setattr(
        "simulator.schema.loading.laid_over", lambda *each: laid.append(each[1].shown) or laid_over(*each)
    )
    write("case.yaml", minimal + "parts: [part.yaml]\n")
    variant = "caudal: 1\nname: Variant\nbased_on: case.yaml\nteams: {{sales: {{head_count: {}}}}}\n"
    files = [write(f"{count}.yaml", variant.format(count)) for count in (7, 9)]
    for price in ("3 EUR", "4 EUR"):
        write("part.yaml", f"part: Price\npolicies: {{price: {price}}}\n")
        found = [load_scenario(file).scenario for file in files]
        assert [each.teams["sales"].head_count for each in found] == [7, 9]
        assert [each.policies["price"].text for each in found] == [price, price]
        assert [name.rpartition("/")[2] for name in laid] == ["case.yaml", "7.yaml", "9.yaml"]
        laid.clear()
