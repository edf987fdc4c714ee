"""Recurring revenue, what a customer is worth, and service, against diaries counted by hand.

Most runs have a window of a year (8760 h) after a warm-up of a week, so that nothing is compounded.
"""

import math

import pytest

YEAR = {"horizon": {"start": "2024-01-01", "warm_up": "7 d", "length": "365 d", "currency": "EUR"}}
HALF = {"horizon": {"start": "2024-01-01", "warm_up": "7 d", "length": "4380 h", "currency": "EUR"}}


@pytest.fixture
def customers(facts):
    """Four customers at the start, with 100 EUR each: one grows to 150, one shrinks to 60, one leaves, one stays.

    A fifth comes later with 200 and grows by 50.
    """

    def written(**changes):
        diary = facts(**changes)
        for later in ((300, 50), (300, -40), (400, -100), None):
            lead = diary.case(10)
            diary.books(lead, ("recurring", 20, 100))
            if later:
                diary.books(lead, ("recurring", *later))
        new = diary.case(1000)
        diary.books(new, ("recurring", 1100, 200), ("recurring", 1200, 50))
        return diary

    return written


def test_retention_over_a_year(customers, kpis_of):
    """Of 400 remain 310, or 260 without the growth, and three of four customers; the fifth is none of them."""
    kpis = kpis_of(customers(**YEAR))
    assert kpis["nrr"] == pytest.approx(310 / 400)
    assert kpis["grr"] == pytest.approx(260 / 400)
    assert kpis["churn_rate"] == pytest.approx(1 / 4)


def test_what_a_day_adds_may_be_infinite_over_a_year(facts, kpis_of):
    """A hundredfold of what there was, 365 times over, is beyond all numbers, and no failure."""
    diary = facts(horizon={"start": "2024-01-01", "warm_up": "7 d", "length": "1 d", "currency": "EUR"})
    diary.books(diary.case(10), ("recurring", 20, 10), ("recurring", 170, 1_000))
    assert kpis_of(diary)["nrr"] == math.inf


def test_retention_is_compounded_to_a_year(customers, kpis_of):
    """What half a year leaves, two of them leave squared."""
    kpis = kpis_of(customers(**HALF))
    assert kpis["nrr"] == pytest.approx((310 / 400) ** 2)
    assert kpis["grr"] == pytest.approx((260 / 400) ** 2)
    assert kpis["churn_rate"] == pytest.approx(1 - (3 / 4) ** 2)


def test_churn_by_segment(facts, kpis_of):
    """One of two small customers and one of four large ones are gone after the year; a new one counts for none."""
    diary = facts(**YEAR)
    for segment, last in (("small", -9), ("small", 5), ("large", -9), ("large", -4), ("large", 3), ("large", 1)):
        lead = diary.case(10, segment=segment)
        diary.books(lead, ("recurring", 20, 9), ("recurring", 400, last))
    diary.books(diary.case(500, segment="large"), ("recurring", 500, 9))
    kpis = kpis_of(diary)
    assert kpis["churn_rate_small"] == pytest.approx(1 / 2)
    assert kpis["churn_rate_large"] == pytest.approx(1 / 4)
    assert kpis["churn_rate"] == pytest.approx(2 / 6)


def test_churn_by_segment_is_compounded_too(facts, kpis_of):
    """Half of the small ones stay for half a year, a quarter for a year; there are no large ones."""
    diary = facts(**HALF)
    for last in (-9, 0):
        diary.books(diary.case(10), ("recurring", 20, 9), ("recurring", 400, last))
    kpis = kpis_of(diary)
    assert kpis["churn_rate_small"] == pytest.approx(3 / 4)
    assert math.isnan(kpis["churn_rate_large"])


def test_who_comes_back_was_not_lost(customers, kpis_of):
    """The customer who left returns within the window with 30."""
    diary = customers(**YEAR)
    diary.books(2, ("recurring", 5000, 30))
    kpis = kpis_of(diary)
    assert kpis["churn_rate"] == 0
    assert kpis["grr"] == pytest.approx(290 / 400)


def test_expansion_is_what_customers_add_to_their_first_contract(customers, kpis_of):
    """Gained: 50 from an old customer, 200 from a new one, and 50 more from the same; losses do not count."""
    assert kpis_of(customers(**YEAR))["expansion_share"] == pytest.approx(100 / 300)


def test_contracts_of_one_moment_are_one_first_contract(facts, kpis_of):
    """A customer who buys two products at once does not expand."""
    diary = facts()
    diary.books(diary.case(200), ("recurring", 210, 70), ("recurring", 210, 30), ("recurring", 220, 25))
    assert kpis_of(diary)["expansion_share"] == pytest.approx(25 / 125)


def test_customers_and_their_revenue_at_the_end(customers, kpis_of):
    """Four with 150, 60, 100 and 250; the one that left has nothing."""
    kpis = kpis_of(customers(**YEAR))
    assert (kpis["customers"], kpis["recurring_revenue"]) == (4, pytest.approx(560))


def test_recurring_revenue_is_no_money(customers, kpis_of):
    """It is neither booked, invoiced, collected nor owed, and no cost."""
    diary = customers(**YEAR)
    kpis = kpis_of(diary)
    diary.postings.clear()
    for name in ("revenue_booked", "revenue_invoiced", "cash_collected", "receivables_open", "net_cash", "cost_total"):
        assert kpis[name] == kpis_of(diary)[name]


def test_lifetime_value_and_payback(customers, kpis_of):
    """Delivery costs 8760 of the fitter, 8760 - 168 of the planner and its 500, that is 18020 - 168 of 20000 invoiced:
    a margin of 0.1074. With a large one, five customers pay 10 000 a year, and a fifth of them leave in one.
    """
    diary = customers(**YEAR)
    lead = diary.case(300)
    diary.books(diary.case(100), ("recurring", 110, 9440))
    diary.tell(310, lead, "order")
    diary.books(lead, ("invoiced", 320, 20_000))
    kpis = kpis_of(diary)
    margin = 1 - kpis["cost_delivery"] / 20_000
    assert kpis["cost_delivery"] == pytest.approx(18_020 - 168)
    assert kpis["ltv"] == pytest.approx(2000 * margin / 0.2)
    assert kpis["ltv_cac"] == pytest.approx(kpis["ltv"] / kpis["cac"])
    assert kpis["cac_payback"] == pytest.approx(kpis["cost_acquisition"] / (200 / 12 * margin))
    diary.books(lead, ("invoiced", 330, 1))
    sideline = kpis_of(diary)
    assert all(math.isnan(sideline[name]) for name in ("ltv_cac", "cac_payback")), "less than half of what is invoiced"
    assert sideline["ltv"] > 0


def test_without_recurring_revenue_there_are_no_such_customers(diary, kpis_of):
    """The company as it stands sells once: retention, churn and lifetime value are not defined."""
    diary.passing(diary.case(200), "deal.order", 210)
    kpis = kpis_of(diary)
    names = ("nrr", "grr", "churn_rate", "expansion_share", "customers", "recurring_revenue", "ltv", "ltv_cac",
             "cac_payback", "churn_rate_small", "nps", "ticket_resolution_mean",
             "tickets_per_customer", "satisfaction", "renewal_rate", "churned", "upsells")  # fmt: skip
    assert all(math.isnan(kpis[name]) for name in names)


def test_without_customers_at_the_start_nothing_is_retained(facts, kpis_of):
    """A young firm has a new customer, and neither retention nor churn."""
    diary = facts()
    diary.books(diary.case(200), ("recurring", 210, 70))
    kpis = kpis_of(diary)
    assert kpis["customers"] == 1
    assert all(math.isnan(kpis[name]) for name in ("nrr", "grr", "churn_rate", "ltv"))


def test_satisfaction_asks_each_customer_once(customers, kpis_of):
    """In the oldest unfinished case: 8 in the first journey's second case, 5 in the fourth's first; who left, or has no
    case any more, is not asked.
    """
    diary = customers(**YEAR)
    for lead in (0, 1):
        row = list(diary.cases[lead])
        row[6] = 30
        diary.cases[lead] = tuple(row)
    care, ticket = diary.case(30, parent=0), diary.case(40, parent=0)
    diary.moods |= {0: 1, 1: 2, 2: 3, 3: 5, care: 8, ticket: 9, 4: 5}
    assert kpis_of(diary)["satisfaction"] == pytest.approx((8 + 5 + 5) / 3)


def test_satisfaction_of_buyers_where_nothing_recurs(company, diary_of, kpis_of):
    """Customers are those who ordered, when the scenario posts no recurring revenue."""
    diary = diary_of(company(attributes={"mood": {"role": "satisfaction"}}))
    buyer, looker = diary.case(200), diary.case(200)
    diary.passing(buyer, "deal.order", 210)
    diary.moods |= {buyer: 6, looker: 1}
    assert kpis_of(diary)["satisfaction"] == 6


def test_the_net_promoter_score_reads_satisfaction_from_0_to_10(company, diary_of, kpis_of):
    """Bounds -1 and 1: 0.75 and 1 answer 9 and 10, 0.7 answers 8 (8.5, to even), 0.2 and -1 answer 6 and 0."""
    diary = diary_of(company(attributes={"mood": {"role": "satisfaction", "low": -1, "high": 1}}))
    moods = (0.75, 1, 0.7, 0.2, -1, 0.5, 0.4, 0.8)
    for mood in moods:
        buyer = diary.case(200)
        diary.passing(buyer, "deal.order", 210)
        diary.moods[buyer] = mood
    assert kpis_of(diary)["nps"] == pytest.approx(100 * (3 - 2) / 8)
    assert kpis_of(diary)["satisfaction"] == pytest.approx(sum(moods) / 8)


def test_without_bounds_of_satisfaction_nobody_is_a_promoter(customers, kpis_of):
    """A score needs a scale; without customers there is none either."""
    assert math.isnan(kpis_of(customers(**YEAR))["nps"])


def test_referrals_are_leads_that_another_journey_brought(facts, kpis_of):
    """One of four leads of the window has a parent; a child of a lead is no lead, and the warm-up is past."""
    diary = facts()
    leads = [diary.case(moment) for moment in (100, 200, 300, 400, 450)]
    diary.case(210, parent=leads[1])
    for referral in (leads[0], leads[3]):
        row = list(diary.cases[referral])
        row[3] = leads[1]
        diary.cases[referral] = tuple(row)
    assert kpis_of(diary)["referral_share"] == pytest.approx(1 / 4)


def test_tickets_and_how_they_go(customers, kpis_of):
    """Five tickets of the window, two settled at once and one escalated; four customers at the start and at the end."""
    diary = customers(**HALF)
    for moment in (100, 200, 300, 400, 500, 600):
        diary.tell(moment, 0, "ticket")
    diary.tell(310, 0, "resolved_at_once", "escalated")
    diary.tell(410, 1, "resolved_at_once")
    kpis = kpis_of(diary)
    assert kpis["first_contact_resolution"] == pytest.approx(2 / 5)
    assert kpis["escalation_rate"] == pytest.approx(1 / 5)
    assert kpis["tickets_per_customer"] == pytest.approx(5 / 4 / 0.5)


def test_tickets_take_until_their_case_ends(facts, kpis_of):
    """Solved in the window after 10, 20 and 60 h; one asked before it counts, one solved before or never does not."""
    diary = facts(**HALF)
    lead = diary.case(10)
    for asked, solved in ((150, 170), (20, 100), (300, 310), (400, 460), (500, None)):
        diary.tell(asked, diary.case(asked - 5, solved, parent=lead), "ticket")
    kpis = kpis_of(diary)
    assert kpis["ticket_resolution_mean"] == pytest.approx((10 + 20 + 60) / 3)
    assert kpis["ticket_resolution_median"] == pytest.approx(20)
    assert kpis["ticket_resolution_p90"] == pytest.approx(20 + 0.8 * 40)


def test_renewals_upsells_reviews_and_losses(facts, kpis_of):
    """Renewals and upsells are visits; churn and reviews count a journey once, reviews of customers of old never."""
    diary = facts()
    one, two, old = (diary.case(10) for _ in range(3))
    diary.tell(250, old, "reviewed")
    for moment, lead, marks in (
        (20, one, ("delivered", "renewal_due", "renewed", "upsold")), (200, two, ("delivered", "renewal_due")),
        (210, two, ("churned", "reviewed")), (220, two, ("churned", "reviewed")),
        (300, one, ("renewal_due", "renewed", "upsold")), (400, one, ("renewal_due", "renewed", "upsold", "reviewed")),
    ):  # fmt: skip
        diary.tell(moment, lead, *marks)
    kpis = kpis_of(diary)
    assert kpis["renewal_rate"] == pytest.approx(2 / 3)
    assert (kpis["churned"], kpis["upsells"], kpis["review_share"]) == (1, 2, 2)
