"""Leads, stages, orders and what is left unfinished, against diaries counted by hand."""

import math

import pytest

from simulator.kpis.measures import measure


def test_leads_are_those_born_inside_the_window(diary, kpis_of):
    """Born just before the window, on its first moment, inside it: two count."""
    for born in (167.9, 168, 300):
        diary.case(born)
    assert kpis_of(diary)["leads"] == 2


def test_leads_by_channel_add_up_to_the_leads(diary, kpis_of):
    """Three from the web and one referral."""
    for channel in ("web", "referral", "web", "web"):
        diary.case(200, channel=channel)
    kpis = kpis_of(diary)
    assert (kpis["leads_web"], kpis["leads_referral"], kpis["leads"]) == (3, 1, 4)


def test_a_child_is_no_lead(diary, kpis_of):
    """A case with a parent belongs to the journey of its root."""
    lead = diary.case(200)
    diary.case(210, parent=lead)
    assert kpis_of(diary)["leads"] == 1


def test_a_referral_that_a_customer_brings_is_a_lead_of_its_own(diary, kpis_of):
    """A case with a parent and a channel is its own root, and so begins a journey."""
    lead = diary.case(200)
    referral = diary.case(210, channel="referral")
    key, process, channel, _, *rest = diary.cases[referral]
    diary.cases[referral] = (key, process, channel, lead, *rest)
    kpis = kpis_of(diary)
    assert (kpis["leads"], kpis["leads_referral"]) == (2, 1)


def test_a_stage_is_reached_once(diary, kpis_of):
    """Two calls of the same lead inside the window are one arrival at the stage."""
    lead = diary.case(170)
    diary.visit(lead, "deal.call", 177, 177, 178, "sales.ann")
    diary.visit(lead, "deal.call", 178, 178, 179, "sales.ann")
    assert kpis_of(diary)["reached_contact"] == 1


def test_a_stage_reached_before_the_window_is_not_reached_again(diary, kpis_of):
    """The first time counts: a second call inside the window adds nothing."""
    lead = diary.case(100)
    diary.visit(lead, "deal.call", 105, 105, 106, "sales.ann")
    diary.visit(lead, "deal.call", 177, 177, 178, "sales.ann")
    assert kpis_of(diary)["reached_contact"] == 0


def test_the_first_time_is_the_earliest_whatever_the_order_of_the_rows(diary, kpis_of):
    """Rows stand in the order of entering; a later row may have started first, here before the window."""
    lead = diary.case(100)
    diary.visit(lead, "deal.call", 105, 177, 178, "sales.ann")
    diary.visit(lead, "deal.call", 106, 110, 111, "sales.ann")
    assert kpis_of(diary)["reached_contact"] == 0


def test_who_still_waits_has_not_reached_the_stage(diary, kpis_of):
    """A stage is reached when its step starts, not when the case joins the queue."""
    lead = diary.case(170)
    diary.visit(lead, "deal.call", 500, off_shift=4)
    assert kpis_of(diary)["reached_contact"] == 0


def test_a_child_carries_its_journey_to_a_stage(company, diary_of, kpis_of):
    """A stage of the delivery process is reached by the journey of the lead."""
    diary = diary_of(company(processes__delivery__steps__fit__stage="order"))
    lead = diary.case(170, 175, channel="referral")
    child = diary.case(175, parent=lead)
    diary.visit(child, "delivery.fit", 180, 181, 185, "fitters.staff", contention=1)
    assert kpis_of(diary)["reached_order"] == 1


def company_of_four(diary):
    """Four leads: two are called, one of them gets an offer and orders; the second comes by referral and is large."""
    first = diary.case(170)
    diary.visit(first, "deal.call", 177, 177, 178, "sales.ann")
    second = diary.case(171, channel="referral", segment="large")
    diary.visit(second, "deal.call", 178, 178, 179, "sales.ann")
    diary.visit(second, "deal.offer", 179, 179, 180, "sales.ann")
    diary.passing(second, "deal.order", 250)
    diary.case(172)
    diary.case(173)


def test_conversion_is_the_ratio_of_flows(diary, kpis_of):
    """Of four leads two are called (1/2), one gets an offer (1/4) and orders (1/4)."""
    company_of_four(diary)
    kpis = kpis_of(diary)
    assert (kpis["conversion_contact"], kpis["conversion_offer"], kpis["conversion_order"]) == (0.5, 0.25, 0.25)


def test_conversion_from_the_stage_before(diary, kpis_of):
    """From four leads to two calls 1/2, to one offer 1/2, to one order 1."""
    company_of_four(diary)
    kpis = kpis_of(diary)
    found = [kpis[f"conversion_{stage}_from_previous"] for stage in ("contact", "offer", "order")]
    assert found == [0.5, 0.5, 1]


def test_a_stage_called_order_keeps_apart_from_the_milestone(company, diary_of, kpis_of):
    """Where the stage is reached and the milestone is not, only the stage's own conversion counts it."""
    diary = diary_of(company(processes__deal__steps__order__marks=[]))
    lead = diary.case(170)
    diary.passing(lead, "deal.order", 250)
    kpis = kpis_of(diary)
    assert kpis["conversion_order_stage"] == 1
    assert kpis["orders"] == 0
    assert math.isnan(kpis["conversion_order"])


def test_conversion_by_channel_and_segment(diary, kpis_of):
    """The one order is the referral's (1 of 1) and the large firm's (1 of 1); the web and the small have none of 3."""
    company_of_four(diary)
    kpis = kpis_of(diary)
    assert (kpis["orders_web"], kpis["orders_referral"]) == (0, 1)
    assert (kpis["conversion_order_web"], kpis["conversion_order_referral"]) == (0, 1)
    assert (kpis["conversion_order_small"], kpis["conversion_order_large"]) == (0, 1)


def test_a_ratio_of_flows_may_exceed_one(diary, kpis_of):
    """Two leads of the warm-up order inside the window, where one lead is born: 200 %."""
    for born in (100, 110):
        diary.passing(diary.case(born), "deal.order", 200)
    diary.case(300)
    assert kpis_of(diary)["conversion_order"] == 2


def test_unfinished_counts_journeys_born_inside_the_window(diary, kpis_of):
    """Of four born inside one is unfinished, one has an unfinished child: 1/2; the one of the warm-up is no part of
    it.
    """
    diary.case(100)
    diary.case(200, 210)
    diary.case(200, 210)
    diary.case(200)
    lead = diary.case(200, 210)
    diary.case(205, parent=lead)
    kpis = kpis_of(diary)
    assert kpis["unfinished"] == 0.5
    assert kpis["unfinished_cases"] == 3


def test_work_in_progress_is_clipped_to_the_window(diary, kpis_of):
    """From 100 to 336 are 168 of 336 hours (0.5); from 420 on, unfinished, 84 hours (0.25); before the window none."""
    diary.case(100, 336)
    diary.case(420)
    diary.case(10, 100)
    assert kpis_of(diary)["work_in_progress"] == pytest.approx(0.75)


def test_an_account_that_ends_is_no_lead_that_ended(company, diary_of, kpis_of, pictures_of):
    """Of three leads one is won; the account of a customer of old is lost as well, and counts among none of them."""
    account = {"steps": {
        "leaves": {"kind": "post", "account": "recurring", "amount": "-1 EUR", "marks": ["churned"]},
        "gone": {"kind": "end", "outcome": "gone"}, "lost": {"kind": "end", "outcome": "lost"},
    }}  # fmt: skip
    old = {"process": "account", "drops": [{"date": "2024-01-01", "leads": 9}]}
    diary = diary_of(company(processes__account=account, channels__old=old))
    for process, channel, outcome in (("deal", "web", "won"), ("deal", "web", "lost"), ("deal", "referral", "lost"),
                                      ("account", "old", "gone"), ("account", "old", "lost")):  # fmt: skip
        diary.case(170, 300, channel=channel, outcome=outcome, process=process)
    kpis = kpis_of(diary)
    assert (kpis["ended_won"], kpis["ended_lost"]) == pytest.approx((1 / 3, 2 / 3))
    assert "ended_gone" not in kpis
    assert pictures_of(diary).outcomes.sum() == 3


def test_ends_of_one_name_count_together_whatever_their_result(company, diary_of, kpis_of):
    """Who declines may be lost, won or neither: each is a code of the same name, and all three are counted."""
    steps = {
        "fit": {"kind": "end", "outcome": "declined"},
        "none": {"kind": "end", "outcome": "declined", "result": "won"},
    }
    changes = {"processes__cold": {"steps": steps}, "channels__list": {"process": "cold"},
               "processes__deal__steps__no": {"kind": "end", "outcome": "declined", "result": "lost"}}  # fmt: skip
    diary = diary_of(company(**changes))
    codes = [code for code, name in enumerate(diary.program.names.outcomes) if name == "declined"]
    for outcome in ("won", "lost"):
        diary.case(170, 300, outcome=outcome)
    for code in codes:
        row = diary.case(170, 300, outcome="won")
        diary.cases[row] = (*diary.cases[row][:7], code, diary.cases[row][8])
    kpis = kpis_of(diary)
    assert len(codes) == 3
    assert kpis["ended_declined"] == pytest.approx(3 / 5)
    assert sum(value for name, value in kpis.items() if name.startswith("ended_")) == pytest.approx(1)


def test_rework_is_what_was_finished_and_went_back(company, diary_of):
    """Of four fittings that the fitters finished inside the window one went back; one of the warm-up did too, and what
    sales finished is not theirs.
    """
    diary = diary_of(company(processes__delivery__steps__fit__defect={"probability": "10 %"}))
    lead = diary.case(100)
    for begun, again in ((110, True), (200, True), (210, False), (220, False), (230, False)):
        case = diary.case(begun, parent=lead)
        row = diary.visit(case, "delivery.fit", begun, begun, begun + 4, "fitters.staff")
        diary.visits[row] = (*diary.visits[row][:-1], diary.program.names.steps.index(
            "delivery.fit" if again else "delivery.parts"))  # fmt: skip
    diary.visit(lead, "deal.call", 200, 200, 201, "sales.ann")
    kpis = measure(diary.program, diary.records()).kpis
    assert kpis["rework_fitters"] == 1 / 4
    assert kpis["rework_sales"] == 0


def test_a_journey_is_in_progress_until_its_last_case_ends(diary, kpis_of):
    """A lead from 168 to 210 and its child from 200 to 252: 94 case hours, but 84 journey hours, of 336."""
    lead = diary.case(168, 210)
    diary.case(200, 252, parent=lead, outcome="done")
    kpis = kpis_of(diary)
    assert kpis["work_in_progress"] == pytest.approx(94 / 336)
    assert kpis["journeys_in_progress"] == pytest.approx(84 / 336)


def test_a_company_without_segments_is_measured_without_them(company, diary_of, kpis_of):
    """No KPI of a segment, and the rest as before."""
    diary = diary_of(company(segments={}))
    diary.passing(diary.case(200), "deal.order", 210)
    kpis = kpis_of(diary)
    assert kpis["conversion_order"] == 1
    assert not any(name.endswith(("_small", "_large")) for name in kpis)


def test_the_funnel_and_the_outcomes_are_counted_inside_the_window(diary, pictures_of):
    """Two calls and one order; one lead won and one lost inside, one lost in the warm-up; children have no place in
    it.
    """
    first, second = diary.case(170, 260, outcome="won"), diary.case(170, 400, outcome="lost")
    diary.case(10, 20, outcome="lost")
    diary.case(260, 300, parent=first, outcome="done")
    for lead in (first, second):
        diary.visit(lead, "deal.call", 177, 177, 178, "sales.ann")
    diary.passing(first, "deal.order", 250)
    pictures, outcomes = pictures_of(diary), diary.program.names.outcomes
    assert pictures.funnel.tolist() == [2, 0, 1]
    assert dict(zip(outcomes, pictures.outcomes.tolist(), strict=True)) == {"won": 1, "lost": 1, "done": 0}
