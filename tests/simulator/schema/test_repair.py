"""Telling the other problems of a malformed file, and only those."""

import pytest


def sentences(found):
    """Places with the first words of what is wrong."""
    return [f"{problem.path}: {problem.message.split(';')[0]}" for problem in found]


BAD_TEAM = ("team: sales", "team: slaes")
SLAES = "processes.sales.steps.call.team: there is no team 'slaes'"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("head_count: 2", "head_cuont: 2", "teams.sales.head_cuont"),
        ("head_count: 2", "head_count: two", "teams.sales.head_count"),
        ("kind: work", "kind: wrok", "processes.sales.steps.call.kind"),
        ("start: 2026-01-05", "start: soon", "horizon.start"),
        ("  currency: EUR\n", "", "horizon.currency"),
        ("currency: EUR", "currency: euro", "horizon.currency"),
        ("length: 52 wk", "length: long", "horizon.length"),
        ("rate: 2 000 /year", "rate: 2 000", "channels.web.rate"),
        ("name: Two-step sales\n", "", "name"),
        ("{lognormal: {median: 20 min, p90: 45 min}}", "20", "processes.sales.steps.call.effort"),
        ("probability: 25 %", "probability: often", "processes.sales.steps.decision.outcomes.win.probability"),
        ("interest: {initial: 0.5}", "interest: 0.5", "attributes.interest"),
        ("caudal: 1", "caudal: 3", "caudal"),
        ("    grade: D\n", "    drops: [{date: soon, leads: many}]\n", "channels.web.drops[0].date"),
    ],
)
def test_a_malformed_statement_hides_no_other_problem(problems, edited, old, new, path):
    """The slip in the name of the team is told beside it, and nothing else."""
    found = sentences(problems(edited(*BAD_TEAM, text=edited(old, new))))
    assert SLAES in found
    assert any(each.startswith(f"{path}: ") for each in found)
    assert len(found) == (3 if "many" in new else 2)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: decide", "kind: meeting"),
        ("      won: {kind: end, outcome: won, result: won}", "      won: nothing"),
        ("to: won}", "to: [won]}"),
        ("        team: sales\n", "        team: sales\n        next: 5\n"),
        ("  sales:\n    steps:", "  sales:\n    stesp:"),
        ("    process: sales\n", "    process: 5\n"),
        ("    process: sales\n", ""),
        ("head_count: 2", "head_count: none"),
        ("  sales:\n    head_count: 2\n", "  sales: everybody\n  other:\n    head_count: 2\n"),
        ("    rate: 2 000 /year\n", "    rate: often\n"),
    ],
)
def test_what_follows_from_a_malformed_statement_is_not_told(problems, edited, old, new):
    """Routes, teams and channels that are in doubt are not judged."""
    assert len(problems(edited(old, new))) == 1


def test_misspelt_sections_and_fields_are_taken_as_meant(problems, edited):
    """The problems inside them are told in the same breath."""
    text = edited("teams:\n", "taems:\n").replace("head_count: 2", "head_count: 0")
    assert sentences(problems(text)) == ["taems: there is no 'taems' here"] or len(problems(text)) == 2


@pytest.mark.parametrize("section", ["channels", "processes", "teams"])
def test_without_a_whole_section_nothing_else_is_judged(problems, edited, section):
    """Every name that it would have defined is missing."""
    text = edited(*BAD_TEAM)
    start = text.index(f"{section}:\n")
    rest = text[start + len(section) + 2 :]
    end = next((index for index, line in enumerate(rest.splitlines()) if not line.startswith(" ")), None)
    kept = "" if end is None else "\n".join(rest.splitlines()[end:]) + "\n"
    (problem,) = problems(f"{text[:start]}{section}: nothing\n{kept}")
    assert problem.path == section
