"""The table of steps: every field of every kind in its own column, and nothing in the others."""

import pytest

from simulator.chance.keyed import purpose_of
from simulator.program.layout import Kind, Milestone, Ownership, Rule
from simulator.program.step_table import CENTRES, REFERENCES
from simulator.records import ACCOUNTS, CAUSES
from tests.simulator.program.builders import WORK, amid, distribution, step_of, used


def row(stated, **more):
    """The row of a step as a dictionary."""
    return step_of(amid(stated, **more), "it")


ALWAYS = {"next", "team", "queue_class", "effort", "cost_centre"}
MINIMAL = {
    "work": WORK,
    "wait": {"kind": "wait"},
    "decide": {"kind": "decide", "outcomes": {"yes": {}}},
    "set": {"kind": "set", "values": {"score": 1}},
    "spawn": {"kind": "spawn", "process": "child"},
    "join": {"kind": "join"},
    "post": {"kind": "post", "account": "cost", "amount": "5 EUR"},
    "end": {"kind": "end", "outcome": "over"},
}
USED = {
    "work": ALWAYS,
    "wait": {"next"},
    "decide": {"next"},
    "set": {"next"},
    "spawn": {"next", "target"},
    "join": {"next"},
    "post": {"next", "account", "amount", "cost_centre"},
    "end": {"outcome"},
}


@pytest.mark.parametrize("kind", MINIMAL)
def test_a_step_that_says_little_uses_only_what_its_kind_needs(kind):
    """Every other reference holds -1, so that no engine takes a 0 for the first of something."""
    found = row(MINIMAL[kind])
    assert found["kind"] == Kind[kind.upper()]
    assert used(found) == USED[kind]


def test_what_refers_to_nothing_is_0_where_it_is_not_used():
    """As the items of a step that lists none, and how much work its defects make."""
    found = row(MINIMAL["join"])
    said = {"kind", "cause", "purpose", "row", "process", "place", *REFERENCES}
    assert {field: value for field, value in found.items() if field not in said and value != 0} == {}


@pytest.mark.parametrize("kind", MINIMAL)
def test_a_step_stands_in_its_row_and_process(kind):
    """Rows count through all processes, in the order of the file."""
    found = row(MINIMAL[kind])
    assert (found["row"], found["process"]) == (1, 0)
    assert found["next"] == (-1 if kind == "end" else 2)


MORE = [
    ("work", {"priority": 3}, "priority", None),
    ("work", {"due": "2 d"}, "due", None),
    ("work", {"routing": {"match": "size"}}, "match", 0),
    ("work", {"patience": {"after": "1 h", "to": "last"}}, "patience", None),
    ("work", {"patience": {"after": "1 h", "to": "last"}}, "patience_to", 2),
    ("work", {"patience": {"after": "1 h", "to": "first"}}, "patience_to", 0),
    ("work", {"balk": {"at": 4, "to": "last"}}, "balk_at", 4),
    ("work", {"balk": {"at": 0, "to": "last"}}, "balk_at", 0),
    ("work", {"balk": {"at": 4, "to": "first"}}, "balk_to", 0),
    ("work", {"automation": {"share": "50 %"}}, "automation", 0),
    ("work", {"defect": {"probability": "5 %"}}, "defect", None),
    ("work", {"defect": {"probability": "5 %"}}, "defect_to", 1),
    ("work", {"defect": {"probability": "5 %", "to": "first"}}, "defect_to", 0),
    ("work", {"stage": "open"}, "stage", 0),
    ("work", {"next": "first"}, "next", 0),
    ("wait", {"duration": "1 h"}, "duration", None),
    ("wait", {"clock": "business"}, "clock", 0),
    ("wait", {"until": {"weekdays": ["Mon"]}}, "schedule", 0),
    ("wait", {"stage": "won"}, "stage", 1),
    ("wait", {"next": "done"}, "next", 3),
    ("decide", {"stage": "paid"}, "stage", 2),
    ("set", {"stage": "won"}, "stage", 1),
    ("spawn", {"count": 3}, "number", None),
    ("spawn", {"channel": "fair"}, "channel", 1),
    ("spawn", {"channel": "web"}, "channel", 0),
    ("join", {"stage": "won"}, "stage", 1),
    ("post", {"stage": "paid"}, "stage", 2),
    ("end", {"stage": "open"}, "stage", 0),
]
TOGETHER = {"patience": "patience_to", "balk_at": "balk_to", "defect": "defect_to"}


@pytest.mark.parametrize(("kind", "said", "field", "expected"), MORE)
def test_what_a_step_says_lands_in_its_column_and_in_no_other(kind, said, field, expected):
    """Beside what the kind needs anyway, only the stated field is used, and the pair that it comes in."""
    found = row(MINIMAL[kind] | said)
    if expected is not None:
        assert found[field] == expected
    pairs = TOGETHER | {right: left for left, right in TOGETHER.items()}
    assert used(found) == USED[kind] | {field} | ({pairs[field]} if field in pairs else set())


PLACES = [
    ("work", {"effort": "7 h"}, "effort", 7.0, "effort"),
    ("work", {"priority": 3}, "priority", 3.0, "priority"),
    ("work", {"due": "2 d"}, "due", 48.0, "due"),
    ("work", {"patience": {"after": "90 min", "to": "last"}}, "patience", 1.5, "patience"),
    ("work", {"defect": {"probability": "5 %"}}, "defect", 0.05, "defect"),
    ("wait", {"duration": "3 d"}, "duration", 72.0, "duration"),
    ("spawn", {"count": 3}, "number", 3.0, "count"),
    ("post", {"amount": "12.5 EUR"}, "amount", 12.5, "amount"),
]


@pytest.mark.parametrize(("kind", "said", "field", "value", "place"), PLACES)
def test_a_quantity_holds_its_value_and_the_purpose_of_its_place(kind, said, field, value, place):
    """In base units, with the luck that belongs to process, step and what is drawn."""
    whole = amid(MINIMAL[kind] | said)
    quantity, chances = step_of(whole, "it")[field], whole.tables.chances
    assert value in distribution(whole, quantity)
    assert chances.formula[quantity] == -1
    assert chances.purpose[quantity] == purpose_of(f"p/it/{place}")


@pytest.mark.parametrize(("kind", "said", "field"), [(k, s, f) for k, s, f, _, _ in PLACES if f != "count"])
def test_a_formula_takes_the_place_of_a_number(kind, said, field):
    """It has a formula and no distribution."""
    texts = {"effort": "score * 1 h", "due": "age + 1 h", "amount": "score * 1 EUR", "duration": "heat * 2 h"}
    text = texts.get(field, "score / 100")
    stated = {"after": text, "to": "last"} if field == "patience" else text
    key = "count" if field == "number" else field
    whole = amid(MINIMAL[kind] | {key: {"probability": text} if field == "defect" else stated})
    quantity = step_of(whole, "it")[field]
    assert whole.tables.chances.formula[quantity] >= 0
    assert whole.tables.chances.distribution[quantity] == -1


@pytest.mark.parametrize("ownership", ["none", "take", "keep", "release"])
def test_ownership_has_its_code(ownership):
    """And decides whether the queue class counts for the limit of open cases."""
    whole = amid(WORK | {"ownership": ownership})
    assert step_of(whole, "it")["ownership"] == Ownership[ownership.upper()]
    assert whole.tables.class_takes.tolist() == [ownership != "none"]


@pytest.mark.parametrize("rule", [rule.name.lower() for rule in Rule])
@pytest.mark.parametrize("sees", [True, False])
def test_a_routing_rule_has_its_code(rule, sees):
    """With whether it sees absence beside it."""
    found = row(WORK | {"routing": {"rule": rule, "sees_absence": sees}})
    assert (found["rule"], found["sees_absence"]) == (Rule[rule.upper()], sees)


@pytest.mark.parametrize("marks", [[], ["order"], ["first_response", "paid"], [m.name.lower() for m in Milestone]])
def test_milestones_are_bits(marks):
    """Each has its own, in a sum."""
    expected = [2 ** [m.name.lower() for m in Milestone].index(mark) for mark in marks]
    assert row(WORK | {"marks": marks})["marks"] == sum(expected)


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("centre", CENTRES)
def test_a_posting_has_account_and_cost_centre(account, centre):
    """Both as the places in the lists that the records use."""
    found = row({"kind": "post", "account": account, "amount": "1 EUR", "cost_centre": centre})
    assert (ACCOUNTS[found["account"]], CENTRES[found["cost_centre"]]) == (account, centre)


@pytest.mark.parametrize("cause", ["customer", "schedule", "policy"])
@pytest.mark.parametrize("kind", ["wait", "join"])
def test_a_wait_has_the_cause_that_it_names(kind, cause):
    """In the order of the causes of the records."""
    assert CAUSES[row({"kind": kind, "cause": cause})["cause"]] == cause


def test_causes_that_are_not_named():
    """A wait is for the customer, a join the firm's own rule."""
    assert [CAUSES[row({"kind": kind})["cause"]] for kind in ("wait", "join")] == ["customer", "policy"]


@pytest.mark.parametrize("index", [0, 1])
def test_a_work_step_names_its_team_and_its_cost_centre(index):
    """The cost centre is the team's own."""
    found = row(WORK | {"team": ["crew", "desk"][index]})
    assert (found["team"], CENTRES[found["cost_centre"]]) == (index, ["administration", "service"][index])


@pytest.mark.parametrize(("stated", "effort"), [({}, 1.0), ({"effort": "40 %"}, 0.4), ({"effort": 0}, 0.0)])
def test_a_defect_has_the_effort_of_the_repetition(stated, effort):
    """100 % where none is given."""
    assert row(WORK | {"defect": {"probability": "5 %"} | stated})["defect_effort"] == effort


def test_every_reference_is_a_field_of_a_step():
    """The list names no column twice and none that there is not."""
    fields = set(step_of(amid(WORK), "it"))
    assert set(REFERENCES) <= fields
    assert len(set(REFERENCES)) == len(REFERENCES)
