"""Open cases are read from rows and from a CSV file, and what is wrong with them is told with its line."""

import gzip

import pytest

from simulator.errors import ScenarioError
from simulator.schema.loading import load_scenario
from simulator.schema.open_cases import open_cases

HEADER = "id,process,step,age,spent,owners,posted.invoiced,size\n"
GOOD = "L-1,sales,call,12 d,3 h,desk.ann;floor.bob 2,1 250 EUR,mid\nL-2,sales,rest,2 h,,,,\n"
SCENARIO = """
caudal: 1
name: Office
horizon: {start: 2026-01-05, warm_up: 0 d, length: 30 d, currency: EUR}
attributes: {size: {levels: [small, mid]}, deal: {}}
channels: {web: {process: sales, rate: 10 /d}}
teams:
  desk: {members: {ann: {}}}
  floor: {members: {bob: {head_count: 2}}}
processes:
  sales:
    steps:
      call: {kind: work, team: desk, effort: 1 h}
      greet: {kind: work, team: floor, effort: 1 h}
      rest: {kind: wait, duration: 1 d}
      over: {kind: end, outcome: done}
"""


@pytest.fixture
def loaded(write):
    """The scenario with some lines in its file of open cases, and rows of its own."""

    def load(lines, rows="", file="open.csv"):
        write(file, lines)
        text = f"{SCENARIO}pipeline:\n  file: {file}\n{rows}"
        return load_scenario(write("office.yaml", text))

    return load


@pytest.fixture
def refused(loaded):
    """The problems of such a scenario."""

    def told(lines, rows="", file="open.csv"):
        with pytest.raises(ScenarioError) as error:
            loaded(lines, rows, file)
        return error.value.problems

    return told


def test_cells_become_cases(loaded):
    """Times, owners, money and levels of a line; what is not filled in is not stated."""
    read = loaded(HEADER + GOOD)
    first, second = open_cases(read.scenario, read.folder).values()
    assert (first.age, first.spent, first.owners) == (288.0, 3.0, ("desk.ann", "floor.bob 2"))
    assert (first.values, first.posted) == ({"size": "mid"}, {"invoiced": 1250.0})
    assert (second.age, second.values, second.posted, second.joined) == (2.0, {}, {}, None)


@pytest.mark.parametrize(("cell", "visits"), [("3", {"": 3}), ("call 2; rest 1", {"call": 2, "rest": 1}), ("", {})])
def test_visits_of_one_step_or_of_several(loaded, cell, visits):
    """A number is of the step at which the case stands."""
    read = loaded(f"id,process,step,age,visits\nL-1,sales,call,1 d,{cell}\n")
    assert open_cases(read.scenario, read.folder)["L-1"].visits == visits


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("often", "visits: cannot read 'often': write how often"),
        ("cal 2", "visits: 'sales' has no step 'cal'; did you mean 'call'?"),
        ("0", "visits.: input should be greater than or equal to 1"),
    ],
)
def test_visits_that_cannot_be(refused, cell, sentence):
    """No number, no step, and a case that is at a step to which it never came."""
    assert sentence in str(refused(f"id,process,step,age,visits\nL-1,sales,call,1 d,{cell}\n")[0])


def test_a_packed_file_says_the_same(loaded):
    """As trace files may be packed, so may these."""
    plain = loaded(HEADER + GOOD)
    packed = loaded(gzip.compress((HEADER + GOOD).encode()), file="open.csv.gz")
    assert open_cases(plain.scenario, plain.folder) == open_cases(packed.scenario, packed.folder)


def test_rows_of_the_scenario_come_first(loaded):
    """Both are open cases, in the order in which they are stated."""
    read = loaded(HEADER + GOOD, "  cases:\n    L-0: {process: sales, step: rest, age: 1 d, values: {deal: 5}}\n")
    assert list(open_cases(read.scenario, read.folder)) == ["L-0", "L-1", "L-2"]


def test_the_fingerprint_is_of_what_the_file_says(loaded):
    """Another age is another scenario; another name of the file is not."""
    one, same = loaded(HEADER + GOOD).digest, loaded(HEADER + GOOD, file="again.csv").digest
    assert one == same
    assert loaded(HEADER + GOOD.replace("12 d", "13 d")).digest != one


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("L-3,sales,cal,1 d,,,,", "step: 'sales' has no step 'cal'; did you mean 'call'?"),
        ("L-3,sale,call,1 d,,,,", "process: there is no process 'sale'; did you mean 'sales'?"),
        ("L-3,sales,call,-1 d,,,,", "age: a time that has passed cannot be negative, and '-1 d' is"),
        ("L-3,sales,call,soon,,,,", "age: cannot read 'soon': write a time with its unit"),
        ("L-3,sales,call,900 y,,,,", "age: '900 y' is longer than 100 years"),
        ("L-3,sales,call,,,,,", "age: is missing"),
        ("L-3,sales,call,1 d,12,,,", "spent: cannot read '12'"),
        ("L-3,sales,call,1 d,2 d,,,", "spent: it cannot have been at its step for longer than it is old"),
        (",sales,call,1 d,,,,", "id: is missing: a case needs an identifier of its own"),
        ("L-1,sales,call,1 d,,,,", "id: the case 'L-1' is stated twice: leave out one of the two"),
        ("L-3,sales,call,1 d,,desk.eve,,", "owners: there is nobody 'desk.eve'"),
        ("L-3,sales,call,1 d,,floor.bob 1;floor.bob 2,,", "owners: two of the team 'floor' own it"),
        ("L-3,sales,call,1 d,,,much,", "posted.invoiced: cannot read 'much': write an amount"),
        ("L-3,sales,call,1 d,,,,huge", "values.size: cannot read 'huge'; valid levels: small, mid"),
        ("L-3,sales,call", "3 cells, where the first line has 8"),
    ],
)
def test_what_is_wrong_with_a_line(refused, line, sentence):
    """One sentence that begins with the file of the cases, its line and column, as one about a scenario begins."""
    (problem,) = refused(HEADER + GOOD + line + "\n")
    assert (problem.file, problem.line) == ("open.csv", 4)
    assert str(problem).startswith(f"open.csv:4: {sentence}")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("id,process,step\n", "open.csv:1: there is no column 'age': the first line names"),
        ("", "open.csv:1: there is no column 'id'"),
        ("id,process,step,age,age\n", "open.csv:1: a column is named twice"),
        (b"\xff\xfe\x00", "open.csv: cannot be read: it is no CSV file in UTF-8"),
        ('id,process,step,age\n"L,sales', "open.csv: cannot be read: it is no CSV file in UTF-8"),
    ],
)
def test_a_file_that_is_no_pipeline(refused, lines, sentence):
    """Columns that lack or repeat, and what is no CSV at all."""
    (problem,) = refused(lines)
    assert str(problem).startswith(sentence)


def test_a_column_that_is_no_attribute(refused):
    """It is told for every line that fills it in, with the nearest name."""
    (problem,) = refused("id,process,step,age,deel\nL-1,sales,call,1 d,5\n")
    assert str(problem) == "open.csv:2: deel: there is no attribute 'deel'; did you mean 'deal'?"


OLD_WAY = """  sales:
    steps:
      call: {kind: work, team: desk, effort: 1 h, next: over}
      old_way: {kind: wait, duration: 1 d}
      over: {kind: end, outcome: done}
  retired:
    steps:
      wait: {kind: wait, duration: 1 d}
      over: {kind: end, outcome: done}
"""


def test_steps_that_only_open_cases_reach(write):
    """A way that no new case goes is none that nobody comes to, as long as someone stands there, in a row or a file."""
    text = SCENARIO[: SCENARIO.index("  sales:")] + OLD_WAY
    with pytest.raises(ScenarioError, match="no case ever comes to 'old_way'") as error:
        load_scenario(write("office.yaml", text))
    assert "'retired' is never started" in str(error.value)
    write("open.csv", "id,process,step,age\nL-1,retired,wait,1 d\n")
    row = "pipeline:\n  file: open.csv\n  cases: {L-2: {process: sales, step: old_way, age: 1 d}}\n"
    assert len(load_scenario(write("office.yaml", text + row)).scenario.processes) == 2


def test_a_file_that_is_not_there(loaded, write):
    """It is looked for beside the scenario."""
    del loaded
    with pytest.raises(ScenarioError, match=r"there is no file 'gone\.csv' beside the scenario"):
        load_scenario(write("office.yaml", f"{SCENARIO}pipeline: {{file: gone.csv}}\n"))


@pytest.mark.parametrize(
    ("row", "place", "sentence"),
    [
        ("a: {process: sales, step: rst, age: 1 d}", "a.step", "has no step 'rst'; did you mean 'rest'?"),
        ("a: {process: sales, step: rest, age: 1 d, parent: b}", "a.parent", "there is no open case 'b'"),
        ("a: {process: sales, step: rest, age: 1 d, parent: a}", "a.parent", "descends from itself"),
        ("a: {process: sales, step: rest, age: 1 d, values: {deal: much}}", "a.values.deal", "cannot read 'much'"),
        ("a: {process: sales, step: rest, age: 1 d, values: {deel: 1}}", "a.values", "deel"),
        ("a: {process: sales, step: rest, age: 1 d, channel: wab}", "a.channel", "no channel 'wab'"),
        ("L-1: {process: sales, step: rest, age: 1 d}", "id", "'L-1' is stated twice"),
    ],
)
def test_what_is_wrong_with_a_row(refused, row, place, sentence):
    """Told once, at its own place in the scenario file; of two alike, at the one in the file of cases."""
    problems = refused(HEADER + GOOD, f"  cases:\n    {row}\n")
    assert len(problems) == 1
    assert problems[0].path.removeprefix("pipeline.").removeprefix("cases.").startswith(place)
    assert (problems[0].file == "open.csv", problems[0].line) == ((True, 2) if place == "id" else (False, 20))
    assert sentence in problems[0].message


def test_a_file_named_by_a_scenario_below_is_found(write):
    """Its path starts from the folder of the scenario that states it."""
    write("base/open.csv", HEADER + GOOD)
    write("base/office.yaml", f"{SCENARIO}pipeline: {{file: open.csv}}\n")
    read = load_scenario(write("more.yaml", "caudal: 1\nname: More\nbased_on: base/office.yaml\n"))
    assert list(open_cases(read.scenario, read.folder)) == ["L-1", "L-2"]
