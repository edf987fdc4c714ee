"""Section 3 of docs/semantics.md: when cases come."""

import numpy as np
import pytest
from scipy import stats

from simulator.engines import daily_arrivals
from simulator.engines.arrivals import draw_arrivals
from simulator.engines.choice import engine_of
from simulator.errors import CaudalError
from tests.simulator.engines.toys import log, toy


def arrivals(channel, length="7 d", seed=1, replication=0, more=""):
    """Arrivals of one channel."""
    program = toy(f"""
      horizon: {{length: {length}{more}}}
      policies: {{gap: 2 h}}
      channels: {{a: {{process: p, {channel}}}}}
      steps: {{w: {{kind: wait, duration: 1 h}}}}
    """)
    return draw_arrivals(program, seed, replication)


def test_intervals_are_a_renewal_process_whose_first_case_comes_after_one():
    """Every three hours from three on, up to but not at the end."""
    assert arrivals("interval: 3 h", "12 h").time.tolist() == [3, 6, 9]
    assert arrivals("interval: 3 h, stops: 6 h", "12 h").time.tolist() == [3]


def test_an_interval_may_be_computed_from_policies():
    """A policy of two hours, and a half more; a draw comes on top of it."""
    assert arrivals("interval: gap + 30 min", "12 h").time.tolist() == [2.5, 5, 7.5, 10]
    drawn = arrivals("interval: {formula: gap, uniform: {low: 0 h, high: 1 h}}", "400 h").time
    assert np.all((np.diff(drawn) >= 2) & (np.diff(drawn) <= 3))
    assert np.diff(drawn).std() > 0.2


def test_intervals_of_no_time_are_a_sentence():
    """Not an endless loop."""
    with pytest.raises(CaudalError, match="the time between them is too short"):
        arrivals("interval: gap - gap")


def test_drops_come_at_once_or_spread():
    """The stated number, on the stated day; those before the run and after its end do not come."""
    assert (
        arrivals(
            "drops: [{date: 2024-01-02, leads: 3}, {date: 2023-12-31, leads: 5}, {date: 2024-01-08, leads: 1}]"
        ).time.tolist()
        == [24] * 3
    )
    spread = arrivals("drops: [{date: 2024-01-02, leads: 400, spread: 10 h}]").time
    assert spread.size == 400
    assert stats.kstest(spread, stats.uniform(24, 10).cdf).pvalue > 0.001


def test_two_drops_of_a_day_bring_different_cases():
    """The ordinal goes on, and the first drop's cases are what they were without the second."""
    one = arrivals("drops: [{date: 2024-01-02, leads: 3}]")
    two = arrivals("drops: [{date: 2024-01-02, leads: 3}, {date: 2024-01-02, leads: 4}]")
    assert np.unique(two.key).size == 7
    assert two.key[:3].tolist() == one.key.tolist()


def test_a_channel_falls_silent():
    """`stops` cuts rates, drops and intervals alike."""
    assert arrivals("rate: 20 /h, stops: 30 h", "3 d").time.max() < 30
    assert arrivals("drops: [{date: 2024-01-03, leads: 3}], stops: 30 h", "3 d").time.size == 0


def test_no_arrivals_leave_no_records():
    """An empty run is a run."""
    program = toy("{channels: {a: {process: p, rate: 0 /h}}, steps: {w: {kind: wait, duration: 1 h}}}")
    assert log(program) == []


def test_arrivals_within_the_last_part_of_an_hour_keep_their_rate():
    """Half an hour at 1,000 an hour brings 500, within four standard errors."""
    counts = [arrivals("rate: 1000 /h", "30 min", replication=r).time.size for r in range(8)]
    assert abs(np.mean(counts) - 500) < 4 * np.sqrt(500 / 8)


def test_the_mean_of_a_rate_is_kept_by_its_profile():
    """Weights are relative, over the hours, the weekdays and the months of a whole year."""
    profile = "profile: {hours: {'08-18': 3, '18-24': 1}, weekdays: {Mon: 2, Tue: 1, Fri: 5}}"
    times = arrivals(f"rate: 100 /d, {profile}", "364 d").time
    assert abs(times.size - 36400) < 4 * np.sqrt(36400)
    weekday, hour = (times // 24 % 7).astype(int), (times % 24).astype(int)
    assert set(weekday) == {0, 1, 4}
    assert hour.min() == 8


def test_arrivals_follow_the_hours_of_the_week():
    """Chi-square of the counts by hour of the week against the weights of the profile."""
    profile = "profile: {hours: {'08-12': 3, '12-20': 1}, weekdays: {Mon: 2, Wed: 1, Fri: 3}}"
    times = arrivals(f"rate: 60 /d, {profile}", "364 d").time
    observed = np.bincount((times % 168).astype(int), minlength=168)
    hours = np.array([3.0] * 4 + [1.0] * 8)
    weights = np.zeros(168)
    for day, weight in ((0, 2.0), (2, 1.0), (4, 3.0)):
        weights[24 * day + 8 : 24 * day + 20] = weight * hours
    busy = weights > 0
    assert observed[~busy].sum() == 0
    assert stats.chisquare(observed[busy], weights[busy] / weights.sum() * observed.sum()).pvalue > 0.001


@pytest.mark.parametrize("dispersion", [1, 4, 12])
def test_daily_counts_vary_as_they_are_told_to(dispersion):
    """The variance of 3,000 daily counts over their mean; a normal approximation of its error, four of them."""
    times = arrivals(f"rate: 20 /d, dispersion: {dispersion}", "3000 d").time
    counts = np.bincount((times // 24).astype(int), minlength=3000)
    kurtosis = 3 + (6 * dispersion * (dispersion - 1) + 1) / (20 * dispersion)
    error = dispersion * np.sqrt((kurtosis - 1) / 3000)
    assert abs(counts.var(ddof=1) / counts.mean() - dispersion) < 4 * error
    assert abs(counts.mean() - 20) < 4 * np.sqrt(20 * dispersion / 3000)


def test_holidays_and_growth_change_the_rate():
    """On New Year's Day a tenth; after a year half as many again."""
    holiday = arrivals("rate: 1000 /d, profile: {holidays: 10 %}", "2 d", more=", holidays: PT").time
    first, second = (int(((holiday >= 24 * d) & (holiday < 24 * d + 24)).sum()) for d in range(2))
    assert abs(first - 100) < 4 * 10
    assert abs(second - 1000) < 4 * np.sqrt(1000)
    grown = arrivals("rate: 100 /d, growth: 50 %", "395 d").time
    assert abs((grown >= 365 * 24).sum() - 30 * 150 * 1.017) < 4 * np.sqrt(30 * 150)


@pytest.mark.parametrize("dispersion", [1.0, 1.5, 4.0, 18.0])
@pytest.mark.parametrize("mean", [0.01, 0.7, 3.0, 24.0, 199.0])
def test_small_counts_are_the_quantiles_that_scipy_finds(mean, dispersion):
    """Poisson for a dispersion of 1, negative binomial beyond, far into both tails, up to rounding at a step."""
    u = np.concatenate([np.random.default_rng(7).random(400), [2.0**-54, 1e-9, 0.5, 1 - 1e-9, 1 - 2.0**-53]])
    law = stats.poisson(mean) if dispersion == 1 else stats.nbinom(mean / (dispersion - 1), 1 / dispersion)
    found = daily_arrivals.day_counts(u, np.full(u.size, mean), dispersion)
    assert (law.cdf(found) >= u - 1e-12).all()
    assert (law.cdf(found - 1) <= u + 1e-12).all()


@pytest.mark.parametrize("dispersion", [1.0, 4.0])
@pytest.mark.parametrize("mean", [200.01, 241.7, 5e3, 1e6])
def test_large_counts_are_the_quantiles_of_scipy(mean, dispersion):
    """Poisson for a dispersion of 1, negative binomial beyond, far into both tails, to the last one."""
    u = np.concatenate([np.random.default_rng(7).random(400), [2.0**-54, 1e-9, 0.5, 1 - 1e-9, 1 - 2.0**-53]])
    law = stats.poisson(mean) if dispersion == 1 else stats.nbinom(mean / (dispersion - 1), 1 / dispersion)
    assert daily_arrivals.day_counts(u, np.full(u.size, mean), dispersion).tolist() == law.ppf(u).tolist()


def test_large_counts_pass_over_to_scipy_without_a_step():
    """Just below and just above the mean at which the search ends, the same luck gives nearly the same count."""
    u = np.random.default_rng(3).random(200)
    below, above = (
        daily_arrivals.day_counts(u, np.full(u.size, daily_arrivals.SMALL_MEAN + shift), 4.0) for shift in (0, 0.01)
    )
    assert (np.abs(above - below) <= 1).all()
    assert stats.spearmanr(u, above).statistic > 0.99


def test_a_case_that_was_waited_for_comes_even_when_the_clock_stops_a_last_bit_before_its_time():
    """The clock shows now + (time - now): both engines let the case come then, and none waits for the last bit."""
    program = toy("""
      horizon: {length: 90 d}
      channels: {a: {process: p, rate: 2 /d}}
      steps: {w: {kind: wait, duration: 1 h}}
    """)
    early = 0
    for seed in range(12):
        drawn = draw_arrivals(program, seed, 0).time
        born = [engine_of(name)(program, seed, 0).cases.born for name in ("simpy", "compiled")]
        assert (born[0] == born[1]).all()
        early += int((born[0] < drawn).sum())
    assert early > 0, "no case of this test shows what it is about"
