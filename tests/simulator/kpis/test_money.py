"""The ledger, costs and what they come to, against books kept by hand.

Over the window of 336 h: sales 96 h at 30 (2880), the fitter 336 h at 1 (336), the web channel at 2 an hour (672),
rent at 0.5
(168), the planner for its second half at 1 (168) and once 500: 4724 in all, of which 3552 win customers.
"""

import math

import numpy as np
import pytest

FIXED, ACQUISITION = 4724, 3552


@pytest.fixture
def books(diary):
    """A journey to post on: lead, delivery, and a function that posts on the delivery."""
    lead = diary.case(10)
    child = diary.case(20, parent=lead)
    steps = {"booked": "deal.order", "cost": "delivery.parts", "collected": "delivery.cash"}

    def post(time, account, amount):
        diary.post(time, child, steps.get(account, "delivery.invoice"), account, amount)

    return post


def test_revenue_and_cash_are_the_postings_inside_the_window(diary, books, kpis_of):
    """Of each account one posting before the window, one on its first moment and one inside; credits lower what is
    invoiced.
    """
    for time, factor in ((167.9, 100), (168, 1), (400, 2)):
        for account, amount in {
            "booked": 10,
            "invoiced": 20.25,
            "credited": 5,
            "collected": 7,
            "written_off": 1,
        }.items():
            books(time, account, amount * factor)
    kpis = kpis_of(diary)
    assert kpis["revenue_booked"] == pytest.approx(30)
    assert kpis["revenue_invoiced"] == pytest.approx(45.75)
    assert kpis["cash_collected"] == pytest.approx(21)
    assert kpis["written_off"] == pytest.approx(3)
    assert kpis["bad_debt_rate"] == pytest.approx(3 / 45.75)


def test_receivables_at_the_end_know_the_warm_up(diary, books, kpis_of):
    """Invoiced 1000 in the warm-up and 500 later; credited 100, collected 800, written off 50: 550 are open."""
    books(100, "invoiced", 1000)
    books(200, "invoiced", 500)
    books(210, "credited", 100)
    books(220, "collected", 800)
    books(230, "written_off", 50)
    books(240, "booked", 9999)
    assert kpis_of(diary)["receivables_open"] == pytest.approx(550)


def test_dso_relates_mean_receivables_to_revenue(diary, books, kpis_of):
    """Open: 1000 from the warm-up until 252 (250 on the average), 2000 from 336 (1000),
    less 500 from 420 (125): 1125 against 1500 invoiced in 14 days are 10.5 days; a year at 10 % costs 112.50.
    """
    books(100, "invoiced", 1000)
    books(252, "collected", 1000)
    books(336, "invoiced", 2000)
    books(420, "credited", 500)
    kpis = kpis_of(diary)
    assert kpis["dso"] == pytest.approx(10.5)
    assert kpis["cost_of_finance"] == pytest.approx(112.5 * 336 / 8760)


def test_costs_run_whether_or_not_anyone_comes(diary, kpis_of):
    """Wages, channel, rent and tool of a company without a single lead, by what they serve."""
    kpis = kpis_of(diary)
    assert kpis["cost_total"] == pytest.approx(FIXED)
    assert kpis["cost_acquisition"] == pytest.approx(2880 + 672)
    assert kpis["cost_delivery"] == pytest.approx(336 + 168 + 500)
    assert kpis["cost_service"] == 0
    assert kpis["cost_administration"] == pytest.approx(168)


def test_leads_are_paid_by_the_channel(diary, kpis_of):
    """Two web leads at 20 inside the window; one of the warm-up and a referral cost nothing."""
    for born, channel in ((100, "web"), (200, "web"), (300, "web"), (300, "referral")):
        diary.case(born, channel=channel)
    kpis = kpis_of(diary)
    assert kpis["cost_acquisition"] == pytest.approx(ACQUISITION + 40)
    assert kpis["acquisition_cost_per_lead"] == pytest.approx((ACQUISITION + 40) / 3)
    assert kpis["cost_per_lead"] == pytest.approx((672 + 40) / 3)


def test_posted_costs_serve_the_centre_of_their_step(diary, books, kpis_of):
    """Parts of the delivery, and a tool's price on a call of the sales team; postings of the warm-up are left out."""
    books(200, "cost", 100)
    books(100, "cost", 7777)
    diary.post(210, 0, "deal.call", "cost", 5)
    kpis = kpis_of(diary)
    assert kpis["cost_delivery"] == pytest.approx(1004 + 100)
    assert kpis["cost_acquisition"] == pytest.approx(ACQUISITION + 5)
    assert kpis["cost_total"] == pytest.approx(FIXED + 105)


def test_cac_spreads_acquisition_over_orders(diary, kpis_of):
    """Two referrals that order share what sales and the channel cost."""
    for _ in range(2):
        diary.passing(diary.case(200, channel="referral"), "deal.order", 250)
    assert kpis_of(diary)["cac"] == pytest.approx(ACQUISITION / 2)


def test_without_orders_or_leads_or_revenue_there_is_nothing_to_divide_by(diary, kpis_of):
    """No order, no CAC; no lead, no cost per lead; no invoice, no DSO, bad debt rate or margin rate."""
    kpis = kpis_of(diary)
    assert all(math.isnan(kpis[name]) for name in ("cac", "cost_per_lead", "dso", "bad_debt_rate", "margin_rate"))


def test_margin_is_what_remains_of_the_invoices(diary, books, kpis_of):
    """Invoiced 10000, credited 1000, written off 500, parts for 100 and the running costs."""
    books(200, "invoiced", 10000)
    books(210, "credited", 1000)
    books(220, "written_off", 500)
    books(230, "cost", 100)
    kpis = kpis_of(diary)
    margin = 10000 - 1000 - 500 - 100 - FIXED
    assert kpis["margin"] == pytest.approx(margin)
    assert kpis["margin_rate"] == pytest.approx(margin / 9000)


def test_costs_are_paid_as_they_fall_where_no_payments_are_posted(diary, books, kpis_of):
    """Collected 6000 less running costs less parts for 100."""
    books(200, "collected", 6000)
    books(200, "cost", 100)
    assert kpis_of(diary)["net_cash"] == pytest.approx(6000 - FIXED - 100)


def test_posted_payments_settle_posted_costs(company, diary_of, kpis_of):
    """Parts for 100 are paid with a posting of 60 so far: the posting is the cash out, a tool's price of 5 is paid
    at once.
    """
    pay = {"kind": "post", "account": "paid", "amount": "100 EUR"}
    diary = diary_of(company(processes__delivery__steps__pay=pay))
    lead = diary.case(100)
    child = diary.case(110, parent=lead)
    diary.post(200, child, "delivery.cash", "collected", 6000)
    diary.post(200, child, "delivery.parts", "cost", 100)
    diary.post(300, child, "delivery.pay", "paid", 60)
    diary.post(210, lead, "deal.call", "cost", 5)
    kpis = kpis_of(diary)
    assert kpis["net_cash"] == pytest.approx(6000 - FIXED - 60 - 5)
    assert kpis["cost_total"] == pytest.approx(FIXED + 105)


def test_a_one_off_cost_falls_due_inside_the_window_only(company, diary_of, kpis_of):
    """A planner bought in the warm-up costs its licence for all 336 h, and its set-up is past."""
    diary = diary_of(company(tools__planner__start="2024-01-03"))
    assert kpis_of(diary)["cost_delivery"] == pytest.approx(336 + 336)


def test_a_tool_bought_on_the_first_day_of_the_window_is_paid_in_it(company, diary_of, kpis_of):
    """The first moment of the window belongs to it: licence and set-up both count."""
    diary = diary_of(company(tools__planner__start="2024-01-08"))
    assert kpis_of(diary)["cost_delivery"] == pytest.approx(336 + 336 + 500)


def test_a_tool_that_comes_after_the_run_costs_nothing(company, diary_of, kpis_of):
    """Neither licence nor set-up of a planner bought in a later year."""
    diary = diary_of(company(tools__planner__start="2025-01-01"))
    assert kpis_of(diary)["cost_delivery"] == pytest.approx(336)


def test_a_fair_is_paid_on_its_day(company, diary_of, kpis_of):
    """A fair of 900 inside the window is acquisition; one in the warm-up is past."""
    fairs = [
        {"date": date, "leads": 0, "cost": cost} for date, cost in (("2024-01-10", "900 EUR"), ("2024-01-02", "70 EUR"))
    ]
    diary = diary_of(company(channels__web__drops=fairs))
    assert kpis_of(diary)["cost_acquisition"] == pytest.approx(ACQUISITION + 900)


def test_the_cash_curve_adds_up_week_by_week(diary, books, pictures_of):
    """After the first week: sales 48 h, fitter 168, channel 336, rent 84 and a lead at 20; a posting on the edge
    comes after it.
    """
    diary.case(200)
    books(100, "booked", 5000)
    books(200, "booked", 100)
    books(250, "invoiced", 80)
    books(260, "credited", 30)
    books(335, "collected", 40)
    books(336, "collected", 10)
    books(400, "cost", 7)
    first = 48 * 30 + 168 + 336 + 84 + 20
    expected = [[0, 0, 0, 0], [100, 50, 40, first], [100, 50, 50, FIXED + 20 + 7]]
    assert pictures_of(diary).cash == pytest.approx(np.array(expected))


def test_the_cash_curve_ends_at_the_kpis(diary, books, kpis_of, pictures_of):
    """Two ways of computing the totals agree."""
    diary.case(200)
    for account, amount in (("booked", 300), ("invoiced", 200), ("credited", 20), ("collected", 90), ("cost", 11)):
        books(222, account, amount)
        books(444, account, amount / 2)
    kpis = kpis_of(diary)
    names = ("revenue_booked", "revenue_invoiced", "cash_collected", "cost_total")
    assert pictures_of(diary).cash[-1] == pytest.approx([kpis[name] for name in names])


def test_cents_are_not_lost(diary, books, kpis_of):
    """A thousand postings of one cent are ten euro."""
    for _ in range(1000):
        books(200, "booked", 0.01)
    assert kpis_of(diary)["revenue_booked"] == pytest.approx(10, abs=1e-9)
