"""Numbers that cannot be."""

import math

import pytest

from simulator.schema.magnitudes import lowest

EFFORT = "effort: {lognormal: {median: 20 min, p90: 45 min}}"
TEAM = "    head_count: 2\n"


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("probability: 25 %", "probability: 125 %", "win:"),
        ("probability: 25 %", "probability: 1.01", "win:"),
        (TEAM, f"{TEAM}    availability: 101 %\n", "    availability"),
        (TEAM, f"{TEAM}    ramp_from: 2\n", "    ramp_from"),
        ("        team: sales\n", "        team: sales\n        automation: {share: 120 %}\n", "        automation"),
        (
            "        team: sales\n",
            "        team: sales\n        automation: {share: 1, exceptions: 1.2}\n",
            "        automation",
        ),
        ("        team: sales\n", "        team: sales\n        defect: {probability: 3}\n", "        defect"),
    ],
)
def test_a_share_over_one(refuses, old, new, at):
    """More than the whole cannot be."""
    refuses(old, new, "is more than the whole", at=at)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    rate: 2 000 /year\n", "    rate: 2 000 /year\n    growth: 150 %\n"),
        ("    rate: 2 000 /year\n", "    rate: 2 000 /year\n    growth: -50 %\n"),
        ("    rate: 2 000 /year\n", "    rate: 2 000 /year\n    profile: {holidays: 180 %}\n"),
        ("        team: sales\n", "        team: sales\n        defect: {probability: 3 %, effort: 130 %}\n"),
        ("interest: {initial: 0.5}", "interest: {initial: -5}"),
        ("      won:", "      won: {kind: post, account: recurring, amount: -5 EUR, next: end}\n      end:"),
        (
            "      won:",
            (
                "      won: {kind: post, account: recurring, amount: {normal: {mean: -9 EUR, sd: 1 EUR}}, next: end}\n"
                "      end:"
            ),
        ),
    ],
)
def test_what_may_be_over_one_or_below_zero(accepts, old, new):
    """Growth, rework, holiday trade, plain attributes and lost yearly revenue know no such bounds."""
    accepts(old, new)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        (EFFORT, "effort: -20 min", "effort"),
        ("length: 52 wk", "length: -1 y", "length"),
        ("warm_up: 4 wk", "warm_up: -1 wk", "warm_up"),
        ("rate: 2 000 /year", "rate: -5 /year", "rate"),
        ("cost: 20 EUR/h", "cost: -20 EUR/h", "cost"),
        ("probability: 25 %", "probability: -25 %", "win:"),
        (TEAM, f"{TEAM}    ramp_up: -1 mo\n", "    ramp_up"),
        (TEAM, "    members: {ana: {win_factor: -1}}\n", "    members"),
        ("      won:", "      won: {kind: post, account: booked, amount: -5 EUR, next: end}\n      end:", "      won:"),
        ("      decision:\n", "      more: {kind: spawn, process: sales, count: -1}\n      decision:\n", "      more"),
    ],
)
def test_what_cannot_be_negative(refuses, old, new, at):
    """Times, rates, amounts, shares and counts."""
    refuses(old, new, "is negative", at=at)


@pytest.mark.parametrize("field", ["speed", "availability"])
def test_what_divides_an_effort_is_above_zero(refuses, field):
    """Somebody of speed zero never gets anything done."""
    refuses(TEAM, f"{TEAM}    {field}: 0\n", "must be above 0", at=f"    {field}")


def test_growth_that_leaves_nothing(refuses):
    """A market cannot lose more than all of itself."""
    refuses("    rate: 2 000 /year\n", "    rate: 2 000 /year\n    growth: -100 %\n", "leaves nothing", at="    growth")


@pytest.mark.parametrize(
    ("effort", "words"),
    [
        ("{uniform: {low: -1 h, high: 2 h}}", "down to -1 hours"),
        ("{triangular: {low: -1 h, mode: 1 h, high: 2 h}}", "down to -1 hours"),
        ("{normal: {mean: 1 h, sd: 1 h}}", "far below 0"),
        ("{empirical: [1 h, -2 h]}", "down to -2 hours"),
        ("{choice: {-1 h: 1, 2 h: 1}}", "down to -1 hours"),
        ("{beta: {mean: 1 h, sd: 0.1 h, low: -1 h, high: 2 h}}", "down to -1 hours"),
        ("{mix: [{weight: 1, fixed: 2 h}, {weight: 1, uniform: {low: -3 h, high: 2 h}}]}", "down to -3 hours"),
        ("{uniform: {low: -9 h, high: 2 h}, min: -1 h}", "down to -1 hours"),
    ],
)
def test_a_time_that_may_be_drawn_negative(refuses, effort, words):
    """The distribution reaches below zero, where no effort is."""
    refuses(EFFORT, f"effort: {effort}", words, "add 'min: 0'")


@pytest.mark.parametrize(
    "effort",
    [
        "{uniform: {low: -1 h, high: 2 h}, min: 0}",
        "{normal: {mean: 8 h, sd: 1 h}}",
        "{normal: {mean: 1 h, sd: 1 h}, min: 5 min}",
        "{formula: 2 h, uniform: {low: -1 h, high: 1 h}}",
        "{empirical: {quantiles: {0 %: 0 h, 50 %: 1 h, 100 %: 4 h}}}",
        "{weibull: {shape: 2, mean: 1 h}}",
    ],
)
def test_a_time_that_stays_above_zero(accepts, effort):
    """Truncated, far enough above, or moved by a formula."""
    accepts(EFFORT, f"effort: {effort}")


def test_the_lowest_value_of_a_distribution():
    """The truncation counts where it is higher."""
    assert lowest("uniform", {"low": -3.0, "high": 1.0}) == -3
    assert lowest("uniform", {"low": -3.0, "high": 1.0, "min": -1.0}) == -1
    assert lowest("normal", {"mean": 3.9, "sd": 1.0}) == -math.inf
    assert lowest("normal", {"mean": 4.0, "sd": 1.0}) == 0
    assert lowest("exponential", {"mean": 1.0}) == 0


def test_a_truncation_that_leaves_nothing(refuses):
    """Found when the file is checked, not when it is run."""
    refuses(EFFORT, "effort: {lognormal: {median: 20 min, p90: 45 min}, min: 40 d}", "leave no probability")


def test_weights_of_named_values_are_checked(problems, edited):
    """A choice among levels is a distribution like any other."""
    text = edited("interest: {initial: 0.5}", "size: {levels: [s, l], initial: {choice: {s: 1, l: -1}}}")
    (problem,) = problems(text)
    assert problem.path == "attributes.size.initial"
    assert "weights" in problem.message


def test_numbers_beyond_all_bounds(refuses):
    """What is larger than all the money there is would lose its cents."""
    refuses("cost: 20 EUR/h", "cost: 1e200 EUR/h", "absurdly large")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cost: 20 EUR/h", "cost: 20 USD/h"),
        ("    rate: 2 000 /year\n", "    rate: 2 000 /year\n    cost_per_lead: 5 RON\n"),
        ("interest: {initial: 0.5}", "interest: {initial: 500 USD}"),
        ("interest: {initial: 0.5}", "interest: {initial: {uniform: {low: 1 USD, high: 2 USD}}}"),
        ("interest: {initial: 0.5}", "interest: {initial: 0.5}\npolicies: {limit: 5 USD}"),
    ],
)
def test_money_in_another_currency(problems, edited, old, new):
    """A scenario has one currency, and exchange rates are not guessed."""
    (problem,) = problems(edited(old, new))
    assert "the scenario is in EUR" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("length: 52 wk", "length: 0 d", "the length of the run is 0"),
        ("length: 52 wk", "length: 60 y", "50 at most can be simulated"),
        ("start: 2026-01-05", "start: 0026-01-05", "the run starts in the year 26"),
        ("holidays: PT", "holidays: Portugal", "no holidays are known for 'Portugal'"),
        ("time_zone: Europe/Lisbon", "time_zone: Europe/Lisbao", "did you mean 'Europe/Lisbon'?"),
        ("time_zone: Europe/Lisbon", "time_zone: /etc/passwd", "there is no time zone"),
        ("time_zone: Europe/Lisbon", "time_zone: ''", "there is no time zone"),
        ("time_zone: Europe/Lisbon", "time_zone: Europe", "there is no time zone"),
    ],
)
def test_a_horizon_that_cannot_be_simulated(refuses, old, new, words):
    """Nothing to measure, half a century, unknown countries and zones."""
    refuses(old, new, words)


@pytest.mark.parametrize("country", ["NO", "RO", "PT", "''"])
def test_countries_whose_code_yaml_takes_for_something_else(accepts, country):
    """Norway's code is a text."""
    assert accepts("holidays: PT", f"holidays: {country}").horizon.holidays == country.strip("'")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Bucharest"])
def test_known_time_zones(accepts, zone):
    """UTC needs no data base."""
    accepts("time_zone: Europe/Lisbon", f"time_zone: {zone}")
