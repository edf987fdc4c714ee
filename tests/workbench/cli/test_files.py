"""Files are written whole or not at all."""

import json
import math
import os
import stat

import pytest

from simulator.errors import StudyError
from workbench.cli import files
from workbench.cli.files import check_writable, defined, write_json, write_whole

NO_SPACE = OSError(28, "No space left on device")


def content(folder):
    """Every file of a folder with its text."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_a_file_appears_with_all_its_content(tmp_path):
    """Until it is whole nothing stands under its name; afterwards nothing else is left."""
    target = tmp_path / "out.csv"

    def write(path):
        assert path.parent == tmp_path
        assert path.suffix == ".csv"
        assert not target.exists()
        path.write_text("all of it", encoding="utf-8")
        assert not target.exists()

    write_whole(target, write)
    assert content(tmp_path) == {"out.csv": "all of it"}


def test_an_old_file_stays_until_the_new_one_is_whole(tmp_path):
    """A reader sees the old content or the new one, never a part."""
    target = tmp_path / "out.csv"
    target.write_text("old", encoding="utf-8")

    def write(path):
        path.write_text("new", encoding="utf-8")
        assert target.read_text(encoding="utf-8") == "old"

    write_whole(target, write)
    assert content(tmp_path) == {"out.csv": "new"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_written_to_and_stays(tmp_path):
    """A pipe gets the content and is still one; root's `--json /dev/null` must not leave a file in its place."""
    target = tmp_path / "pipe"
    os.mkfifo(target)
    reader = os.open(target, os.O_RDONLY | os.O_NONBLOCK)
    try:
        check_writable([target])
        write_json(str(target), {"orders": 1})
        assert json.loads(os.read(reader, 1000)) == {"orders": 1}
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(target.stat().st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.parametrize("failure", [NO_SPACE, ValueError("a defect"), KeyboardInterrupt()])
@pytest.mark.parametrize("old", [None, "old"])
def test_a_failure_in_the_middle_leaves_what_was_there(tmp_path, failure, old):
    """A full disk, a defect or Ctrl-C: the old file keeps its content, and no half-written one is left."""
    target = tmp_path / "out.csv"
    if old is not None:
        target.write_text(old, encoding="utf-8")
    before = content(tmp_path)

    def write(path):
        path.write_text("half of", encoding="utf-8")
        raise failure

    with pytest.raises(StudyError if failure is NO_SPACE else type(failure)) as caught:
        write_whole(target, write)
    assert content(tmp_path) == before
    if failure is NO_SPACE:
        assert str(caught.value) == f"'{target}' cannot be written: No space left on device"


def test_a_file_that_cannot_take_its_place_is_told(tmp_path, monkeypatch):
    """When the last move fails, the sentence says so and the unfinished file is gone."""

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.Path, "replace", refuse)
    with pytest.raises(StudyError, match=r"out\.csv' cannot be written: Permission denied"):
        write_whole(tmp_path / "out.csv", lambda path: path.write_text("all", encoding="utf-8"))
    assert content(tmp_path) == {}


def test_a_folder_that_has_gone_meanwhile_is_told(tmp_path):
    """The folder was there before the study and is not at its end."""
    with pytest.raises(StudyError, match="cannot be written: No such file or directory"):
        write_whole(tmp_path / "gone" / "out.csv", lambda _: pytest.fail("it wrote"))


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_permissions_are_those_of_any_new_file(tmp_path, mask):
    """A file that was made under a secret name does not stay secret, unless the user wants that."""
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "out.csv", lambda path: path.write_text("x", encoding="utf-8"))
        assert files._umask() == mask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o666 & ~mask


def test_places_that_can_be_written_are_no_news(tmp_path):
    """A new file, an old file, standard output and none at all pass."""
    old = tmp_path / "old.json"
    old.write_text("{}", encoding="utf-8")
    check_writable([str(old), tmp_path / "new.json", "-", None])
    assert content(tmp_path) == {"old.json": "{}"}


def test_standard_output_may_be_named_twice():
    """Only files can stand in each other's way."""
    check_writable(["-", "-"])


def test_places_that_cannot_be_written_are_refused(tmp_path):
    """A folder, a file in a folder that is none, and two spellings of one file."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    for places, words in (
        ([tmp_path], "is a folder: name a file in it"),
        ([tmp_path / "no" / "out.json"], f"there is no folder '{tmp_path / 'no'}'"),
        ([tmp_path / "file" / "out.json"], f"there is no folder '{tmp_path / 'file'}'"),
        ([tmp_path / "a", tmp_path / "." / "a"], "is named for two results: name two files"),
        ([tmp_path / "a", tmp_path / "b" / ".." / "a"], "there is no folder"),
    ):
        with pytest.raises(StudyError) as caught:
            check_writable(places)
        assert words in str(caught.value)


@pytest.mark.parametrize("locked", ["folder", "file"])
def test_missing_permission_is_told(tmp_path, monkeypatch, locked):
    """Neither a folder nor a file that may not be written is found out only at the end."""
    target = tmp_path / "out.json"
    target.write_text("old", encoding="utf-8")
    closed = tmp_path if locked == "folder" else target
    monkeypatch.setattr(files.os, "access", lambda path, mode: not (mode == os.W_OK and path == closed))
    with pytest.raises(StudyError, match="permission is missing"):
        check_writable([target])
    assert content(tmp_path) == {"out.json": "old"}


@pytest.mark.parametrize("command", ["run", "compare", "trace", "scenarios", "validate", "schema"])
def test_every_command_looks_first_whether_it_may_write(caudal, tmp_path, monkeypatch, command):
    """A closed folder ends each command at once, before a scenario is read."""
    monkeypatch.setattr(files.os, "access", lambda *_: False)
    arguments = {"run": ("gone",), "compare": ("gone", "gone"), "trace": ("gone",), "validate": ("gone",)}
    option = "--output" if command in {"trace", "schema"} else "--json"
    code, out, err = caudal(command, *arguments.get(command, ()), option, tmp_path / "out.csv")
    assert (code, out) == (2, "")
    assert err == f"caudal: '{tmp_path / 'out.csv'}' cannot be written: permission is missing\n"


NUMBERS = {"a": math.nan, "b": [1.5, math.inf], "c": (-math.inf, {"d": 0.0}), "e": "NaN", "f": None, "g": 3}


def test_what_json_does_not_know_becomes_null(tmp_path, capsys):
    """NaN and infinities at any depth; everything else stays."""
    assert defined(NUMBERS) == {"a": None, "b": [1.5, None], "c": [None, {"d": 0.0}], "e": "NaN", "f": None, "g": 3}
    write_json("-", NUMBERS)
    out = capsys.readouterr().out
    write_json(str(tmp_path / "out.json"), NUMBERS)
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == out
    assert json.loads(out, parse_constant=pytest.fail) == defined(NUMBERS)


def test_json_keeps_the_letters_of_every_language(tmp_path):
    """Portuguese and Romanian names are readable in the file."""
    write_json(str(tmp_path / "out.json"), {"name": "Instalação și vânzări €"})
    assert "Instalação și vânzări €" in (tmp_path / "out.json").read_text(encoding="utf-8")
