"""Holidays by name, and what is said of those that a country does not have."""

import datetime as dt
from importlib.metadata import PackageNotFoundError

import pytest
from holidays import list_supported_countries

from simulator.schema import public_holidays
from simulator.schema.public_holidays import festive_days, is_country, named_holidays

PAUSE = "      pause: {{kind: wait, until: {{holidays: [{}], days_before: 7}}}}\n      decision:\n"


@pytest.mark.parametrize("country", ["PT", "RO", "NL", "DE", "US", "JP"])
def test_names_are_english_and_in_order(country):
    """Every country begins its year with New Year's Day, by this name."""
    names = named_holidays(country, (2026, 2025))
    assert list(names) == sorted(names)
    assert names[dt.date(2026, 1, 1)] == "New Year's Day"


def test_holidays_once_asked_for_stay_as_they_are():
    """The answer is kept for all who ask, so nobody can change it."""
    with pytest.raises(TypeError):
        named_holidays("PT", (2026,))[dt.date(2026, 2, 1)] = "My day"


def test_countries_are_those_that_the_library_lists():
    """Every code of its list, aliases such as UK included, and none beside it, such as a market, a class or nothing."""
    known = list_supported_countries(include_aliases=True)
    asked = [*known, "NYSE", "XECB", "Portugal", "Atlantis", "pt", ""]
    assert [code for code in asked if is_country(code)] == list(known)


def test_the_version_is_known_to_an_installation_without_metadata_too(monkeypatch):
    """What is kept of one version is not read by the next."""

    def missing(name):
        raise PackageNotFoundError(name)

    known = public_holidays._library.__wrapped__()
    monkeypatch.setattr(public_holidays, "version", missing)
    assert public_holidays._library.__wrapped__() == known


def test_a_word_finds_one_day_of_each_year():
    """Two days of Christmas in Germany, of which the first counts; a word that no name holds finds nothing."""
    assert festive_days("DE", "christmas", (2025, 2026)) == [dt.date(2025, 12, 25), dt.date(2026, 12, 25)]
    assert festive_days("PT", "Thanksgiving", (2025,)) == []


def test_all_finds_every_day():
    """Thirteen in Portugal each year, the two that fall on a Sunday included."""
    assert len(festive_days("PT", "all", (2026,))) == len(named_holidays("PT", (2026,))) == 13


def test_a_holiday_of_no_country(edited, problems):
    """Where the horizon names no country, none of its holidays is known."""
    text = edited("      decision:\n", PAUSE.format("Easter")).replace("  holidays: PT\n", "")
    (problem,) = problems(text)
    assert "'Easter' of which country" in str(problem)
    assert problem.line == next(n for n, line in enumerate(text.splitlines(), 1) if "Easter" in line)


def test_a_holiday_that_the_country_lacks(refuses, accepts):
    """The message lists those that it has."""
    accepts("      decision:\n", PAUSE.format("Easter, all"))
    said = ("no public holiday of PT is called 'Diwali'", "Easter Sunday")
    refuses("      decision:\n", PAUSE.format("Easter, Diwali"), *said, at="pause")


def test_the_holidays_of_a_country_that_nobody_knows(edited, problems):
    """One problem: the country."""
    text = edited("      decision:\n", PAUSE.format("Easter")).replace("holidays: PT\n", "holidays: Atlantis\n")
    (problem,) = problems(text)
    assert "no holidays are known for 'Atlantis'" in str(problem)
