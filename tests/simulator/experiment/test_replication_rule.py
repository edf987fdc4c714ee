import warnings

import numpy as np
import pytest
from sim_tools.output_analysis import ReplicationsAlgorithm, confidence_interval_method

from simulator.errors import StudyError
from simulator.experiment.plan import Plan
from simulator.experiment.replication_rule import FEWEST, PrecisionPath, run_to_precision
from simulator.experiment.replications import run, run_all

SHORT = {"warm_up": 168.0, "length": 336.0, "jobs": 1}


def path_of(values, precision):
    """The rule over given values, up to the replication at which it would stop."""
    path = PrecisionPath("any", "any", precision)
    for n in range(1, len(values) + 1):
        path.add(np.array(values[:n]))
        if path.held(n):
            break
    return path


class Drawn:
    """Numbers by KPI instead of a model, as sim-tools wants it."""

    def __init__(self, values):
        self.values = values

    def single_run(self, replication_number):
        return {kpi: float(sample[replication_number]) for kpi, sample in self.values.items()}


@pytest.mark.parametrize(("seed", "spread", "precision"), [(1, 20, 0.1), (2, 40, 0.1), (3, 60, 0.05), (4, 2, 0.1)])
def test_the_rule_is_that_of_sim_tools(seed, spread, precision):
    """On the same numbers the rule asks for as many replications as the replications algorithm of sim-tools."""
    values = np.random.default_rng(seed).normal(100, spread, 1500)
    expected, _ = ReplicationsAlgorithm(half_width_precision=precision).select(Drawn({"figure": values}), ["figure"])
    path = path_of(values, precision)
    assert path.needed == expected["figure"]
    assert len(path.means) > path.needed


@pytest.mark.parametrize("seed", [5, 6])
def test_the_rule_over_several_kpis_is_that_of_sim_tools(seed):
    """On the same numbers of three KPIs at once, each is precise after as many replications, and all after the most."""
    rng = np.random.default_rng(seed)
    values = {"leads": rng.normal(100, 20, 600), "cash": rng.lognormal(4, 0.7, 600), "wait": rng.exponential(9, 600)}
    expected, _ = ReplicationsAlgorithm(half_width_precision=0.1).select(Drawn(values), list(values))
    paths = {kpi: path_of(sample, 0.1) for kpi, sample in values.items()}
    assert {kpi: path.needed for kpi, path in paths.items()} == expected
    assert len(set(expected.values())) == 3
    assert max(path.since for path in paths.values()) == max(expected.values())


def test_half_widths_are_those_of_sim_tools():
    """The path of intervals is the table of sim-tools' confidence-interval method."""
    values = np.random.default_rng(8).exponential(100, 60)
    _, expected = confidence_interval_method(list(values), desired_precision=0.5, decimal_places=9)
    path = PrecisionPath("any", "any", 0.5)
    for n in range(1, 61):
        path.add(values[:n])
    half = (expected["Upper Interval"] - expected["Lower Interval"]) / 2
    assert path.means == pytest.approx(expected["Cumulative Mean"])
    assert path.half_widths[FEWEST - 1 :] == pytest.approx(half[FEWEST - 1 :])


def test_precision_must_last():
    """Three values that happen to agree are not enough when the next ones do not."""
    lucky = [100.0, 100.1, 99.9, 150.0, 60.0, 130.0, 70.0]
    path = path_of(lucky, 0.05)
    assert (path.needed, path.since) == (None, None)
    assert path.reached > 0.05


def test_what_is_always_zero_is_precise_and_what_varies_around_zero_never():
    """A figure without spread needs no more replications; a mean of 0 has no relative precision."""
    assert path_of([0.0] * 10, 0.05).needed == FEWEST
    assert path_of([1.0, -1.0] * 10, 0.05).needed is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert path_of([float("nan")] * 10, 0.05).needed is None
    assert path_of([-100.0, -101.0, -100.5] * 4, 0.05).needed == FEWEST  # a loss is judged by its size


def test_all_kpis_of_all_scenarios_are_precise_at_once(toy, variant):
    """The study ends at the first replication at which every one of them has been precise for the look-ahead."""
    scenarios = [toy, variant("head_count: 2", "head_count: 3", "Three")]
    kpis = ("leads", "waiting_sellers")
    found = run_to_precision(scenarios, Plan(replications=3, **SHORT), 0.12, kpis, most=200)
    n = found.studies[0].replications
    assert found.reached
    assert [(path.scenario, path.kpi) for path in found.paths[:2]] == [("Toy funnel", "leads"), ("Toy funnel", kpis[1])]
    whole = run_all(scenarios, Plan(replications=n, **SHORT))
    for study, same in zip(found.studies, whole, strict=True):
        assert all(np.array_equal(study.samples[kpi], same.samples[kpi], equal_nan=True) for kpi in same.samples)
        assert study.warnings == same.warnings
    assert n == max(path.since for path in found.paths) + 5
    assert all(path.reached <= 0.12 for path in found.paths)
    assert n >= max(path.needed for path in found.paths) + 5


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing(toy):
    """Two workers, one of whom is always ahead, stop at the same replication with the same figures."""
    alone = run_to_precision([toy], Plan(replications=3, **SHORT), 0.1, ["leads"], most=50)
    both = run_to_precision([toy], Plan(replications=3, **SHORT | {"jobs": 2}), 0.1, ["leads"], most=50)
    (one,), (two,) = alone.paths, both.paths
    assert (one.means, one.half_widths[1:], one.needed) == (two.means, two.half_widths[1:], two.needed)
    assert alone.studies[0].estimates() == pytest.approx(both.studies[0].estimates(), nan_ok=True)


def test_extending_reuses_what_there_is(toy, monkeypatch):
    """A study that is extended is the study made in one go, and nothing is run twice."""
    six_weeks = SHORT | {"length": 1008.0}
    plan = Plan(replications=4, **six_weeks)
    first = run(toy, plan)
    ran = []
    from simulator.experiment import replication_rule

    real = replication_rule._replicate
    monkeypatch.setattr(replication_rule, "_replicate", lambda programs, task: ran.append(task) or real(programs, task))
    found = run_to_precision([toy], plan, 0.01, ["leads"], most=9, made=[first])
    assert [task.replication for task in ran] == [4, 5, 6, 7, 8]
    (study,), whole = found.studies, run(toy, Plan(replications=9, **six_weeks))
    for kpi, sample in whole.samples.items():
        assert np.array_equal(study.samples[kpi], sample, equal_nan=True), kpi
    assert np.array_equal(study.growth, whole.growth)
    for extended, at_once in zip(study.pictures, whole.pictures, strict=True):
        assert np.allclose(extended, at_once, rtol=1e-12, equal_nan=True)
    assert len(found.paths[0].half_widths) == 9


def test_a_limit_that_comes_first_is_told(toy):
    """Where the replications do not suffice, the study says what precision it has."""
    found = run_to_precision([toy], Plan(replications=3, **SHORT), 0.001, ["leads"], most=6)
    assert not found.reached
    (warning,) = (w for w in found.studies[0].warnings if w.startswith("The precision"))
    assert "0.1%, was not reached for leads: after 6 replications half of its interval is" in warning


def test_progress_ends_at_what_was_made(toy):
    """The number to come is an estimate, and the last is true."""
    told = []
    found = run_to_precision(
        [toy], Plan(replications=3, **SHORT), 0.2, ["leads"], progress=lambda done, total: told.append((done, total))
    )
    n = found.studies[0].replications
    assert told[-1] == (n, n)
    assert [done for done, _ in told] == list(range(1, n + 1))
    assert all(done <= total for done, total in told)


def test_what_makes_no_sense_is_refused(toy):
    """Unknown KPIs, precisions outside 0 to 1, limits below the plan, and studies of something else."""
    plan = Plan(replications=3, **SHORT)
    with pytest.raises(StudyError, match="no KPI 'leeds': did you mean leads"):
        run_to_precision([toy], plan, 0.05, ["leeds"])
    with pytest.raises(StudyError, match=r"between 0 and 1, such as 0\.05 for 5 %, not 5"):
        run_to_precision([toy], plan, 5, ["leads"])
    with pytest.raises(StudyError, match="at most 2 replications are fewer than the 3"):
        run_to_precision([toy], plan, 0.05, ["leads"], most=2)
    with pytest.raises(StudyError, match="at least one KPI"):
        run_to_precision([toy], plan, 0.05, [])
    other = run(toy, Plan(seed=2, replications=3, **SHORT))
    with pytest.raises(StudyError, match="can be extended"):
        run_to_precision([toy], plan, 0.05, ["leads"], made=[other])
