"""Whether channels bring cases at all, and not absurdly many."""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from simulator.schema.demand import Channel, Profile, Trace
from simulator.schema.magnitudes import LONGEST_YEARS
from simulator.schema.names import did_you_mean
from simulator.schema.paths import Finding, Key
from simulator.schema.quantity import Quantity, fixed
from simulator.schema.scenario import Scenario
from simulator.schema.units import HOURS

MOST_LEADS: Final = 20_000_000
LONGEST_HEADER: Final = 1_000_000
"""Most bytes of the first line of a trace file."""
_HOURS: Final = re.compile(r"\s*(\d{1,2})\s*-\s*(\d{1,2})\s*")


def arrival_findings(scenario: Scenario, folder: Path) -> Iterator[Finding]:
    """Channels without a source, profiles without weight, traces that cannot be read, too many leads."""
    leads = 0.0
    for name, channel in scenario.channels.items():
        path: Key = ("channels", name)
        if channel.rate is None and channel.interval is None and not channel.drops and channel.trace is None:
            yield Finding(path, f"channel '{name}' brings nothing: give it a rate, an interval, drops or a trace")
        yield from _profile((*path, "profile"), channel.profile)
        if channel.trace is not None:
            yield from trace_findings((*path, "trace"), channel.trace, folder)
        if channel.dispersion is not None and fixed(channel.dispersion) < 1:
            yield Finding((*path, "dispersion"), "the dispersion must be at least 1, which is Poisson")
        if channel.interval is not None and typical(channel.interval) <= 0:
            yield Finding((*path, "interval"), "the time between two arrivals must be above 0")
        leads += expected_leads(channel, _hours(scenario))
    if leads > MOST_LEADS:
        brought = f"{leads:.2g}" if math.isfinite(leads) else "endlessly many"
        message = f"the channels bring about {brought} leads over the run: {MOST_LEADS:,} at most can be simulated"
        yield Finding(("channels",), message.replace(",", " "))
    for section in ("segments", "products"):
        offerings = getattr(scenario, section)
        if offerings and all(fixed(offering.share, 1.0) == 0 for offering in offerings.values()):
            yield Finding((section,), f"the shares of all {section} are 0: at least one must be above")


def _hours(scenario: Scenario) -> float:
    # A run that is too long is a problem of its own.
    hours = fixed(scenario.horizon.warm_up) + fixed(scenario.horizon.length)
    return min(max(0.0, hours), LONGEST_YEARS * HOURS["y"])


def expected_leads(channel: Channel, hours: float) -> float:
    """About how many cases a channel brings over a run, traces left out; infinite when there is no telling."""
    leads = float(sum(drop.leads for drop in channel.drops))
    active = min(hours, fixed(channel.stops, math.inf))
    if channel.rate is not None:
        leads += max(0.0, fixed(channel.rate)) * _grown(active, fixed(channel.growth))
    if channel.interval is not None:
        between = typical(channel.interval)
        leads += active / between if between > 0 else 0.0
    return leads


def _grown(hours: float, growth: float) -> float:
    """Hours at the first rate that bring as many leads as the growing rate does over the period."""
    if growth <= -1 or abs(growth) < 1e-9:
        return hours
    log = math.log1p(growth)
    try:
        return HOURS["y"] * math.expm1(log * hours / HOURS["y"]) / log
    except OverflowError:
        return math.inf


def typical(quantity: Quantity) -> float:
    """Mean of a quantity, infinite when it is computed by a formula."""
    if quantity.fixed is not None:
        return quantity.fixed
    if quantity.formula:
        return math.inf
    # Distributions are compiled, which takes a while to import.
    from simulator.chance.distributions import DistributionTable

    table = DistributionTable()
    try:
        return table.mean(table.add(quantity.form, quantity.parameters))
    except ValueError:
        # What is wrong with the distribution is a finding of its own.
        return math.inf


def _profile(path: Key, profile: Profile) -> Iterator[Finding]:
    weights: dict[str, Mapping[Any, float]] = {
        "hours": profile.hours,
        "weekdays": profile.weekdays,
        "months": dict(enumerate(profile.months or ())),
    }
    for field, listed in weights.items():
        if listed and not any(listed.values()):
            yield Finding((*path, field), f"all weights of the {field} are 0: no lead could arrive")
    taken: dict[int, str] = {}
    for text in profile.hours:
        match = _HOURS.fullmatch(text)
        if match is None or not int(match[1]) < int(match[2]) <= 24:
            yield Finding(
                (*path, "hours", text),
                f"cannot read the hours '{text}': write '08-18', from earlier to later, up to 24",
            )
            continue
        for hour in range(int(match[1]), int(match[2])):
            if taken.setdefault(hour, text) != text:
                yield Finding((*path, "hours", text), f"the hours '{text}' overlap with '{taken[hour]}'")
                break


def trace_findings(path: Key, trace: Trace, folder: Path) -> Iterator[Finding]:
    """A trace file that is missing or lacks a column."""
    try:
        columns = _header(folder / trace.file)
    except FileNotFoundError:
        names = _neighbours(folder / trace.file)
        known = did_you_mean(Path(trace.file).name, names, "files", listed=False)
        yield Finding((*path, "file"), f"there is no file '{trace.file}' beside the scenario{known}")
    except (OSError, EOFError, UnicodeDecodeError, ValueError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no CSV file in UTF-8"
        yield Finding((*path, "file"), f"the file '{trace.file}' cannot be read: {reason}")
    else:
        for field in ("column", "case_column"):
            name = getattr(trace, field)
            if (name or field == "column") and name not in columns:
                known = did_you_mean(name, columns, "columns")
                yield Finding((*path, field), f"'{trace.file}' has no column '{name}'{known}")


def _header(path: Path) -> list[str]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        line = file.readline(LONGEST_HEADER)
    return next(csv.reader(io.StringIO(line.decode("utf-8-sig"))), [])


def _neighbours(path: Path) -> list[str]:
    try:
        return sorted(each.name for each in path.parent.iterdir() if each.is_file())
    except (OSError, ValueError):
        return []
