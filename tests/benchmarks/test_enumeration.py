"""Every set simulated once, kept in a file, and gone on with."""

import numpy as np
import pytest

from benchmarks import enumeration
from benchmarks.enumeration import enumerated, keeping_place
from benchmarks.search import DESK, desk
from simulator.experiment.plan import Plan
from simulator.experiment.search.evaluation import Trials
from simulator.experiment.search.space import Space
from simulator.schema.loading import load_changed, load_scenario

PLAN = Plan(replications=1, jobs=1, engine="simpy", length=168.0)
SEED = 1


@pytest.fixture(scope="module")
def two_tools():
    """The small desk with two tools: four sets."""
    return load_scenario(DESK), Space(desk().dimensions[:2])


@pytest.fixture
def run(two_tools):
    """Enumerates, and says how many trials were made for it."""

    def enumerate_(replications, kept, loaded=None):
        made = []
        with Trials(loaded or two_tools[0], two_tools[1], PLAN, ("margin",), None, lambda *_: made.append(1)) as trials:
            return enumerated(trials, SEED, replications, kept), len(made)

    return enumerate_


def test_every_set_is_tried(run):
    """Four sets with two replications each, without a file."""
    found, made = run(2, None)
    assert len(found) == 4
    assert all(trial.kpis.shape == (1, 2) for trial in found.values())
    assert made == 8


def test_what_is_kept_is_not_simulated_again(run, tmp_path, monkeypatch):
    """Stopped in the middle of a line it goes on from the last whole one; all figures are those of one go."""
    monkeypatch.setattr(enumeration, "CHUNK", 1)
    monkeypatch.setattr(enumeration, "CHECKED", 1)
    kept = tmp_path / "kept.jsonl"
    whole, _ = run(1, kept)
    lines = kept.read_text(encoding="utf-8").splitlines(keepends=True)
    kept.write_text("".join([*lines[:3], lines[3][:20]]), encoding="utf-8")
    again, made = run(1, kept)
    assert made == 1 + 1, "one that checks what is kept, and the one that is missing"
    assert again.keys() == whole.keys()
    assert all(np.array_equal(again[choice].kpis, whole[choice].kpis) for choice in whole)
    more, made = run(2, kept)
    assert made == 1 + 4
    assert all(trial.kpis.shape == (1, 2) for trial in more.values())


def test_what_comes_out_otherwise_today_is_begun_anew(run, two_tools, tmp_path):
    """A file of another price is not believed."""
    kept = tmp_path / "kept.jsonl"
    run(1, kept)
    dearer = load_changed(two_tools[0], {"teams.desk.cost": "99 EUR/h"})
    found, _ = run(1, kept, dearer)
    fresh, _ = run(1, None, dearer)
    assert all(np.array_equal(found[choice].kpis, fresh[choice].kpis) for choice in fresh)
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 4


def test_each_enumeration_has_a_file_of_its_own(two_tools):
    """Another scenario, other sets and another seed are kept elsewhere; the same has the same place."""
    loaded, space = two_tools
    dearer = load_changed(loaded, {"teams.desk.cost": "99 EUR/h"})
    places = [keeping_place(loaded, space, 1), keeping_place(dearer, space, 1), keeping_place(loaded, space, 2),
              keeping_place(loaded, Space(space.dimensions[:1]), 1)]  # fmt: skip
    assert len(set(places)) == 4
    assert places[0] == keeping_place(loaded, space, 1)
