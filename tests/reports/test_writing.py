import os
from pathlib import Path

import pytest

from reports import html as html_report
from reports.html import report_html, write_report
from simulator.experiment.comparison import compare
from tests.reports.conftest import KPIS

COMMAND = "caudal run today --report r.html"


class Full:
    """A file on a disk that is full after some bytes."""

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, text):
        self.file.write(text[:100])
        self.file.flush()
        raise OSError(28, "No space left on device")


def names(folder):
    """What stands in a folder."""
    return sorted(each.name for each in folder.iterdir())


def test_a_report_can_be_read_by_everybody(silent, tmp_path):
    """A temporary file is its owner's only; a report is not."""
    path = write_report(tmp_path / "r.html", silent, [], None, COMMAND)
    assert path == tmp_path / "r.html"
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_report_replaces_the_one_before(silent, tmp_path):
    """Nothing of a longer old file is left at its end."""
    path = tmp_path / "r.html"
    path.write_text("old" * 1_000_000, encoding="utf-8")
    write_report(path, silent, [], None, COMMAND)
    assert path.read_text(encoding="utf-8") == report_html(silent, [], None, COMMAND)


def test_a_disk_that_fills_while_writing_leaves_no_file(silent, tmp_path, monkeypatch):
    """The half that was written is taken away, and no report stands where none was."""
    opened = os.fdopen
    monkeypatch.setattr(html_report.os, "fdopen", lambda handle, mode: Full(opened(handle, mode)))
    with pytest.raises(OSError, match="No space"):
        write_report(tmp_path / "r.html", silent, [], None, COMMAND)
    assert names(tmp_path) == []


def test_a_failed_exchange_leaves_the_old_report(silent, tmp_path, monkeypatch):
    """Where the new file cannot take the place of the old one, the old one stays whole."""
    path = tmp_path / "r.html"
    path.write_text("old", encoding="utf-8")

    def refuse(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        write_report(path, silent, [], None, COMMAND)
    assert path.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["r.html"]


def test_a_study_that_cannot_be_told_touches_no_file(silent, tmp_path, monkeypatch):
    """The text is made before anything is written."""

    def broken(*_):
        raise ValueError("no figures")

    monkeypatch.setattr(html_report, "content", broken)
    with pytest.raises(ValueError, match="no figures"):
        write_report(tmp_path / "r.html", silent, [], None, COMMAND)
    assert names(tmp_path) == []


def test_a_folder_that_is_not_there_is_an_error(silent, tmp_path):
    """No folder is made up on the way."""
    with pytest.raises(FileNotFoundError):
        write_report(tmp_path / "nowhere" / "r.html", silent, [], None, COMMAND)
    assert names(tmp_path) == []


def test_equal_studies_made_anew_give_equal_bytes(study, tmp_path):
    """Two studies of the same figures, made apart from each other, are reported in the same bytes."""
    texts, kpis = [], {"leads": 0.0, "margin": KPIS["margin"]}
    for number in range(2):
        base, other = study(kpis=kpis), study("Other", kpis=kpis, margin=1e6)
        path = write_report(tmp_path / f"{number}.html", base, [other], compare(base, [other]), COMMAND)
        texts.append(path.read_bytes())
    assert texts[0] == texts[1]


@pytest.mark.parametrize("change", [{"margin": 270_001.0}, {"name": "Tomorrow"}, {"warnings": ("W",)}])
def test_another_study_gives_another_report(study, silent, change):
    """Equal bytes are not those of a page that shows nothing."""
    kpis = {"kpis": {"leads": 0.0, "margin": KPIS["margin"]}, "noise": 0.0, "own_noise": 0.0}
    assert report_html(study(**kpis), [], None, "") != report_html(study(**kpis, **change), [], None, "")


def test_another_command_changes_the_manifest_only(silent):
    """Pages differ in the one line that holds the command."""
    one, two = (report_html(silent, [], None, command).split("\n") for command in ("caudal run a", "caudal run b"))
    differing = [(a, b) for a, b in zip(one, two, strict=True) if a != b]
    assert len(differing) == 1
    assert "caudal run a" in differing[0][0]
