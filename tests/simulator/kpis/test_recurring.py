"""What recurring revenue costs to serve and by what it grows, against diaries counted by hand.

The window is the year (8760 h) after a warm-up of a week. In it the fitter, of delivery, earns 8760 EUR; the planner,
of delivery too, costs 8760 - 168 and 500 once: 9092.
"""

import math

import pytest

YEAR = {"horizon": {"start": "2024-01-01", "warm_up": "7 d", "length": "365 d", "currency": "EUR"}}
START, FITTER, PLANNER = 168, 8760, 9092


@pytest.fixture
def firm(facts):
    """A customer of old with 40 000 EUR a year, and a new lead beside it; returns the diary and the customer."""
    diary = facts(**YEAR)
    customer = diary.case(10)
    diary.books(customer, ("recurring", 20, 40_000))
    return diary, customer


def test_wages_follow_the_hours_that_a_team_works_for_customers(firm, kpis_of):
    """The fitter works 30 h for the customer and 10 h for a delivery: three quarters of the wage are the customer's.
    Of 80 000 invoiced half recurs, so half of the planner is.
    """
    diary, customer = firm
    ticket, delivery = diary.case(300, parent=customer), diary.case(300, parent=diary.case(200))
    diary.visit(ticket, "delivery.fit", 400, 400, 430, "fitters.staff")
    diary.visit(delivery, "delivery.fit", 500, 500, 510, "fitters.staff")
    diary.books(delivery, ("invoiced", 600, 80_000))
    kpis = kpis_of(diary)
    assert kpis["cost_delivery"] == pytest.approx(FITTER + PLANNER)
    cost = 0.75 * FITTER + 0.5 * PLANNER
    assert kpis["recurring_margin"] == pytest.approx(1 - cost / 40_000)


def test_posted_costs_are_those_of_the_case(firm, kpis_of):
    """Parts of 900 for a ticket of the customer count whole, 5000 of material for a new order not at all; what was
    posted in the warm-up is past, and what serves no customer is no cost of serving.
    """
    diary, customer = firm
    ticket, order = diary.case(300, parent=customer), diary.case(200)
    for case, moment, amount in ((ticket, 400, 900), (order, 400, 5000), (customer, 100, 7000)):
        diary.post(moment, case, "delivery.parts", "cost", amount)
    diary.post(400, customer, "deal.call", "cost", 600)
    diary.books(order, ("invoiced", 600, 40_000))
    kpis = kpis_of(diary)
    assert kpis["cost_delivery"] == pytest.approx(FITTER + PLANNER + 5900)
    assert kpis["recurring_margin"] == pytest.approx(1 - (FITTER + PLANNER + 900) / 40_000)


def test_what_a_customer_buys_once_is_served_on_its_own_account(firm, kpis_of):
    """An extension that the customer's case began books an order: its 700 of parts and its hours are not the
    contract's; the invoice of the fee, begun by the contract, is.
    """
    diary, customer = firm
    extension, fee = diary.case(300, parent=customer), diary.case(300, parent=customer)
    diary.books(extension, ("booked", 310, 2000))
    for case, hours in ((extension, 30), (fee, 10)):
        diary.visit(diary.case(390, parent=case), "delivery.fit", 400, 400, 400 + hours, "fitters.staff")
        diary.post(450, case, "delivery.parts", "cost", 700)
    diary.books(fee, ("invoiced", 500, 40_000))
    assert kpis_of(diary)["recurring_margin"] == pytest.approx(1 - (FITTER / 4 + PLANNER + 700) / 40_000)


def test_repeated_purchases_that_are_all_the_business_bear_the_cost_of_their_orders(firm, kpis_of):
    """Of 40 000 at the usual rhythm 30 000 are ordered and invoiced: the parts of those orders count, over 30 000."""
    diary, customer = firm
    order = diary.case(300, parent=customer)
    diary.books(order, ("booked", 310, 30_000), ("invoiced", 500, 30_000))
    diary.post(450, order, "delivery.parts", "cost", 700)
    assert kpis_of(diary)["recurring_margin"] == pytest.approx(1 - (FITTER + PLANNER + 700) / 30_000)


def test_recurring_revenue_counts_while_it_is_in_force(firm, kpis_of):
    """40 000 for the year, 10 000 more for its second half, gone for the last quarter: 40 000 less 12 500 plus 5000."""
    diary, customer = firm
    diary.books(customer, ("recurring", START + 4380, 10_000), ("recurring", START + 6570, -50_000))
    earned = 0.75 * 40_000 + 0.25 * 10_000
    assert kpis_of(diary)["recurring_margin"] == pytest.approx(1 - (FITTER + PLANNER) / earned)


def test_ltv_and_payback_use_the_margin_of_recurring_revenue(firm, kpis_of):
    """Two of old with 40 000 each, of which one leaves at the end, and a new one of 20 000; the fitter works only on a
    delivery of 120 000 invoiced, at a loss to the firm: the contracts bear none of it.
    """
    diary, _ = firm
    last = START + 8760
    diary.books(diary.case(10), ("recurring", 20, 40_000), ("recurring", last - 876, -40_000))
    new = diary.case(200)
    diary.tell(210, new, "order")
    diary.books(new, ("recurring", last - 876, 20_000))
    delivery = diary.case(200, parent=new, process="facts")
    diary.books(delivery, ("invoiced", 300, 120_000))
    child = diary.case(400, parent=diary.case(390))
    diary.visit(child, "delivery.fit", 400, 400, 440, "fitters.staff")
    diary.post(450, child, "delivery.parts", "cost", 200_000)
    kpis = kpis_of(diary)
    earned = 40_000 + 36_000 + 2000
    margin = 1 - earned / 120_000 * PLANNER / earned
    assert kpis["recurring_margin"] == pytest.approx(margin)
    assert kpis["ltv"] == pytest.approx(60_000 / 2 * margin / 0.5)
    assert kpis["ltv_cac"] == pytest.approx(kpis["ltv"] / kpis["cost_acquisition"])
    assert kpis["cac_payback"] == pytest.approx(kpis["cost_acquisition"] / (20_000 * margin / 12))


def test_price_rises_are_no_expansion(firm, kpis_of):
    """Of the 6500 that old customers gain 1500 come with the price of a new term; a new customer brings 15 000. Net
    retention has both.
    """
    diary, customer = firm
    diary.post(400, customer, "facts.renewed", "recurring", 1500)
    diary.post(50, customer, "facts.renewed", "recurring", 800)
    diary.books(customer, ("recurring", 500, 5000))
    diary.books(diary.case(600), ("recurring", 700, 15_000))
    kpis = kpis_of(diary)
    assert kpis["expansion_share"] == pytest.approx(5000 / 20_000)
    assert kpis["price_rise_rate"] == pytest.approx(1500 / 40_800)
    assert kpis["nrr"] == pytest.approx(47_300 / 40_800)


def test_a_first_contract_is_new_whatever_its_step(firm, kpis_of):
    """Who signs at a step marked renewed is a new customer, and a lower price is no rise."""
    diary, customer = firm
    diary.post(400, diary.case(300), "facts.renewed", "recurring", 1000)
    diary.post(500, customer, "facts.renewed", "recurring", -300)
    diary.books(customer, ("recurring", 600, 250))
    kpis = kpis_of(diary)
    assert kpis["expansion_share"] == pytest.approx(250 / 1250)
    assert kpis["price_rise_rate"] == 0


def test_the_price_rise_is_a_yearly_rate(facts, kpis_of):
    """10 of 1000 in half a year are 2 % a year."""
    half = {"horizon": YEAR["horizon"] | {"length": "4380 h"}}
    diary = facts(**half)
    lead = diary.case(10)
    diary.books(lead, ("recurring", 20, 1000))
    diary.post(400, lead, "facts.renewed", "recurring", 10)
    assert kpis_of(diary)["price_rise_rate"] == pytest.approx(0.02)


def test_without_recurring_revenue_there_is_no_margin_of_it(diary, facts, kpis_of):
    """Neither where nothing recurs nor where nobody has signed."""
    for empty in (diary, facts(**YEAR)):
        empty.case(200)
        kpis = kpis_of(empty)
        assert math.isnan(kpis["recurring_margin"])
        assert math.isnan(kpis["price_rise_rate"])
