"""Every part and every number of a scenario."""

import pytest

from simulator.schema.loading import load_scenario
from simulator.schema.walk import parts, quantities


@pytest.fixture
def scenario(write, rich):
    """The rich scenario."""
    return load_scenario(write("rich.yaml", rich)).scenario


def follow(model, path):
    """What stands at a path."""
    for key in path:
        model = model[key] if isinstance(model, dict | tuple) else getattr(model, key)
    return model


def test_every_part_stands_where_its_path_says(scenario):
    """Paths lead from the scenario to the part, through the parts around it."""
    seen = list(parts(scenario))
    for part in seen:
        assert follow(scenario, part.path) is part.model
        assert not part.path or part.around[0] is scenario
    paths = {part.path for part in seen}
    assert len(paths) == len(seen)
    assert {
        (),
        ("channels", "fair", "drops", 0),
        ("teams", "sales", "members", "ana"),
        ("processes", "sales", "steps", "call", "patience"),
        ("processes", "sales", "steps", "decision", "outcomes", "win"),
        ("processes", "billing", "steps", "write", "automation"),
    } <= paths


def test_every_number_stands_where_its_path_says(scenario):
    """Fields, entries by name and numbers inside lists."""
    seen = {stated.path: stated for stated in quantities(scenario)}
    for path, stated in seen.items():
        assert follow(scenario, path) is stated.quantity
    assert ("channels", "fair", "drops", 0, "cost") in seen
    assert ("policies", "threshold") in seen
    assert seen["processes", "sales", "steps", "call", "patience", "after"].field == "after"


def test_a_number_knows_the_attribute_that_it_is_for(scenario):
    """Initial, brought and set values are for an attribute; an effort is not."""
    attributes = {stated.path: stated.attribute for stated in quantities(scenario)}
    assert attributes["attributes", "size", "initial"] == "size"
    assert attributes["channels", "web", "brings", "segment"] == "segment"
    assert attributes["processes", "sales", "steps", "score", "values", "interest"] == "interest"
    assert attributes["attributes", "interest", "half_life"] == ""
    assert attributes["processes", "sales", "steps", "call", "effort"] == ""


def test_a_scenario_is_walked_once_though_others_are_too(write, rich):
    """What was found in one of several scenarios that are worked on together is handed out again."""
    several = [load_scenario(write("rich.yaml", rich)).scenario for _ in range(3)]
    first = [parts(each) for each in several]
    assert [parts(each) for each in several] == first
    assert all(parts(each) is seen for each, seen in zip(several, first, strict=True))
    assert all(found[0].model is each for found, each in zip(first, several, strict=True))
