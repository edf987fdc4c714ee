"""Estimates in a given time: the same replications as a study, within the budget, with the base run only once."""

import dataclasses
import math
import subprocess
import sys
from pathlib import Path

import pytest

import simulator
from simulator.engines.choice import engine_of
from simulator.engines.warm import is_cold
from simulator.errors import ScenarioError, StudyError
from simulator.experiment import quick as module
from simulator.experiment.comparison import compare
from simulator.experiment.plan import Plan
from simulator.experiment.quick import quick, quick_estimates
from simulator.experiment.replications import run
from simulator.schema.loading import load_changed, load_scenario

ROOT = Path(__file__).resolve().parents[3]
MORE = {"teams.sellers.head_count": 3}


class Clock:
    """A clock that only replications move on, and what they were."""

    def __init__(self, takes):
        self.now, self.takes, self.runs = 0.0, takes, []

    def perf_counter(self):
        """The time now."""
        return self.now

    def engine_of(self, choice, **_):
        """The real engine, which notes what it runs."""

        def simulate(program, seed, replication):
            takes = self.takes(program, replication)
            if takes:  # of those at the same time, one moves the clock on
                self.now += takes
            self.runs.append((program.name, replication))
            return engine_of(choice)(program, seed, replication)

        return simulate


@pytest.fixture
def short(toy):
    """The toy scenario over three weeks."""
    return load_changed(toy, {"horizon.warm_up": "1 wk", "horizon.length": "2 wk", "name": "Short"})


@pytest.fixture(autouse=True)
def nothing_kept():
    """What one test has run, the next runs again."""
    module._run_of.cache_clear()


@pytest.fixture
def clock(monkeypatch):
    """Replications of 0.2 s, by a clock of the test's own."""
    clock = Clock(lambda program, replication: 0.2)
    monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(module, "engine_of", clock.engine_of)
    monkeypatch.setattr(module, "_USED", {"simpy"})
    return clock


def test_it_is_the_study_of_as_many_replications(short, clock):
    """Samples, pictures and warnings are those of an ordinary study with the same seed, to the last bit."""
    found = quick(short, MORE, 0.7, seed=4, engine="simpy")
    changed = load_changed(short, MORE)
    study = run(changed, Plan(seed=4, replications=3, jobs=1, engine="simpy"))
    assert found.replications == 3
    for kpi, sample in study.samples.items():
        assert sample.tobytes() == found.study.samples[kpi].tobytes(), kpi
    assert found.study.pictures.cash.tobytes() == study.pictures.cash.tobytes()
    assert (found.study.warnings, found.study.digest) == (study.warnings, changed.digest)
    assert (found.base, found.comparison, found.differences) == (None, None, {})


def test_differences_are_those_of_a_comparison(short, clock):
    """Against the unchanged scenario, replication i of one pairs with replication i of the other."""
    found = quick(short, MORE, 1.7, against=short, engine="simpy")
    plan = Plan(replications=4, jobs=1, engine="simpy")
    expected = compare(run(short, plan), [run(load_changed(short, MORE), plan)]).others[0].differences
    assert repr(found.differences) == repr(expected)
    assert found.differences["margin"].n == 4
    assert found.base.name == "Short"


def test_the_budget_is_spent_and_not_exceeded(short, clock):
    """With 0.2 s a replication, 1.1 s have room for five, and 0.1 s still gives the one that is needed."""
    assert (quick(short, MORE, 1.1, engine="simpy").seconds, len(clock.runs)) == (pytest.approx(1.0), 5)
    assert quick(short, {"teams.sellers.head_count": 4}, 0.1, engine="simpy").replications == 1


@pytest.mark.parametrize(("budget", "made"), [(0.29, 1), (0.31, 2), (0.39, 2), (0.59, 2), (0.61, 3)])
def test_a_second_replication_is_made_where_half_of_it_fits(short, clock, budget, made):
    """One has no interval, so that a second of 0.2 s may exceed the budget by half; a third may not exceed it."""
    found = quick(short, MORE, budget, engine="simpy")
    assert found.replications == made
    assert math.isnan(found.estimates["leads"].low) == (made == 1)


def test_how_many_there_will_be_is_told(short, clock):
    """After each replication of 0.2 s those made, and those for which 1.1 s have room."""
    told = []
    quick(short, MORE, 1.1, engine="simpy", progress=lambda *each: told.append(each))
    assert told == [(made, 5) for made in (1, 2, 3, 4, 5)]


def test_a_first_replication_that_loads_code_is_not_taken_for_the_pace(short, clock, monkeypatch):
    """Where the first takes a second because code is loaded, the budget is still filled with quick ones."""
    monkeypatch.setattr(module, "_USED", set())
    clock.takes = lambda program, replication: 0.1 if clock.runs else 1.0
    assert quick(short, MORE, 1.55, engine="simpy").replications == 6


def test_the_base_is_run_once(short, clock):
    """A second change costs its own replications only, and a change that is taken back costs nothing."""
    quick(short, MORE, 0.9, against=short, engine="simpy")
    clock.runs.clear()
    again = quick(short, {"teams.sellers.head_count": 4}, 0.2, against=short, engine="simpy")
    assert clock.runs == [("What if", 0)]
    assert (again.replications, again.base.replications, again.base.samples["leads"].size) == (1, 1, 1)
    clock.runs.clear()
    assert quick(short, MORE, 0.1, against=short, engine="simpy").replications == 2
    assert clock.runs == []


def test_another_seed_is_another_run(short, clock):
    """Replications are kept by seed."""
    one, two = (quick(short, {}, 0.2, seed=seed, engine="simpy") for seed in (1, 2))
    assert len(clock.runs) == 2
    assert one.study.samples["leads"][0] != two.study.samples["leads"][0]


def test_one_replication_has_no_interval_and_says_so(short, clock):
    """A mean alone, and the sentence that there is no interval."""
    found = quick(short, {}, 0.1, engine="simpy")
    leads = found.estimates["leads"]
    assert leads.mean > 0
    assert math.isnan(leads.low)
    assert any("One replication" in warning for warning in found.study.warnings)


def test_estimates_get_better(short, clock):
    """The first rests on one replication, each next on half as many again or more, and the last on all."""
    found = list(quick_estimates(short, MORE, 2.1, against=short, engine="simpy"))
    counts = [each.replications for each in found]
    assert counts == [1, 2, 3, 5]
    assert [each.seconds for each in found] == pytest.approx([0.4, 0.8, 1.2, 2.0])


def test_time_is_left_for_the_estimate_itself(short, clock, monkeypatch):
    """Where a comparison takes 0.15 s, that of the last replications is there within the budget too."""

    def takes_long(base, others):
        clock.now += 0.15
        return compare(base, others)

    monkeypatch.setattr(module, "compare", takes_long)
    found = list(quick_estimates(short, MORE, 2.1, against=short, engine="simpy"))
    assert [each.seconds for each in found] == pytest.approx([0.55, 1.1, 1.65])
    assert clock.now < 2.1


def test_estimates_stop_when_nobody_wants_them(short, clock):
    """A screen that is drawn anew leaves the generator, and no further replication is made."""
    estimates = quick_estimates(short, MORE, 100.0, engine="simpy")
    next(estimates)
    estimates.close()
    assert len(clock.runs) == 1


def test_most_replications(short, clock, monkeypatch):
    """Whatever the budget, there is an end."""
    monkeypatch.setattr(module, "MOST", 3)
    assert quick(short, {}, 1e6, engine="simpy").replications == 3


def test_a_result_cannot_be_changed(short, clock):
    """Neither its fields nor the samples in it."""
    found = quick(short, {}, 0.1, engine="simpy")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.seconds = 0
    with pytest.raises(ValueError, match="read-only"):
        found.study.samples["leads"][0] = 0


@pytest.mark.parametrize("budget", [0, -1, math.nan, math.inf, "1", None])
def test_a_budget_without_sense_is_refused(short, budget):
    """Nothing is run for no time, nor for ever."""
    with pytest.raises(StudyError, match="positive number of seconds"):
        quick(short, {}, budget)


def test_a_wrong_path_is_refused_before_anything_runs(short, clock):
    """The sentence names the path and what may have been meant."""
    with pytest.raises(ScenarioError, match="did you mean 'sellers'"):
        quick(short, {"teams.selers.head_count": 3}, engine="simpy")
    assert clock.runs == []


def test_other_horizons_do_not_pair(short, clock):
    """A change of the measured time cannot be compared with the base."""
    with pytest.raises(StudyError, match="measures"):
        quick(short, {"horizon.length": "3 wk"}, 0.1, against=short, engine="simpy")


def test_a_cold_engine_says_so(short, monkeypatch, tmp_path):
    """Instead of a minute's silence there is a sentence with the command that compiles."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    with pytest.raises(StudyError, match=r"simulator\.engines\.warm"):
        quick(short, {}, 0.1)
    assert quick(short, {}, 0.1, engine="simpy").replications > 0


@pytest.mark.slow
@pytest.mark.skipif(is_cold(), reason="the engine has not been compiled")
def test_a_change_of_the_baseline_by_name():
    """The public function reads a shipped scenario by its name and runs the compiled engine by real time."""
    found = simulator.quick("pt_installation", {"teams.engineering.head_count": "4"}, 2.0, against="pt_installation")
    assert found.base.name == load_scenario("pt_installation").scenario.name
    assert abs(found.differences["leads"].difference) < 20
    assert 5000 < found.estimates["leads"].mean < 7500


def test_importing_the_library_stays_light():
    """The package offers its functions without loading numbers, files or engines."""
    script = (
        "import sys, simulator; heavy = {'numpy', 'pydantic', 'numba', 'scipy', 'simpy'} & set(sys.modules); "
        "print(heavy, callable(simulator.quick), callable(simulator.quick_estimates), hasattr(simulator, 'slow'))"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["set()", "True", "True", "False"]


@pytest.mark.skipif(is_cold(), reason="the engine has not been compiled")
@pytest.mark.parametrize(("processors", "made"), [(1, 5), (3, 15), (64, 20)])
def test_a_round_has_a_replication_for_each_processor(short, clock, monkeypatch, processors, made):
    """With 0.2 s a round, 1.1 s have room for five of them, and what is found is the study of as many replications."""
    monkeypatch.setattr(module, "available_processors", lambda: processors)
    monkeypatch.setattr(module, "_USED", {"auto"})
    clock.takes = lambda program, replication: 0.2 if replication % min(processors, module.MOST_AT_ONCE) == 0 else 0.0
    told = []
    found = quick(short, {}, 1.1, progress=lambda *counts: told.append(counts))
    assert found.replications == made
    assert told == [(done, made) for done in range(made // 5, made + 1, made // 5)]
    study = run(short, Plan(replications=made, jobs=1))
    assert all(found.study.samples[kpi].tobytes() == sample.tobytes() for kpi, sample in study.samples.items())


@pytest.mark.skipif(is_cold(), reason="the engine has not been compiled")
def test_with_two_processors_a_first_look_has_an_interval(short, monkeypatch):
    """The first round is of two replications, however short the budget is."""
    monkeypatch.setattr(module, "available_processors", lambda: 2)
    found = quick(short, MORE, 1e-6, against=short)
    assert found.replications == 2
    assert math.isfinite(found.differences["leads"].low)
