import datetime as dt
import math
from dataclasses import replace

import pytest

from reports.charts.series import (
    bounds,
    edges,
    middles,
    replications_words,
    scenario_colour,
    scenario_names,
    time_axis,
)
from reports.charts.theme import BASE, OTHERS
from simulator.experiment.intervals import Estimate
from tests.reports.reading import plain


@pytest.fixture
def short(base):
    """A window of sixteen days and a half after a warm-up of one: two weeks and a piece."""
    return replace(base, warm_up=24.0, end=24.0 + 16.5 * 24)


def test_edges_are_the_ends_of_weeks(short):
    """The first is the start of the window and the last its end, wherever in a week that is."""
    assert edges(short, 4) == ["2025-01-02T00:00", "2025-01-09T00:00", "2025-01-16T00:00", "2025-01-18T12:00"]
    assert edges(short, 3)[-1] == "2025-01-18T12:00"
    assert edges(short, 0) == []


def test_middles_lie_between_the_edges(short):
    """The mean over a piece of a week stands in the middle of that piece."""
    assert middles(short, 3) == ["2025-01-05T12:00", "2025-01-12T12:00", "2025-01-17T06:00"]
    ends = [dt.datetime.fromisoformat(day) for day in edges(short, 4)]
    for middle, low, high in zip(middles(short, 3), ends, ends[1:], strict=False):
        assert dt.datetime.fromisoformat(middle) == low + (high - low) / 2


@pytest.mark.parametrize(("days", "form"), [(16.5, "%-d %b"), (99.0, "%-d %b"), (101.0, "%b %Y"), (730.0, "%b %Y")])
def test_dates_on_the_axis_suit_the_length(base, days, form):
    """Short windows show days, long ones months with the year."""
    axis = time_axis(replace(base, end=base.warm_up + days * 24), 0.1).to_dict()
    assert axis["axis"]["format"] == form
    assert axis["axis"]["title"] is None


def test_the_axis_of_dates_has_room_for_words(short):
    """The axis begins with the window and goes on beyond its end, by the part asked for."""
    low, high = time_axis(short, 2 / 16.5).to_dict()["scale"]["domain"]
    assert (low["year"], low["month"], low["date"], low["hours"]) == (2025, 1, 2, 0)
    assert (high["month"], high["date"], high["hours"]) == (1, 20, 12)


@pytest.mark.parametrize(
    ("estimate", "expected"),
    [
        (Estimate(1.0, 0.5, 1.5, 9), (0.5, 1.5)),
        (Estimate(1.0, 1.0, 1.0, 9), (1.0, 1.0)),
        (Estimate(1.0, math.nan, math.nan, 1), (None, None)),
        (Estimate(math.nan, math.nan, math.nan, 0), (None, None)),
    ],
)
def test_ends_of_intervals_are_numbers_or_none(estimate, expected):
    """A chart is given nothing that JSON does not have."""
    assert bounds(estimate) == expected


def test_the_base_is_grey_and_the_others_have_hues():
    """Seven others have six hues, so that the seventh has that of the first; their names tell them apart."""
    names = ["Today", *(f"Option {i}" for i in range(7))]
    scale = scenario_colour(names).to_dict()["scale"]
    assert scale["domain"] == names
    assert scale["range"] == [BASE, *OTHERS, OTHERS[0]]


def test_legends_name_those_who_are_drawn():
    """One name needs no legend; a chart without the base leaves it out of the legend."""
    assert scenario_colour(["Today"]).to_dict()["legend"] is None
    assert scenario_colour(["Today", "Other"]).to_dict()["legend"]["values"] == ["Today", "Other"]
    assert scenario_colour(["Today", "Other"], base=False).to_dict()["legend"]["values"] == ["Other"]


def test_names_of_scenarios_differ_in_a_legend(study):
    """The same name twice is numbered."""
    assert scenario_names([study("A"), study("B"), study("A")]) == ["A (1)", "B", "A (2)"]


def test_what_means_are_of_is_said(study):
    """One replication is not called a mean of several."""
    assert plain(replications_words(study(replications=1))) == "Mean of 1 replication"
    assert plain(replications_words(study(replications=20))) == "Mean of 20 replications"
