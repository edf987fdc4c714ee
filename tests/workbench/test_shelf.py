"""What can be picked, and in which order."""

from simulator.schema.shipped import shipped
from workbench.shelf import first_base, label, titles, what_ifs


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
    assert list(offered)[:2] == ["tiny.yaml", "more.yaml"]
    assert label(offered, "tiny.yaml") == "Tiny firm (tiny.yaml)"


def test_what_ifs_are_those_based_on_the_base(uploads):
    """For an upload as for a shipped baseline."""
    offered = titles(uploads.loaded)
    assert what_ifs(offered, "tiny.yaml") == ["more.yaml"]
    assert len(what_ifs(offered, "baselines/pt_installation")) >= 3
    assert what_ifs(offered, "more.yaml") == []


def test_a_what_if_that_was_brought_alone_is_compared_with_its_base(uploads):
    """The first choice is a base, and its what-ifs go with it."""
    assert first_base(titles(uploads.loaded)) == "tiny.yaml"
    assert first_base(titles({})) == "baselines/pt_installation"
    uploads.add({"mine.yaml": b"caudal: 1\nname: Mine\nbased_on: baselines/pt_installation\n"})
    offered = titles({"mine.yaml": uploads.loaded["mine.yaml"]})
    assert first_base(offered) == "baselines/pt_installation"
    assert what_ifs(offered, "baselines/pt_installation")[0] == "mine.yaml"
