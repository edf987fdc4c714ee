import dataclasses
import math

import numpy as np
import pytest
from scipy import stats

from simulator.errors import StudyError
from simulator.experiment.best import against_best, intervals_against_best, probability_best
from simulator.experiment.intervals import skewed_interval, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run


@pytest.fixture(scope="module")
def named(toy):
    """Studies with given samples of one KPI, called A, B, C and so on."""
    study = run(toy, Plan(replications=2, jobs=1, warm_up=24.0, length=168.0))

    def made(*rows, kpi="orders"):
        plan = dataclasses.replace(study.plan, replications=len(rows[0]))
        return [
            dataclasses.replace(study, name=name, plan=plan, samples=dict(study.samples) | {kpi: np.array(row, float)})
            for name, row in zip("ABCDE", rows, strict=False)
        ]

    return made


def test_intervals_worked_by_hand(named):
    """Two scenarios, four pairs: the reach is the one-sided t of three degrees times the error of the difference."""
    a, b = [10.0, 12, 11, 13], [13.0, 14, 15, 15]
    first, second = against_best(named(a, b), "orders")
    error = stats.sem(np.subtract(b, a))
    reach = stats.t.ppf(0.95, 3) * error
    assert (first.difference, first.low, first.high) == pytest.approx((-2.75, -2.75 - reach, 0.0))
    assert (second.difference, second.low, second.high) == pytest.approx((2.75, 0.0, 2.75 + reach))
    assert (first.scenario, second.scenario) == ("A", "B")
    worse = stats.t.sf(2.75 / error, 3)
    assert (first.probability, second.probability) == pytest.approx((worse, 1 - worse), abs=0.005)


def test_rounding_is_no_difference(named):
    """Money that differs in its last bit only, in some order of additions, is the same: exactly nothing either way."""
    luck = np.random.default_rng(3).lognormal(14, 1, 9)
    for each in against_best(named(luck, np.nextafter(luck, np.inf), luck), "orders"):
        assert (each.difference, each.low, each.high, each.probability) == (0.0, 0.0, 0.0, pytest.approx(1 / 3))


def test_less_may_be_better(named):
    """For a KPI that is better when lower the interval of a worse scenario lies above 0."""
    slow, quick = against_best(named([50.0, 52, 51], [40.0, 41, 42], kpi="dso"), "dso")
    assert (slow.low, slow.difference > 0, slow.probability) == (0.0, True, pytest.approx(0.0, abs=0.005))
    assert (quick.high, quick.difference < 0, quick.probability) == (0.0, True, pytest.approx(1.0, abs=0.005))


def test_what_cannot_be_told_apart_straddles_zero(named):
    """Equals share the chance of being the best, and every interval holds 0 inside."""
    luck = np.random.default_rng(1).normal(100, 10, 40)
    noise = np.random.default_rng(2).normal(0, 1, (3, 40))
    found = against_best(named(*(luck + noise)), "orders")
    assert all(each.low < 0 < each.high for each in found)
    assert sum(each.probability for each in found) == pytest.approx(1)


def test_twins_share_the_first_place(named):
    """A scenario beside itself is the best with one half."""
    row = [3.0, 4.0, 8.0, 2.0]
    assert [each.probability for each in against_best(named(row, row), "orders")] == [0.5, 0.5]


def test_replications_without_a_value_are_left_out(named):
    """A replication counts when all scenarios have a value; one alone is not enough."""
    a, b = [1.0, math.nan, 3.0, 4.0], [2.0, 3.0, 5.0, 5.5]
    assert against_best(named(a, b), "orders") == against_best(named([1.0, 3, 4], [2.0, 5, 5.5]), "orders")
    assert against_best(named([1.0, math.nan], [2.0, 3.0]), "orders") == ()
    assert against_best(named([1.0, 2.0]), "orders") == ()


def test_a_kpi_without_direction_has_no_best(named):
    """Nobody can be the best in utilisation."""
    with pytest.raises(StudyError, match="neither more nor less is better"):
        against_best(named([1.0, 2.0], [3.0, 4.0]), "utilisation_sellers")


def test_three_scenarios_worked_by_hand():
    """Each pair has its own error, at 97.5 % since two pairs share it; who is surely not the best bounds nobody."""
    sample = np.array([[10.0, 12, 11, 13], [13.0, 14, 15, 15], [0.0, 9, 1, 8]])
    reach = {
        (i, j): stats.t.ppf(0.975, 3) * stats.sem(sample[i] - sample[j]) for i in range(3) for j in range(3) if i != j
    }
    mean = sample.mean(axis=1)
    found = intervals_against_best(sample)
    assert mean[2] - mean[1] + reach[2, 1] < 0
    assert found[0] == pytest.approx([mean[0] - mean[1] - reach[0, 1], 0.0 + max(0, mean[0] - mean[1] + reach[0, 1])])
    assert found[1, 0] == min(0.0, mean[1] - mean[0] - reach[1, 0])
    assert found[1, 1] == pytest.approx(min(mean[1] - mean[0] + reach[1, 0], mean[1] - mean[2] + reach[1, 2]))
    assert found[2, 1] == 0.0


@pytest.mark.theory
@pytest.mark.parametrize("noise", [(1, 1, 1, 1), (1, 1, 1, 10), (10, 1, 1, 1), (1, 3, 1, 3)])
def test_intervals_hold_for_all_scenarios_at_once(noise):
    """Of 1,000 studies of four scenarios with common luck, at least 95 % have all intervals right, whoever varies."""
    rng, true, right = np.random.default_rng(6), np.array([0.0, 0.5, 0.9, 1.0]), 0
    best_other = np.array([np.delete(true, i).max() for i in range(4)])
    for _ in range(1000):
        sample = true[:, None] + rng.normal(0, 5, 20) + np.array(noise)[:, None] * rng.normal(0, 1, (4, 20))
        low, high = intervals_against_best(sample).T
        right += bool(((low <= true - best_other) & (true - best_other <= high)).all())
    assert right / 1000 >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / 1000)


@pytest.mark.slow
@pytest.mark.theory
def test_money_with_a_long_tail_is_seldom_told_not_to_be_the_best():
    """Of three equal scenarios one has a long tail: the bootstrap of each pair calls it worse a tenth less often."""
    rng, shut_out = np.random.default_rng(5), {t_interval: 0, skewed_interval: 0}
    for _ in range(3000):
        sample = rng.normal(0, 1, (3, 20))
        sample[0] = rng.lognormal(0, 1, 20) - math.exp(0.5)
        for interval in shut_out:
            shut_out[interval] += int(intervals_against_best(sample, interval=interval)[0, 1] <= 0)
    assert shut_out[t_interval] > 150
    assert shut_out[skewed_interval] <= 0.9 * shut_out[t_interval]


def test_money_is_judged_by_the_bootstrap_and_counts_by_student(named):
    """The rule of every other difference holds here too."""
    sample = np.random.default_rng(4).lognormal(0, 1, (3, 20))
    for kpi, interval in (("margin", skewed_interval), ("orders", t_interval)):
        found = against_best(named(*sample, kpi=kpi), kpi)
        ends = intervals_against_best(sample, interval=interval)
        assert [each.low for each in found] == pytest.approx(list(ends[:, 0]))
        assert [each.high for each in found] == pytest.approx(list(ends[:, 1]))


@pytest.mark.theory
@pytest.mark.parametrize("pairs", [5, 10])
def test_few_equal_pairs_are_seldom_said_to_be_surely_apart(pairs):
    """Of 2,000 studies of two equal scenarios 1 % have one that is the best with 99.5 %; a bootstrap had 5 % at five.

    Within three standard errors of that.
    """
    rng = np.random.default_rng(7)
    sure = np.mean([probability_best(rng.normal(0, 1, (2, pairs)), 2000).max() >= 0.995 for _ in range(2000)])
    assert sure <= 0.01 + 3 * math.sqrt(0.01 * 0.99 / 2000)
    assert sure > 0.002


@pytest.mark.theory
def test_the_probability_of_a_pair_is_that_of_the_paired_t_test():
    """With five pairs it is one less the one-sided p-value, of a scenario among three too where the third is far."""
    sample = np.array([[10.0, 12, 11, 13, 15], [11.0, 12.5, 12.6, 12.8, 16.5], [-900.0, -901, -903, -900, -902]])
    expected = stats.ttest_rel(sample[1], sample[0], alternative="less").pvalue
    for rows in (sample[:2], sample):
        assert probability_best(rows, 200_000)[1] == pytest.approx(expected, abs=0.004)


@pytest.mark.theory
def test_the_probability_is_that_of_the_normal_distribution():
    """For two scenarios of many replications it is the normal tail of the difference in its standard errors."""
    difference = np.random.default_rng(8).normal(0, 1, 400)
    difference += 0.05 - difference.mean()
    sample = np.array([np.zeros(400), difference])
    expected = stats.norm.cdf(0.05 / stats.sem(difference))
    assert probability_best(sample)[1] == pytest.approx(expected, abs=0.02)
