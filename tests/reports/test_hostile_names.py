import re
from dataclasses import replace

import pytest

from reports.html import report_html, write_report
from simulator.experiment.comparison import compare
from tests.reports.reading import HOSTILE, Page

NAMES = {"sdr": f"{HOSTILE} team", "reps": "R & D", "fitters": "'\"`<"}
STAGES = {"lead": f"{HOSTILE} stage", "order": "</dd></dl>", "paid": "--> <!--"}
CHANNELS = {"web": f"{HOSTILE} channel", "fair": "]]>"}


@pytest.fixture(scope="module")
def hostile(study):
    """Two scenarios in which every name wants to be markup."""
    named = {"teams": NAMES, "stages": STAGES, "channels": CHANNELS, "replications": 5}
    base = study(f"{HOSTILE} base", warnings=(f"{HOSTILE} warning",), **named)
    other = study(f"{HOSTILE} other", margin=1e6, cash_collected=3e6, queue_sdr=1.0, **named)
    return replace(base, key=f"{HOSTILE}.yaml"), other


@pytest.fixture(scope="module")
def text(hostile):
    """The report on them."""
    base, other = hostile
    return report_html(base, [other], compare(base, [other]), f"caudal compare '{HOSTILE}'")


@pytest.fixture(scope="module")
def page(text):
    """The same, read: what is not well formed fails here."""
    return Page(text)


def test_no_name_becomes_an_element(page):
    """Neither script nor image nor any handler comes from a name."""
    assert page.root.all("script", "img", "b") == []
    every = [page.root]
    for element in every:
        every += [child for child in element.children if not isinstance(child, str)]
        assert not [name for name in element.attributes if name.startswith("on")]


@pytest.mark.parametrize("where", ["team", "stage", "channel", "base", "other", "warning"])
def test_every_name_is_read_as_it_was_typed(page, where):
    """Labels of scenarios, stages, teams and channels, and warnings, keep each of their letters."""
    assert f"{HOSTILE} {where}" in page.root.text


def test_names_are_not_run_as_templates(page, text):
    """Braces in a name stay braces."""
    assert "{{ 7 * 7 }}" in page.root.text
    assert "& 49" not in text


def test_the_command_and_the_file_are_letters_in_the_manifest(page):
    """Both are shown as they have to be typed."""
    rows = {row[0]: row[1] for row in page.table("Everything that the figures depend on")}
    assert rows["Command to repeat it"] == f"caudal compare '{HOSTILE}'"
    assert rows[f"Scenario: {HOSTILE} base"].startswith(f"{HOSTILE}.yaml, SHA-256 ")


def test_labels_of_drawings_are_whole(page):
    """A quotation mark in a name does not end the label that holds it."""
    labels = [figure.attributes["aria-label"] for figure in page.root.all("figure")]
    assert all(label.endswith(".") for label in labels)
    assert sum("<script>alert('x')</script>" in label for label in labels) >= 5


def test_the_structure_is_that_of_harmless_names(page, study):
    """The same sections, tables and rows as with plain names."""
    named = {"teams": dict.fromkeys(NAMES, ""), "stages": dict.fromkeys(STAGES, ""), "replications": 5}
    base, other = (
        study("A", warnings=("W",), **named),
        study("B", margin=1e6, cash_collected=3e6, queue_sdr=1.0, **named),
    )
    tame = Page(report_html(base, [other], compare(base, [other]), "c"))
    for tag in ("section", "table", "tr", "td", "th", "figure", "h2", "h3", "li", "dt", "dd", "details"):
        assert len(page.root.all(tag)) == len(tame.root.all(tag)), tag


def test_letters_of_every_alphabet_are_written(silent, tmp_path):
    """Names in any script are the same in the file, and half a surrogate does not stop the report."""
    name = "Łódź 営業 \u202eabc Ünïcode \U0001f600"
    path = write_report(tmp_path / "r.html", replace(silent, name=name), [], None, "c")
    assert name in Page(path.read_text(encoding="utf-8")).root.text
    write_report(path, replace(silent, name="half \ud800"), [], None, "c")
    assert re.search(r"half &#55296;", path.read_text(encoding="utf-8"))
