"""Scores, hand-offs, channels and forecasts, against diaries counted by hand; the window runs from 168 h to 504 h."""

import math

import pytest

QUARTERS = {"horizon": {"start": "2024-01-01", "warm_up": "7 d", "length": "150 d", "currency": "EUR"}}


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
def pipeline(facts):
    """Eight leads called at once, of which four come to an offer and two order at hour 2000, for 1000 and 2000 EUR.

    So an offer closes with 1/2, a call with 1/4, and an order brings 1500 EUR.
    """
    diary = facts(**QUARTERS, processes__deal__steps__order__marks=[])
    for number in range(8):
        lead = diary.case(50, None if number else 60)
        diary.passing(lead, "deal.call", 51)
        if number >= 4:
            diary.passing(lead, "deal.offer", 800)
        if number >= 6:
            diary.tell(2000, lead, "order")
            diary.books(lead, ("booked", 2000, 1000 * (number - 5)))
    return diary


def test_the_weighted_pipeline_is_that_of_each_month(pipeline, kpis_of):
    """Hours 168, 898 and 1628 begin months that leave a quarter of 2190 h to the end at 3768 h: only two do.

    Seven calls are open in the first (one lost its case at once): 7 / 4 x 1500 = 2625 EUR; in the second three calls
    and four offers: (3 / 4 + 2) x 1500 = 4125 EUR. All 3000 EUR are booked in the end.
    """
    kpis = kpis_of(pipeline)
    assert kpis["weighted_pipeline"] == pytest.approx((2625 + 4125) / 2)
    assert kpis["forecast_error"] == pytest.approx((375 / 3000 + 1125 / 3000) / 2)


def test_what_is_ordered_is_no_longer_in_the_pipeline(pipeline, kpis_of):
    """With an order before the first month, its lead is gone: six calls, and nothing but 1000 EUR to come."""
    lead = 7
    pipeline.visits = [visit for visit in pipeline.visits if visit[0] != lead]
    pipeline.postings = [entry for entry in pipeline.postings if entry[1] != lead]
    for moment, step in ((51, "deal.call"), (52, "deal.offer"), (53, "facts.order")):
        pipeline.passing(lead, step, moment)
    pipeline.books(lead, ("booked", 53, 2000))
    kpis = kpis_of(pipeline)
    first, second = 6 / 4 * 1500, (3 / 4 + 3 / 2) * 1500
    assert kpis["weighted_pipeline"] == pytest.approx((first + second) / 2)
    assert kpis["forecast_error"] == pytest.approx((first / 1000 - 1 + second / 1000 - 1) / 2)


def test_only_the_first_order_is_foretold(pipeline, kpis_of):
    """A study sold before the order, and an order after it, were in no pipeline; nor what an old customer buys."""
    before = kpis_of(pipeline)
    pipeline.books(7, ("booked", 60, 600), ("booked", 2500, 900))
    pipeline.books(pipeline.case(100), ("booked", 300, 5000))
    kpis = kpis_of(pipeline)
    assert [kpis[name] - before[name] for name in ("weighted_pipeline", "forecast_error")] == [0, 0]
    assert kpis["revenue_booked"] == before["revenue_booked"] + 5900


def test_a_stage_after_the_order_foretells_nothing(pipeline, kpis_of):
    """Both who ordered come to the third stage afterwards; an old customer who stands there and never orders is worth
    nothing.
    """
    before = kpis_of(pipeline)
    for lead, moment in ((6, 2100), (7, 2100), (pipeline.case(10), 20)):
        pipeline.passing(lead, "deal.order", moment)
    assert kpis_of(pipeline)["weighted_pipeline"] == before["weighted_pipeline"]


def test_a_month_that_books_nothing_has_no_error(facts, kpis_of):
    """A pipeline without a single order is worth nothing, and there is nothing to compare it with."""
    diary = facts()
    diary.passing(diary.case(100), "deal.call", 110)
    kpis = kpis_of(diary)
    assert math.isnan(kpis["forecast_error"])
