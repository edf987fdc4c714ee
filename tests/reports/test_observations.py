import math
from dataclasses import replace

import numpy as np
import pytest

from reports import wording
from reports.observations import observations
from tests.reports.conftest import WEEKS
from tests.reports.reading import plain

CAUSES_BY_COLUMN = ("nobody on shift", "everybody busy", "owner busy, a colleague idle", "limit of open cases")


def about(study, topic):
    """The findings of a study on a topic."""
    return [finding for finding in observations(study) if finding.topic == topic]


def only(study, topic):
    """The one finding of a study on a topic, in plain words."""
    (finding,) = about(study, topic)
    return plain(finding.sentence)


def with_pictures(study, **changes):
    """The study with other pictures."""
    return replace(study, pictures=study.pictures._replace(**{k: np.array(v, float) for k, v in changes.items()}))


def cash_of(weeks, collected, cost):
    """Running totals of which only money collected and spent matter."""
    nothing = np.zeros(weeks + 1)
    return np.column_stack(
        [nothing, nothing, np.interp(range(weeks + 1), *collected), np.interp(range(weeks + 1), *cost)]
    )


@pytest.mark.parametrize("column", range(4))
@pytest.mark.parametrize(("row", "team"), [(0, "Inside sales"), (1, "Sales reps"), (2, "Fitters")])
def test_the_clog_is_where_the_hours_are(exact, row, team, column):
    """Team, cause, hours and shares are those of the largest row and its largest entry."""
    hours = np.full((3, 5), 10.0)
    hours[row, column] = 910.0
    clogged = with_pictures(exact(waiting_customer=0.0), waiting=hours)
    first = about(clogged, "Waiting")[0]
    told = plain(first.sentence)
    assert f"Cases wait longest for {team}: 950 h in the measured time, 90.5 % of all waiting for teams" in told
    assert f"95.8 % of it because of: {CAUSES_BY_COLUMN[column]}" in told
    assert ("which other shifts would shorten" in told) is (column == 0)
    assert [figure.value for figure in first.figures[:2]] == [950.0, pytest.approx(950 / 1050)]


def test_a_visit_waits_as_long_as_its_kpi_says(base):
    """The mean wait of a visit is the KPI of the team that clogs."""
    clog = about(base, "Waiting")[0]
    assert wording.with_interval(base.estimate("waiting_sdr")) in clog.sentence
    assert clog.figures[2][1:4] == tuple(getattr(base.estimate("waiting_sdr"), end) for end in ("mean", "low", "high"))


def test_no_waiting_has_no_clog(base):
    """Nothing clogs where nobody waits for a team."""
    free = with_pictures(base, waiting=np.zeros((3, 5)))
    assert not any("wait longest" in finding.sentence for finding in observations(free))


def test_scarce_hours_are_told_only_where_shifts_hide_them(exact):
    """When most waiting is off shift, the rest is told apart; when it is not, it is not."""
    hidden = with_pictures(exact(), waiting=[[900, 30, 0, 0, 0], [10, 70, 0, 0, 0], [0, 0, 0, 0, 0]])
    told = [plain(finding.sentence) for finding in about(hidden, "Waiting")]
    assert any("During shifts cases wait longest for Sales reps: 70 h, 70.0 %" in each for each in told)
    assert any("above all because of: everybody busy" in each for each in told)
    open_ = with_pictures(exact(), waiting=[[30, 900, 0, 0, 0], [10, 70, 0, 0, 0], [0, 0, 0, 0, 0]])
    assert not any("During shifts" in finding.sentence for finding in observations(open_))


def test_waiting_off_shift_alone_leaves_nothing_scarce(exact):
    """Where nobody waits during shifts, nothing is said of it."""
    asleep = with_pictures(exact(), waiting=[[900, 0, 0, 0, 0], [10, 0, 0, 0, 0], [0, 0, 0, 0, 0]])
    assert not any("During shifts" in finding.sentence for finding in observations(asleep))


@pytest.mark.parametrize(
    ("cause", "phrase"),
    [("customer", "for the customer"), ("schedule", "for a fixed date"), ("policy", "by own policy")],
)
def test_delays_that_no_team_shortens_are_told(exact, cause, phrase):
    """The largest cause of all is named with its share when it is not a team's."""
    parts = {"waiting_customer": 0.0, "waiting_schedule": 0.0, "waiting_policy": 0.0, f"waiting_{cause}": 450.0}
    told = plain(about(exact(**parts), "Waiting")[-1].sentence)
    assert f"the largest part, 50.0 %, is waiting {phrase}" in told
    assert "which a larger team does not shorten" in told


def test_delays_of_teams_are_not_called_unavoidable(exact):
    """When people are what is waited for, a larger team may well help, and nothing is said against it."""
    study = exact(waiting_customer=1.0, waiting_schedule=1.0, waiting_policy=1.0)
    assert not any("larger team does not" in finding.sentence for finding in observations(study))
    assert not any("larger team does not" in finding.sentence for finding in observations(exact(waiting_total=0.0)))


@pytest.mark.parametrize(("busy", "room"), [(0.849, False), (0.85, True), (0.99, True)])
def test_little_room_is_said_from_the_limit_on(exact, busy, room):
    """The limit is the one that the chart draws."""
    told = only(exact(utilisation_sdr=busy), "People")
    assert ("little room for a busy week" in told) is room
    assert ("no team is short of hours" in told) is not room


@pytest.mark.parametrize(("idle", "spare"), [(0.499, True), (0.5, False)])
def test_hours_to_spare_are_said_below_a_half(exact, idle, spare):
    """A team that works half of its hours is not idle."""
    assert ("with hours to spare" in only(exact(utilisation_fitters=idle), "People")) is spare


def test_one_team_is_not_compared_with_itself(study):
    """The busiest of one is not also the least busy."""
    one = study(teams={"sdr": "Inside sales"})
    assert "least busy" not in only(one, "People")
    assert len(about(one, "People")[0].figures) == 1


def test_no_shift_has_no_finding_about_people(exact):
    """Undefined utilisation is not an idle team."""
    never = exact(utilisation_sdr=None, utilisation_reps=None, utilisation_fitters=None)
    assert about(never, "People") == []


def test_people_weigh_more_the_busier_they_are(exact):
    """A team at its limit is told before one with room."""
    weights = [about(exact(utilisation_sdr=busy), "People")[0].weight for busy in (0.65, 0.8, 0.95)]
    assert weights == pytest.approx([35 + 45 * 0.15, 35 + 45 * 0.3, 35 + 45 * 0.45])


def test_speed_holds_median_and_both_shares(base):
    """Each figure stands with its interval, and in the figures of the finding."""
    (finding,) = about(base, "Speed to lead")
    for kpi, figure in zip(
        ("first_response_median", "first_response_within_1h", "never_contacted"), finding.figures, strict=True
    ):
        assert wording.with_interval(base.estimate(kpi)) in finding.sentence
        assert figure.value == base.estimate(kpi).mean


def test_speed_is_silent_without_responses(exact):
    """Where no lead was answered there is no median to tell."""
    assert about(exact(first_response_median=None), "Speed to lead") == []


def test_slow_answers_weigh_more_than_quick_ones(exact):
    """The share answered within an hour decides how early it is told."""
    slow, quick = (about(exact(first_response_within_1h=share), "Speed to lead")[0].weight for share in (0.05, 0.9))
    assert (slow, quick) == (pytest.approx(59), pytest.approx(42))


@pytest.mark.parametrize(
    ("stage", "passage"),
    [
        ("contact", "between Lead and Contacted"), ("offer", "between Contacted and Offer sent"),
        ("order", "between Offer sent and Order"), ("paid", "between Order and Paid"),
    ],
)  # fmt: skip
def test_the_drop_is_the_smallest_share(exact, stage, passage):
    """Whichever passage is the narrowest is named with its share and counts."""
    (finding,) = about(exact(**{f"conversion_{stage}_from_previous": 0.015}), "Funnel")
    assert passage in finding.sentence
    assert "1.5 % (from 1.5 to 1.5 %) go on" in plain(finding.sentence)
    assert finding.figures[0].value == pytest.approx(0.015)


def test_counts_of_the_drop_are_those_of_its_stages(exact):
    """How many came and how many went on are the journeys of both stages."""
    assert "900 of 4 200 in the measured time" in only(exact(), "Funnel")


def test_a_funnel_that_loses_nobody_is_not_narrow(exact):
    """Without a drop there is no finding about one."""
    whole = {f"conversion_{stage}_from_previous": 1.0 for stage in ("contact", "offer", "order", "paid")}
    assert about(exact(**whole), "Funnel") == []


def test_the_widest_gap_is_found_with_its_week_and_size(exact):
    """Cost runs ahead until week ten and is overtaken later."""
    cash = cash_of(WEEKS, ([0, 10, WEEKS], [0, 20_000, 500_000]), ([0, 10, WEEKS], [0, 120_000, 300_000]))
    (finding,) = about(with_pictures(exact(), cash=cash), "Cash")
    told = plain(finding.sentence)
    assert "around 8 September 2025" in told  # 180 days and ten weeks after New Year
    assert "spending since the start of the measured time is 100 000 EUR ahead" in told
    assert finding.figures[0].value == 100_000.0
    assert finding.weight == pytest.approx(40 + 40 * 100_000 / 500_000)


def test_no_gap_is_told_where_money_covers_cost(exact):
    """The opposite study is told the opposite."""
    cash = cash_of(WEEKS, ([0, WEEKS], [0, 500_000]), ([0, WEEKS], [0, 300_000]))
    told = only(with_pictures(exact(), cash=cash), "Cash")
    assert "In every week the money collected" in told
    assert "ahead of the money" not in told


def test_cash_is_silent_where_nothing_was_collected(exact):
    """A company without money coming in has no gap to compare it with."""
    cash = cash_of(WEEKS, ([0, WEEKS], [0, 0]), ([0, WEEKS], [0, 300_000]))
    assert about(with_pictures(exact(), cash=cash), "Cash") == []


def test_debts_are_told_where_they_are_known(exact):
    """Days sales outstanding stand in the sentence when they have a value."""
    assert "Customers owe 52.0 d" in only(exact(), "Cash")
    assert "Customers owe" not in only(exact(dso=None), "Cash")


@pytest.mark.parametrize(
    ("margin", "noise", "unsure", "weight"),
    [(270_000.0, 0.02, False, 60.0), (-270_000.0, 0.02, False, 70.0), (1_000.0, 30.0, True, 70.0)],
)
def test_the_margin_is_judged_by_its_interval(study, margin, noise, unsure, weight):
    """A sure gain weighs less than a loss or than not knowing, and only the last is called unsure."""
    (finding,) = about(study(margin=margin, noise=noise), "Margin")
    assert ("cannot be told from this study" in finding.sentence) is unsure
    assert finding.weight == weight
    assert [figure.label for figure in finding.figures] == ["Revenue invoiced", "Margin", "Margin rate"]


def test_the_margin_is_silent_without_revenue(exact):
    """Nothing is left of nothing."""
    assert about(exact(revenue_invoiced=0.0), "Margin") == []


def test_every_figure_of_a_finding_is_in_its_study(base):
    """Values with an interval are means of KPIs of the study, and the interval holds them."""
    means = {base.estimate(kpi).mean for kpi in base.catalogue}
    for finding in observations(base):
        for figure in finding.figures:
            if math.isfinite(figure.low):
                assert figure.value in means
                assert figure.low <= figure.value <= figure.high
