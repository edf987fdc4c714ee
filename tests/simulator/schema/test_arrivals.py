"""Channels bring cases, and not absurdly many."""

import gzip
import math

import pytest

from simulator.schema.arrivals import expected_leads, typical
from simulator.schema.demand import Channel
from simulator.schema.units import HOURS

RATE = "    rate: 2 000 /year\n"


def channel(**fields):
    """A channel with these fields."""
    return Channel.model_validate({"process": "sales", **fields})


def test_a_channel_that_brings_nothing(refuses):
    """A rate, an interval, drops or a trace: one is needed."""
    refuses(RATE, "", "channel 'web' brings nothing", at="  web:")


@pytest.mark.parametrize(
    "source",
    ["rate: 1 /d", "interval: 2 h", "interval: {exponential: 2 h}", "drops: [{date: 2026-03-01, leads: 5}]"],
)
def test_each_source_is_enough(accepts, source):
    """Any of them makes a channel."""
    accepts(RATE, f"    {source}\n")


def test_a_rate_and_an_interval_exclude_each_other(refuses):
    """Both say the same in two ways."""
    refuses(RATE, f"{RATE}    interval: 2 h\n", "a rate or an interval, not both", at="  web:")


@pytest.mark.parametrize("interval", ["0 h", "{uniform: {low: 0 h, high: 0 h}}", "{choice: {0 h: 1}}"])
def test_no_time_between_arrivals(problems, edited, interval):
    """Arrivals without end in no time are refused."""
    found = problems(edited(RATE, f"    interval: {interval}\n"))
    assert [(problem.line, problem.path) for problem in found] == [(15, "channels.web.interval")]


def test_dispersion_below_poisson(refuses):
    """The daily count cannot vary less than Poisson's."""
    refuses(RATE, f"{RATE}    dispersion: 0.5\n", "at least 1", at="    dispersion")


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        ("hours: {08-18: 0}", "hours"),
        ("weekdays: {Mon: 0, Tue: 0}", "weekdays"),
        ("months: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]", "months"),
    ],
)
def test_a_profile_without_weight(refuses, profile, field):
    """All weights at zero leave no moment for a lead to arrive."""
    refuses(RATE, f"{RATE}    profile: {{{profile}}}\n", f"all weights of the {field} are 0", at="    profile")


@pytest.mark.parametrize("hours", ["8h-18h", "18-08", "08-25", "08:00-18:00", "8"])
def test_hours_that_cannot_be_read(refuses, hours):
    """The sentence shows how hours are written."""
    refuses(RATE, f"{RATE}    profile: {{hours: {{'{hours}': 1}}}}\n", "write '08-18'", at="    profile")


def test_hours_that_overlap(refuses):
    """The weight of an hour is stated once."""
    refuses(RATE, f"{RATE}    profile: {{hours: {{08-12: 1, 11-18: 2}}}}\n", "overlap with '08-12'", at="    profile")


@pytest.mark.parametrize("weight", ["-1", ".inf", ".nan", "many"])
def test_weights_are_numbers_from_zero_up(problems, edited, weight):
    """What is no weight is refused by the model."""
    (problem,) = problems(edited(RATE, f"{RATE}    profile: {{weekdays: {{Mon: {weight}}}}}\n"))
    assert problem.path == "channels.web.profile.weekdays.Mon"


@pytest.mark.parametrize(
    ("fields", "years", "leads"),
    [
        ({"rate": "2 000 /year"}, 2, 4000),
        ({"rate": "2 000 /year", "stops": "1 y"}, 2, 2000),
        ({"rate": "1 000 /year", "growth": "100 %"}, 1, 1000 / math.log(2)),
        ({"rate": "1 000 /year", "growth": "-50 %"}, 1, 500 / math.log(2)),
        ({"interval": "1 d"}, 1, 365.25),
        ({"interval": {"uniform": {"low": "0 d", "high": "2 d"}}}, 1, 365.25),
        ({"drops": [{"date": "2026-01-05", "leads": 7}, {"date": "2026-01-06", "leads": 5}]}, 1, 12),
    ],
)
def test_how_many_leads_a_channel_brings(fields, years, leads):
    """Rate times time, with growth, silence and drops; the integral of a growing rate is exact."""
    assert expected_leads(channel(**fields), years * HOURS["y"]) == pytest.approx(leads)


def test_the_typical_interval_is_its_mean():
    """A distribution counts by its mean; a formula cannot be told."""
    assert typical(channel(interval={"gamma": {"mean": "3 h", "cv": 2}}).interval) == pytest.approx(3)
    assert typical(channel(interval="threshold * 2 h").interval) == math.inf
    assert typical(channel(interval={"normal": {"mean": "3 h", "sd": "1 h"}, "min": "99 d"}).interval) == math.inf


@pytest.mark.parametrize(
    "source",
    [
        "rate: 1 000 000 000 /year",
        "rate: 1 000 000 /year\n    growth: 99 900 %\n    dispersion: 1",
        "interval: 1 s",
        "interval: {exponential: 0.5 s}",
        (
            "drops:\n    - {date: 2026-02-01, leads: 10000000}\n    - {date: 2026-02-02, leads: 10000000}\n"
            "    - {date: 2026-02-03, leads: 1}"
        ),
    ],
)
def test_a_billion_leads_are_refused(refuses, source):
    """Twenty million over the run are the most, wherever they come from."""
    refuses(RATE, f"    {source}\n", "20 000 000 at most can be simulated", at="channels:\n")


def test_shares_of_segments_that_are_all_zero(refuses):
    """No case could be of any segment."""
    refuses("teams:\n", "segments: {a: {share: 0}, b: {share: 0}}\nteams:\n", "the shares of all segments are 0")


@pytest.fixture
def trace(write, problems, edited):
    """Problems of a channel that replays a file."""

    def found(statement, name="arrivals.csv", content=b"id,start\n1,2026-01-05T10:00:00\n"):
        write(name, content)
        return problems(edited(RATE, f"    trace: {{{statement}}}\n"))

    return found


@pytest.mark.parametrize(
    "statement", ["file: arrivals.csv, column: start", "file: arrivals.csv, column: start, case_column: id"]
)
def test_a_trace_with_its_columns(trace, statement):
    """File and columns are there."""
    assert trace(statement) == []


def test_a_zipped_trace(trace):
    """A gzipped file is read by its ending."""
    assert trace("file: a.csv.gz, column: start", "a.csv.gz", gzip.compress(b"start\n")) == []


@pytest.mark.parametrize(
    ("statement", "content", "path", "words"),
    [
        ("file: arivals.csv, column: start", b"start\n", "file", "there is no file 'arivals.csv'"),
        ("file: arivals.csv, column: start", b"start\n", "file", "did you mean 'arrivals.csv'?"),
        ("file: arrivals.csv, column: strat", b"id,start\n", "column", "has no column 'strat'; did you mean 'start'?"),
        ("file: arrivals.csv, column: start, case_column: ids", b"id,start\n", "case_column", "has no column 'ids'"),
        ("file: arrivals.csv, column: start", b"", "column", "has no column 'start'"),
        ("file: arrivals.csv, column: start", b"\xff\xfe\x00", "file", "no CSV file in UTF-8"),
        ("file: ., column: start", b"", "file", "cannot be read"),
        ("file: '', column: start", b"", "file", "cannot be read"),
        ('file: "a\\0b", column: start', b"", "file", "cannot be read"),
    ],
)
def test_a_trace_that_cannot_be_replayed(trace, statement, content, path, words):
    """A missing file or column is told with the nearest one that is there."""
    (problem,) = trace(statement, content=content)
    assert (problem.path, problem.line) == (f"channels.web.trace.{path}", 15)
    assert words in problem.message


def test_a_zipped_trace_that_is_not_zipped(trace):
    """The ending promises what the file does not hold."""
    (problem,) = trace("file: a.csv.gz, column: start", "a.csv.gz", b"start\n")
    assert "cannot be read" in problem.message


def test_an_interval_cannot_read_a_case(refuses):
    """Between two arrivals there is no case yet whose attributes could be read."""
    refuses(RATE, "    interval: interest * 2 h\n", "an interval may read policies only")


def test_an_interval_may_read_a_policy(problems, edited):
    """Policies are there from the start."""
    text = edited(RATE, "    interval: pause * 2 h\n").replace("teams:\n", "policies: {pause: 2}\nteams:\n")
    assert problems(text) == []
