"""Places as they are shown, findings without end, and the nearest names."""

import pytest

from simulator.schema.names import did_you_mean, nearest
from simulator.schema.paths import MOST_FINDINGS, Finding, dotted, first_of, shortened


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ((), ""),
        (("name",), "name"),
        (("teams", "sales"), "teams.sales"),
        (("channels", "fair", "drops", 0, "leads"), "channels.fair.drops[0].leads"),
        (("a", 1, 2), "a[1][2]"),
        ((0,), "[0]"),
        ((0, "a"), "[0].a"),
        (("a", "", "b"), "a..b"),
        (("a", "1", "b"), "a.1.b"),
        (("x y", "z"), "x y.z"),
    ],
)
def test_a_place_is_shown_with_dots_and_brackets(path, shown):
    """Names are joined by dots, positions stand in brackets."""
    assert dotted(path) == shown


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        ("", 5, ""),
        ("abcde", 5, "abcde"),
        ("abcdef", 5, "ab..."),
        ("abcdef", 6, "abcdef"),
        ("abcdefgh", 4, "a..."),
        ("x" * 1000, 10, "xxxxxxx..."),
    ],
)
def test_a_text_is_no_longer_than_allowed(text, longest, shown):
    """What is cut ends in three dots, within the limit."""
    assert shortened(text, longest) == shown
    assert len(shown) <= longest


def numbered(count):
    """As many different findings."""
    return [Finding(("a", number), "wrong") for number in range(count)]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], 0),
        (numbered(1) * 5, 1),
        (numbered(3) + numbered(3), 3),
        (numbered(MOST_FINDINGS), MOST_FINDINGS),
        (numbered(MOST_FINDINGS + 1), MOST_FINDINGS + 1),
        (numbered(MOST_FINDINGS + 99), MOST_FINDINGS + 1),
    ],
)
def test_findings_are_told_once_and_up_to_a_limit(found, told):
    """Beyond the limit one more says that there are others."""
    first = first_of(found)
    assert len(first) == told
    assert first[:MOST_FINDINGS] == list(dict.fromkeys(found))[:MOST_FINDINGS]
    assert all("there is more" in each.message for each in first[MOST_FINDINGS:])


def test_nobody_looks_for_findings_beyond_the_limit():
    """A file full of slips is not read to its end."""
    looked = []

    def found():
        for finding in numbered(MOST_FINDINGS * 10):
            looked.append(finding)
            yield finding

    first_of(found())
    assert len(looked) == MOST_FINDINGS + 1


NAMES = ["head_count", "cost", "shifts", "discipline", "members", "win", "won", "Europe/Lisbon"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("head_cuont", "head_count"),
        ("headcount", "head_count"),
        ("HEAD_COUNT", "head_count"),
        ("head count", "head_count"),
        ("cots", "cost"),
        ("costs", "cost"),
        ("shift", "shifts"),
        ("dicsipline", "discipline"),
        ("member", "members"),
        ("wno", "won"),
        ("europe/lisboa", "Europe/Lisbon"),
        ("", None),
        ("zzzzzz", None),
        ("count_heads_of_all", None),
    ],
)
def test_the_name_that_was_meant(name, meant):
    """Swapped, missing, added and capital letters are seen through, other words are not."""
    assert nearest(name, NAMES) == meant
    end = did_you_mean(name, NAMES)
    assert end == (f"; did you mean '{meant}'?" if meant else f"; valid names: {', '.join(NAMES)}")


@pytest.mark.parametrize(
    ("valid", "what", "listed", "end"),
    [
        ([], "teams", True, "; there are no teams here"),
        ([], "teams", False, ""),
        (["a"], "teams", True, "; valid teams: a"),
        (["a", "b"], "steps", True, "; valid steps: a, b"),
        (["a", "b"], "steps", False, ""),
        (iter("ab"), "steps", True, "; valid steps: a, b"),
        ("abcdefgh", "steps", True, "; valid steps: a, b, c, d, e, f, g, h"),
        ("abcdefghi", "steps", True, ""),
        (["quality"], "steps", False, "; did you mean 'quality'?"),
    ],
)
def test_the_end_of_a_sentence_about_a_name(valid, what, listed, end):
    """The near name, or the few that there are, or nothing."""
    assert did_you_mean("qualty", valid, what, listed=listed) == end
