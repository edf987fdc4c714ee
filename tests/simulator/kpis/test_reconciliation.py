"""The laws of money on a firm written down by hand: nothing that a customer owes is exempt, whoever is still alive."""

import numpy as np
import pytest

from simulator.kpis.reconciliation import money_is_conserved, postings_come_from_visits, settles_ahead

ACCOUNT = {
    "steps": {
        "bill": {"kind": "post", "account": "invoiced", "amount": "600 EUR"},
        "term": {"kind": "wait", "duration": "2 d"},
        "fate": {
            "kind": "decide",
            "outcomes": {
                "pays": {"probability": "80 %", "to": "cash"},
                "wrong": {"probability": "10 %", "to": "complain"},
                "bad": {"to": "lost"},
            },
        },
        "complain": {"kind": "spawn", "process": "complaint", "joined": True},
        "clear_up": {"kind": "join"},
        "cash": {"kind": "post", "account": "collected", "amount": "600 EUR", "next": "year"},
        "lost": {"kind": "post", "account": "written_off", "amount": "600 EUR"},
        "year": {"kind": "wait", "duration": "90 d", "next": "bill"},
    }
}
COMPLAINT = {
    "steps": {
        "look": {"kind": "wait", "duration": "1 d"},
        "credit": {"kind": "post", "account": "credited", "amount": "100 EUR"},
        "done": {"kind": "end", "outcome": "cleared"},
    }
}
HANDED_OVER = {
    "steps": {
        "bill": {"kind": "post", "account": "invoiced", "amount": "100 EUR"},
        "look": {"kind": "wait", "duration": "1 d"},
        "hand": {"kind": "spawn", "process": "complaint"},
        "rest": {"kind": "wait", "duration": "9 d"},
        "over": {"kind": "end", "outcome": "over"},
    }
}
"""A case that leaves the settlement to one that it begins."""


@pytest.fixture
def firm(company, diary_of):
    """A diary of customers that never end: each is billed again and again for as long as it stays."""
    return diary_of(company(processes__account=ACCOUNT, processes__complaint=COMPLAINT, processes__handed=HANDED_OVER))


def posts(diary, case, step, moment, account, amount):
    """A visit to a post step and the posting that it leaves."""
    diary.passing(case, step, moment)
    diary.post(moment, case, step, account, amount)


@pytest.fixture
def alive(firm):
    """Three customers who stay: the first paid and waits for the next year, the second has a bill that is not due, the
    third complained, got 100 of 600 credited by a case of its own, and owes the rest; a fourth was written off.
    """
    customers = [firm.case(170, process="account") for _ in range(4)]
    for case in customers:
        posts(firm, case, "account.bill", 200, "invoiced", 600)
        firm.visit(case, "account.term", 200, 200, 248)
    first, second, third, fourth = customers
    posts(firm, first, "account.cash", 248, "collected", 600)
    firm.visit(first, "account.year", 248, 248)
    posts(firm, second, "account.cash", 248, "collected", 600)
    posts(firm, second, "account.bill", 480, "invoiced", 600)
    firm.visit(second, "account.term", 480, 480)
    complaint = firm.case(248, 272, parent=third, process="complaint", outcome="cleared")
    posts(firm, complaint, "complaint.credit", 272, "credited", 100)
    firm.visit(third, "account.clear_up", 248, 248)
    posts(firm, fourth, "account.lost", 248, "written_off", 600)
    firm.visit(fourth, "account.year", 248, 248)
    return firm


def told(diary, **columns):
    """What the laws of money say of a diary, with some columns of its postings changed."""
    records = diary.records()
    records = records._replace(postings=records.postings._replace(**columns))
    return postings_come_from_visits(diary.program, records) + money_is_conserved(diary.program, records)


def test_customers_who_stay_keep_the_laws(alive):
    """Of 3 000 invoiced 1 200 are collected, 100 credited, 600 written off, and 1 100 stand with two who pay soon."""
    assert told(alive) == []
    cents = alive.records().postings.cents.tolist()
    assert sum(cents[:4]) + 60_000 == 300_000


@pytest.mark.parametrize("row", range(9))
def test_a_posting_that_is_lost_is_missed(alive, row):
    """Whatever the account, and whether or not the customer is still there."""
    records = alive.records()
    without = type(records.postings)(*(np.delete(column, row) for column in records.postings))
    assert told(alive, **without._asdict())


@pytest.mark.parametrize("row", range(9))
def test_a_posting_that_is_counted_twice_is_missed(alive, row):
    """One visit leaves one posting: a second payment of a bill that is not due is seen too."""
    records = alive.records()
    twice = type(records.postings)(*(np.insert(column, row, column[row]) for column in records.postings))
    assert told(alive, **twice._asdict())


@pytest.mark.parametrize("more", [-1, 1])
@pytest.mark.parametrize("row", [0, 4, 5, 6])
def test_a_cent_more_or_less_is_seen_though_the_customer_stays(alive, row, more):
    """The first invoice, two payments and a write-off: each unit at rest must come to nothing."""
    cents = alive.records().postings.cents.copy()
    cents[row] += more
    assert any(sentence.startswith("invoices:") for sentence in told(alive, cents=cents))


def test_crediting_more_than_was_invoiced_is_seen(alive):
    """The complaint of a customer who still owes is credited with a cent more than all of its bill."""
    cents = alive.records().postings.cents.copy()
    (row,) = np.flatnonzero(cents == 10_000)
    cents[row] = 60_001
    sentence = "invoices: no more is collected, credited and written off than was invoiced: 1 broken, rows 2"
    assert told(alive, cents=cents) == [sentence]


def test_what_no_case_is_about_to_settle_may_not_stay_open(firm):
    """A bill of a customer who waits for the next year, as when the step that collects were skipped."""
    customer = firm.case(170, process="account")
    posts(firm, customer, "account.bill", 200, "invoiced", 600)
    firm.visit(customer, "account.year", 248, 248)
    sentence = "invoices: one that no case is about to settle is settled, to the cent: 1 broken, rows 0"
    assert told(firm) == [sentence]


def test_a_case_of_another_customer_settles_nothing(alive):
    """The payment of the first, noted with the fourth: two units are wrong, though the total is as before."""
    case = alive.records().postings.case.copy()
    case[4] = 3
    found = told(alive, case=case)
    assert len(found) == 3
    assert found[1].endswith("1 broken, rows 3")
    assert found[2].endswith("1 broken, rows 0")


def test_a_settlement_is_ahead_until_the_next_invoice(firm):
    """By the case or by a complaint that it begins, but not from the year's wait, after which it is billed."""
    ahead = settles_ahead(firm.program.tables)
    names = firm.program.names.steps
    those = {name for name, yes in zip(names, ahead, strict=True) if yes}
    steps = {"term", "fate", "complain", "clear_up", "cash", "lost"}
    assert those == {f"account.{step}" for step in steps} | {
        "complaint.look", "complaint.credit", "delivery.term", "delivery.cash", "handed.look", "handed.hand"
    }  # fmt: skip


def test_a_case_may_settle_what_the_one_that_began_it_invoiced(firm):
    """A bill stays open while the child waits that will credit it, though its parent has nothing more to do with it."""
    parent = firm.case(170, process="handed")
    posts(firm, parent, "handed.bill", 200, "invoiced", 100)
    firm.visit(parent, "handed.look", 200, 200, 224)
    firm.passing(parent, "handed.hand", 224)
    firm.visit(parent, "handed.rest", 224, 224)
    child = firm.case(224, parent=parent, process="complaint")
    firm.visit(child, "complaint.look", 224, 224)
    assert told(firm) == []


def test_what_open_cases_bring_has_no_visits(company, diary_of):
    """A bill of before the run is settled in it: its posting comes from no step of the run."""
    program = company(
        pipeline={
            "cases": {"old": {"process": "delivery", "step": "term", "age": "5 d", "posted": {"invoiced": "9 EUR"}}}
        }
    )
    diary = diary_of(program)
    old = diary.case(program.begins - 120, process="delivery")
    diary.visit(old, "delivery.term", program.begins, program.begins)
    diary.post(program.begins - 120, old, "delivery.term", "invoiced", 9)
    assert told(diary) == []
    posts(diary, old, "delivery.cash", 400, "collected", 10)
    assert len(told(diary)) == 1


def test_who_pays_first_is_ahead_of_the_invoices_for_a_time(firm):
    """600 paid on ordering and billed in the year after keep the law; paid and never billed, they do not."""
    customer = firm.case(170, process="account")
    posts(firm, customer, "account.cash", 200, "collected", 600)
    firm.visit(customer, "account.year", 200, 200, 300)
    sentence = "invoices: no more is collected, credited and written off than was invoiced: 1 broken, rows 0"
    assert told(firm) == [sentence]
    posts(firm, customer, "account.bill", 300, "invoiced", 600)
    firm.visit(customer, "account.term", 300, 300)
    assert told(firm) == []
