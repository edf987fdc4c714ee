import itertools
import re
from html.parser import HTMLParser

import pytest

from reports import html as html_report
from reports.html import report_html, write_report
from simulator.experiment.comparison import compare
from simulator.schema.loading import load_scenario

VOID = {"meta", "br", "link", "img", "input", "hr"}
COMPANY = """
caudal: 1
name: Today
description: As it is.
horizon: {start: 2025-01-01, warm_up: 10 d, length: 60 d, currency: EUR}
sources:
  survey: {title: "A survey of <b>firms</b>, https://example.org/survey", year: 2024}
channels:
  web: {process: deal, rate: {value: 5 /day, source: survey, grade: B, range: [4 /day, 6 /day]}}
teams:
  sales: {head_count: 2, cost: 20 EUR/h}
processes:
  deal:
    steps:
      call: {kind: work, team: sales, effort: {exponential: 20 min, source: own assumption, grade: D}}
      leave: {kind: end, outcome: done}
"""
CHANGED = "caudal: 1\nname: More people\nbased_on: today.yaml\nteams: {sales: {head_count: 3}}\n"


class Page(HTMLParser):
    """Elements of a page: opened and closed in pairs, with attributes and text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.words = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words).replace("\u00a0", " "))


@pytest.fixture(scope="session")
def scenarios(tmp_path_factory):
    """The files of a base and a change, as they are loaded."""
    tmp_path = tmp_path_factory.mktemp("scenarios")
    (tmp_path / "today.yaml").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "more.yaml").write_text(CHANGED, encoding="utf-8")
    return [load_scenario(tmp_path / "today.yaml"), load_scenario(tmp_path / "more.yaml")]


@pytest.fixture(scope="session")
def compared(base, faster, comparison, scenarios):
    """The report of a comparison."""
    return report_html(base, [faster], comparison, "caudal compare today more --report r.html", scenarios)


def test_the_page_is_well_formed_and_has_a_language(compared):
    """Every element is closed where it was opened, and a reader's machine knows the language."""
    page = Page(compared)
    assert page.all("html")[0]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_the_page_asks_the_network_for_nothing(compared):
    """No address in any attribute or style, no script, and a policy that forbids the rest."""
    page = Page(compared)
    for tag, attributes in page.elements:
        assert tag not in {"script", "link", "img", "iframe", "object", "embed"}
        for name, value in attributes.items():
            # An address that someone wrote in a source is text, and stays so.
            assert not re.search(r"(https?:)?//", value or "") or name == "aria-label", (tag, name, value)
            assert not name.startswith("on")
    style = compared[compared.index("<style>") : compared.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy


def test_title_trust_and_verdict_come_first(compared):
    """Whoever reads only the beginning knows how far to trust the result, and the result."""
    text = Page(compared).text
    places = [text.index(words) for words in (
        "and what changes with: Two more people", "How far to trust this", "EUR in “Today”: better",
        "What the study shows", "Key figures of Today", "What each scenario changes", "What was left unfinished",
        "on what evidence", "What the figures mean", "How to repeat this study",
    )]  # fmt: skip
    assert places == sorted(places)


def test_figures_carry_intervals_and_verdicts_are_words(compared):
    """Each key figure has its interval, and better and worse are said beside the colour."""
    page = Page(compared)
    assert re.search(r"Margin 2\d\d \d\d\d EUR from 2\d\d \d\d\d to 2\d\d \d\d\d EUR", page.text)
    assert "▲ better" in page.text
    assert "▼ worse" in page.text
    assert "○ not distinguishable" in page.text
    assert "no better side" in page.text
    assert "p < 0.001" in page.text


def test_every_kpi_of_the_comparison_is_listed(base, compared):
    """No result is hidden because it is not a headline."""
    text = Page(compared).text
    for name, kpi in base.catalogue.items():
        if base.estimate(name).n:
            assert kpi.label in text


def test_charts_are_drawn_and_described(compared):
    """Each drawing stands in a figure that says what it shows."""
    page = Page(compared)
    figures = page.all("figure")
    assert len(figures) == len(page.all("svg")) >= 9
    assert all(figure["role"] == "img" and len(figure["aria-label"]) > 40 for figure in figures)


def test_tables_have_captions_and_headers(compared):
    """Those who hear a table know what it is and what each cell belongs to."""
    page = Page(compared)
    tables = len(page.all("table"))
    assert tables >= 5
    assert len(page.all("caption")) == tables
    assert all("scope" in header for header in page.all("th"))


def test_the_register_shows_evidence_and_what_a_scenario_changes(compared):
    """Every number of the base has grade, range and source; of another scenario what it changes."""
    text = Page(compared).text
    assert "5 /day 4 /day to 6 /day B A survey of <b>firms</b>, https://example.org/survey (2024)" in text
    assert "D our own assumption" in text
    assert "it changes or adds 1 number: 1 of grade D" in text


def test_without_files_the_register_says_so(base):
    """A report that was not given the scenarios does not pretend to know their assumptions."""
    assert "scenario files were not given" in Page(report_html(base, [], None, "caudal run today")).text


def test_the_manifest_holds_what_is_needed_to_repeat_it(base, compared):
    """Digest, seed, replications, time and command are there."""
    text = Page(compared).text
    for words in (
        "caudal compare today more --report r.html", base.digest, "Seed 7", "Replications 20",
        "Warm-up, which no figure counts 180 d", "Measured time 364 d", "Version of numpy", "Version of simpy",
    ):  # fmt: skip
        assert words in text


def test_the_glossary_explains_each_formula_once(base, compared):
    """Every formula of the catalogue is there, whatever number of KPIs share it."""
    text = Page(compared).text
    for kpi in base.catalogue.values():
        assert text.count(f"{kpi.formula} ") == 1


def test_names_are_never_markup(study, tmp_path):
    """A scenario, team or command that looks like a tag is shown as its letters."""
    nasty = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"
    one = study(nasty, teams={"sdr": nasty, "reps": "a & b", "fitters": "'"}, warnings=(nasty,))
    other = study(nasty + " 2", teams={"sdr": nasty, "reps": "a & b", "fitters": "'"}, margin=1e6)
    page = Page(report_html(one, [other], compare(one, [other]), f"caudal compare '{nasty}'"))
    assert not page.all("script")
    assert not page.all("img")
    assert "<script>alert('x')</script>" in page.text


def test_one_scenario_alone_needs_no_comparison(base):
    """The report of a single run has findings, figures and charts, and no table of changes."""
    page = Page(report_html(base, [], None, "caudal run today"))
    assert "Cases wait longest for Inside sales" in page.text
    assert "What each scenario changes" not in page.text
    assert page.all("svg")


def test_six_scenarios_with_long_names(study, base):
    """Seven columns of eighty letters do not break the page."""
    name = "A change with a name that runs on to eighty letters because its author liked words "
    others = [study(f"{name}{i}", margin=270_000.0 + 5000 * i) for i in range(6)]
    page = Page(report_html(base, others, compare(base, others), "caudal compare"))
    assert all(f"{name}{i}" in page.text for i in range(6))
    assert "6 ways to change it" in page.text


def test_a_year_without_leads_is_reported_as_that(silent):
    """Nothing is shown as zero that has no value, and charts become sentences."""
    page = Page(report_html(silent, [silent], compare(silent, [silent]), "caudal compare"))
    assert "No lead came in the measured time" in page.text
    assert "nan" not in page.text.lower().replace("finance", "")
    assert not page.all("svg")


def test_one_replication_is_reported_without_intervals(study):
    """A single run has figures but claims no interval."""
    page = Page(report_html(study(replications=1), [], None, "caudal run"))
    assert "no interval" in page.text
    assert "nan" not in page.text.lower().replace("finance", "")


def test_equal_input_gives_equal_bytes(base, faster, comparison, scenarios, compared):
    """Nothing in a report depends on the moment or the process in which it was made."""
    command = "caudal compare today more --report r.html"
    assert report_html(base, [faster], comparison, command, scenarios) == compared


def test_the_file_is_written_whole(silent, tmp_path):
    """The file holds the report, and nothing else is left beside it."""
    path = write_report(tmp_path / "report.html", silent, [], None, "caudal run")
    assert path.read_text(encoding="utf-8") == report_html(silent, [], None, "caudal run")
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_a_failed_write_leaves_what_was_there(silent, tmp_path, monkeypatch):
    """When the disk is full, the old report stays and no half of the new one remains."""
    path = tmp_path / "report.html"
    path.write_text("old", encoding="utf-8")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(html_report.os, "fdopen", full)
    with pytest.raises(OSError, match="No space"):
        write_report(path, silent, [], None, "caudal run")
    assert path.read_text(encoding="utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_a_real_browser_lays_the_page_out_without_a_request(compared, tmp_path, browser_page):
    """Nothing is asked of the network, the charts have size, and nothing sticks out to the right."""
    path = tmp_path / "report.html"
    path.write_text(compared, encoding="utf-8")
    asked = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto(path.as_uri())
    assert asked == [path.as_uri()]
    charts = browser_page.locator("figure svg")
    assert charts.count() >= 9
    assert all(charts.nth(i).bounding_box()["width"] > 400 for i in range(charts.count()))
    wide = browser_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
