"""Which money settles which invoice, and what is overdue, against books kept by hand.

The window runs from 168 h to 504 h, two weeks; the same with half a year runs to 4368 h.
"""

import math

import pytest

LONG = {"horizon": {"start": "2024-01-01", "warm_up": "7 d", "length": "175 d", "currency": "EUR"}}
BUCKETS = ("current", "1_30", "31_60", "61_90", "over_90")


def ageing(kpis):
    """Money in each bucket."""
    return [kpis[f"ageing_{bucket}"] for bucket in BUCKETS]


@pytest.fixture
def invoice(facts):
    """Write down invoices as cases of their own: amount, when sent, when due, and what settles it later."""
    diary = facts(**LONG)

    def written(amount, sent, due=None, *settled):
        case = diary.case(sent, parent=diary.case(sent))
        diary.books(case, ("invoiced", sent, amount), *settled)
        if due is not None:
            diary.tell(due, case, "due")
        return case

    written.diary = diary
    return written


def test_receivables_grow_old(invoice, kpis_of):
    """Due in the future, and one hour, 30 days, 31, 60, 61, 90, 91 days ago: a bucket ends with its last day."""
    end = 4368
    invoice(1, end - 10)
    for amount, late in (
        (2, 1),
        (4, 30 * 24),
        (8, 31 * 24),
        (16, 60 * 24),
        (32, 61 * 24),
        (64, 90 * 24),
        (128, 91 * 24),
    ):
        invoice(amount, 200, end - late)
    kpis = kpis_of(invoice.diary)
    assert ageing(kpis) == pytest.approx([1, 6, 24, 96, 128])
    assert sum(ageing(kpis)) == kpis["receivables_open"]


def test_part_payments_leave_the_rest(invoice, kpis_of):
    """Of 100 are 30 credited after a dispute, 25 paid and 5 written off: 40 are late."""
    invoice(100, 200, 300, ("credited", 250, 30), ("collected", 310, 25), ("written_off", 320, 5))
    assert ageing(kpis_of(invoice.diary)) == pytest.approx([0, 0, 0, 0, 40])


def test_the_oldest_invoice_of_a_case_is_settled_first(invoice, kpis_of):
    """A deposit of 60 and a final invoice of 100, each with its term; 90 have come in: 70 of the later one are open."""
    case = invoice(60, 200, 300)
    invoice.diary.books(case, ("invoiced", 4000, 100), ("collected", 4050, 90))
    invoice.diary.tell(4300, case, "due")
    assert ageing(kpis_of(invoice.diary)) == pytest.approx([0, 70, 0, 0, 0])


def test_invoices_of_one_customer_do_not_settle_each_other(invoice, kpis_of):
    """The second of two deliveries is paid: the first stays late, although its journey got money later."""
    diary = invoice.diary
    first = invoice(100, 200, 300)
    lead = diary.cases[first][3]
    second = diary.case(3000, parent=lead)
    diary.books(second, ("invoiced", 3000, 50), ("collected", 3100, 50))
    assert ageing(kpis_of(diary)) == pytest.approx([0, 0, 0, 0, 100])


def test_a_dispute_of_its_own_case_settles_the_invoice_that_it_is_about(invoice, kpis_of):
    """The credit note of a child of the delivery lowers this invoice, and no other of the customer."""
    diary = invoice.diary
    first = invoice(100, 200, 300)
    diary.books(diary.case(3900, parent=diary.cases[first][3]), ("invoiced", 3900, 70))
    second = diary.case(4000, parent=diary.cases[first][3])
    diary.books(second, ("invoiced", 4000, 50))
    diary.books(diary.case(4010, parent=second, process="facts"), ("credited", 4020, 20))
    assert ageing(kpis_of(diary)) == pytest.approx([100, 0, 0, 0, 100])


def test_a_journey_settles_as_one_where_another_case_collects(invoice, kpis_of):
    """The lead collects what two deliveries invoiced: the oldest first."""
    diary = invoice.diary
    first = invoice(100, 200, 300)
    lead = diary.cases[first][3]
    second = diary.case(4000, parent=lead)
    diary.books(second, ("invoiced", 4000, 50))
    diary.tell(4300, second, "due")
    diary.books(lead, ("collected", 4100, 120))
    other = invoice(7, 4000)
    assert diary.cases[other][4] != lead
    assert ageing(kpis_of(diary)) == pytest.approx([7, 30, 0, 0, 0])


def test_money_before_the_invoice_settles_it_at_once(facts, kpis_of):
    """A payment on the day before leaves nothing open, and a wrong overpayment nothing below zero."""
    diary = facts()
    case = diary.case(200, parent=diary.case(200))
    diary.books(case, ("collected", 210, 130), ("invoiced", 220, 100))
    diary.tell(230, case, "due")
    kpis = kpis_of(diary)
    assert ageing(kpis) == pytest.approx([0, 0, 0, 0, 0])
    assert math.isnan(kpis["overdue_share"])


def test_a_term_before_the_invoice_is_that_of_another(invoice, kpis_of):
    """The case came to the term of an earlier invoice before this one went out: nothing is due yet."""
    case = invoice(60, 200, 300, ("collected", 400, 60))
    invoice.diary.books(case, ("invoiced", 500, 10))
    assert ageing(kpis_of(invoice.diary)) == pytest.approx([10, 0, 0, 0, 0])


def test_the_overdue_share_is_an_average_over_the_window(facts, kpis_of):
    """100 are open for the last 100 h of the warm-up and 200 h, due after 150 h of these; 50 for 100 h, never due:
    5000 of 25000 EUR h are late.
    """
    diary = facts()
    one, two = (diary.case(60, parent=diary.case(60)) for _ in range(2))
    diary.books(one, ("invoiced", 68, 100), ("collected", 368, 100))
    diary.tell(318, one, "due")
    diary.books(two, ("invoiced", 400, 50), ("collected", 500, 50))
    assert kpis_of(diary)["overdue_share"] == pytest.approx(5000 / 25000)


def test_cei_is_whole_when_all_that_is_due_has_come_in(invoice, kpis_of):
    """Everything collected, or not due yet, is an index of 100 %."""
    invoice(100, 200, 300, ("collected", 310, 100))
    invoice(900, 4300)
    assert kpis_of(invoice.diary)["cei"] == 1


def test_cei_looks_at_the_end_of_each_month(invoice, kpis_of):
    """The window has six months of 700 h, which end at 868, 1568, ..., 4368 h. 100 are collected, 50 are late at the
    first two ends and collected or written off then, 30 at the last one: 150 / (150 + 2 x 50 + 30).
    """
    invoice(100, 200, 300, ("collected", 310, 100))
    invoice(50, 200, 300, ("collected", 1600, 35), ("written_off", 1601, 15))
    invoice(30, 3700, 4000)
    assert kpis_of(invoice.diary)["cei"] == pytest.approx(150 / 280)


def test_payments_that_fail_and_what_becomes_of_them(invoice, kpis_of):
    """Of 1000 charged 40 fail on the spot: 25 are collected days later, 10 credited, 5 still open; 960 pay at once."""
    invoice(960, 200, None, ("collected", 200, 960))
    invoice(25, 300, 300, ("collected", 400, 25))
    invoice(10, 300, 300, ("credited", 396, 10))
    invoice(5, 4000, 4000)
    kpis = kpis_of(invoice.diary)
    assert kpis["late_payment_rate"] == pytest.approx(40 / 1000)
    assert kpis["recovery_rate"] == pytest.approx(25 / 35)


def test_who_pays_on_the_day_is_not_late(invoice, kpis_of):
    """100 before the term is over and 50 at that moment are in time; 30 an hour later and 20 written off are late."""
    invoice(100, 200, 300, ("collected", 299, 100))
    invoice(50, 200, 300, ("collected", 300, 50))
    invoice(50, 200, 300, ("collected", 301, 30), ("written_off", 2000, 20))
    kpis = kpis_of(invoice.diary)
    assert kpis["late_payment_rate"] == pytest.approx(50 / 200)
    assert kpis["recovery_rate"] == pytest.approx(30 / 50)


def test_late_payments_are_flows_of_the_window(invoice, kpis_of):
    """What fell due before it is not late in it, and is recovered in it; what is invoiced before it is not invoiced."""
    invoice(7, 60, 100, ("collected", 200, 7))
    invoice(3, 60, 100, ("written_off", 210, 3))
    invoice(4, 60, 180, ("collected", 190, 4))
    invoice(90, 400, 4300)
    kpis = kpis_of(invoice.diary)
    assert kpis["late_payment_rate"] == pytest.approx((4 + 90) / 90)
    assert kpis["recovery_rate"] == pytest.approx(11 / 14)


def test_disputes_and_reminders_are_counted_for_an_invoice(invoice, kpis_of):
    """Four invoices of the window and one before it, one dispute, three reminders, one more before the window."""
    cases = [invoice(10, moment) for moment in (100, 200, 300, 400, 500)]
    invoice.diary.tell(150, cases[0], "dunned")
    invoice.diary.tell(450, cases[1], "disputed", "dunned", "dunned")
    invoice.diary.tell(460, cases[2], "dunned")
    kpis = kpis_of(invoice.diary)
    assert kpis["dispute_rate"] == pytest.approx(1 / 4)
    assert kpis["dunning_per_invoice"] == pytest.approx(3 / 4)


def test_the_collected_share_is_cash_over_net_revenue(invoice, kpis_of):
    """Of 100 invoiced 20 are credited and 60 paid."""
    invoice(100, 200, 300, ("credited", 250, 20), ("collected", 310, 60))
    assert kpis_of(invoice.diary)["collected_share"] == pytest.approx(60 / 80)


def test_without_a_mark_for_what_is_due_nothing_is_old(diary, kpis_of):
    """The company as it stands does not say when a term is over."""
    kpis = kpis_of(diary)
    assert all(
        math.isnan(kpis[name])
        for name in ("cei", "overdue_share", "ageing_current", "ageing_over_90", "late_payment_rate", "recovery_rate")
    )
