"""What pydantic finds, in plain sentences."""

import pytest


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        (
            "head_count: 2",
            "head_cuont: 2",
            "teams.sales.head_cuont",
            "there is no 'head_cuont' here; did you mean 'head_count'?",
        ),
        ("head_count: 2", "head_count: two", "teams.sales.head_count", "expected a whole number, not 'two'"),
        ("head_count: 2", "head_count: 2.5", "teams.sales.head_count", "expected a whole number, not '2.5'"),
        ("head_count: 2", "head_count: -1", "teams.sales.head_count", "must be at least 0, not '-1'"),
        ("head_count: 2", "head_count: 10001", "teams.sales.head_count", "must be at most 10000, not '10001'"),
        ("head_count: 2", "head_count: [2]", "teams.sales.head_count", "expected a whole number, not a list"),
        (
            "head_count: 2",
            "head_count: {a: 2}",
            "teams.sales.head_count",
            "expected a whole number, not a mapping of names",
        ),
        ("caudal: 1", "caudal: 2", "caudal", "expected one of 1, not '2'"),
        ("caudal: 1\n", "", "caudal", "'caudal' is missing here"),
        ("  currency: EUR\n", "", "horizon.currency", "'currency' is missing here"),
        ("currency: EUR", "currency: euro", "horizon.currency", "expected a text such as EUR, not 'euro'"),
        ("name: Two-step sales", "name: 2024", "name", "expected a text; put it in quotes if it is one, not '2024'"),
        (
            "name: Two-step sales",
            "name:",
            "name",
            "nothing is stated here: expected a text; put it in quotes if it is one",
        ),
        (
            "start: 2026-01-05",
            "start: 05/01/2026",
            "horizon.start",
            "expected a date such as 2026-01-31, not '05/01/2026'",
        ),
        (
            "start: 2026-01-05",
            "start: 2026-02-30",
            "horizon.start",
            "expected a date such as 2026-01-31, not '2026-02-30'",
        ),
        ("grade: D", "grade: d", "channels.web.grade", "expected one of A, B, C, D, not 'd'; did you mean 'D'?"),
        ("  web:\n", "  web: &x\n", "", ""),
        (
            "    head_count: 2\n",
            "    head_count: 2\n    works_holidays: sometimes\n",
            "teams.sales.works_holidays",
            "expected true or false, not 'sometimes'",
        ),
        (
            "    head_count: 2\n",
            "    head_count: 2\n    absences: next week\n",
            "teams.sales.absences",
            "expected a list such as [a, b], not 'next week'",
        ),
        (
            "    head_count: 2\n",
            "    head_count: 2\n    members: [ana]\n",
            "teams.sales.members",
            "expected names with a value each, such as 'name: value', not a list",
        ),
        (
            "    rate: 2 000 /year\n",
            "    rate: 2 000 /year\n    profile: {months: [1, 2]}\n",
            "channels.web.profile.months",
            "needs at least 12 entries, and has 2",
        ),
        (
            "        kind: work\n",
            "        kind: wrok\n",
            "processes.sales.steps.call.kind",
            "there is no step of kind 'wrok'; did you mean 'work'?",
        ),
        (
            "        kind: work\n",
            "        kind: meeting\n",
            "processes.sales.steps.call.kind",
            "there is no step of kind 'meeting': the kinds are work, wait, decide, set, spawn, join, post, end",
        ),
        (
            "        kind: work\n",
            "",
            "processes.sales.steps.call",
            "a step needs a kind: one of work, wait, decide, set, spawn, join, post, end",
        ),
        (
            "        kind: work\n",
            "        kind: [work]\n",
            "processes.sales.steps.call.kind",
            "there is no step of kind '['work']': the kinds are work, wait, decide, set, spawn, join, post, end",
        ),
        (
            "        team: sales\n",
            "        team: sales\n        duration: 2 d\n",
            "processes.sales.steps.call.duration",
            "there is no 'duration' here; valid here: label, source, grade, range, note, stage, marks, next, after",
        ),
        (
            "        team: sales\n",
            "        team: sales\n        marks: [first_reply]\n",
            "processes.sales.steps.call.marks[0]",
            "expected one of first_response, order, delivered, invoiced, paid, relevant, mql, ",
        ),
        (
            "        team: sales\n",
            "        team: sales\n        patience: 2 d\n",
            "processes.sales.steps.call.patience",
            "expected names with a value each, such as 'name: value', not '2 d'",
        ),
        (
            "      won: {kind: end, outcome: won, result: won}\n",
            "      won: 5\n",
            "processes.sales.steps.won",
            "expected names with a value each, such as 'name: value', not '5'",
        ),
    ],
)
def test_each_sort_of_mistake_has_its_sentence(problems, edited, old, new, path, message):
    """Place and sentence, without any word of the library that found it."""
    found = problems(edited(old, new))
    if not path:
        assert found == []
        return
    (problem,) = found
    assert problem.path == path
    assert problem.message.startswith(message)


def test_several_types_are_one_complaint(problems, edited):
    """A place that allows a text or a number is told once."""
    (problem,) = problems(edited("teams:\n", "effects: {x: {reads: age, coefficient: 1, reference: [1]}}\nteams:\n"))
    assert problem.path == "effects.x.reference"


def test_a_sentence_stays_short(problems, edited):
    """However long the nonsense of a file is."""
    for old, new in {
        "grade: D": "grade: " + "x" * 9999,
        "interest:": "i" * 9999 + "!:",
        "2026-01-05": "9" * 9999,
    }.items():
        for problem in problems(edited(old, new)):
            assert len(str(problem)) < 800
