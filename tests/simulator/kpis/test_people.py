"""Hours on shift and at work, against calendars counted by hand.

Ann works Monday to Friday 9 to 17 (80 h in the two weeks of the window), Bob on Mondays (16 h), the fitter always
(336 h).
"""

import math

import numpy as np
import pytest

from simulator.kpis.people import at_work, gini, on_shift, worked_of, worked_until
from simulator.kpis.window import window_of
from simulator.kpis.work import work_of

MONDAY, TUESDAY, FRIDAY = 168, 192, 432
"""Midnight of the first Monday and Tuesday of the window, and of its last Friday."""


def test_hours_on_shift_of_each_member(program):
    """From the start of the window to the end of the first week and of the second."""
    hours = on_shift(program, np.array([168.0, 336.0, 504.0]))
    assert hours == pytest.approx(np.array([[0, 0, 0], [40, 8, 168], [80, 16, 336]]))


@pytest.mark.parametrize(
    ("moment", "hours"), [(0, 0), (9, 0), (12, 3), (17, 8), (20, 8), (33, 8), (36.5, 11.5), (168, 40), (504, 120)]
)
def test_hours_worked_until_a_moment(program, moment, hours):
    """Ann's hours before her first shift, during it, in the night after it and later."""
    ann = program.tables.members["calendar"][:1].astype(np.intp)
    assert worked_until(program, ann, np.array([float(moment)]))[:, 0] == pytest.approx([hours])


def test_each_calendar_counts_its_own_hours(program):
    """Two moments by four calendars that stand in no order."""
    ann, bob, fitter = program.tables.members["calendar"]
    hours = worked_until(program, np.array([fitter, ann, bob, ann], np.intp), np.array([12.0, 36.0]))
    assert hours.tolist() == [[12, 3, 3, 3], [36, 11, 8, 11]]


def test_hours_of_visits_are_those_on_shift_inside_the_window(diary):
    """Of four visits one ended before the window, one reaches into it, one is not finished and one nobody worked on."""
    case = diary.case(0)
    diary.visit(case, "deal.call", 10, 10, 12, "sales.ann")
    diary.visit(case, "deal.call", 160, 160, MONDAY + 11, "sales.ann")
    diary.passing(case, "deal.think", MONDAY)
    diary.visit(case, "delivery.fit", 500, 500, None, "fitters.staff")
    records = diary.records()
    worked = worked_of(diary.program, records, work_of(diary.program, records), window_of(diary.program))
    assert worked.visit.tolist() == [1, 3]
    assert worked.hours.tolist() == [2, 4]
    assert at_work(diary.program, worked).tolist() == [2, 0, 4]
    assert at_work(diary.program, worked, np.array([False, True])).tolist() == [0, 0, 4]


def test_someone_never_on_shift_works_no_hours(company, diary_of, kpis_of):
    """A team on leave for the whole run has no utilisation, and the busiest team is another."""
    leave = [{"first": "2023-12-01", "last": "2024-12-31"}]
    diary = diary_of(company(teams__sales__absences=leave))
    kpis = kpis_of(diary)
    assert math.isnan(kpis["utilisation_sales"])
    assert kpis["utilisation_busiest"] == 0


def test_utilisation_is_work_over_shift(diary, kpis_of):
    """Ann works 12 h and Bob 4 of the 96 h of sales; the fitter 84 of 336 h."""
    diary.visit(diary.case(170), "deal.call", MONDAY + 9, MONDAY + 9, MONDAY + 17, "sales.ann")
    diary.visit(diary.case(170), "deal.call", TUESDAY + 9, TUESDAY + 9, TUESDAY + 13, "sales.ann")
    diary.visit(diary.case(170), "deal.call", MONDAY + 10, MONDAY + 10, MONDAY + 14, "sales.bob")
    child = diary.case(180, parent=diary.case(170))
    diary.visit(child, "delivery.fit", 200, 200, 284, "fitters.staff")
    kpis = kpis_of(diary)
    assert kpis["utilisation_sales"] == pytest.approx(16 / 96)
    assert kpis["utilisation_fitters"] == pytest.approx(0.25)
    assert kpis["utilisation_busiest"] == pytest.approx(0.25)


def test_a_night_is_not_worked(diary, kpis_of):
    """From Monday 16:00 to Tuesday 10:00 are two hours of work."""
    diary.visit(diary.case(170), "deal.call", MONDAY + 16, MONDAY + 16, TUESDAY + 10, "sales.ann")
    assert kpis_of(diary)["utilisation_sales"] == pytest.approx(2 / 96)


def test_work_is_cut_at_the_edges_of_the_window(diary, kpis_of):
    """Begun on Friday of the warm-up and done on Monday at 10: one hour; begun on the last Friday at 16, not done:
    one more.
    """
    diary.visit(diary.case(100), "deal.call", 112, 112, MONDAY + 10, "sales.ann")
    diary.visit(diary.case(400), "deal.call", FRIDAY + 16, FRIDAY + 16, None, "sales.ann")
    assert kpis_of(diary)["utilisation_sales"] == pytest.approx(2 / 96)


def test_work_outside_the_window_does_not_count(diary, kpis_of):
    """Eight hours of the warm-up leave no trace."""
    diary.visit(diary.case(5), "deal.call", 9, 9, 17, "sales.ann")
    assert kpis_of(diary)["utilisation_sales"] == 0


def test_full_weeks_of_work_are_full_utilisation(diary, kpis_of):
    """Someone who works from the first to the last moment is at work for exactly the hours on shift."""
    lead = diary.case(0)
    for member in ("sales.ann", "sales.bob"):
        diary.visit(lead, "deal.call", 9, 9, None, member)
    assert kpis_of(diary)["utilisation_sales"] == pytest.approx(1)


def test_the_picture_of_utilisation_is_the_kpi(diary, kpis_of, pictures_of):
    """Both stand in the order of the teams."""
    diary.visit(diary.case(170), "deal.call", MONDAY + 9, MONDAY + 9, MONDAY + 17, "sales.ann")
    kpis = kpis_of(diary)
    expected = [kpis["utilisation_sales"], kpis["utilisation_fitters"]]
    assert pictures_of(diary).utilisation.tolist() == expected == pytest.approx([8 / 96, 0])


def test_a_company_without_people_has_no_busiest_team(company, diary_of, kpis_of):
    """Without teams there is no utilisation to speak of, and no wage."""
    steps = {"won": {"kind": "end", "outcome": "won"}}
    diary = diary_of(company(teams={}, tools={}, processes={"deal": {"steps": steps}}))
    kpis = kpis_of(diary)
    assert math.isnan(kpis["utilisation_busiest"])
    assert kpis["cost_total"] == pytest.approx(336 * 2.5)


@pytest.mark.parametrize(
    ("loads", "coefficient"),
    [([0.5, 0.5, 0.5], 0), ([0, 1], 0.5), ([0, 0, 0, 1], 0.75), ([0.1, 0.2, 0.3], 2 / 9),
     ([0.3, math.nan, 0.1, 0.2], 2 / 9)],
)  # fmt: skip
def test_the_gini_coefficient_of_loads(loads, coefficient):
    """None when all carry the same, 1 - 1/n when one carries all, and half the mean difference over the mean."""
    assert gini(np.array(loads)) == pytest.approx(coefficient)


def test_load_is_relative_to_the_hours_on_shift(diary, kpis_of):
    """Ann works 8 of her 80 hours and Bob 3.2 of his 16: loads of 0.1 and 0.2 have a coefficient of 1/6."""
    diary.visit(diary.case(170), "deal.call", 177, 177, 185, "sales.ann")
    diary.visit(diary.case(170), "deal.call", 177, 177, 180.2, "sales.bob")
    assert kpis_of(diary)["load_gini_sales"] == pytest.approx(1 / 6)


def test_one_alone_has_nobody_to_share_with(diary, kpis_of):
    """The fitter works, and there is no inequality to speak of."""
    diary.visit(diary.case(186, parent=diary.case(170)), "delivery.fit", 186, 186, 190, "fitters.staff")
    assert math.isnan(kpis_of(diary)["load_gini_fitters"])


def test_a_team_that_did_nothing_has_no_inequality(diary, kpis_of):
    """There is no load to share."""
    assert math.isnan(kpis_of(diary)["load_gini_sales"])


def test_revenue_for_an_hour_of_selling(company, diary_of, kpis_of):
    """3000 booked in 8 hours of Ann's, who has a target; neither Bob, who only calls, nor the fitter sells, and a
    booking of the warm-up is past.
    """
    diary = diary_of(company(teams__sales__members__ann__sales_target="1 EUR/h"))
    lead = diary.case(170)
    diary.visit(lead, "deal.call", 177, 177, 181, "sales.bob")
    diary.visit(lead, "deal.call", 177, 177, 185, "sales.ann")
    diary.visit(diary.case(186, parent=lead), "delivery.fit", 186, 186, 190, "fitters.staff")
    diary.post(100, lead, "deal.order", "booked", 500)
    diary.post(200, lead, "deal.order", "booked", 3000)
    assert kpis_of(diary)["revenue_per_sales_hour"] == pytest.approx(375)


def test_without_targets_those_sell_who_work_in_the_pipeline(company, diary_of, kpis_of):
    """Where a quote tells in which stages opportunities stand, the team of acquisition that works there sells: 3000 in
    12 hours; the callers, who do not, and the fitters, of another cost centre, who do, are left out.
    """
    callers = {"cost_centre": "acquisition", "shifts": "Mon-Fri 09:00-17:00", "members": {"cy": {}}}
    diary = diary_of(company(
        teams__callers=callers, processes__deal__steps__call__team="callers",
        processes__deal__steps__order__marks=["quoted"], processes__delivery__steps__fit__stage="order",
    ))  # fmt: skip
    lead = diary.case(170)
    diary.visit(lead, "deal.call", 177, 177, 181, "callers.cy")
    diary.visit(lead, "deal.offer", 177, 177, 185, "sales.ann")
    diary.visit(lead, "deal.offer", 177, 177, 181, "sales.bob")
    diary.visit(diary.case(186, parent=lead), "delivery.fit", 186, 186, 190, "fitters.staff")
    diary.post(200, lead, "deal.order", "booked", 3000)
    assert kpis_of(diary)["revenue_per_sales_hour"] == pytest.approx(3000 / 12)


def test_without_targets_or_a_quote_nobody_is_known_to_sell(diary, kpis_of):
    """Hours of acquisition alone say nothing about who wins orders."""
    lead = diary.case(170)
    diary.visit(lead, "deal.call", 177, 177, 185, "sales.ann")
    diary.post(200, lead, "deal.order", "booked", 3000)
    assert math.isnan(kpis_of(diary)["revenue_per_sales_hour"])


def test_hours_on_shift_agree_with_adding_up_shifts(company):
    """At random moments of six weeks, on edges of shifts and days, with two shifts a day and days of leave."""
    leave = [{"first": "2024-01-10", "last": "2024-01-12"}]
    program = company(teams__sales__absences=leave)
    tables, rng = program.tables, np.random.default_rng(3)
    moments = np.concatenate([rng.uniform(0, program.end, 200), tables.opens, tables.closes, np.arange(0, 504, 24.0)])
    for calendar, (first, count) in enumerate(tables.calendars.tolist()):
        shifts = list(zip(tables.opens[first : first + count], tables.closes[first : first + count], strict=True))
        expected = [sum(max(0.0, min(moment, closes) - opens) for opens, closes in shifts) for moment in moments]
        assert worked_until(program, np.array([calendar]), moments)[:, 0] == pytest.approx(expected)
