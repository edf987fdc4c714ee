"""Days until the firm pays and days that its cash is out, against books kept by hand; the window has 14 days."""

import math

import pytest

PAY = {"kind": "post", "account": "paid", "amount": "100 EUR"}


@pytest.fixture
def books(company, diary_of):
    """A delivery of a firm that pays its suppliers by postings, and a function that posts on it."""
    diary = diary_of(company(processes__delivery__steps__pay=PAY))
    child = diary.case(110, parent=diary.case(100))
    steps = {"cost": "delivery.parts", "paid": "delivery.pay", "collected": "delivery.cash"}

    def post(time, account, amount, step=None):
        diary.post(time, child, step or steps.get(account, "delivery.invoice"), account, amount)

    post.diary = diary
    return post


def test_dpo_relates_mean_payables_to_purchases(books, kpis_of):
    """Owed: 600 of the warm-up until 252 h, a quarter of the window (150), 1000 from 336 h on (500): 650 against 1000
    bought in 14 days are 9.1 days. A tool's price on a call is paid at once and no purchase on account.
    """
    books(100, "cost", 600)
    books(252, "paid", 600)
    books(336, "cost", 1000)
    books(400, "cost", 70, "deal.call")
    assert kpis_of(books.diary)["dpo"] == pytest.approx(650 / 1000 * 14)


def test_dpo_is_the_time_to_pay_where_it_is_always_the_same(books, kpis_of):
    """By Little's law: 100 bought every day and paid 3 days later are 3 days of purchases."""
    for day in range(60):
        books(day * 24 + 1, "cost", 100)
        books((day + 3) * 24 + 1, "paid", 100)
    assert kpis_of(books.diary)["dpo"] == pytest.approx(3)


def test_the_cycle_is_dso_less_dpo(books, kpis_of):
    """2000 invoiced at 168 h and paid at 336 h are 7 days; 1000 bought then and paid at 252 h are 3.5: 3.5 remain."""
    books(168, "invoiced", 2000)
    books(336, "collected", 2000)
    books(168, "cost", 1000)
    books(252, "paid", 1000)
    kpis = kpis_of(books.diary)
    assert (kpis["dso"], kpis["dpo"]) == (pytest.approx(7), pytest.approx(3.5))
    assert kpis["cash_conversion_cycle"] == pytest.approx(3.5)


def test_who_pays_after_being_paid_has_a_cycle_below_zero(books, kpis_of):
    """Customers pay at once, suppliers wait for the end of the window."""
    books(168, "invoiced", 2000)
    books(168, "collected", 2000)
    books(168, "cost", 1000)
    assert kpis_of(books.diary)["cash_conversion_cycle"] == pytest.approx(-14)


def test_without_the_days_of_inventory_the_cycle_of_a_firm_with_stock_is_not_defined(books, kpis_of):
    """Bought for 1000 and taken into stock, 400 of it sold: how long the rest lies, and what was there before, is not
    known, which is no reason to count it as no days. DSO and DPO stand.
    """
    books(168, "invoiced", 2000)
    books(336, "collected", 2000)
    books(168, "cost", 1000)
    books(252, "paid", 1000)
    books(168, "cost", -1000, "deal.call")
    books(200, "cost", 400, "deal.call")
    kpis = kpis_of(books.diary)
    assert (kpis["dso"], kpis["dpo"]) == (pytest.approx(7), pytest.approx(3.5))
    assert math.isnan(kpis["cash_conversion_cycle"])


def test_costs_are_paid_at_once_where_no_payments_are_posted(diary, kpis_of):
    """The company as it stands: no days payable, and the cycle is DSO."""
    child = diary.case(110, parent=diary.case(100))
    diary.post(168, child, "delivery.parts", "cost", 100)
    diary.post(252, child, "delivery.invoice", "invoiced", 500)
    kpis = kpis_of(diary)
    assert kpis["dpo"] == 0
    assert kpis["cash_conversion_cycle"] == kpis["dso"] == pytest.approx(10.5)


def test_only_what_is_bought_on_account_is_owed(company, diary_of, kpis_of):
    """A gift, posted in a process that posts no payments, was paid at once: the days are those of the parts alone."""
    gift = {"kind": "post", "account": "cost", "amount": "50 EUR"}
    diary = diary_of(company(processes__delivery__steps__pay=PAY, processes__deal__steps__gift=gift))
    child = diary.case(110, parent=diary.case(100))
    diary.post(168, child, "delivery.parts", "cost", 1000)
    diary.post(100, 0, "deal.gift", "cost", 5000)
    diary.post(252, child, "delivery.pay", "paid", 1000)
    assert kpis_of(diary)["dpo"] == pytest.approx(3.5)


def test_without_purchases_or_revenue_the_cycle_is_not_defined(books, kpis_of):
    """Nothing bought, nothing sold: no days of either."""
    books(100, "cost", 100)
    kpis = kpis_of(books.diary)
    assert all(math.isnan(kpis[name]) for name in ("dso", "dpo", "cash_conversion_cycle"))


def test_what_is_paid_at_once_is_owed_for_no_time_at_all(books, kpis_of):
    """At a hundred odd moments two purchases, paid together there: exactly none, and no rest of rounding."""
    for moment in range(100):
        for account, amount in (("cost", 33.33 + moment), ("cost", 7.77), ("paid", 41.10 + moment)):
            books(170 + moment * 1.7, account, amount)
    assert kpis_of(books.diary)["dpo"] == 0
