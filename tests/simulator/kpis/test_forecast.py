"""The weighted pipeline and what came of it, against a diary counted by hand, over months with a past."""

import math

import numpy as np
import pytest

from simulator.kpis.forecast import Opportunities, open_at

MONTHS = {"horizon": {"start": "2024-01-01", "warm_up": "60 d", "length": "150 d", "currency": "EUR"}}


@pytest.fixture
def pipeline_of(facts):
    """Eight early leads, all called, four with an offer, and two late ones; a lead has its offer or order at a moment.

    Of the calls one brings 1000 EUR, two are lost and one stays open; of the offers one brings 2000 EUR and one is lost
    before hour 1440, one brings 3000 EUR and one is lost before hour 2170.
    """

    def opened(**changes):
        diary = facts(**MONTHS, **{"processes__deal__steps__order__marks": []} | changes)
        for offer, ordered, amount, ended in (
            (None, 1000, 1000, None), (None, None, 0, 1000), (None, None, 0, 1000), (None, None, 0, None),
            (500, 1200, 2000, None), (500, None, 0, 1200), (500, 2000, 3000, None), (500, None, 0, 2000),
            (None, None, 0, None), (2100, 3000, 2500, None),
        ):  # fmt: skip
            born = 50 if len(diary.cases) < 8 else 2050
            lead = diary.case(born, ended)
            diary.passing(lead, "deal.call", born + 1)
            if offer:
                diary.passing(lead, "deal.offer", offer)
            if ordered:
                diary.tell(ordered, lead, "order")
                diary.books(lead, ("booked", ordered, amount))
        return diary

    return opened


@pytest.fixture
def pipeline(pipeline_of):
    """The pipeline of a company that marks no quote, so that all stages belong to it."""
    return pipeline_of()


def test_the_weighted_pipeline_is_that_of_each_month(pipeline, kpis_of):
    """Hours 710, 1440 and 2170 begin months; the first lies in the warm-up, and leaves calls at 1/3 and offers at 1/2.

    At 1440 a call and two offers are open, and an order was 1500 EUR: 4 / 3 x 1500 = 2000 EUR of the 3000 EUR to come.
    At 2170 two calls and an offer, at 2000 EUR: 7 / 6 x 2000 EUR, of 2500 EUR.
    """
    kpis = kpis_of(pipeline)
    assert kpis["weighted_pipeline"] == pytest.approx((2000 + 7000 / 3) / 2)
    assert kpis["forecast_error"] == pytest.approx((1 / 3 + 1 / 15) / 2)
    assert kpis["forecast_bias"] == pytest.approx((2000 + 7000 / 3) / (3000 + 2500) - 1)


def test_the_pipeline_begins_one_stage_before_the_quote(pipeline_of, kpis_of):
    """Where the third stage is that of a quote, offers are the opportunities, and calls are only leads.

    At 1440 two offers at 1/2 and 2000 EUR, at 2170 one at 1/2 and 2500 EUR: what a call ordered is not theirs.
    """
    kpis = kpis_of(pipeline_of(processes__deal__steps__order__marks=["quoted"]))
    assert kpis["weighted_pipeline"] == pytest.approx((2000 + 1250) / 2)
    assert kpis["forecast_error"] == pytest.approx((1000 / 3000 + 1250 / 2500) / 2)


OWN_VALUE = {
    "attributes__worth": {"measures": "money"},
    "processes__deal__steps__order__amount": "round(worth)",
    "processes__deal__steps__order__marks": ["order"],
}
"""The company books what its leads carry."""


def test_a_deal_that_says_what_it_is_worth_is_foretold_at_that(pipeline_of, kpis_of):
    """At 1440 a call of 900 EUR at 1/3 and offers of 3200 and 500 EUR at 1/2; at 2170 calls of 900 and 600 and an offer
    of 2600 EUR. What ordered or was lost before, worth a million each, is not in it.
    """
    pipeline = pipeline_of(**OWN_VALUE)
    worth = {3: 900, 6: 3200, 7: 500, 8: 600, 9: 2600}
    pipeline.values = {(lead, "worth"): worth.get(lead, 1_000_000) for lead in range(10)}
    kpis = kpis_of(pipeline)
    assert kpis["weighted_pipeline"] == pytest.approx((300 + 1850 + 300 + 200 + 1300) / 2)
    assert kpis["forecast_bias"] == pytest.approx((2150 + 1800) / (3000 + 2500) - 1)


def test_a_case_of_another_process_has_no_value_of_its_own(pipeline_of, kpis_of):
    """An open opportunity in a process that books nothing counts at the mean first booking, as all do where the step
    that books posts a fixed amount.
    """
    pipeline = pipeline_of(**OWN_VALUE)
    pipeline.values = {(lead, "worth"): 1000 for lead in range(10)}
    before = kpis_of(pipeline)["weighted_pipeline"]
    stranger = pipeline.case(20, process="facts")
    pipeline.passing(stranger, "deal.call", 1435)
    assert kpis_of(pipeline)["weighted_pipeline"] - before == pytest.approx((1500 / 3 + 2000 / 3) / 2)


def test_a_forecast_knows_nothing_of_the_future(pipeline, kpis_of):
    """What becomes of the leads after the last month does not change what was foretold in it."""
    before = kpis_of(pipeline)["weighted_pipeline"]
    for lead in (3, 8):
        pipeline.tell(2400, lead, "order")
        pipeline.books(lead, ("booked", 2400, 9000))
    assert kpis_of(pipeline)["weighted_pipeline"] == before


def test_only_the_first_order_is_foretold(pipeline, kpis_of):
    """A study sold before the order, and an order after it, were in no pipeline; nor what an old customer buys."""
    before = kpis_of(pipeline)
    pipeline.books(6, ("booked", 1450, 600), ("booked", 2500, 900))
    pipeline.books(pipeline.case(100), ("booked", 1500, 5000))
    kpis = kpis_of(pipeline)
    assert [kpis[name] - before[name] for name in ("weighted_pipeline", "forecast_error")] == [0, 0]
    assert kpis["revenue_booked"] == before["revenue_booked"] + 6500


def test_a_stage_after_the_order_foretells_nothing(pipeline, kpis_of):
    """Both who ordered come to the third stage afterwards; an old customer who stands there and never orders is worth
    nothing.
    """
    before = kpis_of(pipeline)
    for lead, moment in ((0, 1300), (4, 1300), (pipeline.case(10), 20)):
        pipeline.passing(lead, "deal.order", moment)
    assert kpis_of(pipeline)["weighted_pipeline"] == before["weighted_pipeline"]


def test_a_month_that_books_nothing_has_no_error(facts, kpis_of):
    """A pipeline whose past holds losses only is worth nothing, and there is nothing to compare it with."""
    diary = facts(**MONTHS)
    for ended in (800, None):
        diary.passing(diary.case(100, ended), "deal.call", 110)
    kpis = kpis_of(diary)
    assert kpis["weighted_pipeline"] == 0
    assert math.isnan(kpis["forecast_error"])


def test_without_a_past_nothing_is_foretold(facts, kpis_of):
    """Where no opportunity of an earlier month has closed, neither figure is defined."""
    diary = facts(**MONTHS)
    diary.passing(diary.case(100), "deal.call", 110)
    kpis = kpis_of(diary)
    assert all(math.isnan(kpis[name]) for name in ("weighted_pipeline", "forecast_error"))


def test_who_stands_open_at_all_months_is_who_stands_open_at_each():
    """Sixty random opportunities, some never closed and some closed at the start of a month, asked month by month."""
    rng, moments = np.random.default_rng(4), np.arange(10.0, 100.0, 10.0)
    stages = np.where(rng.random((60, 3)) < 0.6, rng.uniform(0, 110, (60, 3)).round(), np.inf)
    closed = np.where(rng.random(60) < 0.7, rng.uniform(0, 120, 60).round(-1), np.nan)
    nothing = np.zeros(60)
    standing = open_at(Opportunities(stages, nothing, closed, nothing, nothing), moments)
    for moment, (rows, last) in zip(moments, standing, strict=True):
        reached = [[stage for stage in range(3) if of_one[stage] <= moment] for of_one in stages]
        expected = [row for row in range(60) if reached[row] and not closed[row] <= moment]
        assert rows.tolist() == expected
        assert last.tolist() == [reached[row][-1] for row in expected]
