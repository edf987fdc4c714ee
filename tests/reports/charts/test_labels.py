import itertools

import pytest

from reports.charts.labels import distinct, on_axis, spread, wrapped


def test_equal_labels_are_numbered():
    """Labels that differ stay as they are."""
    assert distinct(["Sales", "Support", "Sales"]) == ["Sales (1)", "Support", "Sales (2)"]


@pytest.mark.parametrize("name", ["short", "word " * 30, "x" * 90, "", "  spaced   out  "])
def test_wrapped_names_are_at_most_two_short_lines(name):
    """However long a name is, it takes two lines of thirty letters at most."""
    lines = wrapped(name).split("\n")
    assert len(lines) <= 2
    assert all(len(line) <= 30 for line in lines)


def test_names_that_only_differ_at_their_end_stay_apart():
    """The cut must not make two rows of a chart one."""
    names = on_axis(["word " * 30 + "one", "word " * 30 + "two"])
    assert len(set(names)) == 2


def test_labels_beside_lines_keep_their_distance():
    """Labels stay near their lines, in their order, and a gap apart."""
    values = [10.0, 10.1, 9.9, 50.0]
    placed = spread(values, 2.0)
    assert all(b - a >= 2.0 - 1e-9 for a, b in itertools.pairwise(sorted(placed)))
    assert placed[3] == 50.0
    assert placed[2] < placed[0] < placed[1]
    assert spread([5.0, 5.1], [4.0, 2.0]) == pytest.approx([3.55, 6.55]), "half of both heights"
    assert spread([9.8, 9.9, 10.0], 2.0, ceiling=10.0) == pytest.approx([6.0, 8.0, 10.0])
    assert max(spread([9.8, 9.9, 10.0], 6.0, floor=0.0, ceiling=10.0)) > 10.0, "no room for all below it"
    assert sorted(spread([0.0, 0.1, 0.2], 2.0, floor=0.0)) == pytest.approx([0.0, 2.1, 4.1], abs=0.3)
