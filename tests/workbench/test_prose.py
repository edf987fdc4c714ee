"""Words of users in Markdown."""

import pytest

from workbench.parts.prose import bullets, literal


@pytest.mark.parametrize("mark", list("\\`*_{}[]()#+!|~$<>:&-"))
def test_marks_of_markdown_lose_their_meaning(mark):
    """A dollar begins no formula, a bracket no link, a colon no colour."""
    assert literal(f"a{mark}b") == f"a\\{mark}b"


def test_a_number_at_the_start_makes_no_list():
    """'1. Quarter' is a name."""
    assert literal("1. Quarter") == "1\\. Quarter"
    assert literal("costs 1.5") == "costs 1.5"


def test_one_sentence_is_a_paragraph_and_several_are_a_list():
    """As many bullets as sentences, none for one."""
    assert bullets(["One."]) == "One."
    assert bullets(["One.", "Two."]) == "- One.\n- Two."
