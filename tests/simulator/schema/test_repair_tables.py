"""Stand-ins for malformed scenarios, what follows from what, and the shapes and walks that they rest on."""

import datetime as dt

import pytest
import yaml

from simulator.schema.loading import load_scenario
from simulator.schema.paths import Finding
from simulator.schema.repair import doubtful_processes, independent, repaired
from simulator.schema.shape import SCENARIO, VALUE, kind_of
from simulator.schema.walk import parts, quantities, stated_fields

STEPS = ("processes", "sales", "steps")


@pytest.fixture
def data(minimal):
    """The small scenario as it is read, dates left as text."""
    return yaml.load(minimal, Loader=yaml.BaseLoader)  # noqa: S506 - only texts come of it


def shown(found):
    """A step by its kind, a date as it is written, any other value as it is."""
    if isinstance(found, dt.date):
        return found.isoformat()
    return getattr(found, "kind", found)


def about(*path):
    """A finding at a place."""
    return Finding(path, "wrong")


@pytest.mark.parametrize(
    ("path", "value", "mended"),
    [
        (("teams", "sales", "head_count"), "many", None),
        (("teams", "sales", "cost"), "much", None),
        (("horizon", "start"), "soon", "2026-01-05"),
        (("horizon", "currency"), "euro", "EUR"),
        (("horizon", "holidays"), [], ""),
        (("name",), [], "unknown"),
        (("channels", "web", "rate"), "often", None),
        ((*STEPS, "call", "team"), [], "unknown"),
        ((*STEPS, "call", "kind"), "wrok", "work"),
        ((*STEPS, "call"), "nothing", "wait"),
        ((*STEPS, "won", "kind"), "edn", "end"),
    ],
)
def test_a_malformed_value_is_replaced(data, path, value, mended):
    """An optional one is left out, a required one has a stand-in, a slip in a kind is mended."""
    around = data
    for key in path[:-1]:
        around = around[key]
    around[path[-1]] = value
    found = repaired(data, [about(*path)])
    for key in path:
        found = found[key] if isinstance(found, dict) else getattr(found, key)
    assert shown(found) == mended


@pytest.mark.parametrize(
    ("paths", "doubtful"),
    [
        ([], set()),
        ([("teams", "sales")], set()),
        ([("processes",)], set()),
        ([("processes", "a")], {"a"}),
        ([("processes", "a", "steps")], {"a"}),
        ([("processes", "a", "steps", "call")], {"a"}),
        ([("processes", "a", "steps", "call", "effort")], set()),
        ([("processes", "a", "steps", "call", "next")], {"a"}),
        ([("processes", "a", "steps", "call", "kind")], {"a"}),
        ([("processes", "a", "steps", "call", "patience", "after")], {"a"}),
        ([("processes", "a", "steps", "fork", "outcomes", "x", "probability")], {"a"}),
        ([("processes", "a", "steps", "x", "next"), ("processes", "b", "label")], {"a", "b"}),
    ],
)
def test_which_processes_are_in_doubt(paths, doubtful):
    """Those in which something that says where cases go is malformed, or the process itself."""
    assert doubtful_processes([about(*path) for path in paths]) == doubtful


@pytest.mark.parametrize(
    ("wrong", "found", "told"),
    [
        (("teams", "a"), ("teams", "b"), True),
        (("teams", "a"), ("teams", "a"), False),
        (("teams", "a", "cost"), ("teams", "a"), False),
        (("teams", "a"), ("teams", "a", "cost"), False),
        (("teams", "a", "cost"), ("teams", "a", "speed"), True),
        (("horizon", "start"), ("teams",), True),
        ((), ("teams",), False),
    ],
)
def test_what_follows_from_what_is_malformed(wrong, found, told):
    """Nothing inside or around a malformed place is told."""
    assert independent([about(*wrong)], [about(*found)]) == ([about(*found)] if told else [])


@pytest.mark.parametrize("section", ["teams", "channels", "processes", "policies", "effects", "tools"])
def test_without_a_section_there_is_no_stand_in(data, section):
    """Every name that it would have defined is missing."""
    assert repaired(data | {section: 5}, [about(section)]) is None


def test_the_data_of_the_file_are_not_touched(data):
    """The stand-in is made of a copy."""
    before = yaml.safe_dump(data)
    repaired(data, [about("teams", "sales", "cost"), about(*STEPS, "call")])
    assert yaml.safe_dump(data) == before


@pytest.mark.parametrize(
    ("path", "entries", "steps", "models"),
    [
        (("teams",), True, False, 0),
        (("policies",), True, False, 0),
        (("effects",), True, False, 0),
        (("stages",), False, False, 0),
        (("horizon",), False, False, 1),
        (("processes", "sales"), False, False, 1),
        (STEPS, True, True, 0),
        ((*STEPS, "call"), False, False, 8),
        ((*STEPS, "call", "effort"), False, False, 0),
        ((*STEPS, "decision", "outcomes"), True, False, 0),
        (("nonsense",), False, False, 0),
        (("horizon", "nonsense"), False, False, 0),
    ],
)
def test_the_shape_of_a_place(data, path, entries, steps, models):
    """Names of blocks, steps in order, one block of one or eight kinds, or a value."""
    here, around = SCENARIO, data
    for key in path:
        here, around = here.inside(key, around), around.get(key, {})
    assert (here.entries is not None, here.holds_steps, len(here.models)) == (entries, steps, models)
    assert (here == VALUE) == (not entries and not models)
    assert len({kind_of(model) for model in here.models}) == models


def test_all_numbers_and_blocks_of_the_small_scenario(write, minimal):
    """Those that the file states, in the order of the models, and no defaults."""
    scenario = load_scenario(write("case.yaml", minimal)).scenario
    numbers = {stated.path: stated.quantity.text for stated in quantities(scenario)}
    assert numbers.pop((*STEPS, "call", "effort")).startswith("lognormal median 20 min")
    assert numbers == {
        ("horizon", "warm_up"): "4 wk",
        ("horizon", "length"): "52 wk",
        ("attributes", "interest", "initial"): "0.5",
        ("channels", "web", "rate"): "2 000 /year",
        ("teams", "sales", "cost"): "20 EUR/h",
        (*STEPS, "decision", "outcomes", "win", "probability"): "25 %",
    }
    blocks = [part.path for part in parts(scenario)]
    assert blocks[0] == ()
    assert set(blocks) == {
        (),
        ("horizon",),
        ("attributes", "interest"),
        ("channels", "web"),
        ("teams", "sales"),
        ("processes", "sales"),
        *((*STEPS, step) for step in ("call", "decision", "won", "lost")),
        *((*STEPS, "decision", "outcomes", outcome) for outcome in ("win", "lose")),
    }
    assert stated_fields(scenario.teams["sales"]) == ["head_count", "cost"]
