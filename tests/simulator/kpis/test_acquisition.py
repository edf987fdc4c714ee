"""Scores, hand-offs and channels, against diaries counted by hand; the window runs from 168 h to 504 h."""

import math

import pytest


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


def test_hand_offs_that_nobody_ever_calls(facts, kpis_of):
    """Of six hand-offs of the window two are never called: one before the next hand-off, one before its lead ended. One
    is called, one is still open, one of the warm-up is none of them, and a call before it does not count.
    """
    diary = facts()
    for ended, *moments in (
        (400, (200, "sales_accepted"), (300, "sales_accepted"), (310, "contacted")),
        (400, (190, "first_response"), (200, "sales_accepted")),
        (400, (200, "sales_accepted"), (200, "first_response")),
        (None, (200, "sales_accepted")),
        (400, (90, "sales_accepted"), (350, "sales_accepted"), (360, "contacted"), (370, "contacted")),
    ):  # fmt: skip
        lead = diary.case(80, ended)
        for moment, mark in moments:
            diary.tell(moment, lead, mark)
    assert kpis_of(diary)["accepted_never_contacted"] == 2 / 6


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
    names = (
        "score_precision",
        "score_recall",
        "mql_rejection_rate",
        "accepted_never_contacted",
        "misrouted",
        "sla_missed",
        "win_rate",
    )
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


def test_commissions_are_costs_of_their_channel(company, diary_of, kpis_of):
    """The partner's two leads ordered for 1000 EUR each and one was paid 40 EUR for inside the window; what a delivery
    posts, and what is posted to another centre, is no commission.
    """
    posts = {"fee": "acquisition", "van": "delivery"}
    steps = {name: {"kind": "post", "account": "cost", "amount": "1 EUR", "cost_centre": centre}
             for name, centre in posts.items()}  # fmt: skip
    diary = diary_of(company(processes__facts={"steps": steps}))
    for moment in (200, 210):
        lead = diary.case(moment, channel="referral")
        diary.post(moment, lead, "deal.order", "booked", 1000)
    diary.post(220, lead, "facts.fee", "cost", 40)
    diary.post(100, lead, "facts.fee", "cost", 500)
    diary.post(220, lead, "facts.van", "cost", 500)
    diary.post(220, diary.case(215, parent=lead), "facts.fee", "cost", 500)
    kpis = kpis_of(diary)
    assert kpis["cost_per_lead_referral"] == pytest.approx(20)
    assert kpis["channel_return_referral"] == pytest.approx(2000 / 40)
    assert kpis["cost_per_lead"] == pytest.approx((672 + 40) / 2)


def test_costs_of_channels_and_of_sales_are_the_cost_of_acquisition(facts, kpis_of):
    """What the channels cost, with the wages of the sales team, is what the cost centre says."""
    diary = facts()
    for moment in (200, 300):
        diary.case(moment)
    kpis = kpis_of(diary)
    assert 2 * kpis["cost_per_lead_web"] + 96 * 30 == pytest.approx(kpis["cost_acquisition"])
