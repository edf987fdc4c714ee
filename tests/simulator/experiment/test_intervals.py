import math

import numpy as np
import pytest
from scipy import stats

from simulator.experiment.intervals import (
    MOST,
    Estimate,
    bootstrap_interval,
    p_value_of,
    part_values,
    ratio_values,
    skewed_interval,
    standard_error,
    t_interval,
)


def test_a_t_interval_worked_by_hand():
    """Law's example: ten values 1.20 ... 1.09 have mean 1.34 and a 90 % half-width of 0.24."""
    values = np.array([1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09])
    estimate = t_interval(values, 0.90, "h")
    assert estimate.mean == pytest.approx(1.343)
    assert estimate.half_width == pytest.approx(1.833 * math.sqrt(0.17) / math.sqrt(10), rel=0.02)
    assert (estimate.n, estimate.unit) == (10, "h")


def test_the_interval_is_that_of_scipy():
    """Low and high agree with scipy's own t distribution."""
    values = np.array([3.0, 5.0, 4.0, 8.0, 2.5])
    low, high = stats.t.interval(0.95, 4, loc=values.mean(), scale=stats.sem(values))
    estimate = t_interval(values)
    assert (estimate.low, estimate.high) == pytest.approx((low, high))


def test_undefined_values_count_for_nothing():
    """NaN values are left out of mean, interval and n."""
    estimate = t_interval(np.array([math.nan, 2.0, 4.0, math.nan]))
    assert estimate == t_interval(np.array([2.0, 4.0]))
    assert estimate.n == 2


def test_one_value_has_no_interval():
    """A single defined value gives a mean and neither low nor high."""
    estimate = t_interval(np.array([7.0, math.nan]))
    assert (estimate.mean, estimate.n) == (7.0, 1)
    assert math.isnan(estimate.low)
    assert math.isnan(estimate.high)


def test_nothing_defined_gives_nothing():
    """Only NaN values, or none at all, give NaN and n = 0 without a warning."""
    for values in (np.array([math.nan, math.nan]), np.array([])):
        estimate = t_interval(values)
        assert estimate.n == 0
        assert math.isnan(estimate.mean)


def test_equal_values_have_an_interval_of_no_width():
    """Equal values that floating point cannot average exactly still have a spread of exactly zero."""
    values = np.full(30, 0.1)
    assert standard_error(values) == 0.0
    assert t_interval(values).half_width == 0.0


@pytest.mark.theory
@pytest.mark.parametrize("n", [2, 5, 30])
def test_intervals_cover_at_their_nominal_rate(n):
    """Of 1,000 synthetic normal studies, 95 % cover the truth within three standard errors of that share."""
    rng = np.random.default_rng(n)
    estimates = [t_interval(rng.normal(10.0, 3.0, n)) for _ in range(1000)]
    covered = sum(e.low <= 10.0 <= e.high for e in estimates) / 1000
    assert abs(covered - 0.95) <= 3 * math.sqrt(0.95 * 0.05 / 1000)
    assert min(e.half_width for e in estimates) > 0


def test_more_confidence_is_wider_and_more_values_narrower():
    """The half-width grows with the confidence and falls with the number of values."""
    values = np.random.default_rng(1).normal(size=40)
    assert t_interval(values, 0.99).half_width > t_interval(values, 0.95).half_width
    assert t_interval(values).half_width < t_interval(values[:5]).half_width


def test_a_bootstrap_interval_is_that_of_its_definition_and_the_same_each_time():
    """The ends are the mean less its error times the outer quantiles of the resamples' own t-values."""
    sample = np.random.default_rng(2).lognormal(0, 1, 40)
    resamples = np.random.default_rng(7).choice(sample, (50_000, 40))
    ratios = (resamples.mean(axis=1) - sample.mean()) / stats.sem(resamples, axis=1)
    low, high = sample.mean() - stats.sem(sample) * np.quantile(ratios, [0.975, 0.025])
    found = bootstrap_interval(np.append(sample, math.nan), unit="EUR")
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.05)
    assert found == bootstrap_interval(sample, unit="EUR")
    assert (found.mean, found.n, found.unit) == (pytest.approx(sample.mean()), 40, "EUR")
    assert found.high - found.mean > found.mean - found.low  # longer towards the long tail


def test_a_bootstrap_of_a_mirrored_sample_is_mirrored():
    """Losses and gains are treated alike: the ends change places and signs."""
    sample = np.random.default_rng(4).lognormal(0, 1, 20)
    found, mirrored = bootstrap_interval(sample), bootstrap_interval(-sample)
    assert (-mirrored.high, -mirrored.low) == pytest.approx((found.low, found.high), rel=0.01)


@pytest.mark.parametrize(
    "sample", [[], [5.0], [2.0] * 9, [math.nan, 1.0], [1.0, 9, 2, 4, 3, 3, 1], [0.0] * 19 + [5.0], [0.0] * 9 + [-5.0]]
)
def test_a_bootstrap_needs_values_that_differ(sample):
    """With fewer than eight values, equal ones, or one alone that differs, it is what the t-interval is."""
    found, expected = bootstrap_interval(np.array(sample)), t_interval(np.array(sample))
    assert (found.mean, found.low, found.high) == pytest.approx(
        (expected.mean, expected.low, expected.high), nan_ok=True
    )


@pytest.mark.theory
@pytest.mark.parametrize(("n", "gained"), [(10, 0.03), (30, 0.015)])
def test_bootstrap_intervals_cover_skewed_figures_better_than_students(n, gained):
    """Of 1,000 samples of lognormal values at least 90 % of the intervals hold the mean, more than of Student's."""
    rng, true = np.random.default_rng(n), math.exp(0.5 * 0.8**2)
    samples = rng.lognormal(0, 0.8, (1000, n))
    both = [(t_interval(sample), bootstrap_interval(sample)) for sample in samples]
    student, resampled = np.mean([[e.low <= true <= e.high for e in pair] for pair in both], axis=0)
    assert 0.90 <= resampled <= 0.97
    assert resampled > student + gained


@pytest.mark.theory
@pytest.mark.parametrize("n", [10, 30])
def test_bootstrap_intervals_of_symmetric_figures_are_no_worse(n):
    """Where nothing is skewed they cover at their nominal rate, within three standard errors, and are little wider."""
    samples = np.random.default_rng(n).normal(size=(1000, n))
    both = [(t_interval(sample), bootstrap_interval(sample)) for sample in samples]
    assert np.mean([e.low <= 0 <= e.high for _, e in both]) == pytest.approx(0.95, abs=0.021)
    assert np.median([e.half_width / t.half_width for t, e in both]) < 1.1


def test_very_many_values_need_no_bootstrap():
    """Beyond a thousand values the skewness of a mean is gone, and a bootstrap would only take memory."""
    sample = np.random.default_rng(3).lognormal(size=MOST + 1)
    assert bootstrap_interval(sample) == t_interval(sample)
    assert bootstrap_interval(sample[:-1]) != t_interval(sample[:-1])


def test_the_p_value_of_students_interval_is_that_of_the_t_test():
    """As scipy has it, for samples that are far from 0, near, and on either side."""
    rng = np.random.default_rng(5)
    for mean in (-3.0, -0.1, 0.0, 0.4, 2.0):
        sample = rng.normal(mean, 1.0, 12)
        assert p_value_of(t_interval(sample)) == pytest.approx(stats.ttest_1samp(sample, 0.0).pvalue)


def test_the_p_value_of_a_bootstrap_interval_agrees_with_it():
    """It is below 5 % in just those samples whose 95 % interval leaves out 0."""
    rng, told = np.random.default_rng(8), []
    for _ in range(300):
        found = bootstrap_interval(rng.lognormal(0, 1, 20) - 1.3)
        told.append((found.low <= 0 <= found.high, p_value_of(found) >= 0.05))
    assert all(inside == large for inside, large in told)
    assert 0.1 < np.mean(told) < 0.95


def test_a_p_value_needs_two_values_and_a_spread():
    """One value has none; a mean of nothing is 1; equal values go by their signs."""
    assert math.isnan(p_value_of(t_interval(np.array([1.0]))))
    assert p_value_of(t_interval(np.array([-1.0, 1.0]))) == 1.0
    assert p_value_of(t_interval(np.full(5, -2.0))) == stats.binomtest(5, 5).pvalue
    assert p_value_of(Estimate(2.0, 1.0, 3.0, 30)) < p_value_of(Estimate(2.0, 0.1, 3.0, 30)) < 0.05


def test_an_interval_of_a_skewed_figure_is_on_neither_side_shorter_than_students():
    """It reaches further on the side of the long tail, by the bootstrap, and on the other as far as Student's."""
    sample = np.random.default_rng(2).lognormal(0, 1, 20)
    student, resampled, found = (each(sample, unit="EUR") for each in (t_interval, bootstrap_interval, skewed_interval))
    assert (found.low, found.high) == (student.low, resampled.high)
    assert (found.mean, found.n, found.unit) == (student.mean, 20, "EUR")
    assert p_value_of(found) == max(p_value_of(student), p_value_of(resampled))
    assert math.isnan(skewed_interval(sample[:1]).low)


@pytest.mark.slow
@pytest.mark.theory
def test_small_p_values_of_skewed_figures_are_nearer_to_what_they_promise():
    """Of 5,000 samples at 1 %: of normal ones no more are told than one standard error beyond, of exponential ones less
    than half as many as by the t-test.

    Holm's method asks for p-values much below 5 %, so that the tail counts and not the interval alone.
    """
    rng, size = np.random.default_rng(4), (5000, 20)
    even, uneven = rng.normal(size=size), rng.exponential(1.0, size) - 1.0
    told = np.mean([p_value_of(skewed_interval(sample)) < 0.01 for sample in even])
    assert 0.004 < told <= 0.01 + math.sqrt(0.01 * 0.99 / size[0])
    shown, student = (
        np.mean([p_value_of(interval(sample)) < 0.01 for sample in uneven])
        for interval in (skewed_interval, t_interval)
    )
    assert 0.01 < shown < student / 2


def test_a_ratio_that_never_varies_has_no_spread():
    """However much both vary: ten times as much in each pair is ten, and pairs with a gap are left out."""
    below = np.array([1.0, 5.0, 2.0, math.nan, 4.0])
    assert ratio_values(10 * below, below) == pytest.approx([10.0] * 4)
    assert ratio_values(np.array([3.0, math.nan]), np.array([2.0, 2.0])) == pytest.approx([1.5])


@pytest.mark.parametrize("below", [[], [0.0, 0.0], [-3.0, 1.0], [math.nan]])
def test_a_ratio_needs_something_below_it(below):
    """Where the denominators are nothing, or less on the average, there is no ratio."""
    estimate = t_interval(ratio_values(np.ones(len(below)), np.array(below)))
    assert math.isnan(estimate.mean)


def test_a_part_of_an_amount_varies_as_its_jackknife_says():
    """Mean and standard error are those of leaving out one replication after the other (Quenouille and Tukey)."""
    rng = np.random.default_rng(9)
    wholes, amounts = rng.gamma(9.0, 10.0, 40), rng.normal(50, 1, 40)
    parts = wholes * rng.beta(2, 3, 40)

    def part(kept):
        return amounts[kept].mean() * parts[kept].mean() / wholes[kept].mean()

    without = np.array([part(np.arange(40) != i) for i in range(40)])
    found = part_values(amounts, parts, wholes)
    assert found.mean() == pytest.approx(part(np.arange(40)))
    assert standard_error(found) == pytest.approx(without.std() * math.sqrt(39), rel=0.02)
    assert standard_error(found) > 3 * standard_error(amounts * parts.mean() / wholes.mean())


def test_nothing_has_no_parts():
    """Where the whole is nothing every part is 0; an amount that is not known leaves a gap."""
    assert part_values(np.ones(3), np.zeros(3), np.zeros(3)).tolist() == [0, 0, 0]
    found = part_values(np.array([4.0, math.nan, 6.0]), np.ones(3), np.full(3, 2.0))
    assert found[[0, 2]].tolist() == [2, 3]
    assert math.isnan(found[1])


@pytest.mark.theory
def test_intervals_of_ratios_cover_at_their_nominal_rate():
    """Of 1,000 ratios of means that vary together and apart 95 % are held, within three standard errors of that share
    and the point that a ratio of 30 values is off; the numerator's interval alone, over the mean below, holds fewer.
    """
    rng, found = np.random.default_rng(6), []
    for _ in range(1000):
        below = rng.gamma(4.0, 25.0, 30)
        above = 300 - below + rng.normal(0, 5, 30)
        ratio, alone = t_interval(ratio_values(above, below)), t_interval(above / below.mean())
        found.append([each.low <= 2 <= each.high for each in (ratio, alone)])
    covered, without = np.mean(found, axis=0)
    assert covered == pytest.approx(0.95, abs=0.021 + 0.01)
    assert without < 0.6
