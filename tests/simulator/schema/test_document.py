"""Reading a file: what is not a scenario file at all."""

import pytest

from simulator.errors import ScenarioError
from simulator.schema.document import LARGEST, read_document
from simulator.schema.loading import load_scenario


def told(name):
    """The only problem with a file of this name."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (b"", 0, "the file is empty"),
        (b"\n\n", 0, "the file is empty"),
        (b"# only a comment\n", 0, "the file is empty"),
        (b"---\n...\n", 0, "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 0, "binary file"),
        ("name: ação\n".encode("utf-16"), 0, "binary file"),
        ("a: 1\nname: ação\n".encode("latin-1"), 2, "must be saved as UTF-8"),
        (b"a: 1\nb: \x07\n", 2, "U+0007"),
        (b"# list\n- a\n- b\n", 2, "the file holds a list"),
        (b"just text\n", 1, "the file holds a single value"),
        (b"a" * (LARGEST + 1), 0, "larger than 5 MB"),
    ],
    ids=["empty", "blank", "comment", "null", "png", "utf-16", "latin-1", "bell", "list", "scalar", "large"],
)
def test_what_is_no_scenario_file_is_refused(problems, text, line, words):
    """One sentence, with the line where there is one to name."""
    (problem,) = problems(text)
    assert (problem.file, problem.line) == ("case.yaml", line)
    assert words in problem.message


def test_a_byte_order_mark_is_no_problem(problems, minimal):
    """Editors on Windows write one."""
    assert problems(b"\xef\xbb\xbf" + minimal.encode()) == []


def test_lines_that_end_as_on_windows_are_counted_once(write, minimal, tmp_path):
    """Carriage return and line feed are one line end."""
    write("case.yaml", minimal.replace("\n", "\r\n").encode())
    unix = write("unix.yaml", minimal)
    assert read_document(tmp_path / "case.yaml", "x").lines == read_document(tmp_path / unix, "x").lines


def test_a_missing_file_names_the_nearest_one(write, minimal):
    """A slip in the name is found among the files of that folder."""
    write("baseline.yaml", minimal)
    problem = told("basline.yaml")
    assert "there is no such file; did you mean 'baseline.yaml'?" in problem.message


def test_a_missing_folder_is_told(write):
    """Nothing is named where nothing can be listed."""
    write("other.yaml")
    assert told("nowhere/case.yaml").message == "there is no such file"
    assert told("other.yaml/case.yaml").message == "there is no such file"


def test_a_folder_is_no_scenario(write, tmp_path):
    """A folder is told apart from a file."""
    write("sub.yaml/other.yaml")
    assert "this is a folder" in told(tmp_path / "sub.yaml").message


@pytest.mark.parametrize("name", ["a\0b.yaml", "x" * 5000 + ".yaml"])
def test_a_name_that_no_file_can_have_is_told(write, name):
    """The system's refusal becomes a sentence."""
    write("other.yaml")
    assert "cannot be read" in told(name).message or "no such file" in told(name).message


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin"])
def test_an_endless_file_is_not_read(name):
    """A device would be read for ever."""
    assert "no regular file" in told(name).message or "no such file" in told(name).message


def test_a_key_that_stands_twice_is_told_with_both_lines(refuses):
    """Neither of the two is silently dropped."""
    at = "    cost: 30 EUR/h"
    problem = refuses("    cost: 20 EUR/h\n", f"    cost: 20 EUR/h\n{at}\n", "'cost' stands twice", "line 21", at=at)
    assert problem.path == "teams.sales.cost"


def test_keys_that_stand_twice_do_not_hide_other_problems(problems, edited):
    """A duplicate and a wrong number of the same file are told together."""
    text = edited("name: Two-step sales", "name: Two-step sales\nname: again")
    assert len(problems(text.replace("head_count: 2", "head_count: two"))) == 2


def test_a_file_that_is_changed_is_read_again_and_one_that_is_not_is_kept(tmp_path):
    """The same text gives the very same document, and an edit that keeps the length is seen."""
    path = tmp_path / "firm.yaml"
    path.write_text("name: Silva", encoding="utf-8")
    first = read_document(path, "mine")
    assert read_document(path, "mine") is first
    assert read_document(path, "yours").shown == "yours"
    path.write_text("name: Souza", encoding="utf-8")
    assert read_document(path, "mine").data == {"name": "Souza"}
    assert first.data == {"name": "Silva"}
