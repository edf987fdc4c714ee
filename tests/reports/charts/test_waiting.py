import itertools
from dataclasses import replace

import numpy as np
import pytest

from reports import wording
from reports.charts import queue_compared, queue_lengths, waiting_by_scenario, waiting_by_team
from reports.charts.theme import CAUSE_COLOURS
from reports.charts.waiting import SHOWN
from simulator.records import CAUSES, TEAM_CAUSES
from tests.reports.conftest import KPIS, TEAMS, WEEKS
from tests.reports.reading import by, column, layer, plain, shapes, written

WORDS = list(wording.CAUSE_WORDS.values())


def with_waiting(study, hours):
    """The study with other hours of waiting by team and cause."""
    return replace(study, pictures=study.pictures._replace(waiting=np.array(hours, dtype=float)))


def with_queue(study, queue):
    """The study with other queues by week and team."""
    return replace(study, pictures=study.pictures._replace(queue=np.array(queue, dtype=float)))


def test_each_part_of_a_bar_is_the_hours_of_a_team_and_cause(base):
    """In days, since the longest bar has a quarter of a million hours."""
    bars = layer(waiting_by_team(base), "bar")
    rows = by(bars.rows, "place", "cause")
    assert len(rows) == len(TEAMS) * len(TEAM_CAUSES)
    for t, team in enumerate(TEAMS.values()):
        for c, cause in enumerate(TEAM_CAUSES):
            assert rows[team, wording.CAUSE_WORDS[cause]]["time"] * 24 == pytest.approx(base.pictures.waiting[t, c])
    assert bars.encoding["x"]["title"] == "days of waiting in the measured time"


def test_few_hours_are_shown_in_hours(base):
    """The unit of the axis is the one in which the longest bar reads well."""
    few = with_waiting(base, [[1, 2, 0, 0, 0], [0, 4000, 1000, 0, 0], [5, 0, 0, 0, 0]])
    bars = layer(waiting_by_team(few), "bar")
    assert bars.encoding["x"]["title"] == "hours of waiting in the measured time"
    assert by(bars.rows, "place", "cause")["Sales reps", WORDS[1]]["time"] == 4000.0


def test_the_longest_waiting_stands_on_top(base):
    """Teams come in the order of the waiting for them, whatever their order in the scenario."""
    turned = with_waiting(base, [[5, 0, 0, 0, 0], [0, 7, 0, 0, 0], [0, 0, 9, 0, 0]])
    bars = layer(waiting_by_team(turned), "bar")
    assert bars.encoding["y"]["sort"] == ["Fitters", "Sales reps", "Inside sales"]


def test_shares_of_teams_stand_beside_their_bars_and_in_the_words(base):
    """The words hold the share of each team in all waiting for teams."""
    turned = with_waiting(base, [[50, 0, 0, 0, 0], [0, 30, 0, 0, 0], [0, 0, 15, 0, 5]])
    picture = waiting_by_team(turned)
    assert column(layer(picture, "text").rows, "time") == [50.0, 30.0, 20.0]
    assert plain(picture.alt) == (
        "Share of the waiting for teams: Inside sales 50.0 %, Sales reps 30.0 % and Fitters 20.0 %."
    )
    assert {"50.0 %", "30.0 %", "20.0 %"} <= set(written(picture.svg()))


def test_causes_are_words_beside_their_colours(base, faster):
    """The legend names each cause, and no two causes share a colour."""
    by_team, by_scenario = waiting_by_team(base), waiting_by_scenario(base, [faster])
    assert set(WORDS[: len(TEAM_CAUSES)]) <= set(written(by_team.svg()))
    assert set(WORDS) <= set(written(by_scenario.svg()))
    assert len(set(CAUSE_COLOURS.values())) == len(CAUSES)
    scale = layer(by_scenario, "bar").encoding["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == {
        wording.CAUSE_WORDS[cause]: CAUSE_COLOURS[cause] for cause in CAUSES
    }


def test_waiting_of_a_lead_holds_all_causes_of_each_scenario(exact):
    """In days, since a lead waits longer than three of them."""
    base, other = exact(), exact("Other", waiting_customer=400.0, waiting_schedule=0.0)
    bars = layer(waiting_by_scenario(base, [other]), "bar")
    rows = by(bars.rows, "place", "cause")
    assert len(rows) == 16
    for name, customer in (("Today", 800.0), ("Other", 400.0)):
        assert rows[name, "for the customer"]["time"] == pytest.approx(customer / 24)
        assert rows[name, "everybody busy"]["time"] == pytest.approx(34 / 24)
    assert rows["Other", "for a fixed date"]["time"] == 0
    assert bars.encoding["x"]["title"] == "days of waiting for a lead"


def test_totals_of_scenarios_are_told(exact):
    """The words and the ends of the bars hold the sum over all causes."""
    picture = waiting_by_scenario(exact(), [exact("Other", waiting_customer=400.0)])
    sums = [20.0 + 34 + 6 + 800 + 40, 20.0 + 34 + 6 + 400 + 40]
    totals = column(layer(picture, "text").rows, "time")
    assert [24 * total for total in totals] == pytest.approx(sums)
    assert plain(picture.alt) == "Waiting for a lead: Today 37.5 d and Other 20.8 d."
    assert {"37.5 d", "20.8 d"} <= set(written(picture.svg()))


def test_short_waits_of_a_lead_are_in_hours(exact):
    """Up to three days nobody needs days."""
    causes = {f"waiting_{cause}": None for cause in CAUSES if f"waiting_{cause}" in KPIS}
    short = exact(**{**causes, "waiting_customer": 72.0})
    picture = waiting_by_scenario(short)
    assert layer(picture, "bar").encoding["x"]["title"] == "hours of waiting for a lead"
    assert max(column(layer(picture, "bar").rows, "time")) == 72.0


def test_six_scenarios_have_six_bars(base, five):
    """Each with its own total beside it, in the order given."""
    picture = waiting_by_scenario(base, five)
    assert layer(picture, "bar").encoding["y"]["sort"] == ["Today", *(f"Option {i}" for i in range(1, 6))]
    assert len(layer(picture, "text").rows) == 6
    assert shapes(picture.svg(), "rect") == 48


def test_the_title_says_whether_scenarios_are_compared(base, faster):
    """One scenario alone is not announced as several."""
    assert waiting_by_scenario(base).title == "How long a lead waits, and why"
    assert waiting_by_scenario(base, [faster]).title == "How long a lead waits in each scenario, and why"


def test_queues_are_lines_over_the_weeks(base):
    """Each team's line has a point for each week, with the mean queue of the study."""
    lines = layer(queue_lengths(base), "line")
    assert lines.encoding["y"]["axis"]["title"] == "cases waiting"
    for index, team in enumerate(TEAMS.values()):
        values = [row["value"] for row in lines.rows if row["team"] == team]
        assert values == base.pictures.queue[:, index].tolist()
    assert len(lines.rows) == 3 * WEEKS
    assert shapes(queue_lengths(base).svg(), "line") == 3


def test_lines_are_named_at_their_ends(base):
    """No line is known by its colour alone."""
    words = layer(queue_lengths(base), "text").rows
    assert {row["end"] for row in words} == set(TEAMS.values())
    assert {row["date"] for row in words} == {max(column(layer(queue_lengths(base), "line").rows, "date"))}


def test_long_names_stand_whole_beside_their_lines(study):
    """A name of seventy letters is wrapped, not cut, and no line of words touches another."""
    long = "Technical inside sales and tender preparation for public clients, north"
    named = study(teams={"sdr": long, "reps": "Sales reps", "fitters": f"{long.removesuffix('north')}south"})
    drawn = with_queue(named, [[2.0, 2.1, 2.2]] * WEEKS)
    words = layer(queue_lengths(drawn), "text").rows
    assert {" ".join(row["end"].split("\n")) for row in words} == set(named.names.team_labels)
    assert max(len(line) for row in words for line in row["end"].split("\n")) <= 26
    svg = queue_lengths(drawn).svg()
    assert all(f">{line}<" in svg for row in words for line in row["end"].split("\n"))
    assert all(0 <= row["place"] <= 2.2 for row in words)  # the axis is not stretched for them
    from_above = sorted(words, key=lambda row: -row["place"])
    tall = [14 * len(row["end"].split("\n")) for row in from_above]
    apart = [(a["place"] - b["place"]) * 300 / 2.2 for a, b in itertools.pairwise(from_above)]
    assert all(gap >= height for gap, height in zip(apart, tall[:-1], strict=True))  # of first lines
    assert min(apart) < 3 * 14, "a name of one line needs less room than one of three"


def test_means_of_queues_are_in_the_words(base):
    """The longest queue first, as its mean over the weeks."""
    flat = with_queue(base, [[2.0, 10.0, 0.5]] * WEEKS)
    assert plain(queue_lengths(flat).alt) == (
        "Mean number of cases waiting: Sales reps 10.0, Inside sales 2.0 and Fitters 0.50."
    )


def test_only_the_longest_queues_are_shown_and_it_is_said(study):
    """Eight teams make six lines and a sentence."""
    teams = {f"t{i}": f"Team {i}" for i in range(8)}
    many = with_queue(study(teams=teams), [[float(i + 1) for i in range(8)]] * WEEKS)
    lines = layer(queue_lengths(many), "line")
    assert lines.encoding["color"]["scale"]["domain"] == [f"Team {i}" for i in range(7, 1, -1)]
    assert shapes(queue_lengths(many).svg(), "line") == SHOWN
    assert f"The {SHOWN} longest of 8." in " ".join(written(queue_lengths(many).svg()))


def test_a_team_without_a_queue_has_no_line(base):
    """Nothing is drawn along the axis."""
    one = with_queue(base, [[0.0, 3.0, 0.0]] * WEEKS)
    assert {row["team"] for row in layer(queue_lengths(one), "line").rows} == {"Sales reps"}


def test_the_longest_queue_is_compared_over_scenarios(base, faster):
    """The team is that of the base's longest queue; each scenario's line holds its own figures."""
    picture = queue_compared(base, [faster])
    assert picture.title == "How long the queue for Inside sales is in each scenario"
    for study in (base, faster):
        values = [row["value"] for row in layer(picture, "line").rows if row["scenario"] == study.name]
        assert values == study.pictures.queue[:, 0].tolist()
    assert shapes(picture.svg(), "line") == 2


def test_a_scenario_without_the_team_has_no_line(base, study):
    """Where a scenario dissolves the team, there is no queue for it to show."""
    without = study("No inside sales", teams={"reps": "Sales reps"})
    picture = queue_compared(base, [without])
    assert {row["scenario"] for row in layer(picture, "line").rows} == {"Today"}
    assert "No inside sales" not in picture.alt


def test_nothing_to_show_is_a_sentence(silent, base):
    """Without any waiting there is a reason instead of a frame."""
    assert waiting_by_team(silent).missing == "No case waited for a team in the measured time."
    assert waiting_by_scenario(silent, [silent]).missing == "No lead waited for anything in the measured time."
    assert queue_lengths(silent).missing == "No queue formed in the measured time."
    assert queue_compared(silent, [base]).missing == "No queue formed in the base scenario."
    assert waiting_by_team(with_waiting(base, np.zeros((0, 5)))).chart is None
