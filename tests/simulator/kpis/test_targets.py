"""Sales targets, against diaries counted by hand; the window runs from 168 h to 504 h, or for two quarters."""

import math

import pytest

from simulator.kpis.catalogue import catalogue

QUARTERS = {"horizon": {"start": "2024-01-01", "warm_up": "7 d", "length": "200 d", "currency": "EUR"}}
ANN, BOB = "teams__sales__members__ann__sales_target", "teams__sales__members__bob__sales_target"


@pytest.fixture
def sold(facts):
    """A lead on which members work at moments, and which books an amount at a moment."""

    def opened(*deals, **changes):
        diary = facts(**changes)
        for work, booked, amount in deals:
            lead = diary.case(10)
            for moment, member in work:
                diary.visit(lead, "deal.call", moment, moment, moment + 1, member)
            diary.books(lead, ("booked", booked, amount))
        return diary

    return opened


def test_a_booking_is_whose_who_worked_on_the_case_last_before_it(sold, kpis_of):
    """Ann's deal, one that she handed to Bob, and one at which Bob came only after the booking."""
    kpis = kpis_of(sold(
        ([(180, "sales.ann")], 200, 700),
        ([(180, "sales.ann"), (190, "sales.bob")], 200, 500),
        ([(180, "sales.ann"), (300, "sales.bob")], 200, 300),
        **{ANN: "5 EUR/h", BOB: "2 EUR/h"},
    ))  # fmt: skip
    assert kpis["target_attainment_sales_ann"] == pytest.approx(1000 / (5 * 336))
    assert kpis["target_attainment_sales_bob"] == pytest.approx(500 / (2 * 336))
    assert kpis["target_attainment"] == pytest.approx(1500 / (7 * 336))


def test_only_sellers_and_the_window_count(sold, kpis_of):
    """What fitters worked on last is still the seller's; what nobody sold, or sold in the warm-up, is nobody's."""
    kpis = kpis_of(sold(
        ([(180, "sales.ann"), (190, "fitters.staff"), (195, "sales.bob")], 200, 700),
        ([], 200, 9999), ([(20, "sales.ann")], 160, 9999), ([(20, "sales.ann")], 168, 40),
        **{ANN: "1 EUR/h"},
    ))  # fmt: skip
    assert kpis["target_attainment"] == pytest.approx(740 / 336)
    assert "target_attainment_sales_bob" not in kpis


def test_another_case_of_the_journey_is_another_sale(sold, kpis_of):
    """An extension that nobody of the sellers worked on is not credited to whoever won the customer."""
    diary = sold(([(180, "sales.ann")], 200, 700), **{ANN: "1 EUR/h"})
    diary.books(diary.case(210, parent=0), ("booked", 220, 500))
    assert kpis_of(diary)["target_attainment"] == pytest.approx(700 / 336)


def test_the_target_of_a_newcomer_begins_with_the_first_day(sold, kpis_of):
    """Bob comes on 15 January, when half of the window is over, and leaves on the 18th."""
    hired = {"sales_target": "2 EUR/h", "hired": "2024-01-15", "leaves": "2024-01-18"}
    kpis = kpis_of(sold(([(350, "sales.bob")], 360, 96), teams__sales__members__bob=hired))
    assert kpis["target_attainment_sales_bob"] == pytest.approx(96 / (2 * 4 * 24))


def test_the_team_states_the_target_of_those_who_state_none(sold, kpis_of):
    """Ann has the team's target, Bob his own."""
    stated = {"teams__sales__sales_target": "3 EUR/h", BOB: "1 EUR/h"}
    kpis = kpis_of(sold(([(180, "sales.ann")], 200, 504), ([(180, "sales.bob")], 200, 84), **stated))
    assert kpis["target_attainment_sales_ann"] == pytest.approx(504 / (3 * 336))
    assert kpis["target_attainment_sales_bob"] == pytest.approx(84 / 336)


def test_targets_are_reached_by_quarters_of_thirteen_weeks(sold, kpis_of):
    """The first quarter ends 2184 h after the window begins; to the cent reached is reached, the rest is left out."""
    first, second = 168 + 2183, 168 + 2184
    deals = [([(180, "sales.ann")], first, 2184), ([(180, "sales.ann")], second, 2183.99)]
    kpis = kpis_of(sold(*deals, **QUARTERS, **{ANN: "1 EUR/h"}))
    assert kpis["targets_reached"] == 1 / 2
    deals.append(([(180, "sales.ann")], 168 + 2 * 2184 + 1, 9999))
    assert kpis_of(sold(*deals, **QUARTERS, **{ANN: "1 EUR/h"}))["targets_reached"] == 1 / 2


def test_without_a_target_or_a_whole_quarter_nothing_is_reached(sold, kpis_of):
    """Firms without targets have no attainment, and two weeks hold no quarter."""
    without = kpis_of(sold(([(180, "sales.ann")], 200, 700)))
    names = ("target_attainment", "targets_reached", "pipeline_coverage")
    assert all(math.isnan(without[name]) for name in names)
    kpis = kpis_of(sold(([(180, "sales.ann")], 200, 700), **{ANN: "1 EUR/h"}))
    assert math.isnan(kpis["targets_reached"])


def test_coverage_is_the_pipeline_over_a_quarter_of_targets(facts, kpis_of):
    """A pipeline that is worth nothing covers nothing; one worth a quarter's target covers it once."""
    months = {"horizon": {"start": "2024-01-01", "warm_up": "60 d", "length": "150 d", "currency": "EUR"}}
    diary = facts(**months, **{ANN: "1 EUR/h"})
    for ordered in (800, None):
        lead = diary.case(50)
        diary.passing(lead, "deal.call", 60)
        if ordered:
            diary.tell(ordered, lead, "order")
            diary.books(lead, ("booked", ordered, 2184))
    kpis = kpis_of(diary)
    assert kpis["weighted_pipeline"] == pytest.approx(2184)
    assert kpis["pipeline_coverage"] == pytest.approx(1)


def test_sellers_are_shown_by_name_and_team(company):
    """Only who has a target is listed, in words."""
    kpis = catalogue(company(**{BOB: "1 EUR/h"}))
    labels = {name: kpi.label for name, kpi in kpis.items() if name.startswith("target_attainment_")}
    assert labels == {"target_attainment_sales_bob": "Target attainment, Bob, Sales"}
