"""Choices: how many, which, and what they make of a scenario."""

import pytest

from simulator.errors import ScenarioError, StudyError
from simulator.experiment.search.space import Dimension, Level, Space

CREW = Dimension("crew", (Level("1"), Level("2"), Level("3")), 1)
TOOL = Dimension("tool", (Level("no"), Level("yes")))


def test_choices_are_all_there_once():
    """Three levels times two are six choices, and the base is one of them."""
    space = Space((CREW, TOOL))
    choices = list(space.choices())
    assert len(choices) == len(set(choices)) == space.size == 6
    assert space.base == (1, 0)
    assert space.base in choices


def test_singles_and_neighbours_differ_in_one_dimension():
    """Singles are the neighbours of the base, and every choice has one for each other level."""
    space = Space((CREW, TOOL))
    assert space.singles() == [(0, 0), (2, 0), (1, 1)] == space.neighbours(space.base)
    assert sorted(space.neighbours((0, 1))) == [(0, 0), (1, 1), (2, 1)]


def test_labels_name_only_what_changes():
    """The base has no labels; any other choice names its dimensions that differ from it."""
    space = Space((CREW, TOOL))
    assert space.labels(space.base) == {}
    assert space.labels((2, 1)) == {"crew": "3", "tool": "yes"}


@pytest.mark.parametrize(
    ("dimensions", "sentence"),
    [
        ((), "nothing to choose"),
        ((Dimension("crew", (Level("1"),)),), "nothing to choose"),
        ((TOOL, TOOL), "'tool' is named twice"),
    ],
)
def test_spaces_that_make_no_sense_are_refused(dimensions, sentence):
    """Without anything to choose, or with one name for two things."""
    with pytest.raises(StudyError, match=sentence):
        Space(dimensions)


def test_a_dimension_needs_its_base():
    """The position of the base must be that of a level."""
    with pytest.raises(StudyError, match="no level that leaves the scenario"):
        Dimension("tool", (Level("no"),), 1)


def test_a_choice_is_laid_with_its_changes(portfolio, six_tools):
    """The policies and the tools of a choice stand in the scenario, and the base is the scenario itself."""
    laid = six_tools.laid(portfolio, (1, 0, 0, 0, 1, 0)).scenario
    assert [name for name, policy in laid.policies.items() if policy.fixed == 1] == ["crm", "mail"]
    assert list(laid.tools) == ["crm", "mail"]
    assert six_tools.laid(portfolio, six_tools.base) is portfolio


def test_parts_and_changes_are_laid_together(baseline):
    """A tool by its name and a head-count by its path, in one choice."""
    space = Space((
        Dimension("crm", (Level("no"), Level("yes", ("tools/crm_small",)))),
        Dimension("crews", (Level("5"), Level("6", (), {"teams.crews.head_count": 6}))),
    ))  # fmt: skip
    laid = space.laid(baseline, (1, 1)).scenario
    assert "crm" in laid.tools
    assert laid.teams["crews"].head_count == 6


def test_what_makes_no_scenario_is_an_error(portfolio):
    """A team of nobody is refused as it would be in a file."""
    nobody = Space((Dimension("desk", (Level("1"), Level("0", (), {"teams.desk.head_count": 0}))),))
    with pytest.raises(ScenarioError, match="nobody"):
        nobody.laid(portfolio, (1,))
