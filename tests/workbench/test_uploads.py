"""Files that users bring along."""

import gc

import pytest

from simulator.errors import ScenarioError
from workbench.uploads import MOST, Uploads, plain_name


def test_a_what_if_finds_the_base_that_was_uploaded_with_it(uploads):
    """Files of one user lie side by side, so that one can be based on another."""
    assert set(uploads.loaded) == {"tiny.yaml", "more.yaml"}
    assert uploads.loaded["more.yaml"].scenario.teams["sales"].head_count == 3


def test_all_problems_are_told_with_their_lines_and_without_the_folder(uploads):
    """Two mistakes in one file give two sentences that name the file as the user does."""
    text = b"caudal: 1\nname: Broken\nbased_on: tiny.yaml\nteams:\n  sales: {head_count: -1}\nchanels: {}\n"
    uploads.add({"broken.yaml": text})
    problems = uploads.problems["broken.yaml"]
    assert {problem.line for problem in problems} == {5, 6}
    assert not any(str(uploads.folder) in str(problem) for problem in problems)
    assert "broken.yaml" not in uploads.loaded


def test_a_mended_file_takes_the_place_of_the_broken_one(uploads):
    """Uploading under the same name again is how a file is mended; what is based on it is checked again too."""
    whole = (uploads.folder / "tiny.yaml").read_bytes()
    uploads.add({"tiny.yaml": b"caudal: 1\n"})
    assert set(uploads.problems) == {"tiny.yaml", "more.yaml"}
    uploads.add({"tiny.yaml": whole})
    assert not uploads.problems


def test_a_trace_may_lie_beside(uploads):
    """A CSV file is kept for the scenario that names it, and is no scenario itself."""
    uploads.add({"times.csv": b"at\n2026-01-05T10:00\n"})
    assert "times.csv" in uploads.names
    assert set(uploads.loaded) == {"tiny.yaml", "more.yaml"}


@pytest.mark.parametrize("name", ["../../etc/passwd.yaml", "..\\..\\secret.yaml", "/etc/x.yaml", "C:\\x\\y.yaml"])
def test_a_path_in_a_name_leads_nowhere(name, uploads):
    """Only the last part of a file name counts, whatever system it comes from."""
    uploads.add({name: b"caudal: 1\n"})
    assert plain_name(name) in uploads.names
    assert all(path.parent == uploads.folder for path in uploads.folder.iterdir())


ELSEWHERE = {
    "based_on": "based_on: {0}\n",
    "parts[0]": "based_on: tiny.yaml\nparts: [{0}]\n",
    "pipeline.file": "based_on: tiny.yaml\npipeline: {{file: {0}}}\n",
    "channels.web.trace.file": "based_on: tiny.yaml\nchannels: {{web: {{trace: {{file: {0}, column: at}}}}}}\n",
}


@pytest.mark.parametrize("place", ELSEWHERE)
@pytest.mark.parametrize("beside", [False, True])
def test_a_scenario_reads_nothing_that_was_not_uploaded(place, beside, uploads, tmp_path):
    """By an absolute path, one that leads up, or one as Windows writes it: nothing is told of the file, not even that
    there is one; what is based on such a file is refused too.
    """
    secret = tmp_path / "secret.csv"
    secret.write_text("password\nswordfish\n", encoding="utf-8")
    way_up = f"../../../../../../../..{secret}"
    for path in (str(secret), way_up, "C:\\secret.csv", str(tmp_path / "nothing.csv")):
        text = f"caudal: 1\nname: Curious\n{ELSEWHERE[place].format(path)}"
        uploads.add({"curious.yaml": text.encode()})
        if beside:
            uploads.add({"above.yaml": b"caudal: 1\nname: Above\nbased_on: curious.yaml\n"})
        (problem,) = uploads.problems["above.yaml" if beside else "curious.yaml"]
        assert (problem.file, problem.path) == ("curious.yaml", place)
        assert problem.line > 2
        assert "does not lie beside this file: upload it" in problem.message
        assert "password" not in str(problem)
    assert "curious.yaml" not in uploads.loaded


def test_what_ships_and_what_lies_beside_may_be_read(uploads):
    """Shipped scenarios and parts by their names, uploaded files by theirs."""
    text = b"caudal: 1\nname: Mine\nbased_on: baselines/pt_installation\nparts: [tools/crm_small]\n"
    uploads.add({"mine.yaml": text, "times.csv": b"at\n2026-01-05T10:00\n"})
    uploads.add({"replayed.yaml": b"caudal: 1\nname: Replayed\nbased_on: tiny.yaml\n"
                 b"channels: {again: {process: sale, trace: {file: times.csv, column: at}}}\n"})  # fmt: skip
    assert {"mine.yaml", "replayed.yaml"} <= set(uploads.loaded), uploads.problems


@pytest.mark.parametrize("name", ["", "..", "run.sh", "yaml"])
def test_other_files_are_refused(name, uploads):
    """What is neither scenario nor trace is refused with a sentence."""
    with pytest.raises(ScenarioError, match="a scenario or a trace ends in"):
        uploads.add({name: b""})


def test_there_is_room_for_so_many_files_only(uploads):
    """A session cannot fill the disk with files."""
    with pytest.raises(ScenarioError, match="no room"):
        uploads.add({f"trace{i}.csv": b"" for i in range(MOST + 1)})


def test_removing_and_forgetting():
    """A removed file is gone, and the folder goes with the session."""
    uploads = Uploads()
    uploads.add({"a.csv": b""})
    uploads.remove("a.csv")
    assert uploads.names == ()
    folder = uploads.folder
    del uploads
    gc.collect()
    assert not folder.exists()
