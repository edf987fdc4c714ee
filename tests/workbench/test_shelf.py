"""What can be picked, and in which order."""

from simulator.schema.shipped import shipped
from workbench.shelf import label, titles, what_ifs


def test_everything_that_ships_is_offered_baselines_before_theory():
    """The picker holds each shipped scenario, with the ones that a user wants first on top."""
    offered = titles({})
    assert set(offered) == set(shipped())
    shelves = [title.shelf for title in offered.values()]
    assert shelves == sorted(shelves, key=["baselines", "whatifs", *sorted(set(shelves))].index)
    assert all(title.name and title.description for title in offered.values())


def test_uploads_come_first_and_carry_their_file_name(uploads):
    """Whoever has just brought a file wants that one."""
    offered = titles(uploads.loaded)
    assert list(offered)[:2] == ["more.yaml", "tiny.yaml"]
    assert label(offered, "tiny.yaml") == "Tiny firm (tiny.yaml)"


def test_what_ifs_are_those_based_on_the_base(uploads):
    """For an upload as for a shipped baseline."""
    offered = titles(uploads.loaded)
    assert what_ifs(offered, "tiny.yaml") == ["more.yaml"]
    assert len(what_ifs(offered, "baselines/pt_installation")) >= 3
    assert what_ifs(offered, "more.yaml") == []
