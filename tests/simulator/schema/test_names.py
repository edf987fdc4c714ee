"""Names in words, and the nearest valid name for a slip of the pen."""

import pytest

from simulator.schema.names import MOST_COMPARED, did_you_mean, in_words, nearest, no_kpi


@pytest.mark.parametrize(
    ("name", "words", "inside"),
    [
        ("first_call", "First call", "first call"), ("_odd_", "Odd", "odd"), ("", "", ""),
        ("mql_threshold", "MQL threshold", "MQL threshold"), ("crm_ramp", "CRM ramp", "CRM ramp"),
        ("two_more_sdrs", "Two more SDRs", "two more SDRs"), ("analytics_bi", "Analytics BI", "analytics BI"),
        ("SDR", "SDR", "SDR"), ("bigger_cms", "Bigger CMS", "bigger CMS"),
    ],
)  # fmt: skip
def test_names_become_words(name, words, inside):
    """Underscores are blanks, the first letter is a capital where a sentence begins, abbreviations are in capitals."""
    assert in_words(name) == words
    assert in_words(name, begins=False) == inside


@pytest.mark.parametrize(
    ("name", "expected"), [("slaes", "sales"), ("SALES", "sales"), ("sale", "sales"), ("qqq", None)]
)
def test_the_nearest_name(name, expected):
    """Swapped, missing and capital letters are seen through; a foreign word is not."""
    assert nearest(name, ["delivery", "sales"]) == expected


def test_capitals_of_the_valid_name_are_kept():
    """Comparison ignores case, the answer does not."""
    assert nearest("europe/lisbao", ["Europe/Lisbon", "Europe/Madrid"]) == "Europe/Lisbon"


def test_a_valid_name_is_its_own_nearest():
    """Also beside one that differs by capitals alone, and among too many to compare."""
    many = [f"team_{number}" for number in range(MOST_COMPARED + 1)]
    assert nearest("sales", ["Sales", "sales"]) == "sales"
    assert nearest(many[-1], many) == many[-1]


def test_without_a_near_name_the_few_valid_ones_are_listed():
    """Eight names are a help, nine are a list."""
    names = [f"team_{letter * 3}" for letter in "abcdefgh"]
    assert did_you_mean("zzz", names, "teams") == f"; valid teams: {', '.join(names)}"
    assert did_you_mean("zzz", [*names, "more"], "teams") == ""
    assert did_you_mean("zzz", [], "teams") == "; there are no teams here"
    assert did_you_mean("zzz", names, "teams", listed=False) == ""


def test_a_very_long_name_takes_no_time():
    """Comparing is bounded, whatever a file holds."""
    assert nearest("x" * 1_000_000, ["sales"]) is None


def test_too_many_names_are_not_compared():
    """A generated file with thousands of slips is refused in seconds."""
    assert nearest("team_x", [f"team_{number}" for number in range(MOST_COMPARED + 1)]) is None


def test_an_unknown_kpi_is_refused_with_a_way_on():
    """The nearest one, or the command that shows all of them."""
    assert no_kpi("magrin", ["margin"]) == "there is no KPI 'magrin'; did you mean 'margin'?"
    assert no_kpi("x", ["margin"]).endswith("'caudal run SCENARIO --all' shows the KPIs that there are")
