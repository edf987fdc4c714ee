import re

import pytest

from reports import charts
from reports.charts.differences import TICKS, representative
from simulator.experiment.comparison import compare

LONG = "A very long name of a scenario that goes on and on until it is beyond eighty letters, and then some"


def rows_of(picture):
    """All rows of data that a chart carries."""
    layers = [picture.chart.to_dict()]
    for layer in layers:
        layers += layer.get("layer", [])
    return [row for layer in layers for row in layer.get("data", {}).get("values", [])]


def marks_of(picture, *kinds):
    """Number of shapes of some kinds of mark that were really drawn."""
    svg = picture.svg()
    groups = [g for k in kinds for g in re.findall(rf'class="mark-{k} role-mark[^"]*".*?</g>', svg, re.DOTALL)]
    return sum(len(re.findall(r"<path[^>]* d=\"[^\"]", group)) for group in groups)


def test_every_picture_draws_marks_and_says_what_it_shows(base, faster, comparison):
    """No chart of a study with data is an empty frame, and each has a title and words of its own."""
    shown = charts.pictures(base, [faster], comparison)
    for picture in shown:
        assert marks_of(picture, "rect", "line", "symbol") > 0, picture.name
        assert picture.title
        assert len(picture.alt) > len(picture.title)
    assert len({picture.name for picture in shown}) == len(shown)


def test_the_funnel_has_a_bar_for_each_stage_and_scenario(base, faster):
    """Five stages make five bars, with a second scenario ten."""
    assert marks_of(charts.funnel(base), "rect") == 5
    assert marks_of(charts.funnel(base, [faster]), "rect") == 10


def test_the_funnel_shows_counts_and_what_goes_on(base):
    """The words beside a bar are its count and the share of the stage before."""
    svg = charts.funnel(base).svg().replace("\u00a0", " ")
    assert re.search(r">901 · 21\.4 % of the stage before<", svg)


def test_leads_are_a_bar_of_their_own_when_not_all_come_to_the_first_stage(study):
    """A funnel whose first stage is not every lead's begins with all leads."""
    assert "All leads" in charts.funnel(study(reached_lead=5000.0)).alt
    assert "All leads" not in charts.funnel(study()).alt


def test_waiting_is_stacked_by_the_five_causes(base):
    """Hours by team and cause are those of the study, the team with most waiting first."""
    picture = charts.waiting_by_team(base)
    rows = [row for row in rows_of(picture) if "cause" in row]
    assert len(rows) == 15
    assert rows[0]["place"] == "Inside sales"
    assert sum(row["time"] for row in rows) * 24 == pytest.approx(base.pictures.waiting.sum())


def test_waiting_by_scenario_has_all_eight_causes(base, faster):
    """Customer, schedule and policy stand beside the causes of teams."""
    rows = [row for row in rows_of(charts.waiting_by_scenario(base, [faster])) if "cause" in row]
    assert len({row["cause"] for row in rows}) == 8
    assert len({row["place"] for row in rows}) == 2


def test_utilisation_has_intervals(base):
    """Each team's bar carries the interval of its KPI, the busiest team first."""
    rows = [row for row in rows_of(charts.utilisation(base)) if "team" in row]
    assert rows[0]["low"] == base.estimate("utilisation_sdr").low
    assert [row["team"] for row in rows[:3]] == ["Inside sales", "Sales reps", "Fitters"]


def test_a_team_that_only_one_scenario_has_is_shown(base, study):
    """A scenario may bring a team with it."""
    more = study("Robots", teams={"sdr": "Inside sales", "bots": "Robots"}, utilisation_bots=0.5)
    rows = [row for row in rows_of(charts.utilisation(base, [more])) if "team" in row]
    assert ("Robots", "Robots") in {(row["team"], row["scenario"]) for row in rows}


def test_the_cash_curve_ends_in_the_totals(base):
    """Four lines end in what was booked, invoiced, collected and spent."""
    rows = [row for row in rows_of(charts.cash_curve(base)) if row["date"].startswith("2026-06-29") and "place" in row]
    assert [row["value"] for row in rows] == list(base.pictures.cash[-1])
    assert "booked 3 000 000 EUR, invoiced 2 900 000 EUR" in charts.cash_curve(base).alt.replace("\u00a0", " ")


def test_differences_show_verdicts_by_shape_and_relative_to_the_base(base, comparison):
    """A margin of 270 000 that rises by 30 000 is a better by 11 per cent."""
    rows = {row["kpi"]: row for row in rows_of(charts.differences(base, comparison.others[0])) if "kpi" in row}
    assert rows["Margin"]["part"] == pytest.approx(0.111, abs=0.002)
    assert rows["Margin"]["verdict"] == "better"
    svg = charts.differences(base, comparison.others[0]).svg()
    assert "not distinguishable" in svg


def test_a_strip_keeps_its_shape_with_many_replications(study):
    """Thousands of replications become a hundred quantiles."""
    sample = study(replications=5000).samples["margin"]
    shown = representative(sample)
    assert len(shown) == TICKS
    assert min(sample) < shown[0] < shown[-1] < max(sample)


def test_charts_hold_aggregates_only(base, faster, comparison):
    """A few hundred rows at most, so that pages stay light."""
    for picture in charts.pictures(base, [faster], comparison):
        assert len(rows_of(picture)) < 500


def test_without_leads_there_are_sentences_instead_of_frames(silent):
    """Nothing to draw is said, in every chart that has nothing."""
    for picture in (
        charts.funnel(silent), charts.waiting_by_team(silent), charts.waiting_by_scenario(silent),
        charts.queue_lengths(silent), charts.cash_curve(silent), charts.utilisation(silent),
        charts.queue_compared(silent, [silent]), charts.cash_gain(silent, [silent]), charts.strip([silent], "margin"),
        charts.differences(silent, compare(silent, [silent]).others[0]),
    ):  # fmt: skip
        assert picture.chart is None, picture.name
        assert picture.missing.endswith(".")
        assert picture.svg() == ""


def test_without_stages_there_is_no_funnel(study):
    """A scenario need not name stages."""
    assert "names no stages" in charts.funnel(study(stages={})).missing


def test_long_and_equal_names_stay_apart(study):
    """Scenarios and teams with the same long name keep a row each."""
    alike = [study(LONG, teams={"sdr": LONG, "reps": LONG, "fitters": LONG}) for _ in range(3)]
    rows = [row for row in rows_of(charts.utilisation(alike[0], alike[1:])) if "team" in row]
    assert len({(row["team"], row["scenario"]) for row in rows}) == 9
    assert marks_of(charts.utilisation(alike[0], alike[1:]), "rect") == 9


def test_drawings_fetch_nothing_and_can_stand_on_one_page(base, faster, comparison):
    """No address, no script, and no id twice over all drawings of a report."""
    drawings = [picture.svg() for picture in charts.pictures(base, [faster], comparison)]
    ids = [found for svg in drawings for found in re.findall(r'\bid="([^"]+)"', svg)]
    assert len(ids) == len(set(ids))
    for svg in drawings:
        assert "http" not in svg
        assert "<script" not in svg
        for used in re.findall(r"url\(#([^)]+)\)", svg):
            assert f'id="{used}"' in svg


def test_names_are_text_in_drawings(study):
    """A team called like a tag is drawn as its letters."""
    svg = charts.utilisation(study(teams={"sdr": "<script>alert(1)</script>", "reps": "R&D", "fitters": "F"})).svg()
    assert "<script" not in svg
    assert "&lt;script" in svg
