"""The main job in a real browser: bring a scenario, run, see charts, cancel, take the report home."""

import re
import time

import pytest

from tests.browser.conftest import MORE, TINY
from workbench.cli.main import exit_code

pytestmark = pytest.mark.slow

FIRST_RUN = 150_000
"""Milliseconds: on a machine that has never run the engine, it is compiled first."""
MARKS = """charts => charts.map(chart => [...chart.querySelectorAll(
    "svg .mark-rect path, svg .mark-line path, svg .mark-area path, svg .mark-symbol path, svg .mark-rule line")]
    .filter(mark => !mark.closest(".role-axis, .role-legend"))
    .filter(mark => { const box = mark.getBoundingClientRect(); return box.width + box.height > 3 }).length)"""
"""For each chart the number of its bars, lines and areas that take up room on the page."""


def replications(page, number):
    """Set the number of replications."""
    page.get_by_text("How it is run").click()
    field = page.get_by_role("spinbutton", name="Replications")
    field.fill(str(number))
    field.press("Enter")
    page.get_by_text(f"{2 * number} replications, about").wait_for()


def until(condition, seconds):
    """Wait for something that the page does not tell."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "this did not happen in time"
        time.sleep(0.05)


def test_from_a_file_to_charts_and_a_report(bring, browser, tmp_path):
    """Two uploaded scenarios are run, charts have marks, verdicts are words, and the report opens offline."""
    page = bring()
    replications(page, 2)
    page.get_by_role("button", name="Run and compare").click()
    page.get_by_text("What changes against the base").wait_for(timeout=FIRST_RUN)
    page.get_by_role("button", name="Report (HTML)").wait_for(timeout=FIRST_RUN)

    charts = page.locator("[data-testid=stVegaLiteChart]")
    # Streamlit may put new elements in the place of old ones meanwhile, so each look scrolls anew, within the page.
    scroll = "found => found.length > 3 && found[3].scrollIntoView()"
    until(
        lambda: (charts.evaluate_all(scroll), len(drawn := charts.evaluate_all(MARKS)[:4]) == 4 and all(drawn))[1], 30
    )
    assert page.get_by_text(re.compile("▲ better|▼ worse|○ not distinguishable")).count() > 3
    page.get_by_text("warnings in full").click()
    until(page.get_by_text("Only 2 replications").is_visible, 10)

    with page.expect_download() as download:
        page.get_by_role("button", name="Report (HTML)").click()
    report = tmp_path / "report.html"
    download.value.save_as(report)
    text = report.read_text(encoding="utf-8")
    assert "Third seller" in text
    assert "caudal compare tiny.yaml more.yaml --replications 2" in text
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?:https?:)?//|@import|url\(\s*["']?https?:""", text)

    offline = browser.new_context(offline=True)
    fetched = []
    sheet = offline.new_page()
    sheet.on("request", lambda request: fetched.append(request.url))
    sheet.goto(report.as_uri())
    assert sheet.locator("svg path").count() > 20
    assert [url for url in fetched if not url.startswith(("file:", "data:"))] == []
    offline.close()

    with page.expect_download() as download:
        page.get_by_role("button", name="KPIs (CSV)").click()
    table = tmp_path / "kpis.csv"
    download.value.save_as(table)
    assert "lead_to_cash_median" in table.read_text(encoding="utf-8-sig")


def test_a_running_study_survives_a_reload_and_can_be_cancelled(bring, server):
    """The reloaded page finds its job; Cancel says so and leaves no worker process behind."""
    page = bring()
    replications(page, 500)
    length = page.get_by_role("spinbutton", name="Length, days")
    length.fill("3650")
    length.press("Enter")
    page.get_by_role("button", name="Run and compare").click()
    progress = page.get_by_text(re.compile(r"\d+ of 1000 replications, about .* left"))
    progress.wait_for(timeout=FIRST_RUN)
    assert server.workers()

    page.reload()
    progress.wait_for(timeout=30_000)
    assert page.get_by_role("button", name="Run and compare").is_disabled()

    page.get_by_role("link", name="Glossary").click()
    page.get_by_role("heading", name="Causes of waiting").wait_for()
    page.get_by_role("link", name="Compare").click()
    progress.wait_for()

    page.get_by_role("button", name="Cancel").click()
    until(lambda: not server.workers(), 5)
    page.get_by_text(re.compile("Cancelled after .* of 1000 replications")).wait_for()
    page.get_by_role("button", name="Run and compare").wait_for()
    assert page.get_by_role("button", name="Run and compare").is_enabled()


def test_a_broken_file_is_answered_with_all_its_problems(visit):
    """Two mistakes, two sentences with their lines, no traceback."""
    page = visit("your-scenario")
    text = b"caudal: 1\nname: Broken\nbased_on: baselines/pt_installation\nchanels: {}\nsegmnts: {}\n"
    page.locator("input[type=file]").set_input_files([{"name": "broken.yaml", "mimeType": "text/yaml", "buffer": text}])
    page.get_by_text("broken.yaml:4").wait_for()
    assert page.get_by_text("broken.yaml:5").is_visible()
    assert page.get_by_text("Traceback").count() == 0


def test_a_process_is_drawn_as_a_graph(visit):
    """The shipped baseline is chosen already, and each of its steps is a box."""
    page = visit("scenario")
    page.locator("[data-testid=stGraphVizChart] svg g.node").nth(20).wait_for()
    page.get_by_role("tab", name="Assumptions").click()
    page.get_by_text("Evidence of grade A").wait_for()


def test_sliders_answer_and_what_they_changed_can_be_taken_along(visit):
    """A moved slider is answered in words against the base, the file states only the change, Compare opens with it."""
    page = visit("what-if")
    page.get_by_text("Nothing is changed yet").wait_for()
    page.get_by_text(re.compile(r"replications? in [\d.]+ s")).wait_for(timeout=FIRST_RUN)
    engineers = page.get_by_role("slider", name="Engineering")
    engineers.focus()
    engineers.press("ArrowRight")
    page.get_by_text("Engineering: 4 instead of 3").wait_for()
    page.get_by_text(re.compile("▲ better|▼ worse|○ not distinguishable")).first.wait_for()
    page.get_by_text("A first look").wait_for()

    with page.expect_download() as download:
        page.get_by_role("button", name="Download as YAML").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "based_on: baselines/pt_installation\nteams:\n  engineering:\n    head_count: 4\n" in text

    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Nothing is changed yet").wait_for()
    assert engineers.input_value() == "3"
    engineers.focus()
    engineers.press("ArrowLeft")
    page.get_by_text("Engineering: 2 instead of 3").wait_for()
    page.get_by_role("button", name="Open in Compare").click()
    page.get_by_role("heading", name="Compare scenarios").wait_for()
    page.get_by_text("What if: Engineering 2").first.wait_for()
    page.get_by_text("40 replications, about").wait_for()
    assert page.get_by_text("Traceback").count() == 0


def test_a_declared_study_is_shown_from_its_folder(visit, server, tmp_path):
    """Without results the screen says how to make some; then the trust card comes first, and charts have marks."""
    page = visit("studies")
    page.get_by_text("there are no results").wait_for()
    (tmp_path / "tiny.yaml").write_bytes(TINY)
    (tmp_path / "more.yaml").write_bytes(MORE)
    levers = "teams.sales.head_count=1..3, channels.web.cost_per_lead=5 EUR..20 EUR"
    pair = "rows: teams.sales.head_count=1..3, columns: channels.web.cost_per_lead=5 EUR..20 EUR, levels: 2"
    (tmp_path / "sellers.yaml").write_text(
        "caudal: 1\nstudy: A third seller\nscenarios: [tiny.yaml, more.yaml]\nkpis: [margin]\n"
        "mode: steady_state\nwarm_up: 20 d\nreplications: 4\n"
        f"sensitivity: [{{parameters: [{levers}], replications: 2}}]\ninteractions: [{{{pair}, replications: 2}}]\n",
        encoding="utf-8",
    )
    assert (
        exit_code(["study", str(tmp_path / "sellers.yaml"), "--output", str(server.results / "sellers"), "--jobs", "1"])
        == 0
    )
    page = visit("studies")
    page.get_by_role("heading", name="A third seller").wait_for()
    page.get_by_text("How far to trust this").wait_for()
    card, margin = (page.get_by_text(words).first for words in ("Calibration", "Declared before the study"))
    until(lambda: card.bounding_box() and margin.bounding_box(), 30)
    assert card.bounding_box()["y"] < margin.bounding_box()["y"]
    page.locator("[data-testid=stVegaLiteChart] svg .mark-rect path").nth(3).wait_for()
    page.get_by_text("Margin over two assumptions").wait_for()
    assert page.get_by_text("Traceback").count() == 0
