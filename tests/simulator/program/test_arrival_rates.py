"""Expected arrivals hour by hour, and the moments of drops and traces."""

import datetime as dt
import gzip
import math

import numpy as np
import pytest

from simulator.chance.keyed import purpose_of
from simulator.errors import CaudalError
from simulator.program.arrival_rates import hourly_rates, replayed
from simulator.program.workforce import Days
from simulator.schema.calendar import WEEKDAYS
from simulator.schema.demand import Trace
from tests.simulator.program.builders import MONDAY, distribution, program, scenario

YEAR = 365.25 * 24


def channel(**said):
    """A channel of some rate."""
    return scenario(channels={"web": {"process": "p", "rate": "8766 /year"} | said}).channels["web"]


def hourly(days=7, first=MONDAY, holidays=(), end=None, **said):
    """Expected arrivals of each hour over some days, at one an hour on average unless stated otherwise."""
    return hourly_rates(channel(**said), Days(first, days, frozenset(holidays)), 24.0 * days if end is None else end)


@pytest.mark.parametrize(
    ("rate", "an_hour"),
    [("8766 /year", 1.0), ("10 /h", 10.0), ("48 /day", 2.0), ("336 /wk", 2.0), ("1461 /month", 2.0), ("0 /h", 0.0)],
)
def test_a_flat_rate_is_the_same_every_hour(rate, an_hour):
    """Whatever the unit of time that it is stated for."""
    assert hourly(rate=rate) == pytest.approx(np.full(168, an_hour))


PROFILES = [
    {},
    {"hours": {"08-18": 1, "18-24": 0.3}},
    {"weekdays": {"Mon": 2, "Tue": 1, "Sat": 0.5}},
    {"months": [1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1]},
    {"hours": {"09-10": 7}, "weekdays": {"Sun": 1}},
]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("rate", [1200, 60_000])
def test_the_hours_of_a_year_add_up_to_the_stated_rate(profile, rate):
    """Weights are relative, so the mean over their cycle stays; a year of weights for months is 365.25 days."""
    cycle = 364 if "weekdays" in profile else 365
    rates = hourly(cycle, dt.date(2023, 1, 2 if cycle == 364 else 1), rate=f"{rate} /year", profile=profile)
    expected = rate * cycle / 365.25
    # Months differ in length, so their weights are even over months and nearly so over days.
    assert rates.sum() == pytest.approx(expected, rel=0.01 if "months" in profile else 1e-12)


def test_hours_of_the_day_weigh():
    """Ten hours of weight 1 and six of 0.3 share what 24 would bring; the night brings nothing."""
    day = hourly(1, profile={"hours": {"08-18": 1, "18-24": 0.3}})
    unit = 24 / (10 + 6 * 0.3)
    assert day == pytest.approx([0.0] * 8 + [unit] * 10 + [0.3 * unit] * 6)


def test_an_hour_is_read_with_its_spaces_and_refused_without_sense():
    """`8 - 9` is the hour from eight; words are a sentence."""
    assert np.flatnonzero(hourly(1, profile={"hours": {" 8 - 9 ": 1}})).tolist() == [8]
    stated = channel()
    broken = stated.model_copy(update={"profile": stated.profile.model_copy(update={"hours": {"noon": 1.0}})})
    with pytest.raises(CaudalError, match="cannot read the hours 'noon' of a profile: write '08-18'"):
        hourly_rates(broken, Days(MONDAY, 1, frozenset()), 24.0)


@pytest.mark.parametrize("weekday", range(7))
def test_weekdays_fall_on_their_dates(weekday):
    """Wherever in the week the run begins."""
    first = MONDAY + dt.timedelta(days=weekday)
    days = hourly(7, first, profile={"weekdays": {"Wed": 3, "Sun": 1}}).reshape(7, 24).sum(axis=1)
    found = {WEEKDAYS[(weekday + day) % 7]: total for day, total in enumerate(days) if total}
    assert found == pytest.approx({"Wed": 24 * 7 * 0.75, "Sun": 24 * 7 * 0.25})


def test_months_fall_on_their_dates():
    """Twelve weights, of mean 1."""
    days = hourly(366, profile={"months": list(range(1, 13))}).reshape(366, 24)[:, 0]
    for number, value in enumerate(days):
        assert value == pytest.approx((MONDAY + dt.timedelta(days=number)).month / 6.5)


@pytest.mark.parametrize(("share", "left"), [("0 %", 0.0), ("25 %", 0.25), ("200 %", 2.0)])
def test_holidays_bring_their_share(share, left):
    """Other days stay as they are, so a closed holiday is lost; days outside the run are of no matter."""
    days = hourly(4, holidays={-3, 1, 3, 900}, profile={"holidays": share}).reshape(4, 24)
    assert days[:, 5] == pytest.approx([1.0, left, 1.0, left])


def test_holidays_are_like_other_days_where_nothing_is_said():
    """The share is then 100 %."""
    assert hourly(3, holidays={0, 1}) == pytest.approx(np.ones(72))


@pytest.mark.parametrize(("growth", "factor"), [("20 %", 1.2), ("-50 %", 0.5), ("0 %", 1.0), ("300 %", 4.0)])
def test_growth_compounds_by_the_year(growth, factor):
    """Day by day from the start of the run, two years give its square."""
    days = hourly(1462, growth=growth).reshape(-1, 24)[:, 0]
    assert days[0] == 1.0
    assert days[1461] == pytest.approx(factor**4)
    assert days[487] == pytest.approx(factor ** (487 / 365.25))


@pytest.mark.parametrize(("end", "hours"), [(24.0, 24), (24.5, 25), (1.0, 1), (0.25, 1), (48.0, 48)])
def test_hours_reach_to_the_end_of_the_run(end, hours):
    """An hour in which the run ends is there in whole."""
    assert hourly(3, end=end).size == hours


def demand(**said):
    """What the one channel of a program brings."""
    return program(channels={"web": {"process": "p"} | said}).demand[0]


def test_a_channel_is_laid_out():
    """Purpose by its name, the day by its ordinal, and what is not stated does not happen."""
    found = demand(rate="8766 /year")
    assert (found.purpose, found.first_day) == (purpose_of("channel/web"), MONDAY.toordinal())
    assert (found.dispersion, found.interval, found.stops, found.drops) == (1.0, -1, math.inf, ())
    assert (found.hourly.size, found.trace.size) == (168, 0)


def test_what_a_channel_states_is_laid_out():
    """Dispersion as it is, durations in hours, the interval as a quantity."""
    whole = program(
        channels={
            "web": {"process": "p", "rate": "1 /h", "dispersion": 4, "stops": "2 d"},
            "fair": {"process": "p", "interval": "90 min"},
        }
    )
    web, fair = whole.demand
    assert (web.dispersion, web.stops) == (4.0, 48.0)
    assert fair.hourly.size == 0
    assert 1.5 in distribution(whole, fair.interval)
    assert whole.tables.chances.purpose[fair.interval] == purpose_of("channel/fair/interval")


def test_drops_have_moment_number_and_spread():
    """Hours of the run, also before it began."""
    drops = [
        {"date": "2024-01-03", "leads": 40, "spread": "2 d"},
        {"date": "2023-12-31", "leads": 5},
        {"date": "2024-01-03", "leads": 0},
    ]
    assert demand(drops=drops).drops == ((48.0, 40, 48.0), (-24.0, 5, 0.0), (48.0, 0, 0.0))


@pytest.fixture
def trace(tmp_path):
    """Arrival times of a file of some lines; the horizon begins on Monday 1 January 2024."""

    def read(*lines, header="when", zone="UTC", start=MONDAY, name="trace.csv", **said):
        text = "\n".join([header, *lines]).encode()
        (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        horizon = scenario(horizon={"time_zone": zone, "start": start}).horizon
        return replayed(Trace(file=name, **({"column": "when"} | said)), horizon, tmp_path).tolist()

    return read


def test_a_trace_that_lies_in_the_first_week_stays_where_it_is(trace):
    """In hours, in the order of time and not of the file."""
    assert trace("2024-01-02T06:30", "2024-01-01 09:00:00", "2024-01-07T23:59:59.5") == pytest.approx(
        [9.0, 30.5, 168 - 0.5 / 3600]
    )


@pytest.mark.parametrize("weeks", [-520, -53, -1, 0, 1, 40, 300])
def test_a_trace_is_moved_by_whole_weeks(trace, weeks):
    """The weekday and the time of day stay, and so do the gaps."""
    moments = [dt.datetime(2024, 1, 3, 10, 15) + dt.timedelta(weeks=weeks, hours=gap) for gap in (0, 5, 400)]
    assert trace(*(moment.isoformat() for moment in moments)) == pytest.approx([58.25, 63.25, 458.25])


def test_a_run_that_begins_in_mid_week_keeps_the_weekdays(trace):
    """A Wednesday morning of the file is the first Wednesday morning of a run from a Friday on."""
    assert trace("2019-05-15T08:00", start=dt.date(2024, 1, 5)) == [5 * 24 + 8.0]


def test_only_the_first_moment_needs_to_be_in_the_first_week(trace):
    """A moment right at the start is the start; one just before is the end of the week."""
    assert trace("2023-12-25T00:00", "2024-01-01T00:00") == [0.0, 168.0]
    assert trace("2023-12-31T23:00") == [167.0]


@pytest.mark.parametrize(
    ("zone", "stamp", "hour"),
    [
        ("UTC", "2024-01-01T12:00Z", 12.0), ("Europe/Lisbon", "2024-01-01T12:00Z", 12.0),
        ("Europe/Bucharest", "2024-01-01T12:00Z", 14.0), ("Europe/Bucharest", "2024-01-01T12:00+02:00", 12.0),
        ("America/New_York", "2024-01-01T12:00+00:00", 7.0), ("Asia/Kolkata", "2024-01-01T12:00Z", 17.5),
        ("Europe/Bucharest", "2024-01-01T12:00", 12.0),
    ],
)  # fmt: skip
def test_moments_with_a_zone_are_turned_into_that_of_the_scenario(trace, zone, stamp, hour):
    """Those without one are taken as they are."""
    assert trace(stamp, zone=zone) == [hour]


def test_moments_of_winter_and_summer_may_carry_their_own_offsets(trace):
    """What a system in Lisbon exports: each moment is turned into the zone by itself."""
    stamps = ("2024-01-01T10:00+00:00", "2024-07-01T10:00+01:00")
    assert trace(*stamps, zone="Europe/Lisbon") == [10.0, 182 * 24 + 10.0]


def test_a_moment_without_zone_among_moments_with_one_is_a_sentence(trace):
    """Nobody can say which zone it means."""
    with pytest.raises(CaudalError, match=r"cannot read the timestamps of trace\.csv"):
        trace("2024-01-01T10:00+01:00", "2024-01-01T10:00")


@pytest.mark.parametrize("name", ["trace.csv", "trace.csv.gz"])
def test_a_trace_may_be_gzipped(trace, name):
    """Told by the end of its name."""
    assert trace("2024-01-01T09:00", name=name) == [9.0]


def test_the_first_moment_of_each_case_is_its_arrival(trace):
    """By the case column, in the order of time; without it every row is a case."""
    lines = ("b,2024-01-02T01:00", "a,2024-01-01T05:00", "b,2024-01-01T02:00", "a,2024-01-03T00:00")
    assert trace(*lines, header="who,when", case_column="who") == [2.0, 5.0]
    assert trace(*lines, header="who,when") == [2.0, 5.0, 25.0, 48.0]


def test_empty_moments_are_left_out_and_an_empty_file_is_no_arrival(trace):
    """Also a case all of whose moments are empty."""
    assert trace("a,2024-01-01T05:00", "b,", "c,2024-01-01T06:00", header="who,when") == [5.0, 6.0]
    assert trace("a,2024-01-01T05:00", "b,", header="who,when", case_column="who") == [5.0]
    assert trace(header="who,when") == []


@pytest.mark.parametrize(
    ("line", "said"), [("yesterday", {}), ("2024-13-01", {}), ("2024-01-01", {"column": "where"})]
)  # fmt: skip
def test_a_trace_that_cannot_be_read_is_a_sentence(trace, line, said):
    """With the name of the file."""
    with pytest.raises(CaudalError, match=r"cannot read the timestamps of trace\.csv"):
        trace(line, **said)


def test_a_missing_file_is_a_sentence(tmp_path):
    """Also one that vanished after the scenario was checked."""
    stated = Trace(file="gone.csv", column="when")
    with pytest.raises(CaudalError, match=r"cannot read the timestamps of gone\.csv"):
        replayed(stated, scenario().horizon, tmp_path)
    with pytest.raises(CaudalError, match=r"gone\.csv"):
        replayed(Trace(file=str(tmp_path / "gone.csv"), column="when"), scenario().horizon, None)
