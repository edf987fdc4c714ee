"""The window and its arithmetic, against figures worked out by hand."""

import numpy as np
import pytest

from simulator.kpis.window import counted, quotient, ratio, rows_of, share, summary, window_of


def test_the_window_runs_from_the_warm_up_to_the_end(program):
    """Two whole weeks after a warm-up of one make three edges."""
    window = window_of(program)
    assert (window.start, window.end, window.hours, window.weeks) == (168, 504, 336, 2)
    assert window.edges.tolist() == [168, 336, 504]


def test_a_begun_week_is_a_week_of_its_own(company):
    """Ten days are one full week and one of three days."""
    assert window_of(company(horizon__length="10 d")).edges.tolist() == [168, 336, 408]


def test_a_window_shorter_than_a_week_has_one(company):
    """Two days make a single short week."""
    assert window_of(company(horizon__length="2 d")).edges.tolist() == [168, 216]


def test_the_start_belongs_to_the_window_and_the_end_does_not(program):
    """Moments on the edges, just outside, and unknown."""
    moments = np.array([167.999, 168, 503.999, 504, np.nan])
    assert window_of(program).holds(moments).tolist() == [False, True, True, False, False]
    assert window_of(program).rows(moments).tolist() == [1, 2]


def test_rows_of_flagged_codes():
    """Rows of codes 0 and 2, not of what lies between; none of no codes."""
    flagged = np.array([True, False, True])
    assert rows_of(flagged, np.array([0, 1, 2, 1, 0], np.int32)).tolist() == [0, 2, 4]
    assert rows_of(flagged, np.zeros(0, np.int32)).tolist() == []


def test_a_ratio_over_nothing_is_not_defined():
    """Numbers and arrays give NaN for a denominator of 0, without a warning."""
    assert quotient(3, 4) == 0.75
    assert np.isnan(quotient(3, 0))
    assert np.array_equal(ratio(np.array([1, 0]), np.array([2, 0])), [0.5, np.nan], equal_nan=True)


def test_the_ninetieth_percentile_lies_linearly_between_ranks():
    """Of 0, 10 and 40 the 90th percentile lies four fifths of the way from 10 to 40."""
    assert summary(np.array([40.0, 0.0, 10.0])).tolist() == pytest.approx([50 / 3, 10, 34])
    assert np.isnan(summary(np.zeros(0))).all()


def test_median_and_percentile_are_those_of_numpy():
    """Of one to forty random numbers, tied or not, to the last bit."""
    rng = np.random.default_rng(8)
    for size in range(1, 41):
        for numbers in (rng.exponential(3.0, size), rng.integers(0, 5, size).astype(float)):
            assert summary(numbers)[1:].tolist() == np.quantile(numbers, (0.5, 0.9)).tolist()


def test_a_share_counts_only_those_among_whom_it_asks():
    """One of two, another being flagged elsewhere; of none it is not defined."""
    flags = np.array([True, False, True])
    assert share(flags, np.array([True, True, False])) == 0.5
    assert np.isnan(share(flags, np.zeros(3, np.bool_)))


def test_counting_leaves_out_what_has_no_code():
    """Codes of -1 count nowhere, and codes that do not occur count 0."""
    codes = np.array([2, -1, 0, 2])
    assert counted(codes, 4).tolist() == [1, 0, 2, 0]
    assert counted(codes, 4, np.array([1.5, 9, 2, 3])).tolist() == [2, 0, 4.5, 0]
