import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestPower

from reports import wording
from reports.changes import DECISIVE, NAMED, changes, decisive, detectable, verdict_line
from simulator.experiment.comparison import Difference, compare
from tests.reports.reading import plain


def told(base, *others):
    """What the changes of some scenarios are called."""
    return list(changes(base, compare(base, list(others))))


def of_kind(found, kind, word=""):
    """Findings of a kind that begin with a word."""
    return [each for each in found if each.kind == kind and each.sentence.startswith(word)]


def difference(low, high, n):
    """A difference with an interval, of which nothing else matters."""
    return Difference((low + high) / 2, low, high, 0.5, 1.0, "not distinguishable", n, "EUR")


def test_a_scenario_that_is_only_better_is_told_so(exact):
    """One sentence of gains, none of losses."""
    found = told(exact(), exact("More", margin=300_000.0))
    (better,) = of_kind(found, "change")
    assert plain(better.sentence).startswith("Better, beyond what chance explains: margin +30 000 EUR (from +30 000")
    assert better.topic == "More"
    assert [(figure.label, figure.value) for figure in better.figures] == [("Margin", pytest.approx(30_000.0))]


def test_a_scenario_that_is_only_worse_is_told_so(exact):
    """One sentence of losses, none of gains; a longer wait is a loss though the number is higher."""
    found = told(exact(), exact("Less", first_response_median=42.0))
    (worse,) = of_kind(found, "change")
    assert plain(worse.sentence).startswith("Worse, beyond what chance explains: first response, median +21.0 h")
    assert worse.figures[0].value == pytest.approx(21.0)


def test_gains_and_losses_are_told_apart(exact):
    """A mixed scenario has both sentences, and no KPI in both."""
    found = told(exact(), exact("Mixed", margin=300_000.0, first_response_median=42.0, cac=1_000.0))
    better, worse = of_kind(found, "change", "Better"), of_kind(found, "change", "Worse")
    assert {figure.label for figure in better[0].figures} == {"Margin", "Customer acquisition cost"}
    assert {figure.label for figure in worse[0].figures} == {"First response, median"}


def test_a_scenario_that_changes_nothing_is_not_called_better_or_worse(exact):
    """The same figures have neither verdict, and nothing that could have been missed."""
    assert told(exact(), exact("The same")) == []


def test_a_kpi_without_a_better_side_is_never_a_gain(exact, base):
    """What neither more nor less is good for is left to the tables."""
    neither = {kpi.label for kpi in base.catalogue.values() if kpi.better == "neither"}
    found = told(exact(), exact("Other", margin=300_000.0, waiting_policy=5.0))
    assert not neither & {figure.label for each in found for figure in each.figures}


def test_a_declared_kpi_that_a_scenario_lacks_is_passed_over(exact, base):
    """What both have is told, whichever KPIs one of them lacks."""
    other = exact("More", margin=300_000.0)
    lacking = replace(other, catalogue={name: kpi for name, kpi in other.catalogue.items() if name != "orders"})
    found = list(changes(base, compare(exact(), [lacking], ["orders", "margin"])))
    assert [figure.label for each in of_kind(found, "change") for figure in each.figures] == ["Margin"]


def test_many_changes_are_named_by_size_and_the_rest_counted(exact):
    """The largest relative changes come first, five are named, and no headline is counted twice."""
    other = exact(
        "Many", leads=6_600.0, orders=450.0, conversion_order=0.06, first_response_median=2.1,
        lead_to_cash_median=104.0, margin=351_000.0, dso=20.8,
    )  # fmt: skip
    (better,) = of_kind(told(exact(), other), "change", "Better")
    assert len(better.figures) == NAMED
    assert [figure.label for figure in better.figures][:3] == [
        "First response, median", "Days sales outstanding", "Orders",
    ]  # fmt: skip
    assert "; and 2 other KPIs; each with adjusted p " in plain(better.sentence)


def test_headlines_are_named_before_other_kpis(exact):
    """A tiny change of a headline is a result rather than a large one of a detail, which is told apart."""
    found = told(exact(), exact("Other", margin=271_000.0, queue_sdr=1.0))
    (better,), (explored,) = of_kind(found, "change"), of_kind(found, "unclear")
    assert [figure.label for figure in better.figures] == ["Margin"]
    assert [figure.label for figure in explored.figures] == ["Queue for Inside sales"]
    assert better.weight > explored.weight


def test_details_are_named_where_no_headline_changes(exact):
    """A change is not lost because it is not in a headline: it asks for a study of its own."""
    (explored,) = told(exact(), exact("Other", queue_sdr=1.0))
    words = "queue for Inside sales -13.0 cases (from -13.0 to -13.0 cases), better."
    assert plain(explored.sentence) == (
        f"Beside the primary figures, to be confirmed by a study of its own: {words}"
    )  # fmt: skip


def test_the_stated_probability_is_the_largest_of_all(base, faster, comparison):
    """Each of the primary KPIs has at most the adjusted p that the sentence gives."""
    for verdict in ("better", "worse"):
        (finding,) = [f for f in changes(base, comparison) if f.sentence.startswith(verdict.capitalize())]
        differences = comparison.others[0].differences
        found = [differences[kpi].p_adjusted for kpi in comparison.primary if differences[kpi].verdict == verdict]
        assert wording.probability(max(found)).replace("=", "≤") in finding.sentence


def test_changes_of_the_decisive_kpi_weigh_most(exact):
    """Money first, then other changes, a loss before a gain of the same kind, then what is unclear."""
    base = exact()
    weights = [
        of_kind(told(base, exact("Other", **change)), "change")[0].weight
        for change in ({"margin": 1.0}, {"margin": 9e6}, {"dso": 99.0}, {"dso": 1.0})
    ]
    assert weights == [91.0, 90.0, 81.0, 80.0]


def test_unclear_headlines_carry_what_could_have_been_missed(study):
    """Sizes in brackets are computed for the family of the whole comparison."""
    base, other = study(own_noise=0.02), study("Other", own_noise=0.02)
    comparison = compare(base, [other])
    (unclear,) = of_kind(list(changes(base, comparison)), "unclear")
    assert unclear.weight == 55.0
    found = comparison.others[0].differences
    for kpi in ("leads", "orders"):
        missed = wording.change(detectable(found[kpi], comparison.family), found[kpi].unit).lstrip("+")
        assert f"{base.catalogue[kpi].label.lower()} ({missed})" in unclear.sentence
    assert [f.value for f in unclear.figures[:2]] == [found["leads"].difference, found["orders"].difference]
    assert f"and {len(unclear.figures) - NAMED} more." in plain(unclear.sentence)


@pytest.mark.parametrize(("n", "family"), [(5, 1), (20, 1), (20, 60), (100, 10), (1000, 200)])
def test_the_detectable_size_has_the_power_that_it_claims(n, family):
    """With statsmodels' exact power of the paired t-test, at the level of the first of Holm's tests, it is 80 %."""
    spread = 7.0
    half = stats.t.ppf(0.975, n - 1) * spread / math.sqrt(n)
    size = detectable(difference(-half, half, n), family)
    power = TTestPower().power(size / spread, n, 0.05 / family, alternative="two-sided")
    assert power == pytest.approx(0.80, abs=0.03)


@pytest.mark.parametrize("n", [30, 100, 400])
def test_the_detectable_size_is_that_of_statsmodels(n):
    """The size that statsmodels solves for differs by two per cent at most from thirty replications on."""
    half = stats.t.ppf(0.975, n - 1) * 3.0 / math.sqrt(n)
    expected = TTestPower().solve_power(nobs=n, alpha=0.05 / 40, power=0.80) * 3.0
    assert detectable(difference(-half, half, n), 40) == pytest.approx(expected, rel=0.02)


def test_the_detectable_size_in_large_samples_is_that_of_the_normal_formula():
    """(z of the level plus z of the power) times the standard error, Law (2015), section 9.4."""
    n, error = 1_000_000, 2.5
    half = stats.norm.ppf(0.975) * error
    expected = (stats.norm.ppf(1 - 0.05 / 20) + stats.norm.ppf(0.80)) * error
    assert detectable(difference(-half, half, n), 10) == pytest.approx(expected, rel=1e-4)


def test_more_tests_and_fewer_replications_hide_more():
    """What can be missed grows with the family and with the width of the interval."""
    sizes = [detectable(difference(-1, 1, 20), family) for family in (1, 10, 100)]
    assert sizes == sorted(sizes)
    assert detectable(difference(-2, 2, 20), 10) == pytest.approx(2 * sizes[1])
    assert detectable(difference(4, 6, 20), 10) == pytest.approx(sizes[1])


@pytest.mark.parametrize("found", [difference(math.nan, math.nan, 20), difference(-1, 1, 1)])
def test_without_an_interval_no_size_is_claimed(found):
    """One replication could have missed anything."""
    assert math.isnan(detectable(found, 10))


def test_a_family_of_none_is_taken_for_one():
    """No division by a family that is empty."""
    assert detectable(difference(-1, 1, 20), 0) == detectable(difference(-1, 1, 20), 1)


def test_the_line_of_one_study_is_its_margin(exact, study):
    """A gain, a loss, and not knowing are told apart."""
    assert plain(verdict_line(exact(), None)) == "Margin: 270 000 EUR (from 270 000 to 270 000 EUR)."
    assert plain(verdict_line(exact(margin=-5_000.0), None)).endswith(", a loss.")
    assert "earns or loses money cannot be told" in verdict_line(study(margin=100.0, noise=30.0), None)


@pytest.mark.parametrize(
    ("margins", "expected"),
    [
        ([300_000.0], "Margin, 270 000 EUR in “Today”: better, +30 000 EUR (from +30 000 to +30 000 EUR), with “A”."),
        ([170_000.0], "Margin, 270 000 EUR in “Today”: worse, -100 000 EUR (from -100 000 to -100 000 EUR), with “A”."),
        ([270_000.0], "Margin, 270 000 EUR in “Today”: not distinguishable, 0 EUR (from 0 to 0 EUR), with “A”."),
        ([None], "Margin, 270 000 EUR in “Today”: nothing to compare."),
    ],
)
def test_the_line_of_a_comparison(exact, margins, expected):
    """Better, worse, neither, and a scenario without the figure, each in its own words."""
    others = [exact("ABC"[i], margin=margin) for i, margin in enumerate(margins)]
    assert plain(verdict_line(exact(), compare(exact(), others))) == expected


def test_the_line_says_why_an_interval_without_zero_is_no_verdict(study):
    """Among many tests a difference whose own interval leaves out 0 is not distinguishable: their number is told."""
    base, other = study(own_noise=0.01), study("A", margin=272_300.0, own_noise=0.01)
    comparison = compare(base, [other])
    found = comparison.others[0].differences["margin"]
    assert (found.verdict, found.low > 0) == ("not distinguishable", True)
    assert f"not distinguishable among {comparison.family} tests, " in plain(verdict_line(base, comparison))


def test_a_mixed_line_tells_gains_before_losses(exact):
    """All three verdicts stand in one line, the largest differences of each first."""
    others = [exact(name, margin=270_000.0 + size) for name, size in zip("ABCD", (-1e5, 1e4, 0, 5e4), strict=True)]
    line = plain(verdict_line(exact(), compare(exact(), others)))
    places = [line.index(f"“{name}”") for name in "DBAC"]
    assert places == sorted(places)
    assert [line.index(word) for word in ("better, ", "worse, ", "not distinguishable, ")] == sorted(
        line.index(word) for word in ("better, ", "worse, ", "not distinguishable, ")
    )


@pytest.mark.parametrize("place", range(len(DECISIVE)))
def test_the_line_falls_back_in_order(exact, place):
    """The first of the decisive KPIs that has a value other than zero judges the scenarios."""
    assert decisive(exact(**dict.fromkeys(DECISIVE[:place], 0.0))) == DECISIVE[place]


def test_figures_that_cancel_out_still_judge(study):
    """A margin whose mean is zero but which moves from replication to replication is a figure."""
    base = study(replications=2)
    samples = {**base.samples, "margin": np.array([-5.0, 5.0])}
    assert decisive(replace(base, samples=samples)) == "margin"
