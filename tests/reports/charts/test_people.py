import pytest

from reports.charts import utilisation
from reports.charts.people import BUSY
from reports.charts.theme import BASE
from tests.reports.conftest import TEAMS
from tests.reports.reading import by, column, layer, layers, plain, shapes, written

LONG = "A team whose name goes on and on until it is beyond any axis, and then some more of it"


def test_bars_are_the_utilisation_of_each_team(base):
    """Length and interval of each bar are those of the study, to the last bit."""
    rows = by(layer(utilisation(base), "bar").rows, "team")
    for key, label in TEAMS.items():
        estimate = base.estimate(f"utilisation_{key}")
        assert (rows[label]["share"], rows[label]["low"], rows[label]["high"]) == (
            estimate.mean, estimate.low, estimate.high,
        )  # fmt: skip


def test_the_busiest_team_of_the_base_stands_on_top(exact):
    """The order follows the base, not the other scenario and not the file."""
    base = exact(utilisation_sdr=0.2, utilisation_fitters=0.7)
    bars = layer(utilisation(base, [exact("Other")]), "bar")
    assert bars.encoding["y"]["sort"] == ["Fitters", "Sales reps", "Inside sales"]


def test_the_axis_is_a_share_in_per_cent(base):
    """The axis reaches all hours on shift, and says of what the share is."""
    x = layer(utilisation(base), "bar").encoding["x"]
    assert x["axis"]["title"] == "share of the hours on shift at work"
    assert x["scale"]["domain"] == [0, pytest.approx(1.02)]
    assert "100 %" in written(utilisation(base).svg())


def test_overtime_is_not_cut_off(exact):
    """A team at work for longer than its shifts has a bar beyond the whole."""
    x = layer(utilisation(exact(utilisation_sdr=1.3)), "bar").encoding["x"]
    assert x["scale"]["domain"][1] == pytest.approx(1.3 * 1.02)


def test_the_line_of_busy_teams_stands_where_the_findings_put_it(base):
    """The dashed line and the words beneath the title use the same limit as the finding about people."""
    dashed = next(each for each in layers(utilisation(base)) if each.mark.get("strokeDash"))
    assert dashed.rows == [{"share": BUSY}]
    assert f"beyond the dashed line at {100 * BUSY:.0f} % waits grow fast" in " ".join(
        written(utilisation(base).svg())
    )  # fmt: skip


def test_shares_are_words_beside_their_bars(exact):
    """The figures are read without the axis, and are those of the text for the blind."""
    picture = utilisation(exact())
    assert plain(picture.alt) == "Utilisation in Today: Inside sales 91.0 %, Sales reps 62.0 % and Fitters 41.0 %."
    assert {"91.0 %", "62.0 %", "41.0 %"} <= set(written(picture.svg()))


def test_six_scenarios_have_a_bar_for_each_team(base, five):
    """Eighteen bars, each with its own figure, and a legend that names every scenario."""
    picture = utilisation(base, five)
    bars = layer(picture, "bar")
    rows = by(bars.rows, "scenario", "team")
    assert len(rows) == 18
    for study in (base, *five):
        assert rows[study.name, "Inside sales"]["share"] == study.estimate("utilisation_sdr").mean
    svg = picture.svg()
    assert (shapes(svg, "rect"), shapes(svg, "rule")) == (18, 18 + 1)
    assert {study.name for study in (base, *five)} <= set(written(svg))


def test_scenarios_have_colours_of_their_own(base, five):
    """Grey for the base, and no hue twice among six scenarios."""
    scale = layer(utilisation(base, five), "bar").encoding["color"]["scale"]
    assert scale["range"][0] == BASE
    assert len(set(scale["range"])) == 6


def test_a_base_alone_is_grey(base):
    """Without others there is neither colour nor legend."""
    assert layer(utilisation(base), "bar").encoding["color"] == {"value": BASE}


def test_a_new_team_of_another_scenario_comes_last(base, study):
    """A team that the base does not have cannot be the busiest of it."""
    more = study("Robots", teams={**TEAMS, "bots": "Robots"}, utilisation_bots=0.99)
    bars = layer(utilisation(base, [more]), "bar")
    assert bars.encoding["y"]["sort"][-1] == "Robots"
    rows = by(bars.rows, "scenario", "team")
    assert ("Robots", "Robots") in rows
    assert ("Today", "Robots") not in rows


def test_a_team_that_was_never_on_shift_has_no_bar(study):
    """An undefined share is not drawn as an idle team."""
    picture = utilisation(study(utilisation_fitters=None))
    assert set(column(layer(picture, "bar").rows, "team")) == {"Inside sales", "Sales reps"}
    assert "Fitters" not in picture.alt


def test_long_names_take_two_lines_and_stay_apart(study):
    """Teams with the same long name keep a bar each."""
    picture = utilisation(study(teams=dict.fromkeys(TEAMS, LONG)))
    teams = column(layer(picture, "bar").rows, "team")
    assert len(set(teams)) == 3
    assert all(len(team.split("\n")) <= 2 for team in teams)
    assert shapes(picture.svg(), "rect") == 3


def test_a_team_without_a_label_is_named_by_its_key(study):
    """Nobody is shown without a name."""
    assert "sdr" in column(layer(utilisation(study(teams=dict.fromkeys(TEAMS, ""))), "bar").rows, "team")


def test_nothing_to_show_is_a_sentence(silent):
    """Without any shift there is a reason instead of a frame."""
    assert utilisation(silent).missing == "No team was on shift in the measured time."
    assert utilisation(silent).chart is None


def test_one_replication_has_bars_and_no_intervals(study):
    """Only the line of busy teams is drawn beside the bars."""
    svg = utilisation(study(replications=1)).svg()
    assert (shapes(svg, "rect"), shapes(svg, "rule")) == (3, 1)
