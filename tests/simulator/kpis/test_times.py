"""Times between milestones and stages, against journeys worked out by hand."""

import math

import pytest


def call(diary, born, started, **case):
    """A lead that is called at a moment."""
    lead = diary.case(born, **case)
    diary.visit(lead, "deal.call", born, started, started + 1, "sales.ann")
    return lead


def test_first_response_runs_from_birth_to_the_first_call(diary, kpis_of):
    """After half an hour, 2 and 6 hours: mean 8.5/3, median 2, 90th percentile 2 + 0.8 * 4."""
    for hours in (0.5, 2, 6):
        call(diary, 200, 200 + hours)
    kpis = kpis_of(diary)
    assert kpis["first_response_mean"] == pytest.approx(8.5 / 3)
    assert kpis["first_response_median"] == 2
    assert kpis["first_response_p90"] == pytest.approx(5.2)


def test_only_the_first_call_is_a_first_response(diary, kpis_of):
    """A second call after 30 hours changes nothing."""
    lead = call(diary, 200, 203)
    diary.visit(lead, "deal.call", 204, 230, 231, "sales.ann", contention=26)
    assert kpis_of(diary)["first_response_mean"] == 3


def test_the_clock_of_the_first_response_starts_with_the_hand_over(facts, kpis_of):
    """Handed over after eight days and called 5 h later; called 2 h after birth and an MQL only then: 5 and 2 h."""
    diary = facts()
    nurtured, called = diary.case(100), diary.case(300)
    diary.tell(300, nurtured, "mql")
    diary.tell(305, nurtured, "first_response")
    diary.tell(302, called, "first_response")
    diary.tell(310, called, "mql")
    assert kpis_of(diary)["first_response_mean"] == 3.5
    assert kpis_of(diary)["first_response_within_1h"] == 0


def test_a_response_counts_where_it_falls_whenever_the_lead_was_born(diary, kpis_of):
    """Born in the warm-up and called on the first moment of the window after 8 hours; calls in the warm-up do not
    count.
    """
    call(diary, 160, 168)
    call(diary, 100, 167.9)
    assert kpis_of(diary)["first_response_mean"] == 8


def test_a_response_within_the_hour_is_a_share_of_the_leads(diary, kpis_of):
    """Of four leads one is called after 0.5 h, one after exactly 1 h, one after 1.01 h, and one never: 2/4."""
    for hours in (0.5, 1, 1.01):
        call(diary, 200, 200 + hours)
    diary.case(200)
    assert kpis_of(diary)["first_response_within_1h"] == 0.5


def test_only_leads_that_ask_can_be_answered_within_the_hour(facts, kpis_of):
    """Of MQLs one is called after half an hour, one after two, one never; a lead that asked by itself at once, one that
    was called back after a day; one that was never handed over and an MQL of the warm-up ask for nothing: 2/5.
    """
    diary = facts()
    for mql, response in ((210, 210.5), (210, 212), (210, None), (None, 200.5), (None, 224), (None, None), (150, 180)):
        lead = diary.case(100 if mql == 150 else 200)
        for moment, mark in ((mql, "mql"), (response, "first_response")):
            if moment:
                diary.tell(moment, lead, mark)
    assert kpis_of(diary)["first_response_within_1h"] == 2 / 5


def test_customers_of_old_are_no_leads_that_nobody_contacted(facts, kpis_of):
    """One who left in the window without a word was born long before it; of the two leads of the window, one ended."""
    diary = facts()
    diary.tell(100, diary.case(10, 250), "mql")
    diary.tell(205, diary.case(200, 250), "mql")
    diary.case(200)
    kpis = kpis_of(diary)
    assert kpis["never_contacted"] == 1 / 2
    assert kpis["mql_never_contacted"] == 1


def test_never_contacted_are_journeys_that_ended_without_a_response(diary, kpis_of):
    """Of four leads one ended uncalled, one ended after a call, one is still open, one ended while its child goes
    on.
    """
    diary.case(200, 210)
    call(diary, 200, 201, ended=210)
    diary.case(200)
    parent = diary.case(200, 210)
    diary.case(205, parent=parent)
    assert kpis_of(diary)["never_contacted"] == 0.25


def test_whoever_is_called_later_is_contacted(facts, kpis_of):
    """Of four MQLs that ended one heard from the firm at once, one only after a year of letters, and two never; a fifth
    lead was no MQL.
    """
    diary = facts()
    for marks in (("mql", "first_response"), ("mql", "contacted"), ("mql",), ("mql",), ()):
        diary.tell(205, diary.case(200, 210), *marks)
    kpis = kpis_of(diary)
    assert kpis["never_contacted"] == 3 / 5
    assert kpis["mql_never_contacted"] == 2 / 4


def test_without_marketing_no_mql_is_forgotten(diary, kpis_of):
    """A process that marks no MQL has no share of those that nobody called."""
    diary.case(200, 210)
    assert math.isnan(kpis_of(diary)["mql_never_contacted"])


def test_without_a_step_that_responds_nobody_is_called_uncontacted(company, diary_of, kpis_of):
    """A process that marks no first response says nothing about it."""
    diary = diary_of(company(processes__deal__steps__call__marks=[]))
    diary.case(200, 210)
    kpis = kpis_of(diary)
    assert math.isnan(kpis["never_contacted"])
    assert math.isnan(kpis["first_response_within_1h"])


def journey(diary, shift=0.0):
    """Born at 200, ordered at 248, fitted at 260, invoiced at 272, paid at 344; returns lead and delivery."""
    lead = diary.case(200 + shift, 248 + shift, outcome="won")
    diary.passing(lead, "deal.order", 248 + shift)
    child = diary.case(248 + shift, 344 + shift, parent=lead, outcome="done")
    diary.visit(child, "delivery.fit", 248 + shift, 260 + shift, 264 + shift, "fitters.staff", contention=12)
    diary.passing(child, "delivery.invoice", 272 + shift)
    diary.visit(child, "delivery.term", 272 + shift, 272 + shift, 344 + shift)
    diary.passing(child, "delivery.cash", 344 + shift)
    return lead, child


@pytest.mark.parametrize(
    ("span", "days"),
    [
        ("lead_to_order", 2),
        ("order_to_delivery", 0.5),
        ("order_to_cash", 4),
        ("invoice_to_cash", 3),
        ("lead_to_cash", 6),
    ],
)
def test_spans_between_milestones_in_days(diary, kpis_of, span, days):
    """One journey over two cases: 48 h to the order, 12 to the fitting, 96 from order and 72 from invoice to cash,
    144 in all.
    """
    journey(diary)
    kpis = kpis_of(diary)
    assert [kpis[f"{span}_{summary}"] for summary in ("mean", "median", "p90")] == pytest.approx([days] * 3)


def test_spans_take_their_place_in_time_from_their_end(diary, kpis_of):
    """Moved so that the order falls into the warm-up and the cash into the window, only the spans to cash remain."""
    journey(diary, shift=-100)
    kpis = kpis_of(diary)
    assert math.isnan(kpis["lead_to_order_mean"])
    assert kpis["lead_to_cash_mean"] == pytest.approx(6)
    assert kpis["order_to_cash_mean"] == pytest.approx(4)


def test_spans_differ_in_mean_and_median(diary, kpis_of):
    """Orders after 1, 2 and 9 days: mean 4, median 2, 90th percentile 2 + 0.8 * 7."""
    for days in (1, 2, 9):
        diary.passing(diary.case(200), "deal.order", 200 + 24 * days)
    kpis = kpis_of(diary)
    assert kpis["lead_to_order_mean"] == pytest.approx(4)
    assert kpis["lead_to_order_median"] == pytest.approx(2)
    assert kpis["lead_to_order_p90"] == pytest.approx(7.6)


def test_a_deposit_before_the_order_is_no_time_from_order_to_cash(diary, kpis_of):
    """The first payment comes a day before the order: lead to cash is known, order to cash is not."""
    lead = diary.case(200)
    child = diary.case(200, parent=lead)
    diary.passing(child, "delivery.cash", 224)
    diary.passing(lead, "deal.order", 248)
    kpis = kpis_of(diary)
    assert kpis["lead_to_cash_mean"] == pytest.approx(1)
    assert math.isnan(kpis["order_to_cash_mean"])


def test_time_in_a_stage_ends_with_the_next(diary, kpis_of):
    """Contact at 200, offer at 248, order at 320: two days, and three."""
    lead = call(diary, 200, 200)
    diary.visit(lead, "deal.offer", 248, 248, 249, "sales.ann")
    diary.passing(lead, "deal.order", 320)
    kpis = kpis_of(diary)
    assert kpis["stage_time_contact_mean"] == pytest.approx(2)
    assert kpis["stage_time_offer_mean"] == pytest.approx(3)


def test_a_stage_that_is_skipped_takes_no_time(diary, kpis_of):
    """From contact at 200 straight to the order at 296: four days of contact, none known of the offer."""
    diary.passing(call(diary, 200, 200), "deal.order", 296)
    kpis = kpis_of(diary)
    assert kpis["stage_time_contact_mean"] == pytest.approx(4)
    assert math.isnan(kpis["stage_time_offer_mean"])


def test_a_later_stage_that_came_first_does_not_end_an_earlier_one(diary, kpis_of):
    """The order came at 190, then contact at 200 and the offer at 224: one day of contact, no negative times."""
    lead = diary.case(180)
    diary.passing(lead, "deal.order", 190)
    diary.visit(lead, "deal.call", 200, 200, 201, "sales.ann")
    diary.visit(lead, "deal.offer", 201, 224, 225, "sales.ann", contention=23)
    kpis = kpis_of(diary)
    assert kpis["stage_time_contact_mean"] == pytest.approx(1)
    assert math.isnan(kpis["stage_time_offer_mean"])


def test_the_last_stage_has_no_time(diary, kpis_of):
    """Nothing follows the order, so the catalogue promises no time for it."""
    assert "stage_time_order_mean" not in kpis_of(diary)
