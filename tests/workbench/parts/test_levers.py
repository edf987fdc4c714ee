"""What can be moved in a scenario, from where to where, and how it is written into a file again."""

import pytest

from simulator.schema.loading import load_changed, load_scenario
from workbench.parts.levers import GROUPS, OTHER, PEOPLE, levers

SCENARIO = """
caudal: 1
name: Levers
horizon: {start: 2026-01-05, warm_up: 1 d, length: 9 d, currency: EUR}
policies:
  within: {value: 90 min, range: [1 h, 4 h], source: A study, grade: C, note: Often missed.}
  share: {value: 12.5 %, range: [0.1, 0.3]}
  far: {value: 9, range: [1, 5]}
  fixed: {value: 9, range: [9, 9]}
  bare: 7
  price: {value: 1 250 EUR, range: [1 000 EUR, 2 000 EUR]}
  loss: {value: -0.02, range: [-0.05, 0]}
cost_of_finance: {value: 6 %, range: [4 %, 10.5 %]}
channels:
  web: {process: p, rate: {value: 1 200 /y, range: [800 /y, 3 000 /y]}}
teams:
  alike: {label: Alike, head_count: 3}
  named: {label: Named, members: {ana: {}, rui: {}}}
processes:
  p:
    steps:
      work: {kind: work, team: alike, effort: {lognormal: {median: 1 h, sigma: 0.3}, range: [30 min, 2 h]}}
      more: {kind: work, team: named, effort: 1 h}
      over: {kind: end, outcome: done}
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A scenario with numbers of every kind."""
    path = tmp_path_factory.mktemp("levers") / "levers.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return load_scenario(path)


@pytest.fixture(scope="module")
def found(loaded):
    """Its levers by path."""
    return {lever.path: lever for lever in levers(loaded)}


def test_head_counts_and_plain_numbers_with_a_range_are_levers(found):
    """A number without a range, with an empty one, or drawn by chance is none."""
    assert list(found) == [
        "teams.alike.head_count", "teams.named.head_count",
        "policies.within", "policies.share", "policies.far", "policies.price", "policies.loss",
        "cost_of_finance", "channels.web.rate",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "low", "high", "step", "unit"),
    [
        ("teams.alike.head_count", 3, 1, 7, 1, ""),
        ("teams.named.head_count", 0, 0, 4, 1, ""),
        ("policies.within", 90, 60, 240, 5, "min"),
        ("policies.share", 12.5, 10, 30, 0.5, "%"),
        ("policies.far", 9, 1, 9, 1, ""),
        ("policies.price", 1250, 1000, 2000, 20, "EUR"),
        ("policies.loss", -0.02, -0.05, 0, 0.001, ""),
        ("channels.web.rate", 1200, 800, 3000, 50, "/y"),
    ],
)
def test_a_lever_counts_in_the_unit_in_which_the_number_is_written(found, path, value, low, high, step, unit):
    """Its ends are those of the evidence, in whatever unit these are written, and hold the number itself."""
    lever = found[path]
    assert (lever.value, lever.low, lever.high, lever.step) == pytest.approx((value, low, high, step))
    assert lever.unit == unit


def test_levers_stand_in_groups(found):
    """People come first; sections that are rarely moved are together."""
    assert found["teams.named.head_count"].group == PEOPLE
    assert found["policies.within"].group == GROUPS["policies"]
    assert found["cost_of_finance"].group == OTHER
    assert found["teams.named.head_count"].label == "Named, further people"


def test_a_lever_says_where_its_range_comes_from(found):
    """Range, grade, source and note."""
    text = found["policies.within"].help.replace("\u00a0", " ")
    assert text == "Range by the evidence: 1 h to 4 h, grade C. A study. Often missed."


def test_only_whole_numbers_move_in_whole_steps(found):
    """Nobody hires half a caller, and a share may move by half a point."""
    assert found["teams.alike.head_count"].whole
    assert found["policies.price"].whole
    assert not found["policies.share"].whole


def test_both_ends_of_every_lever_can_be_stated(loaded, found):
    """What a lever writes is read by the schema as the number that was meant."""
    for lever in found.values():
        for value in (lever.low, lever.value, lever.high):
            load_changed(loaded, {lever.path: lever.written(value)})
    changed = load_changed(loaded, {"policies.within": found["policies.within"].written(120)})
    assert changed.scenario.policies["within"].fixed == 2


def test_the_baseline_has_levers_of_every_group():
    """The shipped scenario offers people, rules, channels and all others, each with room to move."""
    offered = levers(load_scenario("baselines/pt_installation"))
    assert {lever.group for lever in offered} == {PEOPLE, *GROUPS.values(), OTHER}
    assert all(lever.low <= lever.value <= lever.high and lever.low < lever.high for lever in offered)
    assert all(lever.help for lever in offered if lever.group != PEOPLE)
