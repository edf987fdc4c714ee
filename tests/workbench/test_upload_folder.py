"""The folder of uploads: several files at once, bases among them, traces beside them, hostile names and sizes."""

import pytest

from simulator.errors import ScenarioError
from simulator.schema.document import LARGEST
from workbench.uploads import MOST, Uploads, plain_name

TRACE = b"at\n2026-01-05T10:00\n2026-01-06T11:30\n"
TRACED = b"""
caudal: 1
name: Traced
horizon: {start: 2026-01-05, warm_up: 0 d, length: 10 d, currency: EUR}
channels: {web: {process: p, trace: {file: times.csv, column: at}}}
teams: {sales: {head_count: 1}}
processes:
  p:
    steps:
      call: {kind: work, team: sales, effort: 1 h}
      won: {kind: end, outcome: won, result: won}
"""
HOSTILE = [
    ("../../../etc/cron.d/x.yaml", "x.yaml"),
    ("..\\..\\windows\\x.yml", "x.yml"),
    ("/absolute/x.csv", "x.csv"),
    ("C:\\Users\\x.csv.gz", "x.csv.gz"),
    ("C:x.yaml", "x.yaml"),
    ("a/b\\c/d\\x.yaml", "x.yaml"),
    ("x.yaml/../y.yaml", "y.yaml"),
    ("....yaml", "....yaml"),
    ("~root.yaml", "~root.yaml"),
    ("$(reboot).yaml", "$(reboot).yaml"),
    ("Instalação ț.yaml", "Instalação ț.yaml"),
]


def outside(uploads):
    """What lies beside the folder under a name of these tests."""
    return [p for p in uploads.folder.parent.iterdir() if p.name.endswith(("x.yaml", "x.csv", "y.yaml"))]


@pytest.mark.parametrize(("name", "plain"), HOSTILE)
def test_a_hostile_name_stays_in_the_folder(name, plain):
    """Whatever a browser sends as a name, the file lies directly in the folder under its last part."""
    uploads = Uploads()
    before = outside(uploads)
    uploads.add({name: b"caudal: 1\n"})
    assert uploads.names == (plain,)
    assert [path.parent for path in uploads.folder.iterdir()] == [uploads.folder]
    assert outside(uploads) == before
    uploads.remove(name)
    assert uploads.names == ()


@pytest.mark.parametrize(
    "name", ["..", ".", "/", "\\", "x.yaml.exe", "x.YAML ", "x", ".bashrc", "x.json", "x.gz", "a/.."]
)
def test_a_name_without_a_right_ending_is_refused_and_nothing_is_written(name):
    """The message says which endings there are."""
    uploads = Uploads()
    with pytest.raises(ScenarioError, match="a scenario or a trace ends in one of") as caught:
        uploads.add({name: b"x"})
    assert all(ending in str(caught.value) for ending in (".yaml", ".yml", ".csv", ".csv.gz"))
    assert uploads.names == ()


def test_files_of_a_chain_may_come_in_any_order(uploads):
    """A what-if of a what-if is understood whichever file came first."""
    third = b"caudal: 1\nname: Third\nbased_on: more.yaml\nteams: {sales: {head_count: 9}}\n"
    contents = {name: (uploads.folder / name).read_bytes() for name in uploads.names} | {"third.yaml": third}
    for names in (sorted(contents), sorted(contents, reverse=True)):
        again = Uploads()
        for name in names:
            again.add({name: contents[name]})
        assert set(again.loaded) == {"tiny.yaml", "more.yaml", "third.yaml"}
        assert not again.problems
        assert again.loaded["third.yaml"].scenario.teams["sales"].head_count == 9


def test_a_removed_base_breaks_what_is_based_on_it(uploads):
    """The what-if is told to lack its base, under its own name and line."""
    uploads.remove("tiny.yaml")
    assert not uploads.loaded
    (problem,) = uploads.problems["more.yaml"]
    assert (problem.file, problem.path) == ("more.yaml", "based_on")
    assert "tiny.yaml" in problem.message


def test_an_upload_may_be_based_on_what_ships():
    """A shipped name needs no file beside."""
    uploads = Uploads()
    uploads.add({"mine.yaml": b"caudal: 1\nname: Mine\nbased_on: theory/m_m_1\n"})
    assert uploads.loaded["mine.yaml"].scenario.name == "Mine"


@pytest.mark.parametrize("base", ["../secret.yaml", "/etc/passwd", "..\\secret.yaml", "C:\\secret.yaml"])
def test_a_base_outside_the_folder_tells_nothing_of_it(base, tmp_path):
    """A file of the server that is named as a base becomes a problem, never a scenario."""
    uploads = Uploads()
    uploads.add({"mine.yaml": f"caudal: 1\nname: Mine\nbased_on: '{base}'\n".encode()})
    assert not uploads.loaded
    text = " ".join(str(problem) for problem in uploads.problems["mine.yaml"])
    assert "root:" not in text
    assert str(uploads.folder) not in text


def test_a_trace_lies_beside_and_is_read():
    """Scenario and trace may come together, or the trace later."""
    uploads = Uploads()
    uploads.add({"traced.yaml": TRACED})
    assert set(uploads.problems) == {"traced.yaml"}
    assert str(uploads.folder) not in str(uploads.problems["traced.yaml"])
    uploads.add({"times.csv": TRACE})
    assert set(uploads.loaded) == {"traced.yaml"}
    assert not uploads.problems
    uploads.remove("times.csv")
    assert set(uploads.problems) == {"traced.yaml"}


def test_a_changed_trace_is_another_scenario():
    """Results of the old trace must not be taken for those of the new one."""
    uploads = Uploads()
    uploads.add({"traced.yaml": TRACED, "times.csv": TRACE})
    before = uploads.loaded["traced.yaml"].digest
    uploads.add({"times.csv": TRACE + b"2026-01-07T09:00\n"})
    assert uploads.loaded["traced.yaml"].digest != before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\x00\x01", "this is a binary file"),
        (b"a: [", "this is not YAML"),
        (b"# " + b"x" * LARGEST, "larger than 5 MB"),
        (b"caudal: 1\nname: \xff\n", "must be saved as UTF-8"),
    ],
)
def test_files_that_cannot_be_read_leave_the_others_alone(uploads, content, words):
    """The problem is told for that file; what was there can still be picked."""
    uploads.add({"strange.yaml": content})
    (problem,) = uploads.problems["strange.yaml"]
    assert problem.file == "strange.yaml"
    assert words in problem.message
    assert set(uploads.loaded) == {"tiny.yaml", "more.yaml"}


def test_too_many_leads_are_found_when_the_file_comes(uploads):
    """Not only when it is run: a billion leads a day is a problem of the file."""
    text = (uploads.folder / "tiny.yaml").read_bytes().replace(b"8 /d", b"1 000 000 000 /d")
    uploads.add({"huge.yaml": text})
    assert "20 000 000 at most" in uploads.problems["huge.yaml"][0].message


def test_the_last_place_can_be_filled_and_a_known_name_replaced():
    """The limit counts files, not uploads."""
    uploads = Uploads()
    uploads.add({f"t{i}.csv": b"" for i in range(MOST)})
    assert len(uploads.names) == MOST
    uploads.add({"t0.csv": b"new"})
    assert (uploads.folder / "t0.csv").read_bytes() == b"new"
    with pytest.raises(ScenarioError, match="remove some first"):
        uploads.add({"one_more.csv": b""})
    uploads.remove("t0.csv")
    uploads.add({"one_more.csv": b""})
    assert len(uploads.names) == MOST


def test_two_visitors_do_not_see_each_other(uploads):
    """Each session has a folder of its own, which nobody else may enter."""
    other = Uploads()
    other.add({"tiny.yaml": b"caudal: 1\n"})
    assert other.folder != uploads.folder
    assert other.folder.stat().st_mode & 0o077 == 0
    assert set(uploads.loaded) == {"tiny.yaml", "more.yaml"}
    assert set(other.problems) == {"tiny.yaml"}


def test_removing_what_is_not_there_is_no_error(uploads):
    """A button may be pressed twice."""
    uploads.remove("gone.yaml")
    uploads.remove("more.yaml")
    uploads.remove("more.yaml")
    assert uploads.names == ("tiny.yaml",)


def test_a_plain_name_stays():
    """Blanks, dots and letters of any language are kept."""
    for name in ("tiny.yaml", "My firm 2.0.yml", "tempos de chegada.csv", "a.b.csv.gz"):
        assert plain_name(name) == name
