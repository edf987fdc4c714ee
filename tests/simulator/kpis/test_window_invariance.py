"""The window: a warm-up is the same as leaving out by hand, windows side by side add up, and edges count once."""

import dataclasses
import functools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.kpis.measures import measure
from simulator.kpis.window import Window, counted, ratio, summary, window_of
from simulator.records import Records
from tests.simulator.engines.toys import run
from tests.simulator.kpis.paper_growth import Growth
from tests.simulator.kpis.shop import shop

FIXED = settings(derandomize=True, deadline=None, max_examples=60)
COUNTS = (
    "leads", "leads_web", "leads_friend", "orders", "orders_web", "reached_contact", "reached_offer", "reached_money",
    "revenue_booked", "revenue_invoiced", "cash_collected", "written_off", "cost_total", "cost_acquisition",
    "cost_delivery", "cost_service", "cost_administration", "margin", "net_cash", "churned", "upsells",
)  # fmt: skip
"""Figures of which those of two windows side by side add up to that of both."""


@functools.cache
def long_run():
    """Three weeks of the shop without warm-up."""
    program = shop("0 d", "21 d")
    return program, run(program, 5)


def kpis_from(warm_up):
    """KPIs of the same records under another warm-up."""
    program, records = long_run()
    return measure(dataclasses.replace(program, warm_up=warm_up), records).kpis


def cut_at(end):
    """Records of a run that stopped earlier, made of those of the long one by leaving out what came later."""
    program, records = long_run()
    visits, waits, postings, cases = records[:4]

    def known(moments):
        return np.where(moments < end, moments, np.nan)

    kept = visits.entered < end
    number = np.cumsum(kept) - 1
    queued = kept[waits.visit]
    ended = known(cases.ended)
    return dataclasses.replace(program, end=end), Records(
        type(visits)(*(column[kept] for column in visits))._replace(
            started=known(visits.started[kept]), finished=known(visits.finished[kept])
        ),
        type(waits)(number[waits.visit[queued]].astype(np.int32), waits.ticks[queued]),
        type(postings)(*(column[postings.time < end] for column in postings)),
        type(cases)(*(column[cases.born < end] for column in cases))._replace(ended=ended[cases.born < end]),
        end,
    )


@pytest.mark.parametrize("warm_up", [0.0, 24.0, 100.25, 168.0, 400.0])
def test_a_warm_up_is_leaving_out_by_hand(warm_up):
    """The same records under another warm-up give what paper counts from that hour on."""
    program, records = long_run()
    counted_by_hand = Growth(program, records, start=warm_up).kpis()
    assert kpis_from(warm_up) == pytest.approx(counted_by_hand, rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("warm_up", ["1 d", "60 h", "9 d"])
def test_the_warm_up_changes_nothing_but_what_is_counted(warm_up):
    """A run with a warm-up leaves the records of the run without one, since it is not cut but measured later."""
    program = shop(warm_up, f"{21 * 24 - window_of(shop(warm_up, '1 d')).start} h")
    assert program.end == 504
    records = run(program, 5)
    for mine, other in zip(records[:4], long_run()[1][:4], strict=True):
        assert all(np.array_equal(a, b, equal_nan=a.dtype == np.float64) for a, b in zip(mine, other, strict=True))


@pytest.mark.parametrize("middle", [48.0, 168.0, 250.5, 336.0])
def test_windows_side_by_side_add_up(middle):
    """Counts and sums of money of both parts are those of the whole, with no edge counted twice."""
    whole, second = kpis_from(0.0), kpis_from(middle)
    first = measure(*cut_at(middle)).kpis
    for name in COUNTS:
        assert first[name] + second[name] == pytest.approx(whole[name]), name


@pytest.mark.parametrize("middle", [48.0, 168.0, 250.5])
def test_time_averages_weigh_by_the_length_of_their_windows(middle):
    """Work in progress and queues of the whole are the means of its parts, weighted by hours."""
    whole, second, first = kpis_from(0.0), kpis_from(middle), measure(*cut_at(middle)).kpis
    for name in ("work_in_progress", "journeys_in_progress", "queue_sales", "queue_fitters", "queue_clerks"):
        both = first[name] * middle + second[name] * (504 - middle)
        assert both / 504 == pytest.approx(whole[name]), name


@pytest.mark.parametrize("start", [0.0, 100.0, 168.0])
@pytest.mark.parametrize("length", [1.0, 167.0, 168.0, 169.0, 336.0, 400.0])
def test_weeks_fill_the_window_without_gaps(start, length):
    """Edges rise from start to end, all but the last week are full, and every moment belongs to one."""
    program = dataclasses.replace(long_run()[0], warm_up=start, end=start + length)
    window = window_of(program)
    weeks = np.diff(window.edges)
    assert (window.edges[0], window.edges[-1], window.hours) == (start, start + length, length)
    assert weeks.sum() == pytest.approx(length)
    assert (weeks[:-1] == 168).all()
    assert 0 < weeks[-1] <= 168
    assert window.weeks == math.ceil(length / 168)
    assert window.begins.tolist() == [-math.inf, *window.edges[1:-1], math.inf]
    assert window.lengths.tolist() == weeks.tolist()


def test_the_edges_of_the_window_belong_to_one_side():
    """The first moment is inside, the last is not, and what never came is nowhere."""
    window = Window.of(np.array([10.0, 20.0]))
    moments = np.array([9.999, 10.0, 15.0, 19.999, 20.0, np.nan])
    assert window.holds(moments).tolist() == [False, True, True, True, False, False]
    assert window.clip(np.array([5.0, 15.0, 25.0])).tolist() == [10, 15, 20]


@FIXED
@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(-50, 50)), max_size=30))
def test_counting_by_code_leaves_negative_codes_out(rows):
    """Numbers and weights by code are plain sums over the rows with that code."""
    codes = np.array([code for code, _ in rows], np.intp)
    weights = np.array([weight for _, weight in rows], np.float64)
    assert counted(codes, 5).tolist() == [sum(code == c for code, _ in rows) for c in range(5)]
    assert counted(codes, 5, weights).tolist() == [sum(w for code, w in rows if code == c) for c in range(5)]


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [(3, 4, 0.75), (0, 4, 0.0), (-2, 4, -0.5), (3, 0, math.nan), (0, 0, math.nan), (math.nan, 2, math.nan)],
)
def test_a_quotient_by_nothing_is_undefined(above, below, expected):
    """Neither an error nor a warning nor infinity, for numbers and for arrays."""
    assert float(ratio(above, below)) == pytest.approx(expected, nan_ok=True)
    assert ratio(np.array([above, 1.0]), np.array([below, 2.0])).tolist() == pytest.approx([expected, 0.5], nan_ok=True)


@FIXED
@given(st.lists(st.floats(0, 1e6), max_size=40))
def test_a_summary_is_mean_median_and_90th_percentile(durations):
    """They agree with NumPy's and with an order that one can check: the median is no more than the 90th percentile."""
    mean, median, p90 = summary(np.array(durations, np.float64))
    if not durations:
        assert all(map(math.isnan, (mean, median, p90)))
        return
    assert mean == pytest.approx(math.fsum(durations) / len(durations))
    assert (median, p90) == pytest.approx(tuple(np.percentile(durations, [50, 90])))
    assert min(durations) <= median <= p90 <= max(durations)
