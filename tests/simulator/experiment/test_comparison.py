import dataclasses
import gc
import math
import weakref

import numpy as np
import pytest
from scipy import stats

from simulator.errors import StudyError
from simulator.experiment.comparison import check_declared, compare, contrasted, holm, often_skewed, paired
from simulator.experiment.intervals import p_value_of, skewed_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all

SHORT = {"warm_up": 168.0, "length": 336.0}


@pytest.fixture(scope="module")
def studies(toy, variant):
    """The toy scenario, itself under another name, and one with a seller more; sixteen replications each."""
    scenarios = [toy, variant("Toy funnel", "Toy funnel", "Twin"), variant("head_count: 2", "head_count: 3", "Three")]
    return run_all(scenarios, Plan(replications=16, jobs=1, **SHORT))


def with_samples(study, **samples):
    """The study with some samples replaced."""
    changed = {name: np.array(values, dtype=np.float64) for name, values in samples.items()}
    n = len(next(iter(changed.values())))
    kept = {name: np.full(n, np.nan) for name in study.samples}
    plan = dataclasses.replace(study.plan, replications=n)
    return dataclasses.replace(study, samples=kept | changed, plan=plan)


def test_holm_worked_by_hand():
    """p-values .01, .04, .03, .005 adjust to .03, .06, .06, .02 by Holm's steps."""
    adjusted = holm(np.array([0.01, 0.04, 0.03, 0.005]))
    assert adjusted == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_does_not_look_through_what_there_is():
    """The library collects garbage at each call; what was made before is passed over, and looked through later."""

    class Node:
        """Refers to itself, so that only a collection finds it."""

        def __init__(self):
            self.me = self

    holm(np.array([0.01, 0.04]))  # the library is imported at the first
    gc.collect()
    left = weakref.ref(Node())
    holm(np.array([0.01, 0.04]))
    assert left() is not None
    assert gc.get_freeze_count() == 0


def test_holm_counts_only_what_is_defined():
    """An undefined p-value stays undefined and makes the others no harder."""
    adjusted = holm(np.array([math.nan, 0.01, 0.02, math.nan]))
    assert adjusted[1:3] == pytest.approx([0.02, 0.02])
    assert np.isnan(adjusted[[0, 3]]).all()
    assert np.isnan(holm(np.array([math.nan]))).all()
    assert holm(np.array([])).size == 0


def test_a_paired_test_is_that_of_scipy():
    """Interval and p-value agree with scipy's paired t-test."""
    rng = np.random.default_rng(3)
    base = rng.normal(10, 5, 12)
    other = base + rng.normal(0.5, 1, 12)
    expected = stats.ttest_rel(other, base)
    estimate, p = paired(base, other)
    assert p == pytest.approx(expected.pvalue)
    assert (estimate.low, estimate.high) == pytest.approx(tuple(expected.confidence_interval(0.95)))


def test_pairs_need_both_values():
    """A replication in which one side is undefined is no pair, and only common replications count."""
    base = np.array([1.0, math.nan, 3.0, 4.0, 9.0])
    other = np.array([2.0, 5.0, math.nan, 6.0])
    estimate, _ = paired(base, other)
    assert (estimate.n, estimate.mean) == (2, 1.5)


def test_equal_samples_do_not_differ():
    """No difference in any pair: difference 0, p 1, an interval of no width."""
    estimate, p = paired(np.array([0.1, 0.2, 0.3]), np.array([0.1, 0.2, 0.3]))
    assert (estimate.mean, estimate.low, estimate.high, p) == (0.0, 0.0, 0.0, 1.0)


def test_rounding_is_no_difference():
    """Sums that differ in the last bits only are the same figure."""
    base = np.array([0.3, 0.6, 0.9])
    other = np.nextafter(base, 1)
    assert (base != other).all()
    assert paired(base, other)[1] == 1.0


def test_a_constant_difference_is_judged_by_its_signs():
    """Equal differences have no spread; as many pairs as there are decide, by the sign test, as in scipy's binomial."""
    base = np.arange(12.0)
    for n in (2, 3, 12):
        estimate, p = paired(base[:n], base[:n] + 2)
        assert (estimate.mean, estimate.low, estimate.high) == (2.0, 2.0, 2.0)
        assert p == pytest.approx(stats.binomtest(n, n).pvalue)


def test_two_orders_less_twice_are_no_proof(studies):
    """Counts that differ equally in a few replications by coincidence are not called worse."""
    base, other = with_samples(studies[0], orders=[24, 25]), with_samples(studies[1], orders=[23, 24])
    difference = compare(base, [other]).others[0].differences["orders"]
    assert (difference.difference, difference.verdict) == (-1.0, "not distinguishable")


def test_a_licence_that_costs_the_same_every_time_is_seen(studies):
    """With the usual 30 replications a constant cost is told apart, whatever else is tested beside it."""
    cost = np.linspace(1000, 2000, 30)
    base, other = with_samples(studies[0], cost_total=cost), with_samples(studies[1], cost_total=cost + 100)
    assert compare(base, [other]).others[0].differences["cost_total"].verdict == "worse"


def test_one_pair_proves_nothing():
    """With one common replication there is a difference, but neither interval nor p-value."""
    estimate, p = paired(np.array([1.0]), np.array([2.0]))
    assert estimate.mean == 1.0
    assert math.isnan(estimate.low)
    assert math.isnan(p)


@pytest.mark.slow
@pytest.mark.theory
def test_the_family_errs_at_most_at_its_level():
    """Where nothing differs, at most 5 % of 4,000 comparisons of ten KPIs find anything, within one standard error."""
    rng, tries = np.random.default_rng(11), 4000
    found = 0
    for _ in range(tries):
        p_values = [paired(rng.normal(size=10), rng.normal(size=10))[1] for _ in range(10)]
        found += bool((holm(np.array(p_values)) < 0.05).any())
    assert 0.03 < found / tries <= 0.05 + math.sqrt(0.05 * 0.95 / tries)  # nor is the test asleep


def luckily(studies, rng, kpis):
    """A base and three others in which nothing differs: common luck, and some of each one's own."""
    luck = {kpi: rng.normal(100, 20, 10) for kpi in kpis}
    made = ({kpi: each + rng.normal(0, 5, 10) for kpi, each in luck.items()} for _ in range(4))
    known = {kpi: studies[0].catalogue[kpi] for kpi in kpis}
    return [
        dataclasses.replace(
            study, catalogue=known, samples=samples, plan=dataclasses.replace(study.plan, replications=10)
        )
        for study, samples in zip([*studies, studies[1]], made, strict=True)
    ]


@pytest.mark.slow
@pytest.mark.theory
def test_comparisons_err_at_most_at_their_level(studies):
    """Of 1,000 comparisons with three others that share the base and its luck, at most 5 % find any difference in a
    headline, and at most 5 % in any other KPI, within one standard error; though money is judged by the bootstrap.
    """
    rng, tries = np.random.default_rng(12), 1000
    every = [kpi for kpi in studies[0].catalogue.values() if kpi.better != "neither"]
    kpis = [kpi.name for kpi in every if kpi.headline] + [kpi.name for kpi in every if not kpi.headline][:9]
    erred = []
    for _ in range(tries):
        base, *others = luckily(studies, rng, kpis)
        comparison = compare(base, others)
        erred.append([
            any(each.differences[kpi].verdict != "not distinguishable" for each in comparison.others for kpi in some)
            for some in (comparison.primary, set(kpis) - set(comparison.primary))
        ])  # fmt: skip
    shares = np.mean(erred, axis=0)
    assert (shares > 0.01).all()  # nor is the test asleep
    assert (shares <= 0.05 + math.sqrt(0.05 * 0.95 / tries)).all()


@pytest.mark.theory
def test_paired_intervals_cover_at_their_nominal_rate():
    """Of 1,000 paired differences, 95 % of the intervals hold the true one, within three standard errors."""
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(1000):
        luck = rng.normal(100, 20, 15)
        estimate, _ = paired(luck + rng.normal(0, 2, 15), luck + 3 + rng.normal(0, 2, 15))
        covered += estimate.low <= 3 <= estimate.high
    assert abs(covered / 1000 - 0.95) <= 3 * math.sqrt(0.95 * 0.05 / 1000)


def test_a_scenario_against_itself_is_not_distinguishable(studies):
    """The same process under another name differs in nothing, with certainty."""
    comparison = compare(studies[0], [studies[1]])
    differences = comparison.others[0].differences
    assert differences
    for name, d in differences.items():
        assert d.verdict == "not distinguishable", name
        assert d.difference == 0.0 or d.n == 0, name


def test_verdicts_follow_the_direction_of_the_kpi(studies):
    """Another seller answers sooner, which is better, and costs more, which is worse."""
    contrast = compare(studies[0], [studies[2]]).others[0]
    response, cost = contrast.differences["first_response_mean"], contrast.differences["cost_total"]
    assert response.difference < 0
    assert response.verdict == "better"
    assert cost.difference > 0
    assert (cost.verdict, cost.unit) == ("worse", "EUR")
    assert contrast.differences["orders"].verdict == "not distinguishable"
    assert contrast.scenario == "Three"


def test_more_of_a_good_thing_is_better(studies):
    """A KPI that is better when higher gets its verdict by that direction."""
    base = with_samples(studies[0], orders=[10, 11, 12, 13], dso=[40, 41, 42, 43])
    other = with_samples(studies[1], orders=[20, 22, 22, 23], dso=[50, 51, 52, 54])
    differences = compare(base, [other]).others[0].differences
    assert differences["orders"].verdict == "better"
    assert differences["dso"].verdict == "worse"
    assert compare(other, [base]).others[0].differences["orders"].verdict == "worse"


def test_kpis_without_direction_get_no_verdict(studies):
    """Utilisation is neither good nor bad: it is shown with its interval and stays out of the family."""
    contrast = compare(studies[0], [studies[2]]).others[0]
    assert "utilisation_sellers" not in contrast.differences
    assert contrast.undirected["utilisation_sellers"].mean < 0


def test_the_headlines_are_the_primary_family(studies):
    """Those with a better side decide, over all scenarios; all other KPIs are adjusted among themselves."""
    found = compare(studies[0], [studies[2], studies[1]])
    catalogue = studies[0].catalogue
    assert set(found.primary) == {n for n, kpi in catalogue.items() if kpi.headline and kpi.better != "neither"}
    assert not found.declared
    families = {True: [], False: []}
    for each in found.others:
        for kpi, difference in each.differences.items():
            families[kpi in found.primary].append(difference)
    for first, family in families.items():
        assert [d.p_adjusted for d in family] == pytest.approx(
            holm(np.array([d.p_value for d in family])).tolist(), nan_ok=True
        )
        assert sum(not math.isnan(d.p_value) for d in family) == (found.family if first else found.tests)
    assert found.tests_of("orders") == found.family < found.tests == found.tests_of("cost_total")


def test_details_do_not_hide_what_a_headline_shows(studies):
    """However many other KPIs there are, a clear difference in a headline keeps its verdict."""
    rng = np.random.default_rng(7)
    luck = rng.normal(100, 10, 20)
    details = {name: luck for name, kpi in studies[0].catalogue.items() if not kpi.headline}
    moved = luck + 2 + rng.normal(0, 2, 20)
    base, other = with_samples(studies[0], orders=luck, **details), with_samples(studies[2], orders=moved, **details)
    found = compare(base, [other])
    difference = found.others[0].differences["orders"]
    assert difference.low > 0
    assert difference.verdict == "better"
    assert difference.p_value * (found.family + found.tests) > 0.05  # over one family it would have been hidden


def test_the_family_is_over_all_scenarios(studies):
    """Adding a scenario makes every single claim harder, as it must."""
    one = compare(studies[0], [studies[2]])
    two = compare(studies[0], [studies[2], studies[1]])
    assert two.family > one.family
    assert two.tests > one.tests
    alone, beside = (c.others[0].differences["first_response_mean"] for c in (one, two))
    assert alone.p_value == beside.p_value
    assert alone.p_adjusted < beside.p_adjusted


def test_what_is_undefined_has_no_verdict(studies):
    """A KPI with one pair or none is not distinguishable, with an undefined p-value."""
    base = with_samples(studies[0], orders=[1, 2, 3], dso=[math.nan, 40, math.nan])
    other = with_samples(studies[1], orders=[9, 9.5, 11], dso=[math.nan, 90, 90])
    difference = compare(base, [other]).others[0].differences["dso"]
    assert (difference.n, difference.difference, difference.verdict) == (1, 50, "not distinguishable")
    assert math.isnan(difference.p_adjusted)


def test_studies_of_different_size_pair_what_they_share(studies):
    """The shorter study decides how many pairs there are."""
    base = with_samples(studies[0], orders=[1, 2, 3, 4, 5])
    other = with_samples(studies[1], orders=[2, 3, 5])
    comparison = compare(base, [other])
    assert comparison.replications == 3
    assert comparison.others[0].differences["orders"].n == 3


def test_studies_that_do_not_pair_are_refused(studies):
    """Different seeds, horizons or currencies cannot be compared, and nothing cannot either."""
    base, other, _ = studies
    with pytest.raises(StudyError, match=r"different seeds \(1 and 2\)"):
        compare(base, [dataclasses.replace(other, plan=dataclasses.replace(other.plan, seed=2))])
    with pytest.raises(StudyError, match="state --warm-up and --length"):
        compare(base, [dataclasses.replace(other, end=other.end + 1)])
    with pytest.raises(StudyError, match="counts in EUR and 'Twin' in RON"):
        compare(base, [dataclasses.replace(other, currency="RON")])
    with pytest.raises(StudyError, match="at least one other"):
        compare(base, [])


def test_pairing_by_case_narrows_the_interval(studies):
    """Common luck makes the interval of the difference narrower than that of two separate studies."""
    base, _, three = studies
    kpi = "waiting_sellers"
    together = paired(base.samples[kpi], three.samples[kpi])[0].half_width
    apart = math.hypot(base.estimate(kpi).half_width, three.estimate(kpi).half_width)
    assert together < apart


def test_money_and_quantiles_are_often_skewed(studies):
    """Money, medians and 90th percentiles are, counts and days are not."""
    base = studies[0]
    names = ("margin", "lead_to_order_median", "lead_to_cash_p90", "orders", "dso")
    assert [often_skewed(base.catalogue[name], base.currency) for name in names] == [True, True, True, False, False]


def test_a_contrast_has_the_interval_of_its_kpi(studies):
    """Money and quantiles have that of the paired bootstrap, counts Student's, and so has their comparison."""
    base, three = (with_samples(each, margin=luck, orders=luck, dso_p90=luck) for each, luck in zip(
        studies[::2], np.random.default_rng(3).lognormal(10, 1, (2, 30)), strict=True))  # fmt: skip
    quantile = dataclasses.replace(base.catalogue["dso"], name="dso_p90")
    told = compare(base, [three]).others[0].differences
    for kpi in (base.catalogue["margin"], base.catalogue["orders"], quantile):
        samples = base.samples[kpi.name], three.samples[kpi.name]
        (student, expected), (found, p) = paired(*samples, kpi.unit), contrasted(*samples, kpi, base.currency)
        resampled = skewed_interval(samples[1] - samples[0], unit=kpi.unit)
        assert found == (student if kpi.name == "orders" else resampled)
        assert student != resampled
        assert p == p_value_of(found) >= expected
        if kpi.name in told:
            assert (told[kpi.name].low, told[kpi.name].high, told[kpi.name].p_value) == (found.low, found.high, p)


def test_too_few_pairs_have_students_interval(studies):
    """With seven pairs there are not enough to resample: interval and p-value are those of the t-test."""
    base, other = (with_samples(each, margin=luck) for each, luck in zip(
        studies[:2], np.random.default_rng(4).lognormal(10, 1, (2, 7)), strict=True))  # fmt: skip
    found, (student, p) = (
        compare(base, [other]).others[0].differences["margin"],
        paired(base.samples["margin"], other.samples["margin"]),
    )
    assert (found.low, found.high, found.p_value) == (student.low, student.high, p)


def test_declared_kpis_are_a_family_of_their_own(studies):
    """Their p-values are adjusted over them alone, all others over all others, headlines among them."""
    base, twin, three = studies
    declared = compare(base, [twin, three], ["waiting_sellers", "orders"])
    assert (declared.family, declared.primary, declared.declared) == (4, ("waiting_sellers", "orders"), True)
    raw = [each.differences[kpi].p_value for each in declared.others for kpi in ("waiting_sellers", "orders")]
    found = [each.differences[kpi].p_adjusted for each in declared.others for kpi in ("waiting_sellers", "orders")]
    assert found == pytest.approx(holm(np.array(raw)).tolist())
    rest = [d for each in declared.others for kpi, d in each.differences.items() if kpi not in declared.primary]
    expected = holm(np.array([d.p_value for d in rest])).tolist()
    assert [d.p_adjusted for d in rest] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(("kpi", "words"), [("order", "did you mean 'orders'"), ("utilisation_sellers", "neither")])
def test_a_kpi_that_decides_nothing_cannot_be_declared(studies, kpi, words):
    """An unknown name gets the nearest one, and a KPI without a better side is refused."""
    with pytest.raises(StudyError, match=words):
        compare(studies[0], studies[1:], [kpi])
    with pytest.raises(StudyError, match=words):
        check_declared([kpi], studies[0].catalogue)
