"""Trials: once each, more replications where asked, and refusals without any."""

import numpy as np
import pytest

from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run
from simulator.experiment.search.evaluation import Trials
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.experiment.search.spending import committed

KPIS = ("margin", "net_cash")


@pytest.fixture
def counted(portfolio, six_tools, quickly):
    """Trials, and the number of tasks that were done for them so far."""
    done = []
    with Trials(portfolio, six_tools, quickly, KPIS, 9_000, lambda now, total: done.append(now)) as trials:
        yield trials, done


def test_a_trial_is_the_study_of_its_scenario(counted, portfolio, six_tools):
    """The same figures as a run of the scenario with the choice laid over it."""
    trials, _ = counted
    choice = (1, 0, 0, 0, 1, 0)
    (trial,) = trials.tried([choice], 5, 3)
    study = run(six_tools.laid(portfolio, choice), Plan(seed=5, replications=3, jobs=1, engine="simpy"))
    assert trial.kpis.tolist() == [study.samples[kpi].tolist() for kpi in KPIS]
    assert trial.cash[:, -1] == pytest.approx(trial.kpis[1])
    assert (trial.spending, trial.refused) == (7_000, "")


def test_nothing_is_tried_twice(counted):
    """What is known costs no task; more replications cost those that are missing, and begin with those known."""
    trials, done = counted
    choice = (1, 0, 0, 0, 0, 0)
    (few,) = trials.tried([choice], 1, 2)
    again = trials.tried([choice, choice], 1, 2)
    assert len(done) == 1
    assert all(each is few for each in again)
    (more,) = trials.tried([choice], 1, 5)
    assert len(done) == 2
    assert more.kpis.shape == (2, 5)
    assert (more.kpis[:, :2] == few.kpis).all()
    assert more.cash.shape[0] == 5


def test_seeds_are_kept_apart(counted):
    """Another seed is other luck, and known by itself."""
    trials, _ = counted
    base = trials.space.base
    one, other = (trials.tried([base], seed, 2)[0] for seed in (1, 2))
    assert (one.kpis != other.kpis).any()
    assert list(trials.known(1)) == list(trials.known(2)) == [base]
    assert trials.known(3) == {}


def test_many_replications_are_shared_out(counted):
    """Twenty-five replications are three tasks, in their order."""
    trials, done = counted
    (trial,) = trials.tried([trials.space.base], 1, 25)
    assert len(done) == 3
    (first,) = trials.tried([trials.space.base], 1, 4)
    assert first is trial
    assert trial.kpis.shape == (2, 25)
    assert len(set(trial.kpis[0])) == 25


def test_what_is_over_the_budget_is_not_simulated(counted):
    """10 000 EUR of 9 000: refused with its price, and never tried again."""
    trials, done = counted
    for _ in range(2):
        (trial,) = trials.tried([(1, 1, 0, 0, 0, 0)], 1, 4)
    assert (trial.refused, trial.spending, trial.kpis.size) == ("over the budget", 10_000, 0)
    assert len(done) == 1


def test_what_is_no_scenario_is_refused_in_words(portfolio, quickly):
    """A desk with nobody is no error of the search."""
    space = Space((Dimension("desk", (Level("1"), Level("0", (), {"teams.desk.head_count": 0}))),))
    with Trials(portfolio, space, quickly, KPIS, None) as trials:
        (trial,) = trials.tried([(1,)], 1, 2)
    assert "in which there is nobody" in trial.refused
    assert np.isnan(trial.spending)


def test_committed_is_set_up_licence_and_wages(portfolio):
    """A person at 10 EUR an hour for the working hours of a year, a licence of 100 a month, a set-up of 700."""
    bought = {"licence": "73 EUR/month", "set_up": "700 EUR"}
    space = Space((
        Dimension("desk", (Level("1"), Level("2", (), {"teams.desk.head_count": 2}))),
        Dimension("tool", (Level("no"), Level("yes", (), {"tools.x": bought}))),
    ))  # fmt: skip
    base, person, tool = (
        committed(compiled(space.laid(portfolio, choice), Plan())) for choice in ((0, 0), (1, 0), (0, 1))
    )
    hours = 52 * 5 * 8 * 365 / 364
    assert person - base == pytest.approx(10 * hours, rel=0.02)
    assert tool - base == pytest.approx(73 * 8760 / 730.5 + 700, abs=0.01)
