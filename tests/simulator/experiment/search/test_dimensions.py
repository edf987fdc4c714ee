"""Dimensions from words: tools by name, head-counts and policies by path and range."""

import pytest

from simulator.errors import StudyError
from simulator.experiment.search.dimensions import STEPS, policy, small_tools, space_of, tool


def test_a_tool_is_taken_or_left(baseline):
    """By its full name or the last part of it."""
    for name in ("tools/crm_small", "crm_small"):
        found = tool(baseline, name)
        assert (found.name, found.base) == ("crm_small", 0)
        assert [(level.label, level.parts) for level in found.levels] == [("no", ()), ("yes", ("tools/crm_small",))]


def test_tools_with_commas_exclude_each_other(baseline):
    """One dimension with a level for each, and one for none."""
    found = tool(baseline, "crm_small,crm_mid")
    assert found.name == "crm_small or crm_mid"
    assert [level.label for level in found.levels] == ["no", "crm_small", "crm_mid"]


def test_a_file_of_ones_own_is_a_tool(baseline, tmp_path, monkeypatch):
    """Named from where the user stands, not from where the baseline lies."""
    (tmp_path / "mine.yaml").write_text("caudal: 1\npart: Mine\npolicies: {mine: 1}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = tool(baseline, "mine.yaml")
    assert found.name == "mine"
    assert "mine" in space_of(baseline, ["mine.yaml"]).laid(baseline, (1,)).scenario.policies


def test_a_policy_takes_evenly_spaced_values(portfolio):
    """Five values of a price, in its unit, that of the scenario among them as it is written there."""
    found = policy(portfolio, "policies.price=800 EUR..1200 EUR")
    assert [level.label for level in found.levels] == ["800 EUR", "900 EUR", "1 000 EUR", "1100 EUR", "1200 EUR"]
    assert len(found.levels) == STEPS
    assert (found.base, found.levels[2].changes) == (2, {})
    assert found.levels[3].changes == {"policies.price": "1100 EUR"}


def test_without_any_name_all_small_tools_are_meant(baseline):
    """Seven tools, 128 sets; naming a team leaves the tools out."""
    assert space_of(baseline).size == 2 ** len(small_tools()) == 128
    assert space_of(baseline, teams=["crews=5..6"]).size == 2


def test_tools_that_do_not_fit_are_not_meant(portfolio):
    """A scenario without the steps of the shipped tools has nothing to choose unless something is named."""
    with pytest.raises(StudyError, match="name tools, teams or policies"):
        space_of(portfolio)


@pytest.mark.parametrize(
    ("build", "text", "sentence"),
    [
        (tool, "crm_smal", "cannot be laid over Portuguese installation company:\n.*did you mean 'crm_small'"),
        (tool, "theory/erlang_b", "stands alone and no part"),
        (policy, "policies.nothing=1..2", "there is no number"),
    ],
)
def test_mistakes_are_one_sentence(baseline, build, text, sentence):
    """What is wrong and, where it can be said, what is meant."""
    with pytest.raises(StudyError, match=sentence):
        build(baseline, text)
