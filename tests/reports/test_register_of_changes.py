from collections import Counter

import pytest

from reports.html import report_html
from reports.register import GRADES, Register, registers
from simulator.schema.loading import load_scenario
from simulator.schema.register import Assumption, assumptions
from tests.reports.reading import HOSTILE, Page, plain

BASE = """
caudal: 1
name: Today
description: As it is.
horizon: {start: 2025-01-01, warm_up: 0 d, length: 60 d, currency: EUR}
sources:
  audit: {title: "An audit of <i>firms</i>", year: 2024}
channels:
  web: {process: deal, rate: {value: 5 /day, source: audit, grade: A, range: [4 /day, 6 /day], note: "Two years only."}}
  fair: {process: deal, rate: {value: 1 /day, source: a vendor, grade: C}}
teams:
  sales: {head_count: 2, cost: 20 EUR/h, source: our payroll, grade: B}
overheads: {rent: {cost: 1 EUR/h}}
processes:
  deal:
    steps:
      call: {kind: work, team: sales, effort: {exponential: 20 min, source: own assumption, grade: D}}
      leave: {kind: end, outcome: done}
"""


@pytest.fixture
def loaded(tmp_path):
    """Load the base and changes of it, each given as the lines after its name."""

    def load(*changes):
        (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
        found = [load_scenario(tmp_path / "base.yaml")]
        for number, change in enumerate(changes, start=1):
            path = tmp_path / f"change{number}.yaml"
            path.write_text(f"caudal: 1\nname: Change {number}\nbased_on: base.yaml\n{change}\n", encoding="utf-8")
            found.append(load_scenario(path))
        return found

    return load


def row(path="a", text="1", grade="D"):
    """An assumption of which only path, text and grade matter."""
    return Assumption(path, path, text, 1.0, None, grade, "", "")


def test_the_base_is_shown_whole(loaded):
    """Every number of the file but those of its horizon, in the order of the file."""
    (base,) = registers(loaded())
    expected = assumptions(loaded()[0].scenario)
    assert [each.path for each in base.rows] == [each.path for each in expected]
    assert {"channels.web.rate", "channels.fair.rate", "teams.sales.head_count", "teams.sales.cost"} <= {
        each.path for each in base.rows
    }
    assert not any(each.path.startswith(("horizon", "sources")) for each in base.rows)
    assert (base.scenario, base.description, base.removed) == ("Today", "As it is.", ())


def test_grades_are_counted(loaded):
    """Each grade with what it stands for, in the order from best to worst."""
    (base,) = registers(loaded())
    counts = Counter(each.grade for each in base.rows)
    assert base.grades == tuple((grade, GRADES[grade], counts[grade]) for grade in ("A", "B", "C", "D", ""))
    assert sum(number for *_, number in base.grades) == len(base.rows)
    assert (counts["A"], counts["B"], counts["C"], counts["D"]) == (1, 2, 1, 1)


def test_own_assumptions_are_counted_even_where_there_are_none():
    """A zero beside grade D is told; of other grades only those that occur."""
    assert Register("A", "", (row(grade="A"),)).grades == (("A", GRADES["A"], 1), ("D", GRADES["D"], 0))


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ("", "no numbers"), ("D", "1 number: 1 of grade D"), ("AAD", "3 numbers: 2 of grade A and 1 of grade D"),
        ("ABCD", "4 numbers: 1 of grade A, 1 of grade B, 1 of grade C and 1 of grade D"),
    ],
)  # fmt: skip
def test_summaries_count_in_words(grades, expected):
    """How many numbers, and how good their evidence is."""
    assert plain(Register("A", "", tuple(row(grade=grade) for grade in grades)).summary) == expected
    assert plain(Register("A", "", (row(grade=""),)).summary) == "1 number: 1 without evidence"


def test_a_change_shows_only_what_it_changes(loaded):
    """Two scenarios each show their own number, and none that they share with the base."""
    _, first, second = registers(
        loaded("teams: {sales: {head_count: 3}}", "channels: {web: {rate: {value: 9 /day, source: audit, grade: A}}}")
    )
    assert [(each.path, each.text) for each in first.rows] == [("teams.sales.head_count", "3")]
    assert [(each.path, each.text, each.grade) for each in second.rows] == [("channels.web.rate", "9 /day", "A")]
    assert (first.removed, second.removed) == ((), ())


def test_a_number_changed_without_a_source_is_its_own_assumption(loaded):
    """The evidence of the number that it replaced does not vouch for it, and the register says who stated it."""
    _, other = registers(loaded("teams: {sales: {cost: 30 EUR/h}}"))
    (changed,) = other.rows
    assert (changed.grade, changed.text) == ("D", "30 EUR/h")
    assert "our payroll" not in changed.source


def test_what_a_change_adds_and_removes_is_told(loaded):
    """A new team is added; an overhead set to nothing is left out."""
    _, other = registers(loaded("teams: {robots: {head_count: 4}}\noverheads: {rent: null}"))
    assert [each.path for each in other.rows] == ["teams.robots.head_count"]
    assert [each.path for each in other.removed] == ["overheads.rent.cost"]


def test_the_same_scenario_changes_nothing(loaded):
    """A copy has no rows."""
    _, other = registers(loaded("description: A copy."))
    assert (other.rows, other.removed, other.description) == ((), (), "A copy.")


def test_the_page_shows_every_number_with_its_evidence(loaded, silent):
    """Label, path, value, range, grade, source and note of each number of the base."""
    scenarios = loaded()
    page = Page(report_html(silent, [], None, "c", scenarios))
    _, *rows = page.table("Every number of the scenario")
    (base,) = registers(scenarios)
    assert len(rows) == len(base.rows)
    for cells, each in zip(rows, base.rows, strict=True):
        assert cells[0] == f"{each.label} {each.path}"
        assert cells[1] == each.text
        assert cells[2] == (" to ".join(each.range) if each.range else "–")
        assert cells[3] == (each.grade or "none")
        assert cells[4].startswith(each.source or "–")
        assert cells[4].endswith(each.note)


def test_the_page_counts_grades(loaded, silent):
    """The table of grades holds each grade, its meaning and its number."""
    page = Page(report_html(silent, [], None, "c", loaded()))
    (base,) = registers(loaded())
    assert page.table("Numbers of this scenario")[1:] == [[g or "none", w, str(n)] for g, w, n in base.grades]


def test_the_page_tells_changes_of_each_scenario(loaded, silent):
    """What is changed, what is left out, and where nothing is."""
    scenarios = loaded("teams: {sales: {head_count: 3}}\noverheads: {rent: null}", "description: A copy.")
    words = Page(report_html(silent, [], None, "c", scenarios)).section("assumptions").text
    assert "Against Today it changes or adds 1 number: 1 of grade D. It leaves out 1." in words
    assert "It states no other numbers than Today." in words


def test_hostile_evidence_is_letters(loaded, silent):
    """Sources, notes and descriptions are written by anybody."""
    quoted = HOSTILE.replace("'", "''")
    cost = f"{{value: 30 EUR/h, source: '{quoted}', grade: D}}"
    scenarios = loaded(f"description: '{quoted}'\nteams: {{sales: {{cost: {cost}}}}}")
    page = Page(report_html(silent, [], None, "c", scenarios))
    assert page.root.all("script", "img") == []
    assert page.section("assumptions").text.count("<script>alert('x')</script>") == 2
    assert page.root.all("i") == []
