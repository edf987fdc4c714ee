"""The assumption register: every number with its evidence."""

import pytest

from simulator.schema.loading import load_scenario
from simulator.schema.register import assumptions

EFFORT = "effort: {lognormal: {median: 20 min, p90: 45 min}}"


@pytest.fixture
def rows(write, minimal):
    """Rows of the register of an edit of the small scenario, by path."""

    def register(*edits):
        text = minimal
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        return {row.path: row for row in assumptions(load_scenario(write("case.yaml", text)).scenario)}

    return register


def test_every_number_is_a_row(rows):
    """Numbers of the model, in the order of the file's sections; the frame of the study is not among them."""
    assert list(rows()) == [
        "attributes.interest.initial",
        "channels.web.rate",
        "teams.sales.head_count",
        "teams.sales.cost",
        "processes.sales.steps.call.effort",
        "processes.sales.steps.decision.outcomes.win.probability",
    ]


def test_a_row_says_what_is_assumed(rows):
    """Place in words, number as written and in base units, evidence."""
    row = rows()["channels.web.rate"]
    assert row.label == "Web, rate"
    assert row.text == "2 000 /year"
    assert row.value == pytest.approx(2000 / 8766)
    assert (row.grade, row.source, row.range, row.note) == ("D", "our CRM", None, "")


def test_a_distribution_has_no_single_value(rows):
    """It is shown as written."""
    row = rows()["processes.sales.steps.call.effort"]
    assert (row.text, row.value) == ("lognormal median 20 min, p90 45 min", None)


def test_counts_and_curves_are_numbers_too(rows):
    """A head-count, a profile and the points of an effect are assumptions like any other."""
    found = rows(
        ("teams:\n", "effects: {x: {reads: age, points: {5 min: 32 %, 1 h: 18 %}, source: s t}}\nteams:\n"),
        ("    rate: 2 000 /year\n", "    rate: 2 000 /year\n    profile: {weekdays: {Mon: 1, Tue: 2}}\n"),
    )
    assert (found["teams.sales.head_count"].text, found["teams.sales.head_count"].value) == ("2", 2.0)
    assert found["effects.x.points"].text == "5 min: 32 %, 1 h: 18 %"
    assert found["effects.x.points"].source == "s t"
    assert found["channels.web.profile.weekdays"].text == "Mon: 1.0, Tue: 2.0"
    assert found["channels.web.profile.weekdays"].source == "our CRM"


def test_a_formula_counts_when_it_holds_a_number(rows):
    """Passing an attribute on assumes nothing."""
    found = rows(
        ("      decision:\n", "      a: {kind: set, values: {interest: interest}}\n      decision:\n"),
        ("      decision:\n", "      b: {kind: set, values: {interest: interest * 0.9}}\n      decision:\n"),
    )
    assert "processes.sales.steps.a.values.interest" not in found
    assert found["processes.sales.steps.b.values.interest"].text == "interest * 0.9"


def test_own_evidence_goes_before_that_of_the_block(rows):
    """The number's own source, with its range and note."""
    stated = "rate: {value: 2 000 /year, source: log file, grade: A, range: [1 /d, 9 /d], note: n}"
    row = rows(("rate: 2 000 /year", stated))["channels.web.rate"]
    assert (row.range, row.grade, row.source, row.note) == (("1 /d", "9 /d"), "A", "log file", "n")


def test_evidence_comes_from_the_nearest_block(rows):
    """Outcome before step, step before process."""
    found = rows(
        ("  sales:\n    steps:\n", "  sales:\n    source: the process\n    grade: C\n    steps:\n"),
        ("        kind: decide\n", "        kind: decide\n        source: the step\n        grade: B\n"),
    )
    assert found["processes.sales.steps.call.effort"].source == "the process"
    assert found["processes.sales.steps.decision.outcomes.win.probability"].source == "the step"
    nearer = rows(
        ("        kind: decide\n", "        kind: decide\n        source: the step\n"),
        ("probability: 25 %", "probability: 25 %, source: the outcome, note: seen"),
    )["processes.sales.steps.decision.outcomes.win.probability"]
    assert (nearer.source, nearer.note) == ("the outcome", "seen")


def test_nothing_is_claimed_where_nothing_is_stated(rows):
    """Without evidence anywhere around it a number has none."""
    row = rows()["teams.sales.cost"]
    assert (row.grade, row.source, row.range, row.note) == ("", "", None, "")


def test_the_range_of_a_block_is_that_of_its_only_number(rows):
    """A range cannot be that of two numbers in different units."""
    one = ("    grade: D\n", "    grade: D\n    range: [1 000 /year, 3 000 /year]\n")
    assert rows(one)["channels.web.rate"].range == ("1 000 /year", "3 000 /year")
    two = ("    rate: 2 000 /year\n", "    rate: 2 000 /year\n    growth: 5 %\n")
    assert rows(one, two)["channels.web.rate"].range is None


def test_keys_and_ranges_read_as_people_write_them(rows):
    """No blank of an underscore that keeps YAML from reading yes as true, and no 0.0 where 0 was written."""
    found = rows(("          win:", "          yes_:"))
    assert "Yes, probability" in found["processes.sales.steps.decision.outcomes.yes_.probability"].label
    found = rows(("probability: 25 %", "probability: 0.25, range: [0, 0.5]"))
    assert found["processes.sales.steps.decision.outcomes.win.probability"].range == ("0", "0.5")


def test_a_source_is_cited_by_its_title(rows):
    """The key stands for title and year."""
    key = ("    source: our CRM\n", "    source: crm\n")
    cited = rows(key, ("teams:\n", "sources: {crm: {title: Export of our CRM, year: 2025}}\nteams:\n"))
    assert cited["channels.web.rate"].source == "Export of our CRM (2025)"
    undated = rows(key, ("teams:\n", "sources: {crm: {title: Export of our CRM}}\nteams:\n"))
    assert undated["channels.web.rate"].source == "Export of our CRM"


def test_labels_are_those_of_the_blocks(rows):
    """The label that people gave goes before the name."""
    found = rows(
        ("  sales:\n    head_count: 2\n", "  sales:\n    label: Inside sales\n    head_count: 2\n"),
        ("        kind: work\n", "        kind: work\n        label: First call\n"),
    )
    assert found["teams.sales.head_count"].label == "Inside sales, head count"
    assert found["processes.sales.steps.call.effort"].label == "Sales, First call, effort"


def test_what_a_change_states_without_source_is_its_own_assumption(write, minimal):
    """The source of the base is claimed for the base's numbers only."""
    write(
        "base.yaml",
        minimal.replace("  sales:\n    head_count: 2\n", "  sales:\n    source: the payroll\n    head_count: 2\n"),
    )
    over = "name: More people\nbased_on: base.yaml\nteams: {sales: {head_count: 4}}\n"
    loaded = load_scenario(write("over.yaml", over))
    found = {row.path: row for row in assumptions(loaded.scenario, loaded.unsourced)}
    assert (found["teams.sales.head_count"].grade, found["teams.sales.head_count"].source) == (
        "D",
        "stated by 'More people'",
    )
    assert found["teams.sales.cost"].source == "the payroll"


def test_every_number_of_the_rich_scenario_has_words(write, rich):
    """Each row has a place, words and a text."""
    for row in assumptions(load_scenario(write("rich.yaml", rich)).scenario):
        assert row.path
        assert row.label
        assert row.text
