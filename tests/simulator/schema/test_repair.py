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


@pytest.mark.parametrize(
    ("old", "new", "inside"),
    [
        ("teams:\n", "taems:\n", ("head_count: 2", "head_count: 0", "teams.sales: work is routed to team 'sales'")),
        ("teams:\n", "taems:\n", ("cost: 20 EUR/h", "cost: 20 USD/h", "teams.sales.cost: '20 USD/h' is in USD")),
        ("rate: 2 000", "rtae: 2 000", ("2 000 /year", "-5 /year", "channels.web.rate: '-5 /year' is negative")),
    ],
)
def test_misspelt_sections_and_fields_are_taken_as_meant(problems, edited, old, new, inside):
    """A problem inside them is told in the same breath."""
    was, becomes, told = inside
    found = sentences(problems(edited(was, becomes, text=edited(old, new))))
    assert len(found) == 2
    assert any(each.startswith(told) for each in found)


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
