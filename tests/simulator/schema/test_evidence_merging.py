"""Evidence of a number: its own, field by field, and of what it does not say what the nearest block around it says."""

import itertools

import pytest

from simulator.schema.loading import load_scenario
from simulator.schema.register import assumptions

FIELDS = {"source": "own study", "grade": "A", "note": "own note", "range": ["1 EUR", "2 EUR"]}
BLOCK = {"source": "block study", "grade": "C", "note": "block note"}


def written(evidence):
    """Evidence as flow YAML, with a comma before it."""
    parts = [f"{key}: [{', '.join(value)}]" if isinstance(value, list) else f"{key}: {value}" for key, value in
             evidence.items()]  # fmt: skip
    return "".join(f", {part}" for part in parts)


@pytest.fixture
def cost_of_a_lead(write, minimal):
    """The row of a channel's cost per lead under evidence of its own and of the channel."""

    def row(own, around):
        cost = f"{{value: 15 EUR{written(own)}}}"
        web = f"  web: {{process: sales, rate: 2 000 /year, cost_per_lead: {cost}{written(around)}}}\n"
        head, rest = minimal.split("  web:\n")
        text = head + web + rest[rest.index("teams:") :]
        rows = assumptions(load_scenario(write("case.yaml", text)).scenario)
        (found,) = [row for row in rows if row.path == "channels.web.cost_per_lead"]
        return found

    return row


SUBSETS = [dict(chosen) for size in range(5) for chosen in itertools.combinations(FIELDS.items(), size)]


@pytest.mark.parametrize("around", [{}, BLOCK, {"note": "block note"}, {"grade": "C"}], ids=str)
@pytest.mark.parametrize("own", SUBSETS, ids=lambda own: "+".join(own) or "nothing")
def test_what_a_number_says_goes_before_what_stands_around_it(cost_of_a_lead, own, around):
    """Source and grade come together from the nearest that states either; note and range each for themselves."""
    row = cost_of_a_lead(own, around)
    cited = own if {"source", "grade"} & own.keys() else around
    assert (row.source, row.grade) == (cited.get("source", ""), cited.get("grade", ""))
    assert row.note == own.get("note", around.get("note", ""))
    assert row.range == (("1 EUR", "2 EUR") if "range" in own else None)
    assert (row.text, row.value) == ("15 EUR", 15.0)


def test_the_range_of_a_block_with_two_numbers_belongs_to_neither(write, edited):
    """A channel with a rate and a cost has two numbers: its range is not handed out to both."""
    text = edited("    grade: D\n", "    grade: D\n    range: [1 000 /year, 3 000 /year]\n")
    rows = {row.path: row for row in assumptions(load_scenario(write("case.yaml", text)).scenario)}
    assert rows["channels.web.rate"].range == ("1 000 /year", "3 000 /year")
    text = text.replace("    grade: D\n", "    grade: D\n    cost_per_lead: 3 EUR\n")
    rows = {row.path: row for row in assumptions(load_scenario(write("case.yaml", text)).scenario)}
    assert rows["channels.web.rate"].range is rows["channels.web.cost_per_lead"].range is None
    assert rows["channels.web.rate"].grade == rows["channels.web.cost_per_lead"].grade == "D"


@pytest.mark.parametrize(
    ("above", "grade", "source"),
    [
        ("rate: 3 000 /year", "D", "stated by 'Upper'"),
        ("rate: {value: 3 000 /year, grade: B}", "B", ""),
        ("rate: {value: 3 000 /year, source: a call}", "", "a call"),
        ("rate: 3 000 /year\n    source: new crm\n    grade: A", "A", "new crm"),
    ],
)
def test_a_changed_number_loses_the_source_of_the_old_one(write, minimal, above, grade, source):
    """A number that a scenario changes without a source is its own assumption, of grade D."""
    write("case.yaml", minimal)
    upper = f"caudal: 1\nname: Upper\nbased_on: case.yaml\nchannels:\n  web:\n    {above}\n"
    loaded = load_scenario(write("upper.yaml", upper))
    rows = {row.path: row for row in assumptions(loaded.scenario, loaded.unsourced)}
    assert (rows["channels.web.rate"].grade, rows["channels.web.rate"].source) == (grade, source)
    assert rows["channels.web.rate"].value == pytest.approx(3000 / 8766)
    below = {row.path: row for row in assumptions(load_scenario("case.yaml").scenario)}
    assert {path: row for path, row in rows.items() if path != "channels.web.rate"} == {
        path: row for path, row in below.items() if path != "channels.web.rate"
    }
