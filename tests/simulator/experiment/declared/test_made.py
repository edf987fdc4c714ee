"""Replications that are kept, read again and gone on from, and those that do not fit."""

import dataclasses
import json

import numpy as np
import pytest

from simulator.errors import StudyError
from simulator.experiment import replication_rule
from simulator.experiment.declared import conduct as conducting
from simulator.experiment.declared import made
from simulator.experiment.declared.made import read_made, save_made
from simulator.experiment.declared.reading import read_study
from simulator.experiment.replication_rule import run_on
from simulator.experiment.replications import _replicate, run_all
from tests.simulator.experiment.declared.conftest import LEVERS, TOY
from tests.simulator.experiment.declared.test_conduct import conducted


@pytest.fixture
def kept(study_file, tmp_path):
    """Four replications of the toy funnel and of one with a seller more, written to a file."""
    (tmp_path / "more.yaml").write_text(
        f"caudal: 1\nname: More\nbased_on: {TOY}\nteams: {{sellers: {{head_count: 3}}}}\n", encoding="utf-8"
    )
    asked = {"scenarios": [str(TOY), "more.yaml"], "kpis": ["orders"], "length": "6 wk", "twins": False}
    found, _ = conducted(study_file(**asked, replications=4))
    save_made(tmp_path / "kept.npz", found.studies)
    return asked, found, tmp_path / "kept.npz"


@pytest.fixture
def runs(monkeypatch):
    """Every replication that is really run while a study is extended: its program and its number."""
    ran = []

    def replicate(programs, task):
        ran.append((task.program, task.replication))
        return _replicate(programs, task)

    monkeypatch.setattr(replication_rule, "_replicate", replicate)
    return ran


def test_what_is_kept_is_read_as_it_was(kept):
    """Samples, pictures, growth of queues and warnings, of each scenario."""
    _, found, file = kept
    for one, other in zip(found.studies, read_made(file, found.declared.scenarios, found.plan, 4), strict=True):
        assert (one.name, one.digest, one.plan, one.warnings) == (other.name, other.digest, other.plan, other.warnings)
        assert one.samples.keys() == other.samples.keys()
        for kpi, sample in one.samples.items():
            np.testing.assert_array_equal(sample, other.samples[kpi])
        for before, after in zip(one.pictures, other.pictures, strict=True):
            np.testing.assert_array_equal(before, after)
        np.testing.assert_array_equal(one.growth, other.growth)


def test_a_study_goes_on_from_what_was_made(kept, study_file, runs):
    """Six replications where there are four: only the last two of each scenario are run, and all figures are those of
    a study made in one go.
    """
    asked, _, file = kept
    found, _ = conducted(study_file(**asked, replications=6), made=file)
    assert sorted(runs) == [(0, 4), (0, 5), (1, 4), (1, 5)]
    for one, other in zip(found.studies, run_all(found.declared.scenarios, found.plan), strict=True):
        assert one.plan == other.plan
        for kpi, sample in other.samples.items():
            np.testing.assert_array_equal(one.samples[kpi], sample)
        for extended, whole in zip(one.pictures, other.pictures, strict=True):
            np.testing.assert_allclose(extended, whole)
    runs.clear()
    assert conducted(study_file(**asked, replications=4), made=file)[0].base.replications == 4
    assert runs == []


def test_a_scenario_that_is_added_is_made_up_for(kept, study_file, tmp_path, runs, monkeypatch):
    """A third scenario, stated first, and the second one changed: both are run from their first replication on, the
    one that stayed only goes on, and all figures are those of a study made in one go.
    """
    asked, _, file = kept
    for name, sellers in (("four", 4), ("more", 5)):
        text = f"caudal: 1\nname: {name}\nbased_on: {TOY}\nteams: {{sellers: {{head_count: {sellers}}}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    anew = []
    monkeypatch.setattr(conducting, "run_all", lambda added, plan, *more: anew.append((len(added), plan.replications))
                        or run_all(added, plan, *more))  # fmt: skip
    changed = asked | {"scenarios": ["four.yaml", str(TOY), "more.yaml"]}
    found, told = conducted(study_file(**changed, replications=5), made=file)
    assert anew == [(2, 4)]
    assert sorted(runs) == [(0, 4), (1, 4), (2, 4)]
    assert told["replications of what was added"] == (8, 8)
    for one, other in zip(found.studies, run_all(found.declared.scenarios, found.plan), strict=True):
        assert one.name == other.name
        for kpi, sample in other.samples.items():
            np.testing.assert_array_equal(one.samples[kpi], sample)


def test_a_scenario_may_be_left_out(kept, study_file, runs):
    """Of two scenarios one stays: it goes on from its own replications."""
    asked, before, file = kept
    found, _ = conducted(study_file(**asked | {"scenarios": ["more.yaml"]}, replications=4), made=file)
    assert runs == []
    np.testing.assert_array_equal(found.base.samples["orders"], before.studies[1].samples["orders"])


def test_a_precision_goes_on_from_what_was_made(kept, study_file, runs):
    """Its rule sees those that there are, stops where it would have stopped, and runs only what comes after."""
    asked, _, file = kept
    precise = {"replications": 3, "precision": {"target": "20 %", "most": 40}}
    path = study_file(**asked, **precise)
    whole, extended = conducted(path)[0], conducted(path, made=file)[0]
    n = whole.base.replications
    assert extended.base.replications == n > 4
    assert runs.count((0, 0)) == runs.count((1, 3)) == 1  # by the whole one alone
    assert runs.count((0, 4)) == runs.count((1, n - 1)) == 2
    np.testing.assert_array_equal(extended.precision[0].half_widths, whole.precision[0].half_widths)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 2}, "of seed 1, not 2: leave out --seed, or give --replace"),
        ({"length": "7 wk"}, "another seed, warm-up or length"),
        ({"scenarios": [str(LEVERS)]}, "of other scenarios"),
        ({"replications": 3}, "holds 4 replications, more than the 3 that are asked for"),
    ],
)
def test_what_does_not_fit_is_refused(kept, study_file, runs, changes, words):
    """Before anything is run, with what is different and how to mend it."""
    asked, _, file = kept
    with pytest.raises(StudyError, match=words):
        conducted(study_file(**asked | {"replications": 6} | changes), made=file)
    assert runs == []


def test_another_version_made_other_replications(kept, monkeypatch):
    """What other code left cannot stand beside what this code makes."""
    _, found, file = kept
    monkeypatch.setattr(made, "software", lambda: "code 0")
    with pytest.raises(StudyError, match="made by another version of Caudal"):
        read_made(file, found.declared.scenarios, found.plan, 9)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file", None, "[]", "[{}]"])
def test_a_broken_file_is_a_sentence(kept, content):
    """No file, half a file, and one that says nothing, or not what it holds."""
    _, found, file = kept
    file.unlink()
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content is not None:
        np.savez(file, stated=content)
    with pytest.raises(StudyError, match="--replace to begin anew"):
        read_made(file, found.declared.scenarios, found.plan, 9)


def test_nothing_made_is_a_study_from_the_start(study_file):
    """Without earlier studies it is what ``run_all`` makes."""
    declared = read_study(study_file(replications=2))
    plan = declared.plan(jobs=1, engine="simpy")
    one, other = run_on(declared.scenarios, plan, []), run_all(declared.scenarios, plan)
    assert [dataclasses.asdict(each.estimate("orders")) for each in one] == [
        dataclasses.asdict(each.estimate("orders")) for each in other
    ]
    assert json.dumps([each.warnings for each in one]) == json.dumps([each.warnings for each in other])
