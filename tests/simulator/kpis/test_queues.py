"""Waiting, queues and giving up, against diaries worked out by hand."""

import math

import numpy as np
import pytest

from simulator.records import CAUSES


def waited(diary, entered, started, finished, **causes):
    """A call that had to wait for Ann."""
    return diary.visit(diary.case(entered), "deal.call", entered, started, finished, "sales.ann", **causes)


def test_waiting_by_cause_is_shared_among_the_leads(diary, kpis_of):
    """Two leads wait 10 h off shift and 2 h for Ann, one of them 4 h more as overtaken: 5, 1 and 2 h a lead, 8 in
    all.
    """
    waited(diary, 170, 182, 183, off_shift=10, contention=2)
    waited(diary, 180, 184, 185, priority=4)
    kpis = kpis_of(diary)
    assert [kpis[f"waiting_{cause}"] for cause in CAUSES] == pytest.approx([5, 1, 0, 0, 2, 0, 0, 0])
    assert kpis["waiting_for_teams"] == pytest.approx(8)
    assert kpis["waiting_total"] == pytest.approx(8)


def test_every_team_cause_has_its_own_column(diary, pictures_of):
    """Distinct hours for each cause come back in the order of the causes, in the row of the team."""
    waited(diary, 170, 185, 186, off_shift=1, contention=2, ownership=3, limit=4, priority=5)
    assert pictures_of(diary).waiting == pytest.approx(np.array([[1, 2, 3, 4, 5], [0, 0, 0, 0, 0]]))


def test_delays_of_wait_steps_have_their_cause(diary, kpis_of, pictures_of):
    """A day of thinking for the customer and two of payment term for the schedule, by one lead."""
    lead = diary.case(200)
    diary.visit(lead, "deal.think", 200, 200, 224)
    child = diary.case(224, parent=lead)
    diary.visit(child, "delivery.term", 224, 224, 272)
    kpis = kpis_of(diary)
    assert (kpis["waiting_customer"], kpis["waiting_schedule"], kpis["waiting_policy"]) == pytest.approx((24, 48, 0))
    assert kpis["waiting_for_teams"] == 0
    assert kpis["waiting_total"] == pytest.approx(72)
    assert pictures_of(diary).delays == pytest.approx([24, 48, 0])


def test_a_join_waits_for_its_own_cause(company, diary_of, kpis_of):
    """Waiting for children is the firm's own policy where nothing else is stated."""
    diary = diary_of(company(processes__deal__steps__think={"kind": "join"}))
    diary.visit(diary.case(200), "deal.think", 200, 200, 230)
    assert kpis_of(diary)["waiting_policy"] == pytest.approx(30)


def test_a_wait_counts_whole_where_it_ends(diary, kpis_of):
    """A wait of 60 h that ends inside the window counts 60, one that ends in the warm-up counts nothing."""
    waited(diary, 120, 180, 181, off_shift=60)
    waited(diary, 100, 110, 111, off_shift=10)
    diary.case(200)
    assert kpis_of(diary)["waiting_off_shift"] == pytest.approx(60)


def test_a_wait_that_the_run_cuts_off_counts_until_then(diary, kpis_of):
    """A case that waits from 500 on for Ann and one that thinks from 490 on had waited 4 and 14 h when the run
    ended.
    """
    diary.visit(diary.case(500), "deal.call", 500, off_shift=4)
    diary.visit(diary.case(490), "deal.think", 490, 490)
    kpis = kpis_of(diary)
    assert kpis["waiting_off_shift"] == pytest.approx(2)
    assert kpis["waiting_customer"] == pytest.approx(7)
    assert kpis["waiting_sales"] == pytest.approx(4)


def test_the_mean_wait_for_a_team_counts_those_served_at_once(diary, kpis_of):
    """One waits 6 h, one gives up after 3, one is served at once: 3 h on the average; the fitters served nobody."""
    waited(diary, 178, 184, 185, contention=6)
    diary.visit(diary.case(178), "deal.call", 178, None, 181, contention=3)
    diary.visit(diary.case(178), "deal.call", 178, 178, 179, "sales.ann")
    kpis = kpis_of(diary)
    assert kpis["waiting_sales"] == pytest.approx(3)
    assert math.isnan(kpis["waiting_fitters"])


def test_what_a_tool_does_waits_for_nobody(diary, kpis_of):
    """A step that a tool did has no member, and does not lower the mean wait for the team."""
    waited(diary, 178, 184, 185, contention=6)
    diary.passing(diary.case(178), "deal.call", 178)
    assert kpis_of(diary)["waiting_sales"] == pytest.approx(6)


def test_who_turns_away_from_a_queue_has_not_waited(diary, kpis_of):
    """One waits 6 h, one finds the queue too long and leaves at once: 6 h a visit, and half of them lost."""
    waited(diary, 178, 184, 185, contention=6)
    diary.visit(diary.case(178), "deal.call", 178, None, 178)
    kpis = kpis_of(diary)
    assert kpis["waiting_sales"] == pytest.approx(6)
    assert kpis["abandoned_sales"] == 0.5


def test_the_share_that_gives_up(diary, kpis_of):
    """Of four visits whose wait ended one gave up; the one that still waits has not decided."""
    for _ in range(3):
        waited(diary, 178, 179, 180, contention=1)
    diary.visit(diary.case(178), "deal.call", 178, None, 181, contention=3)
    diary.visit(diary.case(500), "deal.call", 500, off_shift=4)
    kpis = kpis_of(diary)
    assert kpis["abandoned_sales"] == 0.25
    assert math.isnan(kpis["abandoned_fitters"])


def test_the_mean_queue_is_clipped_to_the_window(diary, kpis_of):
    """Waits from 100 to 252 (84 h inside), 200 to 242 (42) and 462 to the end (42): 168 of 336 hours, half a case."""
    waited(diary, 100, 252, 253, off_shift=152)
    waited(diary, 200, 242, 243, off_shift=42)
    diary.visit(diary.case(462), "deal.call", 462, off_shift=42)
    kpis = kpis_of(diary)
    assert kpis["queue_sales"] == pytest.approx(0.5)
    assert kpis["queue_fitters"] == 0


def test_the_queue_of_each_week(diary, pictures_of):
    """A wait from 294 to 420 gives 42 h in the first week (1/4 of it) and 84 h in the second (1/2)."""
    waited(diary, 294, 420, 421, off_shift=126)
    assert pictures_of(diary).queue == pytest.approx(np.array([[0.25, 0], [0.5, 0]]))


def test_who_gives_up_leaves_the_queue_then(diary, kpis_of):
    """A wait of 84 h that ends without service is a quarter of the 336 hours."""
    diary.visit(diary.case(200), "deal.call", 200, None, 284, off_shift=84)
    assert kpis_of(diary)["queue_sales"] == pytest.approx(0.25)


def test_a_wait_step_is_no_queue(diary, kpis_of):
    """Thinking for days lengthens no queue and no wait for a team."""
    diary.visit(diary.case(200), "deal.think", 200, 200, 400)
    kpis = kpis_of(diary)
    assert kpis["queue_sales"] == 0
    assert math.isnan(kpis["waiting_sales"])


def test_without_leads_waiting_for_a_lead_is_not_defined(diary, kpis_of):
    """A wait by a lead of the warm-up has nobody to be shared among."""
    waited(diary, 100, 180, 181, off_shift=80)
    kpis = kpis_of(diary)
    assert math.isnan(kpis["waiting_total"])
    assert kpis["waiting_sales"] == pytest.approx(80)
