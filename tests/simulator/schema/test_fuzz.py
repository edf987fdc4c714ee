"""Whatever a file holds, it is read or refused in sentences."""

import copy
import warnings

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.schema.loading import load_scenario

SOME = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXTS = [
    "", "x", "3 h", "-3 h", "1 USD", "5 %", "a" * 3000, "2026-01-01", "min(1)", "1 is 2", "lambda: 3", "(1)(2)", "x[0]",
    "----1", "1e400", "1" * 4000, "if", "\u202e", "ação", "Mon-Fri 09:00-25:00", "segment == b2b == 3", "end",
]  # fmt: skip
PLAIN = [None, True, 0, -1, 1e300, 10**30, float("inf"), float("nan")]
BLOCKS = [
    [], {}, [1], {"a": 1}, [[["x"]]], {"kind": "wait"}, {"kind": ["x"]}, {"kind": {}}, {"formula": "x"}, {"value": 3},
    {"min": 0}, {"choice": {"x": 1}}, {"lognormal": None}, {"uniform": [1, 2]}, {"empirical": [1, "x"]},
    {"empirical": {"quantiles": {"10 %": 1, "x": 4}}}, {"exponential": "0 h"}, {"poisson": "3"},
    {"mix": [{"weight": 1, "normal": {"mean": 3, "sd": 1}}]}, {"mix": [{"weight": 1, "choice": {"small": 1}}]},
    {"choice": {"values": "a", "weights": [1]}}, {"triangular": {"low": 3, "mode": 1, "high": 2}},
    {"value": "3 h", "grade": "Z"},
]  # fmt: skip
JUNK = [*TEXTS, *PLAIN, *BLOCKS]


def places(data, path=()):
    """Every path inside plain data."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from places(value, (*path, key))


def read_or_refused(name):
    """Load a file; the problems of its refusal, none when it was read."""
    found = ()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            load_scenario(name)
        except ScenarioError as refusal:
            found = refusal.problems
    for problem in found:
        assert problem.message
        assert problem.line >= 0
        assert len(str(problem)) < 900
        assert "validation error" not in problem.message
    return found


@SOME
@given(st.binary(max_size=200))
def test_any_bytes(write, content):
    """Random bytes are no scenario, and bring nothing down."""
    assert read_or_refused(write("case.yaml", content))


@SOME
@given(st.text(alphabet="ab: -[]{}\n&*!#|>'\"%@`,?=~0.", max_size=80))
def test_any_marks(write, content):
    """Neither are heaps of YAML's own marks."""
    assert read_or_refused(write("case.yaml", content))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["work", "sales", "1 h"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [
    "caudal",
    "name",
    "based_on",
    "horizon",
    "channels",
    "teams",
    "processes",
    "effects",
    "tools",
    "policies",
    "x",
]


@SOME
@given(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6))
def test_any_values_in_the_sections(write, data):
    """Random data under the names of real sections are refused with a place each."""
    assert read_or_refused(write("case.yaml", yaml.safe_dump(data, allow_unicode=True)))


@pytest.fixture(scope="module")
def whole():
    """Plain data of the rich scenario."""
    from pathlib import Path

    text = (Path(__file__).parent / "rich.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts only


def mutated(data, draw):
    """A copy with a few statements replaced, removed or renamed."""
    copied = copy.deepcopy(data)
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(list(places(copied))))
        around = copied
        for key in path[:-1]:
            around = around[key]
        change = draw(st.integers(0, 3))
        if change > 1:
            around[path[-1]] = copy.deepcopy(draw(st.sampled_from(JUNK)))
        elif change == 1 or isinstance(around, list):
            del around[path[-1]]
        else:
            around[draw(st.sampled_from(["x", "kind", "stepz", f"{path[-1]}s", "null", "work"]))] = around.pop(path[-1])
    return copied


@settings(SOME, max_examples=200)
@given(st.data())
def test_a_scenario_with_some_junk_in_it(write, whole, data):
    """A real scenario, damaged at random places, is read or refused."""
    read_or_refused(write("case.yaml", yaml.safe_dump(mutated(whole, data.draw), allow_unicode=True)))


@SOME
@given(st.data())
def test_a_change_with_some_junk_in_it(write, rich, whole, data):
    """So is a damaged change of a sound scenario."""
    write("rich.yaml", rich)
    changes = {key: value for key, value in mutated(whole, data.draw).items() if data.draw(st.booleans())}
    read_or_refused(write("case.yaml", yaml.safe_dump(changes | {"based_on": "rich.yaml"}, allow_unicode=True)))
