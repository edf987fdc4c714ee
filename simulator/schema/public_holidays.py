"""Public holidays of a country by name: those that move, such as Easter, and those that stay.

The library of holidays imports every country at the first question, which takes a tenth of a second: what it has
answered is kept on disk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType

from simulator.kept_on_disk import kept_on_disk
from simulator.schema.paths import Finding
from simulator.schema.scenario import Scenario
from simulator.schema.steps import Wait
from simulator.schema.walk import parts

EVERY = "all"
"""In place of a name: every public holiday."""


def is_country(code: str) -> bool:
    """Whether holidays are known for a country code such as PT."""
    return code in _countries()


@cache
def _countries() -> frozenset[str]:
    def listed() -> list[str]:
        from holidays.registry import EntityLoader  # to list countries with their regions would import all of them

        return sorted(EntityLoader.get_country_codes(include_aliases=True))

    return frozenset(kept_on_disk(_library(), "countries", listed))


@cache
def _library() -> str:
    try:
        return f"holidays {version('holidays')}"
    except PackageNotFoundError:  # an installation may leave out what says so without importing it
        from holidays.version import __version__

        return f"holidays {__version__}"


def named_holidays(country: str, years: Iterable[int]) -> Mapping[dt.date, str]:
    """English names of the public holidays of a country, in the order of the calendar."""
    return _named(country, tuple(years))


@lru_cache(maxsize=64)
def _named(country: str, years: tuple[int, ...]) -> Mapping[dt.date, str]:
    """Laying out a year takes a thousandth of a second, and every variant of a scenario asks for the same years."""

    def laid_out() -> dict[str, str]:
        from holidays import country_holidays

        found = country_holidays(country, years=years, language="en_US")
        return {date.isoformat(): name for date, name in sorted(found.items())}

    known = kept_on_disk(_library(), " ".join((country, *map(str, years))), laid_out)
    return MappingProxyType({dt.date.fromisoformat(date): name for date, name in known.items()})


def festive_days(country: str, name: str, years: Iterable[int]) -> list[dt.date]:
    """The first day of each year whose English name contains the word, whatever its case; each day for ``all``."""
    found = named_holidays(country, years)
    if name == EVERY:
        return list(found)
    first: dict[int, dt.date] = {}
    for date, called in found.items():
        if name.casefold() in called.casefold():
            first.setdefault(date.year, date)
    return list(first.values())


def holiday_findings(scenario: Scenario) -> Iterator[Finding]:
    """Holidays that schedules name and that the country of the horizon does not have."""
    country, year = scenario.horizon.holidays, scenario.horizon.start.year
    for part in parts(scenario):
        if not isinstance(part.model, Wait) or part.model.until is None:
            continue
        for index, name in enumerate(part.model.until.holidays):
            path = (*part.path, "until", "holidays", index)
            if not country:
                yield Finding(path, f"'{name}' of which country? State the 'holidays' of the horizon, such as PT")
            elif is_country(country) and not festive_days(country, name, (year,)):
                known = ", ".join(dict.fromkeys(named_holidays(country, (year,)).values()))
                yield Finding(path, f"no public holiday of {country} is called '{name}': write a word of {known}")
