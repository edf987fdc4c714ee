"""Changes stated by their paths: what they reach, what they keep, and what they are refused for."""

import pytest

from simulator.errors import ScenarioError
from simulator.schema.loading import load_changed, load_scenario
from simulator.schema.scenario import Scenario


@pytest.fixture(scope="module")
def baseline():
    """The shipped baseline, which has named members, drops, distributions and evidence."""
    return load_scenario("baselines/pt_installation")


def refused(base, changes):
    """Sentences that changes are refused with."""
    with pytest.raises(ScenarioError) as caught:
        load_changed(base, changes)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("teams.engineering.head_count", 4, lambda s: s.teams["engineering"].head_count == 4),
        ("teams.sdr.members.ana.head_count", "3", lambda s: s.teams["sdr"].members["ana"].head_count == 3),
        ("policies.nurture_gap", "7 d", lambda s: s.policies["nurture_gap"].fixed == 168),
        ("policies.speed_credit", 0.4, lambda s: s.policies["speed_credit"].fixed == 0.4),
        ("channels.paid_search.rate", "8 766 /y", lambda s: s.channels["paid_search"].rate.fixed == 1),
        ("channels.trade_fairs.drops[1].leads", "99", lambda s: s.channels["trade_fairs"].drops[1].leads == 99),
        ("teams.sales.members.tiago", None, lambda s: list(s.teams["sales"].members) == ["marta", "joao", "ines"]),
        ("teams.sdr.members.zoe", "{head_count: 2}", lambda s: "zoe" in s.teams["sdr"].members),
        (
            "channels.paid_search.brings.intent.beta.mean", 0.6,
            lambda s: s.channels["paid_search"].brings["intent"].parameters == {"mean": 0.6, "sd": 0.2},
        ),
    ],
)  # fmt: skip
def test_a_change_reaches_its_place(baseline, path, value, found):
    """Counts, texts with units, members, items of lists and parameters of distributions can each be changed alone."""
    changed = load_changed(baseline, {path: value})
    assert not found(baseline.scenario)
    assert found(changed.scenario)
    assert changed.digest != baseline.digest
    assert changed.scenario.name == "What if"


def test_everything_else_stays(baseline):
    """But for the name and the changed count, the scenario is the one that it was."""
    changed = load_changed(baseline, {"teams.engineering.head_count": 4, "name": baseline.scenario.name})
    back = load_changed(changed, {"teams.engineering.head_count": 3, "name": baseline.scenario.name})
    assert changed.digest != baseline.digest
    assert back.scenario.teams == baseline.scenario.teams
    assert back.digest == load_changed(baseline, {"description": "", "name": baseline.scenario.name}).digest
    assert load_changed(baseline, {}) is baseline


def test_what_a_change_leaves_alone_is_not_read_again(baseline):
    """Blocks are those of the base, of the last one where changes are laid over changes; all is as if read anew."""
    once = load_changed(baseline, {"teams.engineering.head_count": 4})
    twice = load_changed(once, {"policies.nurture_gap": "7 d", "channels.trade_fairs.drops[0].leads": 1})
    assert twice.scenario.processes["lead"] is baseline.scenario.processes["lead"]
    assert twice.scenario.teams["engineering"] is once.scenario.teams["engineering"]
    assert twice.scenario.teams["sales"] is baseline.scenario.teams["sales"]
    assert twice.scenario.channels["email"] is baseline.scenario.channels["email"]
    anew = Scenario.model_validate(twice.statements.data)
    assert twice.scenario == anew
    assert twice.scenario.model_fields_set == anew.model_fields_set
    assert anew.processes["lead"] is not baseline.scenario.processes["lead"]


def test_a_change_is_the_same_as_a_file_that_states_it(baseline, tmp_path):
    """An overlay written by hand and the change of a path leave the same scenario."""
    file = tmp_path / "more.yaml"
    text = "caudal: 1\nname: What if\nbased_on: baselines/pt_installation\npolicies: {nurture_gap: 7 d}\n"
    file.write_text(text, encoding="utf-8")
    assert load_changed(baseline, {"policies.nurture_gap": "7 d"}).digest == load_scenario(file).digest


def test_a_changed_number_loses_the_source_of_the_old_one(baseline):
    """In the register of assumptions a changed number is an assumption of one's own, also where a part was changed."""
    changed = load_changed(baseline, {"policies.mql_threshold": 60, "channels.website.brings.intent.beta.mean": 0.6})
    assert changed.unsourced["policies", "mql_threshold"] == "What if"
    assert changed.scenario.channels["website"].brings["intent"].source == ""
    assert baseline.scenario.channels["website"].brings["intent"].source == "own assumption"


def test_the_base_is_not_touched(baseline):
    """Changes inside a list or a distribution leave the statements of the base as they were."""
    before = repr(baseline.statements.data)
    load_changed(baseline, {"channels.trade_fairs.drops[0].leads": 1, "channels.website.brings.intent.beta.sd": 0.1})
    assert repr(baseline.statements.data) == before


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("teams.sdrs.head_count", 2, "there is no 'sdrs' in teams; did you mean 'sdr'?"),
        ("policies.mql_treshold", 65, "there is no 'mql_treshold' in policies; did you mean 'mql_threshold'?"),
        ("teams.sdr.head_cuont", 2, "there is no 'head_cuont' here; did you mean 'head_count'?"),
        ("teams.sales.members.tigao", None, "there is no 'tigao' to remove; did you mean 'tiago'?"),
        ("teams.sdr.head_count", "many", "expected a whole number, not 'many'"),
        ("teams.sdr.members.ana.head_count", -1, "must be at least 0, not '-1'"),
        ("channels.trade_fairs.drops[9].leads", 5, "there is no [9] in channels.trade_fairs.drops"),
        ("channels.paid_search.rate", "20 min", "'20 min' has the wrong unit"),
        ("policies..x", 1, "this is no path"),
        ("policies.mql_threshold", "[1", "this is not YAML"),
        ("policies.mql_threshold", "{value: 1, value: 2}", "'value' stands twice"),
    ],
)
def test_a_mistake_is_told_with_its_path(baseline, path, value, sentence):
    """Unknown names, which a file would take for new ones, and bad values are refused in one sentence with the mend."""
    (told,) = refused(baseline, {path: value})
    assert told.startswith(f"changes: {path}: ")
    assert sentence in told


def test_all_mistakes_are_told_at_once(baseline):
    """Each of two unknown names has its sentence."""
    assert len(refused(baseline, {"teams.sdrs.head_count": 2, "policies.mql_treshold": 65})) == 2


def test_one_place_cannot_be_stated_twice(baseline):
    """A plain value and a part of it contradict each other."""
    told = refused(baseline, {"policies.mql_threshold": 1, "policies.mql_threshold.value": 2})
    assert "another change states" in told[0]
