"""What the models allow at a place, read from their annotations."""

import pytest

from simulator.schema.demand import Channel, Drop
from simulator.schema.quantity import Quantity
from simulator.schema.scenario import Scenario
from simulator.schema.shape import SCENARIO, VALUE, kind_of
from simulator.schema.steps import Decide, Outcome, Patience, Work


def at(path, data):
    """The shape under a path of the data."""
    shape = SCENARIO
    for key in path:
        shape, data = shape.inside(key, data), data[key]
    return shape, data


DATA = {
    "name": "x",
    "policies": {"limit": 3},
    "stages": {"lead": "Lead"},
    "channels": {"fair": {"drops": [{"leads": 3}], "rate": "1 /d", "profile": {"hours": {"8-9": 1}}}},
    "processes": {
        "sales": {
            "steps": {
                "call": {"kind": "work", "effort": "1 h", "patience": {"to": "x"}, "nonsense": 1},
                "fork": {"kind": "decide", "outcomes": {"yes": {"when": "x"}}},
                "typo": {"kind": "wrok"},
            }
        }
    },
}
STEPS = ("processes", "sales", "steps")


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ((), Scenario),
        (("channels", "fair"), Channel),
        (("channels", "fair", "drops", 0), Drop),
        ((*STEPS, "call"), Work),
        ((*STEPS, "call", "patience"), Patience),
        ((*STEPS, "fork"), Decide),
        ((*STEPS, "fork", "outcomes", "yes"), Outcome),
        ((*STEPS, "typo"), None),
    ],
)
def test_the_model_of_a_block(path, model):
    """Through maps, lists, optional fields and the union of step kinds."""
    shape, data = at(path, DATA)
    assert shape.model(data) is model


@pytest.mark.parametrize(
    "path",
    [
        ("name",),
        ("stages",),
        ("policies", "limit"),
        ("channels", "fair", "rate"),
        ("channels", "fair", "profile", "hours"),
        (*STEPS, "call", "effort"),
        (*STEPS, "call", "nonsense"),
    ],
)
def test_a_value_is_replaced_whole(path):
    """Numbers, texts, curves and unknown keys are not looked into."""
    shape, _ = at(path, DATA)
    assert shape.models in {(), (Quantity,)}
    assert not shape.models
    assert shape == VALUE


def test_only_steps_have_an_order():
    """The order of a process's steps means something; that of teams does not."""
    assert at(STEPS, DATA)[0].holds_steps
    assert not at(("channels",), DATA)[0].holds_steps
    assert not at(("policies",), DATA)[0].holds_steps


def test_every_kind_of_step_has_its_model():
    """The eight kinds, and none for other models."""
    shape, _ = at((*STEPS, "call"), DATA)
    kinds = [kind_of(model) for model in shape.models]
    assert kinds == ["work", "wait", "decide", "set", "spawn", "join", "post", "end"]
    assert kind_of(Patience) == ""
