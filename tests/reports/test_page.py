import itertools
import re

import pytest

from reports import wording
from reports.charts import funnel
from reports.html import report_html
from simulator.experiment.comparison import compare
from simulator.experiment.trust import trust_card
from tests.reports.reading import Page, layer, plain, shapes


@pytest.fixture(scope="module")
def text(base, faster, comparison):
    """The report of a comparison, without the files of its scenarios."""
    return report_html(base, [faster], comparison, "caudal compare today more")


@pytest.fixture(scope="module")
def page(text):
    """The same, read."""
    return Page(text)


def test_the_page_is_a_whole_document(page):
    """A declaration, one html with head and body, one title, one main part, and one first heading."""
    assert page.declarations == ["DOCTYPE html"]
    for tag in ("html", "head", "body", "title", "main", "header", "footer", "h1"):
        assert len(page.root.all(tag)) == 1, tag
    assert page.root.all("meta")[0].attributes == {"charset": "utf-8"}
    assert page.root.all("title")[0].text.endswith("– Caudal report")


def test_headings_go_down_one_level_at_a_time(page):
    """Who jumps from heading to heading misses none, and none is empty."""
    headings = page.root.all("h1", "h2", "h3", "h4")
    levels = [int(heading.tag[1]) for heading in headings]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(heading.text for heading in headings)


def test_ids_are_unique_and_every_reference_is_found(page):
    """Links of the contents and labels of sections lead somewhere."""
    every = page.root.all("section", "strong", "h1", "h2", "h3", "a", "g", "clippath", "path")
    ids = [each.attributes["id"] for each in every if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    for link in page.root.all("a"):
        assert link.attributes["href"].removeprefix("#") in ids
    for section in page.root.all("section"):
        assert section.attributes["aria-labelledby"] in ids


def test_the_contents_name_every_section(page):
    """Each section with a heading of the second level has a link."""
    links = {link.attributes["href"] for link in page.root.all("nav")[0].all("a")}
    assert links == {f"#{heading.attributes['id']}" for heading in page.root.all("h2")}


def test_every_table_has_a_header_row_and_a_caption(page):
    """The first row is of headers of columns, and each row after it has as many cells."""
    tables = page.root.all("table")
    assert len(tables) >= 4
    for table in tables:
        caption = table.all("caption")[0].text
        assert caption
        first, *rest = table.all("tr")
        assert {cell.attributes["scope"] for cell in first.all("th")} == {"col"}, caption
        for row in rest:
            wide = sum(int(cell.attributes.get("colspan", "1")) for cell in row.all("th", "td"))
            assert wide == len(first.all("th")), caption
            assert row.all("th")[0].attributes["scope"] in {"row", "rowgroup"}


def test_every_drawing_has_a_label_with_its_figures(page):
    """Title and words of the picture are the label of the figure that holds the drawing, and of no other."""
    labels = []
    for svg in page.root.all("svg"):
        figure = svg.around("figure")
        assert figure.attributes["role"] == "img"
        labels.append(figure.attributes["aria-label"])
    assert len(labels) == len(set(labels)) == len(page.root.all("figure"))
    assert all(re.search(r"\d", label) for label in labels)


def test_the_page_loads_nothing_and_runs_nothing(page, text):
    """No element, attribute or style that fetches or runs anything; links stay in the page."""
    fetching = (
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "source",
        "image",
        "base",
        "form",
    )
    assert page.root.all(*fetching) == []
    every = [page.root]
    for element in every:
        every += [child for child in element.children if not isinstance(child, str)]
        for name, value in element.attributes.items():
            assert not name.startswith("on"), name
            assert name not in {"src", "srcset", "action", "data", "background", "poster"}, name
            if name in {"href", "xlink:href"}:
                assert value.startswith("#"), value
            assert "javascript:" not in (value or "")
    assert not re.search(r"@import|url\((?!#)|expression\(", text)


def test_every_kpi_of_the_catalogue_is_in_the_glossary(base, page):
    """With its formula beside it."""
    glossary = page.section("glossary")
    words = [each.text for each in glossary.all("dt", "dd")]
    found = dict(zip(words[::2], words[1::2], strict=True))
    for kpi in base.catalogue.values():
        (entry,) = [meaning for label, meaning in found.items() if kpi.label in label.split("; ")]
        assert entry.startswith(plain(kpi.formula))
        assert wording.unit(kpi.unit) in entry


def test_every_difference_has_interval_and_verdict(base, faster, comparison, page):
    """Each KPI of the comparison is a row with both figures, the difference, its interval and a word."""
    table = page.table(f"{faster.name} against {base.name}")
    rows = {row[0].removesuffix(wording.SPOILT): row for row in table}
    contrast = comparison.others[0]
    for kpi, found in contrast.differences.items():
        if found.n:
            _, mean, other, change, interval, p, verdict = rows[base.catalogue[kpi].label]
            assert mean == wording.mean_of(base.estimate(kpi)).replace(wording.SPACE, " ")
            assert other == wording.mean_of(faster.estimate(kpi)).replace(wording.SPACE, " ")
            assert change == wording.change(found.difference, found.unit).replace(wording.SPACE, " ")
            assert interval == wording.interval_of(found).replace(wording.SPACE, " ")
            assert p == wording.probability(found.p_adjusted).replace(wording.SPACE, " ")
            assert verdict == f"{wording.VERDICT_SIGNS[found.verdict]} {found.verdict}"
    for kpi, found in contrast.undirected.items():
        if found.n:
            assert rows[base.catalogue[kpi].label][-1] == "no better side"


def test_verdicts_are_coloured_by_a_class_that_agrees_with_the_word(page):
    """No cell is green with the word worse in it."""
    marked = [each for each in page.root.all("span") if each.attributes.get("class", "").startswith("is-")]
    styles = {(each.attributes["class"], each.text.split(" ", 1)[-1]) for each in marked}
    assert styles == {
        ("is-better", "better"), ("is-worse", "worse"), ("is-unclear", "not distinguishable"),
        ("is-unclear", "better side"),
    }  # fmt: skip


def test_the_matrix_of_six_scenarios_has_a_column_for_each(base, five):
    """Every headline has a cell for every scenario, each with a verdict in words."""
    page = Page(report_html(base, five, compare(base, five), "caudal compare"))
    first, *rows = page.table("Key figures: difference")
    assert first == ["KPI", "Today", *(f"Option {i}" for i in range(1, 6))]
    assert all(len(row) == 7 for row in rows)
    for row in rows:
        assert all(re.search(r"better|worse|not distinguishable|no value", cell) for cell in row[2:]), row
    assert len(page.section("comparison").all("details")) == 5 + 1  # and which is the best


def test_the_unfinished_section_has_every_scenario(base, faster, page):
    """What was left open stands in a row for each scenario, with its interval."""
    first, *rows = page.table("Open at the end of the run")
    assert first[:3] == ["Scenario", base.catalogue["unfinished"].label, base.catalogue["unfinished_cases"].label]
    assert [row[0] for row in rows] == [base.name, faster.name]
    for study, row in zip((base, faster), rows, strict=True):
        estimate = study.estimate("unfinished")
        expected = f"{wording.mean_of(estimate)} {wording.interval_of(estimate)}"
        assert row[1] == expected.replace(wording.SPACE, " ")


def test_warnings_stand_at_the_top_with_the_scenario_they_are_of(exact):
    """Before the first finding, under how far to trust the report."""
    base, other = exact(warnings=("Runs are short.",)), exact("B", warnings=("B is overloaded.", "Runs are short."))
    page = Page(report_html(base, [other], compare(base, [other]), "c"))
    assert [item.text for item in page.section("trust").all("li")] == [
        "All scenarios: Runs are short.", "B: B is overloaded.",
    ]  # fmt: skip
    assert "overloaded" not in page.section("findings").text


def test_no_figure_reads_as_nan_or_none(study):
    """Undefined figures, single replications and empty scenarios leave no programmer's words."""
    base = study(replications=1, dso=None, margin=None)
    other = study("Other", replications=1, utilisation_sdr=None)
    words = Page(report_html(base, [other], compare(base, [other]), "c")).root.text
    assert not re.search(r"\b(nan|NaN|None|inf|undefined|null)\b", words)


def test_the_drawing_in_the_page_has_the_bars_of_the_study(base, page, text):
    """What stands in the page is the picture itself, not an empty frame."""
    labels = [figure.attributes["aria-label"] for figure in page.root.all("figure")]
    place = next(i for i, label in enumerate(labels) if label.startswith("How many leads come how far"))
    svg = re.findall(r"<svg.*?</svg>", text, re.DOTALL)[place]
    assert shapes(svg, "rect") == 2 * len(layer(funnel(base), "bar").rows)


def test_the_trust_card_is_the_first_table(page, base, faster):
    """Before any figure of the study stands what it was checked for, each line with its verdict in words."""
    card = page.root.all("table")[0]
    assert card.all("caption")[0].text.startswith("Trust card")
    _, *rows = page.table("Trust card")
    told = [(line.topic, f"{wording.STANDING_SIGNS[line.standing]} {line.standing}", line.found, line.advice or "–")
            for line in trust_card([base, faster])]  # fmt: skip
    assert [tuple(row) for row in rows] == told
