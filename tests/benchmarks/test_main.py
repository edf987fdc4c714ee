"""The README is renewed in its places and nowhere else."""

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import ELSEWHERE, PARTS, ROOT, main, renewed


def test_only_what_stands_between_the_marks_is_replaced():
    """The text around the place, and other places, stay as they are."""
    text = "a\n<!-- one: written by make bench -->\nold\n<!-- end of one -->\nb\n<!-- end of two -->\n"
    assert renewed(text, "one", "new") == text.replace("old", "new")


def test_a_place_that_is_missing_is_told():
    """Figures must not end up at the end of the text when somebody has removed a mark."""
    with pytest.raises(ValueError, match="no place for 'one'"):
        renewed("text", "one", "new")
    with pytest.raises(ValueError, match="no place for 'one'"):
        renewed("<!-- one: written by make bench -->\n", "one", "new")


def test_every_part_has_a_place_in_its_page():
    """Each part finds its marks, so that a long measurement is not lost at its end."""
    for part in PARTS:
        text = (ROOT / ELSEWHERE.get(part, "README.md")).read_text(encoding="utf-8")
        assert "\nfigures\n" in renewed(text, part, "figures")


def test_a_part_that_does_not_exist_is_refused():
    """A slip of the pen measures nothing, and names what there is."""
    result = CliRunner().invoke(main, ["peer"])
    assert result.exit_code == 2
    assert "peers" in result.output
