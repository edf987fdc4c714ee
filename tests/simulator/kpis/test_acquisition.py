"""Scores, hand-offs, channels and forecasts, against diaries counted by hand; the window runs from 168 h to 504 h."""

import math

import pytest

MONTHS = {"horizon": {"start": "2024-01-01", "warm_up": "60 d", "length": "150 d", "currency": "EUR"}}


@pytest.fixture
def scored(facts):
    """Four MQLs of the window, three of them relevant; one of the warm-up; and a relevant lead that nobody saw."""
    diary = facts()
    for born, marks in (
        (100, ("relevant", "mql")),
        *[(200, ("relevant", "mql"))] * 3,
        (300, ("mql",)),
        (400, ("relevant",)),
    ):
        diary.tell(born, diary.case(born), *marks)
    return diary


def test_precision_and_recall_of_the_score(scored, kpis_of):
    """Of four MQLs three are relevant, and of four relevant leads three became one."""
    kpis = kpis_of(scored)
    assert kpis["score_precision"] == pytest.approx(3 / 4)
    assert kpis["score_recall"] == pytest.approx(3 / 4)


def test_precision_counts_who_proves_relevant_later(scored, kpis_of):
    """The truth about a lead does not depend on when it is noted: all four are relevant then."""
    scored.tell(450, 4, "relevant")
    assert kpis_of(scored)["score_precision"] == 1


def test_a_lead_may_be_handed_over_and_rejected_several_times(scored, kpis_of):
    """Decisions of sales are visits: three rejections, one of them in the warm-up, and three acceptances."""
    scored.tell(150, 0, "sales_rejected")
    for moment in (210, 220):
        scored.tell(moment, 1, "sales_rejected")
    for lead in (1, 2, 3):
        scored.tell(260, lead, "sales_accepted")
    assert kpis_of(scored)["mql_rejection_rate"] == pytest.approx(2 / 5)


def test_misrouted_leads_and_missed_service_levels_count_once(scored, kpis_of):
    """Of four MQLs one is misrouted, twice, and two wait too long."""
    for moment, lead, mark in (
        (210, 1, "misrouted"),
        (220, 1, "misrouted"),
        (210, 1, "sla_missed"),
        (210, 2, "sla_missed"),
    ):
        scored.tell(moment, lead, mark)
    kpis = kpis_of(scored)
    assert (kpis["misrouted"], kpis["sla_missed"]) == (1 / 4, 2 / 4)


def test_pre_sales_of_other_teams_are_in_cac(diary, kpis_of):
    """Of the fitter's 8 h at work 5 went into a lead before it ordered and 1 into one that never did: 6/8 of a wage of
    1 EUR for 336 h. Hours after the order and on the delivery are none of it.
    """
    lead, lost = diary.case(200), diary.case(200)
    diary.visit(lead, "deal.offer", 210, 210, 215, "fitters.staff")
    diary.visit(lost, "deal.offer", 216, 216, 217, "fitters.staff")
    diary.passing(lead, "deal.order", 220)
    diary.visit(lead, "deal.offer", 230, 230, 231, "fitters.staff")
    diary.visit(diary.case(232, parent=lead), "delivery.fit", 232, 232, 233, "fitters.staff")
    kpis = kpis_of(diary)
    assert kpis["cost_presales"] == pytest.approx(0.75 * 336)
    assert kpis["cac"] == pytest.approx(kpis["cost_acquisition"] + 252)


def test_sellers_are_acquisition_and_no_pre_sales(diary, kpis_of):
    """What Ann works before the order is in the cost of her cost centre already."""
    lead = diary.case(200)
    diary.visit(lead, "deal.call", 202, 202, 205, "sales.ann")
    diary.passing(lead, "deal.order", 220)
    kpis = kpis_of(diary)
    assert kpis["cost_presales"] == 0
    assert kpis["cac"] == pytest.approx(kpis["cost_acquisition"])


def test_win_rate_leaves_out_orders_without_a_quote(facts, kpis_of):
    """Five quotes inside the window, two orders after a quote, one of the warm-up, and one order without any."""
    diary = facts()
    for quoted, ordered in ((100, 200), (200, 300), *[(200, None)] * 4, (None, 400)):
        lead = diary.case(90)
        for moment, mark in ((quoted, "quoted"), (ordered, "order")):
            if moment:
                diary.tell(moment, lead, mark)
    assert kpis_of(diary)["win_rate"] == pytest.approx(2 / 5)


def test_what_no_step_marks_is_not_defined(diary, kpis_of):
    """The company without marks of marketing has no precision, recall, rejections, misrouting nor win rate."""
    diary.case(200)
    kpis = kpis_of(diary)
    names = ("score_precision", "score_recall", "mql_rejection_rate", "misrouted", "sla_missed", "win_rate")
    assert all(math.isnan(kpis[name]) for name in names)


def test_each_channel_has_a_cost_and_a_return(facts, kpis_of):
    """The web costs 2 EUR an hour for 336 h and 20 EUR for each of three leads, the fair 900 EUR for none; bookings of
    the warm-up and of referrals are not theirs.
    """
    fair = {"process": "deal", "drops": [{"date": "2024-01-10", "leads": 0, "cost": "900 EUR"}]}
    diary = facts(channels__fair=fair)
    for moment in (100, 200, 300, 400):
        diary.books(diary.case(moment), ("booked", moment, 500))
    diary.books(diary.case(200, channel="referral"), ("booked", 250, 9999))
    kpis = kpis_of(diary)
    assert kpis["cost_per_lead_web"] == pytest.approx((672 + 60) / 3)
    assert kpis["cost_per_lead"] == pytest.approx((672 + 60 + 900) / 4)
    assert kpis["channel_return_web"] == pytest.approx(1500 / 732)
    assert kpis["channel_return_fair"] == 0
    assert kpis["cost_per_lead_referral"] == 0
    assert math.isnan(kpis["cost_per_lead_fair"])
    assert math.isnan(kpis["channel_return_referral"])


def test_costs_of_channels_and_of_sales_are_the_cost_of_acquisition(facts, kpis_of):
    """What the channels cost, with the wages of the sales team, is what the cost centre says."""
    diary = facts()
    for moment in (200, 300):
        diary.case(moment)
    kpis = kpis_of(diary)
    assert 2 * kpis["cost_per_lead_web"] + 96 * 30 == pytest.approx(kpis["cost_acquisition"])


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
