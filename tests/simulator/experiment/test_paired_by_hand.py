"""Paired intervals and Holm's adjustment: worked by hand, covering as often as they say, and seldom wrong by luck."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulator.experiment.comparison import LEVEL, holm, paired
from simulator.experiment.intervals import Estimate, standard_error, t_interval

FIXED = settings(derandomize=True, deadline=None, max_examples=80)
FEW = settings(FIXED, max_examples=8)
"""For what statsmodels adjusts, which collects garbage at every call."""
P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)
T_975 = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 10: 2.262, 15: 2.145, 20: 2.093, 30: 2.045, 61: 2.000}
"""97.5 % point of Student's t by the number of values, from the printed table."""
WORKED = [
    # Differences 1, 2, 3: mean 2, sd 1, error 1/sqrt(3), t = 3.4641 with 2 degrees of freedom.
    ([10, 20, 30], [11, 22, 33], 2.0, 2 - 4.303 / math.sqrt(3), 2 + 4.303 / math.sqrt(3), 0.0742),
    # Differences 4, -2, 1, 1: mean 1, sd sqrt(6), error sqrt(6)/2, t = 0.8165 with 3 degrees of freedom.
    ([0, 5, 1, 2], [4, 3, 2, 3], 1.0, 1 - 3.182 * math.sqrt(6) / 2, 1 + 3.182 * math.sqrt(6) / 2, 0.4740),
    # Differences -3, -5: mean -4, sd sqrt(2), error 1, t = 4 with 1 degree of freedom: p = 2 atan(1/4) / pi.
    ([5, 9], [2, 4], -4.0, -4 - 12.706, -4 + 12.706, 2 * math.atan(0.25) / math.pi),
    # Differences 2, -2: mean 0, so that nothing speaks for a difference.
    ([1, 7], [3, 5], 0.0, -2 * 12.706, 2 * 12.706, 1.0),
]
HOLM = [
    ([0.01, 0.02, 0.03], [0.03, 0.04, 0.04]),
    ([0.03, 0.02, 0.01], [0.04, 0.04, 0.03]),
    ([0.001, 0.5, 0.02], [0.003, 0.5, 0.04]),
    ([0.04], [0.04]),
    ([0.6, 0.7], [1.0, 1.0]),
    ([0.0, 0.0, 1.0], [0.0, 0.0, 1.0]),
    ([0.01, 0.013, 0.014, 0.19, 0.35, 0.5], [0.06, 0.065, 0.065, 0.57, 0.7, 0.7]),
    ([0.02, 0.02, 0.02, 0.02], [0.08, 0.08, 0.08, 0.08]),
]


@pytest.mark.parametrize(("base", "other", "mean", "low", "high", "p"), WORKED)
def test_paired_tests_worked_by_hand(base, other, mean, low, high, p):
    """Mean, both ends and p-value are those of pencil and printed table."""
    estimate, found = paired(np.array(base, float), np.array(other, float))
    assert (estimate.mean, estimate.n) == (mean, len(base))
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=2e-3)
    assert found == pytest.approx(p, abs=2e-4)


@pytest.mark.parametrize(("n", "point"), T_975.items())
def test_intervals_reach_as_far_as_the_printed_table(n, point):
    """The half width is the table's point times the standard error."""
    sample = np.arange(n, dtype=np.float64)
    assert t_interval(sample).half_width == pytest.approx(point * sample.std(ddof=1) / math.sqrt(n), rel=5e-4)


@pytest.mark.parametrize(("p_values", "adjusted"), HOLM)
def test_holm_worked_by_hand_again(p_values, adjusted):
    """The least p-value times their number, the next times one less, never below the one before, at most 1."""
    assert holm(np.array(p_values)) == pytest.approx(adjusted)


def steps_down(p_values):
    """Holm's method as it is told: look at the least first, and stop at the first that is not small enough."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, most = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        most = max(most, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = most
    return adjusted


@FEW
@given(P_VALUES)
def test_holm_is_the_stepwise_method(p_values):
    """Adjusted values agree with the steps, keep the order, and are no smaller than Bonferroni would allow."""
    adjusted = holm(np.array(p_values))
    assert adjusted == pytest.approx(steps_down(p_values))
    assert (adjusted >= np.array(p_values) - 1e-15).all()
    assert (adjusted <= np.minimum(1, len(p_values) * np.array(p_values)) + 1e-12).all()
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()


@FEW
@given(P_VALUES, st.randoms(use_true_random=False))
def test_holm_does_not_depend_on_the_order(p_values, random):
    """Tests may be listed in any order, and undefined ones among them change nothing."""
    order = list(range(len(p_values)))
    random.shuffle(order)
    once = holm(np.array(p_values))
    assert holm(np.array([p_values[i] for i in order])) == pytest.approx(once[order])
    with_gaps = holm(np.array([math.nan, *p_values, math.nan]))
    assert with_gaps[1:-1] == pytest.approx(once)


@FIXED
@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=2, max_size=20), st.floats(0.1, 50))
def test_pairs_turned_round_and_scaled(pairs, scale):
    """Exchanging the sides changes the sign, other units the size, and neither the p-value."""
    base, other = (np.array(side) for side in zip(*pairs, strict=True))
    estimate, p = paired(base, other)
    turned, p_turned = paired(other, base)
    assert (turned.mean, turned.low, turned.high) == pytest.approx((-estimate.mean, -estimate.high, -estimate.low))
    assert p_turned == pytest.approx(p)
    if standard_error(other - base) > 1e-6:
        scaled, p_scaled = paired(base * scale, other * scale)
        assert (scaled.mean, scaled.half_width) == pytest.approx(
            (scale * estimate.mean, scale * estimate.half_width), rel=1e-6, abs=1e-9
        )
        assert p_scaled == pytest.approx(p, rel=1e-6, abs=1e-12)


@FIXED
@given(st.lists(st.floats(-100, 100), min_size=2, max_size=20), st.lists(st.floats(-5, 5), min_size=20, max_size=20))
def test_interval_and_test_say_the_same(base, noise):
    """0 lies outside the 95 % interval exactly when the p-value is below 5 %."""
    base = np.array(base)
    other = base + np.array(noise[: base.size])
    estimate, p = paired(base, other)
    if standard_error(other - base) > 1e-6 and abs(p - 0.05) > 1e-6:
        assert (p < 0.05) == (not estimate.low <= 0 <= estimate.high)


def errors_of_a_share(share, n):
    """Three standard errors of a share that is observed n times."""
    return 3 * math.sqrt(share * (1 - share) / n)


@pytest.mark.parametrize(("n", "draw"), [
    (5, lambda rng, shape: rng.normal(0, 1, shape)),
    (20, lambda rng, shape: rng.normal(0, 40, shape)),
    (30, lambda rng, shape: rng.uniform(-1, 1, shape)),
], ids=["five normal", "twenty normal", "thirty uniform"])  # fmt: skip
def test_paired_intervals_cover_as_often_as_they_say(n, draw):
    """Of 1,000 synthetic studies 95 % cover the true difference, within three standard errors of that share."""
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(1000):
        base = rng.normal(100, 30, n)
        estimate, _ = paired(base, base + 2.5 + draw(rng, n))
        covered += estimate.low <= 2.5 <= estimate.high
    assert abs(covered / 1000 - 0.95) <= errors_of_a_share(0.95, 1000)


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.9, 0.99, 0.999])
def test_other_confidences_cover_as_often_as_they_say_too(confidence):
    """Of 1,000 studies of eight replications the stated share covers the mean."""
    rng = np.random.default_rng(23)
    estimates = [t_interval(rng.normal(7, 2, 8), confidence) for _ in range(1000)]
    covered = sum(e.low <= 7 <= e.high for e in estimates) / 1000
    assert abs(covered - confidence) <= errors_of_a_share(confidence, 1000)


def test_p_values_are_uniform_where_nothing_differs():
    """As many p-values lie below any level as the level says: a Kolmogorov-Smirnov test finds nothing."""
    rng = np.random.default_rng(5)
    p_values = []
    for _ in range(1000):
        base = rng.normal(10, 3, 12)
        p_values.append(paired(base, base + rng.normal(0, 1, 12))[1])
    assert stats.kstest(p_values, "uniform").pvalue > 0.01


@pytest.mark.parametrize("shared", [0.0, 0.7], ids=["independent figures", "figures that move together"])
def test_a_family_is_seldom_wrong_by_luck(shared):
    """Where nothing differs, at most one comparison of 20 KPIs in twenty finds anything, within its standard error."""
    rng = np.random.default_rng(17)
    wrong, studies = 0, 1000
    for _ in range(studies):
        common = rng.normal(0, 1, (1, 15))
        differences = math.sqrt(shared) * common + math.sqrt(1 - shared) * rng.normal(0, 1, (20, 15))
        p_values = [paired(np.zeros(15), row)[1] for row in differences]
        wrong += steps_down(p_values)[int(np.argmin(p_values))] < LEVEL
    assert wrong / studies <= LEVEL + errors_of_a_share(LEVEL, studies)
    assert wrong > 0


def test_without_adjustment_luck_would_be_taken_for_effects():
    """Of the same families most show some p-value below 5 %: the adjustment is what keeps them honest."""
    rng = np.random.default_rng(17)
    fooled = sum(
        min(paired(np.zeros(15), row)[1] for row in rng.normal(0, 1, (20, 15))) < LEVEL for _ in range(200)
    ) / 200  # fmt: skip
    assert fooled > 0.5


@pytest.mark.parametrize("effect", [0.3, 0.6, 1.0])
def test_power_grows_with_replications(effect):
    """More replications find a difference more often, about as often as the noncentral t distribution says."""
    rng = np.random.default_rng(29)
    found = []
    for n in (5, 15, 45):
        p_values = [paired(np.zeros(n), rng.normal(effect, 1, n))[1] for _ in range(400)]
        power = float(np.mean(np.array(p_values) < 0.05))
        point = stats.t.ppf(0.975, n - 1)
        shift = effect * math.sqrt(n)
        expected = stats.nct.sf(point, n - 1, shift) + stats.nct.cdf(-point, n - 1, shift)
        assert abs(power - expected) <= errors_of_a_share(expected, 400) + 0.005
        found.append(power)
    assert found == sorted(found)


@pytest.mark.parametrize(("values", "n"), [([], 0), ([math.nan, math.nan], 0), ([4.0], 1), ([4.0, math.nan], 1)])
def test_too_few_values_have_no_interval(values, n):
    """Nothing has no mean, one value has a mean without interval."""
    estimate = t_interval(np.array(values), unit="h")
    assert (estimate.n, estimate.unit) == (n, "h")
    assert math.isnan(estimate.mean) == (n == 0)
    assert math.isnan(estimate.low)
    assert math.isnan(estimate.half_width)


@FIXED
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.floats(0.5, 0.999))
def test_intervals_are_those_of_scipy(values, confidence):
    """Ends agree with scipy's t distribution, and the mean lies in the middle."""
    estimate = t_interval(np.array(values), confidence)
    error = standard_error(np.array(values))
    assert error == pytest.approx(stats.sem(values), abs=1e-9)
    if error > 0:
        low, high = stats.t.interval(confidence, len(values) - 1, np.mean(values), error)
        assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=1e-6)
    assert isinstance(estimate, Estimate)
    assert estimate.low <= estimate.mean <= estimate.high
