"""The JSON Schema that editors use."""

import json

import pytest
from jsonschema import Draft202012Validator

from simulator.schema.document import read_document
from simulator.schema.json_schema import DIALECT, json_schema
from simulator.schema.shipped import shipped, shipped_parts


@pytest.fixture(scope="module")
def schema():
    """The schema."""
    return json_schema()


@pytest.fixture(scope="module")
def errors(schema, tmp_path_factory):
    """What the schema has against a text."""
    validator = Draft202012Validator(schema)
    folder = tmp_path_factory.mktemp("schema")

    def found(text):
        path = folder / "case.yaml"
        path.write_text(text, encoding="utf-8")
        return [error.message for error in validator.iter_errors(read_document(path, "case.yaml").data)]

    return found


def test_it_is_a_schema(schema):
    """Valid against its own dialect, plain JSON, with a title and no address."""
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert (schema["$schema"], schema["title"]) == (DIALECT, "Caudal scenario")
    assert "$id" not in schema


def test_every_reference_leads_somewhere(schema):
    """No definition is missing."""
    text = json.dumps(schema)
    references = {part.partition('"')[0] for part in text.split('"$ref": "#/$defs/')[1:]}
    assert references <= schema["$defs"].keys()


def test_fields_are_described(schema):
    """What the models say about their fields is there for the editor to show."""
    team = schema["$defs"]["Team"]["properties"]
    assert "members" in team["head_count"]["description"]
    assert "'20 min'" in json.dumps(schema["$defs"]["Work"]["properties"]["effort"])


def test_scenarios_are_valid(errors, minimal, rich):
    """What the product reads, the editor does not underline."""
    assert errors(minimal) == []
    assert errors(rich) == []


def test_shipped_scenarios_are_valid(errors):
    """Whole ones, changes and parts alike."""
    for path in (shipped() | shipped_parts()).values():
        assert errors(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("head_count: 2", "head_cuont: 2"),
        ("head_count: 2", "head_count: -2"),
        ("kind: work", "kind: wrok"),
        ("  currency: EUR\n", ""),
        ("grade: D", "grade: E"),
        ("{lognormal: {", "{lognromal: {"),
    ],
)
def test_slips_are_underlined(errors, minimal, old, new):
    """An editor finds unknown keys, missing ones and wrong values while one writes."""
    assert old in minimal
    assert errors(minimal.replace(old, new))


@pytest.mark.parametrize(
    "changes",
    [
        "teams: {sales: {head_count: 4}}",
        "teams: {sales: {cost: null}, support: null}",
        "processes: {sales: {steps: {call: {effort: 5 min}, won: null}}}",
        "processes: {sales: {steps: {mail: {kind: wait, duration: 1 d, after: call}}}}",
        "processes: {sales: {steps: {decision: {outcomes: {win: {probability: 40 %}}}}}}",
        "policies: {limit: null}",
        "horizon: {length: 2 y}",
    ],
)
def test_changes_need_not_be_whole(errors, changes):
    """A file that is based on another states only fields, and null removes."""
    assert errors(f"name: What if\nbased_on: base\n{changes}\n") == []


@pytest.mark.parametrize("changes", ["teams: {sales: {head_cuont: 4}}", "teams: {sales: {head_count: -4}}", "teams: 5"])
def test_slips_in_changes_are_underlined(errors, changes):
    """Fewer statements are needed, but no other ones are allowed."""
    assert errors(f"name: What if\nbased_on: base\n{changes}\n")


def test_changes_need_a_name(errors):
    """As when they are read."""
    assert errors("based_on: base\n") == ["'name' is a required property"]


def test_parts_need_no_name_but_their_own(errors):
    """A part says no 'name' and is based on nothing; a scenario in parts says its name."""
    assert errors("part: Mine\npolicies: {a: 1}\n") == []
    assert errors("name: Mine\nparts: [library/selling]\n") == []
    assert errors("parts: [library/selling]\n") == ["'name' is a required property"]
    assert errors("part: Mine\nname: Mine\n")
    assert errors("part: Mine\nbased_on: base\n")
    assert errors("part: Mine\nteams: 5\n")
