"""Numbers that cannot be: shares over one, negative times, other currencies, absurd horizons."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from simulator.chance.forms import check
from simulator.schema.names import did_you_mean
from simulator.schema.paths import Finding, Key
from simulator.schema.public_holidays import is_country
from simulator.schema.quantity import fixed
from simulator.schema.scenario import Horizon, Scenario
from simulator.schema.steps import Post
from simulator.schema.units import HOURS
from simulator.schema.walk import Stated, quantities

LONGEST_YEARS: Final = 50
EARLIEST_YEAR: Final = 1970
LATEST_YEAR: Final = 2200
LARGEST: Final = 1e15
"""Largest number, in base units: beyond it cents get lost."""
ABOVE_ONE: Final = frozenset({"growth", "effort", "holidays"})
"""Shares that may exceed 1: growth, rework that takes longer than the work, channels that live on holidays."""
NOT_NEGATIVE: Final = frozenset({"speed", "win_factor", "weight", "exception_effort", "dispersion", "share", "count"})
"""Plain numbers that cannot be negative."""
ABOVE_ZERO: Final = frozenset({"speed", "availability"})
"""Numbers by which efforts are divided."""
TAIL: Final = 4.0
"""Standard deviations between the mean of a normal time and 0 from which on negative draws do not matter."""


def magnitude_findings(scenario: Scenario) -> Iterator[Finding]:
    """All numbers that are out of bounds or in another currency."""
    for stated in quantities(scenario):
        value = stated.quantity.fixed
        if value is not None:
            yield from _plain(stated, value)
        elif stated.quantity.form:
            yield from _drawn(stated)
        currency = stated.quantity.currency
        if currency and currency != scenario.horizon.currency:
            message = f"'{stated.quantity.text}' is in {currency}, the scenario is in {scenario.horizon.currency}"
            yield Finding(stated.path, f"{message}: convert it, there is one currency in a scenario")
    yield from _horizon(scenario.horizon)


def _plain(stated: Stated, value: float) -> Iterator[Finding]:
    text, dimension, field = stated.quantity.text, stated.quantity.dimension, stated.field
    if abs(value) > LARGEST:
        yield Finding(stated.path, f"'{text}' is absurdly large")
    elif field == "growth":
        if value <= -1:
            yield Finding(stated.path, f"a growth of '{text}' leaves nothing: it must be above -100 %")
    elif field in ABOVE_ZERO and value <= 0:
        yield Finding(stated.path, f"must be above 0, not '{text}'")
    elif dimension == "share" and value > 1 and field not in ABOVE_ONE:
        yield Finding(stated.path, f"'{text}' is more than the whole: a share lies between 0 and 1, or 0 % and 100 %")
    elif value < 0 and (dimension != "number" or field in NOT_NEGATIVE) and not _may_fall(stated):
        what = {"duration": "a time", "share": "a share", "rate": "a rate", "number": "this number"}.get(
            dimension, "an amount"
        )
        yield Finding(stated.path, f"'{text}' is negative: {what} cannot be")


def _may_fall(stated: Stated) -> bool:
    """Whether the number is yearly revenue, which a customer also loses."""
    return isinstance(stated.part.model, Post) and stated.part.model.account == "recurring"


def _drawn(stated: Stated) -> Iterator[Finding]:
    """Distributions that cannot be built, or that give negative times."""
    quantity = stated.quantity
    parameters = dict(quantity.parameters)
    named = any(isinstance(value, str) for value in parameters.get("values", ()))
    if named:
        parameters["values"] = [float(index) for index in range(len(parameters["values"]))]
    try:
        if named:
            check(quantity.form, parameters)
        elif {"min", "max"} & parameters.keys():
            # Whether a truncation leaves anything is known only to the compiled laws, which take a while to import.
            from simulator.chance.distributions import DistributionTable

            DistributionTable().add(quantity.form, parameters)
    except ValueError as error:
        yield Finding(stated.path, str(error))
        return
    positive = quantity.dimension in {"duration", "money"} or stated.field in NOT_NEGATIVE
    positive = positive and not _may_fall(stated)
    low = lowest(quantity.form, parameters)
    if positive and not quantity.formula and low < 0:
        below = (
            "far below 0"
            if math.isinf(low)
            else f"down to {low:g} {'hours' if quantity.dimension == 'duration' else ''}"
        )
        yield Finding(
            stated.path, f"'{quantity.text}' goes {below.strip()}, and cannot be negative: add 'min: 0' or mend it"
        )


def lowest(form: str, parameters: Mapping[str, Any]) -> float:
    """Least value of a distribution in base units; a normal far enough above 0 counts as positive."""
    least = float(parameters.get("min", -math.inf))
    match form:
        case "uniform" | "triangular" | "pert":
            own = float(parameters["low"])
        case "normal":
            tail = parameters["mean"] - TAIL * parameters["sd"]
            own = 0.0 if tail >= 0 else -math.inf
        case "fixed":
            own = float(parameters["value"])
        case "choice" | "empirical":
            values = parameters.get("values") or parameters["quantiles"].values()
            own = min(map(float, values), default=0.0)
        case "beta":
            own = float(parameters.get("low", 0.0))
        case "mix":
            own = min(lowest(inner, body) for _, inner, body in parameters["parts"])
        case _:
            own = 0.0
    return max(least, own)


def _horizon(horizon: Horizon) -> Iterator[Finding]:
    warm_up, length = fixed(horizon.warm_up), fixed(horizon.length)
    if length == 0:
        yield _about("length", "the length of the run is 0: nothing would be measured")
    years = (max(0.0, warm_up) + max(0.0, length)) / HOURS["y"]
    if years > LONGEST_YEARS:
        yield _about(
            "length", f"warm-up and length add up to {years:.3g} years: {LONGEST_YEARS} at most can be simulated"
        )
    if not EARLIEST_YEAR <= horizon.start.year <= LATEST_YEAR:
        yield _about("start", f"the run starts in the year {horizon.start.year}: write a date such as 2026-01-05")
    yield from _country(horizon.holidays)
    yield from _time_zone(horizon.time_zone)


def _about(field: str, message: str) -> Finding:
    path: Key = ("horizon", field)
    return Finding(path, message)


def _country(code: str) -> Iterator[Finding]:
    if code and not is_country(code):
        yield _about(
            "holidays", f"no holidays are known for '{code}': write a two-letter country code such as PT or RO"
        )


def _time_zone(name: str) -> Iterator[Finding]:
    if name == "UTC":
        return
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        known = did_you_mean(name, sorted(available_timezones()), "time zones", listed=False)
        yield _about("time_zone", f"there is no time zone '{name}'{known or '; write one such as Europe/Lisbon'}")
