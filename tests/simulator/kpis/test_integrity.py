"""The laws of integrity: kept by an honest diary, and each seen broken when the records are broken."""

import numpy as np
import pytest

from simulator.kpis.integrity import violations

MONDAY, TUESDAY = 168, 192


@pytest.fixture
def honest(diary):
    """Two leads, one won and delivered, one lost after Bob's call; a third still waits when the run ends.

    Rows of visits: 0 call by Ann, 1 call by Bob, 2 lost, 3 offer, 4 think, 5 order, 6 deliver, 7 won, 8 fit, 9 parts,
    10 invoice, 11 term, 12 cash, 13 done, 14 a call that nobody begins, 15 a call that gives up, 16 its end.
    """
    first, second = diary.case(170, 226, outcome="won"), diary.case(171, 179, outcome="lost")
    delivery = diary.case(226, 280, parent=first, outcome="done")
    third, fourth = diary.case(490), diary.case(300, 310, outcome="lost")
    diary.visit(first, "deal.call", 170, 177, 178, "sales.ann", off_shift=7)
    diary.visit(second, "deal.call", 171, 177, 179, "sales.bob", off_shift=6)
    diary.passing(second, "deal.lost", 179)
    diary.visit(first, "deal.offer", 178, 178, 202, "sales.ann")
    diary.visit(first, "deal.think", 202, 202, 226)
    for step in ("order", "deliver", "won"):
        diary.passing(first, f"deal.{step}", 226)
    diary.visit(delivery, "delivery.fit", 226, 228, 232, "fitters.staff", contention=2)
    diary.passing(delivery, "delivery.parts", 232)
    diary.passing(delivery, "delivery.invoice", 232)
    diary.visit(delivery, "delivery.term", 232, 232, 280)
    diary.passing(delivery, "delivery.cash", 280)
    diary.passing(delivery, "delivery.done", 280)
    diary.visit(third, "deal.call", 490, off_shift=14)
    diary.visit(fourth, "deal.call", 300, None, 310, off_shift=10)
    diary.passing(fourth, "deal.lost", 310)
    diary.post(226, first, "deal.order", "booked", 1000)
    diary.post(232, delivery, "delivery.invoice", "invoiced", 1000)
    diary.post(232, delivery, "delivery.parts", "cost", 100)
    diary.post(280, delivery, "delivery.cash", "collected", 1000)
    return diary.program, linked(diary.records())


def linked(records):
    """The records with every visit pointing at the step of the case's next one."""
    following = records.visits.next.copy()
    for row, case in enumerate(records.visits.case):
        later = np.flatnonzero(records.visits.case[row + 1 :] == case)
        if later.size:
            following[row] = records.visits.step[row + 1 + later[0]]
    return records._replace(visits=records.visits._replace(next=following))


def changed(records, table, column, row, value):
    """The records with one cell changed."""
    before = getattr(records, table)
    cells = getattr(before, column).copy()
    cells[row] = value
    return records._replace(**{table: before._replace(**{column: cells})})


def test_an_honest_diary_keeps_every_law(honest):
    """Nothing to complain of."""
    program, records = honest
    assert violations(program, records) == []


def test_an_empty_run_keeps_every_law(diary):
    """No cases, no complaint, no warning."""
    assert violations(diary.program, diary.records()) == []


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "told"),
    [
        ("cases", "outcome", 0, -1, "an unfinished one has none"),
        ("cases", "outcome", 3, 0, "an unfinished one has none"),
        ("cases", "outcome", 0, 1, "moment and outcome are those of the end step"),
        ("cases", "ended", 0, 227.0, "moment and outcome are those of the end step"),
        ("cases", "ended", 0, np.nan, "came to one end step, an unfinished one to none"),
        ("cases", "ended", 3, 500.0, "came to one end step, an unfinished one to none"),
        ("cases", "born", 1, 200.0, "born, ended, end of the run"),
        ("visits", "finished", 4, np.nan, "stands at one step"),
        ("visits", "finished", 14, 495.0, "stands at one step"),
        ("visits", "entered", 3, 177.5, "leaves a step before it comes to the next"),
        ("visits", "finished", 3, 203.0, "leaves a step before it comes to the next"),
        ("visits", "next", 4, 0, "that of the case's next visit"),
        ("visits", "next", 7, 0, "that of the case's next visit"),
        ("visits", "started", 0, 169.0, "entered, started, finished"),
        ("visits", "finished", 8, 227.0, "entered, started, finished"),
        ("visits", "finished", 13, 600.0, "entered, started, finished"),
        ("postings", "cents", 1, 100_001, "one that no case is about to settle is settled"),
        ("postings", "cents", 1, 99_999, "no more is collected, credited and written off"),
        ("postings", "account", 3, 0, "the account is that of the step"),
        ("postings", "time", 2, 233.0, "postings: 4 of post steps, 4 visits to them"),
        ("waits", "ticks", (0, 0), 7 * 2**32 - 1, "the causes of a wait add up to the whole of it"),
        ("waits", "ticks", (0, 1), 1, "the causes of a wait add up to the whole of it"),
        ("waits", "visit", 0, 1, "a wait is told once"),
        ("waits", "visit", 0, 4, "only who asks for a person waits for a team"),
        ("visits", "started", 8, 229.0, "the causes of a wait add up to the whole of it"),
        ("visits", "member", 1, 0, "a member works on one at a time"),
        ("visits", "started", 0, 176.9, "nobody starts off shift"),
        ("visits", "started", 3, 185.0, "nobody starts off shift"),
        ("visits", "member", 8, 0, "who works is on the team of the step"),
        ("visits", "step", 8, 0, "who works is on the team of the step"),
    ],
)
def test_each_law_is_seen_broken(honest, table, column, row, value, told):
    """One cell changed, and the sentence that names the law is among the violations."""
    program, records = honest
    found = violations(program, changed(records, table, column, row, value))
    assert any(told in sentence for sentence in found), found


def test_causes_may_not_make_up_for_each_other(honest):
    """An hour too much and one below nothing add up, and are told all the same."""
    program, records = honest
    ticks = records.waits.ticks.copy()
    ticks[0, :2] = 8 * 2**32, -(2**32)
    broken = records._replace(waits=records.waits._replace(ticks=ticks))
    assert violations(program, broken) == ["waits: no cause is negative: 1 broken, rows 0"]


def test_one_tick_is_enough_to_break_littles_law(honest):
    """The integral of the queue and the sum of the waits differ by a fraction of a microsecond."""
    program, records = honest
    ticks = records.waits.ticks.copy()
    ticks[2, 1] += 1
    found = violations(program, records._replace(waits=records.waits._replace(ticks=ticks)))
    assert any(sentence.startswith("queue for fitters: its integral is 2.0 h") for sentence in found)
    assert not any("queue for sales" in sentence for sentence in found)


def test_a_wait_that_nobody_tells_is_missed(honest):
    """Without the row of its wait, a visit that began late has waited without a cause."""
    program, records = honest
    short = type(records.waits)(*(column[1:] for column in records.waits))
    found = violations(program, records._replace(waits=short))
    assert "visits: the causes of a wait add up to the whole of it: 1 broken, rows 0" in found
    assert any(sentence.startswith("queue for sales") for sentence in found)


def test_a_case_that_ended_twice_is_told(honest):
    """A second end step of the same case is one too many."""
    program, records = honest
    step = records.visits.step.copy()
    step[6] = step[7]
    found = violations(program, records._replace(visits=records.visits._replace(step=step)))
    assert any("came to one end step" in sentence for sentence in found)


def test_a_member_may_begin_at_the_moment_of_leaving_another(honest):
    """Ann's offer begins at the very moment at which her call ends: no overlap, as the honest diary shows; a bit
    earlier is.
    """
    program, records = honest
    assert records.visits.started[3] == records.visits.finished[0] == 178
    broken = changed(records, "visits", "finished", 0, np.nextafter(178.0, 200.0))
    assert any("works on one at a time" in sentence for sentence in violations(program, broken))


def test_a_shift_begins_with_its_opening_and_ends_before_its_closing(honest):
    """Starting at 9:00 sharp is on shift, a tick's rounding before it is forgiven, and 17:00 sharp is too late."""
    program, records = honest

    def off_shift(moment):
        found = violations(program, changed(records, "visits", "started", 0, moment))
        return any("off shift" in sentence for sentence in found)

    assert not off_shift(MONDAY + 9.0)
    assert not off_shift(np.nextafter(MONDAY + 9.0, 0))
    assert off_shift(MONDAY + 8.999)
    assert not off_shift(MONDAY + 16.999)
    assert off_shift(MONDAY + 17.0)


def test_bob_is_off_shift_on_a_tuesday(honest):
    """Each member has a calendar: what Ann may do on Tuesday at 9:30, Bob may not."""
    program, records = honest
    for member, complaints in ((0, 0), (1, 1)):
        moved = changed(changed(records, "visits", "started", 0, TUESDAY + 9.5), "visits", "member", 0, member)
        assert sum("off shift" in sentence for sentence in violations(program, moved)) == complaints


def test_a_sentence_names_the_first_rows(honest):
    """Of many broken rows three are named, with their number."""
    program, records = honest
    lost = records._replace(visits=records.visits._replace(next=np.full(17, 5, np.int32)))
    assert violations(program, lost) == [
        "visits: the next step is that of the case's next visit: 16 broken, rows 0, 1, 2, ..."
    ]
