"""Every sampler against scipy.stats, which knows nothing of how the samplers work."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.chance import sampling
from simulator.chance.distributions import DistributionTable
from simulator.chance.keyed import LARGEST, SMALLEST, uniform, uniforms
from simulator.chance.sampling import draw, sample, samples

DRAWS = 200_000
TAILS = 10.0 ** -np.linspace(0.5, 10, 200)
GRID = np.unique(np.concatenate([TAILS, np.linspace(0.0005, 0.9995, 1999), 1.0 - TAILS]))


def _lognormal(mu, sigma):
    """Return scipy's lognormal by the mean and the deviation of the logarithm."""
    return stats.lognorm(sigma, scale=math.exp(mu))


def _by_mean_and_cv(mean, cv):
    """The lognormal with a given mean and coefficient of variation."""
    variance = math.log(1 + cv**2)
    return _lognormal(math.log(mean) - variance / 2, math.sqrt(variance))


# form, parameters, the same in scipy, relative accuracy of quantiles
CONTINUOUS = [
    ("uniform", {"low": -2, "high": 5}, stats.uniform(-2, 7), 1e-13),
    ("triangular", {"low": 1, "mode": 2, "high": 6}, stats.triang(0.2, 1, 5), 1e-13),
    ("triangular", {"low": 1, "mode": 1, "high": 6}, stats.triang(0.0, 1, 5), 1e-13),
    ("triangular", {"low": 1, "mode": 6, "high": 6}, stats.triang(1.0, 1, 5), 1e-13),
    ("pert", {"low": 2, "mode": 3, "high": 10}, stats.beta(1.5, 4.5, 2, 8), 1e-9),
    ("pert", {"low": 0, "mode": 0, "high": 1}, stats.beta(1, 5), 1e-9),
    ("normal", {"mean": 10, "sd": 3}, stats.norm(10, 3), 1e-12),
    ("lognormal", {"median": 2, "p90": 9}, _lognormal(math.log(2), math.log(4.5) / stats.norm.ppf(0.9)), 1e-13),
    ("lognormal", {"median": 2, "sigma": 0.5}, _lognormal(math.log(2), 0.5), 1e-13),
    ("lognormal", {"mean": 8, "sd": 6}, _by_mean_and_cv(8, 0.75), 1e-13),
    ("lognormal", {"mean": 8, "cv": 0.25}, _by_mean_and_cv(8, 0.25), 1e-13),
    ("exponential", {"mean": 4}, stats.expon(scale=4), 1e-13),
    ("gamma", {"mean": 5, "cv": 0.5}, stats.gamma(4, scale=1.25), 1e-9),
    ("gamma", {"shape": 0.1, "scale": 3}, stats.gamma(0.1, scale=3), 1e-7),
    ("gamma", {"shape": 400, "scale": 3}, stats.gamma(400, scale=3), 1e-11),
    ("erlang", {"mean": 6, "stages": 3}, stats.gamma(3, scale=2), 1e-9),
    ("erlang", {"mean": 6, "stages": 1}, stats.expon(scale=6), 1e-13),
    ("weibull", {"shape": 0.7, "scale": 2}, stats.weibull_min(0.7, scale=2), 1e-13),
    ("weibull", {"shape": 2, "mean": 3}, stats.weibull_min(2, scale=3 / math.gamma(1.5)), 1e-13),
    ("beta", {"mean": 0.3, "sd": 0.1}, stats.beta(6, 14), 1e-9),
    ("beta", {"a": 0.5, "b": 0.5, "low": 2, "high": 6}, stats.beta(0.5, 0.5, 2, 4), 1e-8),
    ("beta", {"mean": 30, "sd": 10, "low": 0, "high": 100}, stats.beta(6, 14, 0, 100), 1e-9),
]
# Shapes at the limits of what is accepted; most of their values underflow, or round to an end.
EXTREME = [
    ("gamma", {"shape": 0.01, "scale": 3}, stats.gamma(0.01, scale=3), 1e-6),
    ("gamma", {"shape": 1e6, "scale": 3}, stats.gamma(1e6, scale=3), 1e-8),
    ("beta", {"a": 0.05, "b": 0.05}, stats.beta(0.05, 0.05), 3e-6),
    ("beta", {"a": 1e6, "b": 0.05}, stats.beta(1e6, 0.05), 1e-9),
    ("weibull", {"shape": 0.05, "scale": 2}, stats.weibull_min(0.05, scale=2), 1e-12),
]
DISCRETE = [
    ("poisson", {"mean": 0.3}, stats.poisson(0.3)),
    ("poisson", {"mean": 6}, stats.poisson(6)),
    ("poisson", {"mean": 2000}, stats.poisson(2000)),
    ("geometric", {"mean": 3}, stats.geom(0.25, loc=-1)),
    ("geometric", {"mean": 0.05}, stats.geom(1 / 1.05, loc=-1)),
    ("choice", {"values": [5, 1, 3], "weights": [1, 2, 1]}, stats.rv_discrete(values=([1, 3, 5], [0.5, 0.25, 0.25]))),
]
TRUNCATED = [
    ("uniform", {"low": -2, "high": 5}, stats.uniform(-2, 7), 0.5, 9),
    ("triangular", {"low": 1, "mode": 2, "high": 6}, stats.triang(0.2, 1, 5), 1.5, 4),
    ("pert", {"low": 2, "mode": 3, "high": 10}, stats.beta(1.5, 4.5, 2, 8), -math.inf, 5),
    ("normal", {"mean": 10, "sd": 3}, stats.norm(10, 3), 12, math.inf),
    ("normal", {"mean": 10, "sd": 3}, stats.norm(10, 3), 20, 25),
    ("lognormal", {"median": 2, "sigma": 0.5}, _lognormal(math.log(2), 0.5), 1, 4),
    ("exponential", {"mean": 4}, stats.expon(scale=4), 2, 6),
    ("gamma", {"mean": 5, "cv": 0.5}, stats.gamma(4, scale=1.25), 2, 9),
    ("erlang", {"mean": 6, "stages": 3}, stats.gamma(3, scale=2), 3, math.inf),
    ("weibull", {"shape": 0.7, "scale": 2}, stats.weibull_min(0.7, scale=2), 0.1, 5),
    ("beta", {"mean": 0.3, "sd": 0.1}, stats.beta(6, 14), 0.2, 0.4),
]


def _name(case):
    """A readable test name."""
    return f"{case[0]}-" + "-".join(f"{name}={value}" for name, value in case[1].items())


def _bounds(low, high):
    """The truncation, as a scenario would state it."""
    return {name: bound for name, bound in (("min", low), ("max", high)) if math.isfinite(bound)}


@pytest.fixture
def table():
    """An empty table."""
    return DistributionTable()


def _quantiles(table, row, us):
    """Quantiles of a row."""
    return samples(np.asarray(us, np.float64), row, table.rows, table.points)


def _keyed(table, row, purpose):
    """Two hundred thousand keyed draws of a row; each case has a purpose of its own."""
    return _quantiles(table, row, uniforms(12, 0, np.arange(DRAWS, dtype=np.int64), purpose, 0))


def _assert_moments(values, mean, variance, fourth):
    """The sample's mean and variance lie within 4.5 of their own standard errors."""
    assert values.mean() == pytest.approx(mean, abs=4.5 * math.sqrt(variance / values.size))
    error = math.sqrt(max(fourth - variance**2, 0) / values.size)
    assert values.var() == pytest.approx(variance, abs=4.5 * error + 1e-12)


@pytest.mark.parametrize("case", CONTINUOUS + EXTREME, ids=_name)
def test_quantiles_agree_with_scipy(table, case):
    """Quantiles on a dense grid, to one in 1e10 of either tail."""
    form, parameters, reference, accuracy = case
    row = table.add(form, parameters)
    expected = reference.ppf(GRID)
    known = np.abs(expected) > 1e-280
    np.testing.assert_allclose(_quantiles(table, row, GRID)[known], expected[known], rtol=accuracy, atol=1e-14)


@pytest.mark.parametrize("case", CONTINUOUS, ids=_name)
def test_keyed_draws_have_the_moments_and_the_shape(table, case):
    """Mean, variance and Kolmogorov-Smirnov of 200 000 keyed draws."""
    form, parameters, reference, _ = case
    row = table.add(form, parameters)
    values = _keyed(table, row, 1)
    mean, variance = reference.stats()
    fourth = float(reference.stats(moments="k")) * variance**2 + 3 * variance**2
    _assert_moments(values, mean, variance, fourth)
    assert stats.kstest(values, reference.cdf).pvalue > 1e-4


@pytest.mark.parametrize("case", CONTINUOUS + DISCRETE, ids=_name)
def test_the_table_states_the_exact_moments(table, case):
    """The mean and variance that load warnings lean on are scipy's."""
    row = table.add(case[0], case[1])
    mean, variance = case[2].stats()
    assert table.mean(row) == pytest.approx(mean, rel=1e-9)
    assert table.variance(row) == pytest.approx(variance, rel=1e-9)


@pytest.mark.parametrize("case", DISCRETE, ids=_name)
def test_discrete_quantiles_are_those_of_scipy(table, case):
    """The least value whose cumulated probability reaches u, exactly, on a dense grid."""
    row = table.add(case[0], case[1])
    np.testing.assert_array_equal(_quantiles(table, row, GRID + 1e-13), case[2].ppf(GRID + 1e-13))


@pytest.mark.parametrize("case", DISCRETE, ids=_name)
def test_keyed_counts_have_the_moments_and_the_frequencies(table, case):
    """Mean, variance and chi-square of 200 000 keyed draws."""
    row = table.add(case[0], case[1])
    values = _keyed(table, row, 2)
    mean, variance, excess = (float(moment) for moment in case[2].stats(moments="mvk"))
    _assert_moments(values, mean, variance, (excess + 3) * variance**2)
    low, high = int(case[2].ppf(0.001)), int(case[2].ppf(0.999))
    edges = np.arange(low, high + 1)
    probabilities = np.diff(np.concatenate(([0.0], case[2].cdf(edges), [1.0])))
    observed = np.histogram(values, np.concatenate(([-np.inf], edges + 0.5, [np.inf])))[0]
    kept = probabilities > 1e-12
    assert observed[~kept].sum() == 0
    assert stats.chisquare(observed[kept], probabilities[kept] / probabilities[kept].sum() * DRAWS).pvalue > 1e-4


@pytest.mark.parametrize("case", TRUNCATED, ids=_name)
def test_truncation_is_the_conditional_distribution(table, case):
    """Quantiles, moments and Kolmogorov-Smirnov between `min` and `max` are those of scipy, conditioned."""
    form, parameters, reference, low, high = case
    row = table.add(form, parameters | _bounds(low, high))
    least, most = reference.cdf(low), reference.cdf(high)
    left = reference.sf(low) - reference.sf(high)
    grid = np.linspace(0.0005, 0.9995, 999)
    np.testing.assert_allclose(_quantiles(table, row, grid), reference.ppf(least + grid * (most - least)), rtol=1e-6)
    values = _keyed(table, row, 3)
    assert values.min() >= low
    assert values.max() <= high
    assert stats.kstest(values, lambda x: (reference.cdf(x) - least) / left).pvalue > 1e-4
    a, b = max(low, reference.support()[0]), min(high, reference.support()[1])
    mean = reference.expect(lambda x: x, lb=a, ub=b) / left
    variance = reference.expect(lambda x: (x - mean) ** 2, lb=a, ub=b) / left
    assert table.mean(row) == pytest.approx(mean, rel=1e-7)
    assert table.variance(row) == pytest.approx(variance, rel=1e-6)
    assert values.mean() == pytest.approx(mean, abs=4.5 * math.sqrt(variance / DRAWS))


@pytest.mark.parametrize(
    ("form", "parameters", "reference", "low", "high"),
    [
        ("poisson", {"mean": 6}, stats.poisson(6), 3, 9),
        ("poisson", {"mean": 6}, stats.poisson(6), 2.5, math.inf),
        ("geometric", {"mean": 3}, stats.geom(0.25, loc=-1), 2, 7.9),
        ("geometric", {"mean": 3}, stats.geom(0.25, loc=-1), 1, math.inf),
        ("choice", DISCRETE[-1][1], DISCRETE[-1][2], 2, 5),
    ],
)
def test_truncated_counts_keep_both_ends(table, form, parameters, reference, low, high):
    """A count equal to `min` or `max` stays possible, and the frequencies are the conditional ones."""
    row = table.add(form, parameters | _bounds(low, high))
    support = np.arange(math.ceil(low), min(high, 400) // 1 + 1)
    weights = reference.pmf(support)
    support, weights = support[weights > 0], weights[weights > 0] / weights.sum()
    values = _keyed(table, row, 4)
    observed = np.array([np.count_nonzero(values == count) for count in support])
    assert observed.sum() == DRAWS
    expected = weights * DRAWS
    lumped = expected > 5
    pairs = [np.append(x[lumped], x[~lumped].sum() + 1e-9) for x in (observed, expected)]
    assert ((pairs[0] - pairs[1]) ** 2 / np.maximum(pairs[1], 1)).sum() < stats.chi2.isf(1e-4, len(pairs[0]))
    mean = (support * weights).sum()
    assert table.mean(row) == pytest.approx(mean, rel=1e-9)
    assert table.variance(row) == pytest.approx(((support - mean) ** 2 * weights).sum(), rel=1e-9)
    assert _quantiles(table, row, [SMALLEST])[0] == support[0]


def test_fixed_is_its_value(table):
    """No chance at all."""
    row = table.add("fixed", {"value": 7.5})
    assert set(_quantiles(table, row, GRID)) == {7.5}
    assert (table.mean(row), table.variance(row)) == (7.5, 0.0)


def test_empirical_values_are_numpys_quantiles(table):
    """The inverse of the linearly interpolated empirical distribution function, ties included."""
    values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0]
    row = table.add("empirical", {"values": values})
    np.testing.assert_allclose(_quantiles(table, row, GRID), np.quantile(values, GRID), rtol=1e-12)
    fine = np.quantile(values, (np.arange(1_000_000) + 0.5) / 1_000_000)
    assert table.mean(row) == pytest.approx(fine.mean(), rel=1e-6)
    assert table.variance(row) == pytest.approx(fine.var(), rel=1e-5)


def test_empirical_quantiles_are_joined_by_straight_lines(table):
    """Stated quantiles are met exactly, and numpy's interpolation between."""
    quantiles = {0: 1, 0.5: 2, 0.9: 9, 1: 30}
    row = table.add("empirical", {"quantiles": quantiles})
    expected = np.interp(GRID, list(quantiles), list(quantiles.values()))
    np.testing.assert_allclose(_quantiles(table, row, GRID), expected, rtol=1e-12)
    assert table.mean(row) == pytest.approx(0.5 * 1.5 + 0.4 * 5.5 + 0.1 * 19.5)


def test_truncated_empirical_is_conditional(table):
    """Between `min` and `max` the straight lines stay, rescaled."""
    row = table.add("empirical", {"quantiles": {0: 0, 0.5: 2, 1: 12}, "min": 1, "max": 7})
    least, most = 0.25, 0.75
    expected = np.interp(least + GRID * (most - least), [0, 0.5, 1], [0, 2, 12])
    np.testing.assert_allclose(_quantiles(table, row, GRID), expected, rtol=1e-12)
    assert table.mean(row) == pytest.approx((1.5 + 4.5) / 2)
    tied = table.add("empirical", {"values": [1, 2, 2, 2, 3], "min": 2, "max": 2.5})
    np.testing.assert_allclose(_quantiles(table, tied, [0.1, 0.5, 0.8, 0.9]), [2, 2, 2, 2.25], rtol=1e-12)


MIX = {
    "parts": [
        (1, "fixed", {"value": 0}),
        (1, "mix", {"parts": [(2, "gamma", {"mean": 2, "cv": 0.5}), (4, "uniform", {"low": 5, "high": 9})]}),
    ]
}


def test_a_mix_has_the_distribution_of_its_parts(table):
    """Parts come with their weights, nested ones flattened, and inside each part the distribution is its own."""
    row = table.add("mix", MIX)
    values = _keyed(table, row, 5)
    for wanted, share in (
        (values == 0, 1 / 2),
        ((values > 5) & (values < 9), 1 / 3 + stats.gamma(4, 0, 0.5).sf(5) / 6),
    ):
        assert wanted.mean() == pytest.approx(share, abs=4.5 * math.sqrt(share * (1 - share) / DRAWS))
    gamma = stats.gamma(4, 0, 0.5)
    low = values[(values > 0) & (values < 5)]
    assert stats.kstest(low, lambda x: gamma.cdf(x) / gamma.cdf(5)).pvalue > 1e-4
    mean, square = 2 / 6 + 7 / 3, (gamma.var() + 4) / 6 + (16 / 12 + 49) / 3
    assert table.mean(row) == pytest.approx(mean)
    assert table.variance(row) == pytest.approx(square - mean**2)
    assert values.mean() == pytest.approx(mean, abs=4.5 * math.sqrt((square - mean**2) / DRAWS))


def test_a_truncated_mix_is_conditional(table):
    """Truncation changes the weights of the parts too, and adds to what truncation the parts have themselves."""
    row = table.add(
        "mix",
        {
            "parts": [
                (1, "exponential", {"mean": 2, "min": 1}),
                (3, "uniform", {"low": 0, "high": 10}),
                (1, "fixed", {"value": 20}),
            ],
            "min": 2,
            "max": 8,
        },
    )
    exponential = math.exp(-0.5) - math.exp(-3.5)
    weights = np.array([exponential, 3 * 0.6])
    first = stats.truncexpon(b=3, loc=2, scale=2)
    values = _keyed(table, row, 6)
    share = weights / weights.sum()
    assert stats.kstest(values, lambda x: share[0] * first.cdf(x) + share[1] * (x - 2) / 6).pvalue > 1e-4
    assert table.mean(row) == pytest.approx(share @ [first.mean(), 5], rel=1e-7)


ALL = [(form, parameters) for form, parameters, *_ in CONTINUOUS + EXTREME + DISCRETE]
ALL += [(form, parameters | _bounds(low, high)) for form, parameters, _, low, high in TRUNCATED]
ALL += [("fixed", {"value": 1}), ("empirical", {"values": [1, 1, 2, 8, 9]}), ("geometric", {"mean": 3, "min": 1})]
SHARED = DistributionTable()
ROWS = [SHARED.add(form, parameters) for form, parameters in ALL]


@given(st.sampled_from(ROWS), st.floats(SMALLEST, LARGEST), st.floats(SMALLEST, LARGEST))
def test_more_luck_never_gives_less(row, u, v):
    """Values rise with the uniform number, but for rounding, and are finite over its whole range."""
    low, high = (sample(x, row, SHARED.rows, SHARED.points) for x in sorted((u, v)))
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low <= high + 1e-13 * abs(high)


@given(st.sampled_from(ROWS), st.floats(SMALLEST, 1 - 2.0**-20), st.floats(1e-6, 0.1))
def test_curves_do_not_fall_between_nodes(row, u, step):
    """Monotone at a small distance too, where an interpolation would ripple."""
    v = min(u * (1 + step), LARGEST)
    low, high = (sample(x, row, SHARED.rows, SHARED.points) for x in (u, v))
    assert low <= high + 1e-13 * abs(high)


def test_a_draw_is_the_sample_of_its_uniform_number():
    """The one-call form that engines use changes nothing."""
    for row in ROWS:
        u = uniform(5, 4, -3, 2, 1)
        assert draw(5, 4, -3, 2, 1, row, SHARED.rows, SHARED.points) == sample(u, row, SHARED.rows, SHARED.points)


def test_a_draw_needs_no_new_variant_for_other_arguments():
    """Python and NumPy integers, writable and read-only arrays: one compiled variant, one answer."""
    rows, points = SHARED.rows.copy(), SHARED.points.copy()
    for row in ROWS:
        expected = draw(5, 4, -3, 2, 1, row, SHARED.rows, SHARED.points)
        assert draw(*(np.int64(x) for x in (5, 4, -3, 2, 1, row)), rows, points) == expected
    assert len(draw.made.signatures) == len(sample.made.signatures) == 1


PROGRAM = """
from simulator.chance.distributions import DistributionTable, draw
table = DistributionTable()
for form, parameters in {ALL!r}:
    row = table.add(form, parameters)
    for key in (1, 2, 3):
        print(float(draw(1, 2, key, 4, 5, row, table.rows, table.points)).hex())
"""


def test_compiled_code_equals_plain_python():
    """The same source without the compiler gives the same numbers, up to the power function's last bit."""
    program = PROGRAM.replace("{ALL!r}", repr([*ALL, ("mix", MIX)]))
    plain, compiled = (
        [
            float.fromhex(line)
            for line in subprocess.run(
                [sys.executable, "-c", program],
                env={"NUMBA_DISABLE_JIT": off},
                capture_output=True,
                text=True,
                check=True,
            ).stdout.split()
        ]
        for off in ("1", "0")
    )
    assert len(plain) == 3 * (len(ALL) + 1)
    np.testing.assert_allclose(compiled, plain, rtol=1e-15)


GOLD = [
    (4.45937979258955, 1.994434846934169),
    (4.757168891590712, 3.0695855227016917),
    (4.610472578522711, 2.7236970132557343),
    (5.803042113594537, 4.777014527249081),
    (6.120613129179444, 4.0261602734304685),
    (0.40081787766141375, 0.15556617484078555),
    (14.27182958576267, 10.533962086205477),
    (10.637024371381388, 2.4646255314052716),
    (4.0760108536955855, 2.1861474984178395),
    (16.569427804454623, 7.208075211643842),
    (11.020238967880069, 8.10882844462773),
    (10.243793661184501, 3.3817781113899485),
    (8.861522929287815, 5.026325731403651),
    (1.1144685190525454, 0.006683133181132577),
    (1286.4346083997032, 1209.7058988915194),
    (11.383183521494239, 5.945114390711328),
    (15.365690491776752, 5.072667167084923),
    (7.664075135286511, 1.5734968499335575),
    (5.417223195460648, 3.1125681762201323),
    (0.4503821423676067, 0.31176175107830884),
    (5.941419021693673, 4.440170457259185),
    (45.03821423676067, 31.176175107830886),
    (0.0005487202954352692, 7.340480508426302e-25),
    (3004272.8566099145, 3000532.9936624267),
    (1.0, 0.9576478389935446),
    (1.0, 0.9999999999999736),
    (294473764.65196127, 0.06961973177699038),
    (1.0, 0.0),
    (10.0, 6.0),
    (2064.0, 2008.0),
    (8.0, 2.0),
    (0.0, 0.0),
    (5.0, 3.0),
    (4.652458438093282, 3.067850973029108),
    (3.728773046782336, 2.7688242454843723),
    (4.676769910135745, 3.586601416666575),
    (16.19253744686001, 13.70505525697126),
    (21.96218305053451, 20.68442896540492),
    (3.3779289857372623, 2.1538974087365768),
    (5.501564238070026, 3.7895833571709554),
    (7.699692122248325, 4.980237846054549),
    (11.977687666240927, 6.722322389622579),
    (3.836534562791981, 1.3649950049862327),
    (0.3782720864152705, 0.30565284062250836),
    (1.0, 1.0),
    (8.691074167194028, 3.69520518948858),
    (9.0, 3.0),
    (8.073222501582086, 1.6593772552212946),
]


def test_the_samples_never_change_silently():
    """Pinned samples of every form (to 1e-11: SciPy and the C library may differ in the last bits elsewhere)."""
    table = DistributionTable()
    for (form, parameters), expected in zip([*ALL, ("mix", MIX)], GOLD, strict=True):
        row = table.add(form, parameters)
        values = [draw(20260101, 1, key, 4, 0, row, table.rows, table.points) for key in (1, 2)]
        assert values == pytest.approx(expected, rel=1e-11), (form, parameters)


def test_columns_are_as_many_as_named():
    """The row's width is the number of its columns."""
    assert SHARED.rows.shape == (len(SHARED), sampling.COLUMNS)
