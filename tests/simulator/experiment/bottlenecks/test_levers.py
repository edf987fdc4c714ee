"""The list of what could be relieved: teams, delays, efforts and policies, each by a change that the scenario takes."""

from itertools import pairwise

import pytest

from simulator.chance.distributions import DistributionTable
from simulator.errors import StudyError
from simulator.experiment.bottlenecks.levers import levers_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.schema.loading import load_changed, load_scenario

STEPS = "processes.sale.steps"


def listed(loaded, kind):
    """Place and change of each lever of a kind."""
    return [(lever.path, lever.change) for lever in levers_of(loaded, [kind])]


def changes(loaded, kind, path):
    """What the levers of a place change."""
    return [dict(lever.changes) for lever in levers_of(loaded, [kind]) if lever.path == path]


def test_every_team_delay_effort_and_policy_is_listed(by_hand):
    """In the order of the file, kind by kind, with the step that each takes."""
    assert listed(by_hand, "person") == [("teams.desk", "one more person"), ("teams.bench", "one more person")]
    assert listed(by_hand, "speed") == [("teams.desk", "10 % faster"), ("teams.bench", "10 % faster")]
    assert listed(by_hand, "delay") == [(f"{STEPS}.rest", "one day less"), (f"{STEPS}.short", "10 % less")]
    assert listed(by_hand, "effort") == [(f"{STEPS}.{each}", "10 % less effort") for each in ("call", "check")]
    assert [lever.kind for lever in levers_of(by_hand)] == (
        ["person"] * 2 + ["speed"] * 2 + ["delay"] * 2 + ["effort"] * 2 + ["policy"] * 7
    )


def test_policies_move_by_a_day_a_tenth_or_one(by_hand):
    """Times of more than a day by a day; money and shares by a tenth both ways; whole numbers by at least one."""
    assert changes(by_hand, "policy", "policies.grace") == [{"policies.grace": "24 h"}]
    assert changes(by_hand, "policy", "policies.price") == [
        {"policies.price": "900 EUR"}, {"policies.price": "1100 EUR"},
    ]  # fmt: skip
    assert changes(by_hand, "policy", "policies.tries") == [{"policies.tries": "3"}, {"policies.tries": "5"}]
    assert changes(by_hand, "policy", "policies.share") == [{"policies.share": "0.09"}, {"policies.share": "0.11"}]
    assert ("policies.tries", "1 less") in listed(by_hand, "policy")


def test_a_team_is_faster_with_all_its_members(by_hand):
    """The pace of the team and that of the members who have their own."""
    assert changes(by_hand, "speed", "teams.bench") == [
        {"teams.bench.speed": "1.1", "teams.bench.members.slow.speed": "0.88"}
    ]


@pytest.mark.parametrize(
    ("duration", "change", "mean"),
    [
        ("{lognormal: {median: 30 h, p90: 80 h}}", "one day less", -24),
        ("{uniform: {low: 10 h, high: 30 h}}", "10 % less", -2),
        ("{mix: [{weight: 1, exponential: 2 d}, {weight: 1, fixed: 4 d}]}", "one day less", -24),
        ("grace", "10 % less", None),
    ],
)
def test_a_day_is_a_day_whatever_the_form(by_hand, duration, change, mean):
    """The mean of a distribution falls by a day or a tenth; of a formula nobody knows the mean beforehand: a tenth."""
    loaded = load_changed(by_hand, {f"{STEPS}.rest.duration": duration})
    [lever] = [each for each in levers_of(loaded, ["delay"]) if each.path == f"{STEPS}.rest"]
    assert lever.change == change
    if mean is not None:
        stated = loaded.scenario.processes["sale"].steps["rest"].duration
        table = DistributionTable()
        before = table.mean(table.add(stated.form, stated.parameters))
        shortened = load_changed(loaded, lever.changes).scenario
        factor = 2.718281828459045 ** shortened.effects["shorter"].coefficient.fixed
        assert before * factor - before == pytest.approx(mean)


@pytest.mark.parametrize(
    "changed", [{"until": {"weekdays": ["Mon"], "at": "09:00"}}, {"clock": "business"}, {"effects": ["slower"]}]
)
def test_where_a_day_would_not_be_a_day_it_is_a_tenth(by_hand, changed):
    """Three days until a Monday, of business hours, or moved by an effect: 10 % less."""
    slower = {"effects.slower": {"reads": "1", "coefficient": 0.1}}
    loaded = load_changed(by_hand, slower | {f"{STEPS}.rest.{key}": value for key, value in changed.items()})
    assert (f"{STEPS}.rest", "10 % less") in listed(loaded, "delay")


def test_a_shorter_wait_is_shorter_in_the_run_too(by_hand):
    """Applied twice, under names of their own, the lead orders a day earlier, then a tenth of the rest."""
    plan = Plan(replications=1, jobs=1, engine="simpy")
    loaded, times = by_hand, []
    for _ in range(2):
        times.append(run(loaded, plan).samples["lead_to_order_mean"][0])
        lever = next(each for each in levers_of(loaded, ["delay"]) if each.path == f"{STEPS}.rest")
        assert lever.change == ("one day less" if len(times) == 1 else "10 % less")
        loaded = load_changed(loaded, lever.changes)
    times.append(run(loaded, plan).samples["lead_to_order_mean"][0])
    assert [a - b for a, b in pairwise(times)] == pytest.approx([1, 0.2])
    assert list(loaded.scenario.effects) == ["shorter", "shorter_1"]


@pytest.mark.parametrize("name", ["theory/m_m_4", "processes/order_to_pay"])
def test_every_lever_of_a_shipped_scenario_can_be_read(name):
    """Each change makes a valid scenario that differs from the one as it is."""
    loaded = load_scenario(name)
    for lever in levers_of(loaded):
        assert load_changed(loaded, lever.changes).digest != loaded.digest, lever


def test_nothing_to_relieve_is_a_sentence():
    """A scenario of theory has no policies."""
    with pytest.raises(StudyError, match="nothing of the kind policy that could be relieved"):
        levers_of(load_scenario("theory/m_m_4"), ["policy"])
