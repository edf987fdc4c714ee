"""A declared study in the report: its own trust card, sections on what it looked into, and what was not declared."""

from contextlib import contextmanager

import pytest

from reports.depth import sections
from reports.html import pictures_html, report_html
from reports.wording import SPOILT
from simulator.experiment.declared.conduct import conduct
from simulator.experiment.declared.reading import read_study
from tests.reports.reading import Page, plain
from tests.simulator.experiment.declared.conftest import TOY

pytestmark = pytest.mark.slow  # the study that all of them read takes seconds
BOTH = "[teams.sellers.head_count=1..3, channels.web.cost_per_lead=5 EUR..20 EUR]"
TEXT = f"""
caudal: 1
study: One more seller
scenarios: [{TOY}, more.yaml]
kpis: [orders, revenue_booked]
mode: steady_state
warm_up: 2 wk
length: 8 wk
replications: 5
precision: {{target: 50 %, most: 6}}
twins: false
sensitivity:
  - {{kpi: cost_total, parameters: {BOTH}, replications: 2}}
  - {{kpi: cost_total, parameters: {BOTH}, method: morris, points: 2, replications: 1}}
  - {{kpi: cost_total, parameters: {BOTH}, method: sobol, points: 2, replications: 1}}
interactions:
  - {{kpi: cost_total, rows: teams.sellers.head_count=1..3, columns: channels.web.cost_per_lead=5 EUR..20 EUR,
     levels: 3, replications: 2}}
bottlenecks: {{kpi: margin, kinds: [person], replications: 2, rungs: 1}}
search: {{kpi: margin, teams: [sellers=1..3], trials: 3, fresh: 4}}
forecast: {{months: 2, replications: 20}}
"""


@contextmanager
def _silent(_):
    yield None


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """A study of the toy funnel with everything that can be declared."""
    folder = tmp_path_factory.mktemp("declared")
    (folder / "more.yaml").write_text(
        f"caudal: 1\nname: More\nbased_on: {TOY}\nteams: {{sellers: {{head_count: 3}}}}\n"
    )
    (folder / "study.yaml").write_text(TEXT, encoding="utf-8")
    return conduct(read_study(folder / "study.yaml"), _silent, jobs=1, engine="auto")


@pytest.fixture(scope="module")
def page(outcome):
    """The report of that study."""
    base, *others = outcome.studies
    text = report_html(base, others, outcome.comparison, "caudal study", outcome.declared.scenarios, outcome)
    return Page(text)


def test_each_question_has_a_section_with_its_pictures_and_tables(outcome, page):
    """Tornado, heat map and indices; a plot for every series; the precision of every KPI that was to be precise."""
    hangs, clogs, portfolio, coming, settled, precise = sections(outcome)
    assert [each.name for each in hangs.pictures] == ["tornado-1", "interaction-1"]
    assert [len(each.rows) for each in hangs.tables] == [2, 2]
    assert len(settled.pictures) == len(outcome.checks.settlings[0][1])
    assert {row[:2] for row in precise.tables[0].rows} == {
        (label, name) for label in ("Orders", "Revenue booked") for name in ("Toy funnel", "More")
    }  # fmt: skip
    assert [row[0] for row in clogs.tables[0].rows] == [each.lever.label for each in outcome.bottlenecks.values]
    assert [row[0] for row in clogs.tables[1].rows] == [each.label for each in outcome.bottlenecks.prices]
    assert portfolio.tables[0].rows[0][0] == "teams.sellers.head_count 1"
    assert [row[0] for row in coming.tables[0].rows] == ["Bookings", "Cash collected"]
    for each in (hangs, clogs, portfolio, coming, settled, precise):
        found = page.section(each.key)
        assert found.all("h2")[0].text == each.title
        assert len(found.all("figure")) == sum(picture.chart is not None for picture in each.pictures)
        assert len(found.all("table")) == len(each.tables)


def test_links_labels_and_names_hold_with_the_new_sections(page):
    """Every heading of the second level has a link, and every drawing a label of its own."""
    links = {link.attributes["href"] for link in page.root.all("nav")[0].all("a")}
    assert links == {f"#{heading.attributes['id']}" for heading in page.root.all("h2")}
    labels = [figure.attributes["aria-label"] for figure in page.root.all("figure")]
    assert len(labels) == len(set(labels))


def test_the_card_knows_what_the_study_checked(outcome, page):
    """The tornado and the precision that was asked for are in it, and the engines, which were not compared, are not."""
    rows = {row[0]: row for row in page.table("Trust card")}
    assert "Which assumptions matter most was not looked at" not in rows["Evidence"][2]
    assert "±50%" in rows["Precision"][2]
    assert "not checked" in rows["Engines"][1]
    assert [row[0] for row in page.table("Trust card")][1:] == [line.topic for line in outcome.card]


def test_what_was_not_declared_is_told_as_exploratory(outcome, page):
    """Declared KPIs head the table, and a verdict on any other is a lead for a new study."""
    comparison = page.section("comparison").text
    assert "declared before the study, adjusted over their 2 tests: Orders; Revenue booked." in comparison
    _, *labels = (row[0] for row in page.table("Key figures"))
    assert [label.removesuffix(SPOILT) for label in labels[:2]] == ["Orders", "Revenue booked"]
    assert all(label.endswith(" (exploratory)") for label in labels[2:])
    found = [kpi for kpi, d in outcome.comparison.others[0].differences.items() if d.verdict in {"better", "worse"}]
    assert found
    assert not {"orders", "revenue_booked"} & set(found)
    told = plain(page.section("findings").text)
    explored = told.split("Beside the primary figures, to be confirmed by a study of its own:")[1]
    assert any(outcome.base.catalogue[kpi].label.lower() in explored.lower() for kpi in found)
    assert "beyond what chance explains" not in told


def test_pictures_alone_make_a_page(outcome):
    """What a command writes with --pictures: whole, with one figure each, nothing fetched."""
    pictures = sections(outcome)[0].pictures
    alone = Page(pictures_html("Two <levers>", pictures))
    assert alone.declarations == ["DOCTYPE html"]
    assert alone.root.all("h1")[0].text == "Two <levers>"
    assert len(alone.root.all("svg")) == len(pictures)
    assert alone.root.all("script", "img", "link") == []
