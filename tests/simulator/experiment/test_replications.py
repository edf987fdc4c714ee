import multiprocessing
import os
import pickle
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from simulator.engines.simpy_engine import simulate
from simulator.errors import Cancelled, StudyError
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, key_of, run, run_all
from simulator.kpis.measures import measure
from simulator.schema.loading import load_scenario

SHORT = {"warm_up": 168.0, "length": 336.0}
PLAN = Plan(seed=7, replications=6, jobs=1, **SHORT)


@pytest.fixture(scope="module")
def alone(toy):
    """Six replications made in this process."""
    return run(toy, PLAN)


def same(one, other):
    """Whether two studies are the same to the last bit, but for the number of workers."""
    assert list(one.samples) == list(other.samples)
    for kpi, sample in one.samples.items():
        assert sample.tobytes() == other.samples[kpi].tobytes(), kpi
    for name, picture in one.pictures._asdict().items():
        assert picture.tobytes() == getattr(other.pictures, name).tobytes(), name
    assert one.warnings == other.warnings
    return True


def test_samples_are_what_the_engine_measures(toy, alone):
    """The value of each KPI and replication is that of the engine called by hand."""
    program = compiled(toy, PLAN)
    for replication in (0, 5):
        kpis = measure(program, simulate(program, 7, replication)).kpis
        for kpi, value in kpis.items():
            np.testing.assert_equal(alone.samples[kpi][replication], value)


def test_pictures_are_means_over_replications(toy, alone):
    """Each array of the pictures is the mean of those of the replications, undefined values left out."""
    program = compiled(toy, PLAN)
    singles = [measure(program, simulate(program, 7, r)).pictures for r in range(6)]
    for name, mean in alone.pictures._asdict().items():
        stacked = np.stack([getattr(p, name) for p in singles])
        counted = (~np.isnan(stacked)).sum(axis=0)
        with np.errstate(invalid="ignore"):
            expected = np.nansum(stacked, axis=0) / counted
        np.testing.assert_allclose(mean, expected, rtol=1e-12, err_msg=name)


def test_replications_differ_and_seeds_differ(toy, alone):
    """Every replication has its own luck, and so has every seed."""
    assert len(set(alone.samples["leads"])) > 1
    other = run(toy, Plan(seed=8, replications=6, jobs=1, **SHORT))
    assert other.samples["first_response_mean"].tolist() != alone.samples["first_response_mean"].tolist()


def test_more_replications_keep_the_first_ones(toy, alone):
    """A longer study begins with the shorter one."""
    fewer = run(toy, Plan(seed=7, replications=2, jobs=1, **SHORT))
    assert fewer.samples["leads"].tolist() == alone.samples["leads"][:2].tolist()


def test_a_study_says_what_it_is(toy, alone):
    """Name, key, fingerprint, horizon and plan stand in the study, and its samples cannot be changed."""
    assert (alone.name, alone.digest, alone.currency) == ("Toy funnel", toy.digest, "EUR")
    assert alone.key == str(toy.path)
    assert (alone.warm_up, alone.length, alone.replications) == (168.0, 336.0, 6)
    assert alone.names.teams == ("sellers",)
    with pytest.raises(ValueError, match="read-only"):
        alone.samples["leads"][0] = 0


def test_estimates_follow_the_catalogue(alone):
    """Every KPI of the catalogue has an estimate with its unit."""
    estimates = alone.estimates()
    assert list(estimates) == list(alone.catalogue) == list(alone.samples)
    assert estimates["revenue_booked"].unit == "EUR"
    assert estimates["leads"].low < estimates["leads"].mean < estimates["leads"].high


def test_a_study_is_small_and_travels(toy, alone):
    """A study survives pickling, and grows with the replications by its samples alone."""
    assert same(pickle.loads(pickle.dumps(alone)), alone)  # noqa: S301 - our own bytes
    more = run(toy, Plan(seed=7, replications=12, jobs=1, **SHORT))
    grown = len(pickle.dumps(more)) - len(pickle.dumps(alone))
    assert grown <= 6 * 8 * len(alone.samples) + 200


def test_progress_counts_every_replication(toy):
    """Progress comes once a replication and ends at the total."""
    told = []
    run_all([toy, toy], Plan(replications=2, jobs=1, **SHORT), lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_key_of_a_shipped_scenario_is_its_name():
    """A shipped scenario is named as `caudal scenarios` lists it."""
    assert key_of(load_scenario("theory/m_m_1")) == "theory/m_m_1"


def test_nothing_to_run_is_a_mistake():
    """An empty list of scenarios is refused."""
    with pytest.raises(StudyError, match="no scenario"):
        run_all([], Plan())


@pytest.mark.slow
def test_the_result_does_not_depend_on_the_number_of_workers(toy, variant, alone):
    """One process, one worker, two and three workers give the same bits; two workers really share the work."""
    busy = {}

    def watch(done, total):
        for child in multiprocessing.active_children():
            busy[child.pid] = processor_seconds(child.pid)

    # Half a second of work, since processor time is told in hundredths.
    run(toy, Plan(seed=7, replications=300, jobs=2, **SHORT), watch)
    assert len(busy) == 2
    assert os.getpid() not in busy
    assert min(busy.values()) > 0
    for jobs in (1, 2, 3):
        plan = Plan(seed=7, replications=6, jobs=jobs, **SHORT)
        assert same(run(toy, plan, cancelled=threading.Event()), alone)


@pytest.mark.slow
def test_several_scenarios_over_one_pool_are_each_as_alone(toy, variant, alone):
    """Scenarios that share the workers get the same result as each by itself, in the order asked for."""
    third = variant("head_count: 2", "head_count: 3", "Three")
    plan = Plan(seed=7, replications=6, jobs=2, **SHORT)
    first, second, again = run_all([toy, third, toy], plan)
    assert same(first, alone)
    assert same(again, alone)
    assert second.name == "Three"
    assert second.samples["leads"].tolist() == first.samples["leads"].tolist()
    assert second.estimate("first_response_mean").mean < first.estimate("first_response_mean").mean


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_changes_nothing(toy, alone):
    """After kill -9 of a worker, behind the first replication, the study ends with the same bits."""
    killed = []

    def kill_once(done, total):
        children = multiprocessing.active_children()
        if not killed and children:
            os.kill(children[0].pid, signal.SIGKILL)
            killed.append(children[0].pid)

    assert same(run(toy, Plan(seed=7, replications=6, jobs=2, **SHORT), kill_once), alone)
    assert killed


@pytest.mark.slow
def test_cancelling_a_study_leaves_no_processes(toy):
    """A study of long replications ends within two seconds of the cancellation, and so do its workers."""
    event, moments = threading.Event(), []

    def cancel():
        while len(multiprocessing.active_children()) < 2:
            time.sleep(0.05)
        time.sleep(1)
        moments.append(time.monotonic())
        event.set()

    threading.Thread(target=cancel, daemon=True).start()
    plan = Plan(replications=1000, jobs=2, length=9 * 8766.0)
    with pytest.raises(Cancelled):
        run(toy, plan, cancelled=event)
    assert time.monotonic() - moments[0] < two_seconds()
    assert not multiprocessing.active_children()


@pytest.mark.slow
def test_a_progress_callback_that_fails_ends_the_workers(toy):
    """An error of the caller comes through, and no process is left."""

    def fail(done, total):
        raise RuntimeError("the screen is gone")

    with pytest.raises(RuntimeError, match="the screen is gone"):
        run(toy, Plan(replications=50, jobs=2, **SHORT), fail)
    assert not multiprocessing.active_children()


def two_seconds():
    """Two seconds of a machine with processors to spare: more where other tests compete for them."""
    return 2 * max(1.0, os.getloadavg()[0] / os.cpu_count())


def processor_seconds(pid):
    """Processor time that a process has used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
