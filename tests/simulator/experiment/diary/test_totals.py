"""Totals of the diary: leads whose fates are known by heart, over several replications."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulator.errors import StudyError
from simulator.experiment.diary.leads import Runs
from simulator.experiment.diary.totals import _turn, totals
from simulator.experiment.intervals import t_interval
from simulator.experiment.plan import Plan
from simulator.schema.loading import load_changed, load_scenario

PLAN = Plan(engine="simpy", replications=4, jobs=1)
TWO = {"teams.sellers.head_count": 2}
HALF = {"policies.interested": "50 %"}


@pytest.fixture(scope="module")
def offers():
    """Ten leads at once, one seller with an hour for each, and gone after five and a half."""
    return load_scenario(Path(__file__).with_name("offers.yaml"))


def test_what_luck_does_not_touch_is_the_same_in_every_replication(offers):
    """A second seller wins the four who had gone, each time, so that the interval has no width; none is given up."""
    found = totals(offers, load_changed(offers, TWO), PLAN)
    assert (found.replications, found.both.mean) == (4, 10)
    four = t_interval(np.full(4, 4.0), unit="leads")
    assert found.gained.total == found.net == four
    assert found.gained.causes == {"Gone?, after a shorter wait (everybody busy)": four}
    assert (found.given_up.total.mean, found.given_up.causes) == (0, {})


def test_totals_are_those_of_the_diaries(offers):
    """Mean and interval of what the diary of each replication counts, luck and all; progress is told to the end."""
    other, told = load_changed(offers, HALF), []
    found = totals(offers, other, PLAN, lambda done, total: told.append((done, total)))
    lost = [sum(Runs(offers, other, PLAN, r).diary().given_up.values()) for r in range(4)]
    assert len(set(lost)) > 1
    assert found.given_up.total == t_interval(np.array(lost, float), unit="leads")
    assert found.net.mean == -found.given_up.total.mean
    assert sum(each.mean for each in found.given_up.causes.values()) == found.given_up.total.mean
    assert told == [(done, 4) for done in range(1, 5)]


@pytest.mark.slow
def test_two_workers_count_the_same(offers):
    """The number of workers changes nothing."""
    other = load_changed(offers, HALF)
    assert totals(offers, other, replace(PLAN, jobs=2)) == totals(offers, other, PLAN)


def test_the_reverse_is_told_the_other_way_round(offers):
    """With base and other exchanged the gained are given up."""
    other = load_changed(offers, HALF)
    there, back = totals(offers, other, PLAN), totals(other, offers, PLAN)
    assert (there.given_up.total, there.gained.total) == (back.gained.total, back.given_up.total)
    assert there.net.mean == -back.net.mean


def test_scenarios_of_different_length_are_refused(offers):
    """As for one replication."""
    with pytest.raises(StudyError, match="differ in start, warm-up, length or currency"):
        totals(offers, load_changed(offers, {"horizon.length": "3 d"}), PLAN)


def test_counts_have_no_interval_below_nothing():
    """A cause that is rare has an interval that ends at 0 at the least."""
    (rare,) = _turn([{"once": 1}, {}, {}, {}]).causes.values()
    assert (rare.low, rare.mean) == (0.0, 0.25)
    assert rare.high == t_interval(np.array([1.0, 0, 0, 0])).high
