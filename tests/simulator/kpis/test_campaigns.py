"""Campaigns, against diaries counted by hand; the window runs from 168 h to 504 h, the run ends with it."""

import math

import pytest

from simulator.kpis.catalogue import catalogue

DATES = [("2024-01-03", 100), ("2024-01-10", 900), ("2024-01-15", 60), ("2024-01-23", 500)]


def fair(*drops, **rest):
    """A channel of drops: date, budget and spread."""
    listed = [{"date": date, "leads": 1, "spread": "2 d"} | ({"cost": f"{cost} EUR"} if cost else {})
              for date, cost in drops]  # fmt: skip
    return {"channels__fair": {"process": "deal", "label": "Fair", "cost_per_lead": "5 EUR", "drops": listed} | rest}


def test_each_date_has_a_cost_and_a_return_of_its_own(facts, kpis_of):
    """The fair of 10 January: two leads and 600 EUR for 910 EUR; that of the 15th: one lead, 260 EUR for 65 EUR."""
    diary = facts(**fair(*DATES))
    for born, booked in ((216, 400), (264, 200), (337, 260), (300, 9999)):
        diary.books(diary.case(born, channel="fair"), ("booked", 400, booked))
    diary.books(diary.case(220), ("booked", 400, 9999))
    kpis = kpis_of(diary)
    assert kpis["campaign_cost_per_lead_fair_2024_01_10"] == pytest.approx(910 / 2)
    assert kpis["campaign_return_fair_2024_01_10"] == pytest.approx(600 / 910)
    assert kpis["campaign_cost_per_lead_fair_2024_01_15"] == pytest.approx(65)
    assert kpis["campaign_return_fair_2024_01_15"] == pytest.approx(4)


def test_what_its_leads_book_later_in_their_journey_is_its_return(facts, kpis_of):
    """A second order, and one by a child case, count; the return of a channel counts them by the window instead."""
    diary = facts(**fair(("2024-01-10", 100)))
    lead = diary.case(220, channel="fair")
    diary.books(lead, ("booked", 300, 100), ("booked", 400, 50))
    diary.books(diary.case(410, parent=lead), ("booked", 420, 60))
    assert kpis_of(diary)["campaign_return_fair_2024_01_10"] == pytest.approx(210 / 105)


def test_campaigns_of_the_warm_up_and_drops_without_a_budget_are_none(company):
    """Of four dates two lie inside the window and cost something; the 22nd is after its end."""
    kpis = catalogue(company(**fair(*DATES, ("2024-01-17", 0), ("2024-01-22", 70))))
    found = [name for name in kpis if name.startswith("campaign_return_")]
    assert found == [f"campaign_return_fair_2024_01_{day}" for day in (10, 15)]
    assert kpis["campaign_return_fair_2024_01_10"].label == "Campaign return, Fair, 2024-01-10"


def test_two_drops_of_one_day_are_one_campaign(facts, kpis_of):
    """Their budgets add up, and so do their leads."""
    diary = facts(**fair(("2024-01-10", 100), ("2024-01-10", 50)))
    for _ in range(3):
        diary.case(230, channel="fair")
    assert kpis_of(diary)["campaign_cost_per_lead_fair_2024_01_10"] == pytest.approx(165 / 3)


def test_a_campaign_that_brings_nobody_returns_nothing(facts, kpis_of):
    """The budget is spent: the return is 0, and a lead has no cost."""
    kpis = kpis_of(facts(**fair(("2024-01-10", 100))))
    assert kpis["campaign_return_fair_2024_01_10"] == 0
    assert math.isnan(kpis["campaign_cost_per_lead_fair_2024_01_10"])
