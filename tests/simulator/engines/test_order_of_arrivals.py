"""The order of arrivals: by parts of the time where they are spread over it, by Numpy's stable sort elsewhere."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from simulator.engines import arrivals as arrival_module
from simulator.engines import order_of_arrivals
from simulator.engines.arrivals import draw_arrivals
from simulator.engines.order_of_arrivals import CROWDED, SHORT, _by_parts, in_time
from tests.simulator.engines.toys import toy

MANY = settings(max_examples=200, deadline=None, derandomize=True)
YEAR = 8760.0
CHANCE = np.random.default_rng(2024)


def stable(time):
    """The order that is wanted, from a sort that knows nothing of parts."""
    return np.argsort(time, kind="stable")


def working_hours(count):
    """Moments from nine to five on weekdays of a year, each as likely."""
    weeks, days = CHANCE.integers(0, 52, count), CHANCE.integers(0, 5, count)
    return 168 * weeks + 24 * days + 9 + 8 * CHANCE.random(count)


SPREAD = {
    "random": CHANCE.random(20_000) * YEAR,
    "equal": CHANCE.integers(0, 500, 2_000).astype(float),
    "far from hour 0": 1e7 + CHANCE.random(3_000),
    "falling": np.linspace(YEAR, 0, 1_000),
    "rising": np.linspace(0, YEAR, 1_000),
    "working hours": working_hours(20_000),
    "two far apart": np.array([168.0, 0.0]),
    "two that nearly coincide": np.concatenate([[24 + 1e-9, 24.0], CHANCE.random(98) * 168]),
    "as many at one moment as there may be": np.concatenate([np.full(CROWDED, 24.0), CHANCE.random(1) * 24]),
    "as short as may be": np.array([SHORT, 0.0, SHORT / 3, SHORT / 2]),
    "none": np.zeros(0),
}
"""Moments that parts put in order."""
CROWDS = {
    "one drop": np.full(500, 24.0),
    "a drop among others": CHANCE.permutation(np.concatenate([np.full(200, 24.0), CHANCE.random(2_000) * 168])),
    "drops far apart": CHANCE.permutation(np.repeat([0.0, 24.0, YEAR], 100)),
    "one too many at one moment": np.concatenate([np.full(CROWDED + 1, 24.0), CHANCE.random(1) * 24]),
    "1e-9 apart": np.array([24 + 1e-9, 24.0]),
    "too short": np.array([0.99 * SHORT, 0.0, SHORT / 2]),
    "one": np.array([5.0]),
}
"""Moments that are left to the stable sort."""


@pytest.mark.parametrize("name", [*SPREAD, *CROWDS])
def test_arrivals_come_in_time_and_at_one_time_as_they_stand(name):
    """Whatever sorts them, the order is that of a stable sort."""
    time = (SPREAD | CROWDS)[name]
    assert in_time(time).tolist() == stable(time).tolist()
    assert in_time(time).dtype == np.int64


@pytest.mark.parametrize("name", SPREAD)
def test_moments_that_are_spread_are_ordered_by_parts(name):
    """All of them, without help of the stable sort."""
    assert _by_parts(SPREAD[name]).tolist() == stable(SPREAD[name]).tolist()


@pytest.mark.parametrize("name", CROWDS)
def test_a_crowd_and_a_short_time_are_left_to_the_stable_sort(name):
    """Parts return nothing, where ordering them would take the square of the time."""
    assert _by_parts(CROWDS[name]).size == 0 < CROWDS[name].size


MOMENTS = st.one_of(st.sampled_from([0.0, 24.0, 24 + 1e-9, 168.0]), st.floats(0, 1e-6), st.floats(0, YEAR))


@MANY
@given(st.lists(MOMENTS, max_size=80))
def test_any_moments_are_ordered_as_by_the_stable_sort(moments):
    """By parts or not, to the last place."""
    time = np.array(moments, dtype=float)
    assert in_time(time).tolist() == stable(time).tolist()
    assert _by_parts(time).tolist() in ([], stable(time).tolist())


def channels(leads):
    """Arrivals of a program whose channels drop leads on the same day, and bring others between."""
    return toy(f"""
      channels:
        a: {{process: p, rate: 20 /h, profile: {{hours: {{'09-17': 1}}}}}}
        b: {{process: p, drops: [{{date: 2024-01-02, leads: {leads}}}, {{date: 2024-01-04, leads: {leads}}}]}}
        c: {{process: p, drops: [{{date: 2024-01-04, leads: {leads}}}, {{date: 2024-01-02, leads: {leads}}}]}}
      steps: {{w: {{kind: wait, duration: 1 h}}}}
    """)


@pytest.mark.parametrize(("leads", "by_parts"), [(20, True), (5 * CROWDED, False)])
def test_cases_of_a_program_are_in_the_stable_order(monkeypatch, leads, by_parts):
    """Those of a drop keep the order of channels, and each its channel and key, with crowds and without."""
    program, asked = channels(leads), []
    monkeypatch.setattr(order_of_arrivals, "_by_parts", lambda time: asked.append(_by_parts(time)) or asked[-1])
    drawn = draw_arrivals(program, 1, 0)
    assert [order.size > 0 for order in asked] == [by_parts]
    assert drawn.channel[drawn.time == 24].tolist() == [1] * leads + [2] * leads
    monkeypatch.setattr(arrival_module, "in_time", stable)
    for column, wanted in zip(drawn, draw_arrivals(program, 1, 0), strict=True):
        assert column.tolist() == wanted.tolist()
