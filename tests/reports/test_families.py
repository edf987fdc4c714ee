import pytest

from reports.families import estimate_of, member


def test_a_member_of_a_family_is_found_by_name(base):
    """The KPI of a team is that of the team's key."""
    assert member(base, "utilisation_{team}", "sdr") == "utilisation_sdr"


def test_a_name_that_was_taken_has_its_family_added(base):
    """The conversion to a stage called order is not the conversion to the order milestone."""
    assert member(base, "conversion_{stage}", "order") == "conversion_order_stage"


def test_a_team_that_is_called_like_another_with_its_family_is_told_apart(study):
    """A team x and a team x_team keep their own figures."""
    named = study(
        teams={"x": "One", "x_team": "Other"}, utilisation_x=0.2, utilisation_x_team=0.6, noise=0, own_noise=0
    )
    assert estimate_of(named, "utilisation_{team}", "x").mean == pytest.approx(0.2, rel=0.1)
    assert estimate_of(named, "utilisation_{team}", "x_team").mean == pytest.approx(0.6, rel=0.1)


def test_an_unknown_member_is_undefined(base):
    """A team that this scenario does not have has no figures."""
    assert member(base, "utilisation_{team}", "nobody") is None
    assert estimate_of(base, "utilisation_{team}", "nobody").n == 0
