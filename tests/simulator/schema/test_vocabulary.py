"""Names that formulas can use, each with one meaning."""

import pytest

from simulator.schema.loading import load_scenario
from simulator.schema.vocabulary import Vocabulary

ATTRIBUTE = "interest: {initial: 0.5}"


def test_the_vocabulary_of_a_scenario(write, rich):
    """Segments and products are attributes with levels where any are defined."""
    vocabulary = Vocabulary.of(load_scenario(write("rich.yaml", rich)).scenario)
    assert vocabulary.attributes == {"interest", "value", "size", "segment"}
    assert vocabulary.levels == {"segment": ("b2b", "b2c"), "size": ("small", "large")}
    assert vocabulary.policies == {"threshold"}
    assert {"interest", "threshold", "b2b", "age", "win_factor"} <= {*vocabulary.readable}


def test_levels_of_several_attributes_are_ambiguous_where_their_numbers_differ():
    """Low is the first of both attributes; high is the second of one and the third of the other."""
    levels = {"size": ("low", "high"), "risk": ("low", "some", "high"), "segment": ("b2b",)}
    assert Vocabulary(frozenset(levels), levels, frozenset()).ambiguous == {"high"}


@pytest.mark.parametrize(
    ("old", "new", "at", "mended"),
    [
        (ATTRIBUTE, "Interest Rate: {}", "", "'interest_rate'"),
        (ATTRIBUTE, "2nd: {}", "", ""),
        (ATTRIBUTE, "ação: {}", "", "'acao'"),
        (ATTRIBUTE, "size: {levels: [Small, large]}", "", "'small'"),
        ("outcome: won,", "outcome: Won deal,", "      won:", "'won_deal'"),
        ("    head_count: 2\n", "    members: {Ana Silva: {}}\n", "    members", "'ana_silva'"),
        ("teams:\n", "stages: {First Contact: ''}\nteams:\n", "stages", "'first_contact'"),
        ("teams:\n", "policies: {Max-Discount: 3}\nteams:\n", "policies", "'max_discount'"),
        ("teams:\n", "tools: {AI!: {}}\nteams:\n", "tools", "'ai'"),
        ("teams:\n", "sources: {'': {title: x}}\nteams:\n", "sources", ""),
    ],
)
def test_a_name_that_is_none(refuses, old, new, at, mended):
    """The sentence proposes the nearest name of the right form."""
    problem = refuses(old, new, "is no name: use lower case letters", at=at)
    assert (f"such as {mended}" in problem.message) is bool(mended)


@pytest.mark.parametrize(
    ("attribute", "words"),
    [
        ("age: {}", "a number that every case has"),
        ("min: {}", "a function"),
        ("class: {}", "a word of the formula language"),
        ("interest: {}\npolicies: {interest: 3}", "a policy"),
        ("size: {levels: [age]}", "a number that every case has"),
        ("size: {levels: [size]}", "an attribute"),
        ("size: {levels: [limit]}\npolicies: {limit: 3}", "a policy"),
        ("size: {levels: [s, s]}", "'s' stands twice"),
        ("interest: {}\npolicies: {exp: 3}", "a function"),
        ("interest: {}\nsegments: {interest: {}}", "an attribute"),
        ("segment: {levels: [x]}\nsegments: {y: {}}", "the levels of 'segment' are the names under 'segments'"),
    ],
)
def test_a_name_with_two_meanings(problems, edited, attribute, words):
    """What a formula would read must be clear."""
    assert any(words in problem.message for problem in problems(edited(ATTRIBUTE, attribute)))


def test_a_segment_attribute_may_state_the_rest(problems, edited):
    """An attribute called segment may have a label; its levels are the segments."""
    assert problems(edited(ATTRIBUTE, "segment: {label: Market}\nsegments: {a: {}, b: {}}")) == []
